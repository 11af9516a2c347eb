//! General names, which OpenSSL writes in two ways.

use crate::decode::{GeneralName, Name, Tlv, hex, tag};

use super::extension::{printable, raw};
use super::long_name;
use super::name::oneline;

/// As in a list of alternative names: `DNS:a`, `IP Address:10.0.0.1`, `DirName:/CN=x`.
pub(super) fn listed(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::Other(oid, value) => {
            let title = match oid.name().as_str() {
                "msUPN" => "UPN".to_owned(),
                _ => long_name(*oid),
            };
            let value = crate::decode::Reader::new(value).any().ok();
            match value {
                Some(Tlv { identifier: tag::UTF8_STRING | tag::IA5_STRING, content, .. }) => {
                    format!("othername: {title}::{}", raw(content))
                }
                _ => format!("othername: {title}::<unsupported>"),
            }
        }
        GeneralName::X400(_) => "X400Name:<unsupported>".to_owned(),
        GeneralName::EdiParty(_) => "EdiPartyName:<unsupported>".to_owned(),
        GeneralName::Email(octets) => format!("email:{}", raw(octets)),
        GeneralName::Dns(octets) => format!("DNS:{}", raw(octets)),
        GeneralName::Uri(octets) => format!("URI:{}", raw(octets)),
        GeneralName::Directory(name) => format!("DirName:{}", slashed(name)),
        GeneralName::Ip(octets) => match address(octets) {
            Some(address) => format!("IP Address:{address}"),
            None => format!("IP Address:<invalid length={}>", octets.len()),
        },
        GeneralName::RegisteredId(oid) => format!("Registered ID:{}", long_name(*oid)),
    }
}

/// As in constraints and distribution points.
pub(super) fn printed(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::Other(oid, value) => {
            let value = crate::decode::Reader::new(value).any().ok();
            match (oid.name().as_str(), value) {
                ("msUPN", Some(tlv)) if tlv.identifier == tag::UTF8_STRING => {
                    format!("othername:UPN::{}", raw(tlv.content))
                }
                _ => "othername:<unsupported>".to_owned(),
            }
        }
        GeneralName::Email(octets) => format!("email:{}", printable(octets)),
        GeneralName::Dns(octets) => format!("DNS:{}", printable(octets)),
        GeneralName::Uri(octets) => format!("URI:{}", printable(octets)),
        GeneralName::Directory(name) => format!("DirName:{}", oneline(name)),
        GeneralName::Ip(octets) => match address(octets) {
            Some(address) => format!("IP Address:{address}"),
            None => "IP Address:<invalid>".to_owned(),
        },
        _ => listed(name),
    }
}

/// Four numbers, or eight in hexadecimal without any shortening.
pub(super) fn address(octets: &[u8]) -> Option<String> {
    if let [a, b, c, d] = octets {
        return Some(format!("{a}.{b}.{c}.{d}"));
    }
    let (groups, rest) = octets.as_chunks::<2>();
    let fits = rest.is_empty() && groups.len() == 8;
    let groups: Vec<_> =
        groups.iter().map(|group| format!("{:X}", u16::from_be_bytes(*group))).collect();
    fits.then(|| groups.join(":"))
}

/// OpenSSL writes this form into 256 octets, and leaves out what does not fit.
const LONGEST: usize = 255;

/// `/C=FR/CN=x`, with `\xHH` for octets that do not print.
fn slashed(name: &Name<'_>) -> String {
    let mut text = String::new();
    for attribute in name.attributes() {
        let mut entry = format!("/{}=", long_name(attribute.oid));
        for octet in attribute.octets {
            match octet {
                b'/' | b'+' => entry.extend(['\\', char::from(*octet)]),
                b' '..=b'~' => entry.push(char::from(*octet)),
                _ => entry.push_str(&format!("\\x{}", hex(&[*octet]).to_uppercase())),
            }
        }
        if text.len().saturating_add(entry.len()) > LONGEST {
            break;
        }
        text.push_str(&entry);
    }
    text
}
