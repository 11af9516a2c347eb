//! A layout's table, applied to one machine after the other.

use super::layout::{self, Credential, FileContent, KubeconfigRow, Layout, When};
use super::{
    Authority, Content, ExtendedKeyUsage, Extra, Item, ItemId, Kubeconfig, KubeconfigFiles, Leaf,
    Make, Owner, PlannedFile, Subject, address, settings,
};
use crate::design::Settings;
use crate::order;

pub(super) struct Maker<'s> {
    pub(super) settings: &'s Settings,
    pub(super) layout: &'s Layout,
    pub(super) made: Made,
}

/// What there is so far.
pub(super) struct Made {
    pub(super) items: Vec<Item>,
    pub(super) files: Vec<PlannedFile>,
    /// What the components of the machines are told; it stands before all others.
    pub(super) flags: Vec<PlannedFile>,
    /// The key pair that signs service-account tokens, if there is one.
    service_account: ItemId,
    /// The bootstrap token, if there is one.
    pub(super) token: ItemId,
    /// The key that encrypts Secrets, if there is one.
    pub(super) encryption: ItemId,
}

impl Default for Made {
    fn default() -> Self {
        let none = ItemId(usize::MAX);
        let (items, files, flags) = (Vec::new(), Vec::new(), Vec::new());
        Self { items, files, flags, service_account: none, token: none, encryption: none }
    }
}

/// Mode of private keys and of everything that contains one.
pub(super) const SECRET: u32 = 0o600;

/// Each machine's files by themselves: then there is little left to do for all of them.
fn sort(files: Option<&mut [PlannedFile]>) {
    order::sort_by(files.unwrap_or_default(), |a, b| a.path.cmp(&b.path));
}

impl Maker<'_> {
    pub(super) fn add(&mut self, item: Item) -> ItemId {
        self.made.items.push(item);
        ItemId(self.made.items.len() - 1)
    }

    pub(super) fn file(&mut self, owner: &Owner, path: String, mode: u32, content: Content) {
        self.made.files.push(PlannedFile { path, mode, owner: owner.clone(), content });
    }

    pub(super) fn certificate_mode(&self) -> u32 {
        if self.settings.hardened { SECRET } else { 0o644 }
    }

    /// The CAs are the first items, in the order of the table.
    pub(super) fn authorities(&mut self) {
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

    pub(super) fn authority_id(&self, name: &str) -> ItemId {
        // Every name in a table is one of its CAs: a test of the layouts holds it.
        ItemId(self.layout.authority(name).map_or(0, |(index, _)| index))
    }

    pub(super) fn service_account_id(&self) -> ItemId {
        self.made.service_account
    }

    /// One pair for the whole cluster, where the layout has one.
    pub(super) fn service_account(&mut self) {
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
        self.made.service_account = self.add(Item {
            name: "sa".to_owned(),
            algorithm: self.settings.service_account_algorithm,
            make: Make::KeyPair,
        });
    }

    pub(super) fn token_id(&self) -> ItemId {
        self.made.token
    }

    /// One token for the nodes that have no certificate yet, where the layout has one.
    pub(super) fn token(&mut self) {
        let rows = &self.layout.files;
        if rows.iter().any(|row| row.content == FileContent::TokenList) {
            let algorithm = self.settings.algorithm;
            let name = "bootstrap-token".to_owned();
            self.made.token = self.add(Item { name, algorithm, make: Make::Token });
        }
    }

    pub(super) fn machine(&mut self, owner: Owner) {
        let Some(node) = owner.node(self.settings) else { return };
        let folder = format!("hosts/{}", node.name);
        let first = self.made.files.len();
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
        sort(self.made.files.get_mut(first..));
        let (mode, first) = (self.certificate_mode(), self.made.flags.len());
        for file in settings::files(layout, settings, &owner) {
            let path = ["flags/", node.name.as_str(), "/", &file.path()].concat();
            let content = Content::Settings(file);
            self.made.flags.push(PlannedFile { path, mode, owner: owner.clone(), content });
        }
        sort(self.made.flags.get_mut(first..));
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
            FileContent::Encryption => {
                (SECRET, Content::Extra(Extra::Encryption(self.made.encryption)))
            }
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
    pub(super) fn operator(&mut self) {
        let Some(first) = self.settings.control_planes.first() else { return };
        let folder = format!("hosts/{}", first.name);
        let layout = self.layout;
        let copies: Vec<PlannedFile> = layout
            .kubeconfigs
            .iter()
            .filter(|row| row.operator_copy)
            .filter_map(|row| {
                let path = format!("{folder}{}", row.path);
                let original = self.made.files.iter().find(|file| file.path == path)?;
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
        self.made.files.extend(copies);
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
    pub(super) fn vault(&mut self) {
        for (index, row) in self.layout.authorities.iter().enumerate() {
            let id = ItemId(index);
            let is_kept = self.made.files.iter().any(|file| match &file.content {
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
