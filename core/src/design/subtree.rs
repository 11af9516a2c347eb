//! Which names a CA may sign: name constraints (RFC 5280 §4.2.1.10), of DNS names and addresses.

use std::fmt;
use std::net::IpAddr;

use super::address::looks_like_address;
use super::{Cidr, DnsName, NameError, San};

/// A name with everything below it, or a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subtree {
    /// This DNS name, and every name that ends with it behind a dot.
    Dns(String),
    /// The addresses of a range.
    Ip(Cidr),
}

impl Subtree {
    /// Reads a DNS name or a range.
    ///
    /// # Errors
    /// A [`NameError`]. A dot or `*.` in front is refused: what that means differs between
    /// verifiers, and a bare name covers all below it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if looks_like_address(text) {
            return Cidr::parse(text).map(Self::Ip);
        }
        let bare = text.trim_start_matches('*').trim_start_matches('.');
        if let Some(character) = text.chars().next()
            && bare.len() < text.len()
        {
            let suggestion = DnsName::parse(bare).is_ok().then(|| bare.to_owned());
            return Err(NameError::BadCharacter { character, position: 1, suggestion });
        }
        DnsName::parse(text).map(|name| Self::Dns(name.to_string()))
    }

    /// The least one around a name.
    pub fn around(name: &San) -> String {
        match name {
            San::Dns(name) => name.trim_start_matches("*.").to_owned(),
            San::Ip(IpAddr::V4(address)) => format!("{address}/32"),
            San::Ip(IpAddr::V6(address)) => format!("{address}/128"),
        }
    }

    /// Whether a name lies within, as Go and OpenSSL compare them.
    pub fn contains(&self, name: &San) -> bool {
        match (self, name) {
            (Self::Dns(rule), San::Dns(name)) => {
                name == rule || name.strip_suffix(rule).is_some_and(|left| left.ends_with('.'))
            }
            (Self::Ip(range), San::Ip(address)) => range.contains(*address),
            _ => false,
        }
    }

    /// Whether a wildcard stands for a name within, among others.
    fn touches(&self, name: &San) -> bool {
        let (Self::Dns(rule), San::Dns(name)) = (self, name) else { return false };
        let parents = name.strip_prefix("*.").zip(rule.split_once('.'));
        parents.is_some_and(|(of_name, (_, of_rule))| of_name == of_rule)
    }

    /// Whether it is about names of this kind.
    fn is_like(&self, name: &San) -> bool {
        matches!((self, name), (Self::Dns(_), San::Dns(_)) | (Self::Ip(_), San::Ip(_)))
    }

    /// As openssl's configuration has it.
    pub(crate) fn openssl(&self) -> String {
        match self {
            Self::Dns(name) => format!("DNS:{name}"),
            Self::Ip(range) => format!("IP:{}/{}", range.network(), range.netmask()),
        }
    }
}

impl fmt::Display for Subtree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(range) => range.fmt(f),
        }
    }
}

/// The name constraints of a CA; none where both lists are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Names of a kind that is listed here must be within one of these.
    pub permitted: Vec<Subtree>,
    /// No name may be within one of these.
    pub excluded: Vec<Subtree>,
}

impl Constraints {
    /// Whether they say nothing.
    pub fn is_empty(&self) -> bool {
        self.permitted.is_empty() && self.excluded.is_empty()
    }

    /// Whether names of the kind of this one are limited to some.
    pub(super) fn limit(&self, name: &San) -> bool {
        self.permitted.iter().chain(&self.excluded).any(|subtree| subtree.is_like(name))
    }

    /// Whether a name keeps to them.
    ///
    /// # Errors
    /// The number of the subtree that excludes it, or `None` where none permits it.
    pub fn check(&self, name: &San) -> Result<(), Option<usize>> {
        let excludes = |subtree: &Subtree| subtree.contains(name) || subtree.touches(name);
        if let Some(index) = self.excluded.iter().position(excludes) {
            return Err(Some(index));
        }
        let mut permitted = self.permitted.iter().filter(|rule| rule.is_like(name)).peekable();
        let is_free = permitted.peek().is_none();
        if is_free || permitted.any(|rule| rule.contains(name)) { Ok(()) } else { Err(None) }
    }

    /// As the value of openssl's `nameConstraints`; empty where there are none.
    pub(crate) fn openssl(&self) -> String {
        let mut words = Vec::new();
        for (kind, subtrees) in [("permitted", &self.permitted), ("excluded", &self.excluded)] {
            words.extend(subtrees.iter().map(|subtree| format!("{kind};{}", subtree.openssl())));
        }
        words.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constraints(permitted: &[&str], excluded: &[&str]) -> Constraints {
        let read = |texts: &[&str]| {
            texts.iter().map(|text| Subtree::parse(text).expect("a subtree")).collect()
        };
        Constraints { permitted: read(permitted), excluded: read(excluded) }
    }

    #[test]
    fn names_keep_to_them_or_not() {
        let of = constraints(&["example.com", "10.0.0.0/8"], &["bad.example.com", "10.9.0.0/16"]);
        for (name, expected) in [
            ("example.com", Ok(())),
            ("a.b.example.com", Ok(())),
            ("*.example.com", Err(Some(0))),
            ("*.good.example.com", Ok(())),
            ("myexample.com", Err(None)),
            ("kubernetes", Err(None)),
            ("x.bad.example.com", Err(Some(0))),
            ("10.1.2.3", Ok(())),
            ("10.9.2.3", Err(Some(1))),
            ("192.0.2.1", Err(None)),
            // Addresses of both families are one kind.
            ("::1", Err(None)),
        ] {
            assert_eq!(of.check(&San::parse(name).expect("a name")), expected, "{name}");
        }
        let only_names = constraints(&["example.com"], &[]);
        assert_eq!(only_names.check(&San::parse("192.0.2.1").expect("a name")), Ok(()));
    }

    #[test]
    fn what_verifiers_read_differently_is_refused_with_what_they_agree_on() {
        for (text, instead) in [(".example.com", "example.com"), ("*.example.com", "example.com")] {
            match Subtree::parse(text) {
                Err(NameError::BadCharacter { position: 1, suggestion, .. }) => {
                    assert_eq!(suggestion.as_deref(), Some(instead));
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        assert_eq!(Subtree::parse("10.0.0.1"), Err(NameError::NoPrefixLength));
        let host_bits = NameError::HostBits { suggestion: "10.0.0.0/8".to_owned() };
        assert_eq!(Subtree::parse("10.0.0.1/8"), Err(host_bits));
    }
}
