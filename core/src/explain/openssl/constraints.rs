//! Name constraints, policy constraints and mappings, the usage period of the private key.

use crate::decode::{Fault, GeneralName, Reader, Tlv, moment, tag};

use super::extension::{identifier, number, single};
use super::general_name::{address, printed};
use super::long_name;

/// nameConstraints (RFC 5280 §4.2.1.10).
pub(super) fn name_constraints(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let mut fields = single(reader, tag::SEQUENCE)?.reader();
    let mut blocks = Vec::new();
    for (field, title) in [(0, "Permitted"), (1, "Excluded")] {
        let Some(trees) = fields.optional(tag::context_constructed(field))? else { continue };
        let mut lines = Vec::new();
        for tree in trees.reader() {
            let mut base = tree?.reader();
            let base = GeneralName::read(&base.any()?, &mut Vec::new())?;
            lines.push(format!("{}  {}", " ".repeat(indent), subtree(&base)));
        }
        let mut block = String::new();
        if !lines.is_empty() {
            block = format!("{}{title}:\n", " ".repeat(indent));
        }
        block.push_str(&lines.join("\n"));
        blocks.push(block);
    }
    Ok(blocks.join("\n"))
}

/// An address here has its mask behind it.
fn subtree(name: &GeneralName<'_>) -> String {
    let GeneralName::Ip(octets) = name else { return printed(name) };
    let half = octets.len() / 2;
    match octets.split_at_checked(half) {
        Some((base, mask)) => match (address(base), address(mask)) {
            (Some(base), Some(mask)) => format!("IP:{base}/{mask}"),
            _ => "IP:<invalid>".to_owned(),
        },
        None => "IP:<invalid>".to_owned(),
    }
}

/// policyConstraints (RFC 5280 §4.2.1.11).
pub(super) fn policy_constraints(reader: Reader<'_>) -> Result<Vec<String>, Fault> {
    let mut fields = single(reader, tag::SEQUENCE)?.reader();
    let mut values = Vec::new();
    for (field, title) in [(0, "Require Explicit Policy"), (1, "Inhibit Policy Mapping")] {
        if let Some(tlv) = fields.optional(tag::context(field))? {
            values.push(format!("{title}:{}", number(&tlv)));
        }
    }
    Ok(values)
}

/// policyMappings (RFC 5280 §4.2.1.5).
pub(super) fn policy_mappings(reader: Reader<'_>) -> Result<Vec<String>, Fault> {
    let mut values = Vec::new();
    for pair in single(reader, tag::SEQUENCE)?.reader() {
        let mut pair = pair?.reader();
        let (from, to) = (identifier(&mut pair)?, identifier(&mut pair)?);
        values.push(format!("{}:{}", long_name(from), long_name(to)));
    }
    Ok(values)
}

/// privateKeyUsagePeriod (RFC 3280 §4.2.1.4).
pub(super) fn usage_period(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let mut fields = single(reader, tag::SEQUENCE)?.reader();
    let mut values = Vec::new();
    for (field, title) in [(0, "Not Before"), (1, "Not After")] {
        if let Some(tlv) = fields.optional(tag::context(field))? {
            let time = Tlv { identifier: tag::GENERALIZED_TIME, ..tlv };
            values.push(format!("{title}: {}", super::moment(moment(&time, &mut Vec::new()))));
        }
    }
    Ok(format!("{}{}", " ".repeat(indent), values.join(", ")))
}
