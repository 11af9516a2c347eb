//! The words for a text that is no name, address or range.

use pki_core::design::NameError;

use super::{Sentence, instead, sentence};

/// What is wrong with a name, and the best advice there is: a suggestion, or else `fallback`.
pub(super) fn name(error: &NameError, subject: &str, fallback: &str) -> Sentence {
    match error {
        NameError::Empty => sentence(format!("{subject} is missing here."), fallback),
        NameError::TooLong { length, limit } => sentence(
            format!("{subject} has at most {limit} characters; this has {length}."),
            "Use a shorter one.",
        ),
        NameError::BadCharacter { character, position, suggestion } => sentence(
            format!(
                "{subject} cannot contain {} (character {position}).",
                match character {
                    ' ' => "a space".to_owned(),
                    '\t' => "a tab".to_owned(),
                    '_' => "an underscore".to_owned(),
                    other => format!("“{}”", other.escape_debug()),
                }
            ),
            suggestion.as_ref().map_or_else(|| fallback.to_owned(), |text| instead(text)),
        ),
        NameError::UpperCase { suggestion } => sentence(
            format!("{subject} has no upper-case letters in Kubernetes."),
            instead(suggestion),
        ),
        NameError::BadLabel { label } if label.is_empty() => {
            sentence(format!("{subject} cannot have an empty part between dots."), fallback)
        }
        NameError::BadLabel { label } => {
            sentence(format!("“{label}” must start and end with a letter or digit."), fallback)
        }
        NameError::BadAddress => {
            sentence("This is not an IP address (each part of IPv4 is 0 to 255).", fallback)
        }
        NameError::Bracketed { suggestion } => {
            sentence("Brackets belong only around IPv6 in front of a port.", instead(suggestion))
        }
        NameError::AddressWithPrefix { suggestion } => {
            sentence("An address is wanted here, not a range.", instead(suggestion))
        }
        NameError::AddressWithPort { suggestion } => {
            sentence("A port does not belong here.", instead(suggestion))
        }
        NameError::AddressWithZone { suggestion } => sentence(
            "The zone behind % is of one machine alone, and certificates have none.",
            instead(suggestion),
        ),
        NameError::LeadingZeros { suggestion } => sentence(
            "Some programs read numbers with leading zeros as octal, and so another address.",
            instead(suggestion),
        ),
        NameError::SeveralAddresses => sentence(
            "This is more than one address.",
            "Make each an entry of its own, with a comma between.",
        ),
        NameError::NoPrefixLength => {
            sentence("A range has a prefix length after a slash.", fallback)
        }
        NameError::BadPrefixLength { limit } => {
            sentence(format!("The prefix length is a number from 0 to {limit}."), fallback)
        }
        NameError::HostBits { suggestion } => sentence(
            "The address has bits set beyond the prefix, so it is no network.",
            instead(suggestion),
        ),
        NameError::BadPort => sentence("The port is a number from 1 to 65535.", fallback),
        NameError::IsUrl { suggestion } => sentence(
            "Only host and port belong here, without scheme and path.",
            instead(suggestion),
        ),
        other => sentence(format!("{subject} is not right here ({other:?})."), fallback),
    }
}
