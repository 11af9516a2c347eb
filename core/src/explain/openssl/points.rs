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
            text.push_str(&place_of(&place, indent)?);
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

/// issuingDistributionPoint: where a list is, and for which certificates.
pub(super) fn issuing(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let margin = " ".repeat(indent);
    let (mut text, mut indirect, mut reasons) = (String::new(), "", String::new());
    for field in single(reader, tag::SEQUENCE)?.reader() {
        let field = field?;
        let set = field.content.first().is_some_and(|octet| *octet != 0);
        match field.identifier & 0x1f {
            0 => text.push_str(&place_of(&field, indent)?),
            1 if set => text.push_str(&format!("{margin}Only User Certificates\n")),
            2 if set => text.push_str(&format!("{margin}Only CA Certificates\n")),
            3 => {
                let names = reason_names(&field);
                reasons = format!("{margin}Only Some Reasons:\n{margin}  {names}\n");
            }
            4 if set => indirect = "Indirect CRL\n",
            5 if set => reasons.push_str(&format!("{margin}Only Attribute Certificates\n")),
            _ => {}
        }
    }
    // OpenSSL names the reasons after what stands behind them.
    if !indirect.is_empty() {
        text.push_str(&margin);
        text.push_str(indirect);
    }
    text.push_str(&reasons);
    Ok(if text.is_empty() { format!("{margin}<EMPTY>\n") } else { text })
}

/// A DistributionPointName.
fn place_of(place: &Tlv<'_>, indent: usize) -> Result<String, Fault> {
    let margin = " ".repeat(indent);
    let name = place.reader().any()?;
    if name.identifier == tag::context_constructed(0) {
        Ok(format!("{margin}Full Name:\n{}", names(&name, indent)?))
    } else {
        Ok(format!("{margin}Relative Name:\n{margin}  {}\n", relative(&name)))
    }
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
