//! What a signer puts into a certificate: agreed content, as opposed to a request's.

use super::cluster::SigningAuthority;
use super::object::Submission;
use super::pkcs10::{Subject, SubjectAltNames, UntrustedRequest};
use super::rule::{Finding, Rule};
use super::tlv;
use super::usage;

/// kube-controller-manager backdates by this many seconds.
pub const BACKDATE: i64 = 300;
/// Below this `ttl`, in seconds, backdating comes on top of the lifetime instead of out of it.
pub const SHORT_LIVED: i64 = 8 * 3600;
/// The signer grants no less, in seconds, whatever was asked.
const MIN_TTL: i64 = 600;

/// Everything in a certificate but issuer, serial number and signature.
///
/// Only [`crate::review`] makes it, out of an [`UntrustedRequest`] that passed, so a signer that
/// takes nothing else cannot copy what was not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedContent {
    pub(crate) subject: Subject,
    pub(crate) sans: SubjectAltNames,
    pub(crate) spki: Vec<u8>,
    /// Bits of keyUsage, ascending; no extension when empty.
    pub(crate) key_usage: Vec<u8>,
    /// Places in [`usage::PURPOSES`], ascending; no extension when empty.
    pub(crate) purposes: Vec<u8>,
    pub(crate) authority_key_identifier: Option<Vec<u8>>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
}

/// An extension of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentExtension {
    /// Object identifier.
    pub oid: &'static str,
    /// The name of RFC 5280.
    pub name: &'static str,
    /// Whether it is critical.
    pub critical: bool,
}

impl ReviewedContent {
    /// The subject as it will stand in the certificate.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The names as they will stand in the certificate.
    pub fn sans(&self) -> &SubjectAltNames {
        &self.sans
    }

    /// Names of the bits of keyUsage.
    pub fn key_usage(&self) -> Vec<&'static str> {
        let name = |bit: &u8| usage::KEY_USAGE_NAMES.get(usize::from(*bit)).copied();
        self.key_usage.iter().filter_map(name).collect()
    }

    /// Names of the purposes of extKeyUsage.
    pub fn ext_key_usage(&self) -> Vec<&'static str> {
        let name = |place: &u8| usage::PURPOSES.get(usize::from(*place)).map(|(name, _)| *name);
        self.purposes.iter().filter_map(name).collect()
    }

    /// Start of validity, Unix seconds.
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// End of validity, Unix seconds.
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// The extensions, in the order of Go's `CreateCertificate`.
    pub fn extensions(&self) -> Vec<ContentExtension> {
        let all = [
            (!self.key_usage.is_empty(), "2.5.29.15", "keyUsage", true),
            (!self.purposes.is_empty(), "2.5.29.37", "extKeyUsage", false),
            (true, "2.5.29.19", "basicConstraints", true),
            (self.authority_key_identifier.is_some(), "2.5.29.35", "authorityKeyIdentifier", false),
            // RFC 5280 §4.2.1.6: critical when the subject is empty.
            (!self.sans.is_empty(), "2.5.29.17", "subjectAltName", self.subject.is_empty()),
        ];
        all.into_iter()
            .filter(|(present, ..)| *present)
            .map(|(_, oid, name, critical)| ContentExtension { oid, name, critical })
            .collect()
    }

    /// What kube-controller-manager puts into the certificate at a moment.
    ///
    /// # Errors
    /// The finding that keeps it from signing; there is a line in its log, no Failed condition.
    pub(super) fn agree(
        request: &UntrustedRequest,
        submission: &Submission,
        signing: &SigningAuthority,
        now: i64,
        notes: &mut Vec<Finding>,
    ) -> Result<Self, Finding> {
        let authority =
            signing.authority.as_ref().ok_or_else(|| Finding::new(Rule::CaUnreadable))?;
        let end = authority.not_after;
        let not_before = now - BACKDATE;
        if not_before >= end || now >= end {
            return Err(Finding::new(Rule::CaExpired).value(end.to_string()));
        }
        if authority.is_ca != Some(true) || authority.may_sign == Some(false) {
            notes.push(Finding::new(Rule::CaMayNotSign));
        }
        if authority.not_before > now {
            notes.push(Finding::new(Rule::CaNotYetValid).value(authority.not_before.to_string()));
        }
        let ttl = ttl(submission.expiration_seconds, signing.duration, notes);
        let wanted = if ttl < SHORT_LIVED { now + ttl } else { not_before + ttl };
        if wanted > end {
            notes.push(Finding::new(Rule::LifetimeCutByCa).value(end.to_string()));
        }
        let (key_usage, purposes) = usage::sort(&submission.usages);
        let subject = subject_der(&request.subject);
        let own_name = subject == authority.subject;
        Ok(Self {
            subject: request.subject.clone(),
            sans: request.sans.clone(),
            spki: request.spki.clone(),
            key_usage,
            purposes,
            // Go leaves it out where it takes the certificate for self-signed.
            authority_key_identifier: authority.key_identifier.clone().filter(|_| !own_name),
            issuer: authority.subject.clone(),
            not_before,
            not_after: wanted.min(end),
        })
    }
}

/// The lifetime that the signer grants, in seconds.
fn ttl(asked: Option<i32>, duration: i64, notes: &mut Vec<Finding>) -> i64 {
    let Some(asked) = asked.map(i64::from) else { return duration };
    if asked > duration {
        let finding = Finding::new(Rule::LifetimeCut).field("spec.expirationSeconds");
        notes.push(finding.value(duration.to_string()));
        return duration;
    }
    asked.max(MIN_TTL)
}

/// The Name that Go writes for a subject (RFC 5280 §4.1.2.6).
pub(crate) fn subject_der(subject: &Subject) -> Vec<u8> {
    let mut rdns = Vec::new();
    for (attribute_type, _, values) in subject.attributes() {
        let attributes = values.iter().map(|value| {
            let kind = tlv::tlv(0x06, &[0x55, 0x04, attribute_type]);
            let value = tlv::tlv(super::pkcs10::string_tag(value), value);
            tlv::sequence(&[&kind, &value])
        });
        rdns.extend_from_slice(&tlv::set_of(attributes.collect()));
    }
    tlv::tlv(0x30, &rdns)
}
