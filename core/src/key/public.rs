//! Public keys in SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), and the names they are known by.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1};
use const_oid::db::rfc8410::ID_ED_25519;
use der::{Decode, Encode};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use spki::SubjectPublicKeyInfoRef;

use super::{Algorithm, KeyError};

/// A public key, kept as the DER bytes of its SubjectPublicKeyInfo.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: Algorithm,
    spki: Vec<u8>,
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError::Malformed`], or [`KeyError::Unsupported`] for an algorithm, curve or RSA size
    /// that the workbench does not make.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let spki = SubjectPublicKeyInfoRef::from_der(der)
            .map_err(|_| KeyError::Malformed("SubjectPublicKeyInfo"))?;
        Ok(Self { algorithm: algorithm_of(&spki)?, spki: der.to_vec() })
    }

    /// The algorithm, and for RSA the size of the modulus.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The DER bytes of the SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// The content of the subjectPublicKey BIT STRING, without tag, length and unused-bits octet.
    ///
    /// # Errors
    /// Never for a key that was constructed; the bytes are parsed again.
    pub fn subject_public_key(&self) -> Result<Vec<u8>, KeyError> {
        let spki = SubjectPublicKeyInfoRef::from_der(&self.spki)
            .map_err(|_| KeyError::Malformed("SubjectPublicKeyInfo"))?;
        Ok(spki.subject_public_key.raw_bytes().to_vec())
    }

    /// The key as a `PUBLIC KEY` PEM block, as kubeadm writes `sa.pub`.
    pub fn to_pem(&self) -> String {
        pem_rfc7468::encode_string("PUBLIC KEY", pem_rfc7468::LineEnding::LF, &self.spki)
            // The label is a constant in the alphabet of RFC 7468, and the length fits memory.
            .unwrap_or_default()
    }

    /// The subject key identifier that Go 1.25 and later write: the first 160 bits of the SHA-256
    /// hash of the subjectPublicKey bits (RFC 7093 §2, method 1; golang/go#71746).
    ///
    /// # Errors
    /// As [`Self::subject_public_key`].
    pub fn key_identifier_sha256(&self) -> Result<[u8; 20], KeyError> {
        let hash = Sha256::digest(self.subject_public_key()?);
        let mut identifier = [0; 20];
        identifier.copy_from_slice(&hash[..20]);
        Ok(identifier)
    }

    /// The subject key identifier of RFC 5280 §4.2.1.2, method 1 (SHA-1), which Go before 1.25
    /// writes.
    ///
    /// # Errors
    /// As [`Self::subject_public_key`].
    pub fn key_identifier_sha1(&self) -> Result<[u8; 20], KeyError> {
        Ok(Sha1::digest(self.subject_public_key()?).into())
    }

    /// SHA-256 of the SubjectPublicKeyInfo: the pin in `kubeadm join
    /// --discovery-token-ca-cert-hash sha256:…`, and the `kid` of service-account tokens in
    /// unpadded base64url.
    pub fn spki_sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.spki).into()
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublicKey").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

fn algorithm_of(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<Algorithm, KeyError> {
    let unsupported = |oid: ObjectIdentifier| KeyError::Unsupported(oid.to_string());
    match spki.algorithm.oid {
        ID_EC_PUBLIC_KEY => match spki.algorithm.parameters_oid() {
            Ok(SECP_256_R_1) => Ok(Algorithm::EcdsaP256),
            Ok(SECP_384_R_1) => Ok(Algorithm::EcdsaP384),
            Ok(curve) => Err(unsupported(curve)),
            Err(_) => Err(KeyError::Malformed("EC named curve")),
        },
        ID_ED_25519 => Ok(Algorithm::Ed25519),
        RSA_ENCRYPTION => {
            let bits = rsa_modulus_bits(spki)?;
            Algorithm::ALL
                .into_iter()
                .find(|algorithm| algorithm.rsa_bits() == Some(bits))
                .ok_or_else(|| KeyError::Unsupported(format!("RSA-{bits}")))
        }
        other => Err(unsupported(other)),
    }
}

fn rsa_modulus_bits(spki: &SubjectPublicKeyInfoRef<'_>) -> Result<usize, KeyError> {
    let malformed = KeyError::Malformed("RSAPublicKey");
    let key = pkcs1::RsaPublicKey::<der::asn1::UintRef<'_>>::from_der(
        spki.subject_public_key.raw_bytes(),
    )
    .map_err(|_| malformed.clone())?;
    let modulus = key.modulus.as_bytes();
    let first = modulus.first().ok_or(malformed)?;
    Ok(modulus.len() * 8 - first.leading_zeros() as usize)
}

impl pkcs8::EncodePublicKey for PublicKey {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        Ok(der::Document::from_der(&self.spki).and_then(|document| {
            // `Document` checks that the bytes are one DER value.
            document.encoded_len()?;
            Ok(document)
        })?)
    }
}
