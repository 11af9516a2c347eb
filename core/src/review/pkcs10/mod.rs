//! A PKCS#10 request (RFC 2986) as the API server and the signer read it.
//!
//! Both are Go programs, and Go's `crypto/x509` decides what can be read at all. So this is no
//! general reader of requests: it accepts and refuses what that library does, and keeps what that
//! library keeps.

pub(crate) mod asn1;
mod key;
pub(crate) mod pem;
mod proof;
mod san;
mod subject;
mod uri;

pub use asn1::{Asn1Error, Oid};
pub use key::{KeyFault, RequestKey};
pub use proof::ProofFault;
pub use san::{SanFault, SubjectAltNames};
pub use subject::Subject;
pub(crate) use subject::string_tag;
pub(crate) use uri::rewrite as rewrite_uri;

use const_oid::db::{rfc5280, rfc5912};

use asn1::{CONTEXT, Reader, UNIVERSAL, tag};

/// A request that was read, none of whose content has been agreed to.
///
/// Nothing of it may be put into a certificate except through [`crate::review`], which says what
/// a signer copies out of it.
#[derive(Clone, Debug)]
pub struct UntrustedRequest {
    /// The request's version field: 0 for every request of RFC 2986, but Go takes any.
    pub version: i64,
    /// What Kubernetes keeps of the subject.
    pub subject: Subject,
    /// The key to be certified.
    pub key: RequestKey,
    /// The names that Kubernetes keeps of the requested subjectAltName.
    pub sans: SubjectAltNames,
    /// Object identifiers of the requested extensions, in order.
    pub extensions: Vec<Oid>,
    /// The DER octets of the SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    info: Vec<u8>,
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
}

/// Why a text or its DER cannot be read as a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestFault {
    /// There is no well-formed PEM block with the label `CERTIFICATE REQUEST` in front; the label
    /// that was found instead, if any.
    PemType(Option<String>),
    /// The DER is none, or not that of a request.
    Asn1(Asn1Error),
    /// The public key cannot be used.
    Key(KeyFault),
    /// The requested subjectAltName cannot be read.
    San(SanFault),
    /// One extension is requested twice.
    DuplicateExtension,
}

impl From<Asn1Error> for RequestFault {
    fn from(error: Asn1Error) -> Self {
        Self::Asn1(error)
    }
}

impl UntrustedRequest {
    /// Reads the first PEM block of a text.
    ///
    /// # Errors
    /// A [`RequestFault`]; the self-signature is not looked at (see [`Self::prove_possession`]).
    pub fn from_pem(text: &[u8]) -> Result<Self, RequestFault> {
        let block = pem::first_block(text).ok_or(RequestFault::PemType(None))?;
        if block.label != b"CERTIFICATE REQUEST" {
            let label = String::from_utf8_lossy(&block.label).into_owned();
            return Err(RequestFault::PemType(Some(label)));
        }
        Self::from_der(&block.content)
    }

    /// Reads the DER of a request.
    ///
    /// # Errors
    /// As [`Self::from_pem`].
    pub fn from_der(der: &[u8]) -> Result<Self, RequestFault> {
        let mut outer = Reader::new(der);
        let mut request = outer.sequence()?;
        let info = request.expect(UNIVERSAL, tag::SEQUENCE, true)?;
        let mut fields = Reader::new(info.content);
        let version = fields.small_integer()?;
        let subject = fields.any()?;
        let spki = fields.expect(UNIVERSAL, tag::SEQUENCE, true)?;
        let mut spki_fields = Reader::new(spki.content);
        let key_algorithm = algorithm(&mut spki_fields)?;
        let key_bits = spki_fields.bit_string()?;
        let attributes = Reader::new(fields.expect(CONTEXT, 0, true)?.content).all()?;
        let signature_algorithm = request.expect(UNIVERSAL, tag::SEQUENCE, true)?;
        algorithm(&mut Reader::new(signature_algorithm.full))?;
        let signature = request.bit_string()?;
        if !outer.is_empty() {
            return Err(Asn1Error::TrailingData.into());
        }
        let (key_oid, key_parameters) = key_algorithm;
        let key =
            RequestKey::read(&key_oid, key_parameters, &key_bits).map_err(RequestFault::Key)?;
        let subject = Subject::read(subject.full)?;
        let requested = requested_extensions(&attributes)?;
        let mut sans = SubjectAltNames::default();
        for (oid, value) in &requested {
            if oid.is(rfc5280::ID_CE_SUBJECT_ALT_NAME) {
                sans = SubjectAltNames::read(value).map_err(RequestFault::San)?;
            }
        }
        Ok(Self {
            version,
            subject,
            key,
            sans,
            extensions: requested.into_iter().map(|(oid, _)| oid).collect(),
            spki: spki.full.to_vec(),
            info: info.full.to_vec(),
            signature_algorithm: signature_algorithm.full.to_vec(),
            signature,
        })
    }

    /// Checks that the one who made the request holds the private key (RFC 2986 §3, note 2).
    ///
    /// # Errors
    /// A [`ProofFault`] for whatever makes Go's `CheckSignature` fail.
    pub fn prove_possession(&self) -> Result<(), ProofFault> {
        proof::check(&self.key, &self.signature_algorithm, &self.info, &self.signature)
    }
}

/// Object identifier and the octets of the parameters of an AlgorithmIdentifier.
fn algorithm<'a>(reader: &mut Reader<'a>) -> Result<(Oid, Option<&'a [u8]>), Asn1Error> {
    let mut fields = reader.sequence()?;
    let oid = fields.object_identifier()?;
    let parameters = match fields.is_empty() {
        true => None,
        false => Some(fields.any()?.full),
    };
    Ok((oid, parameters))
}

/// The extensions in all extensionRequest attributes (RFC 2985 §5.4.2).
///
/// An attribute that is no attribute is passed over; only its first value counts.
fn requested_extensions<'a>(
    attributes: &[asn1::Element<'a>],
) -> Result<Vec<(Oid, &'a [u8])>, RequestFault> {
    let mut requested: Vec<(Oid, &[u8])> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for attribute in attributes {
        let Some(value) = extension_request(attribute.full) else { continue };
        let mut outer = Reader::new(value);
        for extension in outer.sequence()?.all_of(tag::SEQUENCE)? {
            let mut fields = Reader::new(extension.content);
            let oid = fields.object_identifier()?;
            fields.optional_boolean()?;
            let content = fields.octet_string()?;
            if !seen.insert(oid.clone()) {
                return Err(RequestFault::DuplicateExtension);
            }
            requested.push((oid, content));
        }
    }
    Ok(requested)
}

/// The first value of the attribute, if it is an extensionRequest.
fn extension_request(attribute: &[u8]) -> Option<&[u8]> {
    let mut fields = Reader::new(attribute).sequence().ok()?;
    let oid = fields.object_identifier().ok()?;
    let values = Reader::new(fields.expect(UNIVERSAL, tag::SET, true).ok()?.content).all().ok()?;
    let value = values.first()?;
    oid.is(rfc5912::ID_EXTENSION_REQ).then_some(value.full)
}
