//! What would refuse an object, and the text that a user then sees.
//!
//! The texts are those of Go's crypto/x509 and of client-go, through which every Kubernetes
//! component reads certificates; fixtures hold those of parsing against kubectl 1.32.

use serde::{Deserialize, Serialize};

use super::certificate::CertificateReport;
use super::identity::{Note, ValidAs};
use super::reading;
use super::role::Role;
use super::validity::Status;
use super::{Object, SanKind};
use crate::decode::{Finding, Problem};
use crate::detect::Step;

/// Who refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Refuser {
    /// Everything that is written in Go: all Kubernetes components, kubectl, kubeadm, etcd.
    Go,
    /// kube-apiserver and kubectl, where a field or file is read.
    Kubernetes,
    /// kubectl, and what else reads kubeconfigs.
    Kubectl,
    /// kube-apiserver.
    Apiserver,
    /// kubelet.
    Kubelet,
    /// kubeadm, for files that were there before it.
    Kubeadm,
    /// etcd.
    Etcd,
}

/// When it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum When {
    /// As soon as it is read, whatever for.
    Read,
    /// When the field that holds it is read.
    Field,
    /// When it is in a file of CAs.
    CaFile,
    /// When it is read as half of a pair of certificate and key.
    Pair,
    /// When it is to sign, or to verify, the tokens of service accounts.
    TokenKey,
    /// When it is verified at the moment of the report.
    Now,
    /// When it is verified at any time.
    Verify,
    /// When a server presents it.
    Server,
    /// When a client presents it.
    Client,
    /// When a server presents it and was dialled by IP address.
    ServerByAddress,
    /// When etcd dials itself with it (etcd#9785).
    SelfDial,
    /// When what it signed is verified.
    Issued,
    /// When the revocation list is in use.
    Listed,
    /// When its key file is reused.
    KeyFile,
}

impl Refusal {
    /// Whether it comes only of a use that the certificate is not made for.
    pub fn is_misuse(&self) -> bool {
        self.message == INCOMPATIBLE
    }
}

/// What Go says of a certificate that is used for what its extKeyUsage does not name.
const INCOMPATIBLE: &str = "x509: certificate specifies an incompatible key usage";

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Who refuses.
    pub by: Refuser,
    /// When.
    pub when: When,
    /// What is then said; `…` stands for what depends on the caller.
    pub message: String,
}

pub(super) fn refusal(by: Refuser, when: When, message: impl Into<String>) -> Refusal {
    Refusal { by, when, message: message.into() }
}

/// Every refusal, those that come first in time first. `length` is that of the object itself.
pub(super) fn refusals(
    path: &[Step],
    object: &Object,
    findings: &[Finding],
    length: usize,
    now: &str,
) -> Vec<Refusal> {
    let mut list = reading::around(path, object, findings);
    match object {
        Object::Certificate(report) => {
            // Go stops at the first fault.
            let parse = findings.iter().find_map(|finding| parse(finding, length));
            match parse.or_else(|| key(report)) {
                Some(message) => list.push(refusal(Refuser::Go, When::Read, message)),
                None => verified(report, now, &mut list),
            }
        }
        // Of a block that is not seen nothing more is said.
        Object::Unknown(unknown)
            if list.is_empty() && unknown.label.as_deref() == Some("CERTIFICATE") =>
        {
            list.push(refusal(Refuser::Go, When::Read, "x509: malformed certificate"));
        }
        Object::PrivateKey(key) => reading::private_key(key, &mut list),
        Object::PublicKey(key) => reading::public_key(path, key, &mut list),
        _ => {}
    }
    list
}

/// What is said because of another object in sight.
pub(super) fn of_relation(object: &Object, problem: &Problem) -> Option<Refusal> {
    let (Object::Certificate(report), Problem::Revoked { .. }) = (object, problem) else {
        return None;
    };
    // `checkCRL` in etcd's client/pkg/transport/listener_tls.go looks at serial numbers only, and
    // writes them as Go's %x does.
    let message = format!("transport: certificate serial {} revoked", report.serial.hex);
    Some(refusal(Refuser::Etcd, When::Listed, message))
}

