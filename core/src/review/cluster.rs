//! What a cluster brings to a verdict: who may do what, and which CA signs for which signer.

use std::collections::{BTreeMap, BTreeSet};

use super::authority::Authority;

/// Somebody who is authenticated, as audit logs show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The user name.
    pub username: String,
    /// The groups, `system:authenticated` among them.
    pub groups: Vec<String>,
}

/// The group that every authorizer lets do everything.
pub const SYSTEM_MASTERS: &str = "system:masters";
/// The group of nodes.
pub const SYSTEM_NODES: &str = "system:nodes";
/// The start of a node's user name.
pub const NODE_PREFIX: &str = "system:node:";

impl Identity {
    /// Whether it is in a group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|candidate| candidate == group)
    }

    /// The node's name, if it is a node's identity: name prefix and group, both.
    pub fn node_name(&self) -> Option<&str> {
        self.username.strip_prefix(NODE_PREFIX).filter(|_| self.is_in(SYSTEM_NODES))
    }
}

/// The permissions that decide on requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// `create` on `certificatesigningrequests`.
    Create,
    /// `create` on `certificatesigningrequests/nodeclient`: node client requests by this user are
    /// approved automatically.
    NodeClient,
    /// `create` on `certificatesigningrequests/selfnodeclient`: the same for a node's own name.
    SelfNodeClient,
    /// `update` on `certificatesigningrequests/approval`.
    UpdateApproval,
    /// `approve` on `signers` of this name, or of `domain/*`.
    Approve(String),
    /// `*` on everything, as `cluster-admin` has.
    Everything,
}

/// Whom a right is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grantee {
    /// One user.
    User(String),
    /// All members of a group.
    Group(String),
}

/// Roles and bindings, boiled down to what counts here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// All that is granted.
    pub grants: Vec<(Grantee, Right)>,
}

impl Access {
    /// The bindings that `kubeadm init` makes: administrators, bootstrap tokens, node rotation.
    pub fn kubeadm() -> Self {
        let mut access = Self::kubeadm_administrators();
        let token = "system:bootstrappers:kubeadm:default-node-token";
        for right in [Right::Create, Right::NodeClient] {
            access.grant_group(token, right);
        }
        access.grant_group(SYSTEM_NODES, Right::SelfNodeClient);
        access
    }

    /// Only `kubeadm:cluster-admins`.
    pub fn kubeadm_administrators() -> Self {
        let mut access = Self::default();
        access.grant_group("kubeadm:cluster-admins", Right::Everything);
        access
    }

    /// Adds a right of a group.
    pub fn grant_group(&mut self, group: &str, right: Right) {
        self.grants.push((Grantee::Group(group.to_owned()), right));
    }

    /// Adds a right of a user.
    pub fn grant_user(&mut self, user: &str, right: Right) {
        self.grants.push((Grantee::User(user.to_owned()), right));
    }

    /// Whether somebody has a right: by RBAC, as `system:masters`, or (create) as a node.
    pub fn allows(&self, who: &Identity, wanted: &Right) -> bool {
        if who.is_in(SYSTEM_MASTERS) {
            return true;
        }
        if *wanted == Right::Create && who.node_name().is_some_and(|name| !name.is_empty()) {
            return true;
        }
        self.grants.iter().any(|(grantee, right)| {
            let is_meant = match grantee {
                Grantee::User(user) => *user == who.username,
                Grantee::Group(group) => who.is_in(group),
            };
            is_meant && right.covers(wanted)
        })
    }
}

impl Right {
    fn covers(&self, wanted: &Self) -> bool {
        match (self, wanted) {
            (Self::Everything, _) => true,
            (Self::Approve(pattern), Self::Approve(signer)) => {
                let whole_domain = pattern.strip_suffix("/*").is_some_and(|domain| {
                    signer.split_once('/').is_some_and(|(of_signer, _)| of_signer == domain)
                });
                whole_domain || pattern == signer
            }
            _ => self == wanted,
        }
    }
}

/// A cluster, as far as requests notice it.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Who may do what.
    pub access: Access,
    /// The CA of each signer that kube-controller-manager signs for.
    pub authorities: BTreeMap<String, SigningAuthority>,
    /// Names of requests that exist.
    pub existing: BTreeSet<String>,
}

/// A CA with the flags of kube-controller-manager.
#[derive(Clone, Debug)]
pub struct SigningAuthority {
    /// Its certificate; `None` when it cannot be read.
    pub authority: Option<Authority>,
    /// `--cluster-signing-duration`, in seconds.
    pub duration: i64,
}

/// `--cluster-signing-duration` unless it is set: 8,760 hours, in seconds.
pub const DEFAULT_SIGNING_DURATION: i64 = 8760 * 3600;
