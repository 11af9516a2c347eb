//! Which component presents a certificate, and which flags and files expect it.
//!
//! Sources: kubeadm's `certlist.go` and `kubeconfig.go`, and the flag reference of each component.

use serde::{Deserialize, Serialize};

use super::extension::{ExtensionsReport, SanKind};
use crate::decode::oid;

/// A place in a cluster that a certificate is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Role {
    /// The cluster's CA.
    KubernetesCa,
    /// The CA of the aggregation layer.
    FrontProxyCa,
    /// The CA of etcd.
    EtcdCa,
    /// A CA that no name tells.
    OtherCa,
    /// kube-apiserver's serving certificate.
    Apiserver,
    /// kube-apiserver as a client of kubelets.
    ApiserverKubeletClient,
    /// kube-apiserver as a client of extension apiservers.
    FrontProxyClient,
    /// etcd's serving certificate.
    EtcdServer,
    /// etcd among its peers.
    EtcdPeer,
    /// The probe of etcd's health.
    EtcdHealthcheckClient,
    /// kube-apiserver as a client of etcd.
    ApiserverEtcdClient,
    /// The administrator of `admin.conf`.
    Admin,
    /// The administrator of `super-admin.conf`, whom RBAC does not bind.
    SuperAdmin,
    /// kube-controller-manager.
    ControllerManager,
    /// kube-scheduler.
    Scheduler,
    /// kube-proxy.
    KubeProxy,
    /// A kubelet as a client of kube-apiserver.
    KubeletClient,
    /// A kubelet's serving certificate.
    KubeletServing,
    /// Some other user of kube-apiserver.
    User,
    /// Some other server.
    Server,
}

/// A flag, or a field of a configuration file, that takes a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagUse {
    /// The component, e.g. `kube-apiserver`.
    pub component: String,
    /// The flag or field, e.g. `--client-ca-file`.
    pub flag: String,
}

/// A role, and where kubeadm puts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleReport {
    /// The role.
    pub role: Role,
    /// The component that presents it; `None` for CAs, which are presented by nobody.
    pub component: Option<String>,
    /// Paths of the certificate on a kubeadm host.
    pub files: Vec<String>,
    /// The flags that expect it.
    pub flags: Vec<FlagUse>,
}

impl RoleReport {
    fn new(role: Role) -> Self {
        let row = row(role);
        Self {
            role,
            component: row.component.map(str::to_owned),
            files: row.files.iter().map(|file| (*file).to_owned()).collect(),
            flags: row
                .flags
                .iter()
                .map(|(component, flag)| FlagUse {
                    component: (*component).to_owned(),
                    flag: (*flag).to_owned(),
                })
                .collect(),
        }
    }
}

/// What the roles are told by.
pub(super) struct Clues<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) groups: &'a [String],
    /// Common name of the issuer; `None` for a request.
    pub(super) issuer: Option<&'a str>,
    pub(super) extensions: &'a ExtensionsReport,
    /// A request often has no extKeyUsage yet, which then says nothing.
    pub(super) is_ca: bool,
}

/// Every role that the certificate fits, the likeliest first; none for one that neither serves nor
/// names a user.
pub(super) fn roles(clues: &Clues<'_>) -> Vec<RoleReport> {
    let user = clues.user.unwrap_or_default();
    if clues.is_ca {
        let role = match user {
            "kubernetes" | "kubernetes-ca" => Role::KubernetesCa,
            "front-proxy-ca" | "kubernetes-front-proxy-ca" => Role::FrontProxyCa,
            "etcd-ca" => Role::EtcdCa,
            _ => Role::OtherCa,
        };
        return vec![RoleReport::new(role)];
    }
    let server = clues.extensions.allows(oid::SERVER_AUTH);
    let client = clues.extensions.allows(oid::CLIENT_AUTH);
    let dns = |name: &str| {
        clues.extensions.sans.iter().any(|san| san.kind == SanKind::Dns && san.value == name)
    };
    let named = client_role(user, clues.groups);
    let by_etcd = clues.issuer.is_some_and(|issuer| issuer.contains("etcd"));
    let mut roles = Vec::new();
    if server && (user == "kube-apiserver" || dns("kubernetes.default")) {
        roles.push(Role::Apiserver);
    } else if server && named == Some(Role::KubeletClient) && !clues.extensions.sans.is_empty() {
        roles.push(Role::KubeletServing);
    } else if server && by_etcd && named.is_none() {
        roles.push(Role::EtcdServer);
        if client {
            roles.push(Role::EtcdPeer);
        }
    }
    if client && let Some(role) = named {
        // A serving certificate that may also act as a client is first what its names say.
        roles.push(role);
    }
    if roles.is_empty() {
        if client && !user.is_empty() {
            roles.push(Role::User);
        } else if server {
            roles.push(Role::Server);
        }
    }
    roles.into_iter().map(RoleReport::new).collect()
}

