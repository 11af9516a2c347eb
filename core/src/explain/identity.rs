//! Who a certificate is to kube-apiserver: user, groups, node, and what that is worth.

use serde::{Deserialize, Serialize};

use super::bound;
use super::extension::{ExtensionsReport, SanKind};
use super::role::{self, Clues, RoleReport};
use crate::decode::{Name, oid};

const MASTERS: &str = "system:masters";
const NODES: &str = "system:nodes";
const NODE_PREFIX: &str = "system:node:";

/// What a certificate can be used for, by its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ValidAs {
    /// To serve TLS.
    Server,
    /// To authenticate to a server.
    Client,
    /// For both.
    Both,
    /// To sign certificates.
    Ca,
    /// For neither: extKeyUsage names other purposes.
    Neither,
}

/// What a certificate means to Kubernetes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Identity {
    /// Whether kube-apiserver would know a client by it, given a CA that it trusts; where not, user
    /// and groups are only what the subject would be.
    #[serde(default)]
    pub authenticates: bool,
    /// The user: the last common name.
    pub user: Option<String>,
    /// The groups: every organization. kube-apiserver adds `system:authenticated`.
    pub groups: Vec<String>,
    /// The UID attribute 1.3.6.1.4.1.57683.2, which 1.34 and later read.
    pub uid: Option<String>,
    /// The node that it is, for the node authorizer: needs the user and the group.
    pub node: Option<String>,
    /// What it can be used for.
    pub valid_as: ValidAs,
    /// Where in a cluster it belongs, the likeliest place first.
    pub roles: Vec<RoleReport>,
    /// ClusterRoles that the built-in or kubeadm's bindings give it, and Roles, as namespace/name.
    pub cluster_roles: Vec<String>,
    /// What one should know about it.
    pub notes: Vec<Note>,
}

/// Something that one should know about an identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Note {
    /// system:masters: no RBAC rule binds it, and the certificate cannot be revoked.
    SystemMasters,
    /// `system:master`, without the s, grants nothing.
    SystemMaster,
    /// kubeadm:cluster-admins has no power until its ClusterRoleBinding exists.
    NeedsClusterAdminsBinding,
    /// The user kube-apiserver-kubelet-client may call kubelets by a binding that kubeadm makes
    /// since 1.33.
    NeedsKubeletClientBinding,
    /// A subject that looks like a user's on a certificate with which nobody is a client.
    AuthenticatesNobody,
    /// Go lets in a CA certificate from a client like any other.
    CaAsClient {
        /// Its common name.
        user: String,
    },
    /// A group under `system:` to which no built-in binding refers.
    UnknownSystemGroup {
        /// The group.
        group: String,
    },
    /// A user under `system:` to which no built-in binding refers.
    UnknownSystemUser {
        /// The user.
        user: String,
    },
    /// A group that kube-apiserver gives by itself.
    AutomaticGroup {
        /// The group.
        group: String,
    },
    /// The user name is that of a ServiceAccount, and has all its rights.
    ShadowsServiceAccount {
        /// The user.
        user: String,
    },
    /// A node's name without the group system:nodes: the node authorizer ignores it.
    NodeWithoutGroup {
        /// The user.
        user: String,
    },
    /// The group system:nodes without a node's name: the node authorizer ignores it.
    GroupWithoutNode,
    /// `system:node:` with nothing after it.
    EmptyNodeName,
    /// A node's name with capital letters, which no Node object can have.
    NodeNotLowerCase {
        /// The node.
        node: String,
    },
    /// A client certificate without a common name authenticates nobody.
    NoUser,
    /// Several common names, of which Go reads the last.
    SeveralCommonNames {
        /// The one that counts.
        user: String,
    },
    /// Valid as server and as client: whoever runs the server can act as the user.
    ServerAndClient,
    /// A server certificate without a DNS name or IP address: Go verifies it for no name.
    NoServerNames,
    /// A DNS name that is an IP address, and so never matches.
    AddressAsDnsName {
        /// The name.
        name: String,
    },
    /// A DNS name with an asterisk elsewhere than as the whole of its first label.
    WildcardNeverMatches {
        /// The name.
        name: String,
    },
    /// A CA whose keyUsage lacks keyCertSign: it cannot sign certificates.
    CaWithoutCertSign,
    /// keyCertSign without basicConstraints CA:TRUE.
    CertSignWithoutCa,
    /// A CA that names purposes: what it signs can have no others in Go.
    CaWithPurposes,
    /// An Ed25519 key: kubeadm and service-account signing refuse it.
    Ed25519,
    /// The issuer is not a CA by which kube-apiserver knows users.
    NotForUsers {
        /// Common name of the issuer.
        issuer: String,
    },
}

