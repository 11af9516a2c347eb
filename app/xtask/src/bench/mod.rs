//! `cargo xtask bench`: the budgets as figures, each beside a peer's where there is one.
//!
//! Nothing here passes or fails: a test that is timed fails on a busy day. The figures are printed
//! as Markdown for people, and written as JSON for whoever wants to draw them over time.

mod desk;
mod figures;
mod kubeadm;
mod native;
mod plan;
mod readers;
mod ways;

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::checkout::{self, Checkout};
use crate::{dist, install, packed, process, size};
use figures::Row;
use ways::Selection;

/// Builds the packed file, measures natively and in Chromium, and prints every row.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    let selection = selection(options)?;
    install::npm_packages(checkout)?;
    dist::run(checkout, &[])?;

    let mut rows = native::rows(checkout, selection)?;
    rows.extend(plan::rows(checkout, selection)?);
    rows.extend(desk::rows(checkout, selection)?);
    rows.extend(readers::rows(checkout, selection)?);
    rows.extend(browser_rows(checkout, selection)?);
    rows.extend(size_rows(checkout)?.into_iter().filter(|row| selection.wants(row.name())));
    if rows.is_empty() {
        return Err(format!("--only {:?}: no row has that in its name", selection.only));
    }

    let file = checkout.dist().join("bench.json");
    let document = json!({
        "runs": selection.runs,
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    let text = format!("{document:#}\n");
    checkout::write(&file, text.as_bytes())?;
    println!("\n{}\nJSON: {}", figures::markdown(&rows), file.display());
    Ok(())
}

fn selection<'a>(options: &[&'a str]) -> Result<Selection<'a>, String> {
    let mut selection = Selection { runs: RUNS, only: None };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match (*option, options.next()) {
            ("--runs", Some(number)) => {
                selection.runs = number
                    .parse()
                    .ok()
                    .filter(|runs| *runs > 0)
                    .ok_or_else(|| format!("--runs {number:?} is not a number above 0"))?;
            }
            ("--only", Some(word)) => selection.only = Some(word),
            _ => return Err("bench: only --runs N and --only WORD".to_owned()),
        }
    }
    Ok(selection)
}

/// What the page measures about itself in headless Chromium.
fn browser_rows(checkout: &Checkout, selection: Selection<'_>) -> Result<Vec<Row>, String> {
    println!("Measuring in Chromium ...");
    let node = process::on_path("node").ok_or("node is missing: install Node 20 or later")?;
    let mut command = Command::new(node);
    command
        .arg("bench.mjs")
        .arg(selection.runs.to_string())
        .arg(selection.only.unwrap_or_default())
        .env("PKI_PACKED", checkout.dist().join(packed::FILE_NAME))
        .current_dir(checkout.browser_tests())
        .stdin(Stdio::null());
    let text = process::output(&mut command)?;
    let rows: Vec<Value> =
        serde_json::from_str(&text).map_err(|error| format!("bench.mjs: {error}: {text}"))?;
    rows.iter().map(Row::from_json).collect()
}

fn size_rows(checkout: &Checkout) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for size in size::measure(checkout)? {
        let forms = [("", Some(size.raw)), (", gzip", Some(size.gzip)), (", brotli", size.brotli)];
        for (form, bytes) in forms {
            let Some(bytes) = bytes else { continue };
            let name = format!("{}{form}", size.name);
            let budget = size::budget(&name);
            rows.push(Row::bytes(name, bytes, budget));
        }
    }
    Ok(rows)
}

/// All rows then take about five minutes.
const RUNS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_options_in_any_order() {
        let read = selection(&["--only", "nodes", "--runs", "2"]).expect("both are known");
        assert_eq!((read.runs, read.only), (2, Some("nodes")));
        for wrong in [&["--runs", "0"][..], &["--runs"], &["--only"], &["--fast", "1"]] {
            assert!(selection(wrong).is_err(), "{wrong:?}");
        }
    }
}
