//! The words of the CSR desk: what the worker says in its answers.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::review::Repair;

pub const VERDICT: &str = "What a cluster would say";
pub const WAY: &str = "The way through the cluster";
pub const FILED_BY: &str = "Filed by";
pub const SIGNER: &str = "Signer";
pub const CREATE: &str = "On create";
pub const APPROVAL: &str = "Approval";
pub const AUTOMATIC: &str = "by kube-controller-manager, without anybody";
pub const BY_HAND: &str = "by somebody with the right to it";
pub const SIGNED: &str = "What would be signed";
pub const ASKED: &str = "What is asked for";
pub const SUBJECT: &str = "Subject";
pub const NAMES: &str = "Names";
pub const KEY: &str = "Key";
pub const KEY_USAGE: &str = "Key usage";
pub const EXT_KEY_USAGE: &str = "Purposes";
pub const VALID_FROM: &str = "Valid from";
pub const VALID_UNTIL: &str = "Valid until";
pub const EXTENSIONS: &str = "Extensions";
pub const BY_SIGNER: &str = "By each built-in signer, with the usages that it wants";
pub const RIGHTS: &str = "Rights needed (RBAC)";
pub const TO_CREATE: &str = "To create it";
pub const TO_APPROVE: &str = "To approve it";
pub const TO_SIGN: &str = "To sign it";
pub const CORRECTED: &str = "Corrected";
pub const CORRECTED_FILE: &str = "The corrected object";
pub const OBJECT_FILE: &str = "The object for the cluster";
pub const APPROVER_COMMANDS: &str = "Look at it in the cluster";
pub const APPROVE_COMMANDS: &str = "Approve";
pub const DENY_COMMANDS: &str = "Deny";
pub const APPROVE_ROLE: &str = "ClusterRole for approvers";
pub const SIGN_ROLE: &str = "ClusterRole for a signer of your own";
pub const POLICY_FINE: &str = "The policy for kubelet serving certificates is met: the node, its \
    names and its addresses are known.";
pub const NO_POLICY: &str = "Requests for kubelet serving certificates are among them, and nobody \
    but the approver checks their names and addresses. Say under “Approval policy” which nodes \
    there are; without that, no command approves them.";
pub const GONE: &str = "This request is no longer there: paste it again.";
pub const CA_UNREADABLE: &str = "The signing CA must be one certificate in PEM.";
pub const EXPIRATION: &str = "Lifetime";
pub const DURATION: &str = "Signing duration";
pub const MAX_LIFETIME: &str = "Longest lifetime";

pub fn not_a_duration(what: &str, typed: &str) -> String {
    format!("{what}: “{typed}” is not a duration. Write seconds (86400) or units (24h, 90m).")
}

pub fn policy(fault: &str) -> String {
    format!("Policy: {fault}")
}

/// Of many requests that nobody has decided on.
pub fn counts(approve: usize, deny: usize, neither: usize) -> String {
    format!("To approve: {approve}. To deny: {deny}. To be looked at by you: {neither}.")
}

/// What was mended.
pub fn repair(repair: Repair) -> String {
    match repair {
        Repair::ApiVersion => "apiVersion and kind are those of v1 now.".to_owned(),
        Repair::Moved(field) => format!("{field} belongs into spec, and was moved there."),
        Repair::Removed => {
            "Fields that do not exist, or that the server fills in, were taken out.".to_owned()
        }
        Repair::Request => "spec.request is the base64 of one PEM block CERTIFICATE REQUEST now, \
            on one line."
            .to_owned(),
        Repair::SignerName => {
            "spec.signerName was chosen by the usages and the subject.".to_owned()
        }
        Repair::Usages => "Usages are spelt as v1 spells them, each once.".to_owned(),
        Repair::Expiration => "spec.expirationSeconds is a number of at least 600 now.".to_owned(),
    }
}
