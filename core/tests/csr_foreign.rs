//! Requests by other people's software, and pastes that hold several: read, mended, judged.

use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::Template;
use pki_core::review::{
    self, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, KUBE_APISERVER_CLIENT,
    KUBELET_SERVING, Outcome, Repair, Rule, Surroundings,
};
use pki_core::sign::{Issuer, sign};
use rand_core::SeedableRng;

const NOW: i64 = 1_800_000_000;
/// `keytool -certreq` (OpenJDK); the commands stand in `tests/fixtures/csr/README.md`.
const KEYTOOL: &str = include_str!("../../tests/fixtures/csr/keytool.pem");
/// `cfssl genkey`, and the request out of it by `cfssljson`.
const CFSSL: [&str; 2] = [
    include_str!("../../tests/fixtures/csr/cfssl.json"),
    include_str!("../../tests/fixtures/csr/cfssl.pem"),
];
/// Two requests by Go's `crypto/x509`, as client-go makes them.
const GO: &str = include_str!("../../tests/fixtures/csr/go.pem");

fn around() -> Surroundings {
    Surroundings {
        name: "jane".to_owned(),
        signer_name: KUBE_APISERVER_CLIENT.to_owned(),
        usages: review::usual_usages(KUBE_APISERVER_CLIENT),
        expiration_seconds: None,
    }
}

#[test]
fn a_request_by_keytool_is_refused_for_its_label_and_mended() {
    let cluster = Cluster::assumed(None, None, DEFAULT_SIGNING_DURATION);
    let objects = review::find_objects(KEYTOOL.as_bytes(), &around()).expect("a request");
    let [object] = objects.as_slice() else { panic!("{} objects", objects.len()) };
    let refused = review::review(object, &cluster, &Identity::administrator(), NOW);
    assert_eq!((refused.code, refused.passes()), (422, false));
    assert!(refused.findings.iter().any(|finding| finding.rule == Rule::PemType));
    let (mended, repairs) = review::repair(object);
    assert_eq!(repairs, [Repair::Request]);
    let review = review::review(&mended, &cluster, &Identity::administrator(), NOW);
    assert_eq!(review.when_approved(&cluster), Outcome::Issued, "{:?}", review.findings);
    let content = review.content().expect("what is signed");
    assert_eq!(content.subject().to_rfc4514(), "O=dev,CN=jane");
}

#[test]
fn several_requests_in_one_paste_become_several_objects() {
    let paste = format!("first:\n{KEYTOOL}\nsecond:\n{KEYTOOL}");
    let objects = review::find_objects(paste.as_bytes(), &around()).expect("two requests");
    let names: Vec<_> = objects.iter().map(|object| &object["metadata"]["name"]).collect();
    assert_eq!(names, ["jane", "jane-2"]);
    let cluster = Cluster::assumed(None, None, DEFAULT_SIGNING_DURATION);
    for object in &objects {
        assert!(review::review(object, &cluster, &Identity::administrator(), NOW).passes());
    }
}

#[test]
fn requests_by_cfssl_and_go_are_read_reviewed_and_signed() {
    let (ca, issuer) = ca();
    let cluster = Cluster::assumed(Some(ca), Some(KUBE_APISERVER_CLIENT), DEFAULT_SIGNING_DURATION);
    let mut subjects = Vec::new();
    for paste in CFSSL.into_iter().chain([GO]) {
        let objects = review::find_objects(paste.as_bytes(), &around()).expect("requests");
        for object in &objects {
            assert!(!object.to_string().contains("PRIVATE"), "the key is not taken along");
            let review = review::review(object, &cluster, &Identity::administrator(), NOW);
            assert_eq!(review.when_approved(&cluster), Outcome::Issued, "{:?}", review.findings);
            let content = review.content().expect("what is signed");
            let signed = sign(content, &issuer, &mut ChaCha20Rng::from_seed([3; 32]));
            let pem = signed.expect("a certificate").to_pem();
            let again = Template::find(pem.as_bytes()).expect("a certificate");
            assert_eq!(again.names.len(), content.sans().to_texts().len());
            let names = content.sans().to_texts().join(" ");
            subjects.push(format!("{} {names}", content.subject().to_rfc4514()));
        }
    }
    let cfssl = "O=dev+O=ops,CN=jane DNS:jane.example.org email:jane@example.org IP:10.0.0.7";
    let node = "O=system:nodes,CN=system:node:w1 DNS:w1 IP:10.0.0.21";
    assert_eq!(subjects, [cfssl, cfssl, "O=dev+O=ops,CN=jane ", node]);

    // For the kubelet's own signer too, which looks at more.
    let serving = Surroundings {
        signer_name: KUBELET_SERVING.to_owned(),
        usages: review::usual_usages(KUBELET_SERVING),
        ..around()
    };
    let objects = review::find_objects(GO.as_bytes(), &serving).expect("requests");
    let cluster = Cluster::assumed(None, None, DEFAULT_SIGNING_DURATION);
    let node = Identity::authenticated("system:node:w1", vec!["system:nodes".to_owned()]);
    let review = review::review(objects.last().expect("two"), &cluster, &node, NOW);
    assert_eq!(review.when_approved(&cluster), Outcome::Issued, "{:?}", review.findings);
}

/// A CA with the name CN=ca; what it signs is looked at, not verified.
fn ca() -> (Authority, Issuer) {
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut ChaCha20Rng::from_seed([1; 32]));
    let key = key.expect("a key");
    let authority = Authority {
        subject: b"\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02ca".to_vec(),
        key_identifier: None,
        spki: key.public_key().spki_der().to_vec(),
        not_before: 0,
        not_after: NOW + 1_000_000_000,
        is_ca: Some(true),
        may_sign: Some(true),
    };
    (authority.clone(), Issuer::from_parts(authority, key).expect("an issuer"))
}
