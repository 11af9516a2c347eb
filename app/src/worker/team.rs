//! The end of a run: the workers that write the archive and check it, each its share.

use super::message::{Failure, Request, Verified};
use super::pool::Pool;
use super::run::Outcome;
use crate::platform::Held;

/// What the archive is made of.
pub(super) struct Input {
    /// The items, and the material of them all in their order: one by one, or several in a pack.
    pub(super) items: Vec<usize>,
    pub(super) held: Vec<Held>,
    /// The items that are CAs brought along.
    pub(super) brought: Vec<usize>,
    /// The seed text of a demo run.
    pub(super) demo: Option<String>,
}

/// The workers, and what they have come to.
pub(super) struct Team {
    pool: Pool,
    run: u32,
    /// The first of them puts the archive together.
    workers: Vec<usize>,
    /// How many of the others have not answered.
    waited_for: usize,
    /// The pieces that the others have written.
    pieces: Vec<(usize, Held)>,
    /// The archive, when it is written before it is checked.
    archive: Option<Held>,
    /// The same when the one that wrote it is done.
    bundle: Option<Outcome>,
}

impl Team {
    /// Has them write.
    pub(super) fn begin(pool: Pool, run: u32, workers: Vec<usize>, input: Input) -> Self {
        let shares = workers.len();
        let Input { items, mut held, brought, demo } = input;
        // The first one last: what it gets is no copy.
        for (share, worker) in workers.iter().enumerate().rev() {
            let (items, demo, brought) = (items.clone(), demo.clone(), brought.clone());
            let given = match share {
                0 => std::mem::take(&mut held),
                _ => held.iter().map(Held::copy).collect(),
            };
            let request = Request::Write { run, items, demo, brought, share, shares };
            pool.pass_on(*worker, &request, given);
        }
        let (pieces, waited_for) = (Vec::new(), shares.saturating_sub(1));
        Self { pool, run, workers, waited_for, pieces, archive: None, bundle: None }
    }

    /// One has written its share. When all have, they are put together.
    pub(super) fn written(&mut self, pieces: Vec<usize>, held: Vec<Held>) -> Outcome {
        self.pieces.extend(pieces.into_iter().zip(held.into_iter().flat_map(Held::singles)));
        self.waited_for = self.waited_for.saturating_sub(1);
        if let (0, Some(first)) = (self.waited_for, self.workers.first()) {
            let (pieces, held) = std::mem::take(&mut self.pieces).into_iter().unzip();
            let request = Request::Join { run: self.run, pieces, shares: self.workers.len() };
            self.pool.pass_on(*first, &request, held);
        }
        Outcome::Going
    }

    /// The archive is there, and the first one is at its share of the check.
    pub(super) fn joined(&mut self, held: Vec<Held>) -> Outcome {
        let (run, shares) = (self.run, self.workers.len());
        for (share, worker) in self.workers.iter().enumerate().skip(1) {
            let request = Request::Check { run, share, shares };
            self.pool.pass_on(*worker, &request, held.iter().map(Held::copy).collect());
        }
        self.archive = held.into_iter().next();
        self.waited_for = shares.saturating_sub(1);
        Outcome::Going
    }

    /// Another is done with its share.
    pub(super) fn checked(&mut self) -> Outcome {
        self.waited_for = self.waited_for.saturating_sub(1);
        self.outcome()
    }

    /// The first one is. The archive comes now, unless it was there before.
    pub(super) fn ended(
        &mut self,
        worker: usize,
        name: String,
        verified: Verified,
        held: Vec<Held>,
    ) -> Outcome {
        let Some(archive) = held.into_iter().next().or_else(|| self.archive.take()) else {
            // A worker that says it has an archive gives one along.
            return Outcome::Failed(Failure::Worker("the archive is missing".to_owned()));
        };
        self.bundle = Some(Outcome::Made { worker, name, verified, archive });
        self.outcome()
    }

    /// The archive, when nobody is checking it any more.
    fn outcome(&mut self) -> Outcome {
        match self.waited_for {
            0 => self.bundle.take().unwrap_or(Outcome::Going),
            _ => Outcome::Going,
        }
    }
}
