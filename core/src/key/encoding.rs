//! Private keys in and out: PKCS#1 (RFC 8017), SEC1 (RFC 5915), PKCS#8 (RFC 5958).
//!
//! ECPrivateKey is put together and taken apart here, because the libraries compute the public half
//! anew each time: a multiplication on the curve, which a cluster of thousands of nodes feels.

use std::sync::OnceLock;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, SECP_256_R_1, SECP_384_R_1};
use der::Encode;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use super::known::digest;
use super::{KeyError, KnownPairs, PrivateKey, PublicKey, Secret};

/// The encodings of a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFormat {
    /// `RSA PRIVATE KEY`, RFC 8017 appendix A.1.2; RSA only.
    Pkcs1,
    /// `EC PRIVATE KEY`, RFC 5915; ECDSA only.
    Sec1,
    /// `PRIVATE KEY`, RFC 5958; every algorithm.
    Pkcs8,
}

impl KeyFormat {
    /// The PEM label of this encoding.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pkcs1 => "RSA PRIVATE KEY",
            Self::Sec1 => "EC PRIVATE KEY",
            Self::Pkcs8 => "PRIVATE KEY",
        }
    }
}

impl PrivateKey {
    /// The encoding that kubeadm writes and every component reads: PKCS#1, SEC1, or PKCS#8 for
    /// Ed25519, which has no other.
    pub fn kubernetes_format(&self) -> KeyFormat {
        match self.secret {
            Secret::Rsa(_) => KeyFormat::Pkcs1,
            Secret::EcdsaP256(..) | Secret::EcdsaP384(_) => KeyFormat::Sec1,
            Secret::Ed25519(_) => KeyFormat::Pkcs8,
        }
    }

