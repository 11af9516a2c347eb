//! Tag, length, value (X.690 §8.1), with offsets.

use super::{Fault, Problem};

/// The deepest nesting that is followed; certificates need about ten levels.
pub const MAX_DEPTH: usize = 48;

/// Identifier octets of the universal types that X.509 uses.
pub mod tag {
    #![allow(missing_docs, reason = "the names are those of X.680")]
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const ENUMERATED: u8 = 0x0a;
    pub const UTF8_STRING: u8 = 0x0c;
    pub const NUMERIC_STRING: u8 = 0x12;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const T61_STRING: u8 = 0x14;
    pub const IA5_STRING: u8 = 0x16;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const VISIBLE_STRING: u8 = 0x1a;
    pub const UNIVERSAL_STRING: u8 = 0x1c;
    pub const BMP_STRING: u8 = 0x1e;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;

    /// `[number]`, primitive; for numbers below 31.
    pub const fn context(number: u8) -> u8 {
        0x80 | number
    }

    /// `[number]`, constructed; for numbers below 31.
    pub const fn context_constructed(number: u8) -> u8 {
        0xa0 | number
    }
}

/// The class of a tag (X.690 §8.1.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Types of ASN.1 itself.
    Universal,
    /// Types of one application.
    Application,
    /// Types by their place in a structure, written `[n]`.
    ContextSpecific,
    /// Types of one organisation.
    Private,
}

/// One tag-length-value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The first identifier octet, which is the whole tag for numbers below 31.
    pub identifier: u8,
    /// The tag number.
    pub number: u32,
    /// Where it begins, counted from the start of the object.
    pub offset: usize,
    /// Tag and length octets.
    pub header_len: usize,
    /// The contents octets; those of an indefinite length end before the end-of-contents octets.
    pub content: &'a [u8],
    /// The whole of it, from tag to end.
    pub bytes: &'a [u8],
    /// The length is of the indefinite form, which DER forbids.
    pub indefinite: bool,
    /// The length has more octets than it needs, which DER forbids.
    pub long_length: bool,
}

impl<'a> Tlv<'a> {
    /// The class of the tag.
    pub fn class(&self) -> Class {
        match self.identifier >> 6 {
            0 => Class::Universal,
            1 => Class::Application,
            2 => Class::ContextSpecific,
            _ => Class::Private,
        }
    }

    /// Whether the contents are further values.
    pub fn constructed(&self) -> bool {
        self.identifier & 0x20 != 0
    }

    /// Where the contents begin.
    pub fn content_offset(&self) -> usize {
        self.offset.saturating_add(self.header_len)
    }

    /// Reads the contents as values.
    pub fn reader(&self) -> Reader<'a> {
        Reader { bytes: self.content, offset: self.content_offset() }
    }

    /// What DER forbids about the header, if anything.
    pub fn der_fault(&self) -> Option<Fault> {
        let problem = if self.indefinite {
            Problem::IndefiniteLength
        } else if self.long_length {
            Problem::LongLength
        } else {
            return None;
        };
        Some(problem.at(self.offset))
    }
}

/// Reads one value after the other.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of an object.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// Starts inside an object, `offset` octets from its beginning.
    pub fn at(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    /// Nothing is left.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Where the next value begins.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// The identifier octet of the next value.
    pub fn peek(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    /// The next value, whatever its tag.
    ///
    /// # Errors
    /// A fault when the bytes end within it or its header makes no sense.
    pub fn any(&mut self) -> Result<Tlv<'a>, Fault> {
        let tlv = read(self.bytes, self.offset, MAX_DEPTH)?;
        let end = tlv.bytes.len();
        self.bytes = self.bytes.get(end..).unwrap_or_default();
        self.offset = self.offset.saturating_add(end);
        Ok(tlv)
    }

    /// The next value, or as much of it as is there where the bytes end within its contents.
    ///
    /// # Errors
    /// As [`Self::any`], except that only the header has to be whole.
    pub fn any_cut(&mut self) -> Result<Tlv<'a>, Fault> {
        let fault = match self.any() {
            Err(fault) if matches!(fault.problem, Problem::Truncated { .. }) => fault,
            whole_or_other => return whole_or_other,
        };
        let Ok(header) = header(self.bytes, self.offset) else { return Err(fault) };
        let tlv = Tlv {
            identifier: header.identifier,
            number: header.number,
            offset: self.offset,
            header_len: header.header_len,
            content: header.rest,
            bytes: self.bytes,
            indefinite: header.length.is_none(),
            long_length: header.long_length,
        };
        self.offset = self.offset.saturating_add(self.bytes.len());
        self.bytes = &[];
        Ok(tlv)
    }

    /// The next value, which must have this identifier octet.
    ///
    /// # Errors
    /// As [`Self::any`], and [`Problem::UnexpectedTag`].
    pub fn expect(&mut self, identifier: u8) -> Result<Tlv<'a>, Fault> {
        match self.peek() {
            Some(found) if found == identifier => self.any(),
            Some(found) => {
                Err(Problem::UnexpectedTag { expected: identifier, found }.at(self.offset))
            }
            None => Err(Problem::Missing { expected: identifier }.at(self.offset)),
        }
    }

    /// The next value if it has this identifier octet.
    ///
    /// # Errors
    /// As [`Self::any`].
    pub fn optional(&mut self, identifier: u8) -> Result<Option<Tlv<'a>>, Fault> {
        if self.peek() == Some(identifier) { self.any().map(Some) } else { Ok(None) }
    }

    /// A fault if anything is left.
    pub fn end(&self) -> Option<Fault> {
        let length = self.bytes.len();
        (length > 0).then(|| Problem::TrailingData { length }.at(self.offset))
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Result<Tlv<'a>, Fault>;

    /// Stops for good after a fault: there is no telling where the next value begins.
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_empty() {
            return None;
        }
        let item = self.any();
        if item.is_err() {
            self.bytes = &[];
        }
        Some(item)
    }
}

