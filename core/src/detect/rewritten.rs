//! Texts that another program made of an object or of a text: dumps of octets, percent escapes of
//! a proxy's header, blanks and marks that browsers and chats put in.

use zeroize::Zeroizing;

use super::Step;
use crate::decode::tag;

/// The octets that a dump, or a list of decimal numbers, stands for.
pub(super) fn octets(text: &str) -> Option<(Step, Zeroizing<Vec<u8>>)> {
    let found = dump(text).map(|bytes| (Step::Hex, bytes));
    found.or_else(|| Some((Step::Octets, decimal(text)?)))
}

/// What `xxd`, `hexdump -C` and `od -t x1` print: an offset, octets, and often the text beside
/// them.
///
/// Every line's offset must be the count of octets before it, so nothing else is taken for a dump.
fn dump(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim();
    if !text.starts_with("0000") {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 3));
    for line in text.lines().map(str::trim) {
        let (offset, rest) = line.split_once([' ', '\t', ':']).unwrap_or((line, ""));
        let place = |radix| usize::from_str_radix(offset, radix).ok();
        if ![16, 8].iter().any(|radix| place(*radix) == Some(bytes.len())) {
            return None;
        }
        let is_xxd = line.as_bytes().get(offset.len()) == Some(&b':');
        let columns = rest.trim_start().split(if is_xxd { "  " } else { "|" }).next();
        let mut digits = columns.unwrap_or_default().bytes().filter(|octet| *octet != b' ');
        while let Some(high) = digits.next() {
            let digit = |octet: u8| char::from(octet).to_digit(16);
            bytes.push(u8::try_from(digit(high)? << 4 | digit(digits.next()?)?).ok()?);
        }
    }
    (bytes.len() > 8).then_some(bytes)
}

/// Octets as Go and JSON print them, in brackets or without: DER or PEM.
fn decimal(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let between = |c: char| c.is_whitespace() || "[],".contains(c);
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 4));
    for number in text.split(between).filter(|number| !number.is_empty()) {
        bytes.push(number.parse().ok()?);
    }
    let begins = matches!(bytes.first(), Some(&tag::SEQUENCE | b'-'));
    (begins && bytes.len() > 8).then_some(bytes)
}

/// A text with PEM in percent escapes, as nginx (`$ssl_client_escaped_cert`) and Envoy
/// (`X-Forwarded-Client-Cert`) write it, in the plain.
pub(super) fn unescaped(text: &str) -> Option<Zeroizing<String>> {
    let form = text.contains("-BEGIN+");
    if !form && !text.contains("-BEGIN%20") {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let [octet, after @ ..] = rest {
        rest = after;
        bytes.push(match (octet, after) {
            (b'%', [high, low, after @ ..]) => {
                rest = after;
                let digit = |octet: &u8| char::from(*octet).to_digit(16);
                u8::try_from(digit(high)? << 4 | digit(low)?).ok()?
            }
            (b'+', _) if form => b' ',
            _ => *octet,
        });
    }
    Some(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The text with plain blanks for those that do not break, and without marks of no width; `None`
/// where it has neither.
pub(super) fn visible(text: &str) -> Option<Zeroizing<String>> {
    let blank = |c: char| matches!(c, '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{3000}');
    let mark = |c: char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    if !text.contains(|c| blank(c) || mark(c)) {
        return None;
    }
    let kept = text.chars().filter(|c| !mark(*c));
    Some(Zeroizing::new(kept.map(|c| if blank(c) { ' ' } else { c }).collect()))
}
