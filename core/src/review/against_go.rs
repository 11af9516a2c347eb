//! Odd requests against the library that reads them in a cluster: Go's `crypto/x509`.

use base64ct::{Base64, Encoding};

use super::{UntrustedRequest, subject_der};

/// What Go 1.26.4 made of each; `tests/fixtures/csr/README.md` says how.
const CASES: &str = include_str!("../../../tests/fixtures/csr/go/cases.tsv");

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The fields of a line, without the DER.
fn judged(der: &[u8]) -> Vec<String> {
    let request = match UntrustedRequest::from_der(der) {
        Err(_) => return vec!["parse".to_owned()],
        Ok(request) => request,
    };
    if request.prove_possession().is_err() {
        return vec!["signature".to_owned()];
    }
    let critical = match request.sans.is_empty() {
        true => "-".to_owned(),
        false => request.subject.is_empty().to_string(),
    };
    let names = request.sans.to_texts().join("\n");
    vec!["ok".to_owned(), hex(&subject_der(&request.subject)), hex(names.as_bytes()), critical]
}

#[test]
fn odd_requests_are_read_as_go_reads_them() {
    let mut signed = 0;
    for line in CASES.lines() {
        let mut fields = line.split('\t');
        let der = Base64::decode_vec(fields.next().expect("DER")).expect("base64");
        let mut expected: Vec<_> = fields.map(str::to_owned).collect();
        match expected[0].as_str() {
            "ok" => signed += 1,
            // Go's own words for the reason follow.
            _ => expected.truncate(1),
        }
        assert_eq!(judged(&der), expected, "{line}");
    }
    assert!(signed > 100, "{signed}");
}
