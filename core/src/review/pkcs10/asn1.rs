//! DER as strictly, and as leniently, as Go's `encoding/asn1` reads it.
//!
//! What the API server takes or refuses is decided by that reader, which is stricter than BER
//! (minimal lengths and integers) and laxer than DER (elements beyond the known ones at the end of
//! a SEQUENCE are passed over, `critical FALSE` may be written).

use const_oid::ObjectIdentifier;

/// Tag numbers of the universal class (X.680 §8.6).
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u32 = 1;
    pub(crate) const INTEGER: u32 = 2;
    pub(crate) const BIT_STRING: u32 = 3;
    pub(crate) const OCTET_STRING: u32 = 4;
    pub(crate) const OBJECT_IDENTIFIER: u32 = 6;
    pub(crate) const UTF8_STRING: u32 = 12;
    pub(crate) const SEQUENCE: u32 = 16;
    pub(crate) const SET: u32 = 17;
    pub(crate) const NUMERIC_STRING: u32 = 18;
    pub(crate) const PRINTABLE_STRING: u32 = 19;
    pub(crate) const T61_STRING: u32 = 20;
    pub(crate) const IA5_STRING: u32 = 22;
    pub(crate) const UTC_TIME: u32 = 23;
    pub(crate) const GENERALIZED_TIME: u32 = 24;
    pub(crate) const BMP_STRING: u32 = 30;
}

/// Why the bytes are not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asn1Error {
    /// The bytes end inside an element, or an element of the structure is missing.
    Truncated,
    /// Another element stands where one of this structure should.
    UnexpectedTag,
    /// A length is longer than it need be, of indefinite form, or above 2 GiB.
    Length,
    /// A tag number is written longer than it need be, or above 2³¹ − 1.
    Tag,
    /// An INTEGER is empty, longer than it need be, or above 64 bits where the reader takes no more.
    Integer,
    /// A BOOLEAN that is neither 00 nor FF.
    Boolean,
    /// A BIT STRING whose unused bits are not zero or more than seven.
    BitString,
    /// An OBJECT IDENTIFIER that is empty, cut short, or has an arc above 2³¹ − 1.
    ObjectIdentifier,
    /// A string with a character outside the alphabet of its type.
    String,
    /// A UTCTime or GeneralizedTime that is no moment.
    Time,
    /// Bytes after the end of the structure.
    TrailingData,
}

/// Identifier and length octets of one element, and where its parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) class: u8,
    pub(crate) constructed: bool,
    pub(crate) number: u32,
    pub(crate) content: &'a [u8],
    /// With identifier and length octets.
    pub(crate) full: &'a [u8],
}

/// Class bits of the identifier octet.
pub(crate) const UNIVERSAL: u8 = 0;
/// The class of `[0]` and its like.
pub(crate) const CONTEXT: u8 = 2;

impl Element<'_> {
    fn is(&self, class: u8, number: u32, constructed: bool) -> bool {
        self.class == class && self.number == number && self.constructed == constructed
    }
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

