//! Chains from a certificate up to a root, or to where the next one is missing.

use serde::{Deserialize, Serialize};

use super::{IssuerLink, Signature};
use crate::decode::Certificate;
use crate::explain::{CertificateReport, Object, Report, Status};
use crate::hash::{HashMap, HashSet};

/// Chains longer than this are cut: Go's own are rarely over four.
const LONGEST: usize = 16;

/// A chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chain {
    /// Indices of the certificates, the lowest first.
    pub certificates: Vec<usize>,
    /// Where it ends.
    pub end: ChainEnd,
    /// Why a verifier would refuse it; empty for a sound one.
    pub problems: Vec<ChainProblem>,
}

/// Where a chain ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ChainEnd {
    /// At a certificate that names itself as its issuer.
    Root,
    /// Before a certificate that is not here.
    Missing {
        /// Its subject.
        subject: String,
        /// Its subject key identifier, in hexadecimal, where the last certificate tells it.
        key_id: Option<String>,
    },
    /// In a circle, or too high up.
    Endless,
}

/// Why a verifier would refuse a chain. The numbers are indices of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs, reason = "the fields are indices of objects, and named after their place")]
pub enum ChainProblem {
    /// The issuer's key did not make the signature.
    SignatureInvalid { certificate: usize, issuer: usize },
    /// The signature is of an algorithm that we cannot check.
    SignatureUnsupported { certificate: usize, issuer: usize },
    /// The names of issuer and subject read the same, and differ in their bytes.
    NameBytesDiffer { certificate: usize, issuer: usize },
    /// The authority key identifier is not the issuer's subject key identifier.
    KeyIdDiffers { certificate: usize, issuer: usize },
    /// The issuer is of version 3 and no CA by its basicConstraints.
    IssuerNotCa { issuer: usize },
    /// The issuer's keyUsage leaves out keyCertSign.
    IssuerMayNotSign { issuer: usize },
    /// More CAs stand below it than its pathLenConstraint allows.
    PathTooLong { issuer: usize, allowed: u64, found: u64 },
    /// The issuer's extKeyUsage allows no purpose that the lowest certificate has.
    PurposeNotNested { issuer: usize },
    /// A name of a certificate, by its number in subjectAltName, is not one that the issuer may
    /// sign for by its nameConstraints: excluded, or else not permitted.
    NameNotAllowed { certificate: usize, issuer: usize, san: usize, excluded: bool },
    /// It is past its notAfter.
    Expired { certificate: usize },
    /// It is before its notBefore.
    NotYetValid { certificate: usize },
    /// It ends after its issuer does: from then on it verifies no more.
    OutlivesIssuer { certificate: usize, issuer: usize },
}

