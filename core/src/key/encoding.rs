//! Private keys in and out: PKCS#1 (RFC 8017), SEC1 (RFC 5915), PKCS#8 (RFC 5958).

use pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use zeroize::Zeroizing;

use super::{KeyError, PrivateKey, Secret};

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
            Secret::EcdsaP256(_) | Secret::EcdsaP384(_) => KeyFormat::Sec1,
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
            (Secret::EcdsaP256(key), KeyFormat::Pkcs8) => {
                Ok(key.to_pkcs8_der().map_err(malformed)?.to_bytes())
            }
            (Secret::EcdsaP384(key), KeyFormat::Pkcs8) => {
                Ok(key.to_pkcs8_der().map_err(malformed)?.to_bytes())
            }
            (Secret::Ed25519(key), KeyFormat::Pkcs8) => {
                // Version 1 of PKCS#8, without the public key: Go refuses version 2.
                let pair = ed25519_dalek::pkcs8::KeypairBytes {
                    secret_key: key.to_bytes(),
                    public_key: None,
                };
                Ok(pair.to_pkcs8_der().map_err(malformed)?.to_bytes())
            }
            (Secret::EcdsaP256(key), KeyFormat::Sec1) => {
                p256::SecretKey::from(key).to_sec1_der().map_err(|_| KeyError::Malformed("EC key"))
            }
            (Secret::EcdsaP384(key), KeyFormat::Sec1) => p384::SecretKey::from(key.as_ref())
                .to_sec1_der()
                .map_err(|_| KeyError::Malformed("EC key")),
            (_, KeyFormat::Pkcs1 | KeyFormat::Sec1) => Err(KeyError::NoSuchFormat),
        }
    }

    /// Reads one PEM block with any of the three labels.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] for text that is no such block, [`KeyError::Unsupported`] for keys
    /// of other algorithms and for encrypted keys.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let (label, der) =
            pem_rfc7468::decode_vec(pem.as_bytes()).map_err(|_| KeyError::Malformed("PEM"))?;
        let der = Zeroizing::new(der);
        match label {
            "RSA PRIVATE KEY" => Self::from_der(KeyFormat::Pkcs1, &der),
            "EC PRIVATE KEY" => Self::from_der(KeyFormat::Sec1, &der),
            "PRIVATE KEY" => Self::from_der(KeyFormat::Pkcs8, &der),
            other => Err(KeyError::Unsupported(other.to_owned())),
        }
    }

    /// Reads a key in DER of a known form.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub fn from_der(format: KeyFormat, der: &[u8]) -> Result<Self, KeyError> {
        let secret = match format {
            KeyFormat::Pkcs1 => {
                use pkcs1::DecodeRsaPrivateKey;
                let key = rsa::RsaPrivateKey::from_pkcs1_der(der)
                    .map_err(|_| KeyError::Malformed("RSAPrivateKey"))?;
                Secret::Rsa(Box::new(key))
            }
            KeyFormat::Sec1 => sec1_secret(der)?,
            KeyFormat::Pkcs8 => pkcs8_secret(der)?,
        };
        Self::from_secret(secret)
    }
}

/// RFC 5915 names the curve inside the structure, so the bytes say which library reads them.
fn sec1_secret(der: &[u8]) -> Result<Secret, KeyError> {
    if let Ok(key) = p256::SecretKey::from_sec1_der(der) {
        return Ok(Secret::EcdsaP256(key.into()));
    }
    match p384::SecretKey::from_sec1_der(der) {
        Ok(key) => Ok(Secret::EcdsaP384(Box::new(key.into()))),
        Err(_) => Err(KeyError::Malformed("ECPrivateKey on P-256 or P-384")),
    }
}

fn pkcs8_secret(der: &[u8]) -> Result<Secret, KeyError> {
    if let Ok(key) = p256::SecretKey::from_pkcs8_der(der) {
        return Ok(Secret::EcdsaP256(key.into()));
    }
    if let Ok(key) = p384::SecretKey::from_pkcs8_der(der) {
        return Ok(Secret::EcdsaP384(Box::new(key.into())));
    }
    if let Ok(key) = rsa::RsaPrivateKey::from_pkcs8_der(der) {
        return Ok(Secret::Rsa(Box::new(key)));
    }
    if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_der(der) {
        return Ok(Secret::Ed25519(Box::new(key)));
    }
    match pkcs8::PrivateKeyInfoRef::try_from(der) {
        Ok(info) => Err(KeyError::Unsupported(info.algorithm.oid.to_string())),
        Err(_) => Err(KeyError::Malformed("PrivateKeyInfo")),
    }
}
