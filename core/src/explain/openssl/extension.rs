//! Extensions: the title, and the value in the form that each kind has.

use crate::decode::{
    Extension, Fault, Oid, Reader, Tlv, authority_key_identifier, basic_constraints, decimal,
    general_names, joined, key_purposes, key_usage, moment, oid, subject_key_identifier, tag,
};

use super::general_name::listed;
use super::{constraints, line, long_name, pad, points, policies, resources, timestamps};

/// Bits of keyUsage as OpenSSL names them.
const KEY_USAGE: [&str; 9] = [
    "Digital Signature",
    "Non Repudiation",
    "Key Encipherment",
    "Data Encipherment",
    "Key Agreement",
    "Certificate Sign",
    "CRL Sign",
    "Encipher Only",
    "Decipher Only",
];

/// Bits of Netscape's certificate type.
const NETSCAPE_TYPE: [&str; 8] = [
    "SSL Client",
    "SSL Server",
    "S/MIME",
    "Object Signing",
    "Unused",
    "SSL CA",
    "S/MIME CA",
    "Object Signing CA",
];

/// One extension, its title indented by this much.
pub(super) fn extension(text: &mut String, extension: &Extension<'_>, indent: usize) {
    let critical = if extension.critical { "critical" } else { "" };
    line(text, indent, &format!("{}: {critical}", long_name(extension.oid)));
    let indent = indent.saturating_add(4);
    match value(extension, indent) {
        Ok(Some(value)) => text.push_str(&value),
        // OpenSSL shows what it cannot read as if it were text.
        Ok(None) | Err(_) => {
            pad(text, indent);
            text.push_str(&printable(extension.value));
        }
    }
    text.push('\n');
}

/// The value without the line end; `None` for a kind that OpenSSL does not know.
fn value(extension: &Extension<'_>, indent: usize) -> Result<Option<String>, Fault> {
    let (id, reader) = (extension.oid, extension.reader());
    let faults = &mut Vec::new();
    // Without any value OpenSSL falls back to the octets, except for alternative names.
    let on_a_line = |values: Vec<String>| {
        Ok((!values.is_empty()).then(|| format!("{}{}", " ".repeat(indent), values.join(", "))))
    };
    if id.is(oid::BASIC_CONSTRAINTS) {
        let constraints = basic_constraints(reader, faults)?;
        let ca = if constraints.ca { "CA:TRUE" } else { "CA:FALSE" };
        let mut values = vec![ca.to_owned()];
        values.extend(constraints.path_len.map(|length| format!("pathlen:{length}")));
        on_a_line(values)
    } else if id.is(oid::KEY_USAGE) {
        on_a_line(bits(reader, &KEY_USAGE)?)
    } else if id.is(oid::EXT_KEY_USAGE) {
        on_a_line(key_purposes(reader, faults)?.into_iter().map(long_name).collect())
    } else if id.is(oid::SUBJECT_KEY_IDENTIFIER) {
        on_a_line(vec![upper(subject_key_identifier(reader, faults)?)])
    } else if id.is(oid::SUBJECT_ALT_NAME) || id.is(oid::ISSUER_ALT_NAME) {
        let names: Vec<_> = general_names(reader, faults)?.iter().map(listed).collect();
        if names.is_empty() { Ok(Some(empty(indent))) } else { on_a_line(names) }
    } else if id.is(oid::AUTHORITY_KEY_IDENTIFIER) {
        let identifier = authority_key_identifier(reader, faults)?;
        let alone = identifier.issuer.is_empty() && identifier.serial.is_none();
        let prefix = if alone { "" } else { "keyid:" };
        let mut values: Vec<_> =
            identifier.key_id.map(|id| format!("{prefix}{}", upper(id))).into_iter().collect();
        values.extend(identifier.issuer.iter().map(listed));
        values.extend(identifier.serial.map(|serial| format!("serial:{}", upper_number(serial))));
        Ok((!values.is_empty()).then(|| on_lines(&values, indent)))
    } else if id.is(oid::NAME_CONSTRAINTS) {
        constraints::name_constraints(reader, indent).map(Some)
    } else {
        match id.name().as_str() {
            "policyConstraints" => on_a_line(constraints::policy_constraints(reader)?),
            "policyMappings" => on_a_line(constraints::policy_mappings(reader)?),
            "privateKeyUsagePeriod" => constraints::usage_period(reader, indent).map(Some),
            "inhibitAnyPolicy" | "cRLNumber" | "deltaCRLIndicator" => {
                on_a_line(vec![number(&single(reader, tag::INTEGER)?)])
            }
            "reasonCode" => on_a_line(vec![reason(&single(reader, tag::ENUMERATED)?)]),
            "invalidityDate" => {
                let time = moment(&single(reader, tag::GENERALIZED_TIME)?, faults);
                on_a_line(vec![super::moment(time)])
            }
            "certificateIssuer" => {
                on_a_line(general_names(reader, faults)?.iter().map(listed).collect())
            }
            "issuingDistributionPoint" => points::issuing(reader, indent).map(Some),
            "cRLDistributionPoints" | "freshestCRL" => points::points(reader, indent).map(Some),
            "authorityInfoAccess" | "subjectInfoAccess" => {
                Ok(Some(on_lines(&points::access(reader)?, indent)))
            }
            "certificatePolicies" => policies::policies(reader, indent).map(Some),
            "nsCertType" => on_a_line(bits(reader, &NETSCAPE_TYPE)?),
            "nsComment" | "nsBaseUrl" | "nsRevocationUrl" | "nsCaRevocationUrl"
            | "nsRenewalUrl" | "nsCaPolicyUrl" | "nsSslServerName" => {
                on_a_line(vec![raw(single(reader, tag::IA5_STRING)?.content)])
            }
            "tlsFeature" => on_a_line(tls_features(reader)?),
            "sbgp-ipAddrBlock" => resources::addresses(reader, indent).map(Some),
            "sbgp-autonomousSysNum" => resources::systems(reader, indent).map(Some),
            "proxyCertInfo" => policies::proxy(reader, indent).map(Some),
            "ocspNonce" => on_a_line(vec![joined(extension.value, "").to_uppercase()]),
            "ctPoison" => on_a_line(vec!["NULL".to_owned()]),
            "ocspNoCheck" => Ok(Some(String::new())),
            "signedCertificateTimestamps" => Ok(timestamps::list(reader, indent)),
            _ => Ok(None),
        }
    }
}

