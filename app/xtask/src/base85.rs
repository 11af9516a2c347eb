//! Bytes as text that may stand in a script element: 25 % longer than they are, where base64 is 33 %.
//!
//! Four bytes, as a big-endian number, are five digits to the base of 85; a group of n bytes at the
//! end is n + 1 digits, as in Ascii85. The digits are the printable characters of ASCII in their
//! order, but for the nine that mean something to HTML or to a string literal.
//! The reader is `fromBase85` in `public/boot.js`.

/// The printable characters that are no digits.
const LEFT_OUT: &[u8] = b"\"&'-/<>\\`";

/// Encodes bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let alphabet: Vec<u8> = (b'!'..=b'~').filter(|byte| !LEFT_OUT.contains(byte)).collect();
    let mut text = String::with_capacity(bytes.len() / 4 * 5 + 5);
    for group in bytes.chunks(4) {
        let mut word = [0; 4];
        word[..group.len()].copy_from_slice(group);
        let word = u32::from_be_bytes(word);
        for power in [85 * 85 * 85 * 85, 85 * 85 * 85, 85 * 85, 85, 1].iter().take(group.len() + 1)
        {
            // The alphabet has 85 characters.
            text.push(char::from(alphabet[(word / power % 85) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `boot.js` does.
    fn decode(text: &str) -> Vec<u8> {
        let alphabet: Vec<u8> = (b'!'..=b'~').filter(|byte| !LEFT_OUT.contains(byte)).collect();
        assert_eq!(alphabet.len(), 85);
        let digit =
            |byte| alphabet.iter().position(|digit| *digit == byte).expect("a digit") as u64;
        let mut bytes = Vec::new();
        for group in text.as_bytes().chunks(5) {
            let word = (0..5).fold(0, |word, i| word * 85 + group.get(i).map_or(84, |c| digit(*c)));
            let word = u32::try_from(word).expect("no more than four bytes").to_be_bytes();
            bytes.extend(&word[..group.len() - 1]);
        }
        bytes
    }

    #[test]
    fn every_length_and_every_byte_comes_back() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for length in 0..bytes.len() {
            let text = encode(&bytes[..length]);
            assert_eq!(text.len(), (length * 5).div_ceil(4));
            assert_eq!(decode(&text), &bytes[..length]);
        }
        assert_eq!(decode(&encode(&[255; 9])), [255; 9]);
        assert_eq!(encode(&[0; 4]), "!!!!!");
        assert_eq!(encode(&[255; 4]), "|?_2!");
    }
}
