//! One press of "Generate PKI": hands items to workers until all are made, then has the archive
//! written and checked.

use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::Arc;

use pki_core::design::Design;
use pki_core::issue::{DemoEntropy, Entropy};
use pki_core::plan::{Make, Plan};
use time::OffsetDateTime;

use super::message::{Failure, Reply, Request, Verified, Waits};
use super::pool::{self, Event, KeyAhead, Pool};
use super::team::{Input, Team};
use crate::platform::{Bytes, Held};

/// Items that are quickly made go to a worker by the handful: while there are, no fewer than make
/// the way there and back worth while, and no more than a person waits for to see something move.
const BATCH: RangeInclusive<usize> = 6..=24;

/// An archive of fewer items is written and checked before another worker has read them.
const SHARED: usize = 64;

/// What is to be made.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) run: u32,
    pub(crate) design: Arc<Design>,
    pub(crate) plan: Arc<Plan>,
    /// The seed text of a demo run.
    pub(crate) demo: Option<String>,
    pub(crate) now: OffsetDateTime,
    /// CAs that were brought along: item and material.
    pub(crate) brought: Vec<(usize, Rc<Held>)>,
    /// What CAs outside are asked for. Where there is any, only the keys of these are made.
    pub(crate) asked: Vec<usize>,
}

impl Order {
    /// How many items there are to be had before anything is written.
    pub(crate) fn total(&self) -> usize {
        match self.asked.len() {
            0 => self.plan.items.len(),
            asked => asked + self.brought.len(),
        }
    }
}

/// How a run stands after an event.
pub(crate) enum Outcome {
    /// Some items are made.
    Going,
    /// The archive is there and has been checked; the worker keeps its files for looking at.
    Made {
        worker: usize,
        name: String,
        verified: Verified,
        archive: Held,
    },
    /// The keys are there, and wait for certificates.
    Waiting {
        waits: Waits,
        kept: Held,
        sent: Held,
    },
    Failed(Failure),
}

/// A run that goes on.
pub(crate) struct Run {
    pool: Pool,
    order: Order,
    entropy: Option<DemoEntropy>,
    /// What is made, as it came: items, and their material one by one or in a pack.
    kept: Vec<(Vec<usize>, Vec<Held>)>,
    /// Items that can be made now.
    ready: VecDeque<usize>,
    /// Items that need this CA first.
    waiting: BTreeMap<usize, Vec<usize>>,
    /// What each worker is making.
    busy: Vec<Vec<usize>>,
    /// Keys that were made ahead.
    ahead: Vec<KeyAhead>,
    /// The workers that are still making one.
    coming: Vec<usize>,
    done: usize,
    assembling: bool,
    /// Who writes and checks the archive, once all is made.
    team: Option<Team>,
}

impl Run {
    /// Starts it.
    pub(crate) fn start(pool: Pool, order: Order) -> Result<Self, Failure> {
        let workers = pool.len();
        if workers == 0 {
            return Err(Failure::NoWorker);
        }
        let (ahead, coming) = pool.take_ahead();
        let mut run = Self {
            entropy: order.demo.as_ref().map(DemoEntropy::new),
            kept: Vec::new(),
            ready: VecDeque::new(),
            waiting: BTreeMap::new(),
            busy: vec![Vec::new(); workers],
            ahead,
            coming,
            done: 0,
            assembling: false,
            team: None,
            pool,
            order,
        };
        let plan = Request::Plan {
            run: run.order.run,
            design: run.order.design.to_json(),
            now: run.order.now.unix_timestamp(),
        };
        for worker in 0..workers {
            run.pool.send(worker, &plan, Vec::new());
        }
        let there = run.queue();
        let brought = run.order.brought.iter().map(|(item, wire)| (*item, wire.copy()));
        for (item, wire) in there.into_iter().chain(brought.collect::<Vec<_>>()) {
            run.keep(vec![item], vec![wire]);
        }
        run.hand_out()?;
        Ok(run)
    }

