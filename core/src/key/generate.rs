//! Key generation from an injected random number generator.

use std::sync::OnceLock;

use chacha20::ChaCha20Rng;
use crypto_bigint::{BoxedUint, Limb, NonZero};
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
        if accepts(&p, &q, half) {
            return rsa::RsaPrivateKey::from_primes(vec![p, q], EXPONENT.get().into())
                .map_err(|error| failed(&error));
        }
    }
}

/// Whether two primes of `half` bits may be those of a key, by FIPS 186-5 §A.1.3. If not, both are
/// thrown away.
fn accepts(p: &BoxedUint, q: &BoxedUint, half: u32) -> bool {
    // Step 5.4: no more than 2^(half - 100) apart, and n is easy to factor (from its square root).
    let distance = if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) };
    let least = BoxedUint::one_with_precision(half).shl(half - 100);
    // Steps 4.5 and 5.6: the exponent, a prime, has an inverse unless it divides p - 1 or q - 1.
    let has_inverse = |prime: &BoxedUint| prime.rem_limb(EXPONENT) != Limb::ONE;
    distance > least && has_inverse(p) && has_inverse(q)
}

/// A generator for what draws other amounts on other machines, so that what `rng` gives next is the
/// same on all.
fn aside<R: CryptoRng>(rng: &mut R) -> ChaCha20Rng {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut());
    ChaCha20Rng::from_seed(*seed)
}

/// F4, the public exponent that everybody uses.
const EXPONENT: NonZero<Limb> = NonZero::<Limb>::new_unwrap(Limb::from_u32(65537));

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

#[cfg(test)]
mod tests {
    use super::*;

    /// `number + 2^bit + more`: what is asked about here need not be prime.
    fn sum(number: &BoxedUint, bit: u32, more: u64) -> BoxedUint {
        let bits = number.bits_precision();
        let power = BoxedUint::one_with_precision(bits).shl(bit);
        number.wrapping_add(&power).wrapping_add(BoxedUint::from(more))
    }

    #[test]
    fn primes_that_are_too_near_to_each_other_make_no_key() {
        for half in [1024, 1536, 2048] {
            let p = sum(&BoxedUint::one_with_precision(half), half - 1, 0);
            let near = [p.clone(), sum(&p, 1, 0), sum(&p, half - 200, 0), sum(&p, half - 100, 0)];
            let far = [sum(&p, half - 100, 2), sum(&p, half - 99, 0), sum(&p, half - 2, 0)];
            for (others, expected) in [(&near[..], false), (&far[..], true)] {
                for q in others {
                    assert_eq!(accepts(&p, q, half), expected, "{p} and {q}");
                    assert_eq!(accepts(q, &p, half), expected, "{q} and {p}");
                }
            }
        }
    }

    #[test]
    fn primes_whose_predecessor_the_exponent_divides_make_no_key() {
        for half in [1024, 1536, 2048] {
            let p = sum(&BoxedUint::one_with_precision(half), half - 1, 0);
            let start = sum(&p, half - 2, 0);
            let remainder = start.rem_limb(EXPONENT);
            // 65537 k + 1, odd.
            let odd = |q: &BoxedUint| q.as_words()[0] % 2 == 1;
            let q = start.wrapping_sub(BoxedUint::from(remainder.0 - 1));
            let q = if odd(&q) { q } else { sum(&q, 16, 1) };
            assert!(odd(&q) && q.rem_limb(EXPONENT) == Limb::ONE);
            for pair in [[&p, &q], [&q, &p]] {
                assert!(!accepts(pair[0], pair[1], half), "{q}");
                let made = rsa::RsaPrivateKey::from_primes(
                    pair.map(Clone::clone).to_vec(),
                    EXPONENT.get().into(),
                );
                assert_eq!(made.err(), Some(rsa::Error::InvalidPrime), "so says the library");
            }
            // Its neighbour is fine.
            let q = sum(&q, 1, 0);
            assert!(accepts(&p, &q, half) && accepts(&q, &p, half), "{q}");
        }
    }
}
