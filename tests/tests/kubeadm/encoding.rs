//! The DER of our certificates against kubeadm's, element by element: string types, kinds of time,
//! order and nesting, which no text of a certificate shows.
//!
//! For the newer kubeadm; the older one writes other extensions, which the table of differences
//! tells.

use std::fs;

use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

use crate::installed::certificate;
use crate::recorded::{fixture, reference_design};

/// Every element as depth, form, type and, where it is the same in every certificate, value.
fn elements(asn1: &str) -> Vec<String> {
    let mut elements: Vec<String> = Vec::new();
    for line in asn1.lines() {
        // `  430:d=5  hl=2 l=   4 prim:      OCTET STRING      [HEX DUMP]:030205A0`
        let (_, rest) = line.split_once(":d=").unwrap_or_else(|| panic!("{line}"));
        let (depth, rest) = rest.split_once(' ').unwrap_or_else(|| panic!("{line}"));
        let at = rest.find("cons:").or_else(|| rest.find("prim:")).expect("a form");
        let (form, rest) = rest[at..].split_at(5);
        let (kind, value) = rest.split_once(':').unwrap_or((rest, ""));
        let kind = kind.trim().trim_end_matches("[HEX DUMP]").trim();
        let is_key_id = elements.last().is_some_and(|last| last.contains("Key Identifier"));
        let value = match kind {
            // Serial numbers have up to 16 digits; the version is the only other number.
            "INTEGER" if value == "02" => value,
            "INTEGER" | "UTCTIME" | "GENERALIZEDTIME" | "BIT STRING" => "",
            "OCTET STRING" if is_key_id => value.get(..4).unwrap_or(value),
            _ => value,
        };
        elements.push(format!("{depth} {form} {kind} {value}"));
    }
    elements
}

/// kubeadm#3328: the usage bits without keyEncipherment.
fn without_encipherment(element: &str) -> String {
    element.replace("030202A4", "03020284").replace("030205A0", "03020780")
}

fn check(reference: &str) {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = Cluster::make("encoding", reference_design(reference));
    let host = cluster.host(&cluster.design.control_planes[0].name, "");
    let mut compared = 0;
    for entry in fs::read_dir(fixture(reference).join("certs")).expect("the fixture") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "asn1") {
            continue;
        }
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let mut theirs = elements(&read(&path));
        if !reference.contains("RSA") {
            theirs = theirs.iter().map(|element| without_encipherment(element)).collect();
        }
        let ours = elements(&openssl::asn1(&certificate(&host, &name)));
        assert_eq!(ours, theirs, "{reference} {name}");
        compared += 1;
    }
    assert_eq!(compared, 4, "{reference}");
}

#[test]
fn rsa_2048() {
    check("v1.36.2-RSA-2048");
}

#[test]
fn ecdsa_p256() {
    check("v1.36.2-ECDSA-P256");
}

#[test]
fn custom() {
    check("v1.36.2-ha-custom");
}

/// Dates from 2050 on are GeneralizedTime (RFC 5280 §4.1.2.5); people do ask for such CAs.
#[test]
fn a_century() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = Cluster::make(
        "century",
        design(|design| {
            design.control_planes = vec![node("cp1", &["10.0.0.10"])];
            design.validity.ca = "876000h".to_owned();
        }),
    );
    let path = cluster.host("cp1", "pki/ca.crt");
    let asn1 = openssl::asn1(&read(&path));
    let times: Vec<&str> = ["UTCTIME", "GENERALIZEDTIME"]
        .into_iter()
        .filter(|kind| asn1.matches(kind).count() == 1)
        .collect();
    assert_eq!(times, ["UTCTIME", "GENERALIZEDTIME"], "{asn1}");
    let leaf = cluster.host("cp1", "pki/apiserver.crt");
    openssl::verify(&path, &leaf, "sslserver").expect_ok("a leaf of a CA for a century");
    if tool::kubectl().is_some() {
        let pair = |extension: &str| path.with_extension(extension).display().to_string();
        pki_tests::process::run(
            std::process::Command::new("kubectl")
                .env("HOME", cluster.folder())
                .args(["create", "secret", "tls", "x", "--dry-run=client", "-o", "name", "--cert"])
                .args([pair("crt"), "--key".to_owned(), pair("key")]),
        )
        .expect_ok("Go reads the dates");
    }
}
