//! A CA that somebody brings along, in the place of one that would be made.
//!
//! What components would refuse later is refused here: a verifier that meets a fault in a CA says
//! no more than "unknown authority".

use std::fmt;

use const_oid::db::rfc5280::{ANY_EXTENDED_KEY_USAGE, ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH};
use der::{Decode, Encode};
use time::OffsetDateTime;
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage as KeyPurposes, KeyUsage};
use x509_cert::name::Name;
use x509_cert::{Certificate, TbsCertificate};

use super::{Material, name};
use crate::detect::pem_blocks;
use crate::explain::NameConstraintsReport;
use crate::key::{Algorithm, KeyError, PrivateKey, PublicKey};
use crate::plan::{Content, ExtendedKeyUsage, Extra, ItemId, Make, Owner, Plan, PlannedFile};

/// A CA that was brought along and can do what the plan asks of it.
pub struct Brought {
    /// What takes the place of a CA of our own.
    pub material: Material,
    /// Its end, if certificates end earlier than planned because of it.
    pub ends: Option<OffsetDateTime>,
    /// Whether its extendedKeyUsage covers what the plan has, and would forbid other purposes.
    pub limited: bool,
}

/// Why a certificate and a key cannot be a CA of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BringError {
    /// The plan has no such CA; the names that it has.
    NoSuchAuthority(Vec<String>),
    /// The design says who signs this CA, and a certificate that is brought says it too.
    IsBelow,
    /// The design gives this CA name constraints, and a certificate that is brought has its own.
    IsConstrained,
    /// A PKCS#12 file, which only a passphrase opens.
    Pkcs12,
    /// There is not exactly one certificate in the file; how many there are.
    Count(usize),
    /// The certificate cannot be read.
    Malformed,
    /// A certificate of version 1 or 2, which has no extensions and so no CA's.
    Version,
    /// No basicConstraints with cA.
    NotAuthority,
    /// keyUsage without keyCertSign.
    NoCertSign,
    /// pathLenConstraint is smaller than what the design puts below.
    PathLength {
        /// How many CAs may stand below.
        allowed: u8,
    },
    /// Not valid yet, or any more.
    NotValid {
        /// Start of validity.
        start: OffsetDateTime,
        /// End of validity.
        end: OffsetDateTime,
    },
    /// Its extendedKeyUsage does not cover what it would sign; Go refuses those certificates.
    Purpose,
    /// Its nameConstraints forbid a name that it would have to sign.
    Name {
        /// The name.
        name: String,
        /// The certificate that would have it.
        item: String,
    },
    /// Ed25519, which kubeadm and service accounts refuse.
    Ed25519,
    /// The subject is that of another CA of the plan.
    SameSubject {
        /// The other's name in the plan.
        other: String,
    },
    /// The key cannot be read, or is under a passphrase.
    Key(KeyError),
    /// The key is not the certificate's.
    KeyMismatch,
    /// Only a certificate was given, and the plan puts the key where it is needed.
    KeyNeeded {
        /// A file that would hold it.
        path: String,
    },
}

impl fmt::Display for BringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NoSuchAuthority(names) => {
                return write!(f, "no such CA; the layout has {}", names.join(", "));
            }
            Self::Count(count) => return write!(f, "expected 1 certificate, found {count}"),
            Self::PathLength { allowed } => {
                return write!(f, "pathLenConstraint allows {allowed} CAs below it");
            }
            Self::NotValid { start, end } => return write!(f, "valid from {start} to {end}"),
            Self::Name { name, item } => {
                return write!(f, "nameConstraints forbid {name}, which {item} has");
            }
            Self::SameSubject { other } => return write!(f, "same subject as {other}"),
            Self::KeyNeeded { path } => return write!(f, "its key is needed for {path}"),
            Self::Key(error) => return error.fmt(f),
            Self::IsBelow => "the design puts it below another CA",
            Self::IsConstrained => "the design gives it name constraints",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::Malformed => "malformed certificate",
            Self::Version => "not a certificate of version 3",
            Self::NotAuthority => "basicConstraints do not say CA:TRUE",
            Self::NoCertSign => "keyUsage does not have keyCertSign",
            Self::Purpose => "extendedKeyUsage does not cover what it would sign",
            Self::Ed25519 => "Ed25519 is refused by kubeadm",
            Self::KeyMismatch => "private key does not match public key",
        };
        f.write_str(text)
    }
}

