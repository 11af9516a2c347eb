//! Certificates (RFC 5280 §4.1).

use der::Decode;
use time::OffsetDateTime;

use super::extension::bit_string;
use super::key::version;
use super::{
    AlgorithmIdentifier, Extension, Fault, Name, Problem, PublicKeyInfo, Reader, Tlv, moment, tag,
};

/// RFC 5280 §4.1.2.2 allows at most this many octets.
const LONGEST_SERIAL: usize = 20;

/// A certificate, read as far as it goes.
#[derive(Clone, Debug)]
pub struct Certificate<'a> {
    /// The bytes of the whole, which fingerprints are hashes of.
    pub der: &'a [u8],
    /// The bytes that are signed.
    pub tbs: &'a [u8],
    /// The version as people count: 3 is written 2.
    pub version: u64,
    /// Contents of the INTEGER.
    pub serial: &'a [u8],
    /// The algorithm inside of what is signed.
    pub inner_algorithm: AlgorithmIdentifier<'a>,
    /// The issuer.
    pub issuer: Name<'a>,
    /// Start of validity.
    pub not_before: Option<OffsetDateTime>,
    /// End of validity.
    pub not_after: Option<OffsetDateTime>,
    /// The subject.
    pub subject: Name<'a>,
    /// The subject's public key.
    pub public_key: PublicKeyInfo<'a>,
    /// The issuer's and the subject's unique identifiers, of version 2.
    pub unique_ids: [Option<&'a [u8]>; 2],
    /// Extensions in order.
    pub extensions: Vec<Extension<'a>>,
    /// The algorithm outside.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// Contents of the BIT STRING, without the count of unused bits.
    pub signature: &'a [u8],
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

impl<'a> Certificate<'a> {
    /// Reads a certificate.
    ///
    /// # Errors
    /// The fault at which the skeleton ends; the caller then shows the ASN.1 tree.
    pub fn read(der: &'a [u8]) -> Result<Self, Fault> {
        let mut faults = Vec::new();
        let mut outer = Reader::new(der);
        let whole = outer.expect(tag::SEQUENCE)?;
        faults.extend(whole.der_fault());
        faults.extend(outer.end());
        let mut parts = whole.reader();
        let tbs = parts.expect(tag::SEQUENCE)?;
        faults.extend(tbs.der_fault());
        let mut fields = tbs.reader();
        let version = match fields.optional(tag::context_constructed(0))? {
            None => 1,
            Some(tlv) => {
                let value = version(&tlv.reader().expect(tag::INTEGER)?, &mut faults);
                if value == 0 {
                    faults.push(Problem::DefaultWritten.at(tlv.offset));
                } else if value > 2 {
                    faults.push(Problem::BadVersion { value }.at(tlv.offset));
                }
                value.saturating_add(1)
            }
        };
        let serial = fields.expect(tag::INTEGER)?;
        check_serial(&serial, &mut faults);
        let inner_algorithm = AlgorithmIdentifier::read(&mut fields, &mut faults)?;
        let issuer = Name::read(&fields.expect(tag::SEQUENCE)?, &mut faults);
        let validity = fields.expect(tag::SEQUENCE)?;
        let mut times = validity.reader();
        let not_before = moment(&times.any()?, &mut faults);
        let not_after = moment(&times.any()?, &mut faults);
        faults.extend(times.end());
        if matches!((not_before, not_after), (Some(start), Some(end)) if end < start) {
            faults.push(Problem::EmptyValidity.at(validity.offset));
        }
        let subject = Name::read(&fields.expect(tag::SEQUENCE)?, &mut faults);
        let public_key = PublicKeyInfo::read(&mut fields, &mut faults)?;
        let unique_ids = [
            fields.optional(tag::context(1))?.map(|tlv| tlv.content),
            fields.optional(tag::context(2))?.map(|tlv| tlv.content),
        ];
        let extensions = match fields.optional(tag::context_constructed(3))? {
            None => Vec::new(),
            Some(tlv) => {
                if version != 3 {
                    faults.push(Problem::ExtensionsBeforeV3.at(tlv.offset));
                }
                Extension::read_all(&tlv.reader().expect(tag::SEQUENCE)?, &mut faults)
            }
        };
        faults.extend(fields.end());
        let outside = parts.offset();
        let algorithm = AlgorithmIdentifier::read(&mut parts, &mut faults)?;
        if algorithm.der != inner_algorithm.der {
            faults.push(Problem::SignatureAlgorithmsDiffer.at(outside));
        }
        let signature = bit_string(&parts.expect(tag::BIT_STRING)?, &mut faults)?;
        faults.extend(parts.end());
        Ok(Self {
            der: whole.bytes,
            tbs: tbs.bytes,
            version,
            serial: serial.content,
            inner_algorithm,
            issuer,
            not_before,
            not_after,
            subject,
            public_key,
            unique_ids,
            extensions,
            algorithm,
            signature,
            faults,
        })
    }

    /// The first extension with this identifier.
    pub fn extension(&self, oid: const_oid::ObjectIdentifier) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.oid.is(oid))
    }
}

