//! The cases that are put through a control plane: the recorded ones, and more of our own.

use base64ct::{Base64, Encoding};
use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::{Wish, encode, to_pem, to_value};
use rand_core::SeedableRng;
use serde_json::{Value, json};

const CASES: &str = include_str!("../../fixtures/csr/verdicts.json");
/// Pairs: a field of a good request, and what it is set to.
const OWN: &str = include_str!("../../fixtures/csr/own.json");

/// From which minor version on the recorded verdict holds, and why not before.
const SINCE: [(u16, &str, &[&str]); 4] = [
    (
        22,
        "expirationSeconds is new",
        &[
            "exp-600",
            "exp-negative",
            "exp-int32-over",
            "exp-float",
            "life-3600",
            "life-28740",
            "life-28800",
            "life-86400",
            "life-kubelet-3600",
        ],
    ),
    (22, "v1beta1 is gone", &["struct-v1beta1-old"]),
    (
        27,
        "the kubelet signers wanted key encipherment of every key",
        &[
            "kubelet-cn-empty-node",
            "kubelet-extra-attrs",
            "kubelet-bmp",
            "kubelet-san-dir",
            "serving-ok",
            "serving-rsa-without-ke",
            "serving-dns-only",
            "serving-any-dns",
            "serving-by-user",
            "auto-self",
            "auto-masters",
            "auto-serving",
            "auto-node-no-group",
            "auto-nodeclient-user",
            "life-kubelet-3600",
        ],
    ),
    (36, "older releases of Go took it", &["pkcs10-ext-twice", "key-rsa512", "san-dns-utf8"]),
];

/// Everything that servers of this minor version judge as 1.36 does.
pub(crate) fn all(minor: u16) -> Vec<Value> {
    let recorded: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let good = good(&recorded).clone();
    let holds = |case: &Value| {
        let late = |(since, _, ids): &(u16, &str, &[&str])| {
            minor < *since && ids.iter().any(|id| case["id"] == **id)
        };
        case["run"] == "default" && !SINCE.iter().any(late)
    };
    let mut cases: Vec<Value> = recorded.into_iter().filter(holds).collect();
    cases.extend(changed(&good));
    cases.extend(pairs());
    cases.extend(large(&good));
    cases
}

/// The recorded cases of all runs but the usual one, in the form that servers of this minor version
/// judge as 1.36 does. What they are about is who signs, and for how long.
pub(crate) fn of_other_signers(minor: u16) -> Vec<Value> {
    let mut cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    cases.retain(|case| case["run"] != "default");
    for spec in cases.iter_mut().filter_map(|case| case["manifest"]["spec"].as_object_mut()) {
        // A field that a server does not know is not there for it.
        if minor < 22 {
            spec.remove("expirationSeconds");
        }
        let of_kubelet = spec["signerName"] != "kubernetes.io/kube-apiserver-client";
        if let (Some(usages), true) = (spec["usages"].as_array_mut(), minor < 27 && of_kubelet) {
            usages.push(json!("key encipherment"));
        }
    }
    cases
}

/// A case that every version takes.
pub(crate) fn good(cases: &[Value]) -> &Value {
    cases.iter().find(|case| case["id"] == "key-p256").expect("it is among the recorded ones")
}

/// A good request, each time with one thing changed: what no recorded case breaks.
fn changed(good: &Value) -> Vec<Value> {
    let changes: Vec<(String, Value)> =
        serde_json::from_str(OWN).expect("pairs of a JSON pointer and a value");
    changes
        .into_iter()
        .enumerate()
        .map(|(index, (pointer, value))| {
            let mut case = good.clone();
            let id = format!("own-{index} {pointer} {value}");
            case["id"] = json!(id.chars().take(80).collect::<String>());
            case["manifest"]["metadata"]["name"] = json!(format!("own-{index}"));
            put(&mut case["manifest"], &pointer, value);
            case
        })
        .collect()
}

