//! One certificate against its row of the plan and against the CA that should have signed it.

use std::net::IpAddr;

use const_oid::db::rfc4519::{
    COMMON_NAME, COUNTRY_NAME, LOCALITY_NAME, ORGANIZATION_NAME, ORGANIZATIONAL_UNIT_NAME, ST,
};
use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use der::{Decode, Encode};
use time::OffsetDateTime;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage as KeyPurposes, KeyUsage,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::{Certificate, TbsCertificate};

use super::VerifyProblem;
use crate::design::{San, SubjectParts, Subtree};
use crate::explain::{NameConstraintsReport, SanKind, SanReport};
use crate::key::PublicKey;
use crate::order;
use crate::plan::{Authority, ExtendedKeyUsage, Item, Make, Plan};

/// A certificate that passed.
pub(super) struct Verified {
    pub(super) pem: Vec<u8>,
    pub(super) key: PublicKey,
    /// How many subject alternative names were compared.
    pub(super) names: usize,
    pub(super) subject: Vec<u8>,
    pub(super) key_id: Option<Vec<u8>>,
    not_after: u64,
    /// The serial number's octets.
    pub(super) serial: Vec<u8>,
    /// The name constraints of a CA and of those above it, for what it signs.
    rules: Vec<NameConstraintsReport>,
}

pub(super) fn public_key_from_pem(text: &str) -> Result<PublicKey, VerifyProblem> {
    let der = one_block(text.as_bytes(), "PUBLIC KEY")?;
    PublicKey::from_spki_der(&der).map_err(VerifyProblem::Key)
}

/// The public key of the certificate in a file of one block.
pub(super) fn public_key_of(pem: &[u8]) -> Result<PublicKey, VerifyProblem> {
    let certificate = Certificate::from_der(&one_block(pem, "CERTIFICATE")?).map_err(malformed)?;
    let spki = certificate.tbs_certificate().subject_public_key_info().to_der();
    PublicKey::from_spki_der(&spki.map_err(malformed)?).map_err(VerifyProblem::Key)
}

/// One PEM block, nothing before or after it.
fn one_block(pem: &[u8], label: &str) -> Result<Vec<u8>, VerifyProblem> {
    match pem_rfc7468::decode_vec(pem) {
        Ok((found, der)) if found == label && pem.starts_with(b"-----BEGIN ") => Ok(der),
        _ => Err(VerifyProblem::Pem),
    }
}

impl Verified {
    fn of(pem: &[u8], certificate: &Certificate) -> Result<Self, VerifyProblem> {
        let tbs = certificate.tbs_certificate();
        let spki = tbs.subject_public_key_info().to_der().map_err(malformed)?;
        let key_id = extension::<SubjectKeyIdentifier>(tbs)?.map(|(_, id)| id.0);
        Ok(Self {
            pem: pem.to_vec(),
            key: PublicKey::from_spki_der(&spki).map_err(VerifyProblem::Key)?,
            names: 0,
            subject: tbs.subject().to_der().map_err(malformed)?,
            key_id: key_id.map(|id| id.into_bytes().to_vec()),
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_after: tbs.validity().not_after.to_unix_duration().as_secs(),
            rules: constraints(tbs)?.map(|(_, rules)| rules).into_iter().collect(),
        })
    }
}

/// A CA that is not ours: it is the very one that was brought, and what it signed is held against
/// it.
pub(super) fn brought(
    pem: &[u8],
    expected: &[u8],
) -> Result<(Verified, Certificate), VerifyProblem> {
    let der = one_block(pem, "CERTIFICATE")?;
    if der != expected {
        return Err(VerifyProblem::CopyDiffers);
    }
    let certificate = Certificate::from_der(&der).map_err(malformed)?;
    Ok((Verified::of(pem, &certificate)?, certificate))
}

