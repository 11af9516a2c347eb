//! Design to plan: every key, certificate and file that will exist, before any of them does.
//!
//! A layout (`layout/`) is a table of declarations; `maker.rs` applies it to a machine, and
//! `planning.rs` to all machines of a design, one after the other. A plan knows no time and makes no
//! keys, so the page can show the whole file tree while the user types.

mod address;
pub mod benchmark;
pub mod blast;
mod constraints;
mod extra;
mod files;
pub mod flows;
mod item;
pub mod layout;
mod maker;
mod manifests;
pub mod mend;
mod others;
mod own;
mod planning;
pub mod protection;
pub mod review;
mod sans;
mod settings;
mod uses;

pub use constraints::RefusedName;
pub use extra::Extra;
pub(crate) use extra::services;
pub use files::{Content, Kubeconfig, KubeconfigFiles, Owner, PlannedFile};
pub use item::{Authority, ExtendedKeyUsage, Item, ItemId, Leaf, Make, Subject};
pub use layout::{Component, Layout};
pub use manifests::rbac;
pub(crate) use manifests::{aggregation, group_binding};
pub use planning::Planning;
pub use settings::{Form, Joining, Reader, Setting, SettingsFile};
pub use uses::Uses;

use std::borrow::Cow;

use crate::design::{Node, Settings};
use maker::{Maker, SECRET};

/// Everything that a design leads to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The settings that it was made from.
    pub settings: Settings,
    /// The table that was applied.
    pub layout: Cow<'static, Layout>,
    /// What must be made, each after what signs it.
    pub items: Vec<Item>,
    /// Every file with a key, a certificate or a component's settings in it, sorted by path.
    ///
    /// The bundle adds the design, the manifests, the checksums and the README.
    pub files: Vec<PlannedFile>,
}

impl Plan {
    /// Applies a design's layout to its machines.
    pub fn new(settings: Settings) -> Self {
        let layout = own::layout(&settings);
        Self::with_layout(settings, layout)
    }

    /// Applies a table to a design's machines.
    pub fn with_layout(settings: Settings, layout: Cow<'static, Layout>) -> Self {
        Planning::with_layout(settings, layout).end()
    }

    /// The item with this number.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// The CAs between a certificate that signs nothing and its root: what whoever trusts only the
    /// root must be shown beside it (RFC 8446 §4.4.2), so it stands behind it in its file.
    pub fn intermediates(&self, id: ItemId) -> Vec<ItemId> {
        let is_leaf = |item: &&Item| matches!(item.make, Make::Leaf(_));
        let first = self.item(id).filter(is_leaf).and_then(Item::issuer);
        let issuer_of = |id: &ItemId| self.item(*id).and_then(Item::issuer);
        std::iter::successors(first, issuer_of).filter(|id| issuer_of(id).is_some()).collect()
    }

    /// The file at this path of the archive.
    pub fn file(&self, path: &str) -> Option<&PlannedFile> {
        let index = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(index)
    }

    /// The file that stands at this path of a machine.
    pub fn installed(&self, owner: &Owner, path: &str) -> Option<&PlannedFile> {
        let host = owner.node(&self.settings)?;
        self.file(&format!("hosts/{}{path}", host.name))
    }

    /// The machines that get files: members of an external etcd, control planes, workers.
    pub fn machines(&self) -> impl Iterator<Item = (Owner, &Node)> {
        let members = (0..self.settings.etcd.members.len()).map(Owner::Etcd);
        let planes = (0..self.settings.control_planes.len()).map(Owner::ControlPlane);
        let owners =
            members.chain(planes).chain((0..self.settings.workers.len()).map(Owner::Worker));
        owners.filter_map(|owner| {
            let node = owner.node(&self.settings)?;
            let folder = format!("hosts/{}/", node.name);
            let first = self.files.partition_point(|file| file.path < folder);
            let is_in = self.files.get(first)?.path.starts_with(&folder);
            is_in.then_some((owner, node))
        })
    }

    /// The plan without the private keys of CAs that stay outside.
    #[must_use]
    pub fn without_keys_of(mut self, outside: &[ItemId]) -> Self {
        self.files.retain(|file| match &file.content {
            Content::PrivateKey(id) => !outside.contains(id),
            _ => true,
        });
        self
    }

    /// The CA behind an item: itself, or the one that signs it.
    pub fn authority_of(&self, id: ItemId) -> Option<&Authority> {
        let item = self.item(id)?;
        match &item.make {
            Make::Authority(authority) => Some(authority),
            _ => match &self.item(item.issuer()?)?.make {
                Make::Authority(authority) => Some(authority),
                _ => None,
            },
        }
    }

    /// The name of the archive: `<cluster>-pki.tar.gz`, or `<cluster>-pki-DEMO.tar.gz`.
    pub fn archive_name(&self, demo: bool) -> String {
        let mark = if demo { "-DEMO" } else { "" };
        format!("{}-pki{mark}.tar.gz", self.settings.cluster_name)
    }
}

#[cfg(test)]
mod etcd_tests;
#[cfg(test)]
mod flows_tests;
#[cfg(test)]
mod own_tests;
#[cfg(test)]
mod tests;
