//! CertificateSigningRequests through a running control plane: what becomes of each is what was
//! predicted, and what is signed is what we sign.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chacha20::ChaCha20Rng;
use pki_core::design::parse_duration;
use pki_core::key::PrivateKey;
use pki_core::plan::Component;
use pki_core::review::{self, SHORT_LIVED};
use pki_core::sign::{Issuer, sign};
use pki_tests::certificate_text;
use pki_tests::cluster::read;
use pki_tests::kubernetes::ControlPlane;
use pki_tests::openssl;
use rand_core::SeedableRng;
use serde_json::{Value, json};
use time::Duration;

use crate::api::{Api, Posted, REQUESTS, text};
use crate::cases;
use crate::running::Running;
use crate::verdicts;

/// The rights of the people in the cases, as the README beside the recording lists them.
const RIGHTS: &str = include_str!("../../fixtures/csr/rights.yaml");
/// Posted before everything else: a case asks for a name that is taken.
const TAKEN: &str = "Jean-Doe";

/// What a prediction knows of a cluster, and the CA that signs there.
pub(crate) struct World {
    /// As in `runs.json`.
    pub(crate) run: Value,
    /// `None` where nobody signs.
    pub(crate) issuer: Option<Issuer>,
    /// When requests are signed there, in seconds since 1970.
    pub(crate) now: i64,
    /// Version of the servers.
    pub(crate) minor: u16,
}

impl World {
    fn predict(&self, posted: &[Posted]) -> BTreeMap<String, Value> {
        let cases: Vec<&Value> = posted.iter().map(|one| &one.case).collect();
        let runs: BTreeMap<&str, &Value> =
            cases.iter().map(|case| (text(&case["run"]), &self.run)).collect();
        let cases = serde_json::to_string(&cases).expect("JSON");
        let runs = json!({ "runs": runs }).to_string();
        let mut lines = Vec::new();
        verdicts::predict(&cases, &runs, Some(self.now), &[TAKEN.to_owned()], &mut lines)
            .expect("predictions");
        String::from_utf8_lossy(&lines)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
            .map(|line| (text(&line["id"]).to_owned(), line))
            .collect()
    }

    /// Lets cases be decided and signed. Where what becomes of one, or its certificate, is not as
    /// predicted, a line goes to `differences`; how many certificates there were to compare.
    pub(crate) fn judge(
        &self,
        api: &Api,
        posted: &[Posted],
        differences: &mut Vec<String>,
    ) -> usize {
        let predicted = self.predict(posted);
        let (mut theirs, mut ours, mut ids) = (Vec::new(), Vec::new(), Vec::new());
        let world = verdicts::cluster(&self.run);
        for (one, result) in posted.iter().zip(api.settle(posted, &predicted)) {
            let (case, found) = (&one.case, &result.found);
            let id = text(&case["id"]);
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
                    result.message, line["rules"]
                ));
            } else if let (Some(certificate), Some(issuer)) = (result.certificate, &self.issuer) {
                let certificate = pki_core::detect::decode_base64(&certificate).expect("base64");
                theirs.push(String::from_utf8(certificate.bytes.to_vec()).expect("PEM"));
                let who = verdicts::identity(case.get("requestor"));
                let review = review::review(&case["manifest"], &world, &who, self.now);
                let signed = sign(
                    review.content().expect("it was predicted to be signed"),
                    issuer,
                    &mut ChaCha20Rng::from_seed([5; 32]),
                );
                ours.push(signed.expect("a certificate").to_pem());
                ids.push(id);
            }
        }
        let fields = |pems: &[String]| -> Vec<_> {
            openssl::texts(pems).iter().map(|text| certificate_text::fields(text)).collect()
        };
        for ((id, theirs), mut ours) in ids.iter().zip(fields(&theirs)).zip(fields(&ours)) {
            if let Some(lifetime) = self.older_lifetime() {
                ours.insert("Lifetime".to_owned(), certificate_text::lifetime(lifetime));
            }
            if theirs != ours {
                differences.push(format!("{id}\n  theirs {theirs:?}\n  ours   {ours:?}"));
            }
        }
        ids.len()
    }

    /// Before 1.22 the minutes by which a certificate is backdated were taken from short lifetimes
    /// as from long ones, so that none was longer than the flag says.
    fn older_lifetime(&self) -> Option<Duration> {
        let flags = self.run["controllerManagerSigningFlags"].as_array().into_iter().flatten();
        let mut durations =
            flags.filter_map(|flag| text(flag).strip_prefix("--cluster-signing-duration="));
        let seconds = parse_duration(durations.next()?).expect("a recorded flag");
        (self.minor < 22 && seconds < SHORT_LIVED).then(|| Duration::seconds(seconds))
    }
}

impl Running<'_> {
    /// Every recorded case, and cases of our own, once more.
    pub(crate) fn requests(&self, servers: &mut ControlPlane) {
        let Self { assets, cluster, admin } = self;
        let rights = cluster.path("rights.yaml");
        fs::write(&rights, RIGHTS).expect("a file in the test's folder");
        let rights = rights.display().to_string();
        let apply = ["apply", "--validate=false", "-f", &rights];
        assets.kubectl(admin, &apply).expect_ok("the rights of the cases");
        let api = Api::open(self);
        let cases = cases::all(assets.minor);
        take_name(&api, &cases);
        let mut differences = Vec::new();
        let compared = self.usual().judge(&api, &api.post(cases), &mut differences);
        assert!(compared > 100, "{compared} certificates");
        self.other_signers(servers, &api, &mut differences);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }

    /// The cluster with the CA and the flags that it has from our files.
    pub(crate) fn usual(&self) -> World {
        let file = |name| self.file(Component::ControllerManager, name);
        let certificate = file("cluster-signing-cert-file");
        World {
            run: json!({
                "caPem": read(&certificate),
                "controllerManagerSigningFlags": ["--cluster-signing-cert-file=ca.crt"],
            }),
            issuer: Some(issuer(&certificate, &file("cluster-signing-key-file"))),
            now: self.cluster.now.unix_timestamp(),
            minor: self.assets.minor,
        }
    }
}

/// A request with the name that one of the cases asks for.
fn take_name(api: &Api, cases: &[Value]) {
    let mut manifest = cases::good(cases)["manifest"].clone();
    manifest["metadata"]["name"] = json!(TAKEN);
    let (code, answer) = api.ask("POST", REQUESTS, None, &manifest);
    assert_eq!(code, 201, "{answer}");
}

pub(crate) fn issuer(certificate: &Path, key: &Path) -> Issuer {
    let key = PrivateKey::from_pem(&read(key)).expect("the CA's key");
    Issuer::new(&read(certificate), key).expect("the CA")
}
