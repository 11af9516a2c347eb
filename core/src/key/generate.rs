//! Key generation from an injected random number generator.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{Algorithm, KeyError, PrivateKey, PublicKey, Secret};

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
                let key = rsa::RsaPrivateKey::new(rng, bits)
                    .map_err(|error| KeyError::Generation(error.to_string()))?;
                Secret::Rsa(Box::new(key))
            }
            Algorithm::EcdsaP256 => {
                Secret::EcdsaP256(p256::SecretKey::generate_from_rng(rng).into())
            }
            Algorithm::EcdsaP384 => {
                Secret::EcdsaP384(Box::new(p384::SecretKey::generate_from_rng(rng).into()))
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
            Secret::EcdsaP256(key) => key.verifying_key().to_public_key_der(),
            Secret::EcdsaP384(key) => key.verifying_key().to_public_key_der(),
            Secret::Ed25519(key) => key.verifying_key().to_public_key_der(),
        }
        .map_err(|_| KeyError::Malformed("SubjectPublicKeyInfo"))?;
        Ok(Self { secret, public: PublicKey::from_spki_der(spki.as_bytes())? })
    }
}
