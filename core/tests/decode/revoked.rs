//! Revocation lists beside the certificates that they are about, and addresses that only some
//! verifiers take.

use std::fs;
use std::path::Path;

use pki_core::decode::Problem;
use pki_core::explain::relations::{RevocationLink, Signature};
use pki_core::explain::{Refuser, Report, read, read_files};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::{certificates, report};

/// While the lists of `tests/fixtures/decode/revoked` are fresh.
const FRESH: OffsetDateTime = datetime!(2026-11-30 12:00 UTC);

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/decode/revoked");
    fs::read_to_string(folder.join(name)).expect("a fixture")
}

fn problems(report: &Report, index: usize) -> Vec<&Problem> {
    report.objects[index].findings.iter().map(|finding| &finding.problem).collect()
}

fn link(issuer: Option<usize>, signature: Signature, revoked: &[usize]) -> RevocationLink {
    RevocationLink { list: 3, issuer, signature, revoked: revoked.to_vec() }
}

#[test]
fn what_a_list_revokes_is_said_on_both() {
    let found = read(fixture("listed.pem").as_bytes(), FRESH);
    assert_eq!(found.relations.revocations, [link(Some(0), Signature::Valid, &[1])]);
    let since = Some("2026-11-01T00:00:00Z".to_owned());
    assert_eq!(problems(&found, 1), [&Problem::Revoked { since, checked: true }]);
    assert_eq!(problems(&found, 3), [&Problem::ListRevokes { certificates: 1 }]);
    assert!(problems(&found, 0).is_empty() && problems(&found, 2).is_empty());
    let etcd: Vec<_> = found.objects[1].refusals.iter().filter(|r| r.by == Refuser::Etcd).collect();
    assert_eq!(etcd[0].message, "transport: certificate serial 0a revoked");
    // Dates of the certificates themselves do not matter here, those of the list do.
    let late = read(fixture("listed.pem").as_bytes(), datetime!(2027-01-01 12:00 UTC));
    assert!(problems(&late, 3).contains(&&Problem::ListExpired));
}

#[test]
fn a_list_of_a_namesake_revokes_nothing() {
    let found = read(fixture("other.pem").as_bytes(), FRESH);
    assert_eq!(found.relations.revocations, [link(Some(0), Signature::Invalid, &[])]);
    assert_eq!(problems(&found, 3), [&Problem::ListNotSigned]);
    assert!(problems(&found, 1).is_empty());
}

#[test]
fn without_its_ca_a_list_counts_unchecked_and_in_another_file_too() {
    let all = fixture("listed.pem");
    let start = all.find("-----BEGIN X509 CRL").expect("a list");
    let leaf = all[..start].find("-----END CERTIFICATE-----\n").expect("a CA") + 26;
    let found = read(&all.as_bytes()[leaf..], FRESH);
    let revocations = &found.relations.revocations;
    assert_eq!((revocations[0].issuer, revocations[0].signature), (None, Signature::Unchecked));
    assert!(matches!(problems(&found, 0)[..], [Problem::Revoked { checked: false, .. }]));
    let files = [("certificates.pem", &all.as_bytes()[..start]), ("crl", &all.as_bytes()[start..])];
    let (found, _) = read_files(files, FRESH);
    assert_eq!(found.relations.revocations, [link(Some(0), Signature::Valid, &[1])]);
    assert_eq!(problems(&found, 1).len(), 1);
}

/// A certificate with `IP:10.0.0.1` once in 16 octets; OpenSSL 3.0, from an explicit encoding:
/// `subjectAltName=DER:30:12:87:10:00:…:ff:ff:0a:00:00:01`.
#[test]
fn an_ipv4_address_in_sixteen_octets_is_said() {
    let found = report(fixture("mapped.pem"));
    assert_eq!(certificates(&found)[0].extensions.sans.len(), 1);
    let address = "10.0.0.1".to_owned();
    assert_eq!(problems(&found, 0), [&Problem::MappedIpAddress { address }]);
}
