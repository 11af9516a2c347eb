//! Base64 (RFC 4648 §4 and §5), as patient as can be without guessing.

use crate::decode::{Finding, Problem};

/// Fewer characters than this are no object.
const SHORTEST: usize = 16;

/// What some base64 says.
pub struct Base64 {
    /// The bytes; where a character was wrong, without it.
    pub bytes: Vec<u8>,
    /// It is of the URL-safe alphabet.
    pub url: bool,
    /// Characters of the alphabet.
    pub characters: usize,
    /// The padding that belongs at the end is there.
    pub padded: bool,
    /// The first character outside of the alphabet, and its place in octets of the text.
    pub wrong: Option<(usize, char)>,
    /// How many such characters there are.
    pub wrong_count: usize,
}

impl Base64 {
    /// What Kubernetes or a strict reader would object to.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.url {
            findings.push(Problem::Base64Url.into());
        }
        if let Some((offset, character)) = self.wrong {
            let mut finding = Finding::from(Problem::Base64Character { character });
            finding.offset = Some(offset);
            findings.push(finding);
        }
        if self.characters % 4 == 1 {
            findings.push(Problem::Base64Length { characters: self.characters }.into());
        } else if !self.padded {
            findings.push(Problem::Base64Unpadded.into());
        }
        findings
    }
}

/// Reads text as base64; `None` for text that is clearly something else.
///
/// White space is skipped, and `\n` written out too.
pub fn decode(text: &str) -> Option<Base64> {
    let decoded = lenient(text);
    // One character in fifty may be wrong: a typing fault, not another language.
    let tolerable = decoded.wrong_count.saturating_mul(50) <= decoded.characters;
    (decoded.characters >= SHORTEST && tolerable).then_some(decoded)
}

/// The bytes of a value that is known to be base64, e.g. of a field of a Secret.
pub(crate) fn decode_short(text: &str) -> Vec<u8> {
    lenient(text).bytes
}

/// Reads text as base64, whatever it is.
pub(super) fn lenient(text: &str) -> Base64 {
    // Reserved beforehand, so that growing leaves no copies of a key behind.
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut url, mut characters, mut padding) = (false, 0usize, 0usize);
    let (mut wrong, mut wrong_count) = (None, 0usize);
    let (mut group, mut filled) = (0u32, 0u8);
    let mut escaped = false;
    let mut rest = text;
    loop {
        if filled == 0 && !escaped {
            let plain = plain(rest);
            bytes.extend(plain.as_bytes().chunks_exact(4).flat_map(octets));
            characters = characters.saturating_add(plain.len());
            rest = rest.strip_prefix(plain).unwrap_or(rest);
        }
        let offset = text.len().saturating_sub(rest.len());
        let Some(character) = rest.chars().next() else { break };
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        if escaped {
            escaped = false;
            if matches!(character, 'n' | 'r' | 't') {
                continue;
            }
        }
        let value = match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '+' | '/' | '-' | '_' => {
                url |= matches!(character, '-' | '_');
                sextet(character)
            }
            '=' => {
                padding = padding.saturating_add(1);
                // Padding ends a group; what follows is another base64 text.
                flush(&mut bytes, &mut group, &mut filled);
                continue;
            }
            '\\' => {
                escaped = true;
                continue;
            }
            _ if character.is_whitespace() => continue,
            _ => {
                wrong_count = wrong_count.saturating_add(1);
                wrong.get_or_insert((offset, character));
                continue;
            }
        };
        characters = characters.saturating_add(1);
        group = group << 6 | value;
        filled = filled.saturating_add(1);
        if filled == 4 {
            let [_, one, two, three] = group.to_be_bytes();
            bytes.extend([one, two, three]);
            (group, filled) = (0, 0);
        }
    }
    flush(&mut bytes, &mut group, &mut filled);
    let padded = match characters % 4 {
        0 => true,
        2 => padding == 2,
        3 => padding == 1,
        _ => false,
    };
    Base64 { bytes, url, characters, padded, wrong, wrong_count }
}

/// The whole groups of the common alphabet at the start of a text: nearly all of any base64, and
/// what is read by table.
fn plain(text: &str) -> &str {
    let of_alphabet = |octet: &&u8| SEXTETS.get(usize::from(**octet)).is_some_and(|six| *six < 64);
    let length = text.as_bytes().iter().take_while(of_alphabet).count();
    text.get(..length & !3).unwrap_or_default()
}

/// The octets of a group that [`plain`] found.
fn octets(group: &[u8]) -> [u8; 3] {
    let six = |octet: &u8| u32::from(SEXTETS.get(usize::from(*octet)).copied().unwrap_or_default());
    let [_, one, two, three] =
        group.iter().fold(0, |bits, octet| bits << 6 | six(octet)).to_be_bytes();
    [one, two, three]
}

/// What each character of the common alphabet stands for; 64 for all others.
static SEXTETS: [u8; 256] = {
    let mut table = [64; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut index = 0;
    while index < alphabet.len() {
        table[alphabet[index] as usize] = index as u8;
        index += 1;
    }
    table
};

/// Where base64 of PEM stops being PEM, in octets of the base64: from there on the characters are
/// out of step, because one is missing.
pub(super) fn shifted(text: &str, bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"-----BEGIN ") {
        return None;
    }
    let strange = |octet: &u8| !octet.is_ascii_graphic() && !octet.is_ascii_whitespace();
    let place = bytes.iter().position(strange)?;
    // Four characters make three octets.
    let characters = (place / 3).saturating_mul(4);
    let counted = |(_, c): &(usize, char)| c.is_ascii_alphanumeric() || "+/-_".contains(*c);
    text.char_indices().filter(counted).nth(characters).map(|(offset, _)| offset)
}

/// Writes the octets of a group of two or three characters.
fn flush(bytes: &mut Vec<u8>, group: &mut u32, filled: &mut u8) {
    let missing = 4u8.saturating_sub(*filled);
    let [_, one, two, _] = (*group << (6 * u32::from(missing % 4))).to_be_bytes();
    match *filled {
        2 => bytes.push(one),
        3 => bytes.extend([one, two]),
        _ => {}
    }
    (*group, *filled) = (0, 0);
}

fn sextet(character: char) -> u32 {
    let code = u32::from(character);
    match character {
        'A'..='Z' => code.wrapping_sub(65),
        'a'..='z' => code.wrapping_sub(71),
        '0'..='9' => code.wrapping_add(4),
        '+' | '-' => 62,
        _ => 63,
    }
}
