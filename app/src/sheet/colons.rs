//! Hexadecimal as people compare it.

/// Hexadecimal with a colon between octets, as openssl prints it.
pub(super) fn colons(hex: &str) -> String {
    let mut spaced = String::with_capacity(hex.len() * 3 / 2);
    for (index, character) in hex.chars().enumerate() {
        if index > 0 && index % 2 == 0 {
            spaced.push(':');
        }
        spaced.push(character.to_ascii_uppercase());
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::colons;

    #[test]
    fn colons_stand_between_octets() {
        assert_eq!(colons("0a1bff"), "0A:1B:FF");
        assert_eq!(colons(""), "");
    }
}
