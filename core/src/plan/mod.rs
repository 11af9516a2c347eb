//! Design to plan: every key, certificate and file that will exist, before any of them does.
//!
//! A layout (`layout/`) is a table of declarations; this module applies it to the machines of a
//! design. A plan knows no time and makes no keys, so the page can show the whole file tree while
//! the user types.

mod address;
pub mod benchmark;
pub mod blast;
mod constraints;
mod extra;
mod files;
pub mod flows;
mod item;
pub mod layout;
mod manifests;
pub mod mend;
mod others;
mod own;
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
pub use settings::{Form, Joining, Reader, Setting, SettingsFile};
pub use uses::Uses;

use std::borrow::Cow;

use crate::design::{Node, Settings};
use crate::order;
use layout::{Credential, FileContent, KubeconfigRow, When};

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
        let none = ItemId(usize::MAX);
        let mut maker = Maker {
            settings: &settings,
            layout: &layout,
            items: Vec::new(),
            files: Vec::new(),
            flags: Vec::new(),
            service_account: none,
            token: none,
            encryption: none,
        };
        maker.authorities();
        maker.service_account();
        maker.token();
        maker.secrets();
        for index in 0..settings.control_planes.len() {
            maker.machine(Owner::ControlPlane(index));
        }
        for index in 0..settings.workers.len() {
            maker.machine(Owner::Worker(index));
        }
        for index in 0..settings.etcd.members.len() {
            maker.machine(Owner::Etcd(index));
        }
        maker.operator();
        maker.vault();
        maker.users();
        maker.own();
        maker.extras();
        let Maker { items, files: mut others, flags: mut files, .. } = maker;
        // Of thousands of machines in the order of their names, this is nearly sorted already.
        files.append(&mut others);
        order::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
        Self { settings, layout, items, files }
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

struct Maker<'s> {
    settings: &'s Settings,
    layout: &'s Layout,
    items: Vec<Item>,
    files: Vec<PlannedFile>,
    /// What the components of the machines are told; it stands before all others.
    flags: Vec<PlannedFile>,
    /// The key pair that signs service-account tokens, if there is one.
    service_account: ItemId,
    /// The bootstrap token, if there is one.
    token: ItemId,
    /// The key that encrypts Secrets, if there is one.
    encryption: ItemId,
}

/// Mode of private keys and of everything that contains one.
const SECRET: u32 = 0o600;

