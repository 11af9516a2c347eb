//! How a certificate's key identifier was computed, found out from `openssl x509 -text`.
//!
//! Identifiers differ between any two keys, so what two certificates can have in common is the
//! method: RFC 5280 §4.2.1.2 proposes SHA-1 of the public key's bits, RFC 7093 §2 the first 160
//! bits of their SHA-256.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The method behind an identifier in colon-separated hexadecimal, for the key in the text.
pub fn method(text: &str, identifier: &str) -> String {
    let bits = public_key_bits(text);
    if identifier == colons(&Sha1::digest(&bits)) {
        "SHA-1 of the key".to_owned()
    } else if identifier == colons(&Sha256::digest(&bits)[..20]) {
        "SHA-256 of the key, 160 bits".to_owned()
    } else {
        format!("unknown: {identifier}")
    }
}

fn colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The content of the `subjectPublicKey` bit string.
fn public_key_bits(text: &str) -> Vec<u8> {
    let point = octets_after(text, "pub:");
    if !point.is_empty() {
        return point;
    }
    // RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 A.1.1);
    // openssl shows the modulus with the leading zero octet that DER wants.
    assert!(text.contains("Exponent: 65537 (0x10001)"), "not an exponent that we know:\n{text}");
    let mut numbers = der(0x02, &octets_after(text, "Modulus:"));
    numbers.extend(der(0x02, &[1, 0, 1]));
    der(0x30, &numbers)
}

/// The hexadecimal lines below a heading.
fn octets_after(text: &str, heading: &str) -> Vec<u8> {
    let mut lines = text.lines().map(str::trim);
    if !lines.any(|line| line == heading) {
        return Vec::new();
    }
    lines
        .map_while(|line| {
            line.trim_end_matches(':')
                .split(':')
                .map(|octet| u8::from_str_radix(octet, 16).ok())
                .collect::<Option<Vec<u8>>>()
        })
        .flatten()
        .collect()
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a key is no longer than 65,535 octets");
    let [high, low] = length.to_be_bytes();
    let mut bytes = vec![tag];
    match length {
        0..=127 => bytes.push(low),
        128..=255 => bytes.extend([0x81, low]),
        _ => bytes.extend([0x82, high, low]),
    }
    bytes.extend(content);
    bytes
}