/// A chain from each certificate that issued none of the others.
pub(super) fn chains(
    report: &Report,
    certificates: &[(usize, Certificate<'_>)],
    links: &[IssuerLink],
) -> Vec<Chain> {
    let by_certificate: HashMap<usize, &IssuerLink> =
        links.iter().map(|link| (link.certificate, link)).collect();
    let parents: HashSet<usize> = links
        .iter()
        .filter(|link| link.issuer != link.certificate)
        .map(|link| link.issuer)
        .collect();
    let mut seen: HashSet<&[u8]> = HashSet::default();
    certificates
        .iter()
        // The same certificate twice has one chain.
        .filter(|(index, certificate)| !parents.contains(index) && seen.insert(certificate.der))
        .filter_map(|(index, _)| chain(report, *index, &by_certificate))
        .collect()
}

fn chain(report: &Report, lowest: usize, links: &HashMap<usize, &IssuerLink>) -> Option<Chain> {
    let mut certificates = vec![lowest];
    let mut problems = Vec::new();
    let mut at = lowest;
    let end = loop {
        problems.extend(validity(report, at));
        match links.get(&at) {
            None => {
                let last = certificate(report, at)?;
                let key_id = last.extensions.authority_key_id.as_ref();
                break ChainEnd::Missing {
                    subject: last.issuer.rfc4514.clone(),
                    key_id: key_id.and_then(|identifier| identifier.key_id.clone()),
                };
            }
            Some(link) => {
                problems.extend(signature(link));
                if link.issuer == at {
                    break ChainEnd::Root;
                }
                if certificates.len() >= LONGEST || certificates.contains(&link.issuer) {
                    break ChainEnd::Endless;
                }
                problems.extend(issuer(report, &certificates, link));
                certificates.push(link.issuer);
                at = link.issuer;
            }
        }
    };
    Some(Chain { certificates, end, problems })
}

fn certificate(report: &Report, index: usize) -> Option<&CertificateReport> {
    match &report.objects.get(index)?.object {
        Object::Certificate(certificate) => Some(certificate),
        _ => None,
    }
}

fn validity(report: &Report, index: usize) -> Option<ChainProblem> {
    match certificate(report, index)?.validity.status {
        Status::Expired => Some(ChainProblem::Expired { certificate: index }),
        Status::NotYetValid => Some(ChainProblem::NotYetValid { certificate: index }),
        Status::Valid | Status::Unknown => None,
    }
}

fn signature(link: &IssuerLink) -> Vec<ChainProblem> {
    let IssuerLink { certificate, issuer, .. } = *link;
    let mut problems = Vec::new();
    match link.signature {
        Signature::Invalid => {
            problems.push(ChainProblem::SignatureInvalid { certificate, issuer });
        }
        Signature::Unsupported => {
            problems.push(ChainProblem::SignatureUnsupported { certificate, issuer });
        }
        Signature::Valid | Signature::Unchecked => {}
    }
    if link.name_bytes_differ {
        problems.push(ChainProblem::NameBytesDiffer { certificate, issuer });
    }
    if link.key_id_differs {
        problems.push(ChainProblem::KeyIdDiffers { certificate, issuer });
    }
    problems
}

/// What stands against the issuer signing what is below it.
fn issuer(report: &Report, below: &[usize], link: &IssuerLink) -> Vec<ChainProblem> {
    let index = link.issuer;
    let mut problems = Vec::new();
    let (Some(parent), Some(child)) =
        (certificate(report, index), certificate(report, link.certificate))
    else {
        return problems;
    };
    // A root of version 1 has no basicConstraints and is a CA all the same.
    if parent.version == 3 && !parent.extensions.is_ca() {
        problems.push(ChainProblem::IssuerNotCa { issuer: index });
    }
    if let Some(usages) = &parent.extensions.key_usages
        && !usages.iter().any(|usage| usage == "keyCertSign")
    {
        problems.push(ChainProblem::IssuerMayNotSign { issuer: index });
    }
    let constraints = parent.extensions.basic_constraints;
    if let Some(allowed) = constraints.and_then(|constraints| constraints.path_len) {
        // RFC 5280 §4.2.1.9: self-issued ones and the last certificate do not count.
        let counted = below.iter().skip(1).filter_map(|index| certificate(report, *index));
        let found = counted.filter(|one| !one.self_issued).count();
        let found = u64::try_from(found).unwrap_or(u64::MAX);
        if found > allowed {
            problems.push(ChainProblem::PathTooLong { issuer: index, allowed, found });
        }
    }
    let lowest = below.first().and_then(|index| certificate(report, *index));
    if lowest.is_some_and(|lowest| !nests(lowest, parent)) {
        problems.push(ChainProblem::PurposeNotNested { issuer: index });
    }
    problems.extend(names(report, below, index, parent));
    let ends = |report: &CertificateReport| report.validity.not_after.as_ref().map(|m| m.unix);
    if let (Some(child), Some(parent)) = (ends(child), ends(parent))
        && child > parent
    {
        let certificate = link.certificate;
        problems.push(ChainProblem::OutlivesIssuer { certificate, issuer: index });
    }
    problems
}

/// Names below an issuer that its nameConstraints do not allow.
///
/// Go looks at the subjectAltName of every certificate below, CAs too, and never at common names.
fn names(
    report: &Report,
    below: &[usize],
    index: usize,
    parent: &CertificateReport,
) -> Vec<ChainProblem> {
    let mut problems = Vec::new();
    let Some(constraints) = &parent.extensions.name_constraints else { return problems };
    for lower in below {
        let Some(one) = certificate(report, *lower) else { continue };
        for (san, name) in one.extensions.sans.iter().enumerate() {
            if let Err(excluded) = constraints.check(name) {
                let certificate = *lower;
                problems.push(ChainProblem::NameNotAllowed {
                    certificate,
                    issuer: index,
                    san,
                    excluded,
                });
            }
        }
    }
    problems
}

const ANY_PURPOSE: &str = "anyExtendedKeyUsage";

/// Whether some purpose of the lower certificate is allowed by the upper one, as Go asks.
fn nests(lower: &CertificateReport, upper: &CertificateReport) -> bool {
    let (Some(lower), Some(upper)) =
        (&lower.extensions.ext_key_usages, &upper.extensions.ext_key_usages)
    else {
        return true;
    };
    upper.iter().any(|purpose| purpose.name == ANY_PURPOSE || lower.contains(purpose))
}
