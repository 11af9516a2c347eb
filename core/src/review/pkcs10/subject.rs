//! The subject as Kubernetes sees it: what Go's `pkix.Name` keeps of a distinguished name.
//!
//! Nine attribute types survive, the order is Go's own, several values of one type share a
//! multi-valued RDN, and of common name and serial number only the last one counts.
//! Everything else is dropped without a word, and the certificate is made from what is left.

use std::fmt::Write;

use super::Asn1Error;
use super::asn1::{self, Element, Reader, UNIVERSAL, tag};
use crate::order;

/// The attributes of a subject that Kubernetes reads.
///
/// Values are UTF-8, whatever the string type of the request was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// countryName values, 2.5.4.6.
    pub countries: Vec<Vec<u8>>,
    /// stateOrProvinceName values, 2.5.4.8.
    pub provinces: Vec<Vec<u8>>,
    /// localityName values, 2.5.4.7.
    pub localities: Vec<Vec<u8>>,
    /// streetAddress values, 2.5.4.9.
    pub streets: Vec<Vec<u8>>,
    /// postalCode values, 2.5.4.17.
    pub postal_codes: Vec<Vec<u8>>,
    /// organizationName values, 2.5.4.10: the groups of a user.
    pub organizations: Vec<Vec<u8>>,
    /// organizationalUnitName values, 2.5.4.11.
    pub units: Vec<Vec<u8>>,
    /// The last commonName, 2.5.4.3: the name of a user.
    pub common_name: Vec<u8>,
    /// The last serialNumber, 2.5.4.5.
    pub serial_number: Vec<u8>,
    /// How many attributes were dropped: unknown types, unreadable values, earlier common names.
    pub dropped: usize,
}

impl Subject {
    /// Reads a Name.
    pub(crate) fn read(name: &[u8]) -> Result<Self, Asn1Error> {
        let mut outer = Reader::new(name);
        let rdns = outer.sequence()?.all_of(tag::SET)?;
        if !outer.is_empty() {
            return Err(Asn1Error::TrailingData);
        }
        let mut subject = Self::default();
        for rdn in rdns {
            for attribute in Reader::new(rdn.content).all_of(tag::SEQUENCE)? {
                let mut attribute = Reader::new(attribute.content);
                let kind = attribute.object_identifier()?;
                let value = any_value(&attribute.any()?)?;
                subject.fill(kind.attribute_type(), value);
            }
        }
        Ok(subject)
    }

    fn fill(&mut self, attribute_type: Option<u8>, value: Option<Vec<u8>>) {
        let (Some(attribute_type), Some(value)) = (attribute_type, value) else {
            self.dropped += 1;
            return;
        };
        let values = match attribute_type {
            3 | 5 => {
                let single = match attribute_type {
                    3 => &mut self.common_name,
                    _ => &mut self.serial_number,
                };
                self.dropped += usize::from(!single.is_empty());
                *single = value;
                return;
            }
            6 => &mut self.countries,
            7 => &mut self.localities,
            8 => &mut self.provinces,
            9 => &mut self.streets,
            10 => &mut self.organizations,
            11 => &mut self.units,
            17 => &mut self.postal_codes,
            _ => {
                self.dropped += 1;
                return;
            }
        };
        values.push(value);
    }

    /// The attributes in the order of the certificate: last arc of the type, short name, values.
    ///
    /// An empty common name or serial number is not written; an empty organization is.
    pub fn attributes(&self) -> Vec<(u8, &'static str, Vec<&[u8]>)> {
        let lists: [(u8, &'static str, &[Vec<u8>]); 9] = [
            (6, "C", &self.countries),
            (8, "ST", &self.provinces),
            (7, "L", &self.localities),
            (9, "street", &self.streets),
            (17, "postalCode", &self.postal_codes),
            (10, "O", &self.organizations),
            (11, "OU", &self.units),
            (3, "CN", std::slice::from_ref(&self.common_name)),
            (5, "serialNumber", std::slice::from_ref(&self.serial_number)),
        ];
        lists
            .into_iter()
            .filter(|(kind, _, values)| match kind {
                3 | 5 => values.first().is_some_and(|value| !value.is_empty()),
                _ => !values.is_empty(),
            })
            .map(|(kind, name, values)| {
                let mut values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
                // DER sorts a SET OF by its encodings; all of one type, so by length, string
                // type and octets.
                order::sort_by_key(&mut values, |value| (value.len(), string_tag(value), *value));
                (kind, name, values)
            })
            .collect()
    }

    /// Whether nothing is left of it.
    pub fn is_empty(&self) -> bool {
        self.attributes().is_empty()
    }

    /// The name with the escapes of RFC 4514 §2.4, in the order of the certificate.
    pub fn to_rfc4514(&self) -> String {
        let mut text = String::new();
        for (_, name, values) in self.attributes() {
            for (index, value) in values.iter().enumerate() {
                let separator = match (text.is_empty(), index) {
                    (true, _) => "",
                    (_, 0) => ",",
                    _ => "+",
                };
                let _ = write!(text, "{separator}{name}=");
                escape(&mut text, &String::from_utf8_lossy(value));
            }
        }
        text
    }
}

/// PrintableString where the alphabet allows, else UTF8String (Go's choice).
pub(crate) fn string_tag(value: &[u8]) -> u8 {
    let printable = value.iter().all(|octet| is_printable(*octet) && !matches!(octet, b'*' | b'&'));
    if printable { 0x13 } else { 0x0c }
}

fn escape(text: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (position, character) in value.chars().enumerate() {
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.push('\\'),
            ' ' if position == 0 || position == last => text.push('\\'),
            '#' if position == 0 => text.push('\\'),
            '\0' => {
                text.push_str("\\00");
                continue;
            }
            _ => {}
        }
        text.push(character);
    }
}

