//! Formats that are named and not read: the answer is which program opens them.

use serde::{Deserialize, Serialize};

use crate::decode::{Oid, Reader, tag};

/// A format that is recognised by its first octets or its shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Foreign {
    /// PKCS#12, `.p12` or `.pfx`: keys and certificates under a password.
    Pkcs12,
    /// PKCS#7 or CMS without certificates that could be read, e.g. an encrypted message.
    Pkcs7 {
        /// Its content type by name.
        content: String,
    },
    /// A Java keystore of the type JKS.
    JavaKeyStore,
    /// A Java keystore of the type JCEKS.
    Jceks,
    /// A ZIP archive.
    Zip,
    /// A public key of OpenSSH, in one line.
    OpenSshPublicKey {
        /// Its algorithm, e.g. `ssh-ed25519`.
        algorithm: String,
        /// What stands behind it, often `user@host`.
        comment: Option<String>,
    },
    /// A private key of OpenSSH.
    OpenSshPrivateKey,
    /// An error message about certificates or TLS.
    ErrorText,
    /// A table or a description of requests that kubectl prints.
    Listing,
    /// What kubeadm, openssl or curl say of certificates.
    Description,
    /// Whatever is below the last layer that is taken off.
    Wrapped,
}

/// What some bytes that are no DER are.
pub(super) fn binary(bytes: &[u8]) -> Option<Foreign> {
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] => Some(Foreign::JavaKeyStore),
        [0xce, 0xce, 0xce, 0xce, ..] => Some(Foreign::Jceks),
        [b'P', b'K', 3, 4, ..] => Some(Foreign::Zip),
        _ if bytes.starts_with(b"openssh-key-v1\0") => Some(Foreign::OpenSshPrivateKey),
        _ => None,
    }
}

/// What some DER is: a PFX (RFC 7292 §4) is version 3 and a ContentInfo; a ContentInfo of its own
/// is PKCS#7 (RFC 5652 §3).
pub(super) fn der(bytes: &[u8]) -> Option<Foreign> {
    let mut fields = Reader::new(bytes).expect(tag::SEQUENCE).ok()?.reader();
    let content_type = |reader: &mut Reader<'_>| {
        let oid = Oid(reader.expect(tag::OID).ok()?.content);
        oid.to_string().starts_with("1.2.840.113549.1.7.").then(|| oid.name())
    };
    if fields.peek() == Some(tag::OID) {
        let content = content_type(&mut fields)?;
        return Some(Foreign::Pkcs7 { content });
    }
    let version = fields.expect(tag::INTEGER).ok()?;
    content_type(&mut fields.expect(tag::SEQUENCE).ok()?.reader())?;
    (version.content == [3]).then_some(Foreign::Pkcs12)
}

/// What a line of text is.
pub(super) fn line(line: &str) -> Option<Foreign> {
    let mut words = line.split_ascii_whitespace();
    let algorithm = words.next()?;
    let known = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"];
    // Every such key begins with the length of its algorithm's name in four octets.
    if !known.iter().any(|start| algorithm.starts_with(start)) || !words.next()?.starts_with("AAAA")
    {
        return None;
    }
    let comment = words.collect::<Vec<_>>().join(" ");
    Some(Foreign::OpenSshPublicKey {
        algorithm: algorithm.to_owned(),
        comment: (!comment.is_empty()).then_some(comment),
    })
}
