//! The certificate, octet by octet (RFC 5280 §4.1), with extensions in the order of Go's
//! `CreateCertificate`.

use der::Encode;
use rand_core::CryptoRng;
use time::OffsetDateTime;

use super::{Issuer, SignError};
use crate::review::tlv::{bit_string, named_bits, oid, sequence, set_of, tlv, unsigned};
use crate::review::{PURPOSES, ReviewedContent, pkcs10::SubjectAltNames, subject_der};

pub(super) fn encode<R: CryptoRng>(
    content: &ReviewedContent,
    issuer: &Issuer,
    serial: &[u8],
    rng: &mut R,
) -> Result<Vec<u8>, SignError> {
    let algorithm = issuer.key().signature_algorithm().identifier();
    // An object identifier and an optional NULL always encode.
    let algorithm = algorithm.to_der().unwrap_or_default();
    let validity = sequence(&[&time(content.not_before)?, &time(content.not_after)?]);
    let tbs = sequence(&[
        // [0] version 3
        &tlv(0xa0, &tlv(0x02, &[2])),
        &unsigned(serial),
        &algorithm,
        &content.issuer,
        &validity,
        &subject_der(&content.subject),
        &content.spki,
        &tlv(0xa3, &extensions(content)),
    ]);
    let signature = issuer.key().sign(&tbs, rng).map_err(SignError::Key)?;
    Ok(sequence(&[&tbs, &algorithm, &bit_string(&signature)]))
}

/// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
fn time(seconds: i64) -> Result<Vec<u8>, SignError> {
    let moment =
        OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| SignError::TimeOutOfRange)?;
    let (date, (hour, minute, second)) = (moment.date(), moment.time().as_hms());
    let rest =
        format!("{:02}{:02}{hour:02}{minute:02}{second:02}Z", u8::from(date.month()), date.day());
    match date.year() {
        year @ 1950..=2049 => Ok(tlv(0x17, format!("{:02}{rest}", year % 100).as_bytes())),
        year @ 2050..=9999 => Ok(tlv(0x18, format!("{year}{rest}").as_bytes())),
        _ => Err(SignError::TimeOutOfRange),
    }
}

fn extensions(content: &ReviewedContent) -> Vec<u8> {
    let mut all = Vec::new();
    for extension in content.extensions() {
        let value = match extension.name {
            "keyUsage" => named_bits(&content.key_usage),
            "extKeyUsage" => {
                let purposes = content.purposes.iter();
                let known = purposes.filter_map(|place| PURPOSES.get(usize::from(*place)));
                tlv(0x30, &known.flat_map(|(_, purpose)| oid(*purpose)).collect::<Vec<_>>())
            }
            "authorityKeyIdentifier" => {
                let identifier = content.authority_key_identifier.as_deref().unwrap_or_default();
                sequence(&[&tlv(0x80, identifier)])
            }
            "subjectAltName" => general_names(&content.sans),
            // basicConstraints: cA FALSE is the default, which DER leaves out.
            _ => sequence(&[]),
        };
        let identifier = const_oid::ObjectIdentifier::new_unwrap(extension.oid);
        all.extend(encode_extension(identifier, extension.critical, &value));
    }
    tlv(0x30, &all)
}

/// Extension of RFC 5280 §4.1.
pub(crate) fn encode_extension(
    identifier: const_oid::ObjectIdentifier,
    critical: bool,
    value: &[u8],
) -> Vec<u8> {
    let critical: &[u8] = if critical { &[0x01, 0x01, 0xff] } else { &[] };
    sequence(&[&oid(identifier), critical, &tlv(0x04, value)])
}

/// GeneralNames of RFC 5280 §4.2.1.6: DNS, e-mail, IP, URI.
pub(crate) fn general_names(sans: &SubjectAltNames) -> Vec<u8> {
    let mut all = Vec::new();
    for name in &sans.dns {
        all.extend(tlv(0x82, name.as_bytes()));
    }
    for email in &sans.emails {
        all.extend(tlv(0x81, email.as_bytes()));
    }
    for address in &sans.addresses {
        all.extend(match address {
            std::net::IpAddr::V4(address) => tlv(0x87, &address.octets()),
            std::net::IpAddr::V6(address) => tlv(0x87, &address.octets()),
        });
    }
    for uri in &sans.uris {
        all.extend(tlv(0x86, uri.as_bytes()));
    }
    tlv(0x30, &all)
}

/// A PKCS#10 attribute with one value (RFC 2986 §4.1).
pub(crate) fn attribute(identifier: const_oid::ObjectIdentifier, value: Vec<u8>) -> Vec<u8> {
    sequence(&[&oid(identifier), &set_of(vec![value])])
}
