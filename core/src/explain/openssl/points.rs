//! Where lists of revoked certificates are, and other places.

use crate::decode::{Attribute, Fault, GeneralName, Name, Reader, StringKind, Tlv, tag};

use super::extension::{identifier, single};
use super::general_name::{listed, printed};
use super::long_name;
use super::name::oneline;

/// Reasons in the order of their bits (RFC 5280 §4.2.1.13).
const REASONS: [&str; 9] = [
    "Unused",
    "Key Compromise",
    "CA Compromise",
    "Affiliation Changed",
    "Superseded",
    "Cessation Of Operation",
    "Certificate Hold",
    "Privilege Withdrawn",
    "AA Compromise",
];

/// cRLDistributionPoints.
pub(super) fn points(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let margin = " ".repeat(indent);
    let mut points = Vec::new();
    for point in single(reader, tag::SEQUENCE)?.reader() {
        let mut fields = point?.reader();
        let mut text = String::new();
        if let Some(place) = fields.optional(tag::context_constructed(0))? {
            let name = place.reader().any()?;
            if name.identifier == tag::context_constructed(0) {
                text.push_str(&format!("{margin}Full Name:\n{}", names(&name, indent)?));
            } else {
                let name = relative(&name);
                text.push_str(&format!("{margin}Relative Name:\n{margin}  {name}\n"));
            }
        }
        if let Some(reasons) = fields.optional(tag::context(1))? {
            text.push_str(&format!("{margin}Reasons:\n{margin}  {}\n", reason_names(&reasons)));
        }
        if let Some(issuer) = fields.optional(tag::context_constructed(2))? {
            text.push_str(&format!("{margin}CRL Issuer:\n{}", names(&issuer, indent)?));
        }
        points.push(text);
    }
    Ok(points.join("\n"))
}

fn names(list: &Tlv<'_>, indent: usize) -> Result<String, Fault> {
    let mut lines = Vec::new();
    for name in list.reader() {
        let name = GeneralName::read(&name?, &mut Vec::new())?;
        lines.push(format!("{}  {}", " ".repeat(indent), printed(&name)));
    }
    Ok(lines.join("\n"))
}

/// A name relative to that of the issuer: one RDN, under an implicit tag.
fn relative(tlv: &Tlv<'_>) -> String {
    let mut attributes = Vec::new();
    for member in tlv.reader().filter_map(Result::ok) {
        let mut member = member.reader();
        if let (Ok(oid), Ok(value)) = (identifier(&mut member), member.any()) {
            let string = StringKind::from_identifier(value.identifier);
            attributes.push(Attribute { oid, string, octets: value.content });
        }
    }
    oneline(&Name { der: &[], rdns: vec![attributes] })
}

fn reason_names(bits: &Tlv<'_>) -> String {
    let octets = bits.content.get(1..).unwrap_or_default();
    let set =
        |bit: usize| octets.get(bit / 8).is_some_and(|octet| octet & (0x80u8 >> (bit % 8)) != 0);
    let names: Vec<_> =
        REASONS.iter().enumerate().filter(|(bit, _)| set(*bit)).map(|(_, name)| *name).collect();
    if names.is_empty() { "<EMPTY>".to_owned() } else { names.join(", ") }
}

/// authorityInfoAccess and subjectInfoAccess: `OCSP - URI:http://…`.
pub(super) fn access(reader: Reader<'_>) -> Result<Vec<String>, Fault> {
    let mut values = Vec::new();
    for description in single(reader, tag::SEQUENCE)?.reader() {
        let mut fields = description?.reader();
        let method = identifier(&mut fields)?;
        let location = GeneralName::read(&fields.any()?, &mut Vec::new())?;
        values.push(format!("{} - {}", long_name(method), listed(&location)));
    }
    Ok(values)
}
