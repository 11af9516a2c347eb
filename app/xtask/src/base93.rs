//! Bytes as text that may stand in a script element: 22.5 % longer than they are, where base64 is
//! 33 %.
//!
//! The digits are the printable characters of ASCII in their order, but for the one that could end
//! the element. Two of them, the lower first, hold a number below 93² = 8649, which is 13 bits; the
//! 457 numbers above 2¹³ give a fourteenth bit to as many of those below. Bits come lowest first,
//! and what is left at the end is one digit where that has room. It is the method of basE91 by
//! Joachim Henke with two digits more.
//! The reader is `fromBase93` in `public/boot.js`.

/// The printable character that is no digit.
const LEFT_OUT: u8 = b'<';
const BASE: u32 = 93;
/// Thirteen bits below this one have room for a fourteenth.
const ROOM: u32 = BASE * BASE - (1 << 13);

/// Encodes bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let alphabet: Vec<u8> = (b'!'..=b'~').filter(|byte| *byte != LEFT_OUT).collect();
    // The alphabet has 93 characters.
    let digit = |number: u32| char::from(alphabet[(number % BASE) as usize]);
    let mut text = String::with_capacity(bytes.len() / 4 * 5 + 2);
    let (mut bits, mut count) = (0u32, 0);
    for byte in bytes {
        bits |= u32::from(*byte) << count;
        count += 8;
        if count > 13 {
            let taken = if bits & 0x1FFF < ROOM { 14 } else { 13 };
            let number = bits & ((1 << taken) - 1);
            text.extend([digit(number), digit(number / BASE)]);
            bits >>= taken;
            count -= taken;
        }
    }
    if count > 0 {
        text.push(digit(bits));
        if count > 7 || bits >= BASE {
            text.push(digit(bits / BASE));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `boot.js` does.
    fn decode(text: &str) -> Vec<u8> {
        let alphabet: Vec<u8> = (b'!'..=b'~').filter(|byte| *byte != LEFT_OUT).collect();
        assert_eq!(alphabet.len(), BASE as usize);
        let digit =
            |byte| alphabet.iter().position(|digit| *digit == byte).expect("a digit") as u32;
        let mut bytes = Vec::new();
        let (mut bits, mut count) = (0, 0);
        for pair in text.as_bytes().chunks(2) {
            let number = digit(pair[0]) + pair.get(1).map_or(0, |high| BASE * digit(*high));
            bits |= number << count;
            count += match pair.len() {
                1 => 8 - count,
                _ if number & 0x1FFF < ROOM => 14,
                _ => 13,
            };
            while count >= 8 {
                bytes.push((bits & 0xFF) as u8);
                bits >>= 8;
                count -= 8;
            }
        }
        bytes
    }

    #[test]
    fn every_length_and_every_byte_comes_back() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        for start in [0, 77, 200] {
            for end in start..bytes.len() {
                assert_eq!(decode(&encode(&bytes[start..end])), &bytes[start..end]);
            }
        }
        assert_eq!(encode(&[0]), "!!");
        assert_eq!(encode(&[0; 7]), "!!!!!!!!");
        for last in 0..=255 {
            assert_eq!(decode(&encode(&[255, last])), [255, last]);
        }
    }

    #[test]
    fn is_as_short_as_it_says() {
        let bytes: Vec<u8> =
            (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let length = encode(&bytes).len() as f64 / bytes.len() as f64;
        assert!((1.22..1.23).contains(&length), "{length}");
    }
}
