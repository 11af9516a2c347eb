//! Elliptic curves with their parameters written out (SEC 1 appendix C.2), which Go refuses.

use crate::decode::{Fault, Oid, PublicKeyInfo, Reader, Tlv, decimal, magnitude, tag};

use super::key::{octets, signed};
use super::line;

/// Writes the key; nothing where the parameters are of another kind of field.
pub(super) fn explicit(text: &mut String, key: &PublicKeyInfo<'_>) -> Result<bool, Fault> {
    let Some(parameters) = key.algorithm.parameters else { return Ok(false) };
    let mut fields = parameters.reader();
    fields.expect(tag::INTEGER)?;
    let mut field = fields.expect(tag::SEQUENCE)?.reader();
    if Oid(field.expect(tag::OID)?.content).to_string() != PRIME_FIELD {
        return Ok(false);
    }
    let prime = field.expect(tag::INTEGER)?;
    let mut curve = fields.expect(tag::SEQUENCE)?.reader();
    let (a, b) = (curve.expect(tag::OCTET_STRING)?, curve.expect(tag::OCTET_STRING)?);
    let seed = curve.optional(tag::BIT_STRING)?;
    let base = fields.expect(tag::OCTET_STRING)?;
    let order = fields.expect(tag::INTEGER)?;
    let bits = magnitude(order.content);
    let leading = bits.first().map_or(0, |octet| octet.leading_zeros() as usize);
    let bits = bits.len().saturating_mul(8).saturating_sub(leading);
    line(text, 16, &format!("Public-Key: ({bits} bit)"));
    line(text, 16, "pub:");
    octets(text, key.subject_public_key);
    line(text, 16, "Field Type: prime-field");
    for (title, number) in
        [("Prime:", signed(prime.content)), ("A:   ", unsigned(&a)), ("B:   ", unsigned(&b))]
    {
        line(text, 16, title);
        octets(text, &number);
    }
    let form = match base.content.first() {
        Some(2 | 3) => "compressed",
        Some(6 | 7) => "hybrid",
        _ => "uncompressed",
    };
    line(text, 16, &format!("Generator ({form}):"));
    octets(text, base.content);
    line(text, 16, "Order: ");
    octets(text, &signed(order.content));
    cofactor(text, fields)?;
    if let Some(seed) = seed {
        line(text, 16, "Seed:");
        octets(text, seed.content.get(1..).unwrap_or_default());
    }
    Ok(true)
}

const PRIME_FIELD: &str = "1.2.840.10045.1.1";

/// A field element, which has no sign, as OpenSSL writes a number.
fn unsigned(element: &Tlv<'_>) -> Vec<u8> {
    let mut octets = vec![0];
    octets.extend_from_slice(element.content);
    signed(&octets)
}

fn cofactor(text: &mut String, mut fields: Reader<'_>) -> Result<(), Fault> {
    if let Some(cofactor) = fields.optional(tag::INTEGER)? {
        let hex = super::signature::integer(cofactor.content).to_lowercase();
        let number = decimal(cofactor.content).unwrap_or_default();
        line(text, 16, &format!("Cofactor:  {number} (0x{})", hex.trim_start_matches('0')));
    }
    Ok(())
}
