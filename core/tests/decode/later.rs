//! Signatures that somebody else checks afterwards.

use pki_core::bundle::certificate_pem;
use pki_core::explain::{read, read_but_signatures};

use crate::{CATALOG, NOW};

/// The certificates of a cluster, the last octet of one turned.
fn pasted(wrong: Option<usize>) -> String {
    let mut all: Vec<_> = CATALOG.iter().map(|(_, der)| der.clone()).collect();
    if let Some(index) = wrong {
        *all[index].last_mut().expect("not empty") ^= 1;
    }
    all.iter().map(|der| certificate_pem(der)).collect()
}

#[test]
fn right_ones_change_nothing() {
    let text = pasted(None);
    let (report, signed) = read_but_signatures(text.as_bytes(), NOW);
    assert_eq!(signed.len(), CATALOG.len(), "each certificate has its issuer beside it");
    assert!(signed.iter().all(|signed| signed.check().is_ok()));
    assert_eq!(report, read(text.as_bytes(), NOW));
}

#[test]
fn a_wrong_one_is_found_by_who_checks_and_then_told() {
    for wrong in 0..CATALOG.len() {
        let text = pasted(Some(wrong));
        let (mut report, signed) = read_but_signatures(text.as_bytes(), NOW);
        let found: Vec<_> =
            (0..signed.len()).filter(|index| signed[*index].check().is_err()).collect();
        assert_eq!(found, [wrong], "{}", CATALOG[wrong].0);
        let whole = read(text.as_bytes(), NOW);
        assert_ne!(report, whole, "{}", CATALOG[wrong].0);
        report.look_for_issuers();
        assert_eq!(report, whole, "{}", CATALOG[wrong].0);
    }
}

#[test]
fn few_are_checked_at_once() {
    let text: String = CATALOG.iter().take(4).map(|(_, der)| certificate_pem(der)).collect();
    let (report, signed) = read_but_signatures(text.as_bytes(), NOW);
    assert!(signed.is_empty());
    assert_eq!(report, read(text.as_bytes(), NOW));
}
