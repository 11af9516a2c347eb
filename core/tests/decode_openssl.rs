//! The text form against OpenSSL's own: the recorded cases, and the certificates we make.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use pki_core::design::{Design, DesignNode};
use pki_core::explain::{self, Object, openssl};
use pki_core::issue::{DemoEntropy, make_all};
use pki_core::plan::Plan;
use time::macros::datetime;

/// Tried on a machine whose openssl is of the line that is imitated.
const VERSION: &str = "OpenSSL 3.0.";

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/openssl");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the fixtures of the repository")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|end| end == "pem" || end == "csr"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 60, "only {} cases", paths.len());
    paths
}

fn der(path: &Path) -> Vec<u8> {
    let pem = fs::read(path).expect("a readable fixture");
    pem_rfc7468::decode_vec(&pem).expect("a PEM block").1
}

/// Compares with a message that shows the first line that differs.
fn assert_same(what: &str, expected: &str, found: &str) {
    let mut lines = expected.lines().zip(found.lines()).enumerate();
    if let Some((line, (expected, found))) = lines.find(|(_, (a, b))| a != b) {
        panic!("{what}:{}: openssl has {expected:?}, we have {found:?}", line + 1);
    }
    assert_eq!(expected, found, "{what}");
}

#[test]
fn text_is_what_openssl_recorded() {
    for path in cases() {
        let expected = fs::read_to_string(path.with_extension("txt")).expect("a recorded text");
        let found = openssl::text(&der(&path)).expect("a readable object");
        assert_same(&path.display().to_string(), &expected, &found);
    }
}

/// Runs `openssl … -noout -text`; `None`, with the reason on stderr, where that cannot be.
fn live(kind: &str, der: &[u8]) -> Option<String> {
    let text = run(&[kind, "-inform", "DER", "-noout", "-text"], der)?;
    Some(String::from_utf8(text).expect("UTF-8"))
}

/// Runs openssl; `None` as above.
fn run(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let required = env::var_os("PKI_REQUIRE_ALL").is_some_and(|value| value == "1");
    let version = Command::new("openssl").arg("version").output();
    let version = version.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    if !version.as_ref().is_ok_and(|version| version.starts_with(VERSION)) {
        assert!(!required, "PKI_REQUIRE_ALL=1, but openssl is not 3.0: {version:?}");
        eprintln!("skipped: openssl 3.0 is not on PATH ({version:?})");
        return None;
    }
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl runs");
    child.stdin.take().expect("a pipe").write_all(input).expect("openssl reads");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(output.status.success(), "openssl {arguments:?} refuses");
    Some(output.stdout)
}

#[test]
fn text_is_what_openssl_prints_here() {
    for path in cases() {
        let kind = if path.extension().is_some_and(|end| end == "csr") { "req" } else { "x509" };
        let der = der(&path);
        let Some(expected) = live(kind, &der) else { return };
        let found = openssl::text(&der).expect("a readable object");
        assert_same(&path.display().to_string(), &expected, &found);
    }
}

#[test]
fn text_of_all_that_we_make_is_what_openssl_prints() {
    let now = datetime!(2026-11-23 12:00:00 UTC);
    for (algorithm, version) in
        [("ecdsa-p256", "1.36"), ("ecdsa-p384", "1.28"), ("rsa-2048", "1.20")]
    {
        let mut design = Design::default();
        design.keys.algorithm = algorithm.to_owned();
        design.keys.service_account = "ecdsa-p256".to_owned();
        design.kubernetes_version = version.to_owned();
        design.service_cidrs = vec!["10.96.0.0/12".to_owned(), "fd00::/108".to_owned()];
        if algorithm != "rsa-2048" {
            design.workers.push(DesignNode {
                name: "worker-1".to_owned(),
                addresses: vec!["10.0.0.21".to_owned(), "fd01::21".to_owned()],
            });
        }
        let plan = {
            let (settings, findings) = design.check();
            Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")))
        };
        let made =
            make_all(&plan, now, &mut DemoEntropy::new("text"), |_| ControlFlow::Continue(()))
                .expect("a checked plan");
        for (material, item) in made.iter().zip(&plan.items) {
            let Some(der) = &material.certificate else { continue };
            let Some(expected) = live("x509", der) else { return };
            let found = openssl::text(der).expect("a readable certificate");
            assert_same(&format!("{algorithm} {:?}", item.name), &expected, &found);
        }
    }
}

#[test]
fn text_of_what_people_paste_is_what_openssl_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/pasted");
    let now = datetime!(2026-06-01 12:00:00 UTC);
    let mut seen = std::collections::BTreeSet::new();
    for entry in fs::read_dir(folder).expect("the fixtures of the repository") {
        let path = entry.expect("a readable folder").path();
        if path.extension().is_none_or(|end| end == "tsv" || end == "py") {
            continue;
        }
        for object in explain::read(&fs::read(&path).expect("a readable fixture"), now).objects {
            let kind = match object.object {
                Object::Certificate(_) => "x509",
                Object::CertificateRequest(_) => "req",
                Object::RevocationList(_) => "crl",
                _ => continue,
            };
            let Some(pem) = object.pem.filter(|pem| seen.insert(pem.clone())) else { continue };
            let (_, der) = pem_rfc7468::decode_vec(pem.as_bytes()).expect("our own PEM");
            let Some(expected) = live(kind, &der) else { return };
            let found = openssl::text(&der).expect("a readable object");
            assert_same(&path.display().to_string(), &expected, &found);
        }
    }
    assert!(seen.len() >= 12, "only {} objects", seen.len());
}

/// `discovery-token-ca-cert-hash` by the commands of kubeadm's documentation, the credential-id of
/// audit events, and the kid of service-account tokens.
#[test]
fn hashes_are_those_of_openssl() {
    let now = datetime!(2026-06-01 12:00:00 UTC);
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    let plan = Plan::new(design.check().0.expect("the default design"));
    let made = make_all(&plan, now, &mut DemoEntropy::new("hash"), |_| ControlFlow::Continue(()))
        .expect("a checked plan");
    let mut authorities = 0;
    for der in made.iter().filter_map(|made| made.certificate.as_ref()) {
        let Some(pem) = run(&["x509", "-inform", "DER", "-noout", "-pubkey"], der) else { return };
        let hash = |arguments: &[&str], input: &[u8]| run(arguments, input).expect("as before");
        let spki = hash(&["pkey", "-pubin", "-outform", "DER"], &pem);
        let hex = |input: &[u8]| {
            let text = String::from_utf8(hash(&["dgst", "-sha256", "-r"], input)).expect("ASCII");
            text.split(' ').next().unwrap_or_default().to_owned()
        };
        let kid = hash(&["base64", "-A"], &hash(&["dgst", "-sha256", "-binary"], &spki));
        let kid = String::from_utf8(kid).expect("ASCII").trim_end_matches('=').to_owned();
        let report = explain::read(der, now);
        let Object::Certificate(found) = &report.objects[0].object else { panic!("{report:?}") };
        let expected = format!("sha256:{}", hex(&spki));
        let name = &found.subject.rfc4514;
        if let Some(hash) = &found.discovery_token_ca_cert_hash {
            assert_eq!(hash, &expected, "{name}");
            authorities += 1;
        }
        assert_eq!(found.credential_id, format!("X509SHA256={}", hex(der)), "{name}");
        assert_eq!(found.key.kid, kid.replace('+', "-").replace('/', "_"), "{name}");
    }
    assert_eq!(authorities, 3, "the CAs of kubeadm");
}