    /// The key as PEM in [`Self::kubernetes_format`].
    ///
    /// # Errors
    /// [`KeyError::Malformed`] if the library cannot write the key.
    pub fn kubernetes_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.to_pem(self.kubernetes_format())
    }

    /// The key as PEM, 64 characters a line, `\n` line ends.
    ///
    /// # Errors
    /// [`KeyError::NoSuchFormat`] for PKCS#1 of a key that is not RSA and SEC1 of one that is not
    /// ECDSA.
    pub fn to_pem(&self, format: KeyFormat) -> Result<Zeroizing<String>, KeyError> {
        let der = self.to_der(format)?;
        let pem = pem_rfc7468::encode_string(format.label(), LineEnding::LF, &der)
            .map_err(|_| KeyError::Malformed("PEM"))?;
        Ok(Zeroizing::new(pem))
    }

    /// The key as DER.
    ///
    /// # Errors
    /// As [`Self::to_pem`].
    pub fn to_der(&self, format: KeyFormat) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let malformed = |_| KeyError::Malformed("private key");
        match (&self.secret, format) {
            (Secret::Rsa(key), KeyFormat::Pkcs1) => {
                use pkcs1::EncodeRsaPrivateKey;
                let document = key.to_pkcs1_der().map_err(|_| KeyError::Malformed("RSA key"))?;
                Ok(document.to_bytes())
            }
            (Secret::Rsa(key), KeyFormat::Pkcs8) => {
                Ok(key.to_pkcs8_der().map_err(malformed)?.to_bytes())
            }
            (Secret::EcdsaP256(secret, _), KeyFormat::Pkcs8 | KeyFormat::Sec1) => {
                self.ec_der(format, SECP_256_R_1, &Zeroizing::new(secret.to_bytes()))
            }
            (Secret::EcdsaP384(secret), KeyFormat::Pkcs8 | KeyFormat::Sec1) => {
                self.ec_der(format, SECP_384_R_1, &Zeroizing::new(secret.0.to_bytes()))
            }
            (Secret::Ed25519(key), KeyFormat::Pkcs8) => {
                // Version 1 of PKCS#8, without the public key: Go refuses version 2.
                let pair = ed25519_dalek::pkcs8::KeypairBytes {
                    secret_key: key.to_bytes(),
                    public_key: None,
                };
                Ok(pair.to_pkcs8_der().map_err(malformed)?.to_bytes())
            }
            (_, KeyFormat::Pkcs1 | KeyFormat::Sec1) => Err(KeyError::NoSuchFormat),
        }
    }

    /// ECPrivateKey with the public key in it, alone with the name of its curve, or in PKCS#8, which
    /// has that name outside.
    fn ec_der(
        &self,
        format: KeyFormat,
        curve: ObjectIdentifier,
        scalar: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let malformed = |_| KeyError::Malformed("EC key");
        let point = self.public.subject_public_key()?;
        let alone = format == KeyFormat::Sec1;
        let inner = EcPrivateKey {
            private_key: scalar,
            parameters: alone.then_some(EcParameters::NamedCurve(curve)),
            public_key: Some(&point),
        };
        let inner = Zeroizing::new(inner.to_der().map_err(malformed)?);
        if alone {
            return Ok(inner);
        }
        let outer = PrivateKeyInfoRef {
            algorithm: AlgorithmIdentifierRef {
                oid: ID_EC_PUBLIC_KEY,
                parameters: Some(AnyRef::from(&curve)),
            },
            private_key: OctetStringRef::new(&inner).map_err(malformed)?,
            public_key: None,
        };
        Ok(Zeroizing::new(outer.to_der().map_err(malformed)?))
    }

    /// Reads one PEM block with any of the three labels.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for text that is no such block, [`KeyError::Unsupported`] for keys
    /// of other algorithms, [`KeyError::Passphrase`] or [`KeyError::Unsupported`] for encrypted ones.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        Self::from_pem_knowing(pem, &KnownPairs::default())
    }

    /// The same; of a pair that is known the public half is not worked out again.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub(crate) fn from_pem_knowing(pem: &str, known: &KnownPairs) -> Result<Self, KeyError> {
        // RFC 1421 §4.6.1.1: how openssl's older commands put a key under a passphrase.
        if pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Passphrase);
        }
        let (label, der) =
            pem_rfc7468::decode_vec(pem.as_bytes()).map_err(|_| KeyError::Malformed("PEM"))?;
        let der = Zeroizing::new(der);
        match label {
            "RSA PRIVATE KEY" => Self::from_der_knowing(KeyFormat::Pkcs1, &der, known),
            "EC PRIVATE KEY" => Self::from_der_knowing(KeyFormat::Sec1, &der, known),
            "PRIVATE KEY" => Self::from_der_knowing(KeyFormat::Pkcs8, &der, known),
            other => Err(KeyError::Unsupported(other.to_owned())),
        }
    }

    /// Reads a key in DER of a known form.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub fn from_der(format: KeyFormat, der: &[u8]) -> Result<Self, KeyError> {
        Self::from_der_knowing(format, der, &KnownPairs::default())
    }

    /// The same; of a pair that is known the public half is not worked out again.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub(crate) fn from_der_knowing(
        format: KeyFormat,
        der: &[u8],
        known: &KnownPairs,
    ) -> Result<Self, KeyError> {
        let secret = match format {
            KeyFormat::Pkcs1 => {
                use pkcs1::DecodeRsaPrivateKey;
                let key = rsa::RsaPrivateKey::from_pkcs1_der(der)
                    .map_err(|_| KeyError::Malformed("RSAPrivateKey"))?;
                Secret::Rsa(Box::new(key))
            }
            KeyFormat::Sec1 => return Self::from_ec(der, None, known),
            KeyFormat::Pkcs8 => match ec_inside(der) {
                Some((inner, curve)) => return Self::from_ec(inner, Some(curve), known),
                None => pkcs8_secret(der)?,
            },
        };
        Self::from_secret(secret)
    }

    /// Reads ECPrivateKey; `outer` is the curve that the structure around it names. What it says
    /// of its public half has to be true; of a known pair it is.
    fn from_ec(
        der: &[u8],
        outer: Option<ObjectIdentifier>,
        known: &KnownPairs,
    ) -> Result<Self, KeyError> {
        const MALFORMED: KeyError = KeyError::Malformed("ECPrivateKey on P-256 or P-384");
        let read = EcPrivateKey::try_from(der).map_err(|_| MALFORMED)?;
        let named = match read.parameters {
            Some(EcParameters::NamedCurve(curve)) => Some(curve),
            _ => None,
        };
        // Where nothing names it, its length tells.
        let short = if read.private_key.len() <= 32 { SECP_256_R_1 } else { SECP_384_R_1 };
        let curve = outer.or(named).unwrap_or(short);
        if named.is_some_and(|named| named != curve) {
            return Err(MALFORMED);
        }
        let secret = match curve {
            SECP_256_R_1 => {
                let secret = p256::SecretKey::from_slice(read.private_key);
                Secret::EcdsaP256(secret.map_err(|_| MALFORMED)?, OnceLock::new())
            }
            SECP_384_R_1 => {
                let secret = p384::SecretKey::from_slice(read.private_key);
                Secret::EcdsaP384(Box::new((secret.map_err(|_| MALFORMED)?, OnceLock::new())))
            }
            _ => return Err(MALFORMED),
        };
        let is_known = |point: &&[u8]| known.contains(&digest(read.private_key, point));
        if let Some(point) = read.public_key.filter(is_known) {
            let spki = SubjectPublicKeyInfoRef {
                algorithm: AlgorithmIdentifierRef {
                    oid: ID_EC_PUBLIC_KEY,
                    parameters: Some(AnyRef::from(&curve)),
                },
                subject_public_key: BitStringRef::from_bytes(point).map_err(|_| MALFORMED)?,
            };
            let spki = spki.to_der().map_err(|_| MALFORMED)?;
            return Ok(Self { secret, public: PublicKey::from_spki_der(&spki)? });
        }
        let key = Self::from_secret(secret)?;
        match read.public_key {
            Some(point) if !is_point(point, &key.public.subject_public_key()?) => Err(MALFORMED),
            _ => Ok(key),
        }
    }
}