/// What the identity is read from.
pub(super) struct Source<'a> {
    pub(super) subject: &'a Name<'a>,
    /// `None` for a request.
    pub(super) issuer: Option<&'a Name<'a>>,
    pub(super) extensions: &'a ExtensionsReport,
    pub(super) key_algorithm: &'a str,
}

impl Identity {
    pub(super) fn new(source: &Source<'_>) -> Self {
        let subject = source.subject;
        let user = subject.last_common_name();
        let groups = subject.organizations();
        let uid = subject.attributes().find(|a| a.oid.is(oid::KUBERNETES_UID)).map(|a| a.text());
        let node_name = user.as_deref().and_then(|user| user.strip_prefix(NODE_PREFIX));
        let node = node_name.filter(|name| !name.is_empty() && has(&groups, NODES));
        let issuer = source.issuer.and_then(Name::last_common_name);
        let is_ca = source.extensions.is_ca();
        let valid_as = valid_as(source.extensions, is_ca);
        let clues = Clues {
            user: user.as_deref(),
            groups: &groups,
            issuer: issuer.as_deref(),
            extensions: source.extensions,
            is_ca,
        };
        let roles = role::roles(&clues);
        let mut notes = Vec::new();
        // Go takes a CA certificate from a client like any other, if its purposes allow it. Only
        // one that names this purpose is meant to be one.
        let allowed = source.extensions.allows(oid::CLIENT_AUTH);
        let meant = !is_ca || source.extensions.ext_key_usages.is_some();
        let named = user.as_deref().is_some_and(|user| !user.is_empty());
        let authenticates = allowed && meant && named;
        let other_ca = issuer.filter(|name| name.contains("etcd") || name.contains("front-pr"));
        let mut bound = Vec::new();
        if allowed && meant {
            user_notes(subject, user.as_deref(), &groups, &mut notes);
            match other_ca {
                Some(issuer) => notes.push(Note::NotForUsers { issuer }),
                None if named => bound = bound::roles(user.as_deref(), &groups),
                None => {}
            }
        } else if allowed && let (Some(user), true) = (user.clone(), named) {
            notes.push(Note::CaAsClient { user });
        } else if !allowed && (!groups.is_empty() || node_name.is_some()) {
            notes.push(Note::AuthenticatesNobody);
        }
        usage_notes(source, valid_as, &mut notes);
        Self {
            node: node.filter(|_| authenticates).map(str::to_owned),
            authenticates,
            user,
            groups,
            uid,
            valid_as,
            roles,
            cluster_roles: bound,
            notes,
        }
    }
}

fn has(groups: &[String], name: &str) -> bool {
    groups.iter().any(|group| group == name)
}

fn valid_as(extensions: &ExtensionsReport, is_ca: bool) -> ValidAs {
    let server = extensions.allows(oid::SERVER_AUTH);
    let client = extensions.allows(oid::CLIENT_AUTH);
    match (is_ca, server, client) {
        (true, ..) => ValidAs::Ca,
        (_, true, true) => ValidAs::Both,
        (_, true, false) => ValidAs::Server,
        (_, false, true) => ValidAs::Client,
        (_, false, false) => ValidAs::Neither,
    }
}