impl std::error::Error for BringError {}

/// Takes a certificate and its key, both as PEM, for the CA of this name. `brought` are those that
/// were taken before.
///
/// With no `key` the CA stays outside: what it signs is asked of it (see
/// [`crate::outside`]), and its material has no key.
///
/// # Errors
/// A [`BringError`] for whatever components would refuse.
pub fn bring(
    plan: &Plan,
    name: &str,
    certificate: &str,
    key: Option<&str>,
    brought: &[Material],
    now: OffsetDateTime,
) -> Result<Brought, BringError> {
    let found = plan.layout.authority(name).map(|(index, _)| ItemId(index));
    let id = found.ok_or_else(|| {
        let names = plan.layout.authorities.iter().map(|row| row.name.to_owned());
        BringError::NoSuchAuthority(names.collect())
    })?;
    if plan.layout.above(name).is_some() {
        return Err(BringError::IsBelow);
    }
    let planned = plan.item(id).map(|item| &item.make);
    if matches!(planned, Some(Make::Authority(own)) if !own.constraints.is_empty()) {
        return Err(BringError::IsConstrained);
    }
    // The key may stand in the same text, and openssl writes the certificate as text before it.
    let blocks = pem_blocks(certificate).filter(|block| block.label == "CERTIFICATE");
    let [block] = blocks
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|blocks: Vec<_>| BringError::Count(blocks.len()))?;
    let der = block.bytes.to_vec();
    let malformed = |_| BringError::Malformed;
    let parsed = Certificate::from_der(&der).map_err(malformed)?;
    let tbs = parsed.tbs_certificate();
    may_sign(plan, name, tbs)?;
    let ends = validity(plan, tbs, now)?;
    let limited = purposes(plan, id, tbs)?;
    names(plan, id, tbs)?;
    subjects(plan, id, tbs, brought)?;
    let spki = tbs.subject_public_key_info().to_der().map_err(malformed)?;
    let key = key.map(|key| PrivateKey::find_in_pem(key, "")).transpose();
    let key = key.map_err(BringError::Key)?;
    if key.is_none() {
        stays_outside(plan, id)?;
    }
    let public = PublicKey::from_spki_der(&spki).map_err(BringError::Key)?;
    if public.algorithm() == Algorithm::Ed25519 {
        return Err(BringError::Ed25519);
    }
    if key.as_ref().is_some_and(|key| key.public_key().spki_der() != spki) {
        return Err(BringError::KeyMismatch);
    }
    let material = Material { item: id, key, certificate: Some(der), token: None };
    Ok(Brought { material, ends, limited })
}

/// No file but the vault's needs the CA's key.
fn stays_outside(plan: &Plan, id: ItemId) -> Result<(), BringError> {
    let needs = |file: &&PlannedFile| match &file.content {
        Content::PrivateKey(key) => *key == id && file.owner != Owner::Vault,
        Content::Secret { item, .. } => *item == id,
        Content::Extra(Extra::Issuer(of) | Extra::PemBundle(of)) => *of == id,
        _ => false,
    };
    match plan.files.iter().find(needs) {
        Some(file) => Err(BringError::KeyNeeded { path: file.path.clone() }),
        None => Ok(()),
    }
}

fn may_sign(plan: &Plan, name: &str, tbs: &TbsCertificate) -> Result<(), BringError> {
    if tbs.version() != Version::V3 {
        return Err(BringError::Version);
    }
    let constraints = tbs.get_extension::<BasicConstraints>().map_err(|_| BringError::Malformed)?;
    let constraints = constraints.map(|(_, constraints)| constraints);
    let constraints = constraints.filter(|found| found.ca).ok_or(BringError::NotAuthority)?;
    let usage = tbs.get_extension::<KeyUsage>().map_err(|_| BringError::Malformed)?;
    // Go lets a CA without keyUsage sign.
    if usage.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
        return Err(BringError::NoCertSign);
    }
    match constraints.path_len_constraint {
        Some(allowed) if allowed < plan.layout.depth_below(name) => {
            Err(BringError::PathLength { allowed })
        }
        _ => Ok(()),
    }
}

