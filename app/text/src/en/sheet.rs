//! The words on the sheet of a decoded object: headings, labels and the short sentences of its
//! head. The findings and what an identity means are in [`super::explain`].

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::detect::{Condition, SigningRequest};
use pki_core::explain::{SanKind, Status};

/// Headings of the sections.
pub const REFUSALS: &str = "What would refuse it";
pub const MEANING: &str = "To Kubernetes";
pub const NAMES: &str = "Names it serves";
pub const IDENTITY: &str = "Subject and issuer";
pub const VALIDITY: &str = "Validity";
pub const USAGES: &str = "Usages";
pub const KEY: &str = "Key";
pub const FINGERPRINTS: &str = "Fingerprints";
pub const EXTENSIONS: &str = "All extensions";
pub const ATTRIBUTES: &str = "Attributes of the request";
pub const REQUEST_OBJECT: &str = "What is asked for";
pub const CONDITIONS: &str = "Conditions";
pub const KEY_NUMBERS: &str = "Numbers of the key";
pub const PEM: &str = "PEM";
pub const BYTES: &str = "Bytes";
pub const REVOKED: &str = "Revoked certificates";
pub const CLAIMS: &str = "Claims";
pub const NEXT: &str = "What to do next";

pub const ASKED_AND_ISSUED: &str = "Asked for, and issued";

/// Labels of the rows.
pub const SANS: &str = "Subject alternative names";
pub const USER: &str = "User";
pub const GROUPS: &str = "Groups";
pub const WOULD_BE_USER: &str = "User it would be";
pub const WOULD_BE_GROUPS: &str = "Groups it would be in";
pub const UID: &str = "UID";
pub const NODE: &str = "Node";
pub const PLACE: &str = "Also fits as";
pub const COMPONENT: &str = "Presented by";
pub const FILES: &str = "Files on a kubeadm host";
pub const FLAGS: &str = "Expected by";
pub const CLUSTER_ROLES: &str = "Roles bound by default";
pub const VALID_AS: &str = "Good for";
pub const SUBJECT: &str = "Subject";
pub const ISSUER: &str = "Issuer";
pub const SERIAL: &str = "Serial number";
pub const VERSION: &str = "Version";
pub const NOT_BEFORE: &str = "Not before";
pub const NOT_AFTER: &str = "Not after";
pub const LIFETIME: &str = "Lifetime";
pub const KEY_USAGE: &str = "Key usage";
pub const EXT_KEY_USAGE: &str = "Extended key usage";
pub const CONSTRAINTS: &str = "Basic constraints";
pub const ALGORITHM: &str = "Algorithm";
pub const SIGNATURE: &str = "Signed with";
pub const PROOF: &str = "Signed by its own key";
pub const SUBJECT_KEY_ID: &str = "Subject key id";
pub const AUTHORITY_KEY_ID: &str = "Authority key id";
pub const EXPONENT: &str = "Exponent";
pub const MODULUS: &str = "Modulus";
pub const POINT: &str = "Public point";
pub const SHA256: &str = "SHA-256";
pub const SHA1: &str = "SHA-1";
pub const PIN: &str = "Public key pin (SHA-256, base64)";
pub const KID: &str = "kid of tokens it verifies";
pub const CREDENTIAL_ID: &str = "credential-id in audit events";
pub const DISCOVERY_HASH: &str = "--discovery-token-ca-cert-hash";
pub const SIGNER: &str = "Signer";
pub const ASKED_USAGES: &str = "Usages";
pub const ASKED_LIFETIME: &str = "Lifetime";
pub const ASKED_BY: &str = "Asked by";
pub const ASKED_BY_GROUPS: &str = "who is in the groups";
pub const CREATED: &str = "Created";
pub const AGE: &str = "Age";
pub const EXPIRES: &str = "Expires";
pub const ASKED: &str = "asked";
pub const ISSUED: &str = "issued";
pub const API_VERSION: &str = "apiVersion";
pub const CONTEXTS: &str = "Contexts";
pub const SERVERS: &str = "Servers";
pub const TRUSTS: &str = "Trusts";
pub const USERS: &str = "Users";
pub const FORM: &str = "Form";
pub const ENCRYPTED: &str = "Encrypted";
pub const PUBLIC_HALF: &str = "SHA-256 of its public half";
pub const LABEL: &str = "PEM label";
pub const LENGTH: &str = "Length";
pub const FIRST_BYTES: &str = "First bytes";
pub const NUMBER: &str = "Number";
pub const COUNT: &str = "How many";
pub const AUDIENCES: &str = "Audiences";
pub const TOKEN_KID: &str = "kid";
pub const POD: &str = "Bound to the Pod";
pub const TOKEN_ID: &str = "Token ID";
pub const ALLOWED: &str = "Allowed for";
pub const DESCRIPTION: &str = "Description";
pub const COMMAND: &str = "Run this";

