//! Broken certificates, and what kubectl said to each of them as a CA file.

use std::fs;
use std::path::Path;

use pki_core::explain::{Refuser, When};

use crate::report;

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
