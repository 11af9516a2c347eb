//! The archive of a run: its pieces, put together, and the check of what came out.

use std::collections::BTreeMap;

use pki_core::bundle::{self, Bundle, BundleError, Contents, Piece};
use pki_core::issue::Wires;
use pki_core::key::{KnownPairs, Signed};
use pki_core::plan::ItemId;
use pki_core::verify::{self, Share};
use pki_text::en::readme::readme;

use super::answer::failure;
use super::message::{Failure, Reply};
use super::serve::Job;
use crate::platform::{Bytes, Packet};

/// What a worker remembers of an archive between its pieces and its check.
pub(super) struct Writing {
    demo: bool,
    /// The CAs that were brought along, each with its certificate.
    brought: Vec<(ItemId, Vec<u8>)>,
    /// Those of them whose keys are elsewhere.
    outside: Vec<ItemId>,
    known: KnownPairs,
    /// What this worker wrote, unless it went to another.
    pieces: BTreeMap<usize, Piece>,
}

impl Writing {
    /// Writes every piece of this share.
    pub(super) fn begin(
        job: &Job,
        demo: Option<&str>,
        brought: &[usize],
        share: usize,
        shares: usize,
        wires: &Wires,
    ) -> Result<Self, Failure> {
        let find = |id| wires.get(id);
        let brought = || brought.iter().copied().map(ItemId);
        let outside = brought().filter(|id| find(*id).is_some_and(|ca| ca.is_outside())).collect();
        let certificate = |id| Some((id, find(id)?.certificate.clone()?));
        let mut writing = Self {
            demo: demo.is_some(),
            brought: brought().filter_map(certificate).collect(),
            outside,
            known: wires.known_pairs(),
            pieces: BTreeMap::new(),
        };
        let plan = job.plan_without(&writing.outside);
        let contents = Contents::new(&plan, &job.design, job.now, &readme(&plan, job.now, demo));
        for piece in (share..contents.pieces()).step_by(shares.max(1)) {
            writing.pieces.insert(piece, contents.piece(piece, &find).map_err(unwritten)?);
        }
        Ok(writing)
    }

    /// The pieces, for the worker that puts them together.
    pub(super) fn hand_over(&mut self, run: u32) -> Packet {
        let (pieces, bytes) = std::mem::take(&mut self.pieces)
            .into_iter()
            .map(|(index, piece)| (index, piece.to_wire()))
            .unzip();
        Reply::Pieces { run, pieces }.packet(bytes)
    }

    /// Takes those of others.
    pub(super) fn take(&mut self, pieces: &[usize], bytes: &[Bytes]) {
        let read = bytes.iter().map(|bytes| Piece::from_wire(bytes));
        let there = pieces.iter().zip(read).filter_map(|(index, piece)| Some((*index, piece?)));
        self.pieces.extend(there);
    }

    /// The archive of all pieces.
    pub(super) fn end(&mut self, job: &Job) -> Result<Bundle, Failure> {
        let pieces = std::mem::take(&mut self.pieces).into_values().collect();
        bundle::join(&job.plan, pieces, job.now, self.demo).map_err(unwritten)
    }

    /// A share of the check of an archive but for its signatures.
    pub(super) fn check(
        &self,
        job: &Job,
        share: Share,
        archive: &[u8],
    ) -> Result<(verify::Verified, Vec<(String, Signed)>), Failure> {
        let plan = job.plan_without(&self.outside);
        let brought = &self.brought;
        verify::archive_but_signatures(&plan, brought, archive, job.now, share, &self.known)
            .map_err(failure)
    }
}

fn unwritten(error: BundleError) -> Failure {
    Failure::Archive(error.to_string())
}
