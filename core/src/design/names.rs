//! Names, which have an alphabet, each kind in a type of its own; and why a text is none.

use std::fmt;

/// Why a text is no name of the kind that was asked for. Suggestions are texts that would pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More characters than the limit allows.
    TooLong {
        /// How many there are.
        length: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A character outside the alphabet.
    BadCharacter {
        /// The first such character.
        character: char,
        /// Its place, counted in characters from 1.
        position: usize,
        /// The text with such characters replaced, where that gives a name.
        suggestion: Option<String>,
    },
    /// Upper-case letters, which node and DNS names in Kubernetes do not have.
    UpperCase {
        /// The text in lower case.
        suggestion: String,
    },
    /// A label (the part between dots) is empty, or starts or ends with a character that may
    /// only stand inside.
    BadLabel {
        /// The label.
        label: String,
    },
    /// An IPv4 or IPv6 address that is none: `10.96.0.256`, say.
    BadAddress,
    /// An IPv6 address in the brackets that only URLs want.
    Bracketed {
        /// The address without them.
        suggestion: String,
    },
    /// An address with a prefix length where a bare address is wanted.
    AddressWithPrefix {
        /// The address without it.
        suggestion: String,
    },
    /// An address with a port where a bare address is wanted.
    AddressWithPort {
        /// The address without it.
        suggestion: String,
    },
    /// An IPv6 address with the zone of an interface behind `%`.
    AddressWithZone {
        /// The address without it.
        suggestion: String,
    },
    /// An IPv4 address in which numbers begin with zeros, which some programs read as octal.
    LeadingZeros {
        /// The address without them.
        suggestion: String,
    },
    /// Addresses with a space between, where one is wanted.
    SeveralAddresses,
    /// A CIDR without `/` and prefix length.
    NoPrefixLength,
    /// A prefix length that is no number or longer than the address.
    BadPrefixLength {
        /// The longest possible.
        limit: u8,
    },
    /// A CIDR whose address has bits set beyond the prefix.
    HostBits {
        /// The network that contains it.
        suggestion: String,
    },
    /// A port that is no number from 1 to 65535.
    BadPort,
    /// A URL, or a part of one, where `HOST[:PORT]` or the host alone is wanted.
    IsUrl {
        /// The host and port inside.
        suggestion: String,
    },
}

impl NameError {
    /// A text that would pass, where there is one.
    pub fn suggestion(&self) -> Option<String> {
        self.clone().slot().map(std::mem::take)
    }

    /// The same about a longer text: `whole` makes of the suggestion for a part that for all of it.
    pub(super) fn within(mut self, whole: impl FnOnce(&str) -> String) -> Self {
        if let Some(suggestion) = self.slot() {
            *suggestion = whole(suggestion);
        }
        self
    }

    fn slot(&mut self) -> Option<&mut String> {
        match self {
            Self::BadCharacter { suggestion, .. } => suggestion.as_mut(),
            Self::UpperCase { suggestion }
            | Self::Bracketed { suggestion }
            | Self::AddressWithPrefix { suggestion }
            | Self::AddressWithPort { suggestion }
            | Self::AddressWithZone { suggestion }
            | Self::LeadingZeros { suggestion }
            | Self::HostBits { suggestion }
            | Self::IsUrl { suggestion } => Some(suggestion),
            _ => None,
        }
    }
}

/// Characters that RFC 1123 allows in a DNS name: lower-case letters, digits, `-` and dots.
fn check_dns(text: &str, limit: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    let length = text.chars().count();
    if length > limit {
        return Err(NameError::TooLong { length, limit });
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if let Some((index, character)) =
        text.chars().enumerate().find(|(_, c)| !allowed(*c) && !c.is_ascii_uppercase())
    {
        let replaced: String =
            text.to_lowercase().chars().map(|c| if allowed(c) { c } else { '-' }).collect();
        let suggestion = check_dns(&replaced, limit).is_ok().then_some(replaced);
        return Err(NameError::BadCharacter { character, position: index + 1, suggestion });
    }
    if text.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(NameError::UpperCase { suggestion: text.to_lowercase() });
    }
    match text
        .split('.')
        .find(|label| label.is_empty() || label.starts_with('-') || label.ends_with('-'))
    {
        Some(label) => Err(NameError::BadLabel { label: label.to_owned() }),
        None => Ok(()),
    }
}

macro_rules! text_type {
    ($name:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// An RFC 1123 subdomain: what Kubernetes takes as DNS name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DnsName(String);
text_type!(DnsName);

impl DnsName {
    /// Reads a DNS name.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_dns(text, 253).map(|()| Self(text.to_owned()))
    }
}

/// The name of a node: an RFC 1123 subdomain, in lower case (k/k `ValidateNodeName`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeName(String);
text_type!(NodeName);

impl NodeName {
    /// The longest name with which `system:node:<name>` stays within the 64 characters that
    /// RFC 5280 (ub-common-name) allows a CN. Go signs longer ones, OpenSSL refuses them.
    pub const COMMON_NAME_LIMIT: usize = 52;

    /// Reads a node name.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_dns(text, 253).map(|()| Self(text.to_owned()))
    }
}

/// The name of a cluster in kubeconfigs and file names.
///
/// Kubernetes sets no rule; this one keeps it a single safe path segment on every system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClusterName(String);
text_type!(ClusterName);

impl ClusterName {
    /// Reads a cluster name: up to 63 letters, digits, `.`, `_` and `-`, with a letter or digit
    /// at both ends.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        const LIMIT: usize = 63;
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let length = text.chars().count();
        if length > LIMIT {
            return Err(NameError::TooLong { length, limit: LIMIT });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if let Some((index, character)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            let replaced: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
            let suggestion = Self::parse(&replaced).is_ok().then_some(replaced);
            return Err(NameError::BadCharacter { character, position: index + 1, suggestion });
        }
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if !edge(text.chars().next()) || !edge(text.chars().last()) {
            return Err(NameError::BadLabel { label: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }
}
