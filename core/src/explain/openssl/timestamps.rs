//! Signed certificate timestamps (RFC 6962 §3.3), which public authorities put into certificates.

use std::fmt::Write;

use time::OffsetDateTime;

use crate::decode::{Reader, joined, tag};

/// Octets on one line.
const WIDTH: usize = 16;

/// The list; `None` where the bytes are not one.
pub(super) fn list(mut reader: Reader<'_>, indent: usize) -> Option<String> {
    let outer = reader.expect(tag::OCTET_STRING).ok()?;
    let (list, _) = counted(outer.content)?;
    let mut rest = list;
    let mut stamps = Vec::new();
    while !rest.is_empty() {
        let (stamp, after) = counted(rest)?;
        rest = after;
        stamps.push(one(stamp, indent)?);
    }
    Some(stamps.join("\n"))
}

fn one(stamp: &[u8], indent: usize) -> Option<String> {
    let (margin, inner) = (" ".repeat(indent), " ".repeat(indent.saturating_add(4)));
    let deep = indent.saturating_add(16);
    let mut text = format!("{margin}Signed Certificate Timestamp:\n{inner}Version   : ");
    let (&version, rest) = stamp.split_first()?;
    if version != 0 {
        let _ = write!(text, "unknown\n{}{}", " ".repeat(deep), octets(stamp, deep));
        return Some(text);
    }
    let (log, rest) = rest.split_at_checked(32)?;
    let (moment, rest) = rest.split_at_checked(8)?;
    let (extensions, rest) = counted(rest)?;
    let (algorithm, rest) = rest.split_at_checked(2)?;
    let (signature, _) = counted(rest)?;
    let extensions =
        if extensions.is_empty() { "none".to_owned() } else { octets(extensions, deep) };
    let algorithm = match algorithm {
        [4, 3] => "ecdsa-with-SHA256".to_owned(),
        [4, 1] => "sha256WithRSAEncryption".to_owned(),
        other => joined(other, "").to_uppercase(),
    };
    let _ = write!(
        text,
        "v1 (0x0)\n{inner}Log ID    : {}\n{inner}Timestamp : {}\n{inner}Extensions: {extensions}\n\
         {inner}Signature : {algorithm}\n{inner}            {}",
        octets(log, deep),
        milliseconds(moment)?,
        octets(signature, deep),
    );
    Some(text)
}

/// What two octets of length count, and what follows.
fn counted(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = octets.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn milliseconds(octets: &[u8]) -> Option<String> {
    let count = u64::from_be_bytes(octets.try_into().ok()?);
    let moment = OffsetDateTime::from_unix_timestamp(i64::try_from(count / 1000).ok()?).ok()?;
    let text = super::moment(Some(moment));
    // `Jan  2 03:04:05 2026 GMT`: the fraction stands after the seconds.
    let (time, year) = text.split_at_checked(15)?;
    Some(format!("{time}.{:03}{year}", count % 1000))
}

fn octets(octets: &[u8], indent: usize) -> String {
    let lines: Vec<_> =
        octets.chunks(WIDTH).map(|chunk| joined(chunk, ":").to_uppercase()).collect();
    lines.join(&format!(":\n{}", " ".repeat(indent)))
}
