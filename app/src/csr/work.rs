//! The inside of the worker: one question after the other.

use chacha20::ChaCha20Rng;
use pki_core::issue::{Entropy, SystemEntropy};
use rand_core::SeedableRng;

use super::clerk::Question;
use super::message::{Ask, Made};
use super::request::Held;
use super::review::Bench;
use super::sign::Kept;
use crate::platform::Packet;
use crate::worker::Kind;

/// What the worker remembers between questions; it ends with the page.
#[derive(Default)]
pub(crate) struct Desk {
    bench: Bench,
    /// The key that was made last, and its request.
    held: Option<Held>,
    /// The CA of the PKI that was generated on this page.
    kept: Option<Kept>,
}

impl Desk {
    /// Answers a question; `None` if the packet is none.
    pub(crate) fn answer(&mut self, packet: &Packet) -> Option<Packet> {
        let Question { ask, now } = Kind::Desk.unpack(packet)?;
        let made = self.work(ask, packet, now).unwrap_or_else(Made::refused);
        let Made { told, contents } = made;
        Some(Kind::Desk.pack(&told, contents))
    }

    fn work(&mut self, ask: Ask, packet: &Packet, now: i64) -> Result<Made, String> {
        let bytes = |index: usize| packet.bytes.get(index).map_or(&[][..], |bytes| bytes);
        let text = |index: usize| std::str::from_utf8(bytes(index)).unwrap_or_default();
        match ask {
            Ask::Review(ask) => Ok(self.bench.review(&ask, bytes(0), now)),
            Ask::Look(index) => Ok(self.bench.look(index)),
            Ask::Make(ask) => super::request::make(&ask, now, &mut self.held),
            Ask::Template => super::request::template(bytes(0)),
            Ask::Park => super::request::park(self.held.as_ref(), text(0)),
            Ask::Attach(ask) => super::attach::attach(
                &ask,
                bytes(0),
                (text(1), text(2)),
                (text(3), text(4)),
                self.held.as_ref(),
                now,
            ),
            Ask::Server => super::attach::server(text(0)),
            Ask::TakeIssuer(certificate, key) => {
                super::sign::take(bytes(0), &certificate, key.as_deref(), &mut self.kept)
            }
            Ask::Sign(ask) => {
                super::sign::sign(&ask, bytes(0), (text(1), text(2)), self.kept.as_ref(), now)
            }
            Ask::Course(ask) => super::course::course(&ask, text(0), now),
        }
    }
}

/// A generator seeded by the browser, or why there is none.
pub(super) fn rng() -> Result<ChaCha20Rng, String> {
    let seed = SystemEntropy(getrandom::fill).seed("csr").map_err(|error| error.reason)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}
