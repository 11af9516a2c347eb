//! Which certificate signed which.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::MOST_SIGNATURES;
use crate::decode::{Certificate, Oid, authority_key_identifier, oid, subject_key_identifier};
use crate::hash::HashMap;
use crate::key::{KeyError, PublicKey, SignatureAlgorithm, Signed};

/// Certificates of one name that are looked at for one signature.
const MOST_NAMESAKES: usize = 8;

/// A certificate and its issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuerLink {
    /// Index of the certificate.
    pub certificate: usize,
    /// Index of its issuer, which is itself for a root.
    pub issuer: usize,
    /// Whether the issuer's key made the signature.
    pub signature: Signature,
    /// The two names read the same and are not the same bytes, so that verifiers that compare
    /// bytes, as Go does, find no issuer.
    pub name_bytes_differ: bool,
    /// The authority key identifier is another than the issuer's subject key identifier.
    pub key_id_differs: bool,
}

/// What came of checking a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Signature {
    /// The key made it.
    Valid,
    /// The key did not make it.
    Invalid,
    /// An algorithm, or a kind of key, that we cannot check.
    Unsupported,
    /// Not tried: there were too many.
    Unchecked,
}

/// What the search needs of a certificate.
struct Entry<'a> {
    index: usize,
    certificate: &'a Certificate<'a>,
    key_id: Option<&'a [u8]>,
    authority_key_id: Option<&'a [u8]>,
}

/// Fewer certificates than this are not worth a way to somebody else and back.
const FEWEST_LATER: usize = 8;

