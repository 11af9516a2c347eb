//! kubeadm's catalog as a table: what it makes, for whom, under which name.
//!
//! Source: k/k `cmd/kubeadm/app/phases/certs/certlist.go` and `…/phases/kubeconfig/kubeconfig.go`,
//! checked against what kubeadm 1.20.2 and 1.36.2 make.

use super::ExtendedKeyUsage;
use super::ExtendedKeyUsage::{ClientAuth, ServerAuth};
use super::sans::SanRule;
use crate::design::{KubernetesVersion, Node, San, Settings};

/// The three CAs of kubeadm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaName {
    /// The cluster's own CA.
    Kubernetes,
    /// The CA that signs the aggregation layer's client certificate.
    FrontProxy,
    /// The CA of etcd.
    Etcd,
}

impl CaName {
    /// Every CA, in the order in which they are made.
    pub const ALL: [Self; 3] = [Self::Kubernetes, Self::FrontProxy, Self::Etcd];

    /// kubeadm's name for it in `kubeadm init phase certs`.
    pub fn kubeadm_name(self) -> &'static str {
        match self {
            Self::Kubernetes => "ca",
            Self::FrontProxy => "front-proxy-ca",
            Self::Etcd => "etcd-ca",
        }
    }

    /// The letter that marks it wherever it appears; its colour is never alone.
    pub fn letter(self) -> char {
        match self {
            Self::Kubernetes => 'K',
            Self::FrontProxy => 'F',
            Self::Etcd => 'E',
        }
    }
}

/// A CA.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthorityRow {
    /// Which one.
    pub name: CaName,
    /// Path below `/etc/kubernetes/pki`, without extension.
    pub file: &'static str,
    /// CN, which is also its only DNS name.
    pub common_name: &'static str,
}

/// The CAs, the signer before what it signs.
pub(super) const AUTHORITIES: &[AuthorityRow] = &[
    AuthorityRow { name: CaName::Kubernetes, file: "ca", common_name: "kubernetes" },
    AuthorityRow {
        name: CaName::FrontProxy,
        file: "front-proxy-ca",
        common_name: "front-proxy-ca",
    },
    AuthorityRow { name: CaName::Etcd, file: "etcd/ca", common_name: "etcd-ca" },
];

/// A certificate that every control plane has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CertificateRow {
    /// kubeadm's name for it in `kubeadm init phase certs`.
    pub name: &'static str,
    /// Path below `/etc/kubernetes/pki`, without extension.
    pub file: &'static str,
    /// The CA that signs it.
    pub issuer: CaName,
    common_name: CommonName,
    organization: Since,
    /// Its extended key usages.
    pub usages: &'static [ExtendedKeyUsage],
    pub(super) sans: SanRule,
}

#[derive(Clone, Debug)]
enum CommonName {
    Fixed(&'static str),
    NodeName,
}

/// An organization by version: each entry holds from its minor version on.
type Since = &'static [(u16, Option<&'static str>)];

const NONE: Since = &[(0, None)];
/// k/k#119859 and k/k#120521, both first in 1.29.
const MASTERS_BEFORE_1_29: Since = &[(0, Some("system:masters")), (29, None)];
/// 1.29: KEP-4214. 1.33: bound by user name instead of group.
const KUBELET_CLIENT: Since =
    &[(0, Some("system:masters")), (29, Some("kubeadm:cluster-admins")), (33, None)];
const ADMIN: Since = &[(0, Some("system:masters")), (29, Some("kubeadm:cluster-admins"))];
const MASTERS: Since = &[(0, Some("system:masters"))];
const NODES: Since = &[(0, Some("system:nodes"))];

fn organizations(since: Since, version: KubernetesVersion) -> Vec<String> {
    since
        .iter()
        .rev()
        .find(|(minor, _)| *minor <= version.minor)
        .and_then(|(_, organization)| *organization)
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// The certificates of a control plane with stacked etcd, in kubeadm's order.
pub(super) const CERTIFICATES: &[CertificateRow] = &[
    CertificateRow {
        name: "apiserver",
        file: "apiserver",
        issuer: CaName::Kubernetes,
        common_name: CommonName::Fixed("kube-apiserver"),
        organization: NONE,
        usages: &[ServerAuth],
        sans: SanRule::Apiserver,
    },
    CertificateRow {
        name: "apiserver-kubelet-client",
        file: "apiserver-kubelet-client",
        issuer: CaName::Kubernetes,
        common_name: CommonName::Fixed("kube-apiserver-kubelet-client"),
        organization: KUBELET_CLIENT,
        usages: &[ClientAuth],
        sans: SanRule::None,
    },
    CertificateRow {
        name: "front-proxy-client",
        file: "front-proxy-client",
        issuer: CaName::FrontProxy,
        common_name: CommonName::Fixed("front-proxy-client"),
        organization: NONE,
        usages: &[ClientAuth],
        sans: SanRule::None,
    },
    CertificateRow {
        name: "etcd-server",
        file: "etcd/server",
        issuer: CaName::Etcd,
        common_name: CommonName::NodeName,
        organization: NONE,
        // Both: etcd's gRPC gateway dials its own server with this certificate (etcd#9785).
        usages: &[ServerAuth, ClientAuth],
        sans: SanRule::EtcdServer,
    },
    CertificateRow {
        name: "etcd-peer",
        file: "etcd/peer",
        issuer: CaName::Etcd,
        common_name: CommonName::NodeName,
        organization: NONE,
        usages: &[ServerAuth, ClientAuth],
        sans: SanRule::EtcdPeer,
    },
    CertificateRow {
        name: "etcd-healthcheck-client",
        file: "etcd/healthcheck-client",
        issuer: CaName::Etcd,
        common_name: CommonName::Fixed("kube-etcd-healthcheck-client"),
        organization: MASTERS_BEFORE_1_29,
        usages: &[ClientAuth],
        sans: SanRule::None,
    },
    CertificateRow {
        name: "apiserver-etcd-client",
        file: "apiserver-etcd-client",
        issuer: CaName::Etcd,
        common_name: CommonName::Fixed("kube-apiserver-etcd-client"),
        organization: MASTERS_BEFORE_1_29,
        usages: &[ClientAuth],
        sans: SanRule::None,
    },
];

impl CertificateRow {
    pub(super) fn common_name(&self, node: &Node) -> String {
        match self.common_name {
            CommonName::Fixed(name) => name.to_owned(),
            CommonName::NodeName => node.name.to_string(),
        }
    }

    pub(super) fn organizations(&self, version: KubernetesVersion) -> Vec<String> {
        organizations(self.organization, version)
    }
}

/// A kubeconfig below `/etc/kubernetes`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KubeconfigRow {
    /// The file's name.
    pub file: &'static str,
    user: User,
    organization: Since,
    server: Server,
    from: KubernetesVersion,
    only_first: bool,
    /// Whether workers have it too.
    pub on_workers: bool,
    /// Whether a copy goes into `operator/`.
    pub for_operators: bool,
}