impl Maker<'_> {
    fn add(&mut self, item: Item) -> ItemId {
        self.items.push(item);
        ItemId(self.items.len() - 1)
    }

    fn file(&mut self, owner: &Owner, path: String, mode: u32, content: Content) {
        self.files.push(PlannedFile { path, mode, owner: owner.clone(), content });
    }

    fn certificate_mode(&self) -> u32 {
        if self.settings.hardened { SECRET } else { 0o644 }
    }

    /// The CAs are the first items, in the order of the table.
    fn authorities(&mut self) {
        for row in self.layout.authorities.iter() {
            let above = self.layout.above(row.name);
            let is_above = self.layout.below.iter().any(|(_, name)| *name == row.name);
            let path_length = match (is_above, above) {
                (true, _) => Some(self.layout.depth_below(row.name)),
                (false, Some(_)) => Some(0),
                // kubeadm sets none.
                (false, None) => None,
            };
            let issuer = above.map(|name| self.authority_id(name));
            let validity = self.settings.ca_validity;
            let own = self.settings.authorities.iter().find(|own| own.name == row.name);
            let constraints = own.map(|own| own.constraints.clone()).unwrap_or_default();
            let authority = Authority { row: *row, issuer, path_length, constraints, validity };
            self.add(Item {
                name: row.name.to_owned(),
                algorithm: self.settings.algorithm,
                make: Make::Authority(authority),
            });
        }
    }

    fn authority_id(&self, name: &str) -> ItemId {
        // Every name in a table is one of its CAs: a test of the layouts holds it.
        ItemId(self.layout.authority(name).map_or(0, |(index, _)| index))
    }

    fn service_account_id(&self) -> ItemId {
        self.service_account
    }

    /// One pair for the whole cluster, where the layout has one.
    fn service_account(&mut self) {
        let is_it = |row: &layout::FileRow| {
            matches!(
                row.content,
                FileContent::ServiceAccountKey
                    | FileContent::ServiceAccountPublic
                    | FileContent::ServiceAccountSecret(_)
            )
        };
        if !self.layout.files.iter().any(is_it) {
            return;
        }
        self.service_account = self.add(Item {
            name: "sa".to_owned(),
            algorithm: self.settings.service_account_algorithm,
            make: Make::KeyPair,
        });
    }

    fn token_id(&self) -> ItemId {
        self.token
    }

    /// One token for the nodes that have no certificate yet, where the layout has one.
    fn token(&mut self) {
        let rows = &self.layout.files;
        if rows.iter().any(|row| row.content == FileContent::TokenList) {
            let algorithm = self.settings.algorithm;
            let name = "bootstrap-token".to_owned();
            self.token = self.add(Item { name, algorithm, make: Make::Token });
        }
    }

    fn machine(&mut self, owner: Owner) {
        let Some(node) = owner.node(self.settings) else { return };
        let folder = format!("hosts/{}", node.name);
        let first = self.files.len();
        let (layout, settings) = (self.layout, self.settings);
        let has = |on: layout::On, when: When| on.holds(&owner, settings) && when.holds(settings);
        for row in layout.files.iter().filter(|row| has(row.on, row.when)) {
            let (mode, content) = self.content(row.content);
            self.file(&owner, [&folder, row.path].concat(), mode, content);
        }
        for row in layout.certificates.iter().filter(|row| has(row.on, row.when)) {
            let id = self.add(Item {
                name: [node.name.as_str(), "/", row.name].concat(),
                algorithm: self.settings.algorithm,
                make: Make::Leaf(Leaf {
                    issuer: self.authority_id(row.issuer),
                    subject: Subject {
                        organizations: layout::organizations(
                            row.organization,
                            self.settings.version,
                        ),
                        common_name: row.common_name.of(node.name.as_str()),
                    },
                    usages: row.usages,
                    sans: row.sans.of(self.settings, node),
                    validity: self.settings.leaf_validity,
                }),
            });
            let mode = self.certificate_mode();
            let path = |end| [&folder, row.path, end].concat();
            self.file(&owner, path(".crt"), mode, Content::Certificate(id));
            self.file(&owner, path(".key"), SECRET, Content::PrivateKey(id));
        }
        for row in layout.kubeconfigs.iter().filter(|row| has(row.on, row.when)) {
            let path = [&folder, row.path].concat();
            self.kubeconfig(row, &owner, path, node.name.as_str());
        }
        order::sort_by(self.files.get_mut(first..).unwrap_or_default(), |a, b| a.path.cmp(&b.path));
        let mode = self.certificate_mode();
        for file in settings::files(layout, settings, &owner) {
            let path = ["flags/", node.name.as_str(), "/", &file.path()].concat();
            let content = Content::Settings(file);
            self.flags.push(PlannedFile { path, mode, owner: owner.clone(), content });
        }
    }

    fn content(&self, content: FileContent) -> (u32, Content) {
        let sa = self.service_account_id();
        match content {
            FileContent::Authority(name) => {
                (self.certificate_mode(), Content::Certificate(self.authority_id(name)))
            }
            FileContent::AuthorityKey(name) => {
                (SECRET, Content::PrivateKey(self.authority_id(name)))
            }
            FileContent::ServiceAccountKey => (SECRET, Content::PrivateKey(sa)),
            // kubeadm's mode for it, although it is no secret.
            FileContent::ServiceAccountPublic => (SECRET, Content::PublicKey(sa)),
            FileContent::Bundle(names) => {
                let ids = names.iter().map(|name| self.authority_id(name)).collect();
                (self.certificate_mode(), Content::Bundle(ids))
            }
            FileContent::TokenList => (SECRET, Content::TokenList(self.token_id())),
            FileContent::Serial(name) => {
                (self.certificate_mode(), Content::Serial(self.authority_id(name)))
            }
            FileContent::AuthoritySecret(name, suffix) => {
                (SECRET, self.secret(self.authority_id(name), suffix))
            }
            FileContent::ServiceAccountSecret(suffix) => (SECRET, self.secret(sa, suffix)),
            FileContent::Encryption => (SECRET, Content::Extra(Extra::Encryption(self.encryption))),
        }
    }

    fn secret(&self, item: ItemId, suffix: &str) -> Content {
        let cluster = self.settings.cluster_name.to_string();
        Content::Secret { item, name: format!("{cluster}-{suffix}"), cluster }
    }

    fn kubeconfig(&mut self, row: &KubeconfigRow, owner: &Owner, path: String, node: &str) {
        let user = row.user.of(node);
        let client = match row.credential {
            Credential::Token => self.token_id(),
            Credential::Certificate { issuer, organization } => {
                self.client(row, node, issuer, organization)
            }
        };
        let ca = self.authority_id(row.ca);
        let by_file = self.settings.kubeconfig_files
            && owner.node(self.settings).is_some()
            && !matches!(row.credential, Credential::Token);
        let files = by_file.then(|| Box::new(self.kubeconfig_files(row, owner, &path, ca, client)));
        let content = Content::Kubeconfig(Kubeconfig {
            ca,
            above: if *owner == Owner::Operator { self.above(row.ca) } else { Vec::new() },
            client,
            cluster: self.settings.cluster_name.to_string(),
            user,
            server: address::server(row.server, self.settings, owner),
            files,
        });
        self.file(owner, path, SECRET, content);
    }

    /// The pair beside a kubeconfig, and the CA's certificate where the machine has it already, or
    /// beside it too.
    fn kubeconfig_files(
        &mut self,
        row: &KubeconfigRow,
        owner: &Owner,
        path: &str,
        ca: ItemId,
        client: ItemId,
    ) -> KubeconfigFiles {
        let mode = self.certificate_mode();
        self.file(owner, format!("{path}.crt"), mode, Content::Certificate(client));
        self.file(owner, format!("{path}.key"), SECRET, Content::PrivateKey(client));
        let is_there = |file: &&layout::FileRow| {
            file.content == FileContent::Authority(row.ca)
                && file.on.holds(owner, self.settings)
                && file.when.holds(self.settings)
        };
        let ca = match self.layout.files.iter().find(is_there) {
            Some(file) => file.path.to_owned(),
            None => {
                self.file(owner, format!("{path}.ca.crt"), mode, Content::Certificate(ca));
                format!("{}.ca.crt", row.path)
            }
        };
        let (certificate, key) = (format!("{}.crt", row.path), format!("{}.key", row.path));
        KubeconfigFiles { ca, certificate, key }
    }

    fn client(
        &mut self,
        row: &KubeconfigRow,
        node: &str,
        issuer: &str,
        organization: layout::Since,
    ) -> ItemId {
        self.add(Item {
            name: [node, "/", row.name].concat(),
            algorithm: self.settings.algorithm,
            make: Make::Leaf(Leaf {
                issuer: self.authority_id(issuer),
                subject: Subject {
                    organizations: layout::organizations(organization, self.settings.version),
                    common_name: row.user.of(node),
                },
                usages: &[ExtendedKeyUsage::ClientAuth],
                sans: Vec::new(),
                validity: self.settings.leaf_validity,
            }),
        })
    }

    /// What people get: their own kubeconfigs, or copies of the first control plane's, so that
    /// there are no more credentials in the world than kubeadm would make.
    fn operator(&mut self) {
        let Some(first) = self.settings.control_planes.first() else { return };
        let folder = format!("hosts/{}", first.name);
        let layout = self.layout;
        let copies: Vec<PlannedFile> = layout
            .kubeconfigs
            .iter()
            .filter(|row| row.operator_copy)
            .filter_map(|row| {
                let path = format!("{folder}{}", row.path);
                let original = self.files.iter().find(|file| file.path == path)?;
                let path = format!("operator/{}", row.name);
                let mut copy = PlannedFile { path, owner: Owner::Operator, ..original.clone() };
                // People carry one file, and not four.
                if let Content::Kubeconfig(kubeconfig) = &mut copy.content {
                    kubeconfig.files = None;
                    kubeconfig.above = self.above(row.ca);
                }
                Some(copy)
            })
            .collect();
        self.files.extend(copies);
        let for_people =
            |on: layout::On, when: When| on == layout::On::Operator && when.holds(self.settings);
        for row in layout.files.iter().filter(|row| for_people(row.on, row.when)) {
            let (mode, content) = self.content(row.content);
            let path = format!("operator/{}", row.path);
            self.file(&Owner::Operator, path, mode, content);
        }
        for row in layout.kubeconfigs.iter() {
            if for_people(row.on, row.when) {
                let path = format!("operator/{}", row.path);
                self.kubeconfig(row, &Owner::Operator, path, "operator");
            }
        }
    }

    /// The CAs whose key is nowhere else.
    fn vault(&mut self) {
        for (index, row) in self.layout.authorities.iter().enumerate() {
            let id = ItemId(index);
            let is_kept = self.files.iter().any(|file| match &file.content {
                Content::PrivateKey(key) => *key == id,
                Content::Secret { item, .. } => *item == id,
                _ => false,
            });
            if !is_kept {
                let path = format!("vault/pki/{}", row.vault);
                let mode = self.certificate_mode();
                self.file(&Owner::Vault, format!("{path}.crt"), mode, Content::Certificate(id));
                self.file(&Owner::Vault, format!("{path}.key"), SECRET, Content::PrivateKey(id));
            }
        }
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