/// The forms in which an object is shown, on its tabs.
pub const TABS: &str = "Forms of this object";
pub const TAB_MEANING: &str = "Meaning";
pub const TAB_FIELDS: &str = "Fields";
pub const TAB_TEXT: &str = "Text";
pub const TAB_ASN1: &str = "ASN.1";
pub const TAB_PEM: &str = "PEM";
pub const TAB_JSON: &str = "JSON";
pub const TEXT_HINT: &str = "As openssl x509 or openssl req -noout -text prints it, byte for byte.";
pub const HIDDEN: &str = "This is a private key. Whoever sees it can act in its place, so it is not \
    shown by itself.";
pub const HIDDEN_UNKNOWN: &str = "These bytes may be a private key, so they are not shown by \
    themselves.";
pub const REVEAL: &str = "Show the private key on this screen";
pub const REVEAL_UNKNOWN: &str = "Show these bytes on this screen";
pub const NO_FORM: &str = "This object cannot be written in this form. Its other tabs show what can \
    be read of it.";
pub const FORM_FAILED: &str = "The reader stopped while writing this form. Open another tab, or \
    paste the object again.";
pub const WAIT: &str = "Reading…";
pub const ASN1_HINT: &str = "Choose a value to see its bytes, or a byte to see its value. Arrow keys \
    move; left and right fold and unfold.";
pub const ASN1_TREE: &str = "Values";
pub const ASN1_BYTES: &str = "Bytes";

/// What a value of the tree is made of.
pub fn octets(offset: usize, header: usize, length: usize) -> String {
    format!("at {offset}, {header}+{length}")
}

/// Which bytes are chosen, for those who do not see them.
pub fn chosen(offset: usize, end: usize, tag: &str) -> String {
    match end.saturating_sub(offset) {
        1 => format!("Byte {offset}: {tag}"),
        count => format!("{count} bytes from {offset}: {tag}"),
    }
}

/// What of a large object is not drawn.
pub fn left_out(values: usize, octets: usize) -> Option<String> {
    let values = (values > 0).then(|| format!("{values} more values"));
    let octets = (octets > 0).then(|| format!("{octets} more bytes"));
    let parts: Vec<String> = values.into_iter().chain(octets).collect();
    (!parts.is_empty()).then(|| {
        format!("{} are not drawn, because browsers take long over them.", parts.join(" and "))
    })
}

/// Kinds of objects.
pub const CERTIFICATE: &str = "Certificate";
pub const BROKEN_CERTIFICATE: &str = "Broken certificate";
pub const NO_USE: &str = "Not whole: of no use";
pub const CA_CERTIFICATE: &str = "CA certificate";
pub const REQUEST: &str = "Certificate signing request";
pub const KUBECONFIG: &str = "kubeconfig";
pub const PUBLIC_KEY: &str = "Public key";
pub const PRIVATE_KEY: &str = "Private key";
pub const REVOCATION_LIST: &str = "Certificate revocation list";
pub const BOOTSTRAP_TOKEN: &str = "Bootstrap token";
pub const UNKNOWN: &str = "Not recognised";
pub const NO_NAME: &str = "(no name)";

pub const NO_CONTEXT: &str = "(no current context)";
pub const NONE: &str = "none";
pub const PENDING: &str = "Pending";
pub const ISSUED_STATE: &str = "Issued";
pub const STATE_UNKNOWN: &str = "Not known: the YAML breaks off before its conditions";
pub const PATH_ONLY: &str = "a file elsewhere";
pub const EMBEDDED: &str = "the embedded CA, shown below";
pub const SYSTEM_ROOTS: &str = "the CAs of the system that reads it";
pub const BY_CERTIFICATE: &str = "by the embedded client certificate, shown below";
pub const BY_TOKEN: &str = "by a token, which is not shown";
pub const BY_NOTHING: &str = "without credentials";
pub const INSECURE: &str = "insecure-skip-tls-verify is set: the server may be anybody.";
pub const SIGNER_DECIDES: &str = "not stated; the signer decides";

pub const YES: &str = "yes";
pub const NO: &str = "no";
pub const CRITICAL: &str = "critical";
pub const ALL_USAGES: &str = "not stated, so every purpose is allowed";
pub const NO_KEY_USAGE: &str = "not stated";
pub const NOT_CHECKED: &str = "cannot be checked here";
pub const PROVEN: &str = "yes, so the requester holds the private key";
pub const NOT_PROVEN: &str = "no, so every signer will refuse it";
pub const NO_GROUPS: &str = "none; kube-apiserver adds system:authenticated";
pub const SELF_ISSUED: &str = "itself";
pub const CA: &str = "a CA";
pub const NO_CA: &str = "no CA";

/// What basicConstraints says.
pub fn constraints(ca: bool, path_len: Option<u64>) -> String {
    match (ca, path_len) {
        (false, _) => NO_CA.to_owned(),
        (true, None) => CA.to_owned(),
        (true, Some(0)) => "a CA that may sign no further CA".to_owned(),
        (true, Some(1)) => "a CA, with at most one CA below it".to_owned(),
        (true, Some(count)) => format!("a CA, with at most {count} CAs below it"),
    }
}

