//! Characters that cannot be seen, or that turn the text around them: written by their numbers.

/// The text with what is invisible in it written as `⟨U+202E⟩`.
pub(super) fn visible(text: String) -> String {
    odd(&text).unwrap_or(text)
}

/// The same, where there is anything to write so.
pub(super) fn odd(text: &str) -> Option<String> {
    if !text.chars().any(is_odd) {
        return None;
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_odd(character) {
            shown.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    Some(shown)
}

/// Control characters but line ends, marks of direction, blanks without width, and tags.
fn is_odd(character: char) -> bool {
    matches!(character,
        '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{ad}' | '\u{61c}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::{odd, visible};

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(odd("a\u{202e}b\0").as_deref(), Some("a⟨U+202E⟩b⟨U+0000⟩"));
        assert_eq!(odd("<img> é שלום\n日本"), None);
        assert_eq!(visible("a\u{ad}".to_owned()), "a⟨U+00AD⟩");
        assert_eq!(visible("é\n".to_owned()), "é\n");
    }
}
