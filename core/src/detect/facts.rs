//! What Kubernetes objects say beside the bytes that they hold.

use crate::decode::Problem;
use crate::yaml::Node;
use serde::{Deserialize, Serialize};

/// A CertificateSigningRequest or PodCertificateRequest of `certificates.k8s.io`, or a
/// CertificateRequest of cert-manager.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SigningRequest {
    /// Its kind.
    #[serde(default)]
    pub object_kind: String,
    /// metadata.name.
    pub name: Option<String>,
    /// metadata.creationTimestamp.
    pub created: Option<String>,
    /// apiVersion; v1beta1 of CertificateSigningRequest is gone since 1.22.
    pub api_version: String,
    /// spec.signerName.
    pub signer_name: Option<String>,
    /// spec.usages.
    pub usages: Vec<String>,
    /// spec.expirationSeconds.
    pub expiration_seconds: Option<u64>,
    /// spec.username: who asked.
    pub username: Option<String>,
    /// spec.groups: of who asked.
    pub groups: Vec<String>,
    /// status.conditions.
    pub conditions: Vec<Condition>,
    /// status.certificate, or status.certificateChain, is there.
    pub issued: bool,
    /// What else the other kinds say, by field: the Pod and its node, the issuer.
    #[serde(default)]
    pub more: Vec<(String, String)>,
    /// The YAML goes wrong within it, so that what is missing here may have stood behind that.
    #[serde(default)]
    pub broken: bool,
}

/// A condition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Approved, Denied or Failed.
    pub r#type: String,
    /// True, False or Unknown.
    pub status: Option<String>,
    /// Why, in a word.
    pub reason: Option<String>,
    /// Why, in a sentence.
    pub message: Option<String>,
    /// When.
    pub last_update_time: Option<String>,
}

/// A kubeconfig.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kubeconfig {
    /// current-context.
    pub current_context: Option<String>,
    /// Contexts.
    pub contexts: Vec<KubeconfigContext>,
    /// Clusters.
    pub clusters: Vec<KubeconfigCluster>,
    /// Users.
    pub users: Vec<KubeconfigUser>,
}

/// A context of a kubeconfig.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of kubeconfig")]
pub struct KubeconfigContext {
    pub name: String,
    pub cluster: Option<String>,
    pub user: Option<String>,
    pub namespace: Option<String>,
}

/// A cluster of a kubeconfig.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KubeconfigCluster {
    /// Its name.
    pub name: String,
    /// Its URL.
    pub server: Option<String>,
    /// certificate-authority: a path on the machine that the file came from.
    pub ca_file: Option<String>,
    /// certificate-authority-data is there.
    pub ca_data: bool,
    /// insecure-skip-tls-verify.
    pub insecure: bool,
}

/// A user of a kubeconfig, and how it authenticates. Tokens and passwords are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KubeconfigUser {
    /// Its name in the file, which is not its name in the cluster.
    pub name: String,
    /// client-certificate: a path on the machine that the file came from.
    pub certificate_file: Option<String>,
    /// client-key: likewise.
    pub key_file: Option<String>,
    /// client-certificate-data is there.
    pub certificate_data: bool,
    /// client-key-data is there.
    pub key_data: bool,
    /// token or tokenFile is there.
    pub token: bool,
    /// The command of exec.
    pub exec: Option<String>,
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn texts(nodes: &[Node]) -> Vec<String> {
    nodes.iter().filter_map(|node| owned(node.text(&[]))).collect()
}

/// Fields of the other kinds, which are shown under their own names.
const MORE: [&[&str]; 10] = [
    &["spec", "podName"],
    &["spec", "nodeName"],
    &["spec", "serviceAccountName"],
    &["spec", "maxExpirationSeconds"],
    &["spec", "issuerRef", "kind"],
    &["spec", "issuerRef", "name"],
    &["spec", "issuerRef", "group"],
    &["spec", "duration"],
    &["spec", "isCA"],
    &["status", "notAfter"],
];

impl SigningRequest {
    /// What the API server would say of it before anybody looks at the request.
    pub(crate) fn problem(&self) -> Option<Problem> {
        if self.object_kind != "CertificateSigningRequest" {
            return None;
        }
        if self.api_version.ends_with("/v1beta1") {
            return Some(Problem::ApiGone { api_version: self.api_version.clone(), since: 22 });
        }
        (self.signer_name.is_none() && !self.broken).then_some(Problem::NoSignerName)
    }

    pub(super) fn new(object: &Node) -> Self {
        let condition = |node: &Node| Condition {
            r#type: owned(node.text(&["type"])).unwrap_or_default(),
            status: owned(node.text(&["status"])),
            reason: owned(node.text(&["reason"])),
            message: owned(node.text(&["message"])),
            last_update_time: owned(node.text(&["lastUpdateTime"])),
        };
        let more = MORE.iter().filter_map(|path| {
            Some((path.join("."), object.text(path).filter(|text| !text.is_empty())?.to_owned()))
        });
        Self {
            object_kind: owned(object.text(&["kind"])).unwrap_or_default(),
            more: more.collect(),
            name: owned(object.text(&["metadata", "name"])),
            created: owned(object.text(&["metadata", "creationTimestamp"])),
            api_version: owned(object.text(&["apiVersion"])).unwrap_or_default(),
            signer_name: owned(object.text(&["spec", "signerName"])),
            usages: texts(object.items(&["spec", "usages"])),
            expiration_seconds: object
                .text(&["spec", "expirationSeconds"])
                .and_then(|seconds| seconds.parse().ok()),
            username: owned(object.text(&["spec", "username"])),
            groups: texts(object.items(&["spec", "groups"])),
            conditions: object.items(&["status", "conditions"]).iter().map(condition).collect(),
            issued: ["certificate", "certificateChain"].iter().any(|field| {
                object.text(&["status", field]).is_some_and(|certificate| !certificate.is_empty())
            }),
            broken: false,
        }
    }
}

impl Kubeconfig {
    pub(super) fn new(object: &Node) -> Self {
        let name = |node: &Node| owned(node.text(&["name"])).unwrap_or_default();
        let context = |node: &Node| KubeconfigContext {
            name: name(node),
            cluster: owned(node.text(&["context", "cluster"])),
            user: owned(node.text(&["context", "user"])),
            namespace: owned(node.text(&["context", "namespace"])),
        };
        let cluster = |node: &Node| KubeconfigCluster {
            name: name(node),
            server: owned(node.text(&["cluster", "server"])),
            ca_file: owned(node.text(&["cluster", "certificate-authority"])),
            ca_data: node.text(&["cluster", "certificate-authority-data"]).is_some(),
            insecure: node.text(&["cluster", "insecure-skip-tls-verify"]) == Some("true"),
        };
        let user = |node: &Node| KubeconfigUser {
            name: name(node),
            certificate_file: owned(node.text(&["user", "client-certificate"])),
            key_file: owned(node.text(&["user", "client-key"])),
            certificate_data: node.text(&["user", "client-certificate-data"]).is_some(),
            key_data: node.text(&["user", "client-key-data"]).is_some(),
            token: ["token", "tokenFile"].iter().any(|key| node.text(&["user", key]).is_some()),
            exec: owned(node.text(&["user", "exec", "command"])),
        };
        Self {
            current_context: owned(object.text(&["current-context"])),
            contexts: object.items(&["contexts"]).iter().map(context).collect(),
            clusters: object.items(&["clusters"]).iter().map(cluster).collect(),
            users: object.items(&["users"]).iter().map(user).collect(),
        }
    }
}
