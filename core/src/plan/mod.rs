//! Design to plan: every key, certificate and file that will exist, before any of them does.
//!
//! The catalog (`catalog.rs`) is a table of declarations; this module applies it to the nodes of a
//! design. A plan knows no time and makes no keys, so the page can show the whole file tree while
//! the user types.

mod catalog;
mod files;
mod item;
mod manifests;
mod sans;

pub use catalog::{AuthorityRow, CaName, CertificateRow, KubeconfigRow};
pub use files::{Content, Kubeconfig, Owner, PlannedFile};
pub use item::{Authority, ExtendedKeyUsage, Item, ItemId, Leaf, Make, Subject};
pub use manifests::rbac;

use crate::design::{CaKeys, Settings};
use catalog::{AUTHORITIES, CERTIFICATES, KUBECONFIGS};

/// Everything that a design leads to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The settings that it was made from.
    pub settings: Settings,
    /// What must be made, each after what signs it.
    pub items: Vec<Item>,
    /// Every file with a key or certificate in it, sorted by path.
    ///
    /// The bundle adds the design, the manifests, the checksums and the README.
    pub files: Vec<PlannedFile>,
}

impl Plan {
    /// Applies the catalog to a design.
    pub fn new(settings: Settings) -> Self {
        let mut maker = Maker { settings: &settings, items: Vec::new(), files: Vec::new() };
        maker.authorities();
        maker.service_account();
        for index in 0..settings.control_planes.len() {
            maker.control_plane(index);
        }
        for index in 0..settings.workers.len() {
            maker.worker(index);
        }
        maker.operator();
        let Maker { items, mut files, .. } = maker;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { settings, items, files }
    }

    /// The item with this number.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// The file at this path of the archive.
    pub fn file(&self, path: &str) -> Option<&PlannedFile> {
        let index = self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
        self.files.get(index)
    }

    /// The name of the archive: `<cluster>-pki.tar.gz`, or `<cluster>-pki-DEMO.tar.gz`.
    pub fn archive_name(&self, demo: bool) -> String {
        let mark = if demo { "-DEMO" } else { "" };
        format!("{}-pki{mark}.tar.gz", self.settings.cluster_name)
    }
}

struct Maker<'s> {
    settings: &'s Settings,
    items: Vec<Item>,
    files: Vec<PlannedFile>,
}

/// Mode of private keys and of everything that contains one.
const SECRET: u32 = 0o600;