fn user_notes(subject: &Name<'_>, user: Option<&str>, groups: &[String], notes: &mut Vec<Note>) {
    for group in groups {
        match group.as_str() {
            MASTERS => notes.push(Note::SystemMasters),
            "system:master" => notes.push(Note::SystemMaster),
            "kubeadm:cluster-admins" => notes.push(Note::NeedsClusterAdminsBinding),
            "system:authenticated" | "system:unauthenticated" => {
                notes.push(Note::AutomaticGroup { group: group.clone() });
            }
            NODES | "system:monitoring" => {}
            _ if group.starts_with("system:bootstrappers")
                || group.starts_with("system:serviceaccounts") => {}
            _ if group.starts_with("system:") => {
                notes.push(Note::UnknownSystemGroup { group: group.clone() });
            }
            _ => {}
        }
    }
    let Some(user) = user.filter(|user| !user.is_empty()) else {
        notes.push(Note::NoUser);
        return;
    };
    if subject.attributes().filter(|a| a.oid.is(oid::COMMON_NAME)).count() > 1 {
        notes.push(Note::SeveralCommonNames { user: user.to_owned() });
    }
    if user == "kube-apiserver-kubelet-client" {
        notes.push(Note::NeedsKubeletClientBinding);
    }
    let is_node = user.strip_prefix(NODE_PREFIX);
    if user.starts_with("system:serviceaccount:") {
        notes.push(Note::ShadowsServiceAccount { user: user.to_owned() });
    } else if let Some(node) = is_node {
        if node.is_empty() {
            notes.push(Note::EmptyNodeName);
        } else if node.chars().any(char::is_uppercase) {
            notes.push(Note::NodeNotLowerCase { node: node.to_owned() });
        }
        if !has(groups, NODES) {
            notes.push(Note::NodeWithoutGroup { user: user.to_owned() });
        }
    } else if user.starts_with("system:") && bound::of_user(user).is_empty() {
        // k3s names its administrator system:admin; the group carries the power there.
        if user != "system:admin" {
            notes.push(Note::UnknownSystemUser { user: user.to_owned() });
        }
    }
    if is_node.is_none() && has(groups, NODES) {
        notes.push(Note::GroupWithoutNode);
    }
}

fn usage_notes(source: &Source<'_>, valid_as: ValidAs, notes: &mut Vec<Note>) {
    let extensions = source.extensions;
    let names = |kind| extensions.sans.iter().filter(move |san| san.kind == kind);
    if source.key_algorithm == "Ed25519" {
        notes.push(Note::Ed25519);
    }
    // An absent extKeyUsage in a request only means that the signer decides.
    let stated = extensions.ext_key_usages.is_some() || source.issuer.is_some();
    match valid_as {
        ValidAs::Both if stated => notes.push(Note::ServerAndClient),
        ValidAs::Ca if extensions.ext_key_usages.is_some() => notes.push(Note::CaWithPurposes),
        _ => {}
    }
    let serves = extensions
        .ext_key_usages
        .as_ref()
        .is_some_and(|usages| usages.iter().any(|usage| usage.is(oid::SERVER_AUTH)));
    if serves && names(SanKind::Dns).chain(names(SanKind::Ip)).next().is_none() {
        notes.push(Note::NoServerNames);
    }
    for san in names(SanKind::Dns) {
        if san.value.parse::<std::net::IpAddr>().is_ok() {
            notes.push(Note::AddressAsDnsName { name: san.value.clone() });
        } else if san.value.strip_prefix("*.").unwrap_or(&san.value).contains('*') {
            notes.push(Note::WildcardNeverMatches { name: san.value.clone() });
        }
    }
    let signs = extensions.key_usages.as_ref().map(|usages| has(usages, "keyCertSign"));
    match (valid_as, signs) {
        (ValidAs::Ca, Some(false)) => notes.push(Note::CaWithoutCertSign),
        (ValidAs::Ca, _) => {}
        (_, Some(true)) => notes.push(Note::CertSignWithoutCa),
        _ => {}
    }
}
