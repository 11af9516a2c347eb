//! Hexadecimal as people paste it: with colons, spaces, line ends, `0x`, `\x`.

use zeroize::Zeroizing;

/// The bytes, if the text is hexadecimal of something in DER or of text.
///
/// Base64 of only hexadecimal letters would be taken for it, so the first octet must be that of a
/// SEQUENCE: no PEM and no base64 of ours begins with `30` and goes on in digits and a to f.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.trim();
    let start = text.trim_start_matches("0x").trim_start_matches("\\x");
    if !start.starts_with("30") {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    let mut high = None;
    let mut octets = text.bytes().peekable();
    while let Some(octet) = octets.next() {
        let digit = match octet {
            b':' | b',' | b'-' | b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'x' | b'X' => continue,
            b'0' if high.is_none() && matches!(octets.peek(), Some(b'x' | b'X')) => continue,
            _ => u8::try_from(char::from(octet).to_digit(16)?).ok()?,
        };
        match high.take() {
            None => high = Some(digit),
            Some(high) => bytes.push(high << 4 | digit),
        }
    }
    (high.is_none() && bytes.len() > 8).then_some(bytes)
}
