//! What a worker answers, and when.

use pki_core::verify::{Signed, VerifyError};
use wasm_bindgen_futures::spawn_local;

use super::message::{Failure, Reply};
use crate::platform::{self, Packet};

/// A reply, and the signatures that have to be right before it is sent.
pub(super) struct Answer {
    pub(super) reply: Packet,
    pub(super) run: u32,
    pub(super) signed: Vec<Signed>,
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
            let doubtful = platform::not_right(signed).await;
            // The library has the last word on what the browser does not call right.
            let reply = match doubtful.iter().try_for_each(Signed::check) {
                Ok(()) => reply,
                Err(error) => failed(run, failure(error)),
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