fn client_role(user: &str, groups: &[String]) -> Option<Role> {
    Some(match user {
        "kube-apiserver-kubelet-client" => Role::ApiserverKubeletClient,
        "front-proxy-client" => Role::FrontProxyClient,
        "kube-etcd-healthcheck-client" => Role::EtcdHealthcheckClient,
        "kube-apiserver-etcd-client" => Role::ApiserverEtcdClient,
        "kubernetes-admin" => Role::Admin,
        "kubernetes-super-admin" => Role::SuperAdmin,
        "system:kube-controller-manager" => Role::ControllerManager,
        "system:kube-scheduler" => Role::Scheduler,
        "system:kube-proxy" => Role::KubeProxy,
        _ if user.starts_with("system:node:") => Role::KubeletClient,
        _ if groups.iter().any(|group| group == "system:nodes") => Role::KubeletClient,
        _ => return None,
    })
}

struct Row {
    component: Option<&'static str>,
    files: &'static [&'static str],
    flags: &'static [(&'static str, &'static str)],
}

const APISERVER: &str = "kube-apiserver";
const MANAGER: &str = "kube-controller-manager";
const SCHEDULER: &str = "kube-scheduler";

fn row(role: Role) -> Row {
    let (component, files, flags): (_, &[_], &[_]) = match role {
        Role::KubernetesCa => (
            None,
            &["/etc/kubernetes/pki/ca.crt"],
            &[
                (APISERVER, "--client-ca-file"),
                (MANAGER, "--client-ca-file"),
                (MANAGER, "--root-ca-file"),
                (MANAGER, "--cluster-signing-cert-file"),
                ("kubelet", "authentication.x509.clientCAFile"),
                ("kubeconfig", "certificate-authority-data"),
            ],
        ),
        Role::FrontProxyCa => (
            None,
            &["/etc/kubernetes/pki/front-proxy-ca.crt"],
            &[
                (APISERVER, "--requestheader-client-ca-file"),
                (MANAGER, "--requestheader-client-ca-file"),
            ],
        ),
        Role::EtcdCa => (
            None,
            &["/etc/kubernetes/pki/etcd/ca.crt"],
            &[
                ("etcd", "--trusted-ca-file"),
                ("etcd", "--peer-trusted-ca-file"),
                (APISERVER, "--etcd-cafile"),
            ],
        ),
        Role::OtherCa | Role::Server => (None, &[], &[]),
        Role::Apiserver => (
            Some(APISERVER),
            &["/etc/kubernetes/pki/apiserver.crt"],
            &[(APISERVER, "--tls-cert-file")],
        ),
        Role::ApiserverKubeletClient => (
            Some(APISERVER),
            &["/etc/kubernetes/pki/apiserver-kubelet-client.crt"],
            &[(APISERVER, "--kubelet-client-certificate")],
        ),
        Role::FrontProxyClient => (
            Some(APISERVER),
            &["/etc/kubernetes/pki/front-proxy-client.crt"],
            &[
                (APISERVER, "--proxy-client-cert-file"),
                (APISERVER, "--requestheader-allowed-names"),
            ],
        ),
        Role::EtcdServer => {
            (Some("etcd"), &["/etc/kubernetes/pki/etcd/server.crt"], &[("etcd", "--cert-file")])
        }
        Role::EtcdPeer => {
            (Some("etcd"), &["/etc/kubernetes/pki/etcd/peer.crt"], &[("etcd", "--peer-cert-file")])
        }
        Role::EtcdHealthcheckClient => (
            Some("etcdctl"),
            &["/etc/kubernetes/pki/etcd/healthcheck-client.crt"],
            &[("etcdctl", "--cert")],
        ),
        Role::ApiserverEtcdClient => (
            Some(APISERVER),
            &["/etc/kubernetes/pki/apiserver-etcd-client.crt"],
            &[(APISERVER, "--etcd-certfile")],
        ),
        Role::Admin => {
            (Some("kubectl"), &["/etc/kubernetes/admin.conf"], &[("kubectl", "--kubeconfig")])
        }
        Role::SuperAdmin => {
            (Some("kubectl"), &["/etc/kubernetes/super-admin.conf"], &[("kubectl", "--kubeconfig")])
        }
        Role::ControllerManager => (
            Some(MANAGER),
            &["/etc/kubernetes/controller-manager.conf"],
            &[
                (MANAGER, "--kubeconfig"),
                (MANAGER, "--authentication-kubeconfig"),
                (MANAGER, "--authorization-kubeconfig"),
            ],
        ),
        Role::Scheduler => (
            Some(SCHEDULER),
            &["/etc/kubernetes/scheduler.conf"],
            &[
                (SCHEDULER, "--kubeconfig"),
                (SCHEDULER, "--authentication-kubeconfig"),
                (SCHEDULER, "--authorization-kubeconfig"),
            ],
        ),
        // kubeadm's kube-proxy has a ServiceAccount token instead of a certificate.
        Role::KubeProxy => {
            (Some("kube-proxy"), &[], &[("kube-proxy", "clientConnection.kubeconfig")])
        }
        Role::KubeletClient => (
            Some("kubelet"),
            &["/var/lib/kubelet/pki/kubelet-client-current.pem", "/etc/kubernetes/kubelet.conf"],
            &[("kubelet", "--kubeconfig")],
        ),
        Role::KubeletServing => (
            Some("kubelet"),
            &["/var/lib/kubelet/pki/kubelet-server-current.pem"],
            &[("kubelet", "tlsCertFile")],
        ),
        Role::User => (Some("kubectl"), &[], &[("kubectl", "--client-certificate")]),
    };
    Row { component, files, flags }
}