/// What `x509.ParseCertificate` says of a fault; `None` for one that it does not mind.
fn parse(finding: &Finding, length: usize) -> Option<String> {
    let name = |what: &str| format!("invalid RDNSequence: invalid attribute value: {what}");
    let text = match &finding.problem {
        Problem::IndefiniteLength | Problem::LongLength => "malformed certificate".to_owned(),
        Problem::TrailingData { .. } if finding.offset == Some(length) => {
            "trailing data".to_owned()
        }
        Problem::BadVersion { .. } => "invalid version".to_owned(),
        Problem::BadSerial => "malformed serial number".to_owned(),
        Problem::NegativeSerial => "negative serial number".to_owned(),
        Problem::SignatureAlgorithmsDiffer => {
            "inner and outer signature algorithm identifiers don't match".to_owned()
        }
        Problem::BadTime { generalized: false } => "malformed UTCTime".to_owned(),
        Problem::BadTime { generalized: true } => "malformed GeneralizedTime".to_owned(),
        Problem::BadString { character: '*' | '&', .. } => return None,
        Problem::BadString { string, .. } if string == "UTF8String" => name("invalid UTF-8 string"),
        Problem::BadString { string, .. } => name(&format!("invalid {string}")),
        Problem::StringType { number, .. } => name(&format!("unsupported string type: {number}")),
        Problem::BadSan { kind } => format!("SAN {kind} is malformed"),
        Problem::BadIpAddress { octets } => {
            format!("cannot parse IP address of length {octets}")
        }
        Problem::DuplicateExtension { oid } => {
            format!("certificate contains duplicate extension with OID {oid:?}")
        }
        Problem::BadExtensionOid => "malformed extension OID field".to_owned(),
        Problem::BadBoolean => "malformed extension critical field".to_owned(),
        Problem::BadExtension { oid } => format!(
            "invalid {}",
            match oid.as_str() {
                "2.5.29.14" => "subject key identifier",
                "2.5.29.15" => "key usage",
                "2.5.29.17" => "subject alternative names",
                "2.5.29.19" => "basic constraints",
                "2.5.29.35" => "authority key identifier",
                "2.5.29.37" => "extended key usages",
                _ => return None,
            }
        ),
        _ => return None,
    };
    Some(format!("x509: {text}"))
}

/// What is said of a key that Go does not read.
fn key(report: &CertificateReport) -> Option<String> {
    if report.key.explicit_parameters {
        return Some("x509: invalid ECDSA parameters".to_owned());
    }
    let known = ["secp224r1", "secp256r1", "secp384r1", "secp521r1"];
    let curve = report.key.curve.as_deref()?;
    (!known.contains(&curve)).then(|| "x509: unsupported elliptic curve".to_owned())
}

/// What is said of a certificate that was read.
fn verified(report: &CertificateReport, now: &str, list: &mut Vec<Refusal>) {
    let validity = &report.validity;
    let mut go = |when, message: String| list.push(refusal(Refuser::Go, when, message));
    let moment = |(word, moment): (&str, &Option<super::Moment>)| {
        let moment = moment.as_ref().map_or("…", |moment| moment.rfc3339.as_str());
        format!(
            "x509: certificate has expired or is not yet valid: current time {now} is {word} \
             {moment}"
        )
    };
    match validity.status {
        Status::Expired => go(When::Now, moment(("after", &validity.not_after))),
        Status::NotYetValid => go(When::Now, moment(("before", &validity.not_before))),
        _ => {}
    }
    let unknown = report.extensions.all.iter().any(|e| e.critical && e.name == e.oid);
    if unknown {
        go(When::Verify, "x509: unhandled critical extension".to_owned());
    }
    let weak = match report.signature_algorithm.name.as_str() {
        "sha1WithRSAEncryption" => Some("insecure algorithm SHA1-RSA"),
        "ecdsa-with-SHA1" => Some("insecure algorithm ECDSA-SHA1"),
        "md5WithRSAEncryption" => Some("insecure algorithm MD5-RSA"),
        "Ed448" | "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" | "ecdsa-with-SHA224" => {
            Some("algorithm unimplemented")
        }
        _ => None,
    };
    // A root is trusted as it is; its own signature is never checked.
    if let (Some(weak), false) = (weak, report.self_issued) {
        go(When::Verify, format!("x509: cannot verify signature: {weak}"));
    }
    let meaning = &report.meaning;
    if meaning.notes.contains(&Note::CaWithoutCertSign) {
        let message = "x509: invalid signature: parent certificate cannot sign this kind of \
                       certificate";
        go(When::Issued, message.to_owned());
    }
    if meaning.notes.contains(&Note::NoServerNames) {
        let message = "x509: certificate relies on legacy Common Name field, use SANs instead";
        go(When::Server, message.to_owned());
    }
    let role = meaning.roles.first().map(|role| role.role);
    let has_address = report.extensions.sans.iter().any(|san| san.kind == SanKind::Ip);
    if matches!(role, Some(Role::KubeletServing | Role::Apiserver)) && !has_address {
        let message =
            "x509: cannot validate certificate for … because it doesn't contain any IP SANs";
        go(When::ServerByAddress, message.to_owned());
    }
    match meaning.valid_as {
        ValidAs::Client => go(When::Server, INCOMPATIBLE.to_owned()),
        ValidAs::Server => go(When::Client, INCOMPATIBLE.to_owned()),
        _ => {}
    }
    if role == Some(Role::EtcdServer) && meaning.valid_as == ValidAs::Server {
        let message = "remote error: tls: bad certificate";
        list.push(refusal(Refuser::Etcd, When::SelfDial, message));
    }
    if meaning.notes.contains(&Note::Ed25519) {
        let message = "neither in RSA nor ECDSA format";
        list.push(refusal(Refuser::Kubeadm, When::KeyFile, message));
    }
}
