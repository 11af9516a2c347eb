//! Extensions in a report: the ones that Kubernetes looks at by field, all of them as a list.

use std::net::{Ipv4Addr, Ipv6Addr};

use const_oid::ObjectIdentifier;
use serde::{Deserialize, Serialize};

use super::constraints::NameConstraintsReport;
use crate::decode::{
    self, Extension, Fault, Finding, GeneralName, KEY_USAGES, Oid, Problem, hex, lookup, oid,
};

/// An object identifier and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamedOid {
    /// Its name, or the dotted numbers again.
    pub name: String,
    /// Dotted numbers.
    pub oid: String,
}

impl NamedOid {
    pub(super) fn new(oid: Oid<'_>) -> Self {
        Self { name: oid.name(), oid: oid.to_string() }
    }

    pub(super) fn is(&self, oid: ObjectIdentifier) -> bool {
        self.oid == oid.to_string()
    }
}

/// Any extension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionReport {
    /// Its name, or the dotted numbers.
    pub name: String,
    /// Its object identifier.
    pub oid: String,
    /// Whether a verifier that does not know it must refuse.
    pub critical: bool,
    /// Contents of the OCTET STRING, in hexadecimal.
    pub hex: String,
}

/// basicConstraints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BasicConstraintsReport {
    /// The subject is a CA.
    pub ca: bool,
    /// How many CAs may follow it in a chain.
    pub path_len: Option<u64>,
    /// Whether the extension is critical, as RFC 5280 demands of a CA.
    pub critical: bool,
}

/// authorityKeyIdentifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorityKeyIdentifierReport {
    /// The issuer's subject key identifier, in hexadecimal.
    pub key_id: Option<String>,
    /// The issuer's own issuer.
    pub issuer: Vec<SanReport>,
    /// The issuer's serial number, in hexadecimal.
    pub serial: Option<String>,
}

/// Which of the kinds of GeneralName.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names are those of RFC 5280 §4.2.1.6")]
pub enum SanKind {
    Dns,
    Ip,
    Uri,
    Email,
    DirectoryName,
    RegisteredId,
    OtherName,
    X400Address,
    EdiPartyName,
}

/// A name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SanReport {
    /// Its kind.
    pub kind: SanKind,
    /// Its text; hexadecimal for the kinds that have none.
    pub value: String,
}

/// The extensions of a certificate, or those that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExtensionsReport {
    /// subjectAltName, in order.
    pub sans: Vec<SanReport>,
    /// keyUsage by the names of the RFC; `None` without the extension.
    pub key_usages: Option<Vec<String>>,
    /// extKeyUsage; `None` without the extension, which allows every purpose.
    pub ext_key_usages: Option<Vec<NamedOid>>,
    /// basicConstraints.
    pub basic_constraints: Option<BasicConstraintsReport>,
    /// subjectKeyIdentifier, in hexadecimal.
    pub subject_key_id: Option<String>,
    /// authorityKeyIdentifier.
    pub authority_key_id: Option<AuthorityKeyIdentifierReport>,
    /// nameConstraints.
    #[serde(default)]
    pub name_constraints: Option<NameConstraintsReport>,
    /// Every extension in order, those above too.
    pub all: Vec<ExtensionReport>,
}

