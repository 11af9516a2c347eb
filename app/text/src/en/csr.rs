//! The words of the CSR desk: what the worker says in its answers.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::key::KeyError;
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

/// Somebody has decided on it, for good.
pub fn decided(conditions: &str) -> String {
    format!("Decided already: {conditions}.")
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
        Repair::Usages => {
            "Usages are those that the signer gives, spelt as v1 spells them, each once.".to_owned()
        }
        Repair::Expiration => "spec.expirationSeconds is a number of at least 600 now.".to_owned(),
    }
}

pub const KEY_FILE: &str = "Private key";
pub const CSR_FILE: &str = "Request";
pub const ASKER_SCRIPT: &str = "For the asker: file it, fetch the certificate, use it";
pub const APPROVER_SCRIPT: &str = "For the approver: look at it, approve it";
pub const OPENSSL_SCRIPT: &str = "The same by openssl, for a key made on your own machine";
pub const RBAC_FILE: &str = "Rights for one person to file and read this one request";
pub const TOKEN_SCRIPT: &str = "A token for that person, for a day";
pub const PARKED_FILE: &str = "Parked request: key under the passphrase, and the request";
pub const PARKED: &str = "Download this file and keep it. Attach takes it, with the passphrase, on \
    any day and any machine; openssl reads it too.";
pub const NOT_READ_BACK: &str =
    "The request that was made could not be read back; nothing was kept.";
pub const NOTHING_HELD: &str = "No key was made here since this page was opened. Paste the key, or \
    the parked file, of the request.";
pub const NO_TEMPLATE: &str = "There is no certificate and no request in it to take over.";
pub const NO_CERTIFICATE: &str = "There is no certificate in it. If status.certificate is empty, the \
    request is not approved or not signed yet.";
pub const ATTACHED: &str = "Kubeconfig";
pub const USER: &str = "User";
pub const GROUPS: &str = "Groups";
pub const SERVER: &str = "Server";
pub const RENEW_AT: &str = "Renew at";
pub const CREDENTIAL: &str = "Credential id in audit logs";
pub const SERIAL: &str = "Serial number";
pub const KUBECONFIG_FILE: &str = "Kubeconfig";
pub const CERTIFICATE_FILE: &str = "Certificate";
pub const CALENDAR_FILE: &str = "Reminder for your calendar";
pub const RENEW_SCRIPT: &str = "Commands that renew it, with a new key";
pub const CA_FILE: &str = "CA certificate";
pub const CA_MISSING: &str = "Paste the certificate of the CA that shall sign.";
pub const CA_KEY_MISSING: &str = "To sign, the private key of the CA is needed.";
pub const NO_CA: &str = "There is no such CA certificate in the archive.";
pub const OUTLOOK: &str = "What will be signed";
pub const READY: &str = "Ready to be signed.";
pub const READY_ANYWAY: &str = "Signed only with “Sign anyway”.";
pub const NOT_SIGNABLE: &str = "This will not be signed. What is wrong stands on the card; “Review” \
    mends what can be mended, or another profile has other rules.";
pub const NO_CA_NOT_SIGNED: &str = "The certificate is not a CA's (cA, keyCertSign): nobody would \
    trust what it signs. Tick “Sign anyway” to do it all the same.";
pub const SIGNED_CARD: &str = "Signed";
pub const SIGNED_STATUS: &str = "Signed.";
pub const CHAIN_FILE: &str = "Certificate and CA";
pub const STATUS_FILE: &str = "status.certificate, in base64";
pub const SIGNED_OBJECT: &str = "The object with its status";
pub const REPLACE_SCRIPT: &str = "Puts the status into the cluster";
pub const COURSE_FILE: &str = "Workshop archive";

pub fn key_failed(error: &KeyError) -> String {
    match error {
        KeyError::NoKey => "There is no private key in it.".to_owned(),
        KeyError::Passphrase => "A passphrase is needed.".to_owned(),
        KeyError::WrongPassphrase => {
            "The passphrase is another one. Nothing is lost: try again.".to_owned()
        }
        other => format!("The key cannot be used: {other}."),
    }
}

pub fn ca_key(error: &KeyError) -> String {
    match error {
        KeyError::Passphrase => "The CA's key is under a passphrase. Take that off first: openssl \
            pkey -in ca.key"
            .to_owned(),
        other => format!("The CA's key cannot be used: {other}."),
    }
}

pub fn no_account(reason: &str) -> String {
    format!("No ServiceAccount for this person: {reason} The request is fine without.")
}

pub fn valid_for(span: &str) -> String {
    format!("Valid for {span}.")
}

pub fn renew_summary(user: &str, cluster: &str) -> String {
    format!("Renew the certificate of {user} for {cluster}")
}

pub fn renew_text(end: &str, commands: &str) -> String {
    format!("It ends on {end}. Commands that renew it:\n{commands}")
}

pub fn no_server(reason: &str) -> String {
    format!("The kubeconfig cannot be read: {reason}.")
}

pub fn one_at_a_time(count: usize) -> String {
    format!("There are {count} requests in it; one is signed at a time.")
}

pub fn course_made(people: usize) -> String {
    format!("Made: {people} keys and requests. The archive holds the keys; keep it secret.")
}
