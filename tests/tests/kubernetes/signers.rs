//! The recorded cases of clusters that sign with another CA, for another time, or not at all:
//! kube-controller-manager starts once more for each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pki_tests::cluster::read;
use pki_tests::kubernetes::ControlPlane;
use pki_tests::openssl::openssl;
use serde_json::{Value, json};
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use crate::api::{Api, Posted, REQUESTS, text};
use crate::cases;
use crate::requests::{World, issuer};
use crate::running::{Running, eventually};

const RUNS: &str = include_str!("../../fixtures/csr/runs.json");
/// The run with the usual CA, where no node has its requests approved by the controller.
const NO_BINDINGS: &str = "no-bindings";
/// So many of the 18 cases end with a certificate.
const SIGNED: usize = 13;
/// Where the recorded flags have their files.
const RECORDED: &str = "/etc/kubernetes/pki/";
/// Everything that a CA has, but a key identifier.
const MAY_SIGN: &str = "basicConstraints=critical,CA:TRUE\n\
     keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign\n";
const KEY_IDENTIFIER: &str = "subjectKeyIdentifier=hash\n";

impl Running<'_> {
    /// The recorded cases of all runs but the usual one.
    pub(crate) fn other_signers(
        &self,
        servers: &mut ControlPlane,
        api: &Api,
        differences: &mut Vec<String>,
    ) {
        let recorded: Value = serde_json::from_str(RUNS).expect("the recording");
        // Some are megabytes, and each look at what became of the others would read them.
        let (code, answer) = api.ask("DELETE", REQUESTS, None, &Value::Null);
        assert_eq!(code, 200, "{answer}");
        self.unbind_nodes();
        // All at once, because there is a wait behind it. None that is to have another signer is
        // one that the controller approves.
        let mut runs: BTreeMap<String, Vec<Posted>> = BTreeMap::new();
        for posted in api.post(cases::of_other_signers(self.assets.minor)) {
            runs.entry(text(&posted.case["run"]).to_owned()).or_default().push(posted);
        }
        let of_nodes = runs.remove(NO_BINDINGS).expect("cases without bindings");
        let mut usual = self.usual();
        usual.run["description"] = recorded["runs"][NO_BINDINGS]["description"].clone();
        let mut compared = usual.judge(api, &of_nodes, differences);

        let root = self.cluster.path("root");
        for (name, posted) in &runs {
            let (world, flags) = self.recorded_signer(name, &recorded["runs"][name]);
            servers.sign_with(self.assets, self.cluster, &root, &flags);
            servers.controller_manager.wait_for_words("Caches are synced");
            compared += world.judge(api, posted, differences);
            for one in posted {
                if one.case["verdict"]["controllerError"].is_string() {
                    let id = text(&one.case["id"]);
                    let words = format!("Sync {id} failed with : error auto signing csr: ");
                    servers.controller_manager.wait_for_words(&words);
                }
            }
        }
        assert_eq!(compared, SIGNED, "{}", differences.join("\n"));
    }

    /// Takes the right to be approved by the controller from nodes.
    fn unbind_nodes(&self) {
        let Self { assets, admin, .. } = self;
        let delete = ["delete", "clusterrolebinding", "case:selfnodeclient"];
        assets.kubectl(admin, &delete).expect_ok("the rights of nodes");
        let may = ["auth", "can-i", "create", "certificatesigningrequests"];
        let may = may.into_iter().chain(["--subresource=selfnodeclient"]);
        let who = ["--as=system:node:n1", "--as-group=system:nodes"];
        let may: Vec<&str> = may.chain(who).collect();
        eventually("nodes without that right", || {
            let outcome = assets.kubectl(admin, &may);
            if outcome.stdout.starts_with("no") { Ok(()) } else { Err(outcome.stderr) }
        });
    }

    /// A run of the recording, with a CA like the one it had, and the flags that name it.
    fn recorded_signer(&self, name: &str, recorded: &Value) -> (World, Vec<String>) {
        let folder = self.cluster.path("signers");
        fs::create_dir_all(&folder).expect("a folder in the test's folder");
        let here = format!("{}/", folder.display());
        let flags = recorded["controllerManagerSigningFlags"].as_array().into_iter().flatten();
        let flags: Vec<String> = flags.map(|flag| text(flag).replace(RECORDED, &here)).collect();
        // Now, because one of them is short of time.
        let now = OffsetDateTime::now_utc();
        let mut world = World {
            run: recorded.clone(),
            issuer: None,
            now: now.unix_timestamp(),
            minor: self.assets.minor,
        };
        if !flags.is_empty() {
            let (certificate, key) = Recipe::of(name).make(&folder, name, now);
            world.run["caPem"] = json!(read(&certificate));
            world.issuer = Some(issuer(&certificate, &key));
        }
        (world, flags)
    }
}

