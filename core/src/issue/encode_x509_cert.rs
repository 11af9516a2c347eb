//! The encoder on x509-cert's builder, which takes names and extensions of any shape.

use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use der::asn1::{BitString, Ia5String, OctetString};
use der::{DateTime, Decode, Encode};
use rand_core::CryptoRng;
use signature::Keypair;
use spki::{DynSignatureAlgorithmIdentifier, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use time::OffsetDateTime;
use x509_cert::TbsCertificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder, CertificateBuilder};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage as KeyPurposes, KeyUsage, KeyUsages,
    NameConstraints, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

use const_oid::AssociatedOid;

use super::IssueError;
use super::blank::Blank;
use crate::design::{San, Subtree};
use crate::key::{PrivateKey, PublicKey};
use crate::plan::ExtendedKeyUsage;

pub(super) fn encode<R: CryptoRng>(
    blank: &Blank,
    signer: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, IssueError> {
    let builder_error = |error: x509_cert::builder::Error| IssueError::Encoding(error.to_string());
    let mut builder = CertificateBuilder::new(
        Profile(blank),
        SerialNumber::new(&blank.serial.to_be_bytes())?,
        Validity::new(time_of(blank.not_before)?, time_of(blank.not_after)?),
        SubjectPublicKeyInfoOwned::from_der(blank.key.spki_der())?,
    )
    .map_err(builder_error)?;
    let signing = Signing(signer);
    let tbs = builder.finalize(&signing).map_err(builder_error)?;
    let signature = BitString::from_bytes(&signer.sign(&tbs, rng)?)?;
    let certificate = builder.assemble(signature, &signing).map_err(builder_error)?;
    Ok(certificate.to_der()?)
}

/// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
fn time_of(moment: OffsetDateTime) -> Result<Time, IssueError> {
    let seconds = u64::try_from(moment.unix_timestamp()).map_err(|_| IssueError::TimeOutOfRange)?;
    let moment = DateTime::from_unix_duration(core::time::Duration::from_secs(seconds))?;
    Ok(Time::from(moment))
}

/// Our key where the builder wants a signer's public half and algorithm.
struct Signing<'a>(&'a PrivateKey);

impl Keypair for Signing<'_> {
    type VerifyingKey = PublicKey;

    fn verifying_key(&self) -> PublicKey {
        self.0.public_key().clone()
    }
}

impl DynSignatureAlgorithmIdentifier for Signing<'_> {
    fn signature_algorithm_identifier(&self) -> spki::Result<spki::AlgorithmIdentifierOwned> {
        Ok(self.0.signature_algorithm().identifier().into())
    }
}

struct Profile<'a>(&'a Blank);

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.0.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.subject.clone()
    }

    fn build_extensions(
        &self,
        _spk: SubjectPublicKeyInfoRef<'_>,
        _issuer_spk: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(extensions(self.0)?)
    }
}

pub(super) fn extensions(blank: &Blank) -> der::Result<Vec<Extension>> {
    let mut usage = KeyUsages::DigitalSignature.into();
    if blank.enciphers_keys() {
        usage |= KeyUsages::KeyEncipherment;
    }
    if blank.is_ca {
        usage |= KeyUsages::KeyCertSign;
    }
    let mut all = vec![extension(&KeyUsage(usage), true)?];
    if !blank.usages.is_empty() {
        let purposes = blank.usages.iter().map(|usage| match usage {
            ExtendedKeyUsage::ServerAuth => ID_KP_SERVER_AUTH,
            ExtendedKeyUsage::ClientAuth => ID_KP_CLIENT_AUTH,
        });
        all.push(extension(&KeyPurposes(purposes.collect()), blank.critical_usages)?);
    }
    let constraints = BasicConstraints { ca: blank.is_ca, path_len_constraint: blank.path_length };
    all.push(extension(&constraints, true)?);
    if let Some(identifier) = &blank.subject_key_id {
        let identifier = OctetString::new(identifier.as_slice())?;
        all.push(extension(&SubjectKeyIdentifier(identifier), false)?);
    }
    if let Some(identifier) = &blank.authority_key_id {
        let identifier = AuthorityKeyIdentifier {
            key_identifier: Some(OctetString::new(identifier.as_slice())?),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        };
        all.push(extension(&identifier, false)?);
    }
    if !blank.sans.is_empty() {
        let names = blank
            .sans
            .iter()
            .map(|san| {
                Ok(match san {
                    San::Dns(name) => GeneralName::DnsName(Ia5String::new(name)?),
                    San::Ip(address) => GeneralName::from(*address),
                })
            })
            .collect::<der::Result<Vec<_>>>()?;
        all.push(extension(&SubjectAltName(names), false)?);
    }
    if !blank.constraints.is_empty() {
        let constraints = NameConstraints {
            permitted_subtrees: subtrees(&blank.constraints.permitted)?,
            excluded_subtrees: subtrees(&blank.constraints.excluded)?,
        };
        all.push(extension(&constraints, true)?);
    }
    Ok(all)
}

fn subtrees(list: &[Subtree]) -> der::Result<Option<Vec<GeneralSubtree>>> {
    let subtree = |subtree: &Subtree| {
        let base = match subtree {
            Subtree::Dns(name) => GeneralName::DnsName(Ia5String::new(name)?),
            Subtree::Ip(range) => GeneralName::IpAddress(OctetString::new(range.octets())?),
        };
        Ok(GeneralSubtree { base, minimum: 0, maximum: None })
    };
    let list = list.iter().map(subtree).collect::<der::Result<Vec<_>>>()?;
    Ok(Some(list).filter(|list| !list.is_empty()))
}

fn extension<T: Encode + AssociatedOid>(content: &T, critical: bool) -> der::Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(content.to_der()?)? })
}
