//! The files of a plan: where each goes, who may read it, what is in it.

use super::{Extra, ItemId, SettingsFile};
use crate::design::{Node, Settings};

/// A file of the archive that holds key material or certificates.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Path in the archive, e.g. `hosts/cp1/etc/kubernetes/pki/apiserver.crt`.
    pub path: String,
    /// Mode bits, e.g. `0o600`. Owner and group are root.
    pub mode: u32,
    /// Which machine or person the file is for.
    pub owner: Owner,
    /// What is in it.
    pub content: Content,
}

impl PlannedFile {
    /// The path on the machine itself, e.g. `/etc/kubernetes/pki/apiserver.crt`; `None` for files
    /// that belong on no machine.
    pub fn installed_path(&self) -> Option<&str> {
        let rest = self.path.strip_prefix("hosts/")?;
        let slash = rest.find('/')?;
        rest.get(slash..)
    }
}

/// Whom a file is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The control plane with this index in the settings.
    ControlPlane(usize),
    /// The worker with this index in the settings.
    Worker(usize),
    /// The member of an external etcd with this index in the settings.
    Etcd(usize),
    /// The people who run the cluster.
    Operator,
    /// Whoever keeps the CA keys.
    Vault,
}

impl Owner {
    /// The machine that it is; `None` for people and the vault.
    pub fn node<'s>(&self, settings: &'s Settings) -> Option<&'s Node> {
        match self {
            Self::ControlPlane(index) => settings.control_planes.get(*index),
            Self::Worker(index) => settings.workers.get(*index),
            Self::Etcd(index) => settings.etcd.members.get(*index),
            Self::Operator | Self::Vault => None,
        }
    }
}

/// What a file contains.
#[derive(Clone, Debug)]
pub enum Content {
    /// The certificate of an item, as PEM.
    Certificate(ItemId),
    /// The private key of an item, as PEM in the form that Kubernetes reads.
    PrivateKey(ItemId),
    /// The public key of an item, as PEM.
    PublicKey(ItemId),
    /// A kubeconfig.
    Kubeconfig(Kubeconfig),
    /// The certificates of several CAs, one after the other: whom a component trusts.
    Bundle(Vec<ItemId>),
    /// The line of `--token-auth-file` for a token.
    TokenList(ItemId),
    /// The serial number from which OpenSSL goes on (`openssl x509 -CAserial`).
    Serial(ItemId),
    /// A Secret of Cluster API with the certificate and key of a CA, or with the service-account
    /// key pair.
    Secret {
        /// The item whose key it holds.
        item: ItemId,
        /// The Secret's name.
        name: String,
        /// The name of the cluster that it is for.
        cluster: String,
    },
    /// The certificate-related settings of a component; no secret.
    Settings(SettingsFile),
    /// What others need: key sets, tokens, CAs for other tools, the script.
    Extra(Extra),
}

impl Content {
    /// Whether it holds a private key or another secret.
    pub fn is_secret(&self) -> bool {
        match self {
            Self::PrivateKey(_)
            | Self::Kubeconfig(_)
            | Self::TokenList(_)
            | Self::Secret { .. } => true,
            Self::Extra(extra) => extra.is_secret(),
            _ => false,
        }
    }
}

/// What goes into a kubeconfig.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kubeconfig {
    /// The CA against which the server is verified.
    pub ca: ItemId,
    /// The CAs above it up to its root, for people: their programs may use OpenSSL, which takes no CA
    /// for an anchor that another has signed. kubeadm wants `ca.crt` and nothing else in those on
    /// machines.
    pub above: Vec<ItemId>,
    /// The client certificate and key, or the token.
    pub client: ItemId,
    /// The cluster's name.
    pub cluster: String,
    /// The user's name, which is the certificate's CN.
    pub user: String,
    /// The server's URL.
    pub server: String,
    /// The files that it names on its machine; `None` where everything is embedded.
    pub files: Option<Box<KubeconfigFiles>>,
}

impl Kubeconfig {
    /// The CAs whose certificates are in it, in order.
    pub(crate) fn trusted(&self) -> impl Iterator<Item = ItemId> {
        std::iter::once(self.ca).chain(self.above.iter().copied())
    }
}

/// The files that a kubeconfig names, by their paths on the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KubeconfigFiles {
    /// The CA's certificate.
    pub ca: String,
    /// The client certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}
