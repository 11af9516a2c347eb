//! Names on one line, in the style that OpenSSL calls `oneline`.

use crate::decode::{Attribute, Name, StringKind, hex, text_of};

use super::long_name;

/// `C = FR + O = x, CN = y`: in the order of the encoding, quoted where a character asks for it,
/// with octets outside of ASCII as `\C3\A9`.
pub(super) fn oneline(name: &Name<'_>) -> String {
    let mut text = String::new();
    for rdn in &name.rdns {
        for (index, attribute) in rdn.iter().enumerate() {
            if !text.is_empty() {
                text.push_str(if index == 0 { ", " } else { " + " });
            }
            text.push_str(&long_name(attribute.oid));
            text.push_str(" = ");
            text.push_str(&value(attribute));
        }
    }
    text
}

fn value(attribute: &Attribute<'_>) -> String {
    // OpenSSL does not count VisibleString among the types that it can convert.
    let unknown = matches!(attribute.string, StringKind::Other | StringKind::Visible);
    if unknown {
        let der = match attribute.string {
            StringKind::Visible => [&[0x1a], length(attribute.octets).as_slice()].concat(),
            _ => Vec::new(),
        };
        return format!("#{}{}", hex(&der), hex(attribute.octets)).to_uppercase();
    }
    let text = text_of(attribute.string, attribute.octets).0;
    let mut out = String::new();
    let mut quoted = false;
    let last = text.chars().count().saturating_sub(1);
    for (index, character) in text.chars().enumerate() {
        let edge = index == 0 || index == last;
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            ',' | '+' | ';' | '<' | '>' => {
                quoted = true;
                out.push(character);
            }
            // The last character counts as last even where it is the first too.
            '#' if index == 0 && index != last => {
                quoted = true;
                out.push(character);
            }
            ' ' if edge => {
                quoted = true;
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ => {
                for octet in character.encode_utf8(&mut [0; 4]).bytes() {
                    out.push('\\');
                    out.push_str(&hex(&[octet]).to_uppercase());
                }
            }
        }
    }
    if quoted { format!("\"{out}\"") } else { out }
}

/// The length octets of DER.
fn length(octets: &[u8]) -> Vec<u8> {
    let bytes = octets.len().to_be_bytes();
    let zeros = bytes.iter().take_while(|octet| **octet == 0).count();
    let significant = bytes.get(zeros..).unwrap_or_default();
    match significant {
        [] => vec![0],
        [one] if *one < 0x80 => vec![*one],
        more => [&[0x80 | u8::try_from(more.len()).unwrap_or_default()], more].concat(),
    }
}
