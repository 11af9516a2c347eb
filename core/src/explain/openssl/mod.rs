//! The text form of `openssl x509 -noout -text`, `openssl req -noout -text` and `openssl crl
//! -noout -text`, byte for byte.
//!
//! People know this form by heart, paste it into tickets and grep it in scripts, so a decoder
//! without a terminal must give the same bytes.
//! OpenSSL changed it between its versions; this is the form of 3.0 (`CN = x`, a signature under
//! `Signature Value:`), and the tests hold it against the program itself.
//!
//! It shows what OpenSSL shows and nothing besides: our own findings are elsewhere.
//! Where OpenSSL cannot load a public key it prints its error queue, with the number of a thread
//! in it; that one line of ours (`Unable to load Public Key`) stands alone.

mod constraints;
mod crl;
mod explicit;
mod extension;
mod general_name;
mod key;
mod name;
mod points;
mod policies;
mod resources;
mod signature;
mod timestamps;

use std::fmt::Write;

use time::OffsetDateTime;

use crate::decode::{
    Certificate, CertificationRequest, Extension, Oid, RevocationList, StringKind, Tlv, lookup,
    magnitude, oid, tag,
};

use name::oneline;
use signature::{dump, signature};

/// The text of a certificate, a certification request or a revocation list in DER; `None` for anything else.
pub fn text(der: &[u8]) -> Option<String> {
    if let Ok(object) = Certificate::read(der) {
        return Some(certificate(&object));
    }
    if let Ok(object) = CertificationRequest::read(der) {
        return Some(request(&object));
    }
    RevocationList::read(der).ok().map(|object| crl::revocation_list(&object))
}

/// The text of a certificate, as `openssl x509 -noout -text` prints it.
pub fn certificate(certificate: &Certificate<'_>) -> String {
    let mut text = String::from("Certificate:\n    Data:\n");
    version(&mut text, certificate.version, 3);
    serial(&mut text, certificate.serial);
    text.push_str("    ");
    signature(&mut text, &certificate.inner_algorithm, None);
    line(&mut text, 8, &format!("Issuer: {}", oneline(&certificate.issuer)));
    line(&mut text, 8, "Validity");
    line(&mut text, 12, &format!("Not Before: {}", moment(certificate.not_before)));
    line(&mut text, 12, &format!("Not After : {}", moment(certificate.not_after)));
    line(&mut text, 8, &format!("Subject: {}", oneline(&certificate.subject)));
    line(&mut text, 8, "Subject Public Key Info:");
    key::public_key(&mut text, &certificate.public_key);
    for (title, id) in ["Issuer", "Subject"].iter().zip(certificate.unique_ids) {
        // The octet before the bits counts the unused ones.
        if let Some(bits) = id.and_then(|octets| octets.get(1..)) {
            let _ = write!(text, "        {title} Unique ID: ");
            dump(&mut text, 12, bits);
        }
    }
    if !certificate.extensions.is_empty() {
        line(&mut text, 8, "X509v3 extensions:");
        for extension in &certificate.extensions {
            extension::extension(&mut text, extension, 12);
        }
    }
    signature(&mut text, &certificate.algorithm, Some(certificate.signature));
    text
}

