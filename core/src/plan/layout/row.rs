//! The rows that a layout's table is made of, and the few rules that they name.

use std::borrow::Cow;

use super::super::ExtendedKeyUsage;
use super::super::sans::SanRule;
use crate::design::{CaKeys, KubernetesVersion, Output, Settings};
use crate::plan::Owner;

/// A CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthorityRow {
    /// Its name in the plan, by which other rows refer to it.
    pub name: &'static str,
    /// The letter that marks it wherever it appears; its colour is never alone.
    /// Over all layouts a letter stands for one purpose.
    pub letter: char,
    /// CN, which is also its only DNS name.
    pub common_name: &'static str,
    /// Path below `vault/pki`, without extension, for when its key is on no host.
    pub vault: &'static str,
}

/// Which machines a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Every control plane.
    ControlPlanes,
    /// The control plane on which the cluster starts.
    FirstControlPlane,
    /// Every worker.
    Workers,
    /// Every control plane and worker.
    Nodes,
    /// Where etcd runs: the control planes, or machines of its own.
    Etcd,
    /// The first of them.
    FirstEtcd,
    /// The people who run the cluster.
    Operator,
}

impl On {
    /// Whether a machine is one of them.
    pub fn holds(self, owner: &Owner, settings: &Settings) -> bool {
        match self {
            Self::ControlPlanes => matches!(owner, Owner::ControlPlane(_)),
            Self::Etcd if settings.etcd.is_external() => matches!(owner, Owner::Etcd(_)),
            Self::Etcd => matches!(owner, Owner::ControlPlane(_)),
            Self::FirstEtcd => *owner == Owner::Etcd(0),
            Self::FirstControlPlane => *owner == Owner::ControlPlane(0),
            Self::Workers => matches!(owner, Owner::Worker(_)),
            Self::Nodes => matches!(owner, Owner::ControlPlane(_) | Owner::Worker(_)),
            Self::Operator => *owner == Owner::Operator,
        }
    }
}

/// On what a row depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// It is always there.
    Always,
    /// From this minor version on.
    Since(u16),
    /// Before this minor version.
    Before(u16),
    /// Where the keys of CAs that sign at run time are on the control planes.
    CaKeysOnHosts,
    /// Where they are in the vault.
    CaKeysInVault,
    /// Where it is asked for.
    Wants(Output),
    /// Where etcd runs on machines of its own.
    ExternalEtcd,
    /// Where it runs on the control planes, and the keys of CAs too.
    StackedCaKeys,
    /// Where etcd's certificates are a server's or a client's, never both: etcd before 3.5, which
    /// came with Kubernetes 1.22, has no flags for a client certificate of its own, and dials itself
    /// with its server certificate (etcd#9785).
    SplitEtcd,
    /// Where they are both.
    WholeEtcd,
    /// Where kube-apiserver answers nobody without a credential.
    AnonymousRefused,
}

impl When {
    /// Whether a design has the row.
    pub fn holds(self, settings: &Settings) -> bool {
        match self {
            Self::Always => true,
            Self::Since(minor) => settings.version.minor >= minor,
            Self::Before(minor) => settings.version.minor < minor,
            Self::CaKeysOnHosts => settings.ca_keys == CaKeys::ControlPlanes,
            Self::CaKeysInVault => settings.ca_keys == CaKeys::Vault,
            Self::Wants(output) => settings.wants(output),
            Self::ExternalEtcd => settings.etcd.is_external(),
            Self::StackedCaKeys => {
                !settings.etcd.is_external() && Self::CaKeysOnHosts.holds(settings)
            }
            Self::SplitEtcd => settings.version.minor >= 22 && !settings.etcd.both_usages,
            Self::WholeEtcd => !Self::SplitEtcd.holds(settings),
            Self::AnonymousRefused => settings.refuse_anonymous,
        }
    }
}

/// An organization by version: each entry holds from its minor version on.
pub type Since = &'static [(u16, Option<&'static str>)];

