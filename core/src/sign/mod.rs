//! Reviewed content plus issuer to certificate, as kube-controller-manager's signer makes it.
//!
//! The content comes out of [`crate::review`] and nothing else goes in, so a request cannot bring
//! anything into a certificate that the review did not look at.
//! Randomness and, through the review, the clock are arguments.

mod certificate;
mod issuer;
mod publish;

pub(crate) use certificate::{attribute, encode_extension, general_names};
pub use issuer::{Issuer, IssuerError};
pub use publish::{
    certificate_from_object, find_certificates, replace_status_command, request_path, shell_word,
    with_status,
};

use std::fmt;

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};

use crate::key::KeyError;
use crate::review::ReviewedContent;

/// A certificate that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The certificate.
    pub der: Vec<u8>,
    /// Its serial number, big-endian, without leading zeros.
    pub serial: Vec<u8>,
}

/// A certificate could not be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The content was reviewed for another CA.
    OtherIssuer,
    /// The validity leads outside the years that X.509 can write (1950 to 9999).
    TimeOutOfRange,
    /// The key failed.
    Key(KeyError),
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherIssuer => f.write_str("the content was reviewed for another CA"),
            Self::TimeOutOfRange => f.write_str("validity outside the years 1950 to 9999"),
            Self::Key(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SignError {}

/// Signs reviewed content.
///
/// The serial number is a random number of 128 bits, never zero.
///
/// # Errors
/// A [`SignError`].
pub fn sign<R: CryptoRng>(
    content: &ReviewedContent,
    issuer: &Issuer,
    rng: &mut R,
) -> Result<Signed, SignError> {
    if content.issuer != issuer.authority().subject {
        return Err(SignError::OtherIssuer);
    }
    let mut serial = [0u8; 16];
    while serial.iter().all(|octet| *octet == 0) {
        rng.fill_bytes(&mut serial);
    }
    let first = serial.iter().position(|octet| *octet != 0).unwrap_or_default();
    let serial = serial.get(first..).unwrap_or_default().to_vec();
    let der = certificate::encode(content, issuer, &serial, rng)?;
    Ok(Signed { der, serial })
}

impl Signed {
    /// The certificate as one PEM block: what kube-controller-manager puts into
    /// `status.certificate`, without any CA.
    pub fn to_pem(&self) -> String {
        pem(&self.der)
    }

    /// `authentication.kubernetes.io/credential-id` in audit logs of requests with this
    /// certificate: `X509SHA256=` and the SHA-256 of the DER in hexadecimal.
    pub fn credential_id(&self) -> String {
        credential_id(&self.der)
    }
}

/// As [`Signed::credential_id`], for any certificate.
pub fn credential_id(der: &[u8]) -> String {
    let hash = Sha256::digest(der);
    let digits: String = hash.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("X509SHA256={digits}")
}

pub(crate) fn pem(der: &[u8]) -> String {
    pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, der)
        // The label is a constant in the alphabet of RFC 7468, and the length fits memory.
        .unwrap_or_default()
}