struct Header {
    class: u8,
    constructed: bool,
    number: u32,
    length: usize,
    octets: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Result<Element<'a>, Asn1Error> {
        let header = header(self.rest)?;
        self.take(&header)
    }

    /// The next element, which must have this class, number and form.
    pub(crate) fn expect(
        &mut self,
        class: u8,
        number: u32,
        constructed: bool,
    ) -> Result<Element<'a>, Asn1Error> {
        let header = header(self.rest)?;
        // The identifier is looked at before the length is held against what is left.
        let found = (header.class, header.number, header.constructed);
        if found != (class, number, constructed) {
            return Err(Asn1Error::UnexpectedTag);
        }
        self.take(&header)
    }

    fn take(&mut self, header: &Header) -> Result<Element<'a>, Asn1Error> {
        let end = header.octets.checked_add(header.length).ok_or(Asn1Error::Truncated)?;
        let (full, rest) = self.rest.split_at_checked(end).ok_or(Asn1Error::Truncated)?;
        let content = full.get(header.octets..).ok_or(Asn1Error::Truncated)?;
        self.rest = rest;
        Ok(Element {
            class: header.class,
            constructed: header.constructed,
            number: header.number,
            content,
            full,
        })
    }

    pub(crate) fn sequence(&mut self) -> Result<Reader<'a>, Asn1Error> {
        Ok(Reader::new(self.expect(UNIVERSAL, tag::SEQUENCE, true)?.content))
    }

    /// All elements of a SEQUENCE OF or SET OF; each must be a universal `number`, constructed.
    pub(crate) fn all_of(mut self, number: u32) -> Result<Vec<Element<'a>>, Asn1Error> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            let header = header(self.rest)?;
            if (header.class, header.number, header.constructed) != (UNIVERSAL, number, true) {
                return Err(Asn1Error::UnexpectedTag);
            }
            elements.push(self.take(&header)?);
        }
        Ok(elements)
    }

    /// All elements, of any kind.
    pub(crate) fn all(mut self) -> Result<Vec<Element<'a>>, Asn1Error> {
        let mut elements = Vec::new();
        while !self.is_empty() {
            elements.push(self.any()?);
        }
        Ok(elements)
    }

    pub(crate) fn object_identifier(&mut self) -> Result<Oid, Asn1Error> {
        oid(self.expect(UNIVERSAL, tag::OBJECT_IDENTIFIER, false)?.content)
    }

    /// An INTEGER of at most 64 bits.
    pub(crate) fn small_integer(&mut self) -> Result<i64, Asn1Error> {
        integer_64(self.expect(UNIVERSAL, tag::INTEGER, false)?.content)
    }

    /// The octets of an INTEGER of any size, in two's complement.
    pub(crate) fn integer(&mut self) -> Result<&'a [u8], Asn1Error> {
        let content = self.expect(UNIVERSAL, tag::INTEGER, false)?.content;
        check_integer(content)?;
        Ok(content)
    }

    /// The bits of a BIT STRING as a number: unused bits are shifted out at the front.
    pub(crate) fn bit_string(&mut self) -> Result<Vec<u8>, Asn1Error> {
        bit_string(self.expect(UNIVERSAL, tag::BIT_STRING, false)?.content)
    }

    /// `critical BOOLEAN DEFAULT FALSE`: absent, or any BOOLEAN.
    pub(crate) fn optional_boolean(&mut self) -> Result<bool, Asn1Error> {
        if self.is_empty() {
            return Ok(false);
        }
        let header = header(self.rest)?;
        if (header.class, header.number, header.constructed) != (UNIVERSAL, tag::BOOLEAN, false) {
            return Ok(false);
        }
        boolean(self.take(&header)?.content)
    }

    pub(crate) fn octet_string(&mut self) -> Result<&'a [u8], Asn1Error> {
        Ok(self.expect(UNIVERSAL, tag::OCTET_STRING, false)?.content)
    }
}

/// An object identifier as its content octets, which are unique for each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid(Vec<u8>);

impl Oid {
    /// Whether it is this one.
    pub fn is(&self, other: ObjectIdentifier) -> bool {
        self.0 == other.as_bytes()
    }

    /// Its name in its RFC and the dotted numbers, or the numbers alone.
    pub(crate) fn named(&self) -> String {
        let name = crate::decode::Oid(&self.0).name();
        let numbers = self.to_string();
        if name == numbers { numbers } else { format!("{name} ({numbers})") }
    }

    /// The last arc of `2.5.4.x` (X.520 attribute types).
    pub(crate) fn attribute_type(&self) -> Option<u8> {
        match self.0.as_slice() {
            [0x55, 0x04, last] if *last < 0x80 => Some(*last),
            _ => None,
        }
    }
}

impl std::fmt::Display for Oid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match ObjectIdentifier::from_bytes(&self.0) {
            Ok(oid) => oid.fmt(f),
            Err(_) => f.write_str("(object identifier)"),
        }
    }
}

