//! Objects and requests as people paste them: whole lists, old guides, damage, and what is none.

use pki_core::key::Algorithm;
use pki_core::request::{self, Wish};
use pki_core::review::{self, Cluster, Outcome, Repair, Rule, Surroundings};
use serde_json::{Value, json};

use crate::{ca, key, review_with, rng};

const CASES: &str = include_str!("../../../tests/fixtures/csr/verdicts.json");
const LIST: &str = include_str!("../../../tests/fixtures/csr/csr-list.yaml");

#[test]
fn a_list_from_kubectl_is_read_whole() {
    let objects = review::read_objects(LIST.as_bytes(), &Surroundings::default()).expect("a List");
    assert_eq!(objects.len(), 14);
    let (_, issuer) = ca();
    for object in &objects {
        let signer = object["spec"]["signerName"].as_str().expect("a signer");
        let mut object = object.clone();
        // As somebody would file it again.
        object["metadata"] = json!({ "name": object["metadata"]["name"] });
        let review = review_with(&object, issuer.authority(), signer);
        assert!(review.is_created(), "{:?}", review.findings);
    }
}

#[test]
fn what_old_guides_get_wrong_is_mended() {
    let wish = Wish::user("jane", &["devs".to_owned()]).expect("a user");
    let key = key(Algorithm::EcdsaP256);
    let pem = request::to_pem(&request::encode(&wish, &key, &mut rng()).expect("a request"));
    let fine = request::to_value(&wish, Algorithm::EcdsaP256, &pem);
    let base64 = fine["spec"]["request"].as_str().expect("base64").to_owned();
    let (_, issuer) = ca();
    let mends = |change: &dyn Fn(&mut Value), expected: &[Repair]| {
        let mut object = fine.clone();
        change(&mut object);
        let (mended, repairs) = review::repair(&object);
        assert_eq!(repairs, expected, "{object}");
        let review = review_with(&mended, issuer.authority(), &wish.signer_name);
        assert!(review.content().is_some(), "{:?}", review.findings);
    };
    use base64ct::{Base64, Encoding};
    mends(&|_| {}, &[]);
    mends(&|o| o["apiVersion"] = json!("certificates.k8s.io/v1beta1"), &[Repair::ApiVersion]);
    mends(&|o| o["spec"]["signerName"] = Value::Null, &[Repair::SignerName]);
    mends(&|o| o["spec"]["groups"] = json!(["devs"]), &[Repair::Removed]);
    mends(&|o| o["spec"]["usages"] = json!(["clientAuth", "Digital_Signature"]), &[Repair::Usages]);
    for usages in [
        json!(["client auth", "server auth"]),
        json!(["client auth", "frobnicate"]),
        json!(["signing", "clientAuth"]),
        json!(["digital signature"]),
        json!([]),
        json!("client auth"),
        Value::Null,
    ] {
        mends(&|o| o["spec"]["usages"] = usages.clone(), &[Repair::Usages]);
    }
    // Meant for another signer, but nobody knows which.
    let mut server = fine.clone();
    server["spec"]["usages"] = json!(["server auth"]);
    assert_eq!(review::repair(&server).1, []);
    mends(&|o| o["spec"]["expirationSeconds"] = json!(599), &[Repair::Expiration]);
    mends(&|o| o["spec"]["request"] = json!(pem), &[Repair::Request]);
    mends(&|o| o["spec"]["request"] = json!(base64.replace("LS0t", "LS0t ")), &[Repair::Request]);
    mends(
        &|o| o["spec"]["request"] = json!(Base64::encode_string(base64.as_bytes())),
        &[Repair::Request],
    );
    let keytool =
        pem.replace("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST").replace('\n', "\r\n  ");
    mends(
        &|o| o["spec"]["request"] = json!(Base64::encode_string(keytool.as_bytes())),
        &[Repair::Request],
    );
    mends(
        &|o| {
            let request = o["spec"].as_object_mut().expect("spec").remove("request");
            o["request"] = request.expect("request");
        },
        &[Repair::Moved("request")],
    );
}

/// Every recorded request with octets changed, cut and repeated: an answer each time, no panic.
#[test]
fn damaged_requests_are_answered() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let (_, issuer) = ca();
    let mut random: u64 = 88_172_645_463_325_252;
    let mut next = move |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below.max(1) as u64).unwrap_or_default()
    };
    let mut refused = 0;
    for case in &cases {
        let Some(pem) = case["pkcs10Pem"].as_str() else { continue };
        let Ok((_, der)) = pem_rfc7468::decode_vec(pem.as_bytes()) else { continue };
        for _ in 0..20 {
            let mut der = der.clone();
            match next(3) {
                0 => der.truncate(next(der.len())),
                1 => der.extend_from_within(..next(der.len())),
                _ => {
                    for _ in 0..=next(4) {
                        let place = next(der.len());
                        if let Some(octet) = der.get_mut(place) {
                            *octet = next(256) as u8;
                        }
                    }
                }
            }
            let around = Surroundings {
                name: "x".to_owned(),
                signer_name: "kubernetes.io/kubelet-serving".to_owned(),
                usages: vec!["server auth".to_owned()],
                expiration_seconds: None,
            };
            let object = review::wrap(request::to_pem(&der).as_bytes(), &around);
            let review = review_with(&object, issuer.authority(), &around.signer_name);
            refused += usize::from(review.settle(&Cluster::default(), &[]) == Outcome::Refused);
            let _ = review::read_objects(&der, &around);
            let _ = review::repair(&object);
        }
    }
    assert!(refused > 3000, "{refused}");
}

#[test]
fn bad_inputs_are_named() {
    let around = Surroundings::default();
    let read = |text: &str| review::read_objects(text.as_bytes(), &around);
    for bad in ["", " \n", "hello", "{", "kind: [", "---\n", "\u{feff}", "a: b: c\nkind: x"] {
        assert!(read(bad).is_err(), "{bad:?}");
    }
    let key = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    assert_eq!(read(key).err(), Some(review::InputError::PrivateKey));
    let (_, issuer) = ca();
    let objects = read("apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\n");
    let review = review_with(&objects.expect("an object")[0], issuer.authority(), "x.y/z");
    assert_eq!(review.code, 422);
    assert!(review.findings.iter().any(|finding| finding.rule == Rule::NameRequired));
}
