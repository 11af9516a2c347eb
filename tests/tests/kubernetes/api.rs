//! CertificateSigningRequests posted, decided and watched as in the recording.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use pki_tests::server::{Server, free_port};
use serde_json::{Value, json};

use crate::running::Running;

pub(crate) const REQUESTS: &str = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/// A way into the API server without TLS, on loopback, as an administrator who may be anybody.
pub(crate) struct Api {
    _proxy: Server,
    port: u16,
}

impl Api {
    pub(crate) fn open(running: &Running) -> Self {
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
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        who: Option<&Value>,
        body: &Value,
    ) -> (u16, Value) {
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

/// A case with what came of posting it.
pub(crate) struct Posted {
    pub(crate) case: Value,
    /// The name in the cluster; `None` where the API server refused.
    name: Option<String>,
    code: u16,
    answer: Value,
    /// Whether the controller approved it by itself.
    auto_approved: Option<bool>,
}

/// What became of a case.
pub(crate) struct Settled {
    /// In the form of a prediction.
    pub(crate) found: Value,
    /// What the API server said.
    pub(crate) message: Value,
    /// `status.certificate`.
    pub(crate) certificate: Option<String>,
}

impl Api {
    /// Posts cases, and gives the controller the time to approve what it approves by itself.
    pub(crate) fn post(&self, cases: Vec<Value>) -> Vec<Posted> {
        let post = |case: Value| {
            let manifest = &case["manifest"];
            let version = text(&manifest["apiVersion"]).split_once('/');
            let version = version.filter(|(group, _)| *group == "certificates.k8s.io");
            let version = version.map_or("v1", |(_, version)| version);
            let version = if version.is_empty() { "v1" } else { version };
            let path = REQUESTS.replace("v1", version);
            let (code, answer) = self.ask("POST", &path, Some(&case["requestor"]), manifest);
            let name = (code == 201).then(|| text(&answer["metadata"]["name"]).to_owned());
            Posted { case, name, code, answer, auto_approved: None }
        };
        let mut posted: Vec<Posted> = cases.into_iter().map(post).collect();
        // As in the recording.
        thread::sleep(Duration::from_secs(3));
        let objects = self.all();
        for one in &mut posted {
            one.auto_approved = one.object(&objects).map(|object| has(object, "Approved"));
        }
        posted
    }

    /// Does what the approvers of cases do, and waits until each is as far as it was predicted to
    /// come, or for some seconds.
    pub(crate) fn settle(
        &self,
        posted: &[Posted],
        predicted: &BTreeMap<String, Value>,
    ) -> Vec<Settled> {
        let objects = self.all();
        for one in posted {
            if let Some(object) = one.object(&objects) {
                decide(self, &one.case, object);
            }
        }
        let start = Instant::now();
        let is_settled = |object: &Value, wanted: &str| match wanted {
            "issued" => object["status"].get("certificate").is_some(),
            "failed" => has(object, "Failed"),
            // Nobody says that nobody signs.
            "approved-unsigned" => start.elapsed() > Duration::from_secs(1),
            _ => true,
        };
        let mut objects = self.all();
        while start.elapsed() < Duration::from_secs(10)
            && !posted.iter().all(|one| {
                let wanted = text(&predicted[text(&one.case["id"])]["outcome"]);
                one.object(&objects).is_none_or(|object| is_settled(object, wanted))
            })
        {
            thread::sleep(Duration::from_millis(100));
            objects = self.all();
        }
        posted.iter().map(|one| one.result(one.object(&objects))).collect()
    }
}

impl Posted {
    fn object<'o>(&self, objects: &'o BTreeMap<String, Value>) -> Option<&'o Value> {
        objects.get(self.name.as_ref()?)
    }

    fn result(&self, object: Option<&Value>) -> Settled {
        let reason = if self.code == 201 { &Value::Null } else { &self.answer["reason"] };
        Settled {
            found: json!({
                "outcome": object.map_or("refused", outcome),
                "code": self.code,
                "reason": reason,
                "autoApproved": self.auto_approved,
            }),
            message: self.answer["message"].clone(),
            certificate: object
                .and_then(|object| object["status"]["certificate"].as_str())
                .map(str::to_owned),
        }
    }
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
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
