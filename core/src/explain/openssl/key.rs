//! Public keys.

use crate::decode::{
    AlgorithmIdentifier, KeyKind, Oid, PublicKeyInfo, Reader, bit_length, curve_bits, decimal,
    joined, lookup, magnitude, oid, tag,
};

use super::explicit::explicit;
use super::signature::PssParameters;
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
            if algorithm.is(oid::RSASSA_PSS) {
                restrictions(text, &key.algorithm);
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
        KeyKind::Other { .. } if long_name(algorithm) == "dsaEncryption" => {
            if dsa(text, key).is_none() {
                line(text, 12, "Unable to load Public Key");
            }
        }
        KeyKind::Other { bits } => match (long_name(algorithm).as_str(), bits.len()) {
            (name @ ("ED25519" | "X25519"), 32) | (name @ "ED448", 57) | (name @ "X448", 56) => {
                line(text, 16, &format!("{name} Public-Key:"));
                line(text, 16, "pub:");
                octets(text, bits);
            }
            _ => line(text, 12, "Unable to load Public Key"),
        },
        KeyKind::EcExplicit => {
            let mut shown = String::new();
            match explicit(&mut shown, key) {
                Ok(true) => text.push_str(&shown),
                _ => line(text, 12, "Unable to load Public Key"),
            }
        }
    }
}

/// What the parameters of an RSASSA-PSS key demand of its signatures (RFC 4055 §3.1).
///
/// This comes from another part of OpenSSL than the parameters of a signature: the names differ.
fn restrictions(text: &mut String, algorithm: &AlgorithmIdentifier<'_>) {
    let Some(parameters) = PssParameters::read(algorithm) else {
        line(text, 16, "No PSS parameter restrictions");
        return;
    };
    line(text, 16, "PSS parameter restrictions:");
    let hash = parameters.hash.map_or("SHA1 (default)", hash_name);
    line(text, 18, &format!("Hash Algorithm: {hash}"));
    let (mask, mask_hash) = match parameters.mask {
        None => ("MGF1", "SHA1 (default)"),
        Some((_, hash)) => ("MGF1", hash.map_or("SHA1", hash_name)),
    };
    line(text, 18, &format!("Mask Algorithm: {mask} with {mask_hash}"));
    let salt = parameters.salt_length.and_then(decimal);
    let salt = salt.unwrap_or_else(|| "20 (default)".to_owned());
    line(text, 18, &format!("Minimum Salt Length: {salt}"));
    let trailer = parameters.trailer.map_or("0x1 (default)", |_| "0x1");
    line(text, 18, &format!("Trailer Field: {trailer}"));
}

fn hash_name(hash: Oid<'_>) -> &'static str {
    match hash.name().as_str() {
        "sha1" => "SHA1",
        "sha224" => "SHA2-224",
        "sha256" => "SHA2-256",
        "sha384" => "SHA2-384",
        "sha512" => "SHA2-512",
        _ => "",
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
        _ => {
            let name = lookup(curve)?.name;
            (u32::try_from(curve_bits(curve)?).ok()?, name, "")
        }
    })
}

/// A key of DSA (RFC 3279 §2.3.2): its number, then the parameters of its group.
fn dsa(text: &mut String, key: &PublicKeyInfo<'_>) -> Option<()> {
    let mut numbers = key.algorithm.parameters?.reader();
    let mut number = || numbers.expect(tag::INTEGER).ok();
    let (p, q, g) = (number()?, number()?, number()?);
    let public = Reader::new(key.subject_public_key).expect(tag::INTEGER).ok()?;
    line(text, 16, &format!("Public-Key: ({} bit)", bit_length(p.content)));
    for (title, number) in [("pub: ", public), ("P:   ", p), ("Q:   ", q), ("G:   ", g)] {
        line(text, 16, title);
        octets(text, &signed(number.content));
    }
    Some(())
}

/// With the zero octet that keeps a number with its top bit set from being negative.
pub(super) fn signed(integer: &[u8]) -> Vec<u8> {
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

pub(super) fn octets(text: &mut String, octets: &[u8]) {
    octets_at(text, 20, octets);
}

/// Fifteen octets on a line.
pub(super) fn octets_at(text: &mut String, indent: usize, octets: &[u8]) {
    let mut first = true;
    for chunk in octets.chunks(WIDTH) {
        if !first {
            text.push_str(":\n");
        }
        first = false;
        pad(text, indent);
        text.push_str(&joined(chunk, ":"));
    }
    text.push('\n');
}
