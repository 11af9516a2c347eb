//! Keys under a passphrase: PKCS#8 `ENCRYPTED PRIVATE KEY` (RFC 5958 §3) with PBES2 (RFC 8018
//! §6.2), PBKDF2 over HMAC-SHA-256, and AES-256-CBC.
//!
//! That is what `openssl pkcs8 -topk8` writes and every openssl since 1.1 reads. scrypt would be
//! stronger, but openssl refuses its memory needs unless it is told otherwise.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use const_oid::ObjectIdentifier;
use pkcs8::LineEnding;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{KeyError, KeyFormat, PrivateKey};
use crate::review::pkcs10::asn1::{Asn1Error, Reader};
use crate::review::tlv::{oid, sequence, tlv, unsigned};

/// What OWASP asks for PBKDF2 with HMAC-SHA-256.
const ITERATIONS: u32 = 600_000;
/// More would keep a reader busy for minutes, on purpose or by mistake.
const MOST_ITERATIONS: i64 = 10_000_000;

const LABEL: &str = "ENCRYPTED PRIVATE KEY";
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const HMAC_WITH_SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.9");
const AES_256_CBC: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.1.42");

impl PrivateKey {
    /// The key as PEM, readable only with the passphrase.
    ///
    /// # Errors
    /// [`KeyError::Passphrase`] for an empty one.
    pub fn to_locked_pem<R: CryptoRng>(
        &self,
        passphrase: &str,
        rng: &mut R,
    ) -> Result<String, KeyError> {
        self.lock(passphrase, ITERATIONS, rng)
    }

    fn lock<R: CryptoRng>(
        &self,
        passphrase: &str,
        iterations: u32,
        rng: &mut R,
    ) -> Result<String, KeyError> {
        if passphrase.is_empty() {
            return Err(KeyError::Passphrase);
        }
        let plain = self.to_der(KeyFormat::Pkcs8)?;
        let (mut salt, mut iv) = ([0u8; 16], [0u8; 16]);
        rng.fill_bytes(&mut salt);
        rng.fill_bytes(&mut iv);
        let key = derive(passphrase, &salt, iterations);
        let cipher = cbc::Encryptor::<Aes256>::new_from_slices(key.as_ref(), &iv)
            .map_err(|_| KeyError::Malformed("AES key"))?;
        let locked = cipher.encrypt_padded_vec::<Pkcs7>(&plain);
        let parameters = sequence(&[
            &tlv(0x04, &salt),
            &unsigned(&iterations.to_be_bytes()),
            &sequence(&[&oid(HMAC_WITH_SHA_256), &[5, 0]]),
        ]);
        let scheme = sequence(&[
            &oid(PBES2),
            &sequence(&[
                &sequence(&[&oid(PBKDF2), &parameters]),
                &sequence(&[&oid(AES_256_CBC), &tlv(0x04, &iv)]),
            ]),
        ]);
        let der = sequence(&[&scheme, &tlv(0x04, &locked)]);
        pem_rfc7468::encode_string(LABEL, LineEnding::LF, &der)
            .map_err(|_| KeyError::Malformed("PEM"))
    }

    /// The first private key among the PEM blocks of a text; certificates, requests and
    /// `EC PARAMETERS` are passed over.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] without one; [`KeyError::Passphrase`] if it is under one that was not
    /// given, [`KeyError::WrongPassphrase`] if it was another; else as [`Self::from_pem`].
    pub fn find_in_pem(text: &str, passphrase: &str) -> Result<Self, KeyError> {
        for (at, _) in text.match_indices("-----BEGIN ") {
            let block = text.get(at..).unwrap_or_default();
            let label = block.lines().next().unwrap_or_default();
            if !label.trim_end().ends_with("PRIVATE KEY-----") {
                continue;
            }
            let end = block.match_indices("-----END ").next().and_then(|(end, _)| {
                let line = block.get(end..)?.lines().next()?.trim_end();
                end.checked_add(line.len())
            });
            let block = block.get(..end.ok_or(KeyError::Malformed("PEM"))?).unwrap_or_default();
            if !label.contains(LABEL) {
                return match Self::from_pem(block) {
                    // Its key comes out of the passphrase by one round of MD5.
                    Err(KeyError::Passphrase) if !passphrase.is_empty() => {
                        Err(KeyError::Unsupported("under Proc-Type: 4,ENCRYPTED".to_owned()))
                    }
                    other => other,
                };
            }
            if passphrase.is_empty() {
                return Err(KeyError::Passphrase);
            }
            let (_, der) = pem_rfc7468::decode_vec(block.as_bytes())
                .map_err(|_| KeyError::Malformed("PEM"))?;
            return unlock(&der, passphrase);
        }
        Err(KeyError::NoKey)
    }
}