/// The alphabet of PrintableString, and the two characters beyond it that Go lets pass.
fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&octet)
}

/// A value of any type: the octets of a string that Go reads, `None` for what it passes over.
fn any_value(element: &Element<'_>) -> Result<Option<Vec<u8>>, Asn1Error> {
    if element.class != UNIVERSAL || !asn1::is_primitive(element) {
        return Ok(None);
    }
    let content = element.content;
    let text = |fine: bool| match fine {
        true => Ok(Some(content.to_vec())),
        false => Err(Asn1Error::String),
    };
    match element.number {
        tag::PRINTABLE_STRING => text(content.iter().all(|octet| is_printable(*octet))),
        tag::NUMERIC_STRING => text(content.iter().all(|c| c.is_ascii_digit() || *c == b' ')),
        tag::IA5_STRING => text(content.is_ascii()),
        tag::UTF8_STRING => text(std::str::from_utf8(content).is_ok()),
        // As ISO 8859-1, since Go 1.25.
        tag::T61_STRING => {
            Ok(Some(content.iter().copied().map(char::from).collect::<String>().into()))
        }
        tag::BMP_STRING => bmp_string(content).map(Some),
        tag::BOOLEAN => asn1::boolean(content).map(|_| None),
        tag::INTEGER => asn1::integer_64(content).map(|_| None),
        tag::BIT_STRING => asn1::bit_string(content).map(|_| None),
        tag::OBJECT_IDENTIFIER => asn1::oid(content).map(|_| None),
        tag::UTC_TIME | tag::GENERALIZED_TIME => {
            if is_time(content, element.number == tag::UTC_TIME) {
                Ok(None)
            } else {
                Err(Asn1Error::Time)
            }
        }
        _ => Ok(None),
    }
}

/// UCS-2, big-endian, without the terminator that some tools write; since Go 1.25 without
/// surrogates and noncharacters.
fn bmp_string(content: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let content = content.strip_suffix(&[0, 0]).unwrap_or(content);
    let characters = content.chunks(2).map(|pair| match pair {
        [high, low] => char::from_u32(u32::from(u16::from_be_bytes([*high, *low]))),
        _ => None,
    });
    let is_character = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{fdd0}'..='\u{fdef}');
    let text: Option<String> = characters.map(|c| c.filter(is_character)).collect();
    text.map(String::into_bytes).ok_or(Asn1Error::String)
}

/// Days of a month. Of a year with two digits none is a century but 2000, which has a leap day.
fn days_in(month: u32, year: &[u8]) -> u32 {
    let year = year.iter().fold(0, |number, digit| number * 10 + u32::from(digit & 15));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether the digits are a moment; years are not limited.
fn is_time(content: &[u8], utc: bool) -> bool {
    let year_digits = if utc { 2 } else { 4 };
    let Some((year, rest)) = content.split_at_checked(year_digits) else { return false };
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let Some((fields, zone)) = rest.split_at_checked(digits) else { return false };
    let fields: Vec<u32> = fields
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
        .collect();
    let in_range = match fields.as_slice() {
        [month, day, hour, minute, rest @ ..] => {
            let seconds = match rest {
                [] => utc,
                [second] => *second < 60,
                _ => false,
            };
            digits % 2 == 0
                && (1..=12).contains(month)
                && (1..=days_in(*month, year)).contains(day)
                && *hour < 24
                && *minute < 60
                && seconds
        }
        _ => false,
    };
    let zone_fine = match zone {
        b"Z" => true,
        // An offset of zero would have been written as Z.
        [b'+' | b'-', offset @ ..] => {
            let in_range = match offset {
                [hour, ten, minute, _] => [*hour, *ten] <= *b"24" && *minute < b'6',
                _ => false,
            };
            in_range && offset.iter().all(u8::is_ascii_digit) && offset != b"0000"
        }
        _ => false,
    };
    year.iter().all(u8::is_ascii_digit) && in_range && zone_fine
}
