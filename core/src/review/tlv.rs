//! DER out: the few shapes of requests and certificates, octet by octet.
//!
//! Names and identifiers are copied as octets from one structure into another, so that nothing is
//! lost on the way through a type that would sort, merge or refuse them.

use crate::order;

/// Identifier octet, length and content.
pub(crate) fn tlv(identifier: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![identifier];
    let length = content.len().to_be_bytes();
    let significant = length.iter().position(|octet| *octet != 0).unwrap_or(length.len() - 1);
    let octets = length.get(significant..).unwrap_or_default();
    match octets {
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // At most eight octets of length.
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE of parts that are encoded already.
pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// A SET OF, sorted as DER wants it.
pub(crate) fn set_of(mut parts: Vec<Vec<u8>>) -> Vec<u8> {
    order::sort(&mut parts);
    tlv(0x31, &parts.concat())
}

/// An OBJECT IDENTIFIER.
pub(crate) fn oid(oid: const_oid::ObjectIdentifier) -> Vec<u8> {
    tlv(0x06, oid.as_bytes())
}

/// A BIT STRING of whole octets.
pub(crate) fn bit_string(octets: &[u8]) -> Vec<u8> {
    let mut content = vec![0];
    content.extend_from_slice(octets);
    tlv(0x03, &content)
}

/// A named bit list, without trailing zero bits: the bits that are set, ascending.
pub(crate) fn named_bits(bits: &[u8]) -> Vec<u8> {
    let Some(last) = bits.last() else { return tlv(0x03, &[0]) };
    let mut octets = vec![0u8; usize::from(last / 8) + 1];
    for bit in bits {
        if let Some(octet) = octets.get_mut(usize::from(bit / 8)) {
            *octet |= 0x80 >> (bit % 8);
        }
    }
    let mut content = vec![7 - last % 8];
    content.extend_from_slice(&octets);
    tlv(0x03, &content)
}

/// A positive INTEGER from its octets.
pub(crate) fn unsigned(octets: &[u8]) -> Vec<u8> {
    let first = octets.iter().position(|octet| *octet != 0);
    let significant = first.and_then(|first| octets.get(first..)).unwrap_or(&[0]);
    let mut content = Vec::with_capacity(significant.len() + 1);
    if significant.first().is_some_and(|first| first & 0x80 != 0) {
        content.push(0);
    }
    content.extend_from_slice(significant);
    tlv(0x02, &content)
}
