//! Certificates in a report.

use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use time::OffsetDateTime;

use super::extension::{ExtensionsReport, NamedOid};
use super::identity::{Identity, Source};
use super::key::KeyReport;
use super::name::NameReport;
use super::validity::ValidityReport;
use crate::decode::{
    Certificate, CertificateStart, Finding, Problem, Severity, decimal, hex, magnitude, strict,
};

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateReport {
    /// 1, 2 or 3.
    pub version: u64,
    /// The serial number.
    pub serial: SerialReport,
    /// Whom it names.
    pub subject: NameReport,
    /// Who signed it.
    pub issuer: NameReport,
    /// Subject and issuer are the same bytes.
    pub self_issued: bool,
    /// When it is valid.
    pub validity: ValidityReport,
    /// The public key.
    pub key: KeyReport,
    /// The algorithm of the signature.
    pub signature_algorithm: NamedOid,
    /// Its extensions.
    pub extensions: ExtensionsReport,
    /// Hashes of the whole.
    pub fingerprints: Fingerprints,
    /// What `kubeadm join --discovery-token-ca-cert-hash` takes; only for a CA.
    pub discovery_token_ca_cert_hash: Option<String>,
    /// What audit events show as `authentication.kubernetes.io/credential-id` (1.32 and later).
    pub credential_id: String,
    /// What it means to Kubernetes.
    pub meaning: Identity,
}

/// A serial number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SerialReport {
    /// Hexadecimal of the absolute value, two digits an octet.
    pub hex: String,
    /// Decimal; `None` for one beyond 64 octets.
    pub decimal: Option<String>,
    /// It is below zero.
    pub negative: bool,
}

impl SerialReport {
    pub(super) fn new(integer: &[u8]) -> Self {
        let octets = magnitude(integer);
        Self {
            hex: if octets.is_empty() { "00".to_owned() } else { hex(&octets) },
            decimal: decimal(integer),
            negative: integer.first().is_some_and(|octet| octet & 0x80 != 0),
        }
    }
}

/// Hashes of the DER of a certificate, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprints {
    /// SHA-256.
    pub sha256: String,
    /// SHA-1.
    pub sha1: String,
    /// SHA-256 of the SubjectPublicKeyInfo, in base64.
    pub spki_pin: String,
}

/// What can be read of a certificate that is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateStartReport {
    /// The serial number.
    pub serial: SerialReport,
    /// Who signed it.
    pub issuer: Option<NameReport>,
    /// When it is valid.
    pub validity: Option<ValidityReport>,
    /// Whom it names.
    pub subject: Option<NameReport>,
}

impl CertificateStartReport {
    pub(super) fn new(start: &CertificateStart<'_>, now: OffsetDateTime) -> Self {
        Self {
            serial: SerialReport::new(start.serial),
            issuer: start.issuer.as_ref().map(NameReport::new),
            validity: start
                .validity
                .map(|(start, end)| ValidityReport::new(Some(start), Some(end), now)),
            subject: start.subject.as_ref().map(NameReport::new),
        }
    }
}

impl CertificateReport {
    pub(super) fn new(certificate: &Certificate<'_>, now: OffsetDateTime) -> (Self, Vec<Finding>) {
        let mut findings: Vec<Finding> =
            certificate.faults.iter().cloned().map(Finding::from).collect();
        let extensions = ExtensionsReport::new(&certificate.extensions, &mut findings);
        let errors = findings.iter().any(|finding| finding.severity == Severity::Error);
        // Where our reader has named the fault, the strict one adds only other words for it.
        if let (false, Err(reason)) = (errors, strict(certificate.der)) {
            findings.push(Problem::StrictParser { reason }.into());
        }
        let key = KeyReport::new(&certificate.public_key);
        let meaning = Identity::new(&Source {
            subject: &certificate.subject,
            issuer: Some(&certificate.issuer),
            extensions: &extensions,
            key_algorithm: &key.algorithm,
        });
        let sha256 = hex(&Sha256::digest(certificate.der));
        let report = Self {
            version: certificate.version,
            serial: SerialReport::new(certificate.serial),
            subject: NameReport::new(&certificate.subject),
            issuer: NameReport::new(&certificate.issuer),
            self_issued: certificate.subject.der == certificate.issuer.der,
            validity: ValidityReport::new(certificate.not_before, certificate.not_after, now),
            signature_algorithm: NamedOid::new(certificate.algorithm.oid),
            discovery_token_ca_cert_hash: extensions
                .is_ca()
                .then(|| format!("sha256:{}", key.spki_sha256)),
            credential_id: format!("X509SHA256={sha256}"),
            fingerprints: Fingerprints {
                sha256,
                sha1: hex(&Sha1::digest(certificate.der)),
                spki_pin: key.pin.clone(),
            },
            key,
            extensions,
            meaning,
        };
        (report, findings)
    }
}
