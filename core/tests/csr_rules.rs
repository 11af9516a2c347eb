//! Rules that the recording shows once or not at all: cases of our own.

use base64ct::Encoding;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::{Wish, encode, to_pem, to_value};
use pki_core::review::{
    self, Access, Authority, Cluster, Decision, Identity, KUBE_APISERVER_CLIENT,
    KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, KnownNode, Outcome, PolicyFault, Review, Right,
    Rule, ServingPolicy, SigningAuthority,
};
use rand_core::SeedableRng;
use serde_json::{Value, json};

const NOW: i64 = 1_800_000_000;
const YEAR: i64 = 8760 * 3600;

fn cluster(duration: i64, ca_end: i64) -> Cluster {
    let authority = Authority {
        subject: vec![0x30, 0],
        key_identifier: Some(vec![1; 20]),
        spki: Vec::new(),
        not_before: 0,
        not_after: ca_end,
        is_ca: Some(true),
        may_sign: Some(true),
    };
    let signers = [KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING];
    let signing = |signer: &str| {
        (signer.to_owned(), SigningAuthority { authority: Some(authority.clone()), duration })
    };
    Cluster {
        access: Access::kubeadm(),
        authorities: signers.into_iter().map(signing).collect(),
        ..Cluster::default()
    }
}

fn usual() -> Cluster {
    cluster(YEAR, NOW + 10 * YEAR)
}

fn object(wish: &Wish) -> Value {
    let mut rng = chacha20::ChaCha20Rng::from_seed([3; 32]);
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut rng).expect("a key");
    let der = encode(wish, &key, &mut rng).expect("a request");
    to_value(wish, Algorithm::EcdsaP256, &to_pem(&der))
}

fn user() -> Value {
    object(&Wish::user("jane", &["devs".to_owned()]).expect("a user"))
}

fn who(username: &str, groups: &[&str]) -> Identity {
    Identity {
        username: username.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
    }
}

fn administrator() -> Identity {
    who("kubernetes-admin", &["kubeadm:cluster-admins"])
}

fn judge(object: &Value) -> Review {
    review::review(object, &usual(), &administrator(), NOW)
}

