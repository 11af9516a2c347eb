//! Which certificates a revocation list in sight revokes, and whether its CA signed it.

use serde::{Deserialize, Serialize};

use super::Signature;
use super::issuer::made_by;
use crate::decode::{Certificate, Finding, Problem, RevocationList, magnitude, oid};
use crate::explain::validity::{Moment, Status};
use crate::explain::{Object, Report};
use crate::hash::HashMap;

/// Certificates of one name that are tried for one signature.
const MOST_NAMESAKES: usize = 8;
/// removeFromCRL: the entry of a delta list that takes a certificate back (RFC 5280 §5.3.1).
const REMOVED: u8 = 8;

/// A revocation list and the certificates that it is about. The numbers are indices of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationLink {
    /// The list.
    pub list: usize,
    /// The CA that signed it, or else one of its name; `None` when there is none in sight.
    pub issuer: Option<usize>,
    /// Whether that CA's key made the signature.
    pub signature: Signature,
    /// Certificates of the same issuer that it revokes.
    pub revoked: Vec<usize>,
}

/// The links of a report, and what they say of single objects, by index.
pub(super) fn links(
    report: &Report,
    lists: &[(usize, Vec<u8>)],
    certificates: &[(usize, Certificate<'_>)],
) -> (Vec<RevocationLink>, Vec<(usize, Finding)>) {
    let (mut links, mut findings) = (Vec::new(), Vec::new());
    if lists.is_empty() {
        return (links, findings);
    }
    let mut by_issuer: HashMap<&[u8], HashMap<Vec<u8>, Vec<usize>>> = HashMap::default();
    for (index, certificate) in certificates {
        let of_issuer = by_issuer.entry(certificate.issuer.der).or_default();
        of_issuer.entry(magnitude(certificate.serial)).or_default().push(*index);
    }
    for (index, der) in lists {
        let Ok(list) = RevocationList::read(der) else { continue };
        if let Some(Object::RevocationList(seen)) = report.objects.get(*index).map(|o| &o.object)
            && seen.validity.status == Status::Expired
        {
            findings.push((*index, Problem::ListExpired.into()));
        }
        let (issuer, signature) = signer(&list, certificates);
        let mut link = RevocationLink { list: *index, issuer, signature, revoked: Vec::new() };
        if signature == Signature::Invalid {
            // What nobody vouches for revokes nothing.
            findings.push((*index, Problem::ListNotSigned.into()));
            links.push(link);
            continue;
        }
        let Some(of_issuer) = by_issuer.get(list.issuer.der) else {
            links.push(link);
            continue;
        };
        for entry in &list.revoked {
            // An indirect list: this entry and those after it are of another issuer.
            if entry.extensions.iter().any(|extension| extension.oid.is(oid::CERTIFICATE_ISSUER)) {
                break;
            }
            if entry.reason == Some(REMOVED) {
                continue;
            }
            for certificate in of_issuer.get(&magnitude(entry.serial)).into_iter().flatten() {
                if link.revoked.contains(certificate) {
                    continue;
                }
                link.revoked.push(*certificate);
                let since = entry.date.map(|date| Moment::new(date).rfc3339);
                let checked = signature == Signature::Valid;
                findings.push((*certificate, Problem::Revoked { since, checked }.into()));
            }
        }
        if !link.revoked.is_empty() {
            let certificates = link.revoked.len();
            findings.push((*index, Problem::ListRevokes { certificates }.into()));
        }
        links.push(link);
    }
    (links, findings)
}

/// The certificate whose key made the signature, or else the first of the issuer's name.
fn signer(
    list: &RevocationList<'_>,
    certificates: &[(usize, Certificate<'_>)],
) -> (Option<usize>, Signature) {
    let named = certificates.iter().filter(|(_, one)| one.subject.der == list.issuer.der);
    let mut first = None;
    for (index, certificate) in named.take(MOST_NAMESAKES) {
        let signature = made_by(certificate, list.algorithm.oid, list.tbs, list.signature);
        if signature == Signature::Valid {
            return (Some(*index), signature);
        }
        // A signature that cannot be checked is a better guess than one that is wrong.
        if first.is_none_or(|(_, held)| held == Signature::Invalid) {
            first = Some((*index, signature));
        }
    }
    first.map_or((None, Signature::Unchecked), |(index, signature)| (Some(index), signature))
}