/// The organizations of a version.
pub(crate) fn organizations(since: Since, version: KubernetesVersion) -> Vec<String> {
    since
        .iter()
        .rev()
        .find(|(minor, _)| *minor <= version.minor)
        .and_then(|(_, organization)| *organization)
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// A common name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommonName {
    /// The same on every machine.
    Fixed(&'static str),
    /// The machine's name.
    NodeName,
    /// `system:node:<name>`.
    NodeUser,
}

impl CommonName {
    /// The name on a machine.
    pub(crate) fn of(self, node: &str) -> String {
        match self {
            Self::Fixed(name) => name.to_owned(),
            Self::NodeName => node.to_owned(),
            Self::NodeUser => format!("system:node:{node}"),
        }
    }
}

/// A certificate and its key on disk, another one on every machine.
#[derive(Clone, Copy, Debug)]
pub struct CertificateRow {
    /// Its name in the plan, behind the machine's.
    pub name: &'static str,
    /// Path on the machine, without extension.
    pub path: &'static str,
    /// The CA that signs it.
    pub issuer: &'static str,
    /// CN.
    pub common_name: CommonName,
    /// O.
    pub organization: Since,
    /// Its extended key usages.
    pub usages: &'static [ExtendedKeyUsage],
    /// Its subject alternative names.
    pub sans: SanRule,
    /// Where it is.
    pub on: On,
    /// When it is there.
    pub when: When,
}

impl CertificateRow {
    /// A certificate without O, which is always there.
    pub const fn new(
        name: &'static str,
        path: &'static str,
        issuer: &'static str,
        common_name: CommonName,
        usages: &'static [ExtendedKeyUsage],
        sans: SanRule,
        on: On,
    ) -> Self {
        let organization = NO_ORGANIZATION;
        let when = When::Always;
        Self { name, path, issuer, common_name, organization, usages, sans, on, when }
    }

    /// The same under a condition.
    pub const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }
}

/// No O at any version.
pub const NO_ORGANIZATION: Since = &[(0, None)];

/// Who a kubeconfig makes its holder.
#[derive(Clone, Copy, Debug)]
pub enum Credential {
    /// The bootstrap token.
    Token,
    /// A client certificate.
    Certificate {
        /// The CA that signs it.
        issuer: &'static str,
        /// O.
        organization: Since,
    },
}

/// Which kube-apiserver a kubeconfig names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The common endpoint of the control planes.
    Endpoint,
    /// The kube-apiserver on the same machine.
    Local,
    /// The common endpoint, and on control planes the local kube-apiserver from this minor
    /// version on (gate ControlPlaneKubeletLocalMode, on by default since 1.33).
    LocalSince(u16),
}

/// A kubeconfig.
#[derive(Clone, Copy, Debug)]
pub struct KubeconfigRow {
    /// Its name in the plan, behind the machine's.
    pub name: &'static str,
    /// Path on the machine; below `operator/` for people.
    pub path: &'static str,
    /// The CA against which the server is verified.
    pub ca: &'static str,
    /// The user's name.
    pub user: CommonName,
    /// How it proves who it is.
    pub credential: Credential,
    /// Whom it talks to.
    pub server: Server,
    /// Where it is.
    pub on: On,
    /// When it is there.
    pub when: When,
    /// Whether the people have a copy of the first machine's.
    pub operator_copy: bool,
}

impl KubeconfigRow {
    /// A kubeconfig that is always there, and that the people have no copy of.
    pub const fn new(
        name: &'static str,
        path: &'static str,
        ca: &'static str,
        user: CommonName,
        credential: Credential,
        server: Server,
        on: On,
    ) -> Self {
        let when = When::Always;
        Self { name, path, ca, user, credential, server, on, when, operator_copy: false }
    }

    /// The same with a copy for the people.
    pub const fn copied(mut self) -> Self {
        self.operator_copy = true;
        self
    }
}

impl FileRow {
    /// A file that is always there.
    pub const fn new(path: &'static str, content: FileContent, on: On) -> Self {
        Self { path, content, on, when: When::Always }
    }

    /// The same under a condition.
    pub const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }
}

/// A file beside certificates and kubeconfigs.
#[derive(Clone, Copy, Debug)]
pub struct FileRow {
    /// Path on the machine.
    pub path: &'static str,
    /// What is in it.
    pub content: FileContent,
    /// Where it is.
    pub on: On,
    /// When it is there.
    pub when: When,
}

