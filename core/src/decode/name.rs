//! Distinguished names (RFC 5280 §4.1.2.4).

use super::{Fault, Oid, Problem, Reader, StringKind, Tlv, oid, tag, text_of};

/// A distinguished name.
#[derive(Clone, Debug, Default)]
pub struct Name<'a> {
    /// The bytes of the encoding, which is what names are compared by.
    pub der: &'a [u8],
    /// The relative distinguished names in order; each has one attribute or more.
    pub rdns: Vec<Vec<Attribute<'a>>>,
}

/// An attribute type and value.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// Its type.
    pub oid: Oid<'a>,
    /// Type of the string.
    pub string: StringKind,
    /// Contents octets of the value.
    pub octets: &'a [u8],
}

impl Attribute<'_> {
    /// The value as text.
    pub fn text(&self) -> String {
        text_of(self.string, self.octets).0
    }
}

impl<'a> Name<'a> {
    /// Reads a Name, as far as it goes.
    pub fn read(tlv: &Tlv<'a>, faults: &mut Vec<Fault>) -> Self {
        let mut name = Self { der: tlv.bytes, rdns: Vec::new() };
        if let Err(fault) = name.fill(tlv.reader(), faults) {
            faults.push(fault);
        }
        name
    }

    fn fill(&mut self, mut rdns: Reader<'a>, faults: &mut Vec<Fault>) -> Result<(), Fault> {
        while !rdns.is_empty() {
            let rdn = rdns.expect(tag::SET)?;
            let mut attributes = Vec::new();
            let mut members = rdn.reader();
            while !members.is_empty() {
                let mut member = members.expect(tag::SEQUENCE)?.reader();
                let oid = read_oid(&mut member, faults)?;
                let value = member.any()?;
                faults.extend(member.end());
                let string = StringKind::from_identifier(value.identifier);
                let octets = if string == StringKind::Other { value.bytes } else { value.content };
                if matches!(string, StringKind::Universal | StringKind::Visible) {
                    let (string, number) = (string.name().to_owned(), value.identifier & 0x1f);
                    faults.push(Problem::StringType { string, number }.at(value.offset));
                }
                if let Some(problem) = text_of(string, octets).1 {
                    faults.push(problem.at(value.content_offset()));
                }
                attributes.push(Attribute { oid, string, octets });
            }
            if attributes.is_empty() {
                faults.push(Problem::Missing { expected: tag::SEQUENCE }.at(rdn.content_offset()));
            } else {
                self.rdns.push(attributes);
            }
        }
        Ok(())
    }

    /// Every attribute in the order of the encoding.
    pub fn attributes(&self) -> impl DoubleEndedIterator<Item = &Attribute<'a>> {
        self.rdns.iter().flatten()
    }

    /// The user name: Go keeps the last of several common names.
    pub fn last_common_name(&self) -> Option<String> {
        self.attributes().rfind(|a| a.oid.is(oid::COMMON_NAME)).map(Attribute::text)
    }

    /// The groups: every organization.
    pub fn organizations(&self) -> Vec<String> {
        self.attributes().filter(|a| a.oid.is(oid::ORGANIZATION)).map(Attribute::text).collect()
    }

    /// The name as a string (RFC 4514): last RDN first, `+` within one.
    pub fn rfc4514(&self) -> String {
        let mut out = String::new();
        for rdn in self.rdns.iter().rev() {
            if !out.is_empty() {
                out.push(',');
            }
            for (index, attribute) in rdn.iter().enumerate() {
                if index > 0 {
                    out.push('+');
                }
                out.push_str(&attribute.oid.name());
                out.push('=');
                escape(&mut out, attribute);
            }
        }
        out
    }
}

/// Escapes as RFC 4514 §2.4 asks, and shows controls and direction marks as their octets, so that
/// a name cannot look like another one.
fn escape(out: &mut String, attribute: &Attribute<'_>) {
    let text = attribute.text();
    if attribute.string == StringKind::Other {
        out.push_str(&text);
        return;
    }
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let at_edge = index == 0 || index == last;
        if "\"+,;<>\\".contains(c) || (c == '#' && index == 0) || (c == ' ' && at_edge) {
            out.push('\\');
            out.push(c);
        } else if c.is_control() || is_direction_mark(c) {
            for octet in c.encode_utf8(&mut [0; 4]).bytes() {
                out.push('\\');
                out.push_str(&super::hex(&[octet]));
            }
        } else {
            out.push(c);
        }
    }
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The next value as an object identifier.
pub(super) fn read_oid<'a>(
    reader: &mut Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<Oid<'a>, Fault> {
    let tlv = reader.expect(tag::OID)?;
    let oid = Oid(tlv.content);
    if !oid.is_valid() {
        faults.push(Problem::BadOid.at(tlv.offset));
    }
    Ok(oid)
}
