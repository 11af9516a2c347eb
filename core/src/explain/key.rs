//! Keys in a report.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decode::{KeyKind, PrivateKeyInfo, PublicKeyInfo, hex};
use crate::key::{KeyFormat, PrivateKey};

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyReport {
    /// Name of the algorithm, e.g. `rsaEncryption`.
    pub algorithm: String,
    /// Its object identifier.
    pub oid: String,
    /// Name of the curve, e.g. `secp256r1`.
    pub curve: Option<String>,
    /// Bits of the modulus, or of the field of the curve.
    pub bits: Option<usize>,
    /// RSA: the modulus, in hexadecimal.
    pub modulus: Option<String>,
    /// RSA: the public exponent, in hexadecimal.
    pub exponent: Option<String>,
    /// Others: the bits of the key, in hexadecimal.
    pub point: Option<String>,
    /// The parameters of the curve are written out, which Go refuses.
    pub explicit_parameters: bool,
    /// SHA-256 of the SubjectPublicKeyInfo, in hexadecimal.
    pub spki_sha256: String,
    /// The same in base64: what HTTP clients call a pin.
    pub pin: String,
    /// The same in unpadded base64url: the `kid` of service-account tokens that it verifies.
    pub kid: String,
}

impl KeyReport {
    pub(super) fn new(key: &PublicKeyInfo<'_>) -> Self {
        let hash = Sha256::digest(key.der);
        let (mut curve, mut modulus, mut exponent, mut point) = (None, None, None, None);
        match key.kind {
            KeyKind::Rsa { modulus: n, exponent: e } => {
                modulus = Some(hex(n.strip_prefix(&[0]).unwrap_or(n)));
                exponent = Some(hex(e));
            }
            KeyKind::Ec { curve: oid, point: octets } => {
                curve = Some(oid.name());
                point = Some(hex(octets));
            }
            KeyKind::Other { bits } => point = Some(hex(bits)),
            KeyKind::EcExplicit => {}
        }
        Self {
            algorithm: key.algorithm.oid.name(),
            oid: key.algorithm.oid.to_string(),
            curve,
            bits: key.kind.bits(key.algorithm.oid),
            modulus,
            exponent,
            point,
            explicit_parameters: matches!(key.kind, KeyKind::EcExplicit),
            spki_sha256: hex(&hash),
            pin: Base64::encode_string(&hash),
            kid: Base64UrlUnpadded::encode_string(&hash),
        }
    }
}

/// A private key: what it is, and which public key is its half. Nothing of the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrivateKeyReport {
    /// `PKCS#1`, `SEC1`, `PKCS#8`, `encrypted PKCS#8` or `encrypted PEM` (RFC 1421).
    pub form: String,
    /// Name of the algorithm; of the encryption, for an encrypted PKCS#8.
    pub algorithm: Option<String>,
    /// Name of the curve.
    pub curve: Option<String>,
    /// Its size.
    pub bits: Option<usize>,
    /// It is encrypted.
    pub encrypted: bool,
    /// SHA-256 of the SubjectPublicKeyInfo of its public half, to match it with certificates;
    /// `None` for keys that we cannot read.
    pub spki_sha256: Option<String>,
}

impl PrivateKeyReport {
    pub(super) fn new(info: &PrivateKeyInfo, der: &[u8]) -> Self {
        let format = match info.form {
            "PKCS#1" => Some(KeyFormat::Pkcs1),
            "SEC1" => Some(KeyFormat::Sec1),
            "PKCS#8" => Some(KeyFormat::Pkcs8),
            _ => None,
        };
        let key = format.and_then(|format| PrivateKey::from_der(format, der).ok());
        Self {
            form: info.form.to_owned(),
            algorithm: Some(info.algorithm.clone()),
            curve: info.curve.clone(),
            bits: info.bits,
            encrypted: info.encrypted,
            spki_sha256: key.map(|key| hex(&key.public_key().spki_sha256())),
        }
    }

    /// A key that `Proc-Type: 4,ENCRYPTED` hides: only the label says what it is.
    pub(super) fn encrypted_pem(label: &str) -> Self {
        let algorithm = match label {
            "RSA PRIVATE KEY" => Some("rsaEncryption".to_owned()),
            "EC PRIVATE KEY" => Some("id-ecPublicKey".to_owned()),
            _ => None,
        };
        Self {
            form: "encrypted PEM".to_owned(),
            algorithm,
            curve: None,
            bits: None,
            encrypted: true,
            spki_sha256: None,
        }
    }
}
