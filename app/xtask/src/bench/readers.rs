//! Certificates to text natively, beside `openssl storeutl`, which prints the same.

use std::process::Command;

use super::figures::{Peer, Row};
use super::ways::{Scratch, Selection, Way, build_example, in_turn, quiet, said};
use crate::checkout::{self, Checkout};
use crate::process;

/// Measures whole processes, from the start to the last line of text.
pub(super) fn rows(checkout: &Checkout, selection: Selection<'_>) -> Result<Vec<Row>, String> {
    let title = |count: usize| format!("certificates to text, {count}, native");
    let wanted: Vec<_> =
        COUNTS.into_iter().filter(|count| selection.wants(&title(*count))).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let program = build_example(checkout, "decode")?;
    let node = process::on_path("node").ok_or("node is missing: install Node 20 or later")?;
    let scratch = Scratch::new("read")?;
    let file = scratch.path().join("bundle.pem");
    let openssl = process::on_path("openssl").ok_or_else(|| "not found".to_owned());
    wanted
        .into_iter()
        .map(|count| {
            println!("Measuring: {} ...", title(count));
            // All different and of one CA, as those that are pasted in Chromium.
            let mut certificates = Command::new(&node);
            certificates.args(["certificates.mjs", &count.to_string(), "ec"]);
            let pem = said(certificates.current_dir(checkout.browser_tests()))?;
            checkout::write(&file, pem.as_bytes())?;
            let ours: Way<'_> =
                Box::new(|| quiet(Command::new(&program).args(["--format", "text"]).arg(&file)));
            let theirs: Way<'_> = Box::new(|| {
                let mut command = Command::new(openssl.as_deref()?);
                quiet(command.args(["storeutl", "-text", "-certs"]).arg(&file))
            });
            let mut samples = in_turn(selection.runs, vec![ours, theirs]).into_iter();
            let mut next = || samples.next().unwrap_or_else(|| Err("not taken".to_owned()));
            let row = Row::time(&title(count), next(), None);
            let name = "openssl storeutl -text".to_owned();
            Ok(row.beside(Some(Peer { name, samples: next() })))
        })
        .collect()
}

const COUNTS: [usize; 3] = [1, 1_000, 10_000];
