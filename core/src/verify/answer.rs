//! A certificate that a CA outside made: whether components will take it for what the plan has.
//!
//! It may say more than the plan does, because a CA has a policy of its own; but nothing else.

use der::{Decode, Encode};
use time::OffsetDateTime;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage as KeyPurposes, KeyUsage, SubjectAltName,
};
use x509_cert::{Certificate, TbsCertificate};

use super::certificate::{
    Verified, authority_key_id, brought, check_constraints, check_subject, extension, malformed,
    oid, san,
};
use super::{VerifyProblem, signed::signed};
use crate::design::SubjectParts;
use crate::plan::{Authority, ExtendedKeyUsage, Item, Leaf, Make};

/// How far a signer's clock may be ahead of ours, in seconds.
const CLOCKS: u64 = 300;

/// Holds a certificate in DER against its item and the CA that was asked for it, also in DER.
pub(crate) fn answers(
    item: &Item,
    parts: &SubjectParts,
    der: &[u8],
    issuer: &[u8],
    now: OffsetDateTime,
) -> Result<(), VerifyProblem> {
    let certificate = Certificate::from_der(der).map_err(malformed)?;
    let tbs = certificate.tbs_certificate();
    check_subject(item, parts, tbs.subject())?;
    let (signer, _) = brought(crate::bundle::certificate_pem(issuer).as_bytes(), issuer)?;
    check_issuer(tbs, &signer)?;
    signed(&certificate, &signer)?.check().map_err(|_| VerifyProblem::Signature)?;
    check_validity(tbs, now)?;
    let fine = match &item.make {
        Make::Leaf(leaf) => serves_leaf(tbs, leaf)?,
        Make::Authority(authority) => {
            // Those that the signer adds by itself are its own affair.
            if !authority.constraints.is_empty() {
                check_constraints(item, tbs)?;
            }
            serves_authority(tbs, authority)?
        }
        Make::KeyPair | Make::Token | Make::Secret => return Err(VerifyProblem::NoCertificate),
    };
    if fine { Ok(()) } else { Err(VerifyProblem::Usage) }
}

/// As the CA's, where both say a key identifier: not every CA does.
fn check_issuer(tbs: &TbsCertificate, signer: &Verified) -> Result<(), VerifyProblem> {
    let authority = authority_key_id(tbs)?;
    let differs = authority.is_some() && signer.key_id.is_some() && authority != signer.key_id;
    if tbs.issuer().to_der().map_err(malformed)? != signer.subject || differs {
        return Err(VerifyProblem::Issuer);
    }
    Ok(())
}

fn check_validity(tbs: &TbsCertificate, now: OffsetDateTime) -> Result<(), VerifyProblem> {
    let now = u64::try_from(now.unix_timestamp()).unwrap_or_default();
    let validity = tbs.validity();
    let start = validity.not_before.to_unix_duration().as_secs();
    // Clocks differ by a little, and it was signed a moment ago.
    if start > now + CLOCKS || now > validity.not_after.to_unix_duration().as_secs() {
        return Err(VerifyProblem::Validity);
    }
    Ok(())
}

fn serves_leaf(tbs: &TbsCertificate, leaf: &Leaf) -> Result<bool, VerifyProblem> {
    let names: Vec<_> = match extension::<SubjectAltName>(tbs)? {
        None => Vec::new(),
        Some((_, names)) => names.0.iter().filter_map(|name| san(name).ok()).collect(),
    };
    if leaf.sans.iter().any(|name| !names.contains(name)) {
        return Err(VerifyProblem::Names);
    }
    let is_ca = extension::<BasicConstraints>(tbs)?.is_some_and(|(_, found)| found.ca);
    let usage = extension::<KeyUsage>(tbs)?;
    let can_sign = usage.is_none_or(|(_, usage)| usage.digital_signature());
    Ok(!is_ca && can_sign && allows(tbs, leaf.usages)?)
}

fn serves_authority(tbs: &TbsCertificate, authority: &Authority) -> Result<bool, VerifyProblem> {
    const BOTH: &[ExtendedKeyUsage] = &[ExtendedKeyUsage::ServerAuth, ExtendedKeyUsage::ClientAuth];
    let Some((_, found)) = extension::<BasicConstraints>(tbs)? else { return Ok(false) };
    let room = found
        .path_len_constraint
        .is_none_or(|room| authority.path_length.is_none_or(|wanted| room >= wanted));
    let can_sign = extension::<KeyUsage>(tbs)?.is_none_or(|(_, usage)| usage.key_cert_sign());
    Ok(found.ca && room && can_sign && allows(tbs, BOTH)?)
}

/// A certificate with no extended key usages may be used for all of them.
fn allows(tbs: &TbsCertificate, wanted: &[ExtendedKeyUsage]) -> Result<bool, VerifyProblem> {
    let purposes = extension::<KeyPurposes>(tbs)?.map(|(_, purposes)| purposes.0);
    Ok(purposes.is_none_or(|found| wanted.iter().all(|usage| found.contains(&oid(*usage)))))
}
