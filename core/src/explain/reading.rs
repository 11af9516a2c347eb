//! What is said of the text around an object, and of keys, by whom.
//!
//! The words are those of Go's crypto/tls and of client-go's `util/cert` and `util/keyutil`; tests
//! hold those of kubectl against kubectl.

use super::Object;
use super::key::{KeyReport, PrivateKeyReport};
use super::refusal::{Refusal, Refuser, When, refusal};
use crate::decode::{Finding, Problem};
use crate::detect::Step;

/// What is said of the text around the object.
pub(super) fn around(path: &[Step], object: &Object, findings: &[Finding]) -> Vec<Refusal> {
    let mut list = Vec::new();
    let label = match object {
        Object::Unknown(unknown) => unknown.label.as_deref().unwrap_or_default(),
        _ => "",
    };
    let is_certificate = matches!(object, Object::Certificate(_)) || label == "CERTIFICATE";
    let is_key = matches!(object, Object::PrivateKey(_)) || label.ends_with("PRIVATE KEY");
    let has = |is: &dyn Fn(&Problem) -> bool| findings.iter().any(|f| is(&f.problem));
    for finding in findings {
        if let Problem::Base64Space { index } = finding.problem {
            let message = format!("illegal base64 data at input byte {index}");
            list.push(refusal(Refuser::Kubernetes, When::Field, message));
        }
    }
    // Faults of base64 are those of the block itself where nothing else is in base64.
    let bare = matches!(path.last(), Some(Step::Pem { .. }))
        && !path.iter().any(|step| matches!(step, Step::Base64 { .. }));
    let unseen = has(&|problem| is_unseen(problem) || (bare && breaks_base64(problem)));
    let skipped = |problem: &Problem| {
        matches!(problem, Problem::PemLabelRefused { .. } | Problem::PemHeaders { .. })
    };
    if is_certificate && unseen {
        let pair = "tls: failed to find any PEM data in certificate input";
        list.push(refusal(Refuser::Kubectl, When::Pair, pair));
        let roots = "unable to load root certificates: unable to parse bytes as PEM block";
        list.push(refusal(Refuser::Kubectl, When::CaFile, roots));
        for by in [Refuser::Apiserver, Refuser::Kubelet] {
            list.push(refusal(by, When::CaFile, NO_CERTIFICATES));
        }
    } else if is_certificate && has(&skipped) {
        let roots = "unable to load root certificates: no valid certificate authority data seen";
        list.push(refusal(Refuser::Kubectl, When::CaFile, roots));
    } else if is_key && unseen {
        let pair = "tls: failed to find any PEM data in key input";
        list.push(refusal(Refuser::Kubectl, When::Pair, pair));
    }
    list
}

const NO_CERTIFICATES: &str = "data does not contain any valid RSA or ECDSA certificates";
const NO_PRIVATE_KEY: &str = "data does not contain a valid RSA or ECDSA private key";
const NO_PUBLIC_KEYS: &str = "data does not contain any valid RSA or ECDSA public keys";

/// Whether Go's encoding/pem does not see the block for it.
fn is_unseen(problem: &Problem) -> bool {
    matches!(
        problem,
        Problem::PemNoBegin { .. }
            | Problem::PemUnterminated { .. }
            | Problem::PemLabelMismatch { .. }
            | Problem::PemOneLine
            | Problem::PemEscaped
            | Problem::PemQuoted
            | Problem::PemPrefixed { .. }
            | Problem::PemAfterMark
            | Problem::PemUtf16
            | Problem::PemDashes
            | Problem::PemIndented
    )
}

fn breaks_base64(problem: &Problem) -> bool {
    match problem {
        Problem::Base64Length { .. }
        | Problem::Base64Unpadded
        | Problem::Base64Url
        | Problem::Base64Character { .. } => true,
        // Without a whole line, say, it is base64 as before, of something else.
        Problem::Base64Lost { uneven, .. } => *uneven,
        _ => false,
    }
}

/// What is said of a private key.
pub(super) fn private_key(key: &PrivateKeyReport, list: &mut Vec<Refusal>) {
    let algorithm = key.algorithm.as_deref().unwrap_or_default();
    let curves = ["secp224r1", "secp256r1", "secp384r1", "secp521r1"];
    let known = match algorithm {
        "rsaEncryption" | "Ed25519" => true,
        "id-ecPublicKey" => key.curve.as_deref().is_some_and(|curve| curves.contains(&curve)),
        _ => false,
    };
    if key.encrypted || !known {
        let pair = match algorithm {
            "X25519" => "tls: found unknown private key type in PKCS#8 wrapping",
            _ => "tls: failed to parse private key",
        };
        for by in [Refuser::Kubectl, Refuser::Apiserver, Refuser::Kubelet, Refuser::Etcd] {
            list.push(refusal(by, When::Pair, pair));
        }
        list.push(refusal(Refuser::Kubeadm, When::KeyFile, NO_PRIVATE_KEY));
        list.push(refusal(Refuser::Apiserver, When::TokenKey, NO_PUBLIC_KEYS));
    } else if algorithm == "Ed25519" {
        list.push(refusal(Refuser::Kubeadm, When::KeyFile, "neither in RSA nor ECDSA format"));
        list.push(refusal(Refuser::Apiserver, When::TokenKey, NO_PUBLIC_KEYS));
    } else if key.form == "PKCS#8" && algorithm == "id-ecPublicKey" {
        // keyutil.ParsePublicKeysPEM tries PKCS#8 for RSA, and SEC1 alone for ECDSA.
        list.push(refusal(Refuser::Apiserver, When::TokenKey, NO_PUBLIC_KEYS));
    }
}

/// What is said of a public key, which only verifies tokens.
pub(super) fn public_key(path: &[Step], key: &KeyReport, list: &mut Vec<Refusal>) {
    let pkcs1 = matches!(path.last(), Some(Step::Pem { label, .. }) if label == "RSA PUBLIC KEY");
    let read = matches!(key.algorithm.as_str(), "rsaEncryption" | "id-ecPublicKey");
    if pkcs1 || !read {
        list.push(refusal(Refuser::Apiserver, When::TokenKey, NO_PUBLIC_KEYS));
    }
}