/// The certificate is what the item says, but for its signature: see [`super::Signed`].
pub(super) fn verify(
    plan: &Plan,
    item: &Item,
    pem: &[u8],
    issuer: Option<&Verified>,
    now: OffsetDateTime,
) -> Result<(Verified, Certificate), VerifyProblem> {
    let der = one_block(pem, "CERTIFICATE")?;
    let certificate = Certificate::from_der(&der).map_err(malformed)?;
    let tbs = certificate.tbs_certificate();
    let mut verified = Verified::of(pem, &certificate)?;
    if verified.key.algorithm() != item.algorithm {
        return Err(VerifyProblem::Algorithm);
    }
    check_subject(item, &plan.settings.subject, tbs.subject())?;
    verified.names = check_names(item, tbs)?;
    let signer = match &item.make {
        Make::Leaf(_) | Make::Authority(Authority { issuer: Some(_), .. }) => {
            issuer.ok_or(VerifyProblem::Issuer)?
        }
        Make::Authority(_) | Make::KeyPair | Make::Token | Make::Secret => &verified,
    };
    check_issuer(item, tbs, signer)?;
    check_validity(plan, item, tbs, signer, now)?;
    check_usage(plan, item, tbs)?;
    check_constraints(item, tbs)?;
    let above = if item.issuer().is_some() { signer.rules.clone() } else { Vec::new() };
    if let Some(name) = item.sans().iter().find(|name| above.iter().any(|all| !all.allow(name))) {
        return Err(VerifyProblem::Forbidden(name.to_string()));
    }
    verified.rules.extend(above);
    Ok((verified, certificate))
}

fn constraints(
    tbs: &TbsCertificate,
) -> Result<Option<(bool, NameConstraintsReport)>, VerifyProblem> {
    NameConstraintsReport::of(tbs).map_err(malformed)
}

/// The constraints are critical, and those of the plan.
pub(super) fn check_constraints(item: &Item, tbs: &TbsCertificate) -> Result<(), VerifyProblem> {
    let report = |subtree: &Subtree| SanReport {
        kind: match subtree {
            Subtree::Dns(_) => SanKind::Dns,
            Subtree::Ip(_) => SanKind::Ip,
        },
        value: subtree.to_string(),
    };
    let planned = match &item.make {
        Make::Authority(own) if !own.constraints.is_empty() => {
            let of = |list: &[Subtree]| list.iter().map(report).collect();
            let permitted = of(&own.constraints.permitted);
            Some((
                true,
                NameConstraintsReport { permitted, excluded: of(&own.constraints.excluded) },
            ))
        }
        _ => None,
    };
    if constraints(tbs)? == planned { Ok(()) } else { Err(VerifyProblem::Constraints) }
}

pub(super) fn oid(usage: ExtendedKeyUsage) -> const_oid::ObjectIdentifier {
    match usage {
        ExtendedKeyUsage::ServerAuth => ID_KP_SERVER_AUTH,
        ExtendedKeyUsage::ClientAuth => ID_KP_CLIENT_AUTH,
    }
}

pub(super) fn malformed<E>(_: E) -> VerifyProblem {
    VerifyProblem::Malformed
}

pub(super) fn extension<'a, T>(tbs: &'a TbsCertificate) -> Result<Option<(bool, T)>, VerifyProblem>
where
    T: Decode<'a, Error = der::Error> + const_oid::AssociatedOid,
{
    tbs.get_extension::<T>().map_err(malformed)
}

/// The subject says what is planned and nothing else, in whatever order.
pub(super) fn check_subject(
    item: &Item,
    parts: &SubjectParts,
    name: &Name,
) -> Result<(), VerifyProblem> {
    let planned = item.subject().ok_or(VerifyProblem::NoCertificate)?;
    let mut found = Vec::new();
    for attribute in name.iter() {
        let text = std::str::from_utf8(attribute.value.value()).map_err(malformed)?;
        let short = match attribute.oid {
            COUNTRY_NAME => "C",
            ST => "ST",
            LOCALITY_NAME => "L",
            ORGANIZATION_NAME => "O",
            ORGANIZATIONAL_UNIT_NAME => "OU",
            COMMON_NAME => "CN",
            _ => return Err(VerifyProblem::Subject),
        };
        found.push((short, text));
    }
    let organizations = match &item.make {
        Make::Authority(_) => parts.of_authority(),
        _ => &planned.organizations,
    };
    let expected = parts.around(organizations, &planned.common_name).into_iter();
    let mut expected: Vec<_> = expected
        .flat_map(|(short, values)| values.into_iter().map(move |value| (short, value)))
        .collect();
    order::sort(&mut expected);
    order::sort(&mut found);
    if found == expected { Ok(()) } else { Err(VerifyProblem::Subject) }
}

