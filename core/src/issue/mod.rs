//! Plan plus moment plus randomness to keys and certificates, one item at a time.
//!
//! [`make`] is a pure function of its arguments, and items depend only on the one that signs them.
//! So a caller can show progress, stop between items, or make many side by side in workers; each
//! item draws its randomness from a [`Seed`] of its own, which also makes the result of a demo run
//! independent of the order in which the items were made.

mod as_pem;
mod blank;
mod bring;
mod encode;
mod encode_rcgen;
mod encode_x509_cert;
mod entropy;
mod material;
mod name;
mod request;
mod wires;

pub use as_pem::as_pem;
pub use bring::{BringError, Brought, bring};
pub use entropy::{DemoEntropy, Entropy, EntropyError, Seed, SystemEntropy};
pub use material::{Material, WireError};
pub use request::request;
pub use wires::Wires;

use std::fmt;
use std::ops::ControlFlow;

use base64ct::{Base64, Encoding};
use chacha20::ChaCha20Rng;
use der::Decode;
use rand_core::{Rng, SeedableRng};
use time::OffsetDateTime;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;
use x509_cert::name::Name;
use zeroize::Zeroizing;

use crate::design::{Constraints, SubjectParts};
use crate::key::{KeyError, PrivateKey};
use crate::plan::{Authority, ItemId, Leaf, Make, Plan};
use blank::{Blank, Identifier};

/// An item could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// The plan has no item of this number.
    NoSuchItem(ItemId),
    /// The item needs the material of the CA that signs it, and got none or another's.
    MissingIssuer {
        /// The item that is needed.
        issuer: ItemId,
    },
    /// The issuer's certificate cannot be read or is no CA's.
    BadIssuer,
    /// The moment or the lifetime leads outside the years that X.509 can write (1950 to 9999).
    TimeOutOfRange,
    /// A key could not be made or used.
    Key(KeyError),
    /// The certificate could not be written; the text is the library's reason.
    Encoding(String),
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchItem(id) => write!(f, "the plan has no item {}", id.0),
            Self::MissingIssuer { issuer } => write!(f, "issuer {} is missing", issuer.0),
            Self::BadIssuer => f.write_str("the issuer's certificate is not usable"),
            Self::TimeOutOfRange => f.write_str("validity outside the years 1950 to 9999"),
            Self::Key(error) => error.fmt(f),
            Self::Encoding(reason) => write!(f, "certificate encoding failed: {reason}"),
        }
    }
}

impl std::error::Error for IssueError {}