/// Every subject with every kind of names and every set of usages, at every signer: each rule of
/// the signers broken alone and together with others. All of them are some 800 and take half a
/// minute, so without `PKI_CSR_CASES=all` every ninth is tried.
fn pairs() -> Vec<Value> {
    let subjects: [(&str, &[&str]); 6] = [
        ("system:node:n9", &["system:nodes"]),
        ("system:node:n9", &[]),
        ("system:node:n9", &["system:nodes", "others"]),
        ("system:nodes:n9", &["system:nodes"]),
        ("jane", &["developers"]),
        ("jane", &["a", "system:masters"]),
    ];
    let names: [&[&str]; 8] = [
        &[],
        &["n9"],
        &["10.0.0.9"],
        &["a@b.example"],
        &["spiffe://a/b"],
        &["n9", "a@b.example"],
        &["10.0.0.9", "spiffe://a/b"],
        &["a@b.example", "spiffe://a/b"],
    ];
    let usages: [&[&str]; 6] = [
        &["digital signature", "key encipherment", "client auth"],
        &["key encipherment", "server auth", "digital signature"],
        &["digital signature", "key encipherment", "client auth", "server auth"],
        &["client auth"],
        &["signing", "key encipherment", "client auth"],
        &["any", "cert sign"],
    ];
    let signers = [
        "kubernetes.io/kube-apiserver-client",
        "kubernetes.io/kube-apiserver-client-kubelet",
        "kubernetes.io/kubelet-serving",
    ];
    let every = if std::env::var_os("PKI_CSR_CASES").is_some() { 1 } else { 9 };
    let mut rng = ChaCha20Rng::from_seed([8; 32]);
    let key = PrivateKey::generate(Algorithm::EcdsaP256, &mut rng).expect("a key");
    let mut cases = Vec::new();
    for (subject, name) in subjects.iter().flat_map(|s| names.iter().map(move |n| (s, n))) {
        let owned =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let wish = Wish::other(subject.0, &[], &owned(name), "a.b/c", &owned(&["any"]));
        // The group that no wish may have is what is tried here.
        let wish = Wish { organizations: owned(subject.1), ..wish.expect("a good wish") };
        let request = to_pem(&encode(&wish, &key, &mut rng).expect("a request"));
        for (usages, signer) in usages.iter().flat_map(|u| signers.map(move |s| (u, s))) {
            let id = format!("pair-{}", cases.len());
            let mut manifest = to_value(&wish, Algorithm::EcdsaP256, &request);
            manifest["metadata"]["name"] = json!(id);
            manifest["spec"]["usages"] = json!(usages);
            manifest["spec"]["signerName"] = json!(signer);
            let people = ["kubernetes-admin", "jane", "provisioner"];
            let groups = [&["kubeadm:cluster-admins"], &["developers"], &["node-provisioners"]];
            let asker = cases.len() / 7 % people.len();
            cases.push(json!({
                "id": id, "run": "default", "action": "approve", "manifest": manifest,
                "requestor": { "username": people[asker], "groups": groups[asker] },
                "approver": { "username": people[0], "groups": groups[0] },
            }));
        }
    }
    cases.into_iter().step_by(every).collect()
}

/// Objects near the limits of the API server (3 MiB of JSON) and of etcd (1.5 MiB stored).
fn large(good: &Value) -> Vec<Value> {
    let request = good["manifest"]["spec"]["request"].as_str().unwrap_or_default();
    let request = pki_core::detect::decode_base64(request);
    let request = request.expect("base64").bytes.to_vec();
    let mut cases = Vec::new();
    for length in [1_571_000, 1_574_000, 2_300_000, 2_400_000] {
        let mut case = good.clone();
        let id = format!("large-{length}");
        let mut text = request.clone();
        text.resize(length, b'x');
        case["manifest"]["spec"]["request"] = json!(Base64::encode_string(&text));
        case["manifest"]["metadata"]["name"] = json!(id);
        case["id"] = json!(id);
        cases.push(case);
    }
    for length in [262_143, 262_144] {
        let mut case = good.clone();
        let id = format!("annotation-{length}");
        case["manifest"]["metadata"] =
            json!({ "name": id, "annotations": { "a": "x".repeat(length) } });
        case["id"] = json!(id);
        cases.push(case);
    }
    cases
}

/// Sets a field, making the objects on the way to it.
fn put(object: &mut Value, pointer: &str, value: Value) {
    let mut place = object;
    for name in pointer.split('/').skip(1) {
        if place.is_null() {
            *place = json!({});
        }
        place = &mut place[name];
    }
    *place = value;
}
