//! Extensions of certificates and requests (RFC 5280 §4.2).
//!
//! Each reader here takes the contents of the OCTET STRING and gives `Err` with the place of the
//! fault; the caller then shows the bytes.

use super::name::read_oid;
use super::{Fault, Name, Oid, Problem, Reader, Tlv, tag};
use crate::order;

/// An extension as it stands there.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// Which one.
    pub oid: Oid<'a>,
    /// Whether a verifier that does not know it must refuse the certificate.
    pub critical: bool,
    /// Contents of the OCTET STRING.
    pub value: &'a [u8],
    /// Where they begin, from the start of the object.
    pub offset: usize,
}

impl<'a> Extension<'a> {
    /// Reads the value as ASN.1, with offsets in the object.
    pub fn reader(&self) -> Reader<'a> {
        Reader::at(self.value, self.offset)
    }

    /// Reads Extensions, as far as they go.
    pub fn read_all(list: &Tlv<'a>, faults: &mut Vec<Fault>) -> Vec<Self> {
        let mut extensions: Vec<Self> = Vec::new();
        let mut items = list.reader();
        while !items.is_empty() {
            match Self::read(&mut items, faults) {
                Ok(extension) => extensions.push(extension),
                Err(fault) => {
                    faults.push(fault);
                    break;
                }
            }
        }
        let mut seen: Vec<Oid<'_>> = extensions.iter().map(|extension| extension.oid).collect();
        order::sort_by_key(&mut seen, |oid| oid.0);
        for (one, next) in seen.iter().zip(seen.iter().skip(1)) {
            if one == next {
                faults.push(Problem::DuplicateExtension { oid: one.to_string() }.at(list.offset));
            }
        }
        extensions
    }

    fn read(items: &mut Reader<'a>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let mut item = items.expect(tag::SEQUENCE)?.reader();
        let identifier = item.expect(tag::OID)?;
        let oid = Oid(identifier.content);
        if !oid.is_valid() {
            faults.push(Problem::BadExtensionOid.at(identifier.offset));
        }
        let critical = match item.optional(tag::BOOLEAN)? {
            None => false,
            Some(tlv) => {
                let critical = boolean(&tlv, faults);
                if !critical {
                    faults.push(Problem::DefaultWritten.at(tlv.offset));
                }
                critical
            }
        };
        let value = item.expect(tag::OCTET_STRING)?;
        faults.extend(item.end());
        Ok(Self { oid, critical, value: value.content, offset: value.content_offset() })
    }
}

/// Reads a BOOLEAN.
pub(super) fn boolean(tlv: &Tlv<'_>, faults: &mut Vec<Fault>) -> bool {
    if !matches!(tlv.content, [0 | 0xff]) {
        faults.push(Problem::BadBoolean.at(tlv.offset));
    }
    tlv.content.first().is_some_and(|octet| *octet != 0)
}

/// basicConstraints (RFC 5280 §4.2.1.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasicConstraints {
    /// The subject is a CA.
    pub ca: bool,
    /// How many CAs may follow it in a chain.
    pub path_len: Option<u64>,
}

/// Reads basicConstraints.
///
/// # Errors
/// Where the bytes are not of that shape; so do all readers here.
pub fn basic_constraints(
    reader: Reader<'_>,
    faults: &mut Vec<Fault>,
) -> Result<BasicConstraints, Fault> {
    let mut fields = whole(reader, tag::SEQUENCE, faults)?.reader();
    let ca = match fields.optional(tag::BOOLEAN)? {
        None => false,
        Some(tlv) => {
            let ca = boolean(&tlv, faults);
            if !ca {
                faults.push(Problem::DefaultWritten.at(tlv.offset));
            }
            ca
        }
    };
    let path_len = match fields.optional(tag::INTEGER)? {
        None => None,
        Some(tlv) => Some(small_integer(&tlv)?),
    };
    faults.extend(fields.end());
    Ok(BasicConstraints { ca, path_len })
}

/// The single value that the bytes are.
pub(super) fn whole<'a>(
    mut reader: Reader<'a>,
    identifier: u8,
    faults: &mut Vec<Fault>,
) -> Result<Tlv<'a>, Fault> {
    let tlv = reader.expect(identifier)?;
    faults.extend(tlv.der_fault());
    faults.extend(reader.end());
    Ok(tlv)
}

/// A non-negative INTEGER of at most eight octets.
pub(super) fn small_integer(tlv: &Tlv<'_>) -> Result<u64, Fault> {
    let octets = tlv.content.strip_prefix(&[0]).unwrap_or(tlv.content);
    let negative = tlv.content.first().is_none_or(|octet| octet & 0x80 != 0);
    if negative || octets.len() > 8 {
        return Err(Problem::BadInteger.at(tlv.offset));
    }
    Ok(octets.iter().fold(0, |number: u64, octet| number << 8 | u64::from(*octet)))
}

/// Names of the bits of keyUsage in order (RFC 5280 §4.2.1.3).
pub const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// Reads keyUsage: the numbers of the bits that are set, in order.
///
/// # Errors
/// See [`basic_constraints`].
pub fn key_usage(reader: Reader<'_>, faults: &mut Vec<Fault>) -> Result<Vec<usize>, Fault> {
    let tlv = whole(reader, tag::BIT_STRING, faults)?;
    let bits = bit_string(&tlv, faults)?;
    let mut set = Vec::new();
    for (index, octet) in bits.iter().take(4).enumerate() {
        for bit in 0..8 {
            if octet & 0x80u8 >> bit != 0 {
                set.push(index.saturating_mul(8).saturating_add(bit));
            }
        }
    }
    Ok(set)
}

