//! Certification requests in a report.

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::extension::{ExtensionsReport, NamedOid};
use super::identity::{Identity, Source};
use super::key::KeyReport;
use super::name::NameReport;
use crate::decode::{
    AlgorithmIdentifier, CertificationRequest, Finding, Problem, PublicKeyInfo, hex,
};
use crate::key::{PublicKey, SignatureAlgorithm};

/// A certification request, PKCS#10.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestReport {
    /// 1 by RFC 2986.
    pub version: u64,
    /// Whom it asks to be.
    pub subject: NameReport,
    /// The requestor's public key.
    pub key: KeyReport,
    /// The algorithm of the signature.
    pub signature_algorithm: NamedOid,
    /// Whether the request is signed with its own key, which proves possession of it; `None` for
    /// algorithms that we cannot check.
    pub signature_valid: Option<bool>,
    /// The extensions that it asks for.
    pub extensions: ExtensionsReport,
    /// Its attributes.
    pub attributes: Vec<RequestAttribute>,
    /// What a certificate with this content would mean to Kubernetes.
    pub meaning: Identity,
}

/// An attribute of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestAttribute {
    /// Its name, or the dotted numbers.
    pub name: String,
    /// Its object identifier.
    pub oid: String,
    /// Contents of the SET of its values, in hexadecimal.
    pub hex: String,
}

impl RequestReport {
    pub(super) fn new(request: &CertificationRequest<'_>) -> (Self, Vec<Finding>) {
        let mut findings: Vec<Finding> =
            request.faults.iter().cloned().map(Finding::from).collect();
        let extensions = ExtensionsReport::new(&request.extensions, &mut findings);
        let key = KeyReport::new(&request.public_key);
        let signature_valid =
            verify(&request.public_key, &request.algorithm, request.info, request.signature);
        if signature_valid == Some(false) {
            findings.push(Problem::RequestSignatureInvalid.into());
        }
        let meaning = Identity::new(&Source {
            subject: &request.subject,
            issuer: None,
            extensions: &extensions,
            key_algorithm: &key.algorithm,
        });
        let attributes = request
            .attributes
            .iter()
            .map(|(oid, values)| RequestAttribute {
                name: oid.name(),
                oid: oid.to_string(),
                hex: hex(values.content),
            })
            .collect();
        let report = Self {
            version: request.version,
            subject: NameReport::new(&request.subject),
            signature_algorithm: NamedOid::new(request.algorithm.oid),
            signature_valid,
            key,
            extensions,
            attributes,
            meaning,
        };
        (report, findings)
    }
}

/// Whether the signature is by this key; `None` for algorithms that we cannot check.
pub(super) fn verify(
    key: &PublicKeyInfo<'_>,
    algorithm: &AlgorithmIdentifier<'_>,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let algorithm =
        SignatureAlgorithm::from_oid(ObjectIdentifier::from_bytes(algorithm.oid.0).ok()?)?;
    let key = PublicKey::from_spki_der(key.der).ok()?;
    Some(key.verify(algorithm, message, signature).is_ok())
}