/// Tag and length of a value, without what follows.
struct Header<'a> {
    identifier: u8,
    number: u32,
    header_len: usize,
    /// `None` for the indefinite form.
    length: Option<usize>,
    long_length: bool,
    rest: &'a [u8],
}

fn header(bytes: &[u8], offset: usize) -> Result<Header<'_>, Fault> {
    let truncated = |needed: usize| Problem::Truncated { needed, left: bytes.len() }.at(offset);
    let (&identifier, mut rest) = bytes.split_first().ok_or_else(|| truncated(2))?;
    let mut number = u32::from(identifier & 0x1f);
    if number == 31 {
        number = 0;
        loop {
            let (&octet, after) = rest.split_first().ok_or_else(|| truncated(2))?;
            rest = after;
            if number >> 25 != 0 {
                return Err(Problem::HugeTag.at(offset));
            }
            number = number << 7 | u32::from(octet & 0x7f);
            if octet & 0x80 == 0 {
                break;
            }
        }
    }
    let (&first, after) = rest.split_first().ok_or_else(|| truncated(2))?;
    rest = after;
    let mut length = usize::from(first & 0x7f);
    let mut long_length = false;
    if first > 0x80 {
        let octets = rest.get(..length).ok_or_else(|| truncated(length))?;
        rest = rest.get(length..).unwrap_or_default();
        long_length = octets.first() == Some(&0);
        length = 0;
        for &octet in octets {
            length = length
                .checked_mul(256)
                .and_then(|length| length.checked_add(usize::from(octet)))
                .ok_or_else(|| Problem::HugeLength.at(offset))?;
        }
        long_length |= length < 0x80;
    }
    let header_len = bytes.len().saturating_sub(rest.len());
    let length = (first != 0x80).then_some(length);
    Ok(Header { identifier, number, header_len, length, long_length, rest })
}

fn read(bytes: &[u8], offset: usize, depth: usize) -> Result<Tlv<'_>, Fault> {
    let truncated = |needed: usize| Problem::Truncated { needed, left: bytes.len() }.at(offset);
    let Header { identifier, number, header_len, length, long_length, rest } =
        header(bytes, offset)?;
    let indefinite = length.is_none();
    let (length, trailer) = match length {
        Some(length) => (length, 0),
        None => (indefinite_length(rest, offset.saturating_add(header_len), depth)?, 2),
    };
    let content = rest.get(..length).ok_or_else(|| truncated(header_len.saturating_add(length)))?;
    let end = header_len.saturating_add(length).saturating_add(trailer);
    let bytes = bytes.get(..end).ok_or_else(|| truncated(end))?;
    Ok(Tlv { identifier, number, offset, header_len, content, bytes, indefinite, long_length })
}

/// The length of contents that end with two zero octets.
fn indefinite_length(bytes: &[u8], offset: usize, depth: usize) -> Result<usize, Fault> {
    let depth = depth.checked_sub(1).ok_or_else(|| Problem::TooDeep.at(offset))?;
    let mut length = 0usize;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        if rest.starts_with(&[0, 0]) {
            return Ok(length);
        }
        let tlv = read(rest, offset.saturating_add(length), depth)?;
        length = length.saturating_add(tlv.bytes.len());
    }
}
