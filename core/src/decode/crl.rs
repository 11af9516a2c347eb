//! Certificate revocation lists (RFC 5280 §5), of which in Kubernetes only etcd takes any.

use time::OffsetDateTime;

use super::extension::bit_string;
use super::key::version;
use super::{AlgorithmIdentifier, Extension, Fault, Name, Problem, Reader, moment, oid, tag};

/// A revocation list, read as far as it goes.
#[derive(Clone, Debug)]
pub struct RevocationList<'a> {
    /// The bytes of the whole.
    pub der: &'a [u8],
    /// The bytes that are signed.
    pub tbs: &'a [u8],
    /// The version as people count: 2 is written 1.
    pub version: u64,
    /// The CA that revokes.
    pub issuer: Name<'a>,
    /// When the list was made.
    pub this_update: Option<OffsetDateTime>,
    /// When the next one is due.
    pub next_update: Option<OffsetDateTime>,
    /// What is revoked, in order.
    pub revoked: Vec<Revoked<'a>>,
    /// Extensions of the list.
    pub extensions: Vec<Extension<'a>>,
    /// The algorithm of the signature.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// Contents of the BIT STRING, without the count of unused bits.
    pub signature: &'a [u8],
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// A certificate that is revoked.
#[derive(Clone, Debug)]
pub struct Revoked<'a> {
    /// Contents of the INTEGER.
    pub serial: &'a [u8],
    /// Since when.
    pub date: Option<OffsetDateTime>,
    /// The number of the reason (RFC 5280 §5.3.1).
    pub reason: Option<u8>,
    /// Extensions of the entry.
    pub extensions: Vec<Extension<'a>>,
}

impl<'a> RevocationList<'a> {
    /// Reads a list.
    ///
    /// # Errors
    /// The fault at which the skeleton ends.
    pub fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut faults = Vec::new();
        let mut outer = Reader::new(der);
        let whole = outer.expect(tag::SEQUENCE)?;
        faults.extend(whole.der_fault());
        faults.extend(outer.end());
        let mut parts = whole.reader();
        let tbs = parts.expect(tag::SEQUENCE)?;
        let mut fields = tbs.reader();
        let version = match fields.optional(tag::INTEGER)? {
            None => 1,
            Some(tlv) => version(&tlv, &mut faults).saturating_add(1),
        };
        let inner = AlgorithmIdentifier::read(&mut fields, &mut faults)?;
        let issuer = Name::read(&fields.expect(tag::SEQUENCE)?, &mut faults);
        let first = fields.any()?;
        if !matches!(first.identifier, tag::UTC_TIME | tag::GENERALIZED_TIME) {
            let (expected, found) = (tag::UTC_TIME, first.identifier);
            return Err(Problem::UnexpectedTag { expected, found }.at(first.offset));
        }
        let this_update = moment(&first, &mut faults);
        let next_update = match fields.peek() {
            Some(tag::UTC_TIME | tag::GENERALIZED_TIME) => moment(&fields.any()?, &mut faults),
            _ => None,
        };
        let mut revoked = Vec::new();
        if let Some(list) = fields.optional(tag::SEQUENCE)? {
            for item in list.reader() {
                match item.and_then(|item| Revoked::read(item.reader(), &mut faults)) {
                    Ok(item) => revoked.push(item),
                    Err(fault) => {
                        faults.push(fault);
                        break;
                    }
                }
            }
        }
        let extensions = match fields.optional(tag::context_constructed(0))? {
            None => Vec::new(),
            Some(tlv) => Extension::read_all(&tlv.reader().expect(tag::SEQUENCE)?, &mut faults),
        };
        faults.extend(fields.end());
        let outside = parts.offset();
        let algorithm = AlgorithmIdentifier::read(&mut parts, &mut faults)?;
        if algorithm.der != inner.der {
            faults.push(Problem::SignatureAlgorithmsDiffer.at(outside));
        }
        let signature = bit_string(&parts.expect(tag::BIT_STRING)?, &mut faults)?;
        faults.extend(parts.end());
        Ok(Self {
            der: whole.bytes,
            tbs: tbs.bytes,
            version,
            issuer,
            this_update,
            next_update,
            revoked,
            extensions,
            algorithm,
            signature,
            faults,
        })
    }
}

impl<'a> Revoked<'a> {
    fn read(mut fields: Reader<'a>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let serial = fields.expect(tag::INTEGER)?.content;
        let date = moment(&fields.any()?, faults);
        let mut reason = None;
        let extensions = match fields.optional(tag::SEQUENCE)? {
            Some(list) => Extension::read_all(&list, faults),
            None => Vec::new(),
        };
        for extension in &extensions {
            if extension.oid.is(oid::REASON_CODE) {
                match extension.reader().expect(tag::ENUMERATED) {
                    Ok(code) => reason = code.content.first().copied(),
                    Err(fault) => faults.push(fault),
                }
            }
        }
        faults.extend(fields.end());
        Ok(Self { serial, date, reason, extensions })
    }
}
