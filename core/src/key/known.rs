//! Key pairs that are known to be pairs.
//!
//! To hold a private key of an elliptic curve against its public half means to work that out anew: a
//! multiplication on the curve, which for thousands of keys takes as long as making them. Whoever
//! made the key worked it out already. So the digest of both halves goes along with a key, and a
//! reader that meets the very same octets need not do it again; any others it works out.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{PrivateKey, Secret};
use crate::order;

/// SHA-256 of a private key of an elliptic curve and its public half.
pub(crate) type PairDigest = [u8; 32];

/// Both as they stand in ECPrivateKey.
pub(super) fn digest(private: &[u8], public: &[u8]) -> PairDigest {
    // The length, so that no octet can change sides.
    let length = (private.len() as u64).to_be_bytes();
    Sha256::new().chain_update(length).chain_update(private).chain_update(public).finalize().into()
}

impl PrivateKey {
    /// The digest of the pair; `None` for what is on no such curve: its public half is quickly had.
    pub(crate) fn pair_digest(&self) -> Option<PairDigest> {
        let public = || self.public.subject_public_key().ok();
        match &self.secret {
            Secret::EcdsaP256(secret, _) => {
                Some(digest(&Zeroizing::new(secret.to_bytes()), &public()?))
            }
            Secret::EcdsaP384(secret) => {
                Some(digest(&Zeroizing::new(secret.0.to_bytes()), &public()?))
            }
            Secret::Rsa(_) | Secret::Ed25519(_) => None,
        }
    }
}

/// Pairs that were pairs when they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownPairs(Vec<PairDigest>);

impl KnownPairs {
    /// The pairs of these keys. The public half of each was worked out from the private one, or
    /// read where it was known.
    pub fn of<'k>(keys: impl IntoIterator<Item = &'k PrivateKey>) -> Self {
        keys.into_iter().filter_map(PrivateKey::pair_digest).collect()
    }

    pub(super) fn contains(&self, pair: &PairDigest) -> bool {
        self.0.binary_search(pair).is_ok()
    }
}

impl FromIterator<PairDigest> for KnownPairs {
    fn from_iter<T: IntoIterator<Item = PairDigest>>(pairs: T) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        order::sort(&mut pairs);
        Self(pairs)
    }
}
