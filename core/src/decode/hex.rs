//! Octets as hexadecimal, and large numbers as decimal.

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Beyond this many octets a number is not written in decimal: the work is quadratic.
const MOST_DECIMAL: usize = 64;

/// Two lower-case digits an octet.
pub fn hex(octets: &[u8]) -> String {
    joined(octets, "")
}

/// Two lower-case digits an octet, with this between octets.
pub fn joined(octets: &[u8], separator: &str) -> String {
    let mut text =
        Vec::with_capacity(octets.len().saturating_mul(separator.len().saturating_add(2)));
    let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or_default();
    for (index, octet) in octets.iter().enumerate() {
        if index > 0 {
            text.extend_from_slice(separator.as_bytes());
        }
        text.extend_from_slice(&[digit(octet >> 4), digit(octet & 0x0f)]);
    }
    // Digits and a separator that is text are text.
    String::from_utf8(text).unwrap_or_default()
}

/// The contents of an INTEGER in decimal; `None` for one too long to be worth it.
pub fn decimal(integer: &[u8]) -> Option<String> {
    if integer.len() > MOST_DECIMAL {
        return None;
    }
    let negative = integer.first().is_some_and(|octet| octet & 0x80 != 0);
    // Decimal digits, the lowest first.
    let mut digits = vec![0u8];
    for octet in magnitude(integer) {
        let mut carry = u32::from(octet);
        for digit in &mut digits {
            let value = u32::from(*digit).wrapping_mul(256).wrapping_add(carry);
            *digit = (value % 10).try_into().unwrap_or_default();
            carry = value / 10;
        }
        while carry > 0 {
            digits.push((carry % 10).try_into().unwrap_or_default());
            carry /= 10;
        }
    }
    let mut text = String::from(if negative { "-" } else { "" });
    text.extend(digits.iter().rev().filter_map(|digit| char::from_digit(u32::from(*digit), 10)));
    Some(text)
}

/// The absolute value of the contents of an INTEGER, without leading zero octets.
pub fn magnitude(integer: &[u8]) -> Vec<u8> {
    let negative = integer.first().is_some_and(|octet| octet & 0x80 != 0);
    let mut octets = integer.to_vec();
    if negative {
        let mut carry = true;
        for octet in octets.iter_mut().rev() {
            let (value, overflow) = (!*octet).overflowing_add(u8::from(carry));
            *octet = value;
            carry = overflow;
        }
    }
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.drain(..zeros);
    octets
}