impl Maker<'_> {
    fn add(&mut self, item: Item) -> ItemId {
        self.items.push(item);
        ItemId(self.items.len() - 1)
    }

    fn file(&mut self, owner: Owner, path: String, mode: u32, content: Content) {
        self.files.push(PlannedFile { path, mode, owner, content });
    }

    fn certificate_mode(&self) -> u32 {
        if self.settings.hardened { SECRET } else { 0o644 }
    }

    /// The CAs are the first items, in the order of [`AUTHORITIES`].
    fn authorities(&mut self) {
        for row in AUTHORITIES {
            let authority = Authority { row, validity: self.settings.ca_validity };
            self.add(Item {
                name: row.name.kubeadm_name().to_owned(),
                algorithm: self.settings.algorithm,
                make: Make::Authority(authority),
            });
            if self.settings.ca_keys == CaKeys::Vault {
                self.authority_files(Owner::Vault, "vault/pki", row, true);
            }
        }
    }

    fn authority_id(name: CaName) -> ItemId {
        // Every `CaName` has its row: a test of the catalog holds it.
        ItemId(AUTHORITIES.iter().position(|row| row.name == name).unwrap_or_default())
    }

    fn service_account_id() -> ItemId {
        ItemId(AUTHORITIES.len())
    }

    fn service_account(&mut self) {
        self.add(Item {
            name: "sa".to_owned(),
            algorithm: self.settings.service_account_algorithm,
            make: Make::KeyPair,
        });
    }

    fn authority_files(&mut self, owner: Owner, folder: &str, row: &AuthorityRow, key: bool) {
        let id = Self::authority_id(row.name);
        let file = row.file;
        let mode = self.certificate_mode();
        let content = Content::Certificate(id);
        self.file(owner.clone(), format!("{folder}/{file}.crt"), mode, content);
        if key {
            self.file(owner, format!("{folder}/{file}.key"), SECRET, Content::PrivateKey(id));
        }
    }

    fn control_plane(&mut self, index: usize) {
        let Some(node) = self.settings.control_planes.get(index) else { return };
        let owner = Owner::ControlPlane(index);
        let folder = format!("hosts/{}/etc/kubernetes", node.name);
        let pki = format!("{folder}/pki");
        let with_ca_keys = self.settings.ca_keys == CaKeys::ControlPlanes;
        for row in AUTHORITIES {
            self.authority_files(owner.clone(), &pki, row, with_ca_keys);
        }
        let sa = Self::service_account_id();
        self.file(owner.clone(), format!("{pki}/sa.key"), SECRET, Content::PrivateKey(sa));
        self.file(owner.clone(), format!("{pki}/sa.pub"), SECRET, Content::PublicKey(sa));
        for row in CERTIFICATES {
            let id = self.add(Item {
                name: format!("{}/{}", node.name, row.name),
                algorithm: self.settings.algorithm,
                make: Make::Leaf(Leaf {
                    issuer: Self::authority_id(row.issuer),
                    subject: Subject {
                        organizations: row.organizations(self.settings.version),
                        common_name: row.common_name(node),
                    },
                    usages: row.usages,
                    sans: row.sans.of(self.settings, node),
                    validity: self.settings.leaf_validity,
                }),
            });
            let mode = self.certificate_mode();
            let file = row.file;
            self.file(owner.clone(), format!("{pki}/{file}.crt"), mode, Content::Certificate(id));
            self.file(owner.clone(), format!("{pki}/{file}.key"), SECRET, Content::PrivateKey(id));
        }
        for row in KUBECONFIGS.iter().filter(|row| row.is_on_control_plane(index, self.settings)) {
            self.kubeconfig(row, owner.clone(), &folder, &node.name.to_string(), Some(index));
        }
    }

    fn worker(&mut self, index: usize) {
        let Some(node) = self.settings.workers.get(index) else { return };
        let owner = Owner::Worker(index);
        let folder = format!("hosts/{}/etc/kubernetes", node.name);
        for row in AUTHORITIES.iter().filter(|row| row.name == CaName::Kubernetes) {
            self.authority_files(owner.clone(), &format!("{folder}/pki"), row, false);
        }
        for row in KUBECONFIGS.iter().filter(|row| row.on_workers) {
            self.kubeconfig(row, owner.clone(), &folder, &node.name.to_string(), None);
        }
    }

    fn kubeconfig(
        &mut self,
        row: &'static KubeconfigRow,
        owner: Owner,
        folder: &str,
        node: &str,
        control_plane: Option<usize>,
    ) {
        let subject = Subject {
            organizations: row.organizations(self.settings.version),
            common_name: row.user(node),
        };
        let user = subject.common_name.clone();
        let ca = Self::authority_id(CaName::Kubernetes);
        let id = self.add(Item {
            name: format!("{node}/{}", row.file),
            algorithm: self.settings.algorithm,
            make: Make::Leaf(Leaf {
                issuer: ca,
                subject,
                usages: &[ExtendedKeyUsage::ClientAuth],
                sans: Vec::new(),
                validity: self.settings.leaf_validity,
            }),
        });
        let server = row.server(self.settings, control_plane);
        let cluster = self.settings.cluster_name.to_string();
        let content = Content::Kubeconfig(Kubeconfig { ca, client: id, cluster, user, server });
        self.file(owner, format!("{folder}/{}", row.file), SECRET, content);
    }

    /// The people's copies of the first control plane's admin kubeconfigs: the same credentials,
    /// so that there are no more of them in the world than kubeadm would make.
    fn operator(&mut self) {
        let Some(first) = self.settings.control_planes.first() else { return };
        let folder = format!("hosts/{}/etc/kubernetes/", first.name);
        let copies: Vec<PlannedFile> = KUBECONFIGS
            .iter()
            .filter(|row| row.for_operators)
            .filter_map(|row| {
                let path = format!("{folder}{}", row.file);
                let original = self.files.iter().find(|file| file.path == path)?;
                let path = format!("operator/{}", row.file);
                Some(PlannedFile { path, owner: Owner::Operator, ..original.clone() })
            })
            .collect();
        self.files.extend(copies);
    }
}

#[cfg(test)]
mod tests;