/// The text of a certification request, as `openssl req -noout -text` prints it.
pub fn request(request: &CertificationRequest<'_>) -> String {
    let mut text = String::from("Certificate Request:\n    Data:\n");
    version(&mut text, request.version, 1);
    line(&mut text, 8, &format!("Subject: {}", oneline(&request.subject)));
    line(&mut text, 8, "Subject Public Key Info:");
    key::public_key(&mut text, &request.public_key);
    line(&mut text, 8, "Attributes:");
    // Where the whole field is missing, OpenSSL says nothing.
    if request.attributes.is_empty() && !request.attributes_missing {
        line(&mut text, 12, "(none)");
    }
    for (attribute, values) in &request.attributes {
        if attribute.is(oid::EXTENSION_REQUEST) || attribute.to_string() == MS_EXTENSION_REQUEST {
            continue;
        }
        let title = long_name(*attribute);
        let _ = write!(text, "            {title:<25}");
        for value in values.reader().filter_map(Result::ok) {
            text.push(':');
            match StringKind::from_identifier(value.identifier) {
                StringKind::Printable
                | StringKind::Teletex
                | StringKind::Numeric
                | StringKind::Utf8
                | StringKind::Ia5 => text.push_str(&String::from_utf8_lossy(value.content)),
                _ => text.push_str("unable to print attribute"),
            }
            text.push('\n');
        }
    }
    // The title stands there even where none are requested, but not where they are no list.
    let no_list = |(attribute, values): &(Oid<'_>, Tlv<'_>)| {
        attribute.is(oid::EXTENSION_REQUEST) && values.reader().expect(tag::SEQUENCE).is_err()
    };
    if !request.attributes.iter().any(no_list) {
        line(&mut text, 12, "Requested Extensions:");
    }
    // Go knows Microsoft's attribute not at all, so it is read for this form only.
    let microsoft = request.attributes.iter().filter(|(attribute, _)| {
        request.extensions.is_empty() && attribute.to_string() == MS_EXTENSION_REQUEST
    });
    let lists = microsoft.filter_map(|(_, values)| values.reader().expect(tag::SEQUENCE).ok());
    let more: Vec<_> = lists.flat_map(|list| Extension::read_all(&list, &mut Vec::new())).collect();
    for extension in request.extensions.iter().chain(&more) {
        extension::extension(&mut text, extension, 16);
    }
    signature(&mut text, &request.algorithm, Some(request.signature));
    text
}

/// Microsoft's own attribute for requested extensions, which OpenSSL reads as the standard one.
const MS_EXTENSION_REQUEST: &str = "1.3.6.1.4.1.311.2.1.14";

/// One line with this many blanks before it.
fn line(text: &mut String, indent: usize, content: &str) {
    pad(text, indent);
    text.push_str(content);
    text.push('\n');
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// What OpenSSL calls an object identifier, or its dotted numbers.
fn long_name(oid: Oid<'_>) -> String {
    lookup(oid).map_or_else(|| oid.to_string(), |named| named.openssl().to_owned())
}

fn version(text: &mut String, number: u64, highest: u64) {
    let encoded = number.saturating_sub(1);
    if number <= highest {
        line(text, 8, &format!("Version: {number} (0x{encoded:x})"));
    } else {
        line(text, 8, &format!("Version: Unknown ({encoded})"));
    }
}

/// A number that fits a `long` in decimal and hexadecimal, any other as octets.
fn serial(text: &mut String, integer: &[u8]) {
    let negative = integer.first().is_some_and(|octet| octet & 0x80 != 0);
    let octets = magnitude(integer);
    let value = (octets.len() <= 8)
        .then(|| octets.iter().fold(0u64, |value, octet| value << 8 | u64::from(*octet)))
        // -1 is how OpenSSL's own function says that the number does not fit.
        .filter(|value| match negative {
            true => (2..=1 << 63).contains(value),
            false => i64::try_from(*value).is_ok(),
        });
    match value {
        Some(value) => {
            let sign = if negative { "-" } else { "" };
            line(text, 8, &format!("Serial Number: {sign}{value} ({sign}0x{value:x})"));
        }
        None => {
            line(text, 8, "Serial Number:");
            let sign = if negative { " (Negative)" } else { "" };
            line(text, 12, &format!("{sign}{}", crate::decode::joined(&octets, ":")));
        }
    }
}

fn moment(moment: Option<OffsetDateTime>) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(moment) = moment else { return "Bad time value".to_owned() };
    let month = MONTHS.get(usize::from(u8::from(moment.month())).saturating_sub(1));
    let (hour, minute, second) = moment.to_hms();
    format!(
        "{} {:2} {hour:02}:{minute:02}:{second:02} {} GMT",
        month.copied().unwrap_or_default(),
        moment.day(),
        moment.year()
    )
}
