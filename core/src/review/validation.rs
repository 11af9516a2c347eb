//! Field validation of `spec` (422), as `ValidateCertificateSigningRequestCreate` does it.

use super::object::{Submission, is_label, is_subdomain};
use super::pkcs10::{RequestFault, UntrustedRequest};
use super::rule::{Finding, Rule};
use super::usage::usage;

/// The signer of before 1.19, which v1 refuses.
pub const LEGACY_UNKNOWN: &str = "kubernetes.io/legacy-unknown";

/// The least `expirationSeconds`.
pub const MIN_EXPIRATION: i32 = 600;

/// The domain of a signer name, a DNS subdomain.
const MAX_SIGNER_DOMAIN: usize = 253;
/// domain, slash, path (253 and 63 and a dot).
const MAX_SIGNER_NAME: usize = MAX_SIGNER_DOMAIN + 1 + 253 + 1 + 63;

pub(super) fn check(
    submission: &Submission,
    request: &Result<UntrustedRequest, RequestFault>,
) -> Vec<Finding> {
    let mut findings = super::object::check_metadata(submission);
    match request {
        Err(fault) => findings.push(request_finding(fault)),
        Ok(request) => {
            if let Err(fault) = request.prove_possession() {
                let finding = Finding::new(Rule::RequestSignature).field("spec.request");
                findings.push(finding.value(format!("{fault:?}")));
            }
        }
    }
    usages(&submission.usages, &mut findings);
    signer_name(&submission.signer_name, &mut findings);
    if let Some(seconds) = submission.expiration_seconds.filter(|n| *n < MIN_EXPIRATION) {
        let finding = Finding::new(Rule::Expiration).field("spec.expirationSeconds");
        findings.push(finding.value(seconds.to_string()));
    }
    findings
}

fn request_finding(fault: &RequestFault) -> Finding {
    let (rule, value) = match fault {
        RequestFault::PemType(label) => (Rule::PemType, label.clone().unwrap_or_default()),
        RequestFault::Asn1(error) => (Rule::RequestSyntax, format!("{error:?}")),
        RequestFault::Key(fault) => (Rule::RequestKey, format!("{fault:?}")),
        RequestFault::San(fault) => (Rule::RequestSan, format!("{fault:?}")),
        RequestFault::DuplicateExtension => (Rule::RequestDuplicateExtension, String::new()),
    };
    Finding::new(rule).field("spec.request").value(value)
}

fn usages(usages: &[String], findings: &mut Vec<Finding>) {
    if usages.is_empty() {
        findings.push(Finding::new(Rule::UsagesRequired).field("spec.usages"));
    }
    let mut add = |rule, index: usize, name: &str| {
        let field = format!("spec.usages[{index}]");
        findings.push(Finding::new(rule).field(field).value(name));
    };
    for (index, name) in usages.iter().enumerate() {
        if usage(name).is_none() {
            add(Rule::UsageUnknown, index, name);
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for (index, name) in usages.iter().enumerate() {
        if !seen.insert(name) {
            add(Rule::UsageDuplicate, index, name);
        }
    }
}

/// A domain of two labels or more, a slash, and a path that is a subdomain.
fn signer_name(name: &str, findings: &mut Vec<Finding>) {
    let mut add = |rule, value: &str| {
        findings.push(Finding::new(rule).field("spec.signerName").value(value));
    };
    if name == LEGACY_UNKNOWN {
        return add(Rule::SignerLegacy, name);
    }
    if name.is_empty() {
        return add(Rule::SignerRequired, "");
    }
    let Some((domain, path)) = name.split_once('/').filter(|(_, path)| !path.contains('/')) else {
        return add(Rule::SignerName, name);
    };
    let too_long = domain.len() > MAX_SIGNER_DOMAIN;
    if too_long || !domain.split('.').all(is_label) || !domain.contains('.') {
        add(Rule::SignerName, domain);
    }
    if !path.split('.').all(is_subdomain) {
        add(Rule::SignerName, path);
    }
    if name.len() > MAX_SIGNER_NAME {
        add(Rule::SignerName, name);
    }
}
