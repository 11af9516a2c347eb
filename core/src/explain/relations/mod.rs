//! What several objects have to do with each other: who signed whom, which key belongs to what,
//! what stands there twice, and what is missing.
//!
//! They are found in a finished report, and speak of its objects by their index in it.
//! Signatures are checked where the algorithm is one that we know, up to [`MOST_SIGNATURES`] of
//! them, so that ten thousand certificates do not hold up an answer; all else is linear.
//!
//! A chain is sound only as far as [`Chain::problems`] is empty.
//! The rules are those of RFC 5280 §6 as Go's `crypto/x509` applies them; Kubernetes never asks
//! for revocation.

mod chain;
mod issuer;
mod keys;
mod revocation;
mod token;

pub use chain::{Chain, ChainEnd, ChainProblem};
pub use issuer::{IssuerLink, Signature};
pub use keys::{KeyGroup, KeyMismatch};
pub use revocation::RevocationLink;
pub use token::TokenLink;

use serde::{Deserialize, Serialize};

use super::{Object, Report};
use crate::decode::{Certificate, Finding};
use crate::hash::HashMap;
use crate::key::Signed;
use crate::order;

/// The most signatures that are checked for one report.
pub const MOST_SIGNATURES: usize = 400;

/// What the objects of a report have to do with each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relations {
    /// For certificates whose issuer is in sight: which one it is.
    pub issuers: Vec<IssuerLink>,
    /// From every certificate that issued no other, upwards.
    pub chains: Vec<Chain>,
    /// Objects that share a key.
    pub keys: Vec<KeyGroup>,
    /// Private keys that stand beside a certificate as if they belonged to it, and do not.
    pub mismatches: Vec<KeyMismatch>,
    /// Certificates and requests that are the same, byte for byte; each group in order.
    pub duplicates: Vec<Vec<usize>>,
    /// Tokens whose key is in sight, and whether it made their signature.
    #[serde(default)]
    pub tokens: Vec<TokenLink>,
    /// Revocation lists: whose they are, and which certificates in sight they revoke.
    #[serde(default)]
    pub revocations: Vec<RevocationLink>,
}

impl Relations {
    /// Finds them all, and what they mean for single objects, by index. For `later`, see
    /// [`issuer::links`].
    pub(super) fn new(
        report: &Report,
        later: Option<&mut Vec<Signed>>,
    ) -> (Self, Vec<(usize, Finding)>) {
        let found = ders(report, |object| matches!(object, Object::Certificate(_)));
        let lists = ders(report, |object| matches!(object, Object::RevocationList(_)));
        let certificates = certificates(&found);
        let issuers = issuer::links(&certificates, later);
        let chains = chain::chains(report, &certificates, &issuers);
        let (revocations, findings) = revocation::links(report, &lists, &certificates);
        let relations = Self {
            issuers,
            chains,
            keys: keys::groups(report),
            mismatches: keys::mismatches(report),
            duplicates: duplicates(report),
            tokens: token::links(report),
            revocations,
        };
        (relations, findings)
    }

    /// Looks for issuers and chains anew, with every signature checked here.
    pub(super) fn look_for_issuers(&mut self, report: &Report) {
        let found = ders(report, |object| matches!(object, Object::Certificate(_)));
        let certificates = certificates(&found);
        self.issuers = issuer::links(&certificates, None);
        self.chains = chain::chains(report, &certificates, &self.issuers);
    }
}

fn certificates(ders: &[(usize, Vec<u8>)]) -> Vec<(usize, Certificate<'_>)> {
    ders.iter().filter_map(|(index, der)| Some((*index, Certificate::read(der).ok()?))).collect()
}

/// The DER of the objects of a kind, by their index.
fn ders(report: &Report, is: fn(&Object) -> bool) -> Vec<(usize, Vec<u8>)> {
    let objects = report.objects.iter().enumerate().filter(|(_, entry)| is(&entry.object));
    objects.filter_map(|(index, entry)| Some((index, entry.der()?))).collect()
}

fn duplicates(report: &Report) -> Vec<Vec<usize>> {
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::default();
    for (index, object) in report.objects.iter().enumerate() {
        if let Some(pem) = &object.pem {
            seen.entry(pem).or_default().push(index);
        }
    }
    let mut groups: Vec<_> = seen.into_values().filter(|group| group.len() > 1).collect();
    order::sort(&mut groups);
    groups
}

#[cfg(test)]
mod tests;
