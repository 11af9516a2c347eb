//! What an approver of kubelet serving certificates should check, because the signer does not:
//! that the names and addresses are the node's.

use std::net::IpAddr;

use super::cluster::{Identity, NODE_PREFIX, SYSTEM_NODES};
use super::{KUBELET_SERVING, Review, Signing};

/// A node with all its names and addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownNode {
    /// Its name in the cluster.
    pub name: String,
    /// DNS names besides that.
    pub dns: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
}

/// Which kubelet serving certificates are fine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServingPolicy {
    /// The nodes of the cluster.
    pub nodes: Vec<KnownNode>,
    /// The longest lifetime, in seconds.
    pub max_lifetime: Option<i64>,
}

/// Why a request should be denied.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyFault {
    /// It is for another signer, about which this policy says nothing.
    OtherSigner,
    /// The signer would not sign it.
    NotSignable,
    /// It was not filed by the node that it names; who filed it.
    Requestor(String),
    /// No node of this name is known.
    UnknownNode(String),
    /// A DNS name that is not the node's.
    Dns(String),
    /// An address that is not the node's.
    Address(IpAddr),
    /// It would live longer than allowed, in seconds.
    Lifetime(i64),
}

impl ServingPolicy {
    /// Everything that speaks against approval; empty means approve.
    pub fn check(&self, review: &Review, requestor: &Identity) -> Vec<PolicyFault> {
        if review.signer_name != KUBELET_SERVING {
            return vec![PolicyFault::OtherSigner];
        }
        let Some(Signing::Issues(content)) = &review.signing else {
            return vec![PolicyFault::NotSignable];
        };
        let mut faults = Vec::new();
        let common_name = String::from_utf8_lossy(&content.subject().common_name).into_owned();
        if requestor.username != common_name || !requestor.is_in(SYSTEM_NODES) {
            faults.push(PolicyFault::Requestor(requestor.username.clone()));
        }
        let name = common_name.strip_prefix(NODE_PREFIX).unwrap_or_default();
        match self.nodes.iter().find(|node| node.name == name) {
            None => faults.push(PolicyFault::UnknownNode(name.to_owned())),
            Some(node) => {
                let sans = content.sans();
                let foreign =
                    sans.dns.iter().filter(|dns| **dns != node.name && !node.dns.contains(dns));
                faults.extend(foreign.map(|dns| PolicyFault::Dns(dns.clone())));
                let foreign = sans.addresses.iter().filter(|ip| !node.addresses.contains(ip));
                faults.extend(foreign.map(|address| PolicyFault::Address(*address)));
            }
        }
        let lifetime = content.not_after() - content.not_before();
        if self.max_lifetime.is_some_and(|most| lifetime > most) {
            faults.push(PolicyFault::Lifetime(lifetime));
        }
        faults
    }
}
