//! Certification requests: PKCS#10 (RFC 2986).

use super::extension::bit_string;
use super::key::version;
use super::name::read_oid;
use super::{
    AlgorithmIdentifier, Extension, Fault, Name, Oid, Problem, PublicKeyInfo, Reader, Tlv, oid, tag,
};

/// A certification request, read as far as it goes.
#[derive(Clone, Debug)]
pub struct CertificationRequest<'a> {
    /// The bytes of the whole.
    pub der: &'a [u8],
    /// The bytes that are signed.
    pub info: &'a [u8],
    /// The version as people count: 1 is written 0.
    pub version: u64,
    /// The subject that is asked for.
    pub subject: Name<'a>,
    /// The requestor's public key.
    pub public_key: PublicKeyInfo<'a>,
    /// Attributes in order; their values as they stand there.
    pub attributes: Vec<(Oid<'a>, Tlv<'a>)>,
    /// The field of the attributes is not there at all.
    pub attributes_missing: bool,
    /// Extensions that are asked for.
    pub extensions: Vec<Extension<'a>>,
    /// The algorithm of the signature.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// Contents of the BIT STRING, without the count of unused bits.
    pub signature: &'a [u8],
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

impl<'a> CertificationRequest<'a> {
    /// Reads a request.
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
        let info = parts.expect(tag::SEQUENCE)?;
        faults.extend(info.der_fault());
        let mut fields = info.reader();
        let number = fields.expect(tag::INTEGER)?;
        let value = version(&number, &mut faults);
        if value > 0 {
            faults.push(Problem::BadVersion { value }.at(number.offset));
        }
        let subject = Name::read(&fields.expect(tag::SEQUENCE)?, &mut faults);
        let public_key = PublicKeyInfo::read(&mut fields, &mut faults)?;
        let (mut attributes, mut extensions) = (Vec::new(), Vec::new());
        let mut attributes_missing = false;
        // RFC 2986 demands the attributes, if only as an empty set; older software leaves them out.
        match fields.optional(tag::context_constructed(0))? {
            None => {
                let expected = tag::context_constructed(0);
                faults.push(Problem::Missing { expected }.at(fields.offset()));
                attributes_missing = true;
            }
            Some(list) => {
                let mut items = list.reader();
                while !items.is_empty() {
                    let mut attribute = items.expect(tag::SEQUENCE)?.reader();
                    let oid = read_oid(&mut attribute, &mut faults)?;
                    let values = attribute.expect(tag::SET)?;
                    faults.extend(attribute.end());
                    if oid.is(oid::EXTENSION_REQUEST) {
                        match values.reader().expect(tag::SEQUENCE) {
                            Ok(list) => extensions.extend(Extension::read_all(&list, &mut faults)),
                            Err(fault) => faults.push(fault),
                        }
                    }
                    attributes.push((oid, values));
                }
            }
        }
        faults.extend(fields.end());
        let algorithm = AlgorithmIdentifier::read(&mut parts, &mut faults)?;
        let signature = bit_string(&parts.expect(tag::BIT_STRING)?, &mut faults)?;
        faults.extend(parts.end());
        Ok(Self {
            der: whole.bytes,
            info: info.bytes,
            version: value.saturating_add(1),
            subject,
            public_key,
            attributes,
            attributes_missing,
            extensions,
            algorithm,
            signature,
            faults,
        })
    }
}
