//! The check of an archive in shares, for several workers side by side.
//!
//! What takes the time are signatures and private keys, so these are what is shared; the first
//! share also does all the rest.

use crate::plan::{Content, ItemId, Kubeconfig, Make, Plan, PlannedFile};

/// Which part of the check is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    index: usize,
    of: usize,
}

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// One of several, counted from 0; `None` where there is none of this number.
    pub fn new(index: usize, of: usize) -> Option<Self> {
        (index < of).then_some(Self { index, of })
    }

    pub(super) fn is_first(self) -> bool {
        self.index == 0
    }

    /// Whether this share checks the item's signature and its keys. What signs others or has no
    /// certificate is the first one's.
    pub(super) fn takes(self, plan: &Plan, id: ItemId) -> bool {
        let is_leaf = plan.item(id).is_some_and(|item| matches!(item.make, Make::Leaf(_)));
        match self.of {
            _ if !is_leaf => self.is_first(),
            0 | 1 => true,
            // The rest takes the first one about as long as half of this.
            2 => self.is_first() == id.0.is_multiple_of(3),
            others => self.index == 1 + id.0 % (others - 1),
        }
    }

    /// Whether this share needs to know the item's certificate.
    pub(super) fn reads(self, plan: &Plan, id: ItemId) -> bool {
        let is_ca = || matches!(plan.item(id).map(|item| &item.make), Some(Make::Authority(_)));
        self.is_first() || self.takes(plan, id) || is_ca()
    }

    /// Whether this share looks into the file.
    pub(super) fn reads_file(self, plan: &Plan, file: &PlannedFile) -> bool {
        let item = match &file.content {
            Content::Certificate(id) | Content::PrivateKey(id) => *id,
            Content::Kubeconfig(Kubeconfig { client, files: None, .. }) => *client,
            Content::Secret { item, .. } => *item,
            _ => return self.is_first(),
        };
        self.reads(plan, item)
    }
}