/// What is told of the CAs of the recording, whose keys were not kept.
struct Recipe {
    /// As `openssl genpkey` wants it.
    key: &'static [&'static str],
    extensions: String,
    /// Validity, from the moment of making.
    start: Duration,
    end: Duration,
    has_root: bool,
}

impl Recipe {
    fn of(run: &str) -> Self {
        let usual = Self {
            key: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            extensions: format!("{MAY_SIGN}{KEY_IDENTIFIER}"),
            start: Duration::days(-3650),
            end: Duration::days(3650),
            has_root: false,
        };
        match run {
            "duration-2h-p384" => {
                Self { key: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ..usual }
            }
            // Half a minute more than recorded: lifetimes are compared in whole minutes, and it
            // is some seconds until the controller signs.
            "short-ca" => Self { end: Duration::hours(3) + Duration::seconds(30), ..usual },
            "rsa-ca-no-ski" => Self {
                key: &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
                extensions: MAY_SIGN.to_owned(),
                ..usual
            },
            "ed25519-ca" => Self { key: &["-algorithm", "ED25519"], ..usual },
            "not-a-ca" => Self {
                extensions: format!(
                    "basicConstraints=critical,CA:FALSE\n\
                     keyUsage=critical,digitalSignature,keyEncipherment\n{KEY_IDENTIFIER}"
                ),
                ..usual
            },
            "intermediate-ca" => Self { has_root: true, ..usual },
            "future-ca" => Self { start: Duration::days(1), ..usual },
            "expired-ca" => Self { end: Duration::hours(-1), ..usual },
            "just-expired-ca" => Self { end: Duration::minutes(-1), ..usual },
            "duration-5m" | "per-signer-serving-ca" => usual,
            other => panic!("no CA is known of the run {other}"),
        }
    }

    /// Certificate and key.
    fn make(&self, folder: &Path, name: &str, now: OffsetDateTime) -> (PathBuf, PathBuf) {
        let path = |ending: &str| folder.join(format!("{name}.{ending}"));
        let text = |path: PathBuf| path.display().to_string();
        let [certificate, key, request] = ["crt", "key", "csr"].map(|ending| text(path(ending)));
        let genpkey = [&["genpkey", "-out", &key], self.key].concat();
        openssl(&genpkey).expect_ok("openssl genpkey");
        let req = ["req", "-new", "-subj", "/CN=kubernetes", "-key", &key, "-out", &request];
        openssl(&req).expect_ok("openssl req");
        // Of openssl's ways to a certificate, only this takes both dates in every release.
        let config = text(path("cnf"));
        fs::write(&config, self.config(folder)).expect("a file in the test's folder");
        fs::write(folder.join("index.txt"), "").expect("a file in the test's folder");
        let form = format_description!("[year][month][day][hour][minute][second]Z");
        let date = |offset: Duration| (now + offset).format(form).expect("a year of four digits");
        let (start, end) = (date(self.start), date(self.end));
        let mut ca = vec!["ca", "-batch", "-notext", "-config", &config];
        ca.extend(["-startdate", &start, "-enddate", &end, "-in", &request, "-out", &certificate]);
        let root = ["root.crt", "root.key"].map(|name| text(folder.join(name)));
        if self.has_root {
            let [root_certificate, root_key] = &root;
            let new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
            let new = [&new[..], &["-nodes", "-subj", "/CN=root", "-days", "7300"]].concat();
            let new = [&new[..], &["-keyout", root_key, "-out", root_certificate]].concat();
            openssl(&new).expect_ok("openssl req -x509");
            ca.extend(["-cert", root_certificate, "-keyfile", root_key]);
        } else {
            ca.extend(["-selfsign", "-keyfile", &key]);
        }
        openssl(&ca).expect_ok("openssl ca");
        (certificate.into(), key.into())
    }

    fn config(&self, folder: &Path) -> String {
        let folder = folder.display();
        format!(
            "[ca]\ndefault_ca=this\n[this]\ndatabase={folder}/index.txt\nnew_certs_dir={folder}\n\
             default_md=default\nunique_subject=no\nrand_serial=yes\npolicy=names\nx509_extensions=extensions\n\
             [names]\ncommonName=supplied\n[extensions]\n{}",
            self.extensions
        )
    }
}
