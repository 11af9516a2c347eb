//! The inside of the worker: one question after the other.

use super::clerk::Question;
use super::message::{Ask, Made};
use super::review::Bench;
use crate::platform::Packet;

/// What the worker remembers between questions.
#[derive(Default)]
pub(crate) struct Desk {
    bench: Bench,
}

impl Desk {
    /// Answers a question; `None` if the packet is none.
    pub(crate) fn answer(&mut self, packet: &Packet) -> Option<Packet> {
        let Question { csr, now } = serde_json::from_str(&packet.head).ok()?;
        let bytes = |index: usize| packet.bytes.get(index).map_or(&[][..], |bytes| bytes);
        let made = match csr {
            Ask::Review(ask) => self.bench.review(&ask, bytes(0), now),
            Ask::Look(index) => self.bench.look(index),
        };
        let Made { told, contents } = made;
        // Texts and numbers always have a JSON form.
        let head = serde_json::to_string(&told).unwrap_or_default();
        Some(Packet { head, bytes: contents })
    }
}
