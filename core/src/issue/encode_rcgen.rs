//! The encoder on rcgen, with yasna for the contents of extensions.
//!
//! rcgen fixes the order of the extensions that it knows, and that order is not Go's; so all of
//! them are handed over ready-made, in our order.

use std::cell::RefCell;
use std::net::IpAddr;

use der::{Tag, Tagged};
use rand_core::CryptoRng;
use rcgen::string::PrintableString;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, Issuer, PublicKeyData,
    SerialNumber, SignatureAlgorithm,
};
use x509_cert::name::Name;
use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, Tag as YasnaTag};

use super::IssueError;
use super::blank::Blank;
use crate::design::{San, Subtree};
use crate::key::{Algorithm, PrivateKey, PublicKey};
use crate::plan::ExtendedKeyUsage;

const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
const SUBJECT_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 14];
const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];
const NAME_CONSTRAINTS: &[u64] = &[2, 5, 29, 30];
const SERVER_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];

/// Issuer and subject in rcgen's model.
pub(super) struct Names {
    issuer: DistinguishedName,
    subject: DistinguishedName,
}

/// The names, if rcgen can hold them: one attribute in each RDN, no type twice, strings that are
/// PrintableString or UTF8String.
pub(super) fn names(blank: &Blank) -> Option<Names> {
    Some(Names { issuer: convert(&blank.issuer)?, subject: convert(&blank.subject)? })
}

fn convert(name: &Name) -> Option<DistinguishedName> {
    let mut converted = DistinguishedName::new();
    for rdn in name.iter_rdn() {
        let mut attributes = rdn.iter();
        let (Some(attribute), None) = (attributes.next(), attributes.next()) else { return None };
        let arcs: Vec<u64> = attribute.oid.arcs().map(u64::from).collect();
        let kind = DnType::from_oid(&arcs);
        if converted.get(&kind).is_some() {
            return None;
        }
        let text = std::str::from_utf8(attribute.value.value()).ok()?;
        let value = match attribute.value.tag() {
            Tag::PrintableString => DnValue::PrintableString(PrintableString::try_from(text).ok()?),
            Tag::Utf8String => DnValue::Utf8String(text.to_owned()),
            _ => return None,
        };
        converted.push(kind, value);
    }
    Some(converted)
}

pub(super) fn encode<R: CryptoRng>(
    blank: &Blank,
    names: Names,
    signer: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, IssueError> {
    let mut params = CertificateParams::default();
    params.not_before = blank.not_before;
    params.not_after = blank.not_after;
    params.serial_number = Some(SerialNumber::from_slice(&blank.serial.to_be_bytes()));
    params.distinguished_name = names.subject;
    params.custom_extensions = extensions(blank);
    let mut issuer_params = CertificateParams::default();
    issuer_params.distinguished_name = names.issuer;
    let signing = Signing { key: Bits::of(signer.public_key())?, signer, rng: RefCell::new(rng) };
    let issuer = Issuer::new(issuer_params, signing);
    let certificate = params
        .signed_by(&Bits::of(&blank.key)?, &issuer)
        .map_err(|error| IssueError::Encoding(error.to_string()))?;
    Ok(certificate.der().to_vec())
}

/// A public key as rcgen wants it: algorithm, and the bits of the key.
struct Bits {
    algorithm: &'static SignatureAlgorithm,
    bits: Vec<u8>,
}

impl Bits {
    fn of(key: &PublicKey) -> Result<Self, IssueError> {
        let algorithm = match key.algorithm() {
            Algorithm::Rsa2048 | Algorithm::Rsa3072 | Algorithm::Rsa4096 => &rcgen::PKCS_RSA_SHA256,
            Algorithm::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Algorithm::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Algorithm::Ed25519 => &rcgen::PKCS_ED25519,
        };
        Ok(Self { algorithm, bits: key.subject_public_key()? })
    }
}

impl PublicKeyData for Bits {
    fn der_bytes(&self) -> &[u8] {
        &self.bits
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.algorithm
    }
}

/// Our key as rcgen's signer. The generator, which only blinds RSA, sits in a cell because rcgen
/// signs through a shared reference.
struct Signing<'a, R> {
    key: Bits,
    signer: &'a PrivateKey,
    rng: RefCell<&'a mut R>,
}

impl<R> PublicKeyData for Signing<'_, R> {
    fn der_bytes(&self) -> &[u8] {
        self.key.der_bytes()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.key.algorithm
    }
}

