//! A certificate that is decided but not yet encoded.

use time::OffsetDateTime;
use x509_cert::name::Name;

use crate::design::{Constraints, San};
use crate::key::PublicKey;
use crate::plan::ExtendedKeyUsage;

/// The octets of a key identifier.
pub(super) type Identifier = Vec<u8>;

/// Everything that a certificate says, in the profile that kubeadm shows: version 3, and the
/// extensions in the order keyUsage (critical), extendedKeyUsage, basicConstraints (critical),
/// subjectKeyIdentifier, authorityKeyIdentifier, subjectAltName, nameConstraints (critical).
pub(super) struct Blank {
    /// Positive.
    pub(super) serial: u64,
    pub(super) issuer: Name,
    pub(super) subject: Name,
    pub(super) not_before: OffsetDateTime,
    pub(super) not_after: OffsetDateTime,
    pub(super) key: PublicKey,
    /// Gives keyCertSign and basicConstraints cA.
    pub(super) is_ca: bool,
    /// How many CAs may stand below; `None` for no limit.
    pub(super) path_length: Option<u8>,
    /// No extension when empty.
    pub(super) usages: &'static [ExtendedKeyUsage],
    /// Whether that extension is critical.
    pub(super) critical_usages: bool,
    pub(super) subject_key_id: Option<Identifier>,
    pub(super) authority_key_id: Option<Identifier>,
    /// No extension when empty.
    pub(super) sans: Vec<San>,
    /// No extension when empty.
    pub(super) constraints: Constraints,
}

impl Blank {
    /// keyEncipherment has a meaning for RSA only; kubeadm sets it for ECDSA too, which is being
    /// mended (kubeadm#3328).
    pub(super) fn enciphers_keys(&self) -> bool {
        self.key.algorithm().can_encipher_keys()
    }
}