/// Issuer name and authority key identifier are the signer's own bytes.
fn check_issuer(item: &Item, tbs: &TbsCertificate, signer: &Verified) -> Result<(), VerifyProblem> {
    if tbs.issuer().to_der().map_err(malformed)? != signer.subject {
        return Err(VerifyProblem::Issuer);
    }
    let expected = match &item.make {
        Make::Leaf(_) | Make::Authority(Authority { issuer: Some(_), .. }) => signer.key_id.clone(),
        // Go writes none into a self-signed CA.
        Make::Authority(_) | Make::KeyPair | Make::Token | Make::Secret => None,
    };
    if authority_key_id(tbs)? == expected { Ok(()) } else { Err(VerifyProblem::Issuer) }
}

pub(super) fn authority_key_id(tbs: &TbsCertificate) -> Result<Option<Vec<u8>>, VerifyProblem> {
    let id = extension::<AuthorityKeyIdentifier>(tbs)?.and_then(|(_, id)| id.key_identifier);
    Ok(id.map(|id| id.into_bytes().to_vec()))
}

fn check_validity(
    plan: &Plan,
    item: &Item,
    tbs: &TbsCertificate,
    signer: &Verified,
    now: OffsetDateTime,
) -> Result<(), VerifyProblem> {
    let lifetime = item.validity().ok_or(VerifyProblem::NoCertificate)?;
    let seconds = |seconds: i64| u64::try_from(seconds).map_err(|_| VerifyProblem::Validity);
    let start = seconds(now.unix_timestamp() - plan.settings.backdate)?;
    let end = seconds(now.unix_timestamp() + lifetime)?.min(signer.not_after);
    let validity = tbs.validity();
    let found = (
        validity.not_before.to_unix_duration().as_secs(),
        validity.not_after.to_unix_duration().as_secs(),
    );
    if found == (start, end) { Ok(()) } else { Err(VerifyProblem::Validity) }
}

fn check_usage(plan: &Plan, item: &Item, tbs: &TbsCertificate) -> Result<(), VerifyProblem> {
    let is_ca = matches!(item.make, Make::Authority(_));
    let path_length = match &item.make {
        Make::Authority(authority) => authority.path_length,
        _ => None,
    };
    let constraints = extension::<BasicConstraints>(tbs)?;
    let constraints_fine = matches!(
        &constraints,
        Some((true, found)) if found.ca == is_ca && found.path_len_constraint == path_length
    );
    let usage_fine = matches!(
        &extension::<KeyUsage>(tbs)?,
        Some((true, usage)) if usage.digital_signature()
            && usage.key_encipherment() == item.algorithm.can_encipher_keys()
            && usage.key_cert_sign() == is_ca
            && !usage.crl_sign()
            && !usage.key_agreement()
            && !usage.data_encipherment()
            && !usage.non_repudiation()
    );
    let purposes = extension::<KeyPurposes>(tbs)?.map(|(critical, found)| (critical, found.0));
    let planned = match &item.make {
        Make::Leaf(leaf) => {
            let usages = leaf.usages.iter().map(|usage| oid(*usage)).collect::<Vec<_>>();
            Some((plan.settings.critical_usages, usages))
        }
        Make::Authority(_) | Make::KeyPair | Make::Token | Make::Secret => None,
    };
    if constraints_fine && usage_fine && purposes == planned {
        Ok(())
    } else {
        Err(VerifyProblem::Usage)
    }
}

/// The names in order; gives their number.
fn check_names(item: &Item, tbs: &TbsCertificate) -> Result<usize, VerifyProblem> {
    let found: Vec<San> = match extension::<SubjectAltName>(tbs)? {
        None => Vec::new(),
        Some((_, names)) => names.0.iter().map(san).collect::<Result<_, _>>()?,
    };
    if found == item.sans() { Ok(found.len()) } else { Err(VerifyProblem::Names) }
}

pub(super) fn san(name: &GeneralName) -> Result<San, VerifyProblem> {
    match name {
        GeneralName::DnsName(name) => Ok(San::Dns(name.to_string())),
        GeneralName::IpAddress(octets) => {
            let octets = octets.as_bytes();
            let v4 = <[u8; 4]>::try_from(octets).map(IpAddr::from);
            let v6 = <[u8; 16]>::try_from(octets).map(IpAddr::from);
            v4.or(v6).map(San::Ip).map_err(|_| VerifyProblem::Names)
        }
        _ => Err(VerifyProblem::Names),
    }
}
