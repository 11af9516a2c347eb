//! certificatePolicies (RFC 5280 §4.2.1.4), and the policy of a proxy certificate (RFC 3820).

use crate::decode::{Fault, Reader, Tlv, tag};

use super::extension::{identifier, number, raw, single};
use super::long_name;
use super::signature::integer;

pub(super) fn policies(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let mut lines = Vec::new();
    for policy in single(reader, tag::SEQUENCE)?.reader() {
        let mut fields = policy?.reader();
        let id = identifier(&mut fields)?;
        lines.push(format!("{}Policy: {}", " ".repeat(indent), long_name(id)));
        let Some(qualifiers) = fields.optional(tag::SEQUENCE)? else { continue };
        for item in qualifiers.reader() {
            qualifier(&mut lines, &mut item?.reader(), indent.saturating_add(2))?;
        }
    }
    Ok(lines.join("\n"))
}

fn qualifier(lines: &mut Vec<String>, fields: &mut Reader<'_>, indent: usize) -> Result<(), Fault> {
    let margin = " ".repeat(indent);
    let id = identifier(fields)?;
    match id.name().as_str() {
        "cps" => lines.push(format!("{margin}CPS: {}", string(&fields.any()?))),
        "unotice" => {
            lines.push(format!("{margin}User Notice:"));
            let mut notice = fields.expect(tag::SEQUENCE)?.reader();
            if let Some(reference) = notice.optional(tag::SEQUENCE)? {
                let mut parts = reference.reader();
                lines.push(format!("{margin}  Organization: {}", string(&parts.any()?)));
                let numbers: Vec<_> = parts
                    .expect(tag::SEQUENCE)?
                    .reader()
                    .filter_map(Result::ok)
                    .map(|tlv| number(&tlv))
                    .collect();
                let plural = if numbers.len() > 1 { "s" } else { "" };
                lines.push(format!("{margin}  Number{plural}: {}", numbers.join(", ")));
            }
            if !notice.is_empty() {
                lines.push(format!("{margin}  Explicit Text: {}", string(&notice.any()?)));
            }
        }
        _ => lines.push(format!("{margin}  Unknown Qualifier: {}", long_name(id))),
    }
    Ok(())
}

/// proxyCertInfo (RFC 3820 §3.8).
pub(super) fn proxy(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let margin = " ".repeat(indent);
    let mut fields = single(reader, tag::SEQUENCE)?.reader();
    let length = fields.optional(tag::INTEGER)?;
    let length = length.map_or("infinite".to_owned(), |length| integer(length.content));
    let mut policy = fields.expect(tag::SEQUENCE)?.reader();
    let language = long_name(identifier(&mut policy)?);
    let mut text =
        format!("{margin}Path Length Constraint: {length}\n{margin}Policy Language: {language}");
    if let Some(policy) = policy.optional(tag::OCTET_STRING)? {
        text.push_str(&format!("\n{margin}Policy Text: {}", string(&policy)));
    }
    Ok(text)
}

/// The octets as they are, up to the first NUL: OpenSSL hands them to `printf`, whatever the type.
fn string(tlv: &Tlv<'_>) -> String {
    let end = tlv.content.iter().position(|octet| *octet == 0).unwrap_or(tlv.content.len());
    raw(tlv.content.get(..end).unwrap_or_default())
}
