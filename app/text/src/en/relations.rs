//! What the objects of a paste have to do with each other, in sentences.

use std::fmt::Write;

use pki_core::explain::relations::{
    Chain, ChainEnd, ChainProblem, KeyGroup, KeyMismatch, RevocationLink, Signature, TokenLink,
};
use pki_core::explain::{Object, Report, SanKind};

use super::explain as say;

/// What to call an object of a report: its number from 1, and whom it names.
pub fn name(report: &Report, index: usize) -> String {
    let number = index.saturating_add(1);
    let Some(entry) = report.objects.get(index) else { return format!("no. {number}") };
    match &entry.object {
        Object::Certificate(certificate) => {
            format!("no. {number} ({})", subject(&certificate.subject.rfc4514))
        }
        Object::CertificateRequest(request) => {
            format!("no. {number} (request of {})", subject(&request.subject.rfc4514))
        }
        object => format!("no. {number} ({})", say::kind(object).to_lowercase()),
    }
}

fn subject(text: &str) -> &str {
    if text.is_empty() { "empty subject" } else { text }
}

/// What the drawing of chains is called.
pub const DRAWN: &str = "Who signed whom";
/// Of a root.
pub const IS_A_ROOT: &str = "a root: signs itself";
/// Of a certificate whose signature holds.
pub const BY_THE_ONE_ABOVE: &str = "signed by the one above, verified";
/// Of a certificate whose issuer is not in sight.
pub const BY_ONE_NOT_HERE: &str = "signed by the one above, which is not here";
/// Of a certificate that names an issuer whose key did not sign it.
pub const NOT_BY_THE_ONE_ABOVE: &str = "not signed by the one above, whose name it bears";
/// Of a signature with an algorithm that is not known here.
pub const NOT_CHECKED: &str = "signature not checked";
/// Of whatever else a verifier refuses; the sentence below the drawing says what.
pub const HAS_A_FAULT: &str = "refused: see below";
/// Of an issuer that is not in sight.
pub const NOT_HERE: &str = "not here";

/// A chain from its lowest certificate to where it ends.
pub fn chain(report: &Report, chain: &Chain) -> String {
    let mut text = String::new();
    for (place, index) in chain.certificates.iter().enumerate() {
        if place > 0 {
            text.push_str(" ← ");
        }
        text.push_str(&name(report, *index));
    }
    match &chain.end {
        ChainEnd::Root => text.push_str(", which is a root"),
        ChainEnd::Missing { subject, key_id } => {
            let _ = write!(text, " ← missing: {subject}");
            if let Some(key_id) = key_id {
                let _ = write!(text, " (subject key identifier {key_id})");
            }
        }
        ChainEnd::Endless => text.push_str(", which goes round in a circle"),
    }
    text
}

/// Why a verifier refuses a chain, and what it says where that is known.
pub fn chain_problem(report: &Report, problem: &ChainProblem) -> String {
    let name = |index: &usize| name(report, *index);
    match problem {
        ChainProblem::SignatureInvalid { certificate, issuer } => format!(
            "The key of {} did not sign {}: another CA of the same name did, or the bytes were \
             changed. Go says: x509: certificate signed by unknown authority.",
            name(issuer),
            name(certificate)
        ),
        ChainProblem::SignatureUnsupported { certificate, .. } => format!(
            "The signature of {} is of an algorithm that cannot be checked here.",
            name(certificate)
        ),
        ChainProblem::NameBytesDiffer { certificate, issuer } => format!(
            "The issuer of {} reads like the subject of {}, and is encoded in other bytes (another \
             string type, say). Go compares the bytes and says: x509: certificate signed by \
             unknown authority.",
            name(certificate),
            name(issuer)
        ),
        ChainProblem::KeyIdDiffers { certificate, issuer } => format!(
            "The authority key identifier of {} is not the subject key identifier of {}: OpenSSL \
             takes that one for no issuer, Go does not mind.",
            name(certificate),
            name(issuer)
        ),
        ChainProblem::IssuerNotCa { issuer } => format!(
            "{} is no CA: its basicConstraints do not say CA:TRUE. Go says: x509: invalid \
             signature: parent certificate cannot sign this kind of certificate.",
            name(issuer)
        ),
        ChainProblem::IssuerMayNotSign { issuer } => format!(
            "The keyUsage of {} leaves out keyCertSign. Go says: x509: invalid signature: parent \
             certificate cannot sign this kind of certificate.",
            name(issuer)
        ),
        ChainProblem::PathTooLong { issuer, allowed, found } => format!(
            "{} allows {allowed} CAs below it, and there are {found}. Go says: x509: too many \
             intermediates for path length constraint.",
            name(issuer)
        ),
        ChainProblem::PurposeNotNested { issuer } => format!(
            "The extKeyUsage of {} allows no purpose of the certificate below it. Go says: x509: \
             certificate specifies an incompatible key usage.",
            name(issuer)
        ),
        ChainProblem::NameNotAllowed { certificate, issuer, san, excluded } => {
            let what = san_words(report, *certificate, *san);
            let rule = if *excluded { "is excluded" } else { "is not permitted by any constraint" };
            format!(
                "The nameConstraints of {} do not allow a name of {}. Go says: x509: a root or \
                 intermediate certificate is not authorized to sign for this name: {what} {rule}.",
                name(issuer),
                name(certificate)
            )
        }
        ChainProblem::Expired { certificate } => format!(
            "{} has expired. Go says: x509: certificate has expired or is not yet valid.",
            name(certificate)
        ),
        ChainProblem::NotYetValid { certificate } => format!(
            "{} is not valid yet: the clock of the machine may be wrong. Go says: x509: \
             certificate has expired or is not yet valid.",
            name(certificate)
        ),
        ChainProblem::OutlivesIssuer { certificate, issuer } => format!(
            "{} is valid for longer than {}, and verifies no more once that one has expired.",
            name(certificate),
            name(issuer)
        ),
        _ => "The chain has a fault that has no words yet.".to_owned(),
    }
}

