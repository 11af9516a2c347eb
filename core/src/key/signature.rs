//! Signatures as X.509 carries them: the algorithm, making one, checking one.

use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use der::asn1::AnyRef;
use rand_core::CryptoRng;
use rsa::pkcs1v15;
use rsa::traits::PublicKeyParts;
use sha2::{Sha256, Sha384, Sha512};
use signature::{RandomizedSigner, SignatureEncoding, Signer, Verifier};
use spki::{AlgorithmIdentifierRef, DecodePublicKey};

use super::{Algorithm, KeyError, PrivateKey, PublicKey, Secret, crt};

/// The signature algorithms of RFC 5912 and RFC 8410 that Go's X.509 accepts and we can check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// sha256WithRSAEncryption (PKCS#1 v1.5).
    RsaSha256,
    /// sha384WithRSAEncryption (PKCS#1 v1.5).
    RsaSha384,
    /// sha512WithRSAEncryption (PKCS#1 v1.5).
    RsaSha512,
    /// ecdsa-with-SHA256.
    EcdsaSha256,
    /// ecdsa-with-SHA384.
    EcdsaSha384,
    /// ecdsa-with-SHA512.
    EcdsaSha512,
    /// Ed25519 (RFC 8410).
    Ed25519,
}

impl SignatureAlgorithm {
    /// Every algorithm that [`PublicKey::verify`] knows.
    pub const ALL: [Self; 7] = [
        Self::RsaSha256,
        Self::RsaSha384,
        Self::RsaSha512,
        Self::EcdsaSha256,
        Self::EcdsaSha384,
        Self::EcdsaSha512,
        Self::Ed25519,
    ];

    /// The algorithm's object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::RsaSha256 => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
            Self::RsaSha384 => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
            Self::RsaSha512 => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
            Self::EcdsaSha256 => rfc5912::ECDSA_WITH_SHA_256,
            Self::EcdsaSha384 => rfc5912::ECDSA_WITH_SHA_384,
            Self::EcdsaSha512 => rfc5912::ECDSA_WITH_SHA_512,
            Self::Ed25519 => rfc8410::ID_ED_25519,
        }
    }

    /// The algorithm with this object identifier.
    pub fn from_oid(oid: ObjectIdentifier) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    /// The AlgorithmIdentifier: NULL parameters for RSA (RFC 4055 §5), none for the others
    /// (RFC 5758 §3.2, RFC 8410 §3).
    pub fn identifier(self) -> AlgorithmIdentifierRef<'static> {
        let parameters = match self {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => Some(AnyRef::NULL),
            _ => None,
        };
        AlgorithmIdentifierRef { oid: self.oid(), parameters }
    }
}

impl PrivateKey {
    /// The algorithm that Go picks for a CA with this key, which kubeadm's certificates show:
    /// SHA-256 for RSA of any size and P-256, SHA-384 for P-384.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        match self.algorithm() {
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => {
                SignatureAlgorithm::RsaSha256
            }
            Algorithm::EcdsaP256 => SignatureAlgorithm::EcdsaSha256,
            Algorithm::EcdsaP384 => SignatureAlgorithm::EcdsaSha384,
            Algorithm::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }

    /// Signs with [`Self::signature_algorithm`] and gives the bytes that go into a signatureValue
    /// BIT STRING: for ECDSA the DER SEQUENCE of r and s.
    ///
    /// ECDSA nonces follow RFC 6979, and PKCS#1 v1.5 is deterministic, so the generator only
    /// blinds the RSA operation: the same message gives the same signature.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library fails.
    pub fn sign<R: CryptoRng>(&self, message: &[u8], rng: &mut R) -> Result<Vec<u8>, KeyError> {
        match &self.secret {
            Secret::Rsa(key) => {
                let half = key.n().bits_precision() / 2;
                let powers =
                    pki_prime::has_powers(half).then_some(pki_prime::powers as crt::Powers);
                self.sign_rsa(key, message, rng, powers)
            }
            Secret::EcdsaP256(secret, key) => {
                let key = key.get_or_init(|| secret.into());
                let signature: p256::ecdsa::DerSignature =
                    key.try_sign(message).map_err(|_| KeyError::Signing)?;
                Ok(signature.as_bytes().to_vec())
            }
            Secret::EcdsaP384(secret) => {
                let (secret, key) = secret.as_ref();
                let key = key.get_or_init(|| secret.into());
                let signature: p384::ecdsa::DerSignature =
                    key.try_sign(message).map_err(|_| KeyError::Signing)?;
                Ok(signature.as_bytes().to_vec())
            }
            Secret::Ed25519(key) => {
                let signature = key.try_sign(message).map_err(|_| KeyError::Signing)?;
                Ok(signature.to_bytes().to_vec())
            }
        }
    }

    /// By `powers` where it gives the right signature, of which there is but one; else, and much
    /// slower, by the library.
    pub(super) fn sign_rsa<R: CryptoRng>(
        &self,
        key: &rsa::RsaPrivateKey,
        message: &[u8],
        rng: &mut R,
        powers: Option<crt::Powers>,
    ) -> Result<Vec<u8>, KeyError> {
        let is_right = |signature: &Vec<u8>| {
            self.public.verify(SignatureAlgorithm::RsaSha256, message, signature).is_ok()
        };
        let fast = powers.and_then(|powers| crt::sign(key, message, rng, powers));
        if let Some(signature) = fast.filter(is_right) {
            return Ok(signature);
        }
        let signer = pkcs1v15::SigningKey::<Sha256>::new(key.clone());
        let signature = signer.try_sign_with_rng(rng, message).map_err(|_| KeyError::Signing)?;
        Ok(signature.to_vec())
    }
}

