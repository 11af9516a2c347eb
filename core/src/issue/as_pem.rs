//! Files of a CA in whatever form they come, as the text that [`super::bring`] reads.

use der::Decode;
use pem_rfc7468::LineEnding;
use x509_cert::Certificate;
use zeroize::Zeroizing;

use super::BringError;
use crate::decode::{Reader, tag};
use crate::detect::{Foreign, Manifest, detect};
use crate::key::{KeyFormat, PrivateKey};

/// A file's certificates and keys as PEM, one after the other; empty where there are none.
///
/// PEM stays as it is. DER, base64 of it, and what else [`detect`] unwraps becomes PEM.
///
/// # Errors
/// [`BringError::Pkcs12`] for a file that only a passphrase opens.
pub fn as_pem(bytes: &[u8]) -> Result<Zeroizing<String>, BringError> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.contains("-----BEGIN ")
    {
        return Ok(Zeroizing::new(text.to_owned()));
    }
    let mut pem = Zeroizing::new(String::new());
    for found in detect(bytes).candidates {
        if matches!(found.manifest, Some(Manifest::Foreign(Foreign::Pkcs12))) {
            return Err(BringError::Pkcs12);
        }
        let label = found.label.as_deref().unwrap_or_else(|| label(&found.bytes));
        if let Ok(block) = pem_rfc7468::encode_string(label, LineEnding::LF, &found.bytes) {
            pem.push_str(&Zeroizing::new(block));
        }
    }
    Ok(pem)
}

/// What some DER is called in PEM. What is broken is taken for a certificate, which then says so.
fn label(der: &[u8]) -> &'static str {
    if Certificate::from_der(der).is_ok() {
        return "CERTIFICATE";
    }
    let is_key = |format: &KeyFormat| PrivateKey::from_der(*format, der).is_ok();
    if let Some(format) =
        [KeyFormat::Pkcs8, KeyFormat::Sec1, KeyFormat::Pkcs1].iter().find(|format| is_key(format))
    {
        return format.label();
    }
    // EncryptedPrivateKeyInfo (RFC 5958 §3): an algorithm and an octet string.
    let is_locked = || {
        let mut fields = Reader::new(der).expect(tag::SEQUENCE).ok()?.reader();
        fields.expect(tag::SEQUENCE).ok()?;
        fields.expect(tag::OCTET_STRING).ok()
    };
    if is_locked().is_some() { "ENCRYPTED PRIVATE KEY" } else { "CERTIFICATE" }
}
