//! What is there in part, or is nothing: read as far as it goes, and said to be so.

use pki_core::decode::{Finding, Problem};
use pki_core::explain::{Object, Report};

use crate::broken::{all, finding, patched};
use crate::{ca, ca_pem, certificates, report};

#[test]
fn what_is_not_recognised_is_guessed_at() {
    let looks = |input: &[u8]| {
        let found = report(input);
        match finding(&found, |p| matches!(p, Problem::LooksLike { .. })).problem {
            Problem::LooksLike { head, guess } => (head, guess.unwrap_or_default()),
            _ => unreachable!("asked for"),
        }
    };
    let binary = |start: &[u8]| looks(&[start, &[0xfe; 40]].concat());
    let bolt = [&[0; 16][..], b"\xed\xda\x0c\xed\x02\0\0\0"].concat();
    for (start, guess) in [
        (&b"\xff\xd8\xff\xe0\0\x10JFIF\0"[..], "JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"%PDF-1.7\n", "PDF document"),
        (b"\x7fELF\x02\x01", "Linux program (ELF)"),
        (b"SQLite format 3\0", "SQLite database"),
        (b"k8s\0\n\x0f", "Kubernetes object as etcd stores it (protobuf)"),
        (&bolt, "etcd database or snapshot (bbolt)"),
        (b"\xfe\xfd", ""),
    ] {
        let (head, found) = binary(start);
        assert_eq!(found, guess);
        let octets = [start, &[0xfe; 40]].concat();
        assert_eq!(head, pki_core::decode::hex(&octets[..16]));
    }
    // A text may be part of a key, and is in sight anyway.
    assert_eq!(looks(b"MZ, it says"), (String::new(), "text".to_owned()));
}

#[test]
fn a_field_is_complained_of_once() {
    let found = report("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: \"!!!notbase64\"\n");
    assert_eq!(all(&found).len(), 1, "{found:?}");
    finding(&found, |problem| matches!(problem, Problem::FieldNotRecognised { .. }));
}

#[test]
fn requests_of_other_kinds_say_whom_they_are_for() {
    let request = |text: &str| {
        let found = report(text);
        let Object::SigningRequest(request) = found.objects[0].object.clone() else {
            panic!("{found:?}")
        };
        (*request, found.objects[0].findings.clone(), pki_text::en::meaning::meaning(&found))
    };
    let (pod, findings, text) = request(
        "apiVersion: certificates.k8s.io/v1beta1\nkind: PodCertificateRequest\nmetadata: {name: p}\n\
         spec:\n  signerName: a.b/c\n  podName: web\n  nodeName: w1\n  serviceAccountName: shop\n\
         status:\n  conditions:\n  - {type: Denied, status: \"True\", reason: Policy}\n",
    );
    assert_eq!((pod.signer_name.as_deref(), findings.len()), (Some("a.b/c"), 0));
    for words in ["PodCertificateRequest", "web", "w1", "shop", "Denied Policy"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (manager, findings, text) = request(
        "apiVersion: cert-manager.io/v1\nkind: CertificateRequest\nmetadata: {name: c}\nspec:\n  \
         issuerRef: {kind: ClusterIssuer, name: corp}\nstatus:\n  conditions:\n  \
         - {type: Ready, status: \"False\", reason: Pending}\n",
    );
    assert!(findings.is_empty() && manager.more.iter().any(|(_, value)| value == "corp"));
    assert!(text.contains("ClusterIssuer") && text.contains("Ready: False Pending"), "{text}");

    let head = "kind: CertificateSigningRequest\nmetadata: {name: jane}\nspec: {request: none";
    let said = |version: &str| {
        let text = format!("apiVersion: certificates.k8s.io/{version}\n{head}}}\n");
        request(&text).1.into_iter().map(|finding| finding.problem).collect::<Vec<_>>()
    };
    assert!(matches!(said("v1beta1")[..], [Problem::ApiGone { since: 22, .. }]));
    assert_eq!(said("v1"), [Problem::NoSignerName]);
    let whole = format!("apiVersion: certificates.k8s.io/v1\n{head}, signerName: a.b/c}}\n");
    assert!(request(&whole).1.is_empty());
}

/// What can be read of the CA where it is broken: serial, issuer, validity and subject.
fn start_of(report: &Report) -> pki_core::explain::CertificateStartReport {
    let Object::Unknown(unknown) = &report.objects[0].object else { panic!("{report:?}") };
    let start = unknown.certificate.as_deref().unwrap_or_else(|| panic!("{unknown:?}"));
    start.clone()
}

#[test]
fn a_broken_certificate_is_read_as_far_as_it_goes() {
    let whole = report(ca());
    let whole = certificates(&whole)[0];
    let pem = ca_pem();
    // Half a block, a cut file, and a letter lost in the key, behind all of the names.
    let mut lost = pem.clone();
    lost.remove(pem.len() * 3 / 5);
    let cut = patched(|der| der.truncate(200));
    for found in [report(&pem[..pem.len() / 2]), cut, report(lost)] {
        let start = start_of(&found);
        assert_eq!(start.serial, whole.serial);
        assert_eq!(start.issuer.as_ref(), Some(&whole.issuer));
        assert_eq!(start.validity.as_ref(), Some(&whole.validity));
        assert_eq!(start.subject.as_ref(), Some(&whole.subject));
        // The tree of it has the values that are there, with the fault at its place.
        let der = found.objects[0].der().expect("bytes");
        let tree = pki_core::decode::tree(&der);
        assert!(tree.rows.len() > 12, "{tree}");
        assert!(tree.rows[0].problems.iter().any(|p| matches!(p, Problem::Truncated { .. })));
        let json = serde_json::to_string(&found).expect("JSON");
        assert!(json.len() < 8_000, "the octets are not in it: {json}");
    }
    // Cut within the issuer: neither half a name nor what should follow.
    let start = start_of(&patched(|der| der.truncate(50)));
    assert_eq!((start.serial, start.issuer, start.validity), (whole.serial.clone(), None, None));
    // Letters lost before the names put all that follows out of step.
    let mut lost = pem.clone();
    lost.remove(60);
    let found = report(lost);
    let Object::Unknown(unknown) = &found.objects[0].object else { panic!("{found:?}") };
    let start = unknown.certificate.as_deref();
    assert!(start.is_none_or(|start| start.issuer.is_none() && start.subject.is_none()));
}

#[test]
fn a_block_without_its_first_line() {
    let pem = ca_pem();
    let (_, tail) = pem.split_once('\n').expect("lines");
    let missing = Problem::PemNoBegin { label: "CERTIFICATE".to_owned() };
    // Alone, behind a preamble, and before whole blocks.
    for (text, line, count) in [
        (tail.to_owned(), 1, 1),
        (format!("GIN CERTIFICATE-----\n{tail}"), 2, 1),
        (format!("{tail}{pem}{pem}"), 1, 3),
    ] {
        let found = report(&text);
        assert_eq!(certificates(&found).len(), count, "{text}");
        assert_eq!(finding(&found, |problem| *problem == missing).line, Some(line));
        assert_eq!(all(&found).len(), 1, "{:?}", all(&found));
    }
    let key = crate::MADE[0].1.key.as_ref().expect("a key").kubernetes_pem().expect("PEM");
    let found = report(key.split_once('\n').expect("lines").1);
    assert!(matches!(found.objects[0].object, Object::PrivateKey(_)), "{found:?}");
}

#[test]
fn faults_of_yaml_are_said_where_nothing_is_found_too() {
    let syntax = |problem: &Problem| matches!(problem, Problem::YamlSyntax { .. });
    let item = "  apiVersion: certificates.k8s.io/v1\n\tkind: CertificateSigningRequest\n";
    let found = report(format!("apiVersion: v1\nkind: List\nitems:\n-{item}"));
    assert!(found.objects.is_empty());
    // The parser stops at the end of the line before.
    assert_eq!(finding(&found, syntax).line, Some(4));
    assert_eq!(all(&found).len(), 1, "once: {found:?}");
    // A log is no YAML, and nobody said that it was.
    let found = report("I1128 server.go:1: apiVersion v1 kind: [Pod\n\tname: x\n");
    assert!(!all(&found).iter().any(|finding| syntax(&finding.problem)), "{found:?}");
}

/// What kubectl 1.32.4 says of it: yaml: document contains excessive aliasing.
#[test]
fn a_yaml_bomb_is_called_one() {
    let row = |index: u8| {
        let (this, last) = (char::from(index), char::from(index - 1));
        format!("{this}: &{this} [*{last},*{last},*{last},*{last},*{last},*{last},*{last}]\n")
    };
    let rows: String = (b'b'..=b'h').map(row).collect();
    let found = report(format!("apiVersion: v1\nkind: Config\na: &a [x,x,x,x,x,x,x]\n{rows}"));
    finding(&found, |problem| matches!(problem, Problem::YamlTooMany { .. }));
    let harmless = report("apiVersion: v1\nkind: Config\na: &a [x]\nb: *a\n");
    assert!(matches!(
        all(&harmless)[..],
        [Finding { problem: Problem::NothingInObject { .. }, .. }]
    ));
}

#[test]
fn a_request_that_breaks_off_is_not_called_pending() {
    let state = |text: &str| {
        let found = report(text);
        let Object::SigningRequest(request) = &found.objects[0].object else { panic!("{found:?}") };
        (request.broken, request.conditions.len(), pki_text::en::meaning::meaning(&found))
    };
    let head = "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nspec:\n  \
        request: none\n";
    let tail = "status:\n  conditions:\n  - type: Approved\n";
    let (broken, conditions, text) = state(&format!("{head}   signerName: a.b/c\n{tail}"));
    assert!(broken && conditions == 0 && text.contains("Not known"), "{text}");
    assert!(!text.contains("Pending"), "{text}");
    let (broken, conditions, _) = state(&format!("{head}  signerName: a.b/c\n{tail}"));
    assert!(!broken && conditions == 1);
    let (broken, _, text) = state(head);
    assert!(!broken && text.contains("Pending"));
    // What stands in another document is whole.
    let (broken, ..) = state(&format!("{head}---\na: [1\nb: 2\n"));
    assert!(!broken);
}
