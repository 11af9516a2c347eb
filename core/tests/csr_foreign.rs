//! Requests by other people's software, and pastes that hold several: read, mended, judged.

use pki_core::review::{
    self, Cluster, DEFAULT_SIGNING_DURATION, Identity, KUBE_APISERVER_CLIENT, Outcome, Repair,
    Rule, Surroundings,
};

const NOW: i64 = 1_800_000_000;
/// `keytool -certreq` (OpenJDK); the commands stand in `tests/fixtures/csr/README.md`.
const KEYTOOL: &str = include_str!("../../tests/fixtures/csr/keytool.pem");

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