impl PublicKey {
    /// Checks a signature as it stands in a signatureValue BIT STRING.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`], or [`KeyError::AlgorithmMismatch`] when the algorithm is not
    /// one for this kind of key.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), KeyError> {
        use SignatureAlgorithm as S;
        match (self.algorithm(), algorithm) {
            (Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096, _) => {
                self.verify_rsa(algorithm, message, signature)
            }
            (Algorithm::EcdsaP256, S::EcdsaSha256 | S::EcdsaSha384 | S::EcdsaSha512) => {
                use p256::ecdsa::{DerSignature, VerifyingKey};
                let key = VerifyingKey::from_public_key_der(self.spki_der()).map_err(bad_key)?;
                let signature = DerSignature::from_bytes(signature).map_err(bad_signature)?;
                let signature =
                    p256::ecdsa::Signature::try_from(signature).map_err(bad_signature)?;
                verify_prehash(&key, &digest(algorithm, message), &signature)
            }
            (Algorithm::EcdsaP384, S::EcdsaSha256 | S::EcdsaSha384 | S::EcdsaSha512) => {
                use p384::ecdsa::{DerSignature, VerifyingKey};
                let key = VerifyingKey::from_public_key_der(self.spki_der()).map_err(bad_key)?;
                let signature = DerSignature::from_bytes(signature).map_err(bad_signature)?;
                let signature =
                    p384::ecdsa::Signature::try_from(signature).map_err(bad_signature)?;
                verify_prehash(&key, &digest(algorithm, message), &signature)
            }
            (Algorithm::Ed25519, S::Ed25519) => {
                let key = ed25519_dalek::VerifyingKey::from_public_key_der(self.spki_der())
                    .map_err(bad_key)?;
                let signature =
                    ed25519_dalek::Signature::from_slice(signature).map_err(bad_signature)?;
                key.verify(message, &signature).map_err(bad_signature)
            }
            _ => Err(KeyError::AlgorithmMismatch),
        }
    }

    /// Checks the signature of a JSON Web Token: `RS256`, `ES256` and their kin, where ECDSA
    /// signatures are r and s in a row (RFC 7518 §3.4).
    ///
    /// # Errors
    /// As [`Self::verify`], and [`KeyError::Unsupported`] for other algorithms.
    pub fn verify_token(
        &self,
        algorithm: &str,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), KeyError> {
        use SignatureAlgorithm as S;
        let (algorithm, pair) = match algorithm {
            "RS256" => (S::RsaSha256, false),
            "RS384" => (S::RsaSha384, false),
            "RS512" => (S::RsaSha512, false),
            "ES256" => (S::EcdsaSha256, true),
            "ES384" => (S::EcdsaSha384, true),
            "EdDSA" => (S::Ed25519, false),
            other => return Err(KeyError::Unsupported(other.to_owned())),
        };
        if pair {
            let signature = ecdsa_der(signature).ok_or(KeyError::BadSignature)?;
            self.verify(algorithm, message, &signature)
        } else {
            self.verify(algorithm, message, signature)
        }
    }

    fn verify_rsa(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), KeyError> {
        let key = rsa::RsaPublicKey::from_public_key_der(self.spki_der()).map_err(bad_key)?;
        let signature = pkcs1v15::Signature::try_from(signature).map_err(bad_signature)?;
        match algorithm {
            SignatureAlgorithm::RsaSha256 => {
                pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &signature)
            }
            SignatureAlgorithm::RsaSha384 => {
                pkcs1v15::VerifyingKey::<Sha384>::new(key).verify(message, &signature)
            }
            SignatureAlgorithm::RsaSha512 => {
                pkcs1v15::VerifyingKey::<Sha512>::new(key).verify(message, &signature)
            }
            _ => return Err(KeyError::AlgorithmMismatch),
        }
        .map_err(bad_signature)
    }
}

/// The DER SEQUENCE of r and s, which stand in a row with as many octets each.
fn ecdsa_der(pair: &[u8]) -> Option<Vec<u8>> {
    use der::Encode;
    let (r, s) = pair.split_at_checked(pair.len() / 2).filter(|(r, s)| r.len() == s.len())?;
    let integer = |octets: &[u8]| der::asn1::UintRef::new(octets).ok()?.to_der().ok();
    let contents = [integer(r)?, integer(s)?].concat();
    der::asn1::AnyRef::new(der::Tag::Sequence, &contents).ok()?.to_der().ok()
}

fn digest(algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    match algorithm {
        SignatureAlgorithm::EcdsaSha384 => Sha384::digest(message).to_vec(),
        SignatureAlgorithm::EcdsaSha512 => Sha512::digest(message).to_vec(),
        _ => Sha256::digest(message).to_vec(),
    }
}

fn verify_prehash<K, S>(key: &K, prehash: &[u8], signature: &S) -> Result<(), KeyError>
where
    K: signature::hazmat::PrehashVerifier<S>,
{
    key.verify_prehash(prehash, signature).map_err(bad_signature)
}

fn bad_key<E>(_: E) -> KeyError {
    KeyError::Malformed("SubjectPublicKeyInfo")
}

fn bad_signature<E>(_: E) -> KeyError {
    KeyError::BadSignature
}
