//! What the window and the workers of a run say to each other.
//!
//! Keys, certificates and archives travel beside it as bytes.

use serde::{Deserialize, Serialize};

use super::wire::Kind;
use crate::platform::{Bytes, Packet};

/// From the window to a worker. `run` numbers the runs of "Generate PKI", so that what belongs to
/// a cancelled one is not taken for the present one's.
///
/// The browser flows and the bench (tests/browser/bench-keys.mjs) know the first six by their
/// numbers.
#[derive(Serialize, Deserialize)]
pub(crate) enum Request {
    /// Make a key ahead of need. Bytes: its seed.
    KeyAhead { algorithm: String },
    /// Make items. Bytes: for each its seed, 32 of them, and behind it the material of a key made
    /// ahead, if there is one.
    Make { run: u32, items: Vec<usize> },
    /// Rehearse a run, so that code and tables are warm.
    Warm,
    /// Read something of no consequence, for the same reason.
    WarmReader,
    /// Work out the plan of a run. The design is JSON; `now` is in seconds since 1970.
    Plan { run: u32, design: String, now: i64 },
    /// Keep a CA to sign with. Bytes: its material.
    Issuer { run: u32 },
    /// Write a share of the archive, around the CAs that were brought along; the only share there is
    /// goes on to its check. Bytes: the material of each of all items.
    Write {
        run: u32,
        items: Vec<usize>,
        demo: Option<String>,
        brought: Vec<usize>,
        share: usize,
        shares: usize,
    },
    /// Do another share of the check. Bytes: the archive.
    Check { run: u32, share: usize, shares: usize },
    /// Have files of this archive at hand, which another worker wrote. Bytes: it.
    Keep { run: u32 },
    /// Give a file of the archive that this worker wrote.
    File { run: u32, path: String },
    /// Write the requests to CAs outside. Bytes: the material of each item, CAs that were brought and
    /// keys, and a seed.
    Ask { run: u32, items: Vec<usize>, brought: Vec<usize> },
    /// Take certificates for keys that wait. Bytes: the archive of those, and PEM.
    Take { now: i64 },
    /// Look at an archive of keys that wait. Bytes: it.
    Open,
    /// Put the archive together from the pieces of this worker and these, and do the first share of
    /// its check. Bytes: each piece.
    Join { run: u32, pieces: Vec<usize>, shares: usize },
}

/// From a worker to the window. The bench knows the first three by their numbers.
#[derive(Serialize, Deserialize)]
pub(crate) enum Reply {
    /// A rehearsal is over.
    Warmed,
    /// Bytes: the material.
    KeyAhead { algorithm: String },
    /// Bytes: the material of each item, in the order of `items`.
    Made { run: u32, items: Vec<usize> },
    /// The archive is written, and more than one is to check it. Bytes: the archive.
    Written { run: u32 },
    /// A share of the check found nothing, its signatures included.
    Checked { run: u32 },
    /// The first share of the check found nothing. Bytes: the archive, unless it came with
    /// [`Self::Written`].
    Bundle { run: u32, name: String, verified: Verified },
    /// Bytes: the content.
    File { run: u32, path: String },
    /// Keys that wait for certificates. Bytes: the archive to keep, and that of the requests if this
    /// worker wrote them.
    Waiting(Waits),
    /// All certificates are there. Bytes: the material of the CAs and of what they signed.
    Signed { design: String, items: Vec<usize>, outside: Vec<usize> },
    /// The bytes are no archive of keys that wait.
    NotPending { reason: String },
    /// The run cannot go on.
    Failed { run: u32, failure: Failure },
    /// A share of the archive. Bytes: each piece.
    Pieces { run: u32, pieces: Vec<usize> },
}

/// A design whose keys wait for certificates of CAs outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waits {
    /// The cluster's name.
    pub(crate) cluster: String,
    /// The CAs outside.
    pub(crate) authorities: Vec<String>,
    /// How many certificates they are asked for.
    pub(crate) requests: usize,
    /// The items that have none yet.
    pub(crate) missing: Vec<String>,
    /// Why certificates were not taken.
    pub(crate) refused: Vec<String>,
    /// Whether the archive comes from a file, and not from this page.
    pub(crate) opened: bool,
}

/// The counts of `pki_core::verify::Verified`, on their way between workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verified {
    pub(crate) files: usize,
    pub(crate) certificates: usize,
    pub(crate) names: usize,
    pub(crate) key_pairs: usize,
    pub(crate) kubeconfigs: usize,
}

/// Why a run did not reach its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Failure {
    /// The browser gave no randomness.
    Randomness(String),
    /// An item could not be made.
    Item { name: String, reason: String },
    /// The archive could not be written.
    Archive(String),
    /// The archive was written, but is not what was planned.
    Verify { path: String, reason: String },
    /// A worker ended by itself.
    Worker(String),
    /// No worker could be started.
    NoWorker,
    /// A CA that was brought along is not what the design asks for; the text is the whole reason.
    Authority(String),
}

impl Request {
    pub(crate) fn packet(&self, bytes: Vec<Bytes>) -> Packet {
        Kind::Run.pack(self, bytes)
    }
}

impl Reply {
    pub(crate) fn packet(&self, bytes: Vec<Bytes>) -> Packet {
        Kind::Run.pack(self, bytes)
    }
}
