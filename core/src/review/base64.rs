//! Base64 as Go's standard decoder reads it: line breaks are passed over, nothing else is.

/// The position of the first octet that cannot stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IllegalBase64 {
    pub(crate) position: usize,
}

/// Decodes padded base64 of the standard alphabet.
///
/// Carriage returns and line feeds may stand anywhere; the unused bits of the last character are
/// not looked at.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, IllegalBase64> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut quantum: u32 = 0;
    let mut filled = 0u32;
    let mut padding = 0u32;
    for (position, octet) in text.iter().enumerate() {
        let illegal = IllegalBase64 { position };
        let value = match octet {
            b'\r' | b'\n' => continue,
            b'=' if filled + padding >= 2 && padding < 2 && filled + padding < 4 => {
                padding += 1;
                continue;
            }
            _ if padding > 0 => return Err(illegal),
            b'A'..=b'Z' => octet - b'A',
            b'a'..=b'z' => octet - b'a' + 26,
            b'0'..=b'9' => octet - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(illegal),
        };
        quantum = (quantum << 6) | u32::from(value);
        filled += 1;
        if filled == 4 {
            out.extend_from_slice(quantum.to_be_bytes().get(1..).unwrap_or_default());
            quantum = 0;
            filled = 0;
        }
    }
    let end = IllegalBase64 { position: text.len() };
    let octets = match (filled, padding) {
        (0, 0) => 0,
        (2, 2) => 1,
        (3, 1) => 2,
        _ => return Err(end),
    };
    let last = (quantum << (6 * (4 - filled.max(1)))).to_be_bytes();
    out.extend_from_slice(last.get(1..1 + octets).unwrap_or_default());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn reads_as_go_does() {
        let check = |text: &str, expected: Option<&[u8]>| {
            assert_eq!(decode(text.as_bytes()).ok().as_deref(), expected, "{text:?}");
        };
        check("", Some(b""));
        check("Zg==", Some(b"f"));
        check("Zm8=", Some(b"fo"));
        check("Zm9v", Some(b"foo"));
        check("Z\r\nm9\nv\n", Some(b"foo"));
        check("Zg=\n=\n", Some(b"f"));
        check("Zh==", Some(b"f"));
        for bad in
            ["Zg", "Zg=", "Zg===", "Zm9v ", "Zm9v=", "=", "Z===", "Zg==Zg==", "Zm9_", "Zm8=a"]
        {
            check(bad, None);
        }
    }
}