pub const OTHER_KEY: &str = "The certificate is for another key than the request, so the requester \
    cannot use it. It was put there by hand, or the objects were mixed up.";

/// The certificate says something else than was asked for.
pub fn issued_otherwise(label: &str) -> String {
    format!(
        "{label}: the certificate differs from the request. The signer decides what it signs; hold \
         the two below against each other."
    )
}

/// What a condition says: its type alone stands for True.
pub fn condition_state(condition: &Condition) -> String {
    match condition.status.as_deref() {
        Some(status @ ("False" | "Unknown")) => format!("{}: {status}", condition.r#type),
        _ => condition.r#type.clone(),
    }
}

/// The state of a request that has no conditions, as far as it was read.
pub fn without_conditions(request: &SigningRequest) -> &'static str {
    match (request.issued, request.broken) {
        (true, _) => ISSUED_STATE,
        (false, true) => STATE_UNKNOWN,
        (false, false) => PENDING,
    }
}

/// The state of a CertificateSigningRequest.
pub fn signing_state(condition: &str, issued: bool) -> String {
    match (condition, issued) {
        (ISSUED_STATE | "Ready", _) => condition.to_owned(),
        ("Approved", false) => "Approved, not signed yet".to_owned(),
        (condition, true) => format!("{condition} and signed"),
        (condition, false) => condition.to_owned(),
    }
}

/// Where now stands within the validity, with the time that is left.
pub fn status(status: Status, seconds_left: Option<i64>, until_start: Option<i64>) -> String {
    let left = seconds_left.unwrap_or_default();
    match status {
        Status::Valid => format!("Valid, {} left", span(left)),
        Status::Expired => format!("Expired {} ago", span(left.saturating_neg())),
        Status::NotYetValid => match until_start {
            Some(seconds) => format!("Not valid yet, starts in {}", span(seconds)),
            None => "Not valid yet".to_owned(),
        },
        Status::Unknown => "Validity cannot be read".to_owned(),
    }
}

/// In place of that, where a list in sight has the certificate.
pub const REVOKED_BY_LIST: &str = "Revoked, by a list in sight";

/// What the bar of the lifetime shows, for those who do not see it.
pub fn life(percent: u32) -> String {
    format!("{percent} % of the lifetime is over")
}

/// A length of time in the unit that people would use.
pub fn span(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const YEAR: i64 = 365 * DAY;
    let (count, unit) = match seconds {
        ..MINUTE => (seconds.max(0), "second"),
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..172_800 => (seconds / HOUR, "hour"),
        172_800..63_072_000 => (seconds / DAY, "day"),
        _ => (seconds / YEAR, "year"),
    };
    if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") }
}

/// The kind of a name, before the name.
pub fn san_kind(kind: SanKind) -> &'static str {
    match kind {
        SanKind::Dns => "DNS",
        SanKind::Ip => "IP",
        SanKind::Uri => "URI",
        SanKind::Email => "e-mail",
        SanKind::DirectoryName => "name",
        SanKind::RegisteredId => "OID",
        SanKind::OtherName => "other",
        SanKind::X400Address => "X.400",
        SanKind::EdiPartyName => "EDI",
    }
}

/// The key in one line, e.g. `ECDSA on P-256` or `RSA, 2048 bits`.
pub fn key(algorithm: &str, curve: Option<&str>, bits: Option<usize>) -> String {
    match (algorithm, curve, bits) {
        ("rsaEncryption", _, Some(bits)) => format!("RSA, {bits} bits"),
        ("id-ecPublicKey", Some("secp256r1" | "prime256v1"), _) => "ECDSA on P-256".to_owned(),
        ("id-ecPublicKey", Some("secp384r1"), _) => "ECDSA on P-384".to_owned(),
        ("id-ecPublicKey", Some("secp521r1"), _) => "ECDSA on P-521".to_owned(),
        ("id-ecPublicKey", Some(curve), _) => format!("elliptic curve {curve}"),
        (algorithm, _, Some(bits)) => format!("{algorithm}, {bits} bits"),
        (algorithm, _, None) => algorithm.to_owned(),
    }
}

/// A number of octets.
pub fn bytes(length: usize) -> String {
    if length == 1 { "1 byte".to_owned() } else { format!("{length} bytes") }
}

/// Where a finding is, in octets from the start of the object or by line and column.
pub fn place(line: Option<usize>, column: Option<usize>, offset: Option<usize>) -> Option<String> {
    match (line, column, offset) {
        (Some(line), Some(column), _) => Some(format!("line {line}, column {column}")),
        (Some(line), None, _) => Some(format!("line {line}")),
        (None, _, Some(offset)) => Some(format!("byte {offset}")),
        (None, _, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn spans_are_in_the_unit_people_use() {
        for (seconds, text) in [
            (-5, "0 seconds"),
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (3_600, "1 hour"),
            (100_000, "27 hours"),
            (172_800, "2 days"),
            (31_535_999, "364 days"),
            (63_072_000, "2 years"),
            (315_360_000, "10 years"),
        ] {
            assert_eq!(span(seconds), text, "{seconds}");
        }
    }
}
