//! What people paste: the cases that `tests/fixtures/decode/pasted/make.py` makes with other
//! people's programs, and what it says has to be found in each.

use std::fs;
use std::path::{Path, PathBuf};

use pki_core::decode::Severity;
use pki_core::explain::relations::{ChainProblem, Signature};
use pki_core::explain::{Object, Report, openssl};
use serde_json::Value;

use crate::report;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/pasted")
}

fn read(name: &str) -> Report {
    report(fs::read(folder().join(name)).expect("a readable fixture"))
}

/// The name of a variant as the JSON form has it.
fn code(value: &impl serde::Serialize, key: &str) -> String {
    let value = serde_json::to_value(value).expect("plain data");
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

struct Case {
    name: String,
    kinds: Vec<String>,
    findings: Vec<String>,
}

fn cases() -> Vec<Case> {
    let table = fs::read_to_string(folder().join("cases.tsv")).expect("the table of the fixtures");
    let list = |text: Option<&str>| {
        let text = text.unwrap_or_default();
        text.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let cases: Vec<_> = table
        .lines()
        .map(|line| {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap_or_default().to_owned();
            Case { name, kinds: list(columns.next()), findings: list(columns.next()) }
        })
        .collect();
    assert!(cases.len() >= 150, "only {} cases", cases.len());
    cases
}

#[test]
fn every_case_is_what_its_maker_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let report = read(&case.name);
        let kinds: Vec<_> =
            report.objects.iter().map(|entry| code(&entry.object, "kind")).collect();
        let own = report.objects.iter().flat_map(|entry| &entry.findings);
        let found: Vec<_> = own
            .chain(&report.findings)
            .map(|finding| {
                let mark = if finding.severity == Severity::Error { "!" } else { "" };
                format!("{mark}{}", code(&finding.problem, "code"))
            })
            .collect();
        let missing: Vec<_> = case.findings.iter().filter(|code| !found.contains(code)).collect();
        let errors = case.findings.iter().any(|code| code.starts_with('!'));
        if kinds != case.kinds || !missing.is_empty() || errors != report.has_errors() {
            wrong.push(format!(
                "{}: found {kinds:?} {found:?}, wanted {:?} {:?}",
                case.name, case.kinds, case.findings
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_report_shows_a_secret() {
    for case in cases() {
        let report = read(&case.name);
        let json = serde_json::to_string(&report).expect("plain data");
        let shown = format!("{json}{report:?}{}", pki_text::en::meaning::meaning(&report));
        assert!(!shown.contains("0123456789abcdef"), "{}: the secret of a token", case.name);
        assert!(!shown.contains("PRIVATE KEY-----"), "{}: a private key", case.name);
        if case.name.ends_with(".jwt") {
            let token = fs::read_to_string(folder().join(&case.name)).expect("a token");
            let signature = token.trim().rsplit('.').next().unwrap_or_default();
            assert!(signature.is_empty() || !shown.contains(signature), "{}", case.name);
        }
    }
}

#[test]
fn tokens_are_checked_with_the_key_in_sight() {
    for (name, expected) in [
        ("token-signature-right-rs256.yaml", Some(Signature::Valid)),
        ("token-signature-right-es256.yaml", Some(Signature::Valid)),
        ("token-signature-right-es384.yaml", Some(Signature::Valid)),
        ("token-signature-wrong-rs256.yaml", Some(Signature::Invalid)),
        ("token-rs256.jwt", None),
    ] {
        let report = read(name);
        let found = report.relations.tokens.first().map(|link| link.signature);
        assert_eq!(found, expected, "{name}");
        let Object::Token(token) = &report.objects[0].object else { panic!("{name}") };
        assert_eq!(token.user.as_deref(), Some("system:serviceaccount:shop:web"), "{name}");
    }
}

#[test]
fn name_constraints_are_those_of_go() {
    let problem = |name: &str| {
        let report = read(name);
        let chain = report.relations.chains.first().expect("a chain");
        assert_eq!(chain.certificates.len(), 3, "{name}");
        chain.problems.first().copied()
    };
    assert_eq!(problem("constraint-inside.pem"), None);
    for name in ["constraint-outside-dns.pem", "constraint-outside-ip.pem"] {
        let expected =
            ChainProblem::NameNotAllowed { certificate: 0, issuer: 1, san: 0, excluded: false };
        assert_eq!(problem(name), Some(expected), "{name}");
    }
}

#[test]
fn names_that_deceive_are_made_visible() {
    let report = read("deceiving-name.pem");
    let text = pki_text::en::meaning::meaning(&report);
    assert!(text.contains("CN=admin\\e2\\80\\aegnp.exe\\e2\\80\\8b"), "{text}");
    assert!(text.contains("O=\\<script\\>alert(1)\\</script\\>"), "{text}");
    assert!(!text.contains(['\u{202e}', '\u{200b}']), "{text}");
}

#[test]
fn a_lost_letter_is_found_where_it_was() {
    let report = read("base64-letter-missing.txt");
    let findings = || report.objects.iter().flat_map(|entry| &entry.findings);
    let shift = findings().find(|finding| code(&finding.problem, "code") == "base64Shift");
    let offset = shift.and_then(|finding| finding.offset).expect("an offset");
    assert!((396..=412).contains(&offset), "the letter at 400 is missing, and {offset} is named");
    let report = read("pem-letter-missing.pem");
    let findings = || report.objects.iter().flat_map(|entry| &entry.findings);
    let line = findings().find(|finding| code(&finding.problem, "code") == "base64LineLength");
    assert_eq!(line.and_then(|finding| finding.line), Some(6));
}

#[test]
fn a_bundle_is_a_bundle_and_not_a_heap() {
    let report = read("pki.tar.gz");
    assert_eq!(report.relations.keys.len(), 2);
    assert!(report.relations.mismatches.is_empty());
    let chains: Vec<_> =
        report.relations.chains.iter().map(|chain| chain.certificates.clone()).collect();
    assert_eq!(chains, [[2, 0]]);
}

#[test]
fn every_text_form_that_there_is_names_its_object() {
    let mut texts = 0;
    for case in cases() {
        for entry in read(&case.name).objects {
            let Some(pem) = entry.pem else { continue };
            let (_, der) = pem_rfc7468::decode_vec(pem.as_bytes()).expect("our own PEM");
            let title = match entry.object {
                Object::Certificate(_) => "Certificate:\n",
                Object::CertificateRequest(_) => "Certificate Request:\n",
                Object::RevocationList(_) => "Certificate Revocation List (CRL):\n",
                _ => continue,
            };
            assert!(
                openssl::text(&der).is_some_and(|text| text.starts_with(title)),
                "{}",
                case.name
            );
            texts += 1;
        }
    }
    assert!(texts >= 100, "only {texts} texts");
}