/// A subject alternative name as Go puts it in its errors.
fn san_words(report: &Report, certificate: usize, san: usize) -> String {
    let entry = report.objects.get(certificate).map(|entry| &entry.object);
    let Some(Object::Certificate(certificate)) = entry else { return String::new() };
    let Some(san) = certificate.extensions.sans.get(san) else { return String::new() };
    let kind = match san.kind {
        SanKind::Ip => "IP address",
        SanKind::Email => "email address",
        SanKind::Uri => "URI",
        _ => "DNS name",
    };
    format!("{kind} {:?}", san.value)
}

/// Which objects share a key.
pub fn key_group(report: &Report, group: &KeyGroup) -> String {
    let names: Vec<_> = group.objects.iter().map(|index| name(report, *index)).collect();
    let private = if group.has_private_key { "" } else { "; the private key is not here" };
    format!("One key pair: {}{private}.", names.join(", "))
}

/// A key that stands beside a certificate without being its key.
pub fn key_mismatch(report: &Report, mismatch: &KeyMismatch) -> String {
    format!(
        "The private key {} does not belong to {}, beside which it stands. Go says: tls: private \
         key does not match public key.",
        name(report, mismatch.key),
        name(report, mismatch.certificate)
    )
}

/// Whose key a token is signed with.
pub fn token(report: &Report, link: &TokenLink) -> String {
    let (token, key) = (name(report, link.token), name(report, link.key));
    match link.signature {
        Signature::Valid => format!("The key of {key} signed {token}."),
        Signature::Invalid => format!(
            "{token} names the key of {key}, which did not sign it. kube-apiserver answers: \
             Unauthorized."
        ),
        _ => format!("{token} names the key of {key}; its signature cannot be checked here."),
    }
}

/// Whose a revocation list is.
pub fn revocation(report: &Report, link: &RevocationLink) -> String {
    let list = name(report, link.list);
    let mut text = match (link.issuer, link.signature) {
        (None, _) => format!("The CA of {list} is not here: its signature was not checked."),
        (Some(issuer), Signature::Valid) => {
            format!("The key of {} signed {list}.", name(report, issuer))
        }
        (Some(issuer), Signature::Invalid) => {
            format!("The key of {} did not sign {list}, which names it.", name(report, issuer))
        }
        (Some(issuer), _) => {
            format!("{list} names {}; its signature cannot be checked here.", name(report, issuer))
        }
    };
    if !link.revoked.is_empty() {
        let names: Vec<_> = link.revoked.iter().map(|index| name(report, *index)).collect();
        let _ = write!(text, " It revokes {}.", names.join(", "));
    }
    text
}

/// Certificates that are the same.
pub fn duplicate(report: &Report, indices: &[usize]) -> String {
    let names: Vec<_> = indices.iter().map(|index| name(report, *index)).collect();
    format!("The same, byte for byte: {}.", names.join(", "))
}

/// All of it, a line each; empty for a single object without anything to say.
pub fn relations(report: &Report) -> String {
    let found = &report.relations;
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    for one in &found.chains {
        if one.certificates.len() > 1 || matches!(one.end, ChainEnd::Missing { .. }) {
            line(&format!("chain: {}", chain(report, one)));
        }
        for problem in &one.problems {
            line(&format!("  {}", chain_problem(report, problem)));
        }
    }
    for group in &found.keys {
        line(&key_group(report, group));
    }
    for mismatch in &found.mismatches {
        line(&key_mismatch(report, mismatch));
    }
    for link in &found.tokens {
        line(&token(report, link));
    }
    for link in &found.revocations {
        line(&revocation(report, link));
    }
    for indices in &found.duplicates {
        line(&duplicate(report, indices));
    }
    out
}
