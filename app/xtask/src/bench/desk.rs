//! The CSR desk natively: a request with its object, a workshop, and the review of many.

use std::fs;
use std::process::Command;

use super::figures::{Peer, Row};
use super::ways::{Scratch, Selection, Way, build_example, in_turn, quiet};
use crate::checkout::{self, Checkout};
use crate::process;

/// Measures whole processes, a new key to the last file.
pub(super) fn rows(checkout: &Checkout, selection: Selection<'_>) -> Result<Vec<Row>, String> {
    if ![REQUEST, WORKSHOP, REVIEW].into_iter().any(|title| selection.wants(title)) {
        return Ok(Vec::new());
    }
    println!("Measuring the CSR desk natively ...");
    let program = build_example(checkout, "csr")?;
    let scratch = Scratch::new("csr")?;
    let at = |name: &str| scratch.path().join(name);
    let csr = |words: &[&str]| {
        let mut command = Command::new(&program);
        command.args(words).current_dir(scratch.path());
        command
    };
    let one = |work: Way<'_>| in_turn(selection.runs, vec![work]).remove(0);
    let mut rows = Vec::new();
    if selection.wants(REQUEST) {
        let ours: Way<'_> = Box::new(|| {
            quiet(&mut csr(&["new", "--user", "jane", "--group", "dev", "--out", "new"]))
        });
        let found = process::on_path("openssl").ok_or_else(|| "not found".to_owned());
        let openssl: Way<'_> = Box::new(|| {
            let mut command = Command::new(found.as_deref()?);
            quiet(command.args(OPENSSL_REQUEST).current_dir(scratch.path()))
        });
        let mut samples = in_turn(selection.runs, vec![ours, openssl]).into_iter();
        let mut next = || samples.next().unwrap_or_else(|| Err("not taken".to_owned()));
        let row = Row::time(REQUEST, next(), None);
        let peer = Peer { name: "openssl req, key and request".to_owned(), samples: next() };
        rows.push(row.beside(Some(peer)));
    }
    if selection.wants(WORKSHOP) {
        let people: Vec<_> = (0..200).map(|index| format!("person-{index}.doe, dev\n")).collect();
        checkout::write(&at("people"), people.concat().as_bytes())?;
        let ours: Way<'_> =
            Box::new(|| quiet(&mut csr(&["workshop", "people", "--out", "workshop.tar.gz"])));
        rows.push(Row::time(WORKSHOP, one(ours), None));
    }
    if selection.wants(REVIEW) {
        quiet(&mut csr(&["new", "--user", "jane", "--out", "judged"]))?;
        let object =
            fs::read_to_string(at("judged/csr.yaml")).map_err(|error| error.to_string())?;
        checkout::write(&at("list.yaml"), many(&object).as_bytes())?;
        let ours: Way<'_> = Box::new(|| quiet(&mut csr(&["review", "list.yaml"])));
        rows.push(Row::time(REVIEW, one(ours), None));
    }
    Ok(rows)
}

/// The object under a thousand names, as documents of one file.
fn many(object: &str) -> String {
    let numbered = |index| object.replacen("  name: ", &format!("  name: r-{index}-"), 1);
    (0..1_000).map(numbered).collect::<Vec<_>>().join("---\n")
}

const REQUEST: &str = "request to object, P-256, native";
const WORKSHOP: &str = "workshop of 200 people, P-256, native";
const REVIEW: &str = "review of 1,000 signing requests, native";

const OPENSSL_REQUEST: [&str; 13] = [
    "req",
    "-new",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    "/O=dev/CN=jane",
    "-keyout",
    "peer.key",
    "-out",
    "peer.csr",
];
