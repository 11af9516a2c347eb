//! Bad input: the fault is named, and placed where it is.

use pki_core::decode::{Finding, Problem};
use pki_core::detect::{Foreign, Step};
use pki_core::explain::{Object, Report};

use crate::{ca, ca_pem, certificates, report};

fn all(report: &Report) -> Vec<&Finding> {
    report.findings.iter().chain(report.objects.iter().flat_map(|o| &o.findings)).collect()
}

fn finding(report: &Report, is: impl Fn(&Problem) -> bool) -> Finding {
    let all = all(report);
    let found = all.iter().find(|finding| is(&finding.problem));
    (*found.unwrap_or_else(|| panic!("{all:?}"))).clone()
}

/// The CA with some octets changed.
fn patched(change: impl FnOnce(&mut Vec<u8>)) -> Report {
    let mut der = ca().to_vec();
    change(&mut der);
    report(der)
}

/// Contents of the serial number stand behind two headers of four octets, the version and a tag.
const SERIAL: usize = 15;

#[test]
fn nothing_and_nonsense() {
    assert_eq!(report("").findings[0].problem, Problem::Empty);
    for input in ["hello", "\0\0\0", "{}", "a: b\n", "=", "----", "0x30"] {
        let report = report(input);
        assert_eq!(report.findings[0].problem, Problem::NotRecognised, "{input}");
        assert!(report.objects.is_empty());
    }
    let photo = [b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), vec![0x5a; 4096]].concat();
    assert_eq!(report(photo).findings[0].problem, Problem::NotRecognised);
}

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

#[test]
fn half_a_pem() {
    let pem = ca_pem();
    let report = report(&pem[..pem.len() / 2]);
    finding(&report, |problem| matches!(problem, Problem::PemUnterminated { .. }));
    finding(&report, |problem| matches!(problem, Problem::Truncated { .. }));
    assert!(report.has_errors());
}

#[test]
fn a_letter_missing_in_the_middle() {
    let mut pem = ca_pem();
    // The first line after BEGIN is one of 64 characters.
    pem.remove(100);
    let found = report(&pem);
    let line = pem[..100].lines().count();
    let odd = Problem::Base64LineLength { characters: 63, expected: 64 };
    assert_eq!(finding(&found, |problem| *problem == odd).line, Some(line));
    // Both findings name that line, and the count of characters says nothing new.
    let lost = finding(&found, |problem| matches!(problem, Problem::Base64Lost { .. }));
    assert_eq!(lost.line, Some(line), "{lost:?}");
    let is_count =
        |p: &Problem| matches!(p, Problem::Base64Length { .. } | Problem::Base64Unpadded);
    assert!(!all(&found).iter().any(|finding| is_count(&finding.problem)));
    let mut pem = ca_pem();
    pem.replace_range(100..101, "!");
    let found = report(&pem);
    let wrong = finding(&found, |problem| *problem == Problem::Base64Character { character: '!' });
    let line = pem[..100].lines().count();
    assert_eq!(wrong.line, Some(line));
    assert_eq!(wrong.column, Some(100 - pem[..100].rfind('\n').expect("lines")));
}