/// What such a file contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileContent {
    /// The certificate of a CA.
    Authority(&'static str),
    /// The key of a CA.
    AuthorityKey(&'static str),
    /// The key that signs service-account tokens.
    ServiceAccountKey,
    /// Its public half.
    ServiceAccountPublic,
    /// The certificates of several CAs.
    Bundle(&'static [&'static str]),
    /// The list of static tokens.
    TokenList,
    /// OpenSSL's serial file of a CA.
    Serial(&'static str),
    /// A Secret of Cluster API with a CA, named by the part behind the cluster's name.
    AuthoritySecret(&'static str, &'static str),
    /// The same with the service-account key pair.
    ServiceAccountSecret(&'static str),
    /// The configuration by which kube-apiserver encrypts Secrets.
    Encryption,
}

/// A program that has certificate-related settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Component {
    /// etcd.
    Etcd,
    /// kube-apiserver.
    Apiserver,
    /// kube-controller-manager.
    ControllerManager,
    /// kube-scheduler.
    Scheduler,
    /// kubelet.
    Kubelet,
    /// kube-proxy.
    Proxy,
}

impl Component {
    /// Every component, in the order in which a cluster starts them.
    pub const ALL: [Self; 6] = [
        Self::Etcd,
        Self::Apiserver,
        Self::ControllerManager,
        Self::Scheduler,
        Self::Kubelet,
        Self::Proxy,
    ];

    /// The program's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::Apiserver => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kubelet => "kubelet",
            Self::Proxy => "kube-proxy",
        }
    }
}

/// The settings of a component.
#[derive(Clone, Debug)]
pub struct ComponentRow {
    /// Which one.
    pub component: Component,
    /// Where it runs.
    pub on: On,
    /// Its flags, without the dashes, in alphabetical order.
    pub flags: Cow<'static, [FlagRow]>,
}

/// A flag.
#[derive(Clone, Copy, Debug)]
pub struct FlagRow {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
    /// When it is set.
    pub when: When,
}

/// The value of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A file of the layout on the same machine.
    File(&'static str),
    /// Anything else.
    Text(&'static str),
    /// A file that the component itself makes.
    Own(&'static str),
    /// The issuer of service-account tokens, kubeadm's way.
    ServiceAccountIssuer,
    /// The URLs of an external etcd.
    EtcdEndpoints,
    /// The name of the member of etcd.
    MemberName,
    /// Its URL at a port; for clients also that on the machine itself, where it listens.
    MemberUrl {
        /// The port.
        port: u16,
        /// Whether it listens on the machine itself too.
        loopback: bool,
    },
    /// The names and URLs of all members, for each other.
    Members,
}

impl FlagRow {
    /// A flag that names a file.
    pub const fn file(name: &'static str, path: &'static str) -> Self {
        Self { name, value: Value::File(path), when: When::Always }
    }

    /// A flag that names a file that the component makes.
    pub const fn own(name: &'static str, path: &'static str) -> Self {
        Self { name, value: Value::Own(path), when: When::Always }
    }

    /// The issuer of service-account tokens.
    pub const fn issuer() -> Self {
        let value = Value::ServiceAccountIssuer;
        Self { name: "service-account-issuer", value, when: When::Always }
    }

    /// A flag of an external etcd, which each member sets to something else.
    pub const fn member(name: &'static str, value: Value) -> Self {
        Self { name, value, when: When::ExternalEtcd }
    }

    /// A flag that says something else.
    pub const fn text(name: &'static str, text: &'static str) -> Self {
        Self { name, value: Value::Text(text), when: When::Always }
    }

    /// The same under a condition.
    pub const fn when(self, when: When) -> Self {
        Self { name: self.name, value: self.value, when }
    }
}

/// What a binding's subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A user, by the CN of its certificate.
    User,
    /// A group, by the O of its certificates.
    Group,
}

/// A ClusterRoleBinding.
#[derive(Debug)]
pub struct Binding {
    /// Its name.
    pub name: &'static str,
    /// The ClusterRole.
    pub role: &'static str,
    /// What the subject is.
    pub subject_kind: SubjectKind,
    /// Who gets the role.
    pub subject: &'static str,
    /// When it is needed.
    pub when: When,
}
