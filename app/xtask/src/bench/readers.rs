//! Certificates to text natively, beside `openssl storeutl`, which prints the same.

use std::fs;
use std::process::Command;

use super::figures::{Peer, Row};
use super::native::{build_example, quiet, sampled};
use crate::checkout::{self, Checkout};
use crate::process;

/// Measures whole processes, from the start to the last line of text.
pub(crate) fn rows(checkout: &Checkout, runs: usize) -> Result<Vec<Row>, String> {
    let program = build_example(checkout, "decode")?;
    let pem = checkout.root().join("app/src/views/decode/examples/apiserver.pem");
    let pem = fs::read_to_string(&pem).map_err(|error| format!("{}: {error}", pem.display()))?;
    let folder = std::env::temp_dir().join(format!("pki-bench-read-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let file = folder.join("bundle.pem");
    let rows = COUNTS
        .iter()
        .map(|count| {
            println!("Measuring {count} certificates to text natively ...");
            checkout::write(&file, pem.repeat(*count).as_bytes())?;
            let ours = sampled(runs, || {
                quiet(Command::new(&program).args(["--format", "text"]).arg(&file))
            })?;
            let row = Row::time(&format!("certificates to text, {count}, native"), ours, None);
            let Some(openssl) = process::on_path("openssl") else { return Ok(row) };
            let samples = sampled(runs, || {
                quiet(Command::new(&openssl).args(["storeutl", "-text", "-certs"]).arg(&file))
            })?;
            Ok(row.beside(Some(Peer { name: "openssl storeutl -text".to_owned(), samples })))
        })
        .collect();
    // Left behind it is only a public certificate in the folder for passing things.
    let _ = fs::remove_dir_all(&folder);
    rows
}

const COUNTS: [usize; 3] = [1, 1_000, 10_000];