impl From<KeyError> for IssueError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl From<der::Error> for IssueError {
    fn from(error: der::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

/// Streams of one seed: the key and everything else draw from different ones, so that how many
/// random numbers a key takes does not change the serial number.
const KEY_STREAM: u64 = 0;
const CERTIFICATE_STREAM: u64 = 1;

fn stream(seed: &Seed, number: u64) -> ChaCha20Rng {
    let mut rng = ChaCha20Rng::from_seed(**seed);
    rng.set_stream(number);
    rng
}

/// Makes one item of a plan: its key, and the certificate over it.
///
/// `issuer` is the material of [`crate::plan::Item::issuer`]; `now` is the start of validity
/// before backdating, to the second. Of an issuer that stays outside (see [`bring`]) there is no
/// key to sign with: the item gets its key and no certificate.
///
/// # Errors
/// An [`IssueError`]; nothing is half made.
pub fn make(
    plan: &Plan,
    id: ItemId,
    issuer: Option<&Material>,
    now: OffsetDateTime,
    seed: &Seed,
) -> Result<Material, IssueError> {
    make_with(plan, id, issuer, now, seed, None)
}

/// The same with a key that was made ahead. One of another algorithm than the item's is not used.
///
/// # Errors
/// As [`make`].
pub fn make_with(
    plan: &Plan,
    id: ItemId,
    issuer: Option<&Material>,
    now: OffsetDateTime,
    seed: &Seed,
    ahead: Option<PrivateKey>,
) -> Result<Material, IssueError> {
    let item = plan.item(id).ok_or(IssueError::NoSuchItem(id))?;
    if matches!(item.make, Make::Token) {
        let token = Some(token(&mut stream(seed, KEY_STREAM)));
        return Ok(Material { item: id, key: None, certificate: None, token });
    }
    if matches!(item.make, Make::Secret) {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        stream(seed, KEY_STREAM).fill_bytes(bytes.as_mut_slice());
        let token = Some(Zeroizing::new(Base64::encode_string(bytes.as_slice())));
        return Ok(Material { item: id, key: None, certificate: None, token });
    }
    let key = match ahead.filter(|key| key.algorithm() == item.algorithm) {
        Some(key) => key,
        None => PrivateKey::generate(item.algorithm, &mut stream(seed, KEY_STREAM))?,
    };
    let outside =
        issuer.filter(|issuer| issuer.key.is_none() && item.issuer() == Some(issuer.item));
    if outside.is_some() {
        return Ok(Material { item: id, key: Some(key), certificate: None, token: None });
    }
    let mut rng = stream(seed, CERTIFICATE_STREAM);
    let backdate = plan.settings.backdate;
    let certificate = match &item.make {
        Make::KeyPair | Make::Token | Make::Secret => None,
        Make::Authority(authority) => {
            let parts = &plan.settings.subject;
            let mut blank =
                authority_blank(authority, parts, &key, now, backdate, serial(&mut rng))?;
            match authority.issuer {
                None => Some(encode::encode(&blank, &key, &mut rng)?),
                Some(above) => {
                    let issuer = issuer
                        .filter(|issuer| issuer.item == above)
                        .ok_or(IssueError::MissingIssuer { issuer: above })?;
                    let issued = issuer_facts(issuer)?;
                    blank.issuer = issued.subject;
                    blank.authority_key_id = issued.key_id;
                    blank.not_after = blank.not_after.min(issued.not_after);
                    let signer = issuer.key.as_ref().ok_or(IssueError::BadIssuer)?;
                    Some(encode::encode(&blank, signer, &mut rng)?)
                }
            }
        }
        Make::Leaf(leaf) => {
            let issuer = issuer
                .filter(|issuer| issuer.item == leaf.issuer)
                .ok_or(IssueError::MissingIssuer { issuer: leaf.issuer })?;
            let subject = leaf_subject(plan, leaf)?;
            let mut blank =
                leaf_blank(leaf, subject, issuer, &key, now, backdate, serial(&mut rng))?;
            blank.critical_usages = plan.settings.critical_usages;
            let signer = issuer.key.as_ref().ok_or(IssueError::BadIssuer)?;
            Some(encode::encode(&blank, signer, &mut rng)?)
        }
    };
    Ok(Material { item: id, key: Some(key), certificate, token: None })
}

/// Makes every item of a plan, one after the other, and calls `before` ahead of each.
///
/// Callers with several workers use [`make`] itself; this is for one thread.
///
/// # Errors
/// [`RunError::Entropy`] before the item that got no seed, [`RunError::Issue`], and
/// [`RunError::Stopped`] when `before` says so.
pub fn make_all(
    plan: &Plan,
    now: OffsetDateTime,
    entropy: &mut dyn Entropy,
    before: impl FnMut(ItemId) -> ControlFlow<()>,
) -> Result<Vec<Material>, RunError> {
    make_rest(plan, now, entropy, Vec::new(), before)
}

/// The same around CAs that were brought along (see [`bring`]).
///
/// # Errors
/// As [`make_all`].
pub fn make_rest(
    plan: &Plan,
    now: OffsetDateTime,
    entropy: &mut dyn Entropy,
    mut brought: Vec<Material>,
    mut before: impl FnMut(ItemId) -> ControlFlow<()>,
) -> Result<Vec<Material>, RunError> {
    let mut made: Vec<Material> = Vec::with_capacity(plan.items.len());
    for (index, item) in plan.items.iter().enumerate() {
        let id = ItemId(index);
        if before(id).is_break() {
            return Err(RunError::Stopped);
        }
        if let Some(index) = brought.iter().position(|material| material.item == id) {
            made.push(brought.swap_remove(index));
            continue;
        }
        let seed = entropy.seed(&item.name).map_err(RunError::Entropy)?;
        let issuer = item.issuer().and_then(|issuer| made.get(issuer.0));
        let material =
            make(plan, id, issuer, now, &seed).map_err(|error| RunError::Issue(id, error))?;
        made.push(material);
    }
    Ok(made)
}

/// A run did not reach its end. What was made until then is dropped and zeroized.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError {
    /// The source of randomness failed.
    Entropy(EntropyError),
    /// An item could not be made.
    Issue(ItemId, IssueError),
    /// The caller stopped the run.
    Stopped,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entropy(error) => error.fmt(f),
            Self::Issue(id, error) => write!(f, "item {}: {error}", id.0),
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for RunError {}

/// Uniform in 1 … 2^63 − 1, as kubeadm's: positive, and at most eight octets.
fn serial(rng: &mut ChaCha20Rng) -> u64 {
    loop {
        let serial = rng.next_u64() >> 1;
        if serial != 0 {
            return serial;
        }
    }
}

/// A token in the form of bootstrap tokens: six characters, a dot, sixteen characters.
///
/// 252 is the largest multiple of 36 below 256: what lies above is drawn again, so that every
/// character is as likely as any other.
fn token(rng: &mut ChaCha20Rng) -> Zeroizing<String> {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut token = Zeroizing::new(String::with_capacity(23));
    while token.len() < 23 {
        if token.len() == 6 {
            token.push('.');
        }
        let mut byte = [0_u8; 1];
        rng.fill_bytes(&mut byte);
        if byte[0] < 252 {
            token.push(char::from(ALPHABET[usize::from(byte[0] % 36)]));
        }
    }
    token
}

fn authority_blank(
    authority: &Authority,
    parts: &SubjectParts,
    key: &PrivateKey,
    now: OffsetDateTime,
    backdate: i64,
    serial: u64,
) -> Result<Blank, IssueError> {
    let row = &authority.row;
    let subject = name::of_authority(parts, row.common_name)?;
    Ok(Blank {
        serial,
        issuer: subject.clone(),
        subject,
        not_before: shift(now, -backdate)?,
        not_after: shift(now, authority.validity)?,
        key: key.public_key().clone(),
        is_ca: true,
        path_length: authority.path_length,
        usages: &[],
        critical_usages: false,
        // Go 1.25 and later; RFC 5280 leaves the method open.
        subject_key_id: Some(Identifier::from(key.public_key().key_identifier_sha256()?)),
        authority_key_id: None,
        sans: authority.sans(),
        constraints: authority.constraints.clone(),
    })
}

/// In leaves, O are the groups and nothing else.
fn leaf_subject(plan: &Plan, leaf: &Leaf) -> der::Result<Name> {
    let subject = &leaf.subject;
    name::from_subject(&plan.settings.subject, &subject.organizations, &subject.common_name)
}

fn leaf_blank(
    leaf: &Leaf,
    subject: Name,
    issuer: &Material,
    key: &PrivateKey,
    now: OffsetDateTime,
    backdate: i64,
    serial: u64,
) -> Result<Blank, IssueError> {
    let issued = issuer_facts(issuer)?;
    let not_after = shift(now, leaf.validity)?;
    Ok(Blank {
        serial,
        issuer: issued.subject,
        subject,
        not_before: shift(now, -backdate)?,
        // A leaf never outlives its CA; the design's findings say so beforehand.
        not_after: not_after.min(issued.not_after),
        key: key.public_key().clone(),
        is_ca: false,
        path_length: None,
        usages: leaf.usages,
        critical_usages: false,
        subject_key_id: None,
        authority_key_id: issued.key_id,
        sans: leaf.sans.clone(),
        constraints: Constraints::default(),
    })
}

/// What of a CA's certificate goes into those that it signs.
struct IssuerFacts {
    subject: Name,
    key_id: Option<Identifier>,
    not_after: OffsetDateTime,
}

fn issuer_facts(issuer: &Material) -> Result<IssuerFacts, IssueError> {
    let certificate = issuer.certificate.as_deref().ok_or(IssueError::BadIssuer)?;
    let certificate = Certificate::from_der(certificate).map_err(|_| IssueError::BadIssuer)?;
    let tbs = certificate.tbs_certificate();
    // The issuer's own bytes, never a second computation: an imported CA may have used another
    // hash for its key identifier, and other string types in its name.
    let key_id = tbs
        .get_extension::<SubjectKeyIdentifier>()
        .map_err(|_| IssueError::BadIssuer)?
        .map(|(_, identifier)| Identifier::from(identifier.0.into_bytes()));
    let ca_end = tbs.validity().not_after.to_unix_duration().as_secs();
    let ca_end = i64::try_from(ca_end)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .ok_or(IssueError::BadIssuer)?;
    Ok(IssuerFacts { subject: tbs.subject().clone(), key_id, not_after: ca_end })
}

/// Adds seconds; the answer is within the years that X.509 can write, in whole seconds.
fn shift(now: OffsetDateTime, seconds: i64) -> Result<OffsetDateTime, IssueError> {
    let shifted = now
        .unix_timestamp()
        .checked_add(seconds)
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .ok_or(IssueError::TimeOutOfRange)?;
    // RFC 5280 §4.1.2.5: UTCTime starts at 1950, GeneralizedTime ends at 9999.
    if (1950..=9999).contains(&shifted.year()) {
        Ok(shifted)
    } else {
        Err(IssueError::TimeOutOfRange)
    }
}

#[cfg(test)]
pub(crate) mod tests;