fn derive(passphrase: &str, salt: &[u8], iterations: u32) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0u8; 32]);
    pbkdf2::pbkdf2_hmac::<Sha256>(passphrase.as_bytes(), salt, iterations, key.as_mut());
    key
}

/// What is said of the encryption.
struct Scheme<'a> {
    salt: &'a [u8],
    iterations: u32,
    iv: &'a [u8],
    locked: &'a [u8],
}

fn unlock(der: &[u8], passphrase: &str) -> Result<PrivateKey, KeyError> {
    let scheme = read(der).map_err(|_| KeyError::Malformed("EncryptedPrivateKeyInfo"))?;
    let scheme = scheme.ok_or_else(|| {
        KeyError::Unsupported("encryption other than PBKDF2, HMAC-SHA-256, AES-256-CBC".to_owned())
    })?;
    let key = derive(passphrase, scheme.salt, scheme.iterations);
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key.as_ref(), scheme.iv)
        .map_err(|_| KeyError::Malformed("AES-CBC parameters"))?;
    // With a wrong passphrase the padding is wrong, or by chance (1 in 256) what it covers is.
    let plain = cipher
        .decrypt_padded_vec::<Pkcs7>(scheme.locked)
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassphrase)?;
    if plain.first() != Some(&0x30) || Reader::new(&plain).sequence().is_err() {
        return Err(KeyError::WrongPassphrase);
    }
    PrivateKey::from_der(KeyFormat::Pkcs8, &plain)
}

/// `None` for other schemes than ours.
fn read(der: &[u8]) -> Result<Option<Scheme<'_>>, Asn1Error> {
    let mut outer = Reader::new(der).sequence()?;
    let mut algorithm = outer.sequence()?;
    let locked = outer.octet_string()?;
    if !algorithm.object_identifier()?.is(PBES2) {
        return Ok(None);
    }
    let mut parts = algorithm.sequence()?;
    let (mut derivation, mut cipher) = (parts.sequence()?, parts.sequence()?);
    if !derivation.object_identifier()?.is(PBKDF2) || !cipher.object_identifier()?.is(AES_256_CBC) {
        return Ok(None);
    }
    let iv = cipher.octet_string()?;
    let mut parameters = derivation.sequence()?;
    let salt = parameters.octet_string()?;
    let iterations = parameters.small_integer()?;
    // An optional keyLength comes before the function.
    let mut function = None;
    while !parameters.is_empty() {
        let part = parameters.any()?;
        if part.number == 16 {
            function = Some(Reader::new(part.content).object_identifier()?);
        }
    }
    let is_ours = function.is_some_and(|function| function.is(HMAC_WITH_SHA_256));
    let iterations = u32::try_from(iterations.clamp(0, MOST_ITERATIONS + 1)).unwrap_or_default();
    if !is_ours || iterations == 0 || i64::from(iterations) > MOST_ITERATIONS {
        return Ok(None);
    }
    Ok(Some(Scheme { salt, iterations, iv, locked }))
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng;

    use crate::key::{Algorithm, KeyError, PrivateKey};

    #[test]
    fn every_algorithm_comes_back() {
        let rng = &mut ChaCha20Rng::from_seed([3; 32]);
        for algorithm in Algorithm::ALL {
            if algorithm.rsa_bits().is_some_and(|bits| bits > 2048) {
                continue;
            }
            let key = PrivateKey::generate(algorithm, rng).expect("a key");
            let locked = key.lock("a", 1_000, rng).expect("locked");
            let found = PrivateKey::find_in_pem(&locked, "a").expect("the same passphrase");
            assert_eq!(found.public_key().spki_der(), key.public_key().spki_der());
            for wrong in ["b", "c", "d"] {
                let error = PrivateKey::find_in_pem(&locked, wrong).err();
                assert_eq!(error, Some(KeyError::WrongPassphrase));
            }
            let plain = key.kubernetes_pem().expect("PEM");
            assert!(PrivateKey::find_in_pem(&format!("text\n{}", *plain), "").is_ok());
        }
    }
}