/// What is whole of a certificate whose bytes end, or go wrong, too early for the rest.
#[derive(Clone, Debug)]
pub struct CertificateStart<'a> {
    /// Contents of the INTEGER.
    pub serial: &'a [u8],
    /// The issuer.
    pub issuer: Option<Name<'a>>,
    /// Start and end of validity.
    pub validity: Option<(OffsetDateTime, OffsetDateTime)>,
    /// The subject.
    pub subject: Option<Name<'a>>,
}

impl<'a> CertificateStart<'a> {
    /// Reads up to the first value that is not whole and faultless. `None` for what does not begin
    /// as certificates do: of version 1 only if `labelled` says that it is one.
    pub fn read(der: &'a [u8], labelled: bool) -> Option<Self> {
        let sequence = |reader: &mut Reader<'a>| {
            reader.any_cut().ok().filter(|tlv| tlv.identifier == tag::SEQUENCE)
        };
        let mut fields = sequence(&mut sequence(&mut Reader::new(der))?.reader())?.reader();
        let versioned = fields.optional(tag::context_constructed(0)).ok()?;
        if versioned.is_none() && !labelled {
            return None;
        }
        let serial = fields.expect(tag::INTEGER).ok()?.content;
        let mut start = Self { serial, issuer: None, validity: None, subject: None };
        // What is missing from here on is missing, and no fault of the rest.
        let _ = start.fill(fields);
        Some(start)
    }

    fn fill(&mut self, mut fields: Reader<'a>) -> Option<()> {
        let mut faults = Vec::new();
        AlgorithmIdentifier::read(&mut fields, &mut faults).ok()?;
        let issuer = Name::read(&fields.expect(tag::SEQUENCE).ok()?, &mut faults);
        self.issuer = Some(issuer).filter(|_| faults.is_empty());
        let mut times = fields.expect(tag::SEQUENCE).ok()?.reader();
        let start = moment(&times.any().ok()?, &mut faults)?;
        self.validity = Some((start, moment(&times.any().ok()?, &mut faults)?));
        let mut faults = Vec::new();
        let subject = Name::read(&fields.expect(tag::SEQUENCE).ok()?, &mut faults);
        self.subject = Some(subject).filter(|_| faults.is_empty());
        Some(())
    }
}

fn check_serial(serial: &Tlv<'_>, faults: &mut Vec<Fault>) {
    let octets = serial.content;
    let problem = match octets {
        [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Problem::BadSerial,
        [0] => Problem::ZeroSerial,
        [0x80..=0xff, ..] => Problem::NegativeSerial,
        _ if octets.len() > LONGEST_SERIAL => Problem::LongSerial { octets: octets.len() },
        _ => return,
    };
    faults.push(problem.at(serial.offset));
}

/// What the strict DER parser that signs and verifies for us says about a certificate.
///
/// # Errors
/// Its own words, where it refuses.
pub fn strict(der: &[u8]) -> Result<(), String> {
    x509_cert::Certificate::from_der(der).map(drop).map_err(|error| error.to_string())
}
