//! The key algorithms on offer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A key algorithm and, for RSA, its modulus length in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// RSA, 2048-bit modulus: what kubeadm makes unless told otherwise.
    #[serde(rename = "rsa-2048")]
    Rsa2048,
    /// RSA, 3072-bit modulus.
    #[serde(rename = "rsa-3072")]
    Rsa3072,
    /// RSA, 4096-bit modulus.
    #[serde(rename = "rsa-4096")]
    Rsa4096,
    /// ECDSA on NIST P-256.
    #[serde(rename = "ecdsa-p256")]
    EcdsaP256,
    /// ECDSA on NIST P-384.
    #[serde(rename = "ecdsa-p384")]
    EcdsaP384,
    /// Ed25519 (RFC 8410), which kubeadm and service-account signing refuse.
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Rsa2048,
        Self::Rsa3072,
        Self::Rsa4096,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::Ed25519,
    ];

    /// The name in designs and on the command line, e.g. `ecdsa-p256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa3072 => "rsa-3072",
            Self::Rsa4096 => "rsa-4096",
            Self::EcdsaP256 => "ecdsa-p256",
            Self::EcdsaP384 => "ecdsa-p384",
            Self::Ed25519 => "ed25519",
        }
    }

    /// kubeadm's name for it in `ClusterConfiguration.encryptionAlgorithm`, e.g. `ECDSA-P256`;
    /// `None` where kubeadm has none.
    pub fn kubeadm_name(self) -> Option<&'static str> {
        Some(match self {
            Self::Rsa2048 => "RSA-2048",
            Self::Rsa3072 => "RSA-3072",
            Self::Rsa4096 => "RSA-4096",
            Self::EcdsaP256 => "ECDSA-P256",
            Self::EcdsaP384 => "ECDSA-P384",
            Self::Ed25519 => return None,
        })
    }

    /// Whether keys of this kind can encrypt a key, so that `keyEncipherment` has a meaning
    /// (RFC 5280 §4.2.1.3; kubeadm#3328).
    pub fn can_encipher_keys(self) -> bool {
        self.rsa_bits().is_some()
    }

    /// The modulus length in bits of an RSA algorithm.
    pub fn rsa_bits(self) -> Option<usize> {
        match self {
            Self::Rsa2048 => Some(2048),
            Self::Rsa3072 => Some(3072),
            Self::Rsa4096 => Some(4096),
            Self::EcdsaP256 | Self::EcdsaP384 | Self::Ed25519 => None,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text is not the name of a known algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    /// Takes our names and kubeadm's, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|algorithm| {
                algorithm.name().eq_ignore_ascii_case(text)
                    || algorithm.kubeadm_name().is_some_and(|name| name.eq_ignore_ascii_case(text))
            })
            .ok_or(UnknownAlgorithm)
    }
}