#[test]
fn faults_of_der() {
    let negative = patched(|der| der[SERIAL] |= 0x80);
    let place = finding(&negative, |problem| *problem == Problem::NegativeSerial);
    assert_eq!(place.offset, Some(SERIAL - 2));
    assert_eq!(certificates(&negative).len(), 1);
    assert!(certificates(&negative)[0].serial.negative);

    let trailing = patched(|der| der.extend([1, 2, 3]));
    finding(&trailing, |problem| *problem == Problem::TrailingData { length: 3 });

    // The common name "kubernetes" with an underscore.
    let underscore = patched(|der| {
        let at = der.windows(10).position(|window| window == b"kubernetes").expect("a CN");
        der[at + 4] = b'_';
    });
    let place = finding(&underscore, |p| matches!(p, Problem::BadString { character: '_', .. }));
    assert!(place.offset.is_some());

    let cut = patched(|der| der.truncate(200));
    finding(&cut, |problem| matches!(problem, Problem::Truncated { .. }));
    assert!(matches!(cut.objects[0].object, Object::Unknown(_)));
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
fn labels_that_kubernetes_refuses() {
    let pem = ca_pem();
    let labelled = |label: &str| report(pem.replace("CERTIFICATE", label));
    let trusted = labelled("TRUSTED CERTIFICATE");
    finding(&trusted, |problem| matches!(problem, Problem::PemLabelRefused { .. }));
    let wrong = labelled("PUBLIC KEY");
    finding(&wrong, |problem| matches!(problem, Problem::PemLabelWrong { .. }));
    let torn = report(pem.replace("END CERTIFICATE", "END CERTIFICATE REQUEST"));
    finding(&torn, |problem| matches!(problem, Problem::PemLabelMismatch { .. }));
}

#[test]
fn base64_that_go_refuses() {
    use base64ct::{Base64, Encoding};
    let data = Base64::encode_string(ca_pem().as_bytes());
    let (one, two) = data.split_at(76);
    let found =
        report(format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {one}\n   {two}\n"));
    let space = finding(&found, |problem| *problem == Problem::Base64Space { index: 76 });
    assert_eq!((space.line, space.column), (Some(4), Some(12)));
    let nothing = report(format!(
        "apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: bm90aGluZyBoZXJl\n  ca.crt: {data}\n"
    ));
    finding(&nothing, |problem| matches!(problem, Problem::FieldNotRecognised { .. }));
}

#[test]
fn yaml_keeps_what_came_before_the_fault() {
    use base64ct::{Base64, Encoding};
    let data = Base64::encode_string(ca_pem().as_bytes());
    let good = format!("apiVersion: v1\nkind: Secret\ndata:\n  ca.crt: {data}\n");
    let found = report(format!("{good}  broken: [1, 2\n---\n{good}"));
    assert_eq!(certificates(&found).len(), 2);
    let syntax = finding(&found, |problem| matches!(problem, Problem::YamlSyntax { .. }));
    assert_eq!(syntax.line, Some(5));
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

#[test]
fn bombs_end() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned()
        + &(0..26)
            .map(|i| {
                let (this, last) = (char::from(b'b' + i % 25), char::from(b'a' + i % 25));
                format!("{this}: &{this} [*{last},*{last},*{last},*{last},*{last},*{last}]\n")
            })
            .collect::<String>();
    assert!(report(format!("apiVersion: v1\nkind: Bomb\n{bomb}")).objects.is_empty());
    report("-----BEGIN X-----\n-----END X-----\n".repeat(50_000));
    report("-----BEGIN CERTIFICATE-----\n".repeat(50_000));
    report([0x30, 0x80].repeat(100_000));
    report("[".repeat(100_000));
    report("{\"a\":".repeat(100_000));
    report("- ".repeat(100_000));
}

#[test]
fn secrets_are_not_given_back() {
    let key = crate::MADE[0].1.key.as_ref().expect("a key");
    let pem = key.kubernetes_pem().expect("PEM");
    let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    for input in [pem.to_string(), pem.replace("EC PRIVATE", "RSA PRIVATE"), pem[..120].to_owned()]
    {
        let report = report(&input);
        let json = serde_json::to_string(&report).expect("JSON");
        assert_eq!(report.objects.len(), 1);
        assert!(!json.contains(&body[..40]), "{json}");
        let Object::PrivateKey(_) = &report.objects[0].object else {
            let Object::Unknown(unknown) = &report.objects[0].object else { panic!("{json}") };
            assert!(unknown.head.is_empty());
            continue;
        };
    }
    let found = report(pem.as_bytes());
    let Object::PrivateKey(found) = &found.objects[0].object else { panic!("{found:?}") };
    let spki = pki_core::decode::hex(&key.public_key().spki_sha256());
    assert_eq!(found.spki_sha256.as_deref(), Some(spki.as_str()));
}

#[test]
fn half_a_key_without_a_label_shows_no_octet() {
    let pem = crate::MADE[0].1.key.as_ref().expect("a key").kubernetes_pem().expect("PEM");
    let body: String = pem.lines().filter(|line| !line.starts_with("---")).collect();
    let found = report(&body[..body.len() / 2]);
    let Object::Unknown(unknown) = &found.objects[0].object else { panic!("{found:?}") };
    assert!(unknown.head.is_empty());
}

#[test]
fn base64_twice_is_said() {
    use base64ct::{Base64, Encoding};
    let once = Base64::encode_string(ca_pem().as_bytes());
    let found = report(Base64::encode_string(once.as_bytes()));
    finding(&found, |problem| *problem == Problem::Base64Twice);
}

#[test]
fn what_is_lost_in_base64_of_der_is_placed() {
    use base64ct::{Base64, Encoding};
    let whole = Base64::encode_string(ca());
    let length = whole.trim_end_matches('=').len();
    let lost = |text: &str| finding(&report(text), |p| matches!(p, Problem::Base64Lost { .. }));
    for (at, count) in [(200, 1), (310, 2), (420, 64)] {
        let cut = [&whole[..at], &whole[at + count..]].concat();
        let folded =
            cut.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII"));
        let pem = certificate_pem_of(&folded.collect::<Vec<_>>().join("\n"));
        for (input, before) in [(&cut, 0), (&pem, 1)] {
            let found = lost(input);
            let Problem::Base64Lost { expected, found: there, between, exact, .. } = found.problem
            else {
                panic!("another problem")
            };
            assert_eq!((expected, there), (length, length - count));
            let (first, last) = between.unwrap_or_else(|| panic!("no place for {count} at {at}"));
            // Where octets of a header were lost it may be near only.
            assert!(exact || at == 310 || count == 64);
            let slack = if exact { 0 } else { 4.max(count) };
            let near = first.saturating_sub(slack)..=last + slack;
            assert!(near.contains(&(at + 1)), "{at} is not in {first}..={last}");
            // The line and column are those of the first place.
            let (line, column) = (found.line.expect("a line"), found.column.expect("a column"));
            let width = if before == 1 { 64 } else { length };
            assert_eq!((line - 1 - before) * width + column, first.min(length - count));
        }
        // In the last value, what is too many is nothing but an octet at the end.
        if at >= 420 {
            continue;
        }
        let doubled = [&whole[..at + count], &whole[at..]].concat();
        let Problem::Base64Lost { found, between, .. } = lost(&doubled).problem else { panic!() };
        let (first, last) = between.expect("a place");
        assert!(found == length + count && first <= at + count + 1 && at < last + count);
    }
    // Nothing is lost where something follows, nor in what is whole.
    for input in [whole.clone(), format!("{whole}{whole}")] {
        let report = report(input);
        assert!(!all(&report).iter().any(|f| matches!(f.problem, Problem::Base64Lost { .. })));
    }
}

#[test]
fn wrappings_without_end_are_said_with_the_place_where_it_stopped() {
    use base64ct::{Base64, Encoding};
    let wrap = |times: usize| {
        (0..times).fold(ca_pem(), |inner, _| Base64::encode_string(inner.as_bytes()))
    };
    // The block itself is one layer more.
    assert_eq!(certificates(&report(wrap(15))).len(), 1);
    let found = report(wrap(17));
    let Object::Foreign(Foreign::Wrapped) = &found.objects[0].object else { panic!("{found:?}") };
    let path = &found.objects[0].path;
    assert!(path.len() == 16 && path.iter().all(|step| matches!(step, Step::Base64 { .. })));
}

#[test]
fn empty_blocks_without_end_and_other_large_nothings_end_soon() {
    let start = std::time::Instant::now();
    let found = report("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n".repeat(200_000));
    assert!(found.objects.is_empty());
    finding(&found, |problem| *problem == Problem::PemEmpty);
    // A thousand sentences of one kind help nobody.
    assert!(found.findings.len() <= 1_000);
    // Neither do blocks without BEGIN, each of which is looked for in the whole rest.
    let line = "MIIBljCCAT2gAwIBAgICEAEwCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKa3ViZXJu\n";
    report(format!("{line}-----END CERTIFICATE-----\n").repeat(50_000));
    report("-----END CERTIFICATE-----\n".repeat(200_000));
    let nul = report("\0".repeat(1 << 20));
    assert_eq!(nul.findings[0].problem, Problem::NotRecognised);
    // Generous: what is not linear takes minutes.
    assert!(start.elapsed().as_secs() < 60);
}

fn certificate_pem_of(base64: &str) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}
