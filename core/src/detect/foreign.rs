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

/// First octets, and what begins so.
const MAGIC: [(&[u8], &str); 16] = [
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"\x89PNG\r\n", "PNG picture"),
    (b"GIF8", "GIF picture"),
    (b"%PDF-", "PDF document"),
    (b"\x7fELF", "Linux program (ELF)"),
    (b"MZ", "Windows program"),
    (b"SQLite format 3\0", "SQLite database"),
    (b"\x1f\x8b", "gzip stream that cannot be unpacked"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\0", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"\xd0\xcf\x11\xe0", "document of Microsoft Office"),
    (b"k8s\0", "Kubernetes object as etcd stores it (protobuf)"),
    (b"k8s:enc:", "Kubernetes object that is encrypted in etcd"),
    (b"\0\0\x01\0", "icon"),
];

/// The best guess at bytes that were not recognised, by their first octets.
pub fn guess(bytes: &[u8]) -> Option<&'static str> {
    // A page of bbolt has a header of 16 octets before its mark.
    if bytes.get(16..20) == Some(b"\xed\xda\x0c\xed") {
        return Some("etcd database or snapshot (bbolt)");
    }
    let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    // Two letters are no mark of a text.
    let is_it = |start: &[u8]| bytes.starts_with(start) && (start.len() > 4 || !is_text);
    let known = MAGIC.iter().find(|(start, _)| is_it(start)).map(|(_, name)| *name);
    let other = match bytes.first() {
        _ if is_text => Some("text"),
        Some(&tag::SEQUENCE) => Some("ASN.1 structure that is damaged"),
        _ => None,
    };
    known.or(other)
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
