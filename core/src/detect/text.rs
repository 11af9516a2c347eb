//! Bytes to text, and what clipboards put around it.

use std::borrow::Cow;

use super::{Step, Trail};

/// The text that the bytes are, whatever is around it; `None` for bytes that are none.
pub(crate) fn to_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    text_in(bytes, &mut Trail::default())
}

/// The text that the bytes are; `None` for bytes that are none.
///
/// Bytes that are not UTF-8 but hold a PEM block are read all the same: a Latin-1 preamble must
/// not hide a certificate.
pub(super) fn text_in<'a>(bytes: &'a [u8], trail: &mut Trail) -> Option<Cow<'a, str>> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        trail.path.push(Step::ByteOrderMark);
        return Some(String::from_utf8_lossy(rest));
    }
    for (mark, read) in
        [(b"\xff\xfe", u16::from_le_bytes as fn([u8; 2]) -> u16), (b"\xfe\xff", u16::from_be_bytes)]
    {
        if let Some(rest) = bytes.strip_prefix(mark) {
            trail.path.push(Step::Utf16);
            let units = rest.as_chunks::<2>().0.iter().map(|unit| read(*unit));
            let text = char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            return Some(Cow::Owned(text));
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => {
            let text = String::from_utf8_lossy(bytes);
            text.contains("-----BEGIN ").then_some(text)
        }
    }
}

/// The text without blanks, quotation marks and the `%` of zsh around it, and which of them were
/// there.
pub(super) fn bare(text: &str) -> (&str, Vec<Step>) {
    let mut text = text.trim();
    let mut steps = Vec::new();
    if let Some(inner) = text.strip_suffix('%') {
        steps.push(Step::PercentSign);
        text = inner.trim_end();
    }
    for quote in ['"', '\'', '`', '\u{201c}', '\u{2018}'] {
        let closing = match quote {
            '\u{201c}' => '\u{201d}',
            '\u{2018}' => '\u{2019}',
            other => other,
        };
        let Some(rest) = text.strip_prefix(quote) else { continue };
        // A half-copied quotation has only the opening mark.
        let rest = rest.strip_suffix(',').unwrap_or(rest);
        text = rest.strip_suffix(closing).unwrap_or(rest).trim();
        steps.push(Step::Quotes);
    }
    if let Some(rest) = text.strip_suffix(['"', '\'']) {
        text = rest.trim_end();
        steps.push(Step::Quotes);
    }
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        text = rest;
        steps.push(Step::ByteOrderMark);
    }
    (text, steps)
}
