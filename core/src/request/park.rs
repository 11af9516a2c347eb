//! A request that waits for its certificate: key under a passphrase and PKCS#10, in one file.

use rand_core::CryptoRng;

use super::Wish;
use crate::key::{KeyError, PrivateKey};
use crate::review::UntrustedRequest;

/// What a parked file holds.
pub struct Parked {
    /// The key.
    pub key: PrivateKey,
    /// The request, if it is in the file.
    pub request: Option<UntrustedRequest>,
    /// `metadata.name` of the object, if the file tells.
    pub name: Option<String>,
}

/// Comment lines in front of the blocks.
const NAME: &str = "# CertificateSigningRequest: ";

/// Writes a key, under a passphrase, and its request (PEM) as one file of PEM blocks, which
/// `openssl pkey -in` and `openssl req -in` read as it is.
///
/// # Errors
/// [`KeyError::Passphrase`] for an empty passphrase.
pub fn park<R: CryptoRng>(
    wish: &Wish,
    key: &PrivateKey,
    request: &str,
    passphrase: &str,
    rng: &mut R,
) -> Result<String, KeyError> {
    let locked = key.to_locked_pem(passphrase, rng)?;
    let name: String = wish.name.chars().filter(|c| !c.is_control()).collect();
    Ok(format!("{NAME}{name}\n# Signer: {}\n{request}{locked}", wish.signer_name))
}

impl Parked {
    /// Reads a parked file, or any text with a private key in PEM.
    ///
    /// # Errors
    /// As [`PrivateKey::find_in_pem`].
    pub fn read(text: &str, passphrase: &str) -> Result<Self, KeyError> {
        let key = PrivateKey::find_in_pem(text, passphrase)?;
        let name = text.lines().find_map(|line| line.strip_prefix(NAME));
        let request = text.find("-----BEGIN CERTIFICATE REQUEST").and_then(|at| {
            UntrustedRequest::from_pem(text.get(at..).unwrap_or_default().as_bytes()).ok()
        });
        Ok(Self { key, request, name: name.map(|name| name.trim().to_owned()) })
    }
}
