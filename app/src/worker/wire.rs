//! The form of what window and workers say to each other: postcard, which writes values one after
//! the other without their names. Both sides are the same wasm, so both know the order.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::platform::{Bytes, Packet};

/// Whom in a worker a packet is for: the same wasm serves all three, and each kind of worker hears
/// only its own. An answer is of the kind of its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The run of "Generate PKI".
    Run,
    /// What reads.
    Read,
    /// The CSR desk.
    Desk,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Run, Self::Read, Self::Desk];

    /// Puts a packet together. `bytes` travel beside the head, and are not copied into it.
    pub(crate) fn pack(self, head: &impl Serialize, bytes: Vec<Bytes>) -> Packet {
        // The kind's number, and values that postcard can always write.
        let head = postcard::to_extend(head, vec![self as u8]).unwrap_or_default();
        Packet { head, bytes, held: Vec::new() }
    }

    /// Whom the packet is for.
    pub(crate) fn of(packet: &Packet) -> Option<Self> {
        let number = packet.head.first()?;
        Self::ALL.into_iter().find(|kind| *kind as u8 == *number)
    }

    /// Takes the head of a packet of this kind.
    pub(crate) fn unpack<T: DeserializeOwned>(self, packet: &Packet) -> Option<T> {
        let head = packet.head.get(1..).filter(|_| Self::of(packet) == Some(self))?;
        postcard::from_bytes(head).ok()
    }
}
