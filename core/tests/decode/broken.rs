//! Bad input: the fault is named, and placed where it is.

use pki_core::decode::{Finding, Problem};
use pki_core::detect::{Foreign, Step};
use pki_core::explain::{Object, Report};

use crate::{ca, ca_pem, certificates, report};

pub(crate) fn all(report: &Report) -> Vec<&Finding> {
    report.findings.iter().chain(report.objects.iter().flat_map(|o| &o.findings)).collect()
}

pub(crate) fn finding(report: &Report, is: impl Fn(&Problem) -> bool) -> Finding {
    let all = all(report);
    let found = all.iter().find(|finding| is(&finding.problem));
    (*found.unwrap_or_else(|| panic!("{all:?}"))).clone()
}

/// The CA with some octets changed.
pub(crate) fn patched(change: impl FnOnce(&mut Vec<u8>)) -> Report {
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
