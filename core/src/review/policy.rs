//! What an approver of kubelet serving certificates should check, because the signer does not:
//! that the names and addresses are the node's.

use std::net::IpAddr;

use super::cluster::{Identity, NODE_PREFIX, SYSTEM_NODES};
use super::{KUBELET_SERVING, Review, Signing};
use crate::design::Cidr;

/// A node with all its names and addresses, or a pattern for several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownNode {
    /// Its name in the cluster; `*` stands for any number of characters.
    pub name: String,
    /// DNS names besides that; `*` stands for any number of characters but the dot, and `{node}`
    /// for the name of the node that asks.
    pub dns: Vec<String>,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
    /// Networks that its addresses may be in.
    pub networks: Vec<Cidr>,
}

/// A line that tells no node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownNodeError {
    /// The part that is neither a name nor an address nor a network.
    pub part: String,
}

impl KnownNode {
    /// Reads a line such as `worker-1 10.0.0.21 10.0.1.0/24 {node}.example.com`: the name or its
    /// pattern, then addresses, networks and DNS names. `=` and commas separate as blanks do.
    ///
    /// # Errors
    /// [`KnownNodeError`] with the part that cannot be any of them.
    pub fn parse(line: &str) -> Result<Self, KnownNodeError> {
        let mut parts = line
            .split(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | ';'))
            .filter(|part| !part.is_empty());
        let name = parts.next().unwrap_or_default().to_owned();
        let mut node = Self { name, ..Self::default() };
        for part in std::iter::once(node.name.clone()).chain(parts.map(str::to_owned)) {
            let is_name = |c: char| c.is_ascii_alphanumeric() || ".-*{}".contains(c);
            if part == node.name {
                if !part.chars().all(is_name) {
                    return Err(KnownNodeError { part });
                }
            } else if let Ok(address) = part.parse() {
                node.addresses.push(address);
            } else if part.contains('/') {
                let network = Cidr::parse(&part).map_err(|_| KnownNodeError { part })?;
                node.networks.push(network);
            } else if part.chars().all(is_name) {
                node.dns.push(part);
            } else {
                return Err(KnownNodeError { part });
            }
        }
        Ok(node)
    }

    fn allows_dns(&self, node: &str, dns: &str) -> bool {
        let pattern = |pattern: &String| matches(&pattern.replace("{node}", node), dns, true);
        dns == node || self.dns.iter().any(pattern)
    }

    fn allows_address(&self, address: &IpAddr) -> bool {
        self.addresses.contains(address)
            || self.networks.iter().any(|network| network.contains(*address))
    }
}

/// Whether a text is of a pattern in which `*` stands for any characters, or any but the dot.
fn matches(pattern: &str, text: &str, within_label: bool) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|end| {
        let (taken, left) = rest.split_at(end);
        !(within_label && taken.contains('.')) && matches(after, left, within_label)
    })
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
        // A node by its own name comes before one by a pattern.
        let known = self.nodes.iter().find(|node| node.name == name);
        let known = known.or_else(|| self.nodes.iter().find(|n| matches(&n.name, name, false)));
        match known {
            None => faults.push(PolicyFault::UnknownNode(name.to_owned())),
            Some(node) => {
                let sans = content.sans();
                let foreign = sans.dns.iter().filter(|dns| !node.allows_dns(name, dns));
                faults.extend(foreign.map(|dns| PolicyFault::Dns(dns.clone())));
                let foreign = sans.addresses.iter().filter(|ip| !node.allows_address(ip));
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

#[cfg(test)]
mod tests {
    use super::{KnownNode, matches};

    #[test]
    fn lines_and_patterns() {
        let node = KnownNode::parse("worker-* = 10.0.0.21, 10.1.0.0/16 {node}.*.example fd00::1");
        let node = node.expect("a good line");
        assert!(node.allows_dns("worker-1", "worker-1.eu.example"));
        assert!(!node.allows_dns("worker-1", "worker-2.eu.example"));
        assert!(!node.allows_dns("worker-1", "worker-1.eu.west.example"));
        for address in ["10.0.0.21", "10.1.200.3", "fd00::1"] {
            assert!(node.allows_address(&address.parse().expect("an address")), "{address}");
        }
        assert!(!node.allows_address(&"10.2.0.1".parse().expect("an address")));
        for bad in ["wörker", "w 10.0.0.0/99", "w a_b"] {
            assert!(KnownNode::parse(bad).is_err(), "{bad}");
        }
        assert!(matches("a*c*", "abcd", false) && !matches("a*c", "abcd", false));
    }
}
