//! Materials as they come from other workers.

use std::cell::OnceCell;

use zeroize::Zeroizing;

use super::Material;
use crate::key::KnownPairs;
use crate::plan::ItemId;

/// The materials of a plan in the form of [`Material::to_wire`], each read when it is first asked
/// for: a worker that writes a share of an archive has no need for most of them.
pub struct Wires(Vec<Option<Wire>>);

struct Wire {
    bytes: Zeroizing<Vec<u8>>,
    material: OnceCell<Option<Material>>,
}

impl Wires {
    /// The items are numbered as in this plan: what was made for another one may say otherwise.
    pub fn new(items: impl IntoIterator<Item = (ItemId, Zeroizing<Vec<u8>>)>) -> Self {
        let mut wires = Vec::new();
        for (ItemId(item), bytes) in items {
            if wires.len() <= item {
                wires.resize_with(item + 1, || None);
            }
            if let Some(place) = wires.get_mut(item) {
                *place = Some(Wire { bytes, material: OnceCell::new() });
            }
        }
        Self(wires)
    }

    /// The material of an item; `None` for none, and for bytes that are none.
    pub fn get(&self, id: ItemId) -> Option<&Material> {
        let wire = self.0.get(id.0)?.as_ref()?;
        let read =
            || Material::from_wire(&wire.bytes).ok().map(|read| Material { item: id, ..read });
        wire.material.get_or_init(read).as_ref()
    }

    /// The key pairs that were known when the materials were written.
    pub fn known_pairs(&self) -> KnownPairs {
        self.0.iter().flatten().filter_map(|wire| Material::pair_on_wire(&wire.bytes)).collect()
    }
}
