//! A certificate that came back, read as far as its holder must check it.

use const_oid::db::{rfc5280, rfc5912, rfc8410};

use crate::key::{KeyError, PublicKey, SignatureAlgorithm};
use crate::review::pkcs10::asn1::{Asn1Error, CONTEXT, Oid, Reader, UNIVERSAL, tag};
use crate::review::pkcs10::{Subject, SubjectAltNames};

/// What a certificate says to its holder.
#[derive(Clone, Debug)]
pub(super) struct Issued {
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Subject,
    pub(super) sans: SubjectAltNames,
    pub(super) spki: Vec<u8>,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    /// Whether it may be used by a TLS client: the purpose is there, or no purpose is named.
    pub(super) client_auth: bool,
    /// Whether it names serverAuth.
    pub(super) server_auth: bool,
    tbs: Vec<u8>,
    algorithm: Oid,
    signature: Vec<u8>,
}

impl Issued {
    pub(super) fn read(der: &[u8]) -> Result<Self, Asn1Error> {
        let facts = crate::review::Authority::from_der(der).map_err(|error| match error {
            crate::review::AuthorityError::Der(error) => error,
            _ => Asn1Error::Truncated,
        })?;
        let mut certificate = Reader::new(der).sequence()?;
        let tbs = certificate.expect(UNIVERSAL, tag::SEQUENCE, true)?;
        let algorithm = certificate.sequence()?.object_identifier()?;
        let signature = certificate.bit_string()?;
        let mut fields = Reader::new(tbs.content);
        let first = fields.any()?;
        if first.class == CONTEXT {
            fields.any()?;
        }
        fields.any()?;
        let issuer = fields.any()?.full.to_vec();
        let mut issued = Self {
            issuer,
            subject: Subject::read(&facts.subject)?,
            sans: SubjectAltNames::default(),
            spki: facts.spki,
            not_before: facts.not_before,
            not_after: facts.not_after,
            client_auth: true,
            server_auth: false,
            tbs: tbs.full.to_vec(),
            algorithm,
            signature,
        };
        while !fields.is_empty() {
            let field = fields.any()?;
            if field.class == CONTEXT && field.number == 3 {
                for extension in Reader::new(field.content).sequence()?.all_of(tag::SEQUENCE)? {
                    issued.take_extension(extension.content)?;
                }
            }
        }
        Ok(issued)
    }

    fn take_extension(&mut self, extension: &[u8]) -> Result<(), Asn1Error> {
        let mut fields = Reader::new(extension);
        let oid = fields.object_identifier()?;
        fields.optional_boolean()?;
        let value = fields.octet_string()?;
        if oid.is(rfc5280::ID_CE_SUBJECT_ALT_NAME) {
            self.sans = SubjectAltNames::read(value).map_err(|_| Asn1Error::String)?;
        } else if oid.is(rfc5280::ID_CE_EXT_KEY_USAGE) {
            let mut purposes = Reader::new(value).sequence()?;
            self.client_auth = false;
            while !purposes.is_empty() {
                let purpose = purposes.object_identifier()?;
                self.server_auth |= purpose.is(rfc5280::ID_KP_SERVER_AUTH);
                self.client_auth |= purpose.is(rfc5280::ID_KP_CLIENT_AUTH)
                    || purpose.is(rfc5280::ANY_EXTENDED_KEY_USAGE);
            }
        }
        Ok(())
    }

    /// Checks the signature with a CA's key.
    pub(super) fn verify(&self, ca: &PublicKey) -> Result<(), KeyError> {
        let known = [
            rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
            rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
            rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
            rfc5912::ECDSA_WITH_SHA_256,
            rfc5912::ECDSA_WITH_SHA_384,
            rfc5912::ECDSA_WITH_SHA_512,
            rfc8410::ID_ED_25519,
        ];
        let algorithm = known
            .into_iter()
            .find(|known| self.algorithm.is(*known))
            .and_then(SignatureAlgorithm::from_oid)
            .ok_or_else(|| KeyError::Unsupported(self.algorithm.to_string()))?;
        ca.verify(algorithm, &self.tbs, &self.signature)
    }
}
