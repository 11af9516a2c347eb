//! What must be made: key pairs, and the certificates over them.

use super::layout::AuthorityRow;
use crate::design::{Constraints, San};
use crate::key::Algorithm;

/// The number of an item in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub usize);

/// One key pair, and what is to be certified about it.
#[derive(Clone, Debug)]
pub struct Item {
    /// A name that is unique in its plan, e.g. `ca`, `sa`, `cp1/etcd-server`, `w1/kubelet.conf`.
    pub name: String,
    /// The algorithm of the key.
    pub algorithm: Algorithm,
    /// What is made over the key.
    pub make: Make,
}

impl Item {
    /// The item that signs this one; `None` for CAs, which sign themselves, and bare key pairs.
    pub fn issuer(&self) -> Option<ItemId> {
        match &self.make {
            Make::Leaf(leaf) => Some(leaf.issuer),
            Make::Authority(authority) => authority.issuer,
            Make::KeyPair | Make::Token | Make::Secret => None,
        }
    }

    /// The lifetime of the certificate in seconds; `None` for what has none.
    pub fn validity(&self) -> Option<i64> {
        match &self.make {
            Make::Authority(authority) => Some(authority.validity),
            Make::Leaf(leaf) => Some(leaf.validity),
            Make::KeyPair | Make::Token | Make::Secret => None,
        }
    }

    /// The subject alternative names of the certificate, in order.
    pub fn sans(&self) -> Vec<San> {
        match &self.make {
            Make::Authority(authority) => authority.sans(),
            Make::Leaf(leaf) => leaf.sans.clone(),
            Make::KeyPair | Make::Token | Make::Secret => Vec::new(),
        }
    }

    /// The subject of the certificate; `None` for bare key pairs.
    pub fn subject(&self) -> Option<Subject> {
        match &self.make {
            Make::Authority(authority) => Some(Subject {
                organizations: Vec::new(),
                common_name: authority.row.common_name.to_owned(),
            }),
            Make::Leaf(leaf) => Some(leaf.subject.clone()),
            Make::KeyPair | Make::Token | Make::Secret => None,
        }
    }
}

/// What is made over a key.
#[derive(Clone, Debug)]
pub enum Make {
    /// Nothing: the service-account key pair.
    KeyPair,
    /// No key at all, but a bootstrap token.
    Token,
    /// No key pair, but 32 random bytes.
    Secret,
    /// A self-signed CA certificate.
    Authority(Authority),
    /// A certificate signed by one of the plan's CAs.
    Leaf(Leaf),
}

/// A CA to be made.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its row in the layout.
    pub row: AuthorityRow,
    /// The CA above it, which is offline; `None` for one that signs itself.
    pub issuer: Option<ItemId>,
    /// How many CAs may stand below it; `None` for as many as anybody likes.
    pub path_length: Option<u8>,
    /// Which names it may sign, by itself or through CAs below it.
    pub constraints: Constraints,
    /// Its lifetime in seconds.
    pub validity: i64,
}

impl Authority {
    /// Its common name, as kubeadm has it; nothing where another CA signs it.
    ///
    /// Verifiers hold every certificate of a chain but its root to the name constraints above it,
    /// and `kubernetes` is below no domain of anybody's.
    pub fn sans(&self) -> Vec<San> {
        match self.issuer {
            Some(_) => Vec::new(),
            None => vec![San::Dns(self.row.common_name.to_owned())],
        }
    }
}

/// A leaf certificate to be made.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The CA that signs it.
    pub issuer: ItemId,
    /// Its subject.
    pub subject: Subject,
    /// Its extended key usages, at least one.
    pub usages: &'static [ExtendedKeyUsage],
    /// Its subject alternative names, in order.
    pub sans: Vec<San>,
    /// Its lifetime in seconds.
    pub validity: i64,
}

impl Leaf {
    /// Its extended key usages as openssl's configuration has them.
    pub(crate) fn openssl_usages(&self, is_critical: bool) -> String {
        let critical = is_critical.then_some("critical");
        let names = self.usages.iter().map(|usage| usage.name());
        critical.into_iter().chain(names).collect::<Vec<_>>().join(",")
    }
}

/// The two attributes of a subject that Kubernetes reads. What else all subjects of a design say is in
/// [`crate::design::SubjectParts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// O: the user's groups.
    pub organizations: Vec<String>,
    /// CN: the user's name.
    pub common_name: String,
}

/// The two extended key usages of Kubernetes certificates (RFC 5280 §4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendedKeyUsage {
    /// id-kp-serverAuth.
    ServerAuth,
    /// id-kp-clientAuth.
    ClientAuth,
}

impl ExtendedKeyUsage {
    /// Its name in RFC 5280, which is openssl's too.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServerAuth => "serverAuth",
            Self::ClientAuth => "clientAuth",
        }
    }
}
