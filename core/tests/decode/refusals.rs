//! Broken certificates, and what kubectl said to each of them as a CA file.

use std::fs;
use std::path::Path;

use pki_core::detect::Step;
use pki_core::explain::{Refuser, When};

use crate::{ca_pem, report};

/// `tests/fixtures/decode/go/make.py` wrote the cases and recorded kubectl 1.32.4.
#[test]
fn words_of_go_for_every_fault() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/go");
    let verdicts = fs::read_to_string(folder.join("verdicts.tsv")).expect("the fixtures");
    let mut wrong = Vec::new();
    for line in verdicts.lines() {
        let (case, expected) = line.split_once('\t').expect("two columns");
        let input = fs::read(folder.join(format!("{case}.pem"))).expect("a case");
        let report = report(input);
        assert_eq!(report.objects.len(), 1, "{case}");
        let refusals = &report.objects[0].refusals;
        let read = refusals.iter().find(|r| r.by == Refuser::Go && r.when == When::Read);
        let found = read.map_or("read", |refusal| refusal.message.as_str());
        if found != expected {
            wrong.push(format!("{case}: {found} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(verdicts.lines().count() >= 40);
}

/// What `kubectl create secret tls` 1.32.4 says of blocks that Go does not see, and
/// `kubectl --certificate-authority`; `tests/tests/kubectl.rs` asks a kubectl that is there.
#[test]
fn a_block_that_is_not_seen_is_said_with_the_words_of_kubectl() {
    let pem = ca_pem();
    let lines = |before: &str| pem.lines().map(|line| format!("{before}{line}\n")).collect();
    let unseen: [(&str, String, &[Step]); 9] = [
        ("pemAfterMark", format!("\u{feff}{pem}"), &[Step::ByteOrderMark]),
        ("pemOneLine", pem.replace('\n', " "), &[]),
        ("pemOneLine", pem.replace('\n', ""), &[]),
        ("pemEscaped", pem.replace('\n', "\\n"), &[Step::Escapes]),
        ("pemEscaped", format!("\"{}\"", pem.replace('\n', "\\n")), &[Step::Escapes]),
        ("pemQuoted", format!("\"{pem}\""), &[Step::Quotes]),
        ("pemPrefixed", lines("> "), &[]),
        ("pemIndented", lines("  "), &[]),
        ("pemUnterminated", pem[..pem.len() - 30].to_owned(), &[]),
    ];
    for (code, text, steps) in unseen {
        let found = report(&text);
        let entry = &found.objects[0];
        let json = serde_json::to_string(&entry.findings).expect("JSON");
        assert!(json.contains(code), "{code}: {json}");
        assert!(steps.iter().all(|step| entry.path.contains(step)), "{code}: {:?}", entry.path);
        for (when, words) in [
            (When::Pair, "tls: failed to find any PEM data in certificate input"),
            (When::CaFile, "unable to parse bytes as PEM block"),
        ] {
            let said = entry.refusals.iter().find(|r| r.by == Refuser::Kubectl && r.when == when);
            assert!(said.is_some_and(|said| said.message.ends_with(words)), "{code}: {entry:?}");
        }
    }
    for text in [pem.clone(), pem.replace('\n', "\r\n"), format!("text\n{pem}")] {
        let found = report(&text);
        assert!(found.objects[0].refusals.iter().all(|refusal| refusal.when != When::Pair));
        assert!(found.objects[0].findings.is_empty(), "{:?}", found.objects[0].findings);
    }
}

#[test]
fn headers_of_a_key_are_not_those_of_a_certificate() {
    use pki_core::decode::Problem;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/pasted");
    let found = |name: &str| report(fs::read(folder.join(name)).expect("a fixture"));
    let problems = |name: &str| -> Vec<Problem> {
        found(name).objects[0].findings.iter().map(|finding| finding.problem.clone()).collect()
    };
    let key = problems("key-encrypted-pem.pem");
    assert!(key.contains(&Problem::PemHeaders { key: true }), "{key:?}");
    let text = pki_text::en::meaning::meaning(&found("key-encrypted-pem.pem"));
    assert!(text.contains("tls: failed to parse private key") && !text.contains("skips"), "{text}");
    assert!(problems("pem-headers.pem").contains(&Problem::PemHeaders { key: false }));
}

/// `keyutil.ParsePublicKeysPEM` reads SPKI, certificates, and private keys in PKCS#1, SEC1 and, of
/// RSA alone, PKCS#8.
#[test]
fn keys_that_verify_no_token() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/pasted");
    for (name, refused) in [
        ("key-pkcs1.pem", false),
        ("key-sec1.pem", false),
        ("key-ed25519.pem", true),
        ("key-pss.pem", true),
        ("key-encrypted-pkcs8.pem", true),
        ("public-p521.pem", false),
        ("public-pkcs1.pem", true),
        ("public-ed25519.pem", true),
    ] {
        let found = report(fs::read(folder.join(name)).expect("a fixture"));
        let refusals = &found.objects[0].refusals;
        let by = |refusal: &&pki_core::explain::Refusal| {
            refusal.by == Refuser::Apiserver && refusal.when == When::TokenKey
        };
        let message = refusals.iter().find(by).map(|refusal| refusal.message.as_str());
        let expected = "data does not contain any valid RSA or ECDSA public keys";
        assert_eq!(message, refused.then_some(expected), "{name}");
    }
    let key = &crate::MADE[0].1.key.as_ref().expect("a key");
    let pkcs8 = key.to_pem(pki_core::key::KeyFormat::Pkcs8).expect("PEM");
    let found = report(pkcs8.as_bytes());
    assert!(found.objects[0].refusals.iter().any(|refusal| refusal.when == When::TokenKey));
}
