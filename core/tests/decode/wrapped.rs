//! The same certificate in every wrapping.

use std::ops::ControlFlow;

use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding};
use pki_core::bundle::write;
use pki_core::decode::{Problem, hex};
use pki_core::design::Design;
use pki_core::detect::Step;
use pki_core::explain::{Object, read};
use pki_core::issue::{DemoEntropy, make_all};
use pki_core::plan::Plan;

use crate::{NOW, ca, ca_pem, certificates, report};

/// Every input gives the CA, and nothing else.
fn check(name: &str, input: impl AsRef<[u8]>) {
    let report = report(input);
    let expected = crate::report(ca_pem());
    assert_eq!(certificates(&report), certificates(&expected), "{name}: {report:?}");
    assert_eq!(report.objects.len(), 1, "{name}");
    assert!(!report.has_errors(), "{name}: {report:?}");
}

fn folded(text: &str, width: usize, separator: &str) -> String {
    let lines: Vec<_> = text.as_bytes().chunks(width).map(String::from_utf8_lossy).collect();
    lines.join(separator)
}

#[test]
fn pem_in_its_shapes() {
    let pem = ca_pem();
    check("plain", &pem);
    check("CRLF", pem.replace('\n', "\r\n"));
    check("CR", pem.replace('\n', "\r"));
    check("no line end at the end", pem.trim());
    check("indented", pem.lines().map(|line| format!("    {line}\n")).collect::<String>());
    check("tabs", pem.lines().map(|line| format!("\t{line}\n")).collect::<String>());
    check("escaped", pem.replace('\n', "\\n"));
    check("escaped CRLF", pem.replace('\n', "\\r\\n"));
    check("escaped twice", pem.replace('\n', "\\\\n"));
    check("quoted", format!("\"{}\"", pem.replace('\n', "\\n")));
    check("single line", pem.replace('\n', " "));
    check("BOM", format!("\u{feff}{pem}"));
    check("mail", pem.lines().map(|line| format!("> {line}\n")).collect::<String>());
    check("comment", pem.lines().map(|line| format!("# {line}\n")).collect::<String>());
    check("preamble", format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{pem}"));
    check("bags", format!("Bag Attributes\n    localKeyID: 01\nsubject=CN = x\n{pem}"));
    check("Latin-1 preamble", [b"S\xe9curit\xe9\n", pem.as_bytes()].concat());
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(pem.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    check("UTF-16", utf16);
    check("headers", pem.replacen("-----\n", "-----\nX-Note: a\n b\n\n", 1));
}

#[test]
fn base64_in_its_shapes() {
    let pem = ca_pem();
    let of_pem = Base64::encode_string(pem.as_bytes());
    let of_der = Base64::encode_string(ca());
    for (name, text) in [("PEM", of_pem), ("DER", of_der)] {
        check(name, &text);
        check(name, folded(&text, 76, "\n"));
        check(name, folded(&text, 60, "\r\n"));
        check(name, folded(&text, 64, " "));
        check(name, format!("{text}%"));
        check(name, format!("\"{text}\""));
        check(name, format!("'{text}'\n"));
        check(name, format!("  {text}  \n\n"));
        check(name, text.trim_end_matches('='));
        check(name, Base64::encode_string(text.as_bytes()));
    }
    check("url-safe", Base64UrlUnpadded::encode_string(ca()));
    check("unpadded", Base64Unpadded::encode_string(ca()));
}

#[test]
fn hexadecimal_and_der() {
    let text = hex(ca());
    check("hex", &text);
    check("0x", format!("0x{text}"));
    check("upper case", text.to_uppercase());
    check("colons", folded(&text, 2, ":"));
    check("spaces", folded(&text, 2, " "));
    check("lines", folded(&text, 64, "\n"));
    check("0x each", folded(&text, 2, ", 0x").replacen("30", "0x30", 1));
    check("DER", ca());
    check("DER with a line end", [ca(), b"\n"].concat());
}

#[test]
fn several_at_once() {
    let all: String =
        crate::CATALOG.iter().map(|(_, der)| pki_core::bundle::certificate_pem(der)).collect();
    let found = report(&all);
    assert_eq!(certificates(&found).len(), crate::CATALOG.len());
    let in_a_row: Vec<u8> = crate::CATALOG.iter().flat_map(|(_, der)| der.clone()).collect();
    assert_eq!(certificates(&report(in_a_row)).len(), crate::CATALOG.len());
}

#[test]
fn kubernetes_objects() {
    let pem = ca_pem();
    let data = Base64::encode_string(pem.as_bytes());
    let block: String = pem.lines().map(|line| format!("    {line}\n")).collect();
    check("Secret", format!("apiVersion: v1\nkind: Secret\ndata:\n  ca.crt: {data}\n"));
    check("JSON", format!(r#"{{"apiVersion":"v1","kind":"Secret","data":{{"ca.crt":"{data}"}}}}"#));
    check("ConfigMap", format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  ca.crt: |\n{block}"));
    check(
        "webhook",
        format!(
            "kind: MutatingWebhookConfiguration\napiVersion: admissionregistration.k8s.io/v1\n\
             webhooks:\n- clientConfig:\n    caBundle: {data}\n"
        ),
    );
    check("cut in the middle", format!("    certificate-authority-data: {data}\n    server: htt"));
    check("terminal", format!("$ kubectl get x -o yaml\napiVersion: v1\n  ca.crt: {data}\n$ "));
    check("JSON string", format!("{{\"a\": {:?}}}", pem));
}

#[test]
fn path_names_every_layer() {
    let data = Base64::encode_string(ca_pem().as_bytes());
    let input = format!(
        "apiVersion: v1\nkind: List\nitems:\n- apiVersion: certificates.k8s.io/v1\n  \
         kind: CertificateSigningRequest\n  metadata: {{name: jane}}\n  status:\n    \
         certificate: {data}\n"
    );
    let report = report(input);
    assert!(matches!(report.objects[0].object, Object::SigningRequest(_)), "{report:?}");
    let path = &report.objects[1].path;
    assert!(matches!(&path[0], Step::Object { kind, .. } if kind == "List"));
    assert_eq!(path[1], Step::Item { index: 0 });
    assert!(matches!(&path[2], Step::Object { name: Some(name), .. } if name == "jane"));
    let field =
        Step::Field { path: "status.certificate".to_owned(), line: Some(8), column: Some(18) };
    assert_eq!(path[3], field);
    assert_eq!(path[4], Step::Base64 { url: false });
    assert!(matches!(&path[5], Step::Pem { label, .. } if label == "CERTIFICATE"));
}

/// The scripts in it write YAML and are none; nothing in our own tarball is broken.
#[test]
fn our_own_tarball_is_read_without_a_fault() {
    let design = Design::default();
    let plan = Plan::new(design.check().0.expect("the default design"));
    let made = make_all(&plan, NOW, &mut DemoEntropy::new("decode"), |_| ControlFlow::Continue(()));
    let made = made.expect("a checked plan");
    let bundle = write(&plan, &design, &made, NOW, "readme", false).expect("a bundle");
    let report = read(&bundle.bytes, NOW);
    assert!(certificates(&report).len() > 20);
    let findings = report.objects.iter().flat_map(|object| &object.findings);
    let broken: Vec<_> = findings
        .chain(&report.findings)
        .filter(|finding| matches!(finding.problem, Problem::YamlSyntax { .. }))
        .collect();
    assert!(broken.is_empty(), "{broken:?}");
}