    /// Sorts the items into those that can be made at once and those that wait for their CA. Gives
    /// the bare key pairs that were made ahead: there is nothing more to do to them.
    fn queue(&mut self) -> Vec<(usize, Held)> {
        let plan = Arc::clone(&self.order.plan);
        let mut there = Vec::new();
        for (index, item) in plan.items.iter().enumerate() {
            let is_asked = self.order.asked.contains(&index);
            if self.order.brought.iter().any(|(brought, _)| *brought == index)
                || (!self.order.asked.is_empty() && !is_asked)
            {
                continue;
            }
            match (item.issuer(), &item.make) {
                (Some(issuer), _) => self.waiting.entry(issuer.0).or_default().push(index),
                (None, Make::KeyPair) => match self.take_key(index) {
                    Some(wire) => there.push((index, wire)),
                    // `sa.key` may be the slowest of all.
                    None => self.ready.push_front(index),
                },
                (None, _) => self.ready.push_back(index),
            }
        }
        there
    }

    /// Gives work to every idle worker.
    fn hand_out(&mut self) -> Result<(), Failure> {
        for worker in 0..self.busy.len() {
            if self.ready.is_empty() {
                break;
            }
            let is_idle = self.busy.get(worker).is_some_and(Vec::is_empty);
            if is_idle && !self.coming.contains(&worker) {
                let (items, ahead): (Vec<_>, Vec<_>) = self.batch().into_iter().unzip();
                let mut seeds = Vec::with_capacity(items.len());
                for (item, ahead) in items.iter().zip(ahead) {
                    let seed = self.seed(*item)?;
                    // In one piece, so that growing leaves no copy of the key behind.
                    let ahead = ahead.map(|held| held.bytes()).unwrap_or_default();
                    seeds.push(Bytes::new([&seed[..], &ahead[..]].concat()));
                }
                let request = Request::Make { run: self.order.run, items: items.clone() };
                self.pool.send(worker, &request, seeds);
                if let Some(busy) = self.busy.get_mut(worker) {
                    *busy = items;
                }
            }
        }
        Ok(())
    }

    /// The next items for one worker, with the keys that were made for them ahead: a share of what
    /// is ready, so that all end at about one time; RSA keys that are still to be made one by one,
    /// because each takes long and nobody knows how long.
    fn batch(&mut self) -> Vec<(usize, Option<Held>)> {
        let share = self.ready.len() / (self.busy.len() * 2);
        let share = share.clamp(*BATCH.start(), *BATCH.end());
        // The first CAs are few, and everything waits for them.
        let share = share.min(self.ready.len().div_ceil(self.busy.len()));
        let mut items = Vec::with_capacity(share);
        while let Some(&next) = self.ready.front() {
            if items.len() >= share {
                break;
            }
            let key = self.take_key(next);
            let slow = key.is_none()
                && self
                    .order
                    .plan
                    .items
                    .get(next)
                    .is_some_and(|i| i.algorithm.rsa_bits().is_some());
            if slow && !items.is_empty() {
                break;
            }
            self.ready.pop_front();
            items.push((next, key));
            if slow {
                break;
            }
        }
        items
    }

    /// A key made ahead that this item can have.
    fn take_key(&mut self, item: usize) -> Option<Held> {
        let item = self.order.plan.items.get(item)?;
        let takes_key = !matches!(item.make, Make::Token | Make::Secret);
        if !takes_key || self.order.demo.is_some() {
            return None;
        }
        let name = item.algorithm.name();
        let place = self.ahead.iter().position(|(algorithm, _)| *algorithm == name)?;
        Some(self.ahead.swap_remove(place).1)
    }

    fn seed(&mut self, item: usize) -> Result<Bytes, Failure> {
        let name = self.order.plan.items.get(item).map(|item| item.name.as_str());
        let seed = match &mut self.entropy {
            Some(demo) => demo.seed(name.unwrap_or_default()).map_err(|error| error.reason),
            None => pool::random_seed(),
        };
        seed.map(|seed| Bytes::new(seed.to_vec())).map_err(Failure::Randomness)
    }

