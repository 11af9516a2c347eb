//! Key generation from an injected random number generator.

use std::sync::OnceLock;

use chacha20::ChaCha20Rng;
use rand_core::{CryptoRng, SeedableRng};
use zeroize::Zeroizing;

use super::{Algorithm, KeyError, PrivateKey, PublicKey, Secret};

/// An RSA key from two primes that [`pki_prime`] found, put together and validated by `rsa`.
fn rsa_key<R: CryptoRng>(
    rng: &mut R,
    aside: &mut ChaCha20Rng,
    bits: usize,
) -> Result<rsa::RsaPrivateKey, KeyError> {
    let failed = |reason: &dyn std::fmt::Display| KeyError::Generation(reason.to_string());
    let half = u32::try_from(bits / 2).map_err(|error| failed(&error))?;
    let mut sieve = pki_prime::Sieve::new(half);
    loop {
        let mut prime = || pki_prime::random_prime(rng, aside, half, &mut sieve);
        let (p, q) = (prime().map_err(|e| failed(&e))?, prime().map_err(|e| failed(&e))?);
        // FIPS 186-5 §A.1.3 step 5.4: too near to each other, and n is easy to factor.
        let distance = if p > q { p.wrapping_sub(&q) } else { q.wrapping_sub(&p) };
        if distance.bits() + 100 <= half {
            continue;
        }
        let primes = vec![p, q];
        // A prime of which 65537 divides the predecessor: such a pair is thrown away.
        match rsa::RsaPrivateKey::from_primes(primes, EXPONENT.into()) {
            Err(rsa::Error::InvalidPrime) => {}
            made => return made.map_err(|error| KeyError::Generation(error.to_string())),
        }
    }
}

/// A generator for what draws other amounts on other machines, so that what `rng` gives next is the
/// same on all.
fn aside<R: CryptoRng>(rng: &mut R) -> ChaCha20Rng {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut());
    ChaCha20Rng::from_seed(*seed)
}

/// F4, the public exponent that everybody uses.
const EXPONENT: u64 = 65537;

impl PrivateKey {
    /// Makes a new key.
    ///
    /// The generator must not fail half way, so callers seed one from the operating system first
    /// (see [`crate::issue::Entropy`]): a failing source is then an error before any work.
    ///
    /// # Errors
    /// [`KeyError::Generation`] when the library gives up.
    pub fn generate<R: CryptoRng>(algorithm: Algorithm, rng: &mut R) -> Result<Self, KeyError> {
        use p256::elliptic_curve::Generate;

        let secret = match algorithm {
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                // All three RSA algorithms have a length.
                let bits = algorithm.rsa_bits().unwrap_or(2048);
                let mut aside = aside(rng);
                let key = rsa_key(rng, &mut aside, bits)?;
                let key = Self::from_secret(Secret::Rsa(Box::new(key)))?;
                // Signs and verifies once, as FIPS 140-3 asks of every new key pair.
                let message = b"pairwise consistency";
                let signature = key.sign(message, &mut aside)?;
                key.public.verify(key.signature_algorithm(), message, &signature)?;
                return Ok(key);
            }
            Algorithm::EcdsaP256 => {
                Secret::EcdsaP256(p256::SecretKey::generate_from_rng(rng), OnceLock::new())
            }
            Algorithm::EcdsaP384 => {
                let secret = p384::SecretKey::generate_from_rng(rng);
                Secret::EcdsaP384(Box::new((secret, OnceLock::new())))
            }
            Algorithm::Ed25519 => {
                // RFC 8032 §5.1.5: the private key is any 32 octets.
                let mut seed = Zeroizing::new([0; 32]);
                rng.fill_bytes(seed.as_mut());
                Secret::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed)))
            }
        };
        Self::from_secret(secret)
    }

    pub(super) fn from_secret(secret: Secret) -> Result<Self, KeyError> {
        use pkcs8::EncodePublicKey;

        let spki = match &secret {
            Secret::Rsa(key) => key.to_public_key().to_public_key_der(),
            Secret::EcdsaP256(secret, _) => secret.public_key().to_public_key_der(),
            Secret::EcdsaP384(secret) => secret.0.public_key().to_public_key_der(),
            Secret::Ed25519(key) => key.verifying_key().to_public_key_der(),
        }
        .map_err(|_| KeyError::Malformed("SubjectPublicKeyInfo"))?;
        Ok(Self { secret, public: PublicKey::from_spki_der(spki.as_bytes())? })
    }
}