#[derive(Clone, Debug)]
enum User {
    Fixed(&'static str),
    /// `system:node:<name>`.
    Node,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Server {
    /// The common endpoint of the control planes.
    Endpoint,
    /// The kube-apiserver on the same machine.
    Local,
    /// The common endpoint, and on control planes the local kube-apiserver from this minor
    /// version on (gate ControlPlaneKubeletLocalMode, on by default since 1.33).
    LocalSince(u16),
}

/// The kubeconfigs, in kubeadm's order.
pub(super) const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow {
        file: "admin.conf",
        user: User::Fixed("kubernetes-admin"),
        organization: ADMIN,
        server: Server::Endpoint,
        from: KubernetesVersion::new(0),
        only_first: false,
        on_workers: false,
        for_operators: true,
    },
    // KEP-4214; made by `kubeadm init` only, never by `kubeadm join`.
    KubeconfigRow {
        file: "super-admin.conf",
        user: User::Fixed("kubernetes-super-admin"),
        organization: MASTERS,
        server: Server::Endpoint,
        from: KubernetesVersion::new(29),
        only_first: true,
        on_workers: false,
        for_operators: true,
    },
    KubeconfigRow {
        file: "kubelet.conf",
        user: User::Node,
        organization: NODES,
        server: Server::LocalSince(33),
        from: KubernetesVersion::new(0),
        only_first: false,
        on_workers: true,
        for_operators: false,
    },
    KubeconfigRow {
        file: "controller-manager.conf",
        user: User::Fixed("system:kube-controller-manager"),
        organization: NONE,
        server: Server::Local,
        from: KubernetesVersion::new(0),
        only_first: false,
        on_workers: false,
        for_operators: false,
    },
    KubeconfigRow {
        file: "scheduler.conf",
        user: User::Fixed("system:kube-scheduler"),
        organization: NONE,
        server: Server::Local,
        from: KubernetesVersion::new(0),
        only_first: false,
        on_workers: false,
        for_operators: false,
    },
];

impl KubeconfigRow {
    pub(super) fn is_on_control_plane(&self, index: usize, settings: &Settings) -> bool {
        settings.version >= self.from && (index == 0 || !self.only_first)
    }

    pub(super) fn organizations(&self, version: KubernetesVersion) -> Vec<String> {
        organizations(self.organization, version)
    }

    pub(super) fn user(&self, node: &str) -> String {
        match self.user {
            User::Fixed(name) => name.to_owned(),
            User::Node => format!("system:node:{node}"),
        }
    }

    /// The server's URL for a file on the control plane with this index, or on a worker.
    pub(super) fn server(&self, settings: &Settings, control_plane: Option<usize>) -> String {
        let local = match self.server {
            Server::Endpoint => false,
            Server::Local => true,
            Server::LocalSince(minor) => settings.version.minor >= minor,
        };
        let (host, port) = match (&settings.endpoint, control_plane) {
            (Some(endpoint), None) => endpoint_host(endpoint, settings),
            (Some(endpoint), Some(_)) if !local => endpoint_host(endpoint, settings),
            // Without a common endpoint kubeadm falls back to the machine's own address, and
            // workers go to the first control plane.
            (_, index) => (advertised(settings, index.unwrap_or(0)), settings.bind_port),
        };
        format!("https://{}", crate::design::url_authority(&host, port))
    }
}

fn endpoint_host(endpoint: &crate::design::HostPort, settings: &Settings) -> (San, u16) {
    (endpoint.host.clone(), endpoint.port.unwrap_or(settings.bind_port))
}

fn advertised(settings: &Settings, index: usize) -> San {
    settings
        .control_planes
        .get(index)
        .and_then(|node| node.addresses.first())
        // Checked settings have an address for every control plane.
        .map_or_else(|| San::Dns("localhost".to_owned()), |address| San::Ip(*address))
}

#[cfg(test)]
mod tests {
    use super::{AUTHORITIES, CERTIFICATES, CaName};

    #[test]
    fn every_ca_has_its_row_in_order() {
        let names: Vec<CaName> = AUTHORITIES.iter().map(|row| row.name).collect();
        assert_eq!(names, CaName::ALL);
    }

    #[test]
    fn every_certificate_has_a_usage() {
        assert!(CERTIFICATES.iter().all(|row| !row.usages.is_empty()));
    }
}