fn header(bytes: &[u8]) -> Result<Header, Asn1Error> {
    let mut octets = 0;
    let mut next = || {
        let octet = bytes.get(octets).copied().ok_or(Asn1Error::Truncated);
        octets += 1;
        octet
    };
    let first = next()?;
    let mut number = u32::from(first & 0x1f);
    if number == 0x1f {
        number = 0;
        for position in 0.. {
            let octet = next()?;
            if position == 5 || (position == 0 && octet == 0x80) {
                return Err(Asn1Error::Tag);
            }
            number = number
                .checked_mul(128)
                .and_then(|number| number.checked_add(u32::from(octet & 0x7f)))
                .filter(|number| *number <= i32::MAX as u32)
                .ok_or(Asn1Error::Tag)?;
            if octet & 0x80 == 0 {
                break;
            }
        }
        if number < 0x1f {
            return Err(Asn1Error::Tag);
        }
    }
    let second = next()?;
    let mut length = usize::from(second & 0x7f);
    if second & 0x80 != 0 {
        let count = length;
        length = 0;
        if count == 0 {
            return Err(Asn1Error::Length);
        }
        for _ in 0..count {
            let octet = next()?;
            if length >= 1 << 23 {
                return Err(Asn1Error::Length);
            }
            length = (length << 8) | usize::from(octet);
            if length == 0 {
                return Err(Asn1Error::Length);
            }
        }
        if length < 0x80 {
            return Err(Asn1Error::Length);
        }
    }
    Ok(Header { class: first >> 6, constructed: first & 0x20 != 0, number, length, octets })
}

pub(crate) fn oid(content: &[u8]) -> Result<Oid, Asn1Error> {
    if content.is_empty() {
        return Err(Asn1Error::ObjectIdentifier);
    }
    let mut arc: u64 = 0;
    let mut position = 0;
    for octet in content {
        if position == 5 || (position == 0 && *octet == 0x80) {
            return Err(Asn1Error::ObjectIdentifier);
        }
        arc = (arc << 7) | u64::from(octet & 0x7f);
        position += 1;
        if octet & 0x80 == 0 {
            if arc > i32::MAX as u64 {
                return Err(Asn1Error::ObjectIdentifier);
            }
            arc = 0;
            position = 0;
        }
    }
    // The last octet must end an arc.
    if position != 0 {
        return Err(Asn1Error::ObjectIdentifier);
    }
    Ok(Oid(content.to_vec()))
}

fn check_integer(content: &[u8]) -> Result<(), Asn1Error> {
    match content {
        [] => Err(Asn1Error::Integer),
        [0x00, second, ..] if second & 0x80 == 0 => Err(Asn1Error::Integer),
        [0xff, second, ..] if second & 0x80 != 0 => Err(Asn1Error::Integer),
        _ => Ok(()),
    }
}

pub(crate) fn integer_64(content: &[u8]) -> Result<i64, Asn1Error> {
    check_integer(content)?;
    if content.len() > 8 {
        return Err(Asn1Error::Integer);
    }
    let negative = content.first().is_some_and(|first| first & 0x80 != 0);
    let start: i64 = if negative { -1 } else { 0 };
    Ok(content.iter().fold(start, |number, octet| (number << 8) | i64::from(*octet)))
}

pub(crate) fn boolean(content: &[u8]) -> Result<bool, Asn1Error> {
    match content {
        [0x00] => Ok(false),
        [0xff] => Ok(true),
        _ => Err(Asn1Error::Boolean),
    }
}

pub(crate) fn bit_string(content: &[u8]) -> Result<Vec<u8>, Asn1Error> {
    let (unused, bits) = content.split_first().ok_or(Asn1Error::BitString)?;
    let mask = match unused {
        0..=7 => (1u8 << unused) - 1,
        _ => return Err(Asn1Error::BitString),
    };
    let last = bits.last().copied();
    if last.map_or(*unused > 0, |last| last & mask != 0) {
        return Err(Asn1Error::BitString);
    }
    if *unused == 0 {
        return Ok(bits.to_vec());
    }
    let mut shifted = Vec::with_capacity(bits.len());
    let mut above = 0u8;
    for octet in bits {
        shifted.push((above << (8 - unused)) | (octet >> unused));
        above = *octet;
    }
    Ok(shifted)
}

/// Whether the element is of the universal class and primitive, as strings and numbers are.
pub(crate) fn is_primitive(element: &Element<'_>) -> bool {
    element.is(UNIVERSAL, element.number, false)
}
