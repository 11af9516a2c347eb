//! Internet number resources (RFC 3779): addresses and autonomous systems of a routing certificate.

use crate::decode::{Fault, Problem, Reader, Tlv, joined, tag};

use super::extension::{number, single};
use super::line;

/// sbgp-ipAddrBlock: a list for each family of addresses.
pub(super) fn addresses(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let mut text = String::new();
    for family in single(reader, tag::SEQUENCE)?.reader() {
        let mut fields = family?.reader();
        let id = fields.expect(tag::OCTET_STRING)?.content;
        let number = match id {
            [high, low, ..] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        };
        let mut title = match number {
            1 => "IPv4".to_owned(),
            2 => "IPv6".to_owned(),
            other => format!("Unknown AFI {other}"),
        };
        match id.get(2) {
            None => {}
            Some(1) => title.push_str(" (Unicast)"),
            Some(2) => title.push_str(" (Multicast)"),
            Some(3) => title.push_str(" (Unicast/Multicast)"),
            Some(4) => title.push_str(" (MPLS)"),
            Some(64) => title.push_str(" (Tunnel)"),
            Some(65) => title.push_str(" (VPLS)"),
            Some(66) => title.push_str(" (BGP MDT)"),
            Some(128) => title.push_str(" (MPLS-labeled VPN)"),
            Some(other) => title.push_str(&format!(" (Unknown SAFI {other})")),
        }
        let choice = fields.any()?;
        if choice.identifier == tag::NULL {
            line(&mut text, indent, &format!("{title}: inherit"));
            continue;
        }
        line(&mut text, indent, &format!("{title}:"));
        for entry in choice.reader() {
            let entry = entry?;
            let shown = match entry.identifier {
                tag::BIT_STRING => {
                    let length = entry.content.len().saturating_sub(1).saturating_mul(8);
                    let unused = entry.content.first().copied().unwrap_or_default() & 7;
                    let bits = length.saturating_sub(usize::from(unused));
                    format!("{}/{bits}", address(&entry, number, 0)?)
                }
                _ => {
                    let mut ends = entry.reader();
                    let first = address(&ends.expect(tag::BIT_STRING)?, number, 0)?;
                    format!("{first}-{}", address(&ends.expect(tag::BIT_STRING)?, number, 0xff)?)
                }
            };
            line(&mut text, indent.saturating_add(2), &shown);
        }
    }
    Ok(text)
}

/// An address of which the last bits are left out; they are all `fill`.
fn address(bits: &Tlv<'_>, family: u16, fill: u8) -> Result<String, Fault> {
    let (unused, given) = bits.content.split_first().unwrap_or((&0, &[]));
    let mut octets = given.to_vec();
    if let Some(last) = octets.last_mut() {
        let mask = (1u8 << (unused & 7)).wrapping_sub(1);
        *last = (*last & !mask) | (fill & mask);
    }
    let length = match family {
        1 => 4,
        2 => 16,
        _ => return Ok(format!("{}[{}]", joined(given, ":"), unused & 7)),
    };
    if octets.len() > length {
        return Err(Problem::TrailingData { length: octets.len() }.at(bits.offset));
    }
    octets.resize(length, fill);
    if length == 4 {
        let numbers: Vec<_> = octets.iter().map(u8::to_string).collect();
        return Ok(numbers.join("."));
    }
    // Zeros are left out at the end only.
    let groups: Vec<_> = octets.chunks(2).map(|pair| joined(pair, "")).collect();
    let zeros = groups.iter().rev().take_while(|group| *group == "0000").count();
    let shown = groups.iter().take(groups.len().saturating_sub(zeros));
    let shown: Vec<_> = shown
        .map(|group| match group.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        })
        .collect();
    let mut text = shown.join(":");
    if zeros > 0 {
        text.push_str("::");
    }
    Ok(text)
}

/// sbgp-autonomousSysNum: autonomous systems, and routing domains.
pub(super) fn systems(reader: Reader<'_>, indent: usize) -> Result<String, Fault> {
    let mut fields = single(reader, tag::SEQUENCE)?.reader();
    let mut text = String::new();
    for (field, title) in [(0, "Autonomous System Numbers:"), (1, "Routing Domain Identifiers:")] {
        let Some(choice) = fields.optional(tag::context_constructed(field))? else { continue };
        line(&mut text, indent, title);
        let indent = indent.saturating_add(2);
        let choice = choice.reader().any()?;
        if choice.identifier == tag::NULL {
            line(&mut text, indent, "inherit");
            continue;
        }
        for entry in choice.reader() {
            let entry = entry?;
            if entry.identifier == tag::INTEGER {
                line(&mut text, indent, &number(&entry));
                continue;
            }
            let mut ends = entry.reader();
            let first = ends.expect(tag::INTEGER)?;
            let last = ends.expect(tag::INTEGER)?;
            line(&mut text, indent, &format!("{}-{}", number(&first), number(&last)));
        }
    }
    Ok(text)
}