/// The issuer of each certificate that has one in sight. With a place for `later`, signatures are
/// taken for right and put there, where there are many: then all of this holds if they are.
pub(super) fn links(
    certificates: &[(usize, Certificate<'_>)],
    later: Option<&mut Vec<Signed>>,
) -> Vec<IssuerLink> {
    let entries: Vec<Entry<'_>> =
        certificates.iter().map(|(index, certificate)| Entry::new(*index, certificate)).collect();
    let mut by_name: HashMap<&[u8], Vec<&Entry<'_>>> = HashMap::default();
    let mut by_key_id: HashMap<&[u8], Vec<&Entry<'_>>> = HashMap::default();
    for entry in &entries {
        by_name.entry(entry.certificate.subject.der).or_default().push(entry);
        if let Some(key_id) = entry.key_id {
            by_key_id.entry(key_id).or_default().push(entry);
        }
    }
    let later = later.filter(|_| certificates.len() >= FEWEST_LATER);
    let mut checker = Checker { left: MOST_SIGNATURES, known: HashMap::default(), later };
    let mut links = Vec::new();
    for entry in &entries {
        let same_key_id = entry.authority_key_id.and_then(|key_id| by_key_id.get(key_id));
        let same_name = by_name.get(entry.certificate.issuer.der);
        // Itself, then who has name and key identifier, then who has either.
        let is_own_issuer = entry.certificate.issuer.der == entry.certificate.subject.der;
        let mut candidates: Vec<&Entry<'_>> = is_own_issuer.then_some(entry).into_iter().collect();
        let by_both = same_key_id.into_iter().flatten().filter(|other| entry.names(other));
        candidates.extend(by_both.take(MOST_NAMESAKES));
        candidates.extend(same_name.into_iter().flatten().take(MOST_NAMESAKES));
        candidates.extend(
            same_key_id
                .into_iter()
                .flatten()
                .filter(|other| entry.reads_like(other))
                .take(MOST_NAMESAKES),
        );
        links.extend(best(entry, &candidates, &mut checker));
    }
    links
}

/// The first candidate that made the signature, or else the first of all.
fn best<'a>(
    entry: &Entry<'a>,
    candidates: &[&Entry<'a>],
    checker: &mut Checker<'a>,
) -> Option<IssuerLink> {
    let mut fallback: Option<IssuerLink> = None;
    for candidate in candidates {
        let signature = checker.check(entry.certificate, candidate.certificate);
        let link = IssuerLink {
            certificate: entry.index,
            issuer: candidate.index,
            signature,
            name_bytes_differ: !entry.names(candidate),
            key_id_differs: matches!(
                (entry.authority_key_id, candidate.key_id),
                (Some(wanted), Some(found)) if wanted != found
            ),
        };
        if signature == Signature::Valid {
            return Some(link);
        }
        // An issuer whose key identifier fits, or a signature that nobody can check, is a better
        // guess than a name alone.
        let better = fallback.is_none_or(|held| held.key_id_differs && !link.key_id_differs);
        if better {
            fallback = Some(link);
        }
    }
    fallback
}

impl<'a> Entry<'a> {
    fn new(index: usize, certificate: &'a Certificate<'a>) -> Self {
        let ignored = &mut Vec::new();
        let key_id = certificate
            .extension(oid::SUBJECT_KEY_IDENTIFIER)
            .and_then(|extension| subject_key_identifier(extension.reader(), ignored).ok());
        let authority_key_id = certificate
            .extension(oid::AUTHORITY_KEY_IDENTIFIER)
            .and_then(|extension| authority_key_identifier(extension.reader(), ignored).ok())
            .and_then(|identifier| identifier.key_id);
        Self { index, certificate, key_id, authority_key_id }
    }

    /// Whether the issuer's name is the other's subject, byte for byte.
    fn names(&self, other: &Self) -> bool {
        self.certificate.issuer.der == other.certificate.subject.der
    }

    /// Whether the two names are the same to people.
    fn reads_like(&self, other: &Self) -> bool {
        self.certificate.issuer.rfc4514() == other.certificate.subject.rfc4514()
    }
}

/// Checks signatures until there were too many. One CA often stands in many places, in every
/// kubeconfig and Secret: what is the same bytes under the same key is checked once.
struct Checker<'a> {
    left: usize,
    known: HashMap<(&'a [u8], &'a [u8]), Signature>,
    later: Option<&'a mut Vec<Signed>>,
}

impl<'a> Checker<'a> {
    /// Whether the issuer's key made the signature.
    fn check(&mut self, certificate: &Certificate<'a>, issuer: &Certificate<'a>) -> Signature {
        let pair = (certificate.der, issuer.public_key.der);
        if let Some(signature) = self.known.get(&pair) {
            return *signature;
        }
        let Some(left) = self.left.checked_sub(1) else { return Signature::Unchecked };
        self.left = left;
        let algorithm = certificate.algorithm.oid;
        let signature = match &mut self.later {
            None => made_by(issuer, algorithm, certificate.tbs, certificate.signature),
            Some(later) => {
                match signed(issuer, algorithm, certificate.tbs, certificate.signature) {
                    Some(signed) => {
                        later.push(signed);
                        Signature::Valid
                    }
                    None => Signature::Unsupported,
                }
            }
        };
        self.known.insert(pair, signature);
        signature
    }
}

/// Whether a certificate's key made a signature over some bytes.
pub(super) fn made_by(
    issuer: &Certificate<'_>,
    algorithm: Oid<'_>,
    signed: &[u8],
    signature: &[u8],
) -> Signature {
    match self::signed(issuer, algorithm, signed, signature).map(|signed| signed.check()) {
        Some(Ok(())) => Signature::Valid,
        None | Some(Err(KeyError::Unsupported(_))) => Signature::Unsupported,
        Some(Err(_)) => Signature::Invalid,
    }
}

/// The same for somebody else to check; `None` for an algorithm or a key that we do not know.
fn signed(
    issuer: &Certificate<'_>,
    algorithm: Oid<'_>,
    signed: &[u8],
    signature: &[u8],
) -> Option<Signed> {
    let algorithm = ObjectIdentifier::from_bytes(algorithm.0).ok();
    Some(Signed {
        algorithm: algorithm.and_then(SignatureAlgorithm::from_oid)?,
        key: PublicKey::from_spki_der(issuer.public_key.der).ok()?,
        message: signed.to_vec(),
        signature: signature.to_vec(),
    })
}
