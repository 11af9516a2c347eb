//! A design with every field in its own type: what the plan is made from.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use super::{
    Cidr, ClusterName, DnsName, Etcd, HostPort, LayoutName, NodeName, Output, OwnAuthority,
    OwnCertificate, San, SubjectParts,
};
use crate::key::Algorithm;

/// A checked design. Only [`super::Design::check`] makes one, so a plan cannot start from text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The layout.
    pub layout: LayoutName,
    /// The cluster's name.
    pub cluster_name: ClusterName,
    /// The version whose rules apply.
    pub version: KubernetesVersion,
    /// The DNS domain of Services.
    pub dns_domain: DnsName,
    /// One or two ranges; the first is the primary.
    pub service_cidrs: Vec<Cidr>,
    /// The common endpoint of the control planes.
    pub endpoint: Option<HostPort>,
    /// The port of each kube-apiserver.
    pub bind_port: u16,
    /// Control-plane nodes, each with at least one address; none only in the layout of nothing.
    pub control_planes: Vec<Node>,
    /// Worker nodes.
    pub workers: Vec<Node>,
    /// Where etcd runs.
    pub etcd: Etcd,
    /// Extra subject alternative names.
    pub extra_sans: ExtraSans,
    /// The algorithm of every key but `sa.key`.
    pub algorithm: Algorithm,
    /// The algorithm of `sa.key`.
    pub service_account_algorithm: Algorithm,
    /// Lifetime of CAs, in seconds.
    pub ca_validity: i64,
    /// Lifetime of leaves, in seconds; never more than [`Self::ca_validity`].
    pub leaf_validity: i64,
    /// How long before now certificates start, in seconds.
    pub backdate: i64,
    /// Where CA keys go.
    pub ca_keys: CaKeys,
    /// Whether certificates get mode 0600.
    pub hardened: bool,
    /// Whether extendedKeyUsage is critical.
    pub critical_usages: bool,
    /// Whether kubeconfigs on machines name the files of their certificates.
    pub kubeconfig_files: bool,
    /// Whether kube-apiserver refuses requests without a credential.
    pub refuse_anonymous: bool,
    /// What subjects say beside their CN and groups.
    pub subject: SubjectParts,
    /// People who get a kubeconfig of their own.
    pub users: Vec<User>,
    /// What is asked for, each once; all fit the layout.
    pub outputs: Vec<Output>,
    /// CAs that are not as in the layout; no reference of theirs leads nowhere or in a circle.
    pub authorities: Vec<OwnAuthority>,
    /// Certificates beside those of the layout.
    pub certificates: Vec<OwnCertificate>,
}

impl Settings {
    /// How many machines there are: control planes, workers, and members of an external etcd.
    pub fn machines(&self) -> usize {
        self.control_planes.len() + self.workers.len() + self.etcd.members.len()
    }

    /// Whether something is to be made that not every archive has.
    pub fn wants(&self, output: Output) -> bool {
        self.outputs.contains(&output) || output.is_always() && output.fits(self.layout)
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The user's name; also a file's.
    pub name: String,
    /// The user's groups.
    pub groups: Vec<String>,
    /// Lifetime of the certificate, in seconds.
    pub validity: i64,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Its addresses, the advertised one first.
    pub addresses: Vec<IpAddr>,
}

/// Extra subject alternative names per certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExtraSans {
    /// For `apiserver.crt`.
    pub apiserver: Vec<San>,
    /// For `etcd/server.crt`.
    pub etcd_server: Vec<San>,
    /// For `etcd/peer.crt`.
    pub etcd_peer: Vec<San>,
}

/// Where the private keys of the CAs go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaKeys {
    /// Onto every control-plane host, as kubeadm does.
    ControlPlanes,
    /// Only into the `vault/` folder of the archive: kubeadm's external-CA mode.
    Vault,
}

impl CaKeys {
    /// The word for it in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::ControlPlanes => "control-planes",
            Self::Vault => "vault",
        }
    }
}

/// A minor version of Kubernetes 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KubernetesVersion {
    /// 36 for 1.36.
    pub minor: u16,
}

impl KubernetesVersion {
    /// The oldest version whose rules the layouts know.
    pub const OLDEST: Self = Self { minor: 20 };
    /// The newest version whose rules the layouts know.
    pub const NEWEST: Self = Self { minor: 37 };

    /// Kubernetes 1.`minor`.
    pub const fn new(minor: u16) -> Self {
        Self { minor }
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.minor)
    }
}

/// The text is no version of Kubernetes 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl FromStr for KubernetesVersion {
    type Err = NoVersion;

    /// Reads `1.36`, `v1.36` and `v1.36.2`.
    fn from_str(text: &str) -> Result<Self, NoVersion> {
        let text = text.trim();
        let mut parts = text.strip_prefix('v').unwrap_or(text).splitn(3, '.');
        let (Some("1"), Some(minor)) = (parts.next(), parts.next()) else { return Err(NoVersion) };
        if let Some(patch) = parts.next() {
            let digits = patch.split(['-', '+']).next().unwrap_or_default();
            digits.parse::<u32>().map_err(|_| NoVersion)?;
        }
        if !minor.chars().all(|c| c.is_ascii_digit()) {
            return Err(NoVersion);
        }
        minor.parse().map(Self::new).map_err(|_| NoVersion)
    }
}
