//! CertificateSigningRequests through a running control plane: what becomes of each is what was
//! predicted, and what is signed is what we sign.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use chacha20::ChaCha20Rng;
use pki_core::key::PrivateKey;
use pki_core::plan::Component;
use pki_core::review;
use pki_core::sign::{Issuer, sign};
use pki_tests::certificate_text;
use pki_tests::cluster::read;
use pki_tests::openssl;
use pki_tests::server::{Server, free_port};
use rand_core::SeedableRng;
use serde_json::{Value, json};

use crate::cases;
use crate::running::Running;
use crate::verdicts;

const REQUESTS: &str = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
/// The rights of the people in the cases, as the README beside the recording lists them.
const RIGHTS: &str = include_str!("../../fixtures/csr/rights.yaml");
/// Posted before everything else: a case asks for a name that is taken.
const TAKEN: &str = "Jean-Doe";

/// A way into the API server without TLS, on loopback, as an administrator who may be anybody.
struct Api {
    _proxy: Server,
    port: u16,
}

impl Api {
    fn open(running: &Running) -> Self {
        let port = free_port();
        let mut proxy = Server::start(
            "kubectl-proxy",
            running.cluster.folder(),
            Command::new(running.assets.program("kubectl"))
                .env("HOME", running.cluster.folder())
                .arg("--kubeconfig")
                .arg(&running.admin)
                .args(["proxy", "--address=127.0.0.1", &format!("--port={port}")]),
        );
        proxy.wait_for_port((Ipv4Addr::LOCALHOST, port).into());
        Self { _proxy: proxy, port }
    }

    /// The status and the answer to a request by somebody.
    fn ask(&self, method: &str, path: &str, who: Option<&Value>, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut head = format!(
            "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n",
            body.len()
        );
        if let Some(who) = who {
            head.push_str(&format!("Impersonate-User: {}\r\n", text(&who["username"])));
            for group in who["groups"].as_array().into_iter().flatten() {
                head.push_str(&format!("Impersonate-Group: {}\r\n", text(group)));
            }
        }
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("kubectl proxy");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream.write_all(format!("{head}\r\n{body}").as_bytes()).expect("kubectl proxy listens");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {head}"));
        (status, serde_json::from_str(body).unwrap_or_else(|_| json!(body)))
    }

