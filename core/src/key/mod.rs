//! Keys: generate, encode, sign, verify.
//!
//! Every Kubernetes component reads keys in the forms that Go's standard library writes:
//! PKCS#1 for RSA, SEC1 for ECDSA, PKCS#8 for Ed25519, SPKI for public keys.
//! [`PrivateKey::kubernetes_pem`] picks the right one; the others are there for people who hand
//! their keys to something else.
//!
//! Randomness is always an argument.
//! Secrets have no `Clone`, an elided `Debug`, and are zeroized when dropped.

mod algorithm;
mod crt;
mod encoding;
mod error;
mod generate;
mod known;
mod locked;
mod public;
mod signature;
mod signed;
mod takers;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use encoding::KeyFormat;
pub use error::KeyError;
pub use known::KnownPairs;
pub(crate) use known::PairDigest;
pub use public::PublicKey;
pub use signature::SignatureAlgorithm;
pub use signed::Signed;
pub use takers::Taker;

use std::fmt;
use std::sync::OnceLock;

/// A private key of one of the algorithms that the workbench makes.
///
/// It has no `Clone` so that a secret has one place in memory, and its `Debug` shows only the
/// algorithm.
pub struct PrivateKey {
    secret: Secret,
    public: PublicKey,
}

/// The secret numbers, each in the type of its own library, all of which zeroize on drop.
///
/// What ECDSA signs with has a public half of its own, which is a multiplication on the curve: it is
/// made for the first signature, and most keys never make one.
enum Secret {
    Rsa(Box<rsa::RsaPrivateKey>),
    EcdsaP256(p256::SecretKey, OnceLock<p256::ecdsa::SigningKey>),
    EcdsaP384(Box<(p384::SecretKey, OnceLock<p384::ecdsa::SigningKey>)>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
}

impl PrivateKey {
    /// The algorithm, and for RSA the size of the modulus.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm()
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
