//! What the user edits: a versioned document that holds exactly what was typed.
//!
//! A [`Design`] keeps text as text, so that nothing typed is ever dropped.
//! [`Design::check`] turns it into [`Settings`] of typed names ("parse, don't validate"), and into
//! [`Finding`]s that say where something is wrong, why, and what would be right.

mod address;
mod check;
mod constrain;
mod document;
mod duration;
mod etcd;
mod finding;
mod fix;
mod kubeadm;
mod layout;
mod link;
mod names;
mod nodes;
mod output;
mod own;
mod pattern;
mod rewire;
mod settings;
mod subject;
mod subtree;
mod template;
mod user;

pub(crate) use address::url_authority;
pub use address::{Cidr, HostPort, San};
pub use document::{DocumentError, MAX_DOCUMENT_BYTES, OtherFile};
pub use duration::{ParseDurationError, format_duration, parse_duration};
pub(crate) use etcd::{CLIENT_PORT, PEER_PORT, member_url};
pub use etcd::{DesignEtcd, Etcd, Topology};
pub use finding::{Finding, Problem, Severity};
pub use fix::Repair;
pub(crate) use kubeadm::EXTERNAL as KUBEADM_EXTERNAL;
pub use layout::LayoutName;
pub use link::LINK_KEY;
pub use names::{ClusterName, DnsName, NameError, NodeName};
pub use output::Output;
pub use own::{DesignAuthority, DesignCertificate, OwnAuthority, OwnCertificate, Place};
pub use pattern::MAX_NODES;
pub use settings::{CaKeys, ExtraSans, KubernetesVersion, Node, Settings, User};
pub use subject::{DesignSubject, SubjectParts};
pub use subtree::{Constraints, Subtree};
pub use template::Template;

use serde::{Deserialize, Serialize};

/// The `apiVersion` of the document.
pub const API_VERSION: &str = "pki-workbench/v1";
/// The `kind` of the document.
pub const KIND: &str = "Design";

/// A cluster's PKI as the user describes it.
///
/// Every field is what was typed; see [`Settings`] for what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Design {
    /// Always [`API_VERSION`].
    pub api_version: String,
    /// Always [`KIND`].
    pub kind: String,
    /// Which CAs there are, what each signs and where files go: a name of [`LayoutName`].
    #[serde(default = "default::layout")]
    pub layout: String,
    /// The cluster's name in kubeconfigs and in the name of the archive.
    #[serde(default = "default::cluster_name")]
    pub cluster_name: String,
    /// The Kubernetes minor version whose rules apply, e.g. `1.36`.
    #[serde(default = "default::kubernetes_version", with = "version")]
    pub kubernetes_version: String,
    /// The DNS domain of Services, e.g. `cluster.local`.
    #[serde(default = "default::dns_domain")]
    pub dns_domain: String,
    /// One CIDR, or two of different families for dual stack; the first is the primary.
    #[serde(default = "default::service_cidrs", rename = "serviceCIDRs")]
    pub service_cidrs: Vec<String>,
    /// `HOST[:PORT]` under which all control planes are reached; empty for the first one's own.
    #[serde(default)]
    pub control_plane_endpoint: String,
    /// The port on which each kube-apiserver listens.
    #[serde(default = "default::bind_port", with = "port")]
    pub bind_port: String,
    /// The control-plane nodes; the first is the one on which `kubeadm init` would run.
    #[serde(default = "default::control_planes")]
    pub control_planes: Vec<DesignNode>,
    /// The worker nodes.
    #[serde(default)]
    pub workers: Vec<DesignNode>,
    /// Where etcd runs.
    #[serde(default, skip_serializing_if = "DesignEtcd::is_default")]
    pub etcd: DesignEtcd,
    /// Names and addresses beyond those that kubeadm's rules give.
    #[serde(default, rename = "extraSANs")]
    pub extra_sans: DesignSans,
    /// Key algorithms.
    #[serde(default)]
    pub keys: DesignKeys,
    /// Lifetimes.
    #[serde(default)]
    pub validity: DesignValidity,
    /// Where the private keys of the CAs go: `control-planes` or `vault`.
    #[serde(default = "default::ca_keys")]
    pub ca_keys: String,
    /// Whether certificates get mode 0600 instead of 0644.
    #[serde(default)]
    pub hardened: bool,
    /// Whether extendedKeyUsage is critical, so that software that does not know it refuses the
    /// certificate (RFC 5280 §4.2.1.12 leaves the choice to the issuer).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical_usages: bool,
    /// Whether kubeconfigs on machines name the files of their certificates instead of holding them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kubeconfig_files: bool,
    /// Whether kube-apiserver refuses requests without a credential (`--anonymous-auth=false`), so
    /// that probes by plain HTTP and the discovery of `kubeadm join` are refused too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuse_anonymous: bool,
    /// What subjects say beside their CN and groups.
    #[serde(default, skip_serializing_if = "DesignSubject::is_empty")]
    pub subject: DesignSubject,
    /// People who get a kubeconfig of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<DesignUser>,
    /// What is asked for beside what every archive has: names of [`Output`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// CAs that are not as in the layout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<DesignAuthority>,
    /// Certificates beside those of the layout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<DesignCertificate>,
}

/// A person as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignUser {
    /// The user's name in Kubernetes: the certificate's CN.
    pub name: String,
    /// The user's groups: the certificate's O.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// How long the certificate lives; empty for as long as the others.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ttl: String,
}