impl ExtensionsReport {
    pub(super) fn new(extensions: &[Extension<'_>], findings: &mut Vec<Finding>) -> Self {
        let mut report = Self::default();
        for extension in extensions {
            let mut faults = Vec::new();
            if let Err(fault) = report.fill(extension, &mut faults) {
                faults.push(fault);
            }
            let unreadable = |fault: &Fault| {
                !matches!(
                    fault.problem,
                    Problem::TrailingData { .. }
                        | Problem::DefaultWritten
                        | Problem::BadSan { .. }
                        | Problem::BadIpAddress { .. }
                        | Problem::MappedIpAddress { .. }
                        | Problem::BadString { .. }
                )
            };
            if faults.iter().any(unreadable) {
                let oid = extension.oid.to_string();
                faults.insert(0, Problem::BadExtension { oid }.at(extension.offset));
            }
            if extension.critical && lookup(extension.oid).is_none() {
                let oid = extension.oid.to_string();
                faults.push(Problem::UnknownCritical { oid }.at(extension.offset));
            }
            findings.extend(faults.into_iter().map(Finding::from));
            report.all.push(ExtensionReport {
                name: extension.oid.name(),
                oid: extension.oid.to_string(),
                critical: extension.critical,
                hex: hex(extension.value),
            });
        }
        report
    }

    fn fill(&mut self, extension: &Extension<'_>, faults: &mut Vec<Fault>) -> Result<(), Fault> {
        let (oid, reader) = (extension.oid, extension.reader());
        if oid.is(oid::SUBJECT_ALT_NAME) {
            for name in decode::general_names(reader, faults)? {
                if let GeneralName::Ip(octets) = name {
                    let problem = ip_problem(octets);
                    faults.extend(problem.map(|problem| problem.at(extension.offset)));
                }
                self.sans.push(SanReport::new(&name));
            }
        } else if oid.is(oid::KEY_USAGE) {
            let bits = decode::key_usage(reader, faults)?;
            let names = bits.iter().filter_map(|bit| KEY_USAGES.get(*bit));
            self.key_usages = Some(names.map(|name| (*name).to_owned()).collect());
        } else if oid.is(oid::EXT_KEY_USAGE) {
            let purposes = decode::key_purposes(reader, faults)?;
            self.ext_key_usages = Some(purposes.into_iter().map(NamedOid::new).collect());
        } else if oid.is(oid::BASIC_CONSTRAINTS) {
            let constraints = decode::basic_constraints(reader, faults)?;
            self.basic_constraints = Some(BasicConstraintsReport {
                ca: constraints.ca,
                path_len: constraints.path_len,
                critical: extension.critical,
            });
        } else if oid.is(oid::NAME_CONSTRAINTS) {
            self.name_constraints = Some(NameConstraintsReport::read(reader, faults)?);
        } else if oid.is(oid::SUBJECT_KEY_IDENTIFIER) {
            self.subject_key_id = Some(hex(decode::subject_key_identifier(reader, faults)?));
        } else if oid.is(oid::AUTHORITY_KEY_IDENTIFIER) {
            let identifier = decode::authority_key_identifier(reader, faults)?;
            self.authority_key_id = Some(AuthorityKeyIdentifierReport {
                key_id: identifier.key_id.map(hex),
                issuer: identifier.issuer.iter().map(SanReport::new).collect(),
                serial: identifier.serial.map(hex),
            });
        }
        Ok(())
    }

    /// Whether it is a CA by basicConstraints.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.is_some_and(|constraints| constraints.ca)
    }

    /// Whether extKeyUsage allows this purpose.
    pub(super) fn allows(&self, purpose: ObjectIdentifier) -> bool {
        self.ext_key_usages.as_ref().is_none_or(|purposes| {
            purposes.iter().any(|named| named.is(purpose) || named.is(oid::ANY_EXT_KEY_USAGE))
        })
    }
}

impl SanReport {
    pub(super) fn new(name: &GeneralName<'_>) -> Self {
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let (kind, value) = match name {
            GeneralName::Dns(octets) => (SanKind::Dns, text(octets)),
            GeneralName::Ip(octets) => (SanKind::Ip, address(octets)),
            GeneralName::Uri(octets) => (SanKind::Uri, text(octets)),
            GeneralName::Email(octets) => (SanKind::Email, text(octets)),
            GeneralName::Directory(name) => (SanKind::DirectoryName, name.rfc4514()),
            GeneralName::RegisteredId(oid) => (SanKind::RegisteredId, oid.to_string()),
            GeneralName::Other(oid, octets) => {
                (SanKind::OtherName, format!("{};{}", oid.name(), hex(octets)))
            }
            GeneralName::X400(octets) => (SanKind::X400Address, hex(octets)),
            GeneralName::EdiParty(octets) => (SanKind::EdiPartyName, hex(octets)),
        };
        Self { kind, value }
    }
}

/// What is wrong with an iPAddress of subjectAltName.
///
/// Go refuses a certificate with one of neither 4 nor 16 octets (`forEachSAN`), and takes a mapped
/// address for the IPv4 one (`VerifyHostname` asks `net.IP.Equal`); `X509_check_ip` of OpenSSL
/// compares length and octets.
fn ip_problem(octets: &[u8]) -> Option<Problem> {
    if octets.len() == 4 {
        return None;
    }
    let Ok(sixteen) = <[u8; 16]>::try_from(octets) else {
        return Some(Problem::BadIpAddress { octets: octets.len() });
    };
    let address = Ipv6Addr::from(sixteen).to_ipv4_mapped()?.to_string();
    Some(Problem::MappedIpAddress { address })
}

/// An address as text; octets of no address in hexadecimal.
fn address(octets: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return Ipv4Addr::from(four).to_string();
    }
    match <[u8; 16]>::try_from(octets) {
        Ok(sixteen) => Ipv6Addr::from(sixteen).to_string(),
        Err(_) => hex(octets),
    }
}