/// The octets of a BIT STRING, without the count of unused bits.
pub(super) fn bit_string<'a>(tlv: &Tlv<'a>, faults: &mut Vec<Fault>) -> Result<&'a [u8], Fault> {
    let bad = || Problem::BadBitString.at(tlv.offset);
    let (&unused, bits) = tlv.content.split_first().ok_or_else(bad)?;
    let last = bits.last().copied().unwrap_or_default();
    let mask = 1u8.checked_shl(u32::from(unused)).unwrap_or_default().wrapping_sub(1);
    if unused > 7 || (bits.is_empty() && unused > 0) || last & mask != 0 {
        faults.push(bad());
    }
    Ok(bits)
}

/// Reads extKeyUsage.
///
/// # Errors
/// See [`basic_constraints`].
pub fn key_purposes<'a>(
    reader: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Oid<'a>>, Fault> {
    let mut items = whole(reader, tag::SEQUENCE, faults)?.reader();
    let mut purposes = Vec::new();
    while !items.is_empty() {
        purposes.push(read_oid(&mut items, faults)?);
    }
    Ok(purposes)
}

/// Reads subjectKeyIdentifier.
///
/// # Errors
/// See [`basic_constraints`].
pub fn subject_key_identifier<'a>(
    reader: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<&'a [u8], Fault> {
    Ok(whole(reader, tag::OCTET_STRING, faults)?.content)
}

/// authorityKeyIdentifier (RFC 5280 §4.2.1.1).
#[derive(Clone, Debug, Default)]
pub struct AuthorityKeyIdentifier<'a> {
    /// The issuer's subject key identifier.
    pub key_id: Option<&'a [u8]>,
    /// The issuer's own issuer.
    pub issuer: Vec<GeneralName<'a>>,
    /// The issuer's serial number.
    pub serial: Option<&'a [u8]>,
}

/// Reads authorityKeyIdentifier.
///
/// # Errors
/// See [`basic_constraints`].
pub fn authority_key_identifier<'a>(
    reader: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<AuthorityKeyIdentifier<'a>, Fault> {
    let mut fields = whole(reader, tag::SEQUENCE, faults)?.reader();
    let key_id = fields.optional(tag::context(0))?.map(|tlv| tlv.content);
    let issuer = match fields.optional(tag::context_constructed(1))? {
        None => Vec::new(),
        Some(tlv) => names_in(tlv.reader(), faults)?,
    };
    let serial = fields.optional(tag::context(2))?.map(|tlv| tlv.content);
    faults.extend(fields.end());
    Ok(AuthorityKeyIdentifier { key_id, issuer, serial })
}

/// A GeneralName (RFC 5280 §4.2.1.6).
#[derive(Clone, Debug)]
pub enum GeneralName<'a> {
    /// An otherName: its type and the value with its tag.
    Other(Oid<'a>, &'a [u8]),
    /// An rfc822Name: an e-mail address.
    Email(&'a [u8]),
    /// A dNSName.
    Dns(&'a [u8]),
    /// An x400Address, as bytes.
    X400(&'a [u8]),
    /// A directoryName.
    Directory(Name<'a>),
    /// An ediPartyName, as bytes.
    EdiParty(&'a [u8]),
    /// A uniformResourceIdentifier.
    Uri(&'a [u8]),
    /// An iPAddress of 4 or 16 octets (8 or 32 in nameConstraints).
    Ip(&'a [u8]),
    /// A registeredID.
    RegisteredId(Oid<'a>),
}

/// Reads GeneralNames, as subjectAltName and issuerAltName hold them.
///
/// # Errors
/// See [`basic_constraints`].
pub fn general_names<'a>(
    reader: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<GeneralName<'a>>, Fault> {
    let names = names_in(whole(reader, tag::SEQUENCE, faults)?.reader(), faults)?;
    Ok(names)
}

fn names_in<'a>(
    mut items: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<Vec<GeneralName<'a>>, Fault> {
    let mut names = Vec::new();
    while !items.is_empty() {
        names.push(GeneralName::read(&items.any()?, faults)?);
    }
    Ok(names)
}

impl<'a> GeneralName<'a> {
    /// Reads one name.
    ///
    /// # Errors
    /// For a tag that the CHOICE does not have.
    pub fn read(tlv: &Tlv<'a>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let mut ia5 = |octets: &'a [u8], kind: &str| {
            if !octets.is_ascii() {
                faults.push(Problem::BadSan { kind: kind.to_owned() }.at(tlv.offset));
            }
            octets
        };
        Ok(match tlv.identifier {
            0xa0 => {
                let mut fields = tlv.reader();
                let oid = read_oid(&mut fields, faults)?;
                Self::Other(oid, fields.any()?.content)
            }
            0x81 => Self::Email(ia5(tlv.content, "rfc822Name")),
            0x82 => Self::Dns(ia5(tlv.content, "dNSName")),
            0xa3 => Self::X400(tlv.content),
            0xa4 => Self::Directory(Name::read(&tlv.reader().expect(tag::SEQUENCE)?, faults)),
            0xa5 => Self::EdiParty(tlv.content),
            0x86 => Self::Uri(ia5(tlv.content, "uniformResourceIdentifier")),
            0x87 => Self::Ip(tlv.content),
            0x88 => Self::RegisteredId(Oid(tlv.content)),
            found => {
                return Err(Problem::UnexpectedTag { expected: 0x82, found }.at(tlv.offset));
            }
        })
    }
}
