//! What a worker answers, and when.

use pki_core::key::Signed;
use pki_core::verify::{VerifyError, VerifyProblem};
use wasm_bindgen_futures::spawn_local;

use super::message::{Failure, Reply};
use crate::platform::{self, Packet};

/// A reply, and the signatures that have to be right before it is sent.
pub(super) struct Answer {
    pub(super) reply: Packet,
    pub(super) run: u32,
    /// Each with the file that it is in.
    pub(super) signed: Vec<(String, Signed)>,
}

impl From<Packet> for Answer {
    fn from(reply: Packet) -> Self {
        Self { reply, run: 0, signed: Vec::new() }
    }
}

impl Answer {
    pub(super) fn send(self) {
        let Self { reply, run, signed } = self;
        if signed.is_empty() {
            return platform::send_reply(reply);
        }
        spawn_local(async move {
            let (paths, signed): (Vec<_>, Vec<_>) = signed.into_iter().unzip();
            let doubtful = platform::not_right(&signed).await;
            // The library has the last word on what the browser does not call right.
            let is_wrong = |place: &usize| signed.get(*place).is_none_or(|s| s.check().is_err());
            let wrong = doubtful.into_iter().find(is_wrong).and_then(|place| paths.get(place));
            let reply = match wrong {
                None => reply,
                Some(path) => failed(
                    run,
                    failure(VerifyError { path: path.clone(), problem: VerifyProblem::Signature }),
                ),
            };
            platform::send_reply(reply);
        });
    }
}

pub(super) fn failure(error: VerifyError) -> Failure {
    Failure::Verify { path: error.path, reason: error.problem.to_string() }
}

pub(super) fn failed(run: u32, failure: Failure) -> Packet {
    Reply::Failed { run, failure }.packet(Vec::new())
}