/// A machine as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignNode {
    /// The node's name, which is its lower-case host name; or many of them, as
    /// `worker-[001-250]`.
    pub name: String,
    /// Its addresses; of a control plane the first is the one that it advertises. Of many nodes,
    /// each stands for as many: `10.0.1.[1-250]`, or `10.0.1.1+` and those that follow.
    #[serde(default)]
    pub addresses: Vec<String>,
}

/// Extra subject alternative names as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignSans {
    /// For `apiserver.crt` (kubeadm's `apiServer.certSANs`).
    #[serde(default)]
    pub apiserver: Vec<String>,
    /// For `etcd/server.crt` (kubeadm's `etcd.local.serverCertSANs`).
    #[serde(default)]
    pub etcd_server: Vec<String>,
    /// For `etcd/peer.crt` (kubeadm's `etcd.local.peerCertSANs`).
    #[serde(default)]
    pub etcd_peer: Vec<String>,
}

/// Key algorithms as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignKeys {
    /// For every key but `sa.key`.
    #[serde(default = "default::algorithm")]
    pub algorithm: String,
    /// For `sa.key`: RSA-2048 unless chosen, because consumers of service-account tokens that
    /// only know RS256 break on others (talos#8111, kubernetes#100674).
    #[serde(default = "default::algorithm")]
    pub service_account: String,
}

/// Lifetimes as typed, in the units of [`parse_duration`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignValidity {
    /// Of the CAs: kubeadm's `caCertificateValidityPeriod`.
    #[serde(default = "default::ca_validity")]
    pub ca: String,
    /// Of everything that they sign: kubeadm's `certificateValidityPeriod`.
    #[serde(default = "default::leaf_validity")]
    pub leaf: String,
    /// How far before now certificates start, against clocks that run behind.
    #[serde(default = "default::backdate")]
    pub backdate: String,
}

impl Default for Design {
    /// kubeadm's defaults, for one control plane `cp1` at 10.0.0.10.
    fn default() -> Self {
        Self {
            api_version: API_VERSION.to_owned(),
            kind: KIND.to_owned(),
            layout: default::layout(),
            cluster_name: default::cluster_name(),
            kubernetes_version: default::kubernetes_version(),
            dns_domain: default::dns_domain(),
            service_cidrs: default::service_cidrs(),
            control_plane_endpoint: String::new(),
            bind_port: default::bind_port(),
            control_planes: default::control_planes(),
            workers: Vec::new(),
            etcd: DesignEtcd::default(),
            extra_sans: DesignSans::default(),
            keys: DesignKeys::default(),
            validity: DesignValidity::default(),
            ca_keys: default::ca_keys(),
            hardened: false,
            critical_usages: false,
            kubeconfig_files: false,
            refuse_anonymous: false,
            subject: DesignSubject::default(),
            users: Vec::new(),
            outputs: Vec::new(),
            authorities: Vec::new(),
            certificates: Vec::new(),
        }
    }
}

impl Default for DesignKeys {
    fn default() -> Self {
        Self { algorithm: default::algorithm(), service_account: default::algorithm() }
    }
}

impl Default for DesignValidity {
    fn default() -> Self {
        Self {
            ca: default::ca_validity(),
            leaf: default::leaf_validity(),
            backdate: default::backdate(),
        }
    }
}

/// kubeadm's defaults (k/k `cmd/kubeadm/app/apis/kubeadm/v1beta4/defaults.go`).
mod default {
    use super::DesignNode;

    /// Documents from before there were others have no such field.
    pub(super) fn layout() -> String {
        super::LayoutName::Kubeadm.name().to_owned()
    }

    pub(super) fn cluster_name() -> String {
        "kubernetes".to_owned()
    }

    pub(super) fn kubernetes_version() -> String {
        "1.36".to_owned()
    }

    pub(super) fn dns_domain() -> String {
        "cluster.local".to_owned()
    }

    pub(super) fn service_cidrs() -> Vec<String> {
        vec!["10.96.0.0/12".to_owned()]
    }

    pub(super) fn bind_port() -> String {
        "6443".to_owned()
    }

    pub(super) fn control_planes() -> Vec<DesignNode> {
        vec![DesignNode { name: "cp1".to_owned(), addresses: vec!["10.0.0.10".to_owned()] }]
    }

    pub(super) fn algorithm() -> String {
        "rsa-2048".to_owned()
    }

    pub(super) fn ca_validity() -> String {
        "87600h".to_owned()
    }

    pub(super) fn leaf_validity() -> String {
        "8760h".to_owned()
    }

    pub(super) fn backdate() -> String {
        "5m".to_owned()
    }

    pub(super) fn ca_keys() -> String {
        "control-planes".to_owned()
    }
}

/// A version that people write with or without quotes: asked for as text, so that YAML's `1.30`
/// does not become the number 1.3. JSON wants it quoted.
mod version {
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }
}

/// A port: a number in documents, the text as typed in memory.
mod port {
    use serde::de::{self, Deserializer, Visitor};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        match text.parse::<u16>() {
            Ok(number) => serializer.serialize_u16(number),
            Err(_) => serializer.serialize_str(text),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<String, D::Error> {
        struct Port;
        impl Visitor<'_> for Port {
            type Value = String;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a port number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
                Ok(text.to_owned())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
                Ok(number.to_string())
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
                Ok(number.to_string())
            }
        }
        deserializer.deserialize_any(Port)
    }
}

#[cfg(test)]
mod kubeadm_tests;
#[cfg(test)]
mod tests;