    /// Takes in what a worker has to say.
    pub(crate) fn on(&mut self, event: Event) -> Outcome {
        match event {
            Event::Ended { reason } => Outcome::Failed(Failure::Worker(reason)),
            Event::Reply { worker, reply, mut held } => match reply {
                Reply::KeyAhead { algorithm } => {
                    self.coming.retain(|maker| *maker != worker);
                    let named = self.order.plan.items.iter().map(|item| item.algorithm.name());
                    if let (Some(name), Some(wire)) =
                        (named.into_iter().find(|name| *name == algorithm), held.pop())
                    {
                        self.ahead.push((name, wire));
                    }
                    self.made(worker, Vec::new(), Vec::new())
                }
                Reply::Made { run, items } if run == self.order.run => {
                    if let Some(busy) = self.busy.get_mut(worker) {
                        busy.clear();
                    }
                    self.made(worker, items, held)
                }
                Reply::Pieces { run, pieces } if run == self.order.run => {
                    self.with_team(|team| team.written(pieces, held))
                }
                Reply::Written { run } if run == self.order.run => {
                    self.with_team(|team| team.joined(held))
                }
                Reply::Checked { run } if run == self.order.run => self.with_team(Team::checked),
                Reply::Bundle { run, name, verified } if run == self.order.run => {
                    self.with_team(|team| team.ended(worker, name, verified, held))
                }
                Reply::Waiting(waits) => match (held.pop(), held.pop()) {
                    (Some(sent), Some(kept)) => Outcome::Waiting { waits, kept, sent },
                    // To what was asked before this run: that has no requests to send.
                    _ => Outcome::Going,
                },
                Reply::Failed { run, failure } if run == self.order.run => Outcome::Failed(failure),
                // Of a run that is over.
                _ => Outcome::Going,
            },
        }
    }

    fn with_team(&mut self, tell: impl FnOnce(&mut Team) -> Outcome) -> Outcome {
        self.team.as_mut().map_or(Outcome::Going, tell)
    }

    /// Keeps items, and lets those begin that waited for them.
    fn keep(&mut self, items: Vec<usize>, mut held: Vec<Held>) {
        self.done += items.len();
        if items.iter().any(|item| self.waiting.contains_key(item)) {
            held = held.into_iter().flat_map(Held::singles).collect();
            for (item, wire) in items.iter().zip(&held) {
                let Some(leaves) = self.waiting.remove(item) else { continue };
                let issuer = Request::Issuer { run: self.order.run };
                for worker in 0..self.busy.len() {
                    self.pool.pass_on(worker, &issuer, vec![wire.copy()]);
                }
                self.ready.extend(leaves);
            }
        }
        self.kept.push((items, held));
    }

    fn made(&mut self, worker: usize, items: Vec<usize>, held: Vec<Held>) -> Outcome {
        if !items.is_empty() {
            self.keep(items, held);
        }
        if let Err(failure) = self.hand_out() {
            return Outcome::Failed(failure);
        }
        if self.done == self.order.total() && !self.assembling {
            self.assembling = true;
            if let Err(failure) = self.assemble(worker) {
                return Outcome::Failed(failure);
            }
        }
        Outcome::Going
    }

    /// Has written what there is to write, now that everything is made.
    fn assemble(&mut self, worker: usize) -> Result<(), Failure> {
        let run = self.order.run;
        let (items, held): (Vec<_>, Vec<_>) = std::mem::take(&mut self.kept).into_iter().unzip();
        let items = items.concat();
        let mut held: Vec<_> = held.into_iter().flatten().collect();
        let brought: Vec<_> = self.order.brought.iter().map(|(item, _)| *item).collect();
        if !self.order.asked.is_empty() {
            let seed = pool::random_seed().map_err(Failure::Randomness)?;
            held.push(Held::new(&seed[..]));
            self.pool.pass_on(worker, &Request::Ask { run, items, brought }, held);
            return Ok(());
        }
        let mut workers = vec![worker];
        if self.order.plan.items.len() >= SHARED {
            let free = |other: &usize| *other != worker && !self.coming.contains(other);
            workers.extend((0..self.busy.len()).filter(free));
        }
        let input = Input { items, held, brought, demo: self.order.demo.clone() };
        self.team = Some(Team::begin(self.pool.clone(), run, workers, input));
        Ok(())
    }

    /// How many items are made.
    pub(crate) fn done(&self) -> usize {
        self.done
    }

    /// How many items there are.
    pub(crate) fn total(&self) -> usize {
        self.order.total()
    }

    /// Whether all is made, and the archive is being written.
    pub(crate) fn is_assembling(&self) -> bool {
        self.assembling
    }

    /// The names of what is being made, first those of the first worker.
    pub(crate) fn making(&self) -> Vec<String> {
        let items = self.busy.iter().filter_map(|items| items.first());
        items
            .filter_map(|item| self.order.plan.items.get(*item))
            .map(|item| item.name.clone())
            .collect()
    }
}