impl<R: CryptoRng> rcgen::SigningKey for Signing<'_, R> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.signer.sign(message, *self.rng.borrow_mut()).map_err(|_| rcgen::Error::RemoteKeyError)
    }
}

fn extensions(blank: &Blank) -> Vec<CustomExtension> {
    let mut all = vec![extension(KEY_USAGE, true, |writer| key_usage(blank, writer))];
    if !blank.usages.is_empty() {
        all.push(extension(EXTENDED_KEY_USAGE, blank.critical_usages, |writer| {
            writer.write_sequence(|writer| {
                for usage in blank.usages {
                    let oid = match usage {
                        ExtendedKeyUsage::ServerAuth => SERVER_AUTH,
                        ExtendedKeyUsage::ClientAuth => CLIENT_AUTH,
                    };
                    writer.next().write_oid(&ObjectIdentifier::from_slice(oid));
                }
            });
        }));
    }
    all.push(extension(BASIC_CONSTRAINTS, true, |writer| {
        writer.write_sequence(|writer| {
            // cA is DEFAULT FALSE, and DER leaves defaults out.
            if blank.is_ca {
                writer.next().write_bool(true);
            }
            if let Some(length) = blank.path_length {
                writer.next().write_u8(length);
            }
        });
    }));
    if let Some(identifier) = &blank.subject_key_id {
        all.push(extension(SUBJECT_KEY_IDENTIFIER, false, |writer| writer.write_bytes(identifier)));
    }
    if let Some(identifier) = &blank.authority_key_id {
        all.push(extension(AUTHORITY_KEY_IDENTIFIER, false, |writer| {
            writer.write_sequence(|writer| {
                writer.next().write_tagged_implicit(YasnaTag::context(0), |writer| {
                    writer.write_bytes(identifier);
                });
            });
        }));
    }
    if !blank.sans.is_empty() {
        all.push(extension(SUBJECT_ALT_NAME, false, |writer| subject_alt_name(blank, writer)));
    }
    if !blank.constraints.is_empty() {
        all.push(extension(NAME_CONSTRAINTS, true, |writer| name_constraints(blank, writer)));
    }
    all
}

/// RFC 5280 §4.2.1.10; an address range is the address followed by its mask.
fn name_constraints(blank: &Blank, writer: DERWriter<'_>) {
    let lists = [&blank.constraints.permitted, &blank.constraints.excluded];
    writer.write_sequence(|writer| {
        for (number, list) in (0..).zip(lists).filter(|(_, list)| !list.is_empty()) {
            writer.next().write_tagged_implicit(YasnaTag::context(number), |writer| {
                writer.write_sequence_of(|writer| {
                    for subtree in list {
                        writer.next().write_sequence(|writer| {
                            let (tag, bytes) = match subtree {
                                Subtree::Dns(name) => (2, name.as_bytes().to_vec()),
                                Subtree::Ip(range) => (7, range.octets()),
                            };
                            writer.next().write_tagged_implicit(YasnaTag::context(tag), |writer| {
                                writer.write_bytes(&bytes);
                            });
                        });
                    }
                });
            });
        }
    });
}

fn extension(oid: &[u64], critical: bool, content: impl FnOnce(DERWriter<'_>)) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, yasna::construct_der(content));
    extension.set_criticality(critical);
    extension
}

/// Bits from the left: digitalSignature 0, keyEncipherment 2, keyCertSign 5. DER drops the zero
/// bits at the end.
fn key_usage(blank: &Blank, writer: DERWriter<'_>) {
    let mut bits = 0b1000_0000_u8;
    let mut length = 1;
    if blank.enciphers_keys() {
        bits |= 0b0010_0000;
        length = 3;
    }
    if blank.is_ca {
        bits |= 0b0000_0100;
        length = 6;
    }
    writer.write_bitvec_bytes(&[bits], length);
}

fn subject_alt_name(blank: &Blank, writer: DERWriter<'_>) {
    writer.write_sequence(|writer| {
        for san in &blank.sans {
            match san {
                San::Dns(name) => {
                    writer.next().write_tagged_implicit(YasnaTag::context(2), |writer| {
                        writer.write_ia5_string(name);
                    });
                }
                San::Ip(address) => {
                    writer.next().write_tagged_implicit(
                        YasnaTag::context(7),
                        |writer| match address {
                            IpAddr::V4(v4) => writer.write_bytes(&v4.octets()),
                            IpAddr::V6(v6) => writer.write_bytes(&v6.octets()),
                        },
                    );
                }
            }
        }
    });
}
