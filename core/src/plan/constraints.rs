//! Which planned certificates the name constraints of their CAs forbid.

use super::{ItemId, Make, Plan};
use crate::design::San;

/// A name that a verifier would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedName {
    /// The CA with the constraints: the one that signs, or one above it.
    pub authority: ItemId,
    /// The certificate's item.
    pub item: ItemId,
    /// The name.
    pub name: San,
    /// The number of the subtree that excludes it; `None` where none permits it.
    pub excluded: Option<usize>,
    /// Whether it is the common name, at which OpenSSL looks where there is no DNS name, and Go
    /// never.
    pub is_common_name: bool,
}

impl Plan {
    /// The names that constraints forbid, certificate by certificate.
    ///
    /// CAs are not among them: one that another signs has no alternative names (RFC 5280 §6.1.4
    /// holds each certificate of a chain to the constraints above it, and Go and OpenSSL do).
    pub fn refused_names(&self) -> Vec<RefusedName> {
        let mut refused = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            let Make::Leaf(leaf) = &item.make else { continue };
            let mut names: Vec<(San, bool)> =
                leaf.sans.iter().map(|name| (name.clone(), false)).collect();
            let has_dns = leaf.sans.iter().any(|name| matches!(name, San::Dns(_)));
            if !has_dns && looks_like_host(&leaf.subject.common_name) {
                names.push((San::Dns(leaf.subject.common_name.to_ascii_lowercase()), true));
            }
            let mut issuer = Some(leaf.issuer);
            while let Some(id) = issuer {
                let Some(Make::Authority(authority)) = self.item(id).map(|item| &item.make) else {
                    break;
                };
                for (name, is_common_name) in &names {
                    if let Err(excluded) = authority.constraints.check(name) {
                        refused.push(RefusedName {
                            authority: id,
                            item: ItemId(index),
                            name: name.clone(),
                            excluded,
                            is_common_name: *is_common_name,
                        });
                    }
                }
                issuer = authority.issuer;
            }
        }
        refused
    }
}

/// Whether OpenSSL takes a common name for a DNS name (`cn2dnsid` in crypto/x509/v3_ncons.c): two
/// labels at least, of letters, digits, hyphens and underscores.
fn looks_like_host(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fine = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    name.contains('.') && name.chars().all(allowed) && name.split('.').all(fine)
}