    /// Every request there is, by name.
    fn all(&self) -> BTreeMap<String, Value> {
        let (_, list) = self.ask("GET", REQUESTS, None, &Value::Null);
        let items = list["items"].as_array().expect("a list").iter();
        items.map(|item| (text(&item["metadata"]["name"]).to_owned(), item.clone())).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Puts cases through the cluster and gives what it did with each, in the form of a prediction.
fn run(
    api: &Api,
    cases: &[Value],
    predicted: &BTreeMap<String, Value>,
) -> Vec<(String, Value, Value)> {
    let mut created = Vec::new();
    for case in cases {
        let manifest = &case["manifest"];
        let version = text(&manifest["apiVersion"]).split_once('/');
        let version = version.filter(|(group, _)| *group == "certificates.k8s.io");
        let version = version.map_or("v1", |(_, version)| version);
        let version = if version.is_empty() { "v1" } else { version };
        let path = REQUESTS.replace("v1", version);
        let (code, answer) = api.ask("POST", &path, Some(&case["requestor"]), manifest);
        let name = (code == 201).then(|| text(&answer["metadata"]["name"]).to_owned());
        let reason = if code == 201 { Value::Null } else { answer["reason"].clone() };
        created.push((name, code, reason, answer["message"].clone()));
    }
    // As in the recording: by then the controller has approved what it approves.
    thread::sleep(Duration::from_secs(3));
    let before = api.all();
    for (case, (name, ..)) in cases.iter().zip(&created) {
        let Some(object) = name.as_ref().and_then(|name| before.get(name)) else { continue };
        decide(api, case, object);
    }
    let is_settled = |object: &Value, wanted: &str| match wanted {
        "issued" => object["status"].get("certificate").is_some(),
        "failed" => has(object, "Failed"),
        _ => true,
    };
    let start = Instant::now();
    let mut after = api.all();
    while start.elapsed() < Duration::from_secs(10)
        && !cases.iter().zip(&created).all(|(case, (name, ..))| {
            let object = name.as_ref().and_then(|name| after.get(name));
            object.is_none_or(|o| is_settled(o, text(&predicted[text(&case["id"])]["outcome"])))
        })
    {
        thread::sleep(Duration::from_millis(200));
        after = api.all();
    }
    let mut results = Vec::new();
    for (case, (name, code, reason, message)) in cases.iter().zip(created) {
        let (first, last) = match &name {
            Some(name) => (before.get(name), after.get(name)),
            None => (None, None),
        };
        let found = json!({
            "outcome": last.map_or("refused", outcome),
            "code": code,
            "reason": reason,
            "autoApproved": first.map(|object| has(object, "Approved")),
        });
        let shown = json!({
            "message": message,
            "certificate": last.map(|object| object["status"]["certificate"].clone()),
        });
        results.push((text(&case["id"]).to_owned(), found, shown));
    }
    results
}

fn has(object: &Value, condition: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array().into_iter().flatten();
    conditions.into_iter().any(|found| found["type"] == condition)
}

fn outcome(object: &Value) -> &'static str {
    let certificate = object["status"].get("certificate").is_some();
    match ["Denied", "Failed", "Approved"].map(|condition| has(object, condition)) {
        [true, ..] => "denied",
        [_, true, _] => "failed",
        [.., true] if certificate => "issued",
        [.., true] => "approved-unsigned",
        _ => "pending",
    }
}

/// What the approver of a case does.
fn decide(api: &Api, case: &Value, object: &Value) {
    let steps: &[(&str, Option<&str>)] = match text(&case["action"]) {
        "approve" => &[("Approved", Some("True"))],
        "deny" => &[("Denied", Some("True"))],
        "deny-then-approve" => &[("Denied", Some("True")), ("Approved", Some("True"))],
        "approve-then-deny" => &[("Approved", Some("True")), ("Denied", Some("True"))],
        "approve-false" => &[("Approved", Some("False"))],
        "approve-nostatus" => &[("Approved", None)],
        _ => &[],
    };
    if has(object, "Approved") && text(&case["action"]) == "approve" {
        return;
    }
    let path = format!("{REQUESTS}/{}", encoded(text(&object["metadata"]["name"])));
    for (condition, status) in steps {
        let (_, mut object) = api.ask("GET", &path, None, &Value::Null);
        let mut new = json!({ "type": condition, "reason": "Test", "message": "by a test" });
        if let Some(status) = status {
            new["status"] = json!(status);
        }
        match object["status"]["conditions"].as_array_mut() {
            Some(conditions) => conditions.push(new),
            None => object["status"]["conditions"] = json!([new]),
        }
        // Refused where the approver may not: the outcome shows it.
        api.ask("PUT", &format!("{path}/approval"), Some(&case["approver"]), &object);
    }
}

fn encoded(name: &str) -> String {
    let mut out = String::new();
    for octet in name.bytes() {
        match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(octet));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

impl Running<'_> {
    /// Every recorded case of the usual cluster, and cases of our own, once more.
    pub(crate) fn requests(&self) {
        let Self { assets, cluster, admin } = self;
        let rights = cluster.path("rights.yaml");
        std::fs::write(&rights, RIGHTS).expect("a file in the test's folder");
        let rights = rights.display().to_string();
        let apply = ["apply", "--validate=false", "-f", &rights];
        assets.kubectl(admin, &apply).expect_ok("the rights of the cases");
        let api = Api::open(self);
        let cases = cases::all(assets.minor);
        let signed_by = self.signing_ca();
        let runs = json!({ "runs": { "default": {
            "caPem": read(&signed_by.0),
            "controllerManagerSigningFlags": ["--cluster-signing-cert-file=ca.crt"],
        } } });
        let now = cluster.now.unix_timestamp();
        let mut lines = Vec::new();
        let posted = serde_json::to_string(&cases).expect("JSON");
        verdicts::predict(&posted, &runs.to_string(), Some(now), &[TAKEN.to_owned()], &mut lines)
            .expect("predictions");
        let predicted: BTreeMap<String, Value> = String::from_utf8_lossy(&lines)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
            .map(|line| (text(&line["id"]).to_owned(), line))
            .collect();
        self.take_name(&api, &cases);

        let results = run(&api, &cases, &predicted);
        let mut differences = Vec::new();
        let (mut theirs, mut ours, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let issuer = issuer(&signed_by.0, &signed_by.1);
        let world = verdicts::cluster(&runs["runs"]["default"]);
        for (case, (id, found, shown)) in cases.iter().zip(&results) {
            let line = &predicted[id];
            let expected = json!({
                "outcome": line["outcome"],
                "code": line["create"]["code"],
                "reason": line["create"]["reason"],
                "autoApproved": line["autoApproved"],
            });
            if *found != expected {
                differences.push(format!(
                    "{id}\n  found     {found} {}\n  predicted {expected} {}",
                    shown["message"], line["rules"]
                ));
            } else if let Some(certificate) = shown["certificate"].as_str() {
                let certificate = pki_core::detect::decode_base64(certificate).expect("base64");
                theirs.push(String::from_utf8(certificate.bytes.to_vec()).expect("PEM"));
                let who = verdicts::identity(case.get("requestor"));
                let review = review::review(&case["manifest"], &world, &who, now);
                let signed = sign(
                    review.content().expect("it was predicted to be signed"),
                    &issuer,
                    &mut ChaCha20Rng::from_seed([5; 32]),
                );
                ours.push(signed.expect("a certificate").to_pem());
                ids.push(id);
            }
        }
        let fields = |pems: &[String]| -> Vec<_> {
            openssl::texts(pems).iter().map(|text| certificate_text::fields(text)).collect()
        };
        for ((id, theirs), ours) in ids.iter().zip(fields(&theirs)).zip(fields(&ours)) {
            if theirs != ours {
                differences.push(format!("{id}\n  theirs {theirs:?}\n  ours   {ours:?}"));
            }
        }
        assert!(ids.len() > 100, "{} certificates", ids.len());
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

impl Running<'_> {
    /// Certificate and key of the CA that signs requests.
    fn signing_ca(&self) -> (PathBuf, PathBuf) {
        let file = |name| self.file(Component::ControllerManager, name);
        (file("cluster-signing-cert-file"), file("cluster-signing-key-file"))
    }

    /// A request with the name that one of the cases asks for.
    fn take_name(&self, api: &Api, cases: &[Value]) {
        let mut manifest = cases::good(cases)["manifest"].clone();
        manifest["metadata"]["name"] = json!(TAKEN);
        let (code, answer) = api.ask("POST", REQUESTS, None, &manifest);
        assert_eq!(code, 201, "{answer}");
    }
}

fn issuer(certificate: &Path, key: &Path) -> Issuer {
    let key = PrivateKey::from_pem(&read(key)).expect("the CA's key");
    Issuer::new(&read(certificate), key).expect("the CA")
}
