//! The JSON fields of Decode against `x509-parser`, a reader that shares no code with ours, on
//! every certificate among the fixtures.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use ::time::macros::datetime;
use pki_core::explain;
use serde_json::{Value, json};
use x509_parser::prelude::*;

/// Every PEM file of the folder and below.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the fixtures of the repository") {
        let path = entry.expect("a readable folder").path();
        let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
        if path.is_dir() {
            files(&path, into);
        } else if matches!(end, "pem" | "crt" | "csr") {
            into.push(path);
        }
    }
}

/// The certificates, by the file they are in.
fn certificates() -> Vec<(PathBuf, Vec<u8>)> {
    let mut paths = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures"), &mut paths);
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let text = fs::read(&path).expect("a readable fixture");
        let blocks = Pem::iter_from_buffer(&text).filter_map(Result::ok);
        let certificates = blocks.filter(|block| block.label == "CERTIFICATE");
        found.extend(certificates.map(|block| (path.clone(), block.contents)));
    }
    found
}

/// A name as pairs of type and bytes, one list an RDN.
fn name(name: &X509Name<'_>) -> Value {
    let rdns = name.iter().enumerate();
    rdns.flat_map(|(rdn, set)| {
        set.iter().map(move |attribute| {
            let text = attribute.as_str().unwrap_or("(not a string of one octet a letter)");
            json!([rdn, attribute.attr_type().to_id_string(), text])
        })
    })
    .collect()
}

/// The same of our report.
fn our_name(report: &Value, theirs: &Value) -> Value {
    let attributes = report["attributes"].as_array().expect("attributes");
    let pairs = attributes.iter().enumerate().map(|(index, attribute)| {
        // Of BMPString and the like they give no text; there the bytes are openssl's to judge.
        let text = match &theirs[index][2] {
            Value::String(text) if text.starts_with("(not a string") => &theirs[index][2],
            _ => &attribute["value"],
        };
        json!([attribute["rdn"], attribute["oid"], text])
    });
    pairs.collect()
}

fn san(name: &GeneralName<'_>) -> Value {
    match name {
        GeneralName::DNSName(text) => json!({ "kind": "dns", "value": text }),
        GeneralName::RFC822Name(text) => json!({ "kind": "email", "value": text }),
        GeneralName::URI(text) => json!({ "kind": "uri", "value": text }),
        GeneralName::IPAddress(octets) => {
            let v4 = <[u8; 4]>::try_from(*octets).map(|ip| Ipv4Addr::from(ip).to_string());
            let v6 = <[u8; 16]>::try_from(*octets).map(|ip| Ipv6Addr::from(ip).to_string());
            json!({ "kind": "ip", "value": v4.or(v6).unwrap_or_else(|_| "?".to_owned()) })
        }
        GeneralName::RegisteredID(oid) => {
            json!({ "kind": "registeredId", "value": oid.to_id_string() })
        }
        _ => json!({ "kind": "other" }),
    }
}

const USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The fields of the certificate, as the other reader sees them, and ours in the same form.
fn compare(theirs: &X509Certificate<'_>, ours: &Value) -> Vec<(String, Value, Value)> {
    let mut pairs: Vec<(String, Value, Value)> = Vec::new();
    let mut add = |what: &str, theirs, ours| pairs.push((what.to_owned(), theirs, ours));
    let serial = theirs.raw_serial();
    if serial.first().is_some_and(|octet| octet & 0x80 == 0) {
        let octets: Vec<u8> = serial.iter().copied().skip_while(|octet| *octet == 0).collect();
        let text = if octets.is_empty() { "00".to_owned() } else { hex(&octets) };
        add("serial", json!(text), ours["serial"]["hex"].clone());
        let decimal = &ours["serial"]["decimal"];
        if !decimal.is_null() {
            add("decimal serial", json!(theirs.serial.to_string()), decimal.clone());
        }
    }
    add("version", json!(theirs.version.0 + 1), ours["version"].clone());
    for (what, theirs) in [("subject", &theirs.subject), ("issuer", &theirs.issuer)] {
        let theirs = name(theirs);
        let ours = our_name(&ours[what], &theirs);
        add(what, theirs, ours);
    }
    let validity = &ours["validity"];
    let times = [theirs.validity.not_before.timestamp(), theirs.validity.not_after.timestamp()];
    add(
        "validity",
        json!(times),
        json!([validity["notBefore"]["unix"], validity["notAfter"]["unix"]]),
    );
    add(
        "signature algorithm",
        json!(theirs.signature_algorithm.algorithm.to_id_string()),
        ours["signatureAlgorithm"]["oid"].clone(),
    );
    add(
        "key algorithm",
        json!(theirs.public_key().algorithm.algorithm.to_id_string()),
        ours["key"]["oid"].clone(),
    );
    let report = &ours["extensions"];
    let all = report["all"].as_array().into_iter().flatten();
    add(
        "extensions",
        theirs.extensions().iter().map(|e| json!([e.oid.to_id_string(), e.critical])).collect(),
        all.map(|e| json!([e["oid"], e["critical"]])).collect(),
    );
    for extension in theirs.extensions() {
        // Of two of a kind, which counts is each reader's choice; ours is a finding.
        if theirs.extensions().iter().filter(|other| other.oid == extension.oid).count() > 1 {
            continue;
        }
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                let list: Vec<Value> = names.general_names.iter().map(san).collect();
                let plain = report["sans"].as_array().into_iter().flatten().zip(&list);
                let plain = plain.map(|(ours, theirs)| match theirs["kind"].as_str() {
                    Some("other") => theirs.clone(),
                    _ if theirs["value"] == "?" => theirs.clone(),
                    _ => json!({ "kind": ours["kind"], "value": ours["value"] }),
                });
                let ours: Value = plain.collect();
                add("SANs", json!(list), ours);
            }
            ParsedExtension::KeyUsage(usage) => {
                let names = USAGES.iter().enumerate();
                let set = names.filter(|(bit, _)| usage.flags >> bit & 1 == 1);
                let set: Vec<_> = set.map(|(_, name)| *name).collect();
                add("key usage", json!(set), report["keyUsages"].clone());
            }
            ParsedExtension::ExtendedKeyUsage(usage) => {
                let known = [
                    ("2.5.29.37.0", usage.any),
                    ("1.3.6.1.5.5.7.3.1", usage.server_auth),
                    ("1.3.6.1.5.5.7.3.2", usage.client_auth),
                    ("1.3.6.1.5.5.7.3.3", usage.code_signing),
                    ("1.3.6.1.5.5.7.3.4", usage.email_protection),
                    ("1.3.6.1.5.5.7.3.8", usage.time_stamping),
                    ("1.3.6.1.5.5.7.3.9", usage.ocsp_signing),
                ];
                let known = known.iter().filter(|(_, set)| *set).map(|(oid, _)| (*oid).to_owned());
                let mut theirs: Vec<String> =
                    known.chain(usage.other.iter().map(|oid| oid.to_id_string())).collect();
                theirs.sort();
                let ours = report["extKeyUsages"].as_array().into_iter().flatten();
                let mut ours: Vec<_> = ours.filter_map(|usage| usage["oid"].as_str()).collect();
                ours.sort_unstable();
                add("extended key usage", json!(theirs), json!(ours));
            }
            ParsedExtension::BasicConstraints(constraints) => {
                let ours = &report["basicConstraints"];
                add(
                    "basic constraints",
                    json!([constraints.ca, constraints.path_len_constraint]),
                    json!([ours["ca"], ours["pathLen"]]),
                );
            }
            ParsedExtension::SubjectKeyIdentifier(id) => {
                add("SKI", json!(hex(id.0)), report["subjectKeyId"].clone());
            }
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                let theirs = id.key_identifier.as_ref().map(|id| hex(id.0));
                add("AKI", json!(theirs), report["authorityKeyId"]["keyId"].clone());
            }
            _ => {}
        }
    }
    pairs
}

/// Where the other reader takes what RFC 5280 or X.690 forbids, and we name the fault instead.
const THEY_ARE_LAXER: [(&str, &str); 2] = [
    // A GeneralizedTime with a fraction of a second (RFC 5280 §4.1.2.5.2).
    ("genfraction.pem", "validity"),
    // An object identifier whose first octet is padding (X.690 §8.19.2).
    ("oidbad.pem", "extensions"),
];

#[test]
fn every_field_is_what_another_reader_says() {
    let (mut held, mut fields, mut wrong) = (0, 0, Vec::new());
    for (path, der) in certificates() {
        // What the other reader refuses is held elsewhere, against openssl and Go.
        let Ok((rest, theirs)) = parse_x509_certificate(&der) else { continue };
        if !rest.is_empty() {
            continue;
        }
        let report = explain::read(&der, datetime!(2026-06-01 12:00 UTC));
        let report = serde_json::to_value(&report).expect("a report becomes JSON");
        let ours = &report["objects"][0]["object"];
        assert_eq!(ours["kind"], "certificate", "{}: {report}", path.display());
        held += 1;
        for (what, theirs, ours) in compare(&theirs, ours) {
            fields += 1;
            let laxer =
                THEY_ARE_LAXER.iter().any(|(file, field)| path.ends_with(file) && *field == what);
            if laxer {
                let findings = report["objects"][0]["findings"].as_array();
                assert!(
                    findings.is_some_and(|all| !all.is_empty()),
                    "{}: {report}",
                    path.display()
                );
            } else if theirs != ours {
                wrong.push(format!("{}: {what}: {theirs} but we: {ours}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(held >= 80 && fields >= 900, "only {held} certificates and {fields} fields");
}