fn rules(review: &Review) -> Vec<Rule> {
    review.findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn lifetimes_follow_ttl_backdating_and_the_ca() {
    let lifetime = |asked: Option<i32>, duration, ca_end| {
        let mut object = user();
        if let Some(asked) = asked {
            object["spec"]["expirationSeconds"] = asked.into();
        }
        let review = review::review(&object, &cluster(duration, ca_end), &administrator(), NOW);
        review.content().map(|content| content.not_after() - content.not_before())
    };
    let far = NOW + 10 * YEAR;
    for (asked, duration, expected) in [
        (None, YEAR, YEAR),
        (Some(600), YEAR, 900),
        // One second less asked for, 299 seconds more given.
        (Some(28_799), YEAR, 29_099),
        (Some(28_800), YEAR, 28_800),
        (Some(i32::MAX), YEAR, YEAR),
        (Some(600), 300, 600),
        (None, 7200, 7500),
    ] {
        assert_eq!(lifetime(asked, duration, far), Some(expected), "{asked:?} of {duration}");
    }
    assert_eq!(lifetime(None, YEAR, NOW + 100), Some(400));
    assert_eq!(lifetime(None, YEAR, NOW), None);
}

#[test]
fn an_expired_ca_leaves_the_request_approved_and_unsigned() {
    let cluster = cluster(YEAR, NOW - 1);
    let review = review::review(&user(), &cluster, &administrator(), NOW);
    let end = review.settle(&cluster, &[(Decision::Approve, administrator())]);
    assert_eq!(end, Outcome::ApprovedUnsigned);
    assert!(rules(&review).contains(&Rule::CaExpired));
}

#[test]
fn nodes_ask_the_kubelet_signers_for_themselves() {
    let node = who("system:node:n1", &["system:nodes"]);
    let ask =
        |wish: &Wish, requestor: &Identity| review::review(&object(wish), &usual(), requestor, NOW);
    let own = Wish::node_client("n1").expect("a node");
    let other = Wish::node_client("n2").expect("a node");
    assert!(ask(&own, &node).auto_approved);
    let refused = ask(&other, &node);
    assert_eq!((refused.code, rules(&refused)), (403, vec![Rule::NodeCommonName]));
    // A node that lacks the group is a user without rights.
    assert_eq!(ask(&own, &who("system:node:n1", &[])).code, 403);
    // NodeRestriction comes before validation.
    let mut broken = object(&own);
    broken["spec"]["request"] = json!("AAAA");
    broken["spec"]["usages"] = json!([]);
    let review = review::review(&broken, &usual(), &node, NOW);
    assert_eq!((review.code, rules(&review)), (403, vec![Rule::NodeRequestUnreadable]));
    assert_eq!(review::review(&broken, &usual(), &administrator(), NOW).code, 422);
}

#[test]
fn approval_takes_both_rights() {
    let mut cluster = usual();
    cluster.access.grant_user("half", Right::UpdateApproval);
    cluster.access.grant_user("whole", Right::UpdateApproval);
    cluster.access.grant_user("whole", Right::Approve("kubernetes.io/*".to_owned()));
    let review = review::review(&user(), &cluster, &administrator(), NOW);
    let settle = |steps: &[(Decision, &str)]| {
        let steps: Vec<_> = steps.iter().map(|(step, by)| (*step, who(by, &[]))).collect();
        review.settle(&cluster, &steps)
    };
    assert_eq!(settle(&[]), Outcome::Pending);
    assert_eq!(settle(&[(Decision::Approve, "half")]), Outcome::Pending);
    assert_eq!(settle(&[(Decision::Approve, "whole")]), Outcome::Issued);
    assert_eq!(settle(&[(Decision::WithoutTrue, "whole")]), Outcome::Pending);
    assert_eq!(settle(&[(Decision::Deny, "whole"), (Decision::Approve, "whole")]), Outcome::Denied);
    assert_eq!(settle(&[(Decision::Approve, "whole"), (Decision::Deny, "whole")]), Outcome::Issued);
}

#[test]
fn fields_are_of_their_types() {
    let check = |path: &str, value: Value, expected: u16| {
        let mut object = user();
        let (parent, field) = path.rsplit_once('/').expect("a pointer");
        object.pointer_mut(parent).expect("parent")[field] = value.clone();
        assert_eq!(judge(&object).code, expected, "{path} = {value}");
    };
    check("/spec/expirationSeconds", json!(2_147_483_648_i64), 400);
    check("/spec/expirationSeconds", json!("3600"), 400);
    check("/spec/expirationSeconds", Value::Null, 201);
    check("/spec/usages", json!("client auth"), 400);
    check("/spec/usages", json!([null, "client auth"]), 422);
    check("/spec/request", json!([1, 2, 256]), 400);
    check("/spec/request", json!([1, 2, 255]), 422);
    check("/spec/groups", json!([1]), 400);
    check("/metadata/labels", json!({"a": 1}), 400);
    check("/metadata/labels", json!({"a/b/c": "x"}), 422);
    check("/metadata/resourceVersion", json!("7"), 500);
    check("/metadata/name", json!("a%b"), 422);
    check("/metadata/name", json!("ünï codé"), 201);
    check("/spec/signerName", json!("kubernetes.io/kubelet-serving/x"), 422);
    check("/apiVersion", json!("certificates.k8s.io/v1beta1"), 404);
    check("/apiVersion", json!("v1"), 400);
    check("/kind", json!("Pod"), 400);
    check("/spec/duration", json!("1h"), 201);
}

/// Sizes around the limits of etcd and the API server, as a Kubernetes 1.20.2 has them too.
#[test]
fn large_objects_are_not_stored() {
    for (length, code) in [(1_571_000, 201), (1_574_000, 500), (2_300_000, 500), (2_400_000, 413)] {
        let mut object = user();
        let request = object["spec"]["request"].as_str().expect("text");
        let mut text = pki_core::detect::decode_base64(request).expect("base64").bytes.to_vec();
        text.resize(length, b'x');
        object["spec"]["request"] = base64ct::Base64::encode_string(&text).into();
        assert_eq!(judge(&object).code, code, "{length} octets");
    }
}

/// Go's reader of moments, which is not quite RFC 3339; found on a Kubernetes 1.20.2, but for the
/// comma (Go 1.17) and the borders of the offset (Go 1.20).
#[test]
fn moments_are_read_as_go_reads_them() {
    for (text, code) in [
        ("2020-02-29T00:00:00Z", 201),
        ("2020-02-30T00:00:00Z", 400),
        ("2021-02-29T00:00:00Z", 400),
        ("2020-01-01T00:00:00.5+01:00", 201),
        ("2020-01-01T00:00:00,5Z", 201),
        ("2020-01-01T00:00:00.Z", 400),
        ("2020-01-01T0:00:00Z", 201),
        ("2020-01-01T00:0:00Z", 400),
        ("2020-01-01T24:00:00Z", 400),
        ("2016-12-31T23:59:60Z", 400),
        ("2020-01-01T00:00:00+24:60", 201),
        ("2020-01-01T00:00:00+25:00", 400),
        ("2020-01-01T00:00:00", 400),
        ("2020-01-01t00:00:00Z", 400),
        ("2020-01-01T00:00:00z", 400),
        ("2020-01-01 00:00:00Z", 400),
        ("2020-01-01T00:00:00Z ", 400),
        ("2020-00-01T00:00:00Z", 400),
        ("0000-01-01T00:00:00Z", 201),
        ("12020-01-01T00:00:00Z", 400),
        ("", 400),
    ] {
        let mut object = user();
        object["metadata"]["creationTimestamp"] = json!(text);
        assert_eq!(judge(&object).code, code, "{text}");
    }
}

/// Lengths and owners that the recording has on one side of the border only.
#[test]
fn borders_of_names() {
    // 253, 254 and more characters in labels of 63 at most.
    let domain = |length: usize| {
        let mut domain = vec!["a".repeat(63); 3].join(".");
        domain.push('.');
        domain + &"b".repeat(length - 192)
    };
    let path = |length: usize| format!("{}.{}", "p".repeat(253), "q".repeat(length - 254));
    for (signer, code) in [
        (format!("{}/x", domain(253)), 201),
        (format!("{}/x", domain(254)), 422),
        (format!("{}/x", domain(255)), 422),
        (format!("{}/{}", domain(253), path(317)), 201),
        (format!("{}/{}", domain(253), path(318)), 422),
        (format!("a.b/{}", path(500)), 201),
        (format!("a.b/{}", "p".repeat(254)), 422),
        (format!("{}.b/x", "a".repeat(64)), 422),
    ] {
        let mut object = user();
        object["spec"]["signerName"] = json!(signer);
        assert_eq!(judge(&object).code, code, "{} characters: {signer}", signer.len());
    }
    for (version, kind, code) in [
        ("v1", "Event", 422),
        ("/v1", "Event", 422),
        ("events.k8s.io/v1", "Event", 201),
        ("v1", "Node", 201),
    ] {
        let mut object = user();
        let owner = json!({ "apiVersion": version, "kind": kind, "name": "n", "uid": "u" });
        object["metadata"]["ownerReferences"] = json!([owner]);
        assert_eq!(judge(&object).code, code, "{version} {kind}");
    }
}

#[test]
fn serving_certificates_are_held_against_the_nodes() {
    let addresses = ["10.0.0.11".parse().expect("IP"), "10.0.0.12".parse().expect("IP")];
    let policy = ServingPolicy {
        nodes: vec![KnownNode {
            name: "n1".to_owned(),
            dns: vec!["n1.example".to_owned()],
            addresses: vec![addresses[0]],
            networks: Vec::new(),
        }],
        max_lifetime: Some(YEAR),
    };
    let node = who("system:node:n1", &["system:nodes"]);
    let check = |dns: &str, address, requestor: &Identity| {
        let wish = Wish::node_serving("n1", &[dns.to_owned()], &[address]).expect("a node");
        let review = review::review(&object(&wish), &usual(), &administrator(), NOW);
        policy.check(&review, requestor)
    };
    assert_eq!(check("n1", addresses[0], &node), []);
    assert_eq!(check("n1.example", addresses[0], &node), []);
    assert_eq!(check("n1", addresses[1], &node), [PolicyFault::Address(addresses[1])]);
    let foreign = PolicyFault::Dns("kubernetes.default".to_owned());
    assert_eq!(check("kubernetes.default", addresses[0], &node), [foreign]);
    let jane = who("jane", &[]);
    assert_eq!(check("n1", addresses[0], &jane), [PolicyFault::Requestor("jane".to_owned())]);
    assert_eq!(policy.check(&judge(&user()), &jane), [PolicyFault::OtherSigner]);
}