/// Whether a point, in whichever form (SEC 1 §2.3.3), is the one that is given uncompressed.
fn is_point(point: &[u8], uncompressed: &[u8]) -> bool {
    match point {
        [sign @ (2 | 3), x @ ..] => {
            let (same_x, odd) = match uncompressed {
                [4, both @ ..] => (both.get(..both.len() / 2) == Some(x), both.last()),
                _ => (false, None),
            };
            same_x && odd.is_some_and(|last| last & 1 == sign & 1)
        }
        _ => point == uncompressed,
    }
}

/// The ECPrivateKey inside PKCS#8, and the curve that this names.
fn ec_inside(der: &[u8]) -> Option<(&[u8], ObjectIdentifier)> {
    let info = PrivateKeyInfoRef::try_from(der).ok()?;
    let curve = info.algorithm.parameters_oid().ok()?;
    let known = [SECP_256_R_1, SECP_384_R_1].contains(&curve);
    (info.algorithm.oid == ID_EC_PUBLIC_KEY && known).then(|| (info.private_key.as_bytes(), curve))
}

fn pkcs8_secret(der: &[u8]) -> Result<Secret, KeyError> {
    if let Ok(key) = rsa::RsaPrivateKey::from_pkcs8_der(der) {
        return Ok(Secret::Rsa(Box::new(key)));
    }
    if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
        return Ok(Secret::Ed25519(Box::new(key)));
    }
    match PrivateKeyInfoRef::try_from(der) {
        Ok(info) => Err(KeyError::Unsupported(info.algorithm.oid.to_string())),
        Err(_) => Err(KeyError::Malformed("PrivateKeyInfo")),
    }
}
