//! Public keys.

use crate::decode::{KeyKind, Oid, PublicKeyInfo, decimal, joined, magnitude};

use super::{line, long_name, pad};

/// Octets of a key on one line.
const WIDTH: usize = 15;

pub(super) fn public_key(text: &mut String, key: &PublicKeyInfo<'_>) {
    let algorithm = key.algorithm.oid;
    line(text, 12, &format!("Public Key Algorithm: {}", long_name(algorithm)));
    match key.kind {
        KeyKind::Rsa { modulus, exponent } => {
            let bits = key.kind.bits(algorithm).unwrap_or_default();
            line(text, 16, &format!("Public-Key: ({bits} bit)"));
            line(text, 16, "Modulus:");
            octets(text, &signed(modulus));
            line(text, 16, &format!("Exponent: {}", exponent_text(exponent)));
            if long_name(algorithm) == "rsassaPss" && key.algorithm.parameters.is_none() {
                line(text, 16, "No PSS parameter restrictions");
            }
        }
        KeyKind::Ec { curve, point } => match curve_names(curve) {
            Some((bits, asn1, nist)) => {
                line(text, 16, &format!("Public-Key: ({bits} bit)"));
                line(text, 16, "pub:");
                octets(text, point);
                line(text, 16, &format!("ASN1 OID: {asn1}"));
                if !nist.is_empty() {
                    line(text, 16, &format!("NIST CURVE: {nist}"));
                }
            }
            None => line(text, 12, "Unable to load Public Key"),
        },
        KeyKind::Other { bits } => match (long_name(algorithm).as_str(), bits.len()) {
            (name @ ("ED25519" | "X25519"), 32)
            | (name @ "ED448", 57)
            | (name @ "X448", 56) => {
                line(text, 16, &format!("{name} Public-Key:"));
                line(text, 16, "pub:");
                octets(text, bits);
            }
            _ => line(text, 12, "Unable to load Public Key"),
        },
        KeyKind::EcExplicit => line(text, 12, "Unable to load Public Key"),
    }
}

/// Bits, OpenSSL's name and NIST's name of a curve.
fn curve_names(curve: Oid<'_>) -> Option<(u32, &'static str, &'static str)> {
    Some(match curve.name().as_str() {
        "secp192r1" => (192, "prime192v1", "P-192"),
        "secp224r1" => (224, "secp224r1", "P-224"),
        "secp256r1" => (256, "prime256v1", "P-256"),
        "secp384r1" => (384, "secp384r1", "P-384"),
        "secp521r1" => (521, "secp521r1", "P-521"),
        "secp256k1" => (256, "secp256k1", ""),
        _ => return None,
    })
}

/// With the zero octet that keeps a number with its top bit set from being negative.
fn signed(integer: &[u8]) -> Vec<u8> {
    let mut octets = magnitude(integer);
    if octets.first().is_none_or(|octet| octet & 0x80 != 0) {
        octets.insert(0, 0);
    }
    octets
}

fn exponent_text(exponent: &[u8]) -> String {
    let octets = magnitude(exponent);
    if octets.len() > 8 {
        let mut text = String::new();
        text.push('\n');
        return text;
    }
    let digits = joined(&octets, "");
    let digits = digits.trim_start_matches('0');
    format!("{} (0x{})", decimal(exponent).unwrap_or_default(), digits)
}

fn octets(text: &mut String, octets: &[u8]) {
    let mut first = true;
    for chunk in octets.chunks(WIDTH) {
        if !first {
            text.push_str(":\n");
        }
        first = false;
        pad(text, 20);
        text.push_str(&joined(chunk, ":"));
    }
    text.push('\n');
}
