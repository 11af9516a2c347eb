//! The string types of ASN.1 as text.

use serde::{Deserialize, Serialize};

use super::{Problem, tag};

/// A string type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of X.680")]
pub enum StringKind {
    #[serde(rename = "UTF8String")]
    Utf8,
    #[serde(rename = "PrintableString")]
    Printable,
    #[serde(rename = "IA5String")]
    Ia5,
    #[serde(rename = "TeletexString")]
    Teletex,
    #[serde(rename = "BMPString")]
    Bmp,
    #[serde(rename = "UniversalString")]
    Universal,
    #[serde(rename = "NumericString")]
    Numeric,
    #[serde(rename = "VisibleString")]
    Visible,
    /// Not a string at all; shown as hexadecimal.
    #[serde(rename = "other")]
    Other,
}

impl StringKind {
    /// The type with this identifier octet.
    pub fn from_identifier(identifier: u8) -> Self {
        match identifier {
            tag::UTF8_STRING => Self::Utf8,
            tag::PRINTABLE_STRING => Self::Printable,
            tag::IA5_STRING => Self::Ia5,
            tag::T61_STRING => Self::Teletex,
            tag::BMP_STRING => Self::Bmp,
            tag::UNIVERSAL_STRING => Self::Universal,
            tag::NUMERIC_STRING => Self::Numeric,
            tag::VISIBLE_STRING => Self::Visible,
            _ => Self::Other,
        }
    }

    /// The name in ASN.1.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF8String",
            Self::Printable => "PrintableString",
            Self::Ia5 => "IA5String",
            Self::Teletex => "TeletexString",
            Self::Bmp => "BMPString",
            Self::Universal => "UniversalString",
            Self::Numeric => "NumericString",
            Self::Visible => "VisibleString",
            Self::Other => "other",
        }
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::Printable => {
                character.is_ascii_alphanumeric() || " '()+,-./:=?".contains(character)
            }
            Self::Numeric => character.is_ascii_digit() || character == ' ',
            Self::Ia5 => character.is_ascii(),
            Self::Visible => character == ' ' || character.is_ascii_graphic(),
            _ => true,
        }
    }
}

/// The text of a string, and what is wrong with it.
///
/// What cannot be read becomes U+FFFD; a value that is no string becomes `#` and hexadecimal, as
/// in RFC 4514 §2.4.
pub fn text_of(kind: StringKind, octets: &[u8]) -> (String, Option<Problem>) {
    let text = match kind {
        StringKind::Utf8 => String::from_utf8_lossy(octets).into_owned(),
        // Readers take T.61 for Latin-1, as its writers did.
        StringKind::Printable
        | StringKind::Ia5
        | StringKind::Teletex
        | StringKind::Numeric
        | StringKind::Visible => octets.iter().copied().map(char::from).collect(),
        StringKind::Bmp => {
            let (units, rest) = octets.as_chunks::<2>();
            let units = units.iter().map(|unit| u16::from_be_bytes(*unit));
            let broken = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .chain(broken)
                .collect()
        }
        StringKind::Universal => {
            let (units, rest) = octets.as_chunks::<4>();
            let broken = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
            units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)))
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .chain(broken)
                .collect()
        }
        StringKind::Other => return (format!("#{}", super::hex(octets)), None),
    };
    let encoded = matches!(kind, StringKind::Utf8 | StringKind::Bmp | StringKind::Universal);
    let strange =
        text.chars().find(|c| !kind.has(*c) || (encoded && *c == char::REPLACEMENT_CHARACTER));
    let problem =
        strange.map(|character| Problem::BadString { string: kind.name().to_owned(), character });
    (text, problem)
}
