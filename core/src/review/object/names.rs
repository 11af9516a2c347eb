//! The alphabets of names in Kubernetes (apimachinery `util/validation`), without regular
//! expressions.

fn is_lower(octet: u8) -> bool {
    octet.is_ascii_lowercase() || octet.is_ascii_digit()
}

/// Letters and digits at both ends, and one of `inner` in between too.
fn has_alphabet(text: &str, ends: impl Fn(u8) -> bool, inner: &[u8]) -> bool {
    let octets = text.as_bytes();
    let fits = |octet: &u8| ends(*octet) || inner.contains(octet);
    octets.first().is_some_and(|octet| ends(*octet))
        && octets.last().is_some_and(|octet| ends(*octet))
        && octets.iter().all(fits)
}

/// A DNS label of RFC 1123 in lower case, at most 63 characters.
pub(in crate::review) fn is_label(text: &str) -> bool {
    text.len() <= 63 && has_alphabet(text, is_lower, b"-")
}

/// A DNS subdomain of RFC 1123 in lower case, at most 253 characters; labels of any length.
pub(in crate::review) fn is_subdomain(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(|label| has_alphabet(label, is_lower, b"-"))
}

/// `prefix/name` or `name`, as keys of labels and annotations are.
pub(super) fn is_qualified_name(text: &str) -> bool {
    let name = match text.split_once('/') {
        Some((prefix, name)) if is_subdomain(prefix) => name,
        Some(_) => return false,
        None => text,
    };
    name.len() <= 63 && has_alphabet(name, |octet| octet.is_ascii_alphanumeric(), b"-_.")
}

/// The value of a label; may be empty.
pub(super) fn is_label_value(text: &str) -> bool {
    text.is_empty()
        || (text.len() <= 63 && has_alphabet(text, |octet| octet.is_ascii_alphanumeric(), b"-_."))
}

/// A segment of a path, which is all that the name of a CSR must be.
pub(super) fn is_path_segment(text: &str) -> bool {
    !matches!(text, "." | "..") && is_path_segment_prefix(text)
}

/// The start of such a name.
pub(super) fn is_path_segment_prefix(text: &str) -> bool {
    !text.contains(['/', '%'])
}