fn validity(
    plan: &Plan,
    tbs: &TbsCertificate,
    now: OffsetDateTime,
) -> Result<Option<OffsetDateTime>, BringError> {
    let moment = |time: x509_cert::time::Time| {
        i64::try_from(time.to_unix_duration().as_secs())
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .ok_or(BringError::Malformed)
    };
    let (start, end) = (moment(tbs.validity().not_before)?, moment(tbs.validity().not_after)?);
    if now < start || now > end {
        return Err(BringError::NotValid { start, end });
    }
    let planned = now.saturating_add(time::Duration::seconds(plan.settings.leaf_validity));
    Ok((planned > end).then_some(end))
}

/// The leaves that a CA signs, by itself or through CAs below it, with their names.
fn leaves(plan: &Plan, id: ItemId) -> impl Iterator<Item = (&str, &crate::plan::Leaf)> {
    plan.items.iter().filter_map(move |item| {
        let Make::Leaf(leaf) = &item.make else { return None };
        let mut issuer = Some(leaf.issuer);
        while let Some(current) = issuer {
            if current == id {
                return Some((item.name.as_str(), leaf));
            }
            issuer = plan.item(current).and_then(crate::plan::Item::issuer);
        }
        None
    })
}

/// Go and OpenSSL take the purposes of a CA for those of all that it signs. Whether it has some.
fn purposes(plan: &Plan, id: ItemId, tbs: &TbsCertificate) -> Result<bool, BringError> {
    let found = tbs.get_extension::<KeyPurposes>().map_err(|_| BringError::Malformed)?;
    let Some((_, KeyPurposes(purposes))) = found else { return Ok(false) };
    let any = purposes.contains(&ANY_EXTENDED_KEY_USAGE);
    let allows = |usage: &ExtendedKeyUsage| {
        let purpose = match usage {
            ExtendedKeyUsage::ServerAuth => ID_KP_SERVER_AUTH,
            ExtendedKeyUsage::ClientAuth => ID_KP_CLIENT_AUTH,
        };
        any || purposes.contains(&purpose)
    };
    let fine = leaves(plan, id).all(|(_, leaf)| leaf.usages.iter().all(allows));
    if fine { Ok(!any) } else { Err(BringError::Purpose) }
}

fn names(plan: &Plan, id: ItemId, tbs: &TbsCertificate) -> Result<(), BringError> {
    let rules = NameConstraintsReport::of(tbs).map_err(|()| BringError::Malformed)?;
    let Some((_, rules)) = rules else { return Ok(()) };
    for (item, leaf) in leaves(plan, id) {
        if let Some(name) = leaf.sans.iter().find(|san| !rules.allow(san)) {
            return Err(BringError::Name { name: name.to_string(), item: item.to_owned() });
        }
    }
    Ok(())
}

/// Verifiers find the issuer by its name; OpenSSL does not mind the type of its text.
fn subjects(
    plan: &Plan,
    id: ItemId,
    tbs: &TbsCertificate,
    brought: &[Material],
) -> Result<(), BringError> {
    let attributes = |name: &Name| -> Vec<_> {
        name.iter().map(|part| (part.oid, part.value.value().to_vec())).collect()
    };
    let own = attributes(tbs.subject());
    for (index, row) in plan.layout.authorities.iter().enumerate() {
        let other = match brought.iter().find(|material| material.item == ItemId(index)) {
            Some(material) => {
                let der = material.certificate.as_deref().unwrap_or_default();
                let other = Certificate::from_der(der).map_err(|_| BringError::Malformed)?;
                attributes(other.tbs_certificate().subject())
            }
            None => {
                let name = name::of_authority(&plan.settings.subject, row.common_name);
                attributes(&name.map_err(|_| BringError::Malformed)?)
            }
        };
        if ItemId(index) != id && other == own {
            return Err(BringError::SameSubject { other: row.name.to_owned() });
        }
    }
    Ok(())
}