/// One value a line, as OpenSSL does for kinds that it marks as multi-line.
fn on_lines(values: &[String], indent: usize) -> String {
    if values.is_empty() {
        return empty(indent);
    }
    let lines: Vec<_> =
        values.iter().map(|value| format!("{}{value}", " ".repeat(indent))).collect();
    lines.join("\n")
}

fn empty(indent: usize) -> String {
    format!("{}<EMPTY>\n", " ".repeat(indent))
}

fn bits(reader: Reader<'_>, names: &[&str]) -> Result<Vec<String>, Fault> {
    let set = key_usage(reader, &mut Vec::new())?;
    Ok(set.iter().filter_map(|bit| names.get(*bit)).map(|name| (*name).to_owned()).collect())
}

/// Why a certificate was revoked (RFC 5280 §5.3.1); the number where there is no name.
fn reason(code: &Tlv<'_>) -> String {
    let name = match code.content {
        [0] => "Unspecified",
        [1] => "Key Compromise",
        [2] => "CA Compromise",
        [3] => "Affiliation Changed",
        [4] => "Superseded",
        [5] => "Cessation Of Operation",
        [6] => "Certificate Hold",
        [8] => "Remove From CRL",
        [9] => "Privilege Withdrawn",
        [10] => "AA Compromise",
        _ => return number(code),
    };
    name.to_owned()
}

/// Features by the names of the TLS extensions that they demand (RFC 7633).
fn tls_features(reader: Reader<'_>) -> Result<Vec<String>, Fault> {
    let mut features = Vec::new();
    for tlv in single(reader, tag::SEQUENCE)?.reader() {
        let feature = number(&tlv?);
        features.push(match feature.as_str() {
            "5" => "status_request".to_owned(),
            "17" => "status_request_v2".to_owned(),
            _ => feature,
        });
    }
    Ok(features)
}

/// The value that the reader holds, of this type.
pub(super) fn single<'a>(mut reader: Reader<'a>, identifier: u8) -> Result<Tlv<'a>, Fault> {
    reader.expect(identifier)
}

/// The identifier at the front.
pub(super) fn identifier<'a>(reader: &mut Reader<'a>) -> Result<Oid<'a>, Fault> {
    reader.expect(tag::OID).map(|tlv| Oid(tlv.content))
}

/// An INTEGER in decimal.
pub(super) fn number(tlv: &Tlv<'_>) -> String {
    decimal(tlv.content).unwrap_or_default()
}

/// Octets as they are. What is not UTF-8 cannot be: a terminal would show a replacement too.
pub(super) fn raw(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

fn upper(octets: &[u8]) -> String {
    joined(octets, ":").to_uppercase()
}

fn upper_number(integer: &[u8]) -> String {
    let octets = crate::decode::magnitude(integer);
    if octets.is_empty() { "00".to_owned() } else { upper(&octets) }
}

/// Octets as text, with a full stop for all that does not print.
pub(super) fn printable(octets: &[u8]) -> String {
    let shown = |octet: &u8| match octet {
        b' '..=b'~' | b'\n' | b'\r' => char::from(*octet),
        _ => '.',
    };
    octets.iter().map(shown).collect()
}
