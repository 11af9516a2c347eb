//! `cargo xtask bench`: the budgets as figures, each beside a peer's where there is one.
//!
//! Nothing here passes or fails: a test that is timed fails on a busy day. The figures are printed
//! as Markdown for people, and written as JSON for whoever wants to draw them over time.

mod figures;
mod native;
mod readers;

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::checkout::{self, Checkout};
use crate::{dist, install, packed, process, size};
use figures::Row;

/// Builds the packed file, measures natively and in Chromium, and prints every row.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    let runs = match options {
        [] => RUNS,
        ["--runs", number] => number
            .parse()
            .ok()
            .filter(|runs| *runs > 0)
            .ok_or_else(|| format!("--runs {number:?} is not a number above 0"))?,
        _ => return Err("bench: only --runs N".to_owned()),
    };
    install::npm_packages(checkout)?;
    dist::run(checkout, &[])?;

    let mut rows = native::rows(checkout, runs)?;
    rows.extend(readers::rows(checkout, runs)?);
    rows.extend(browser_rows(checkout, runs)?);
    rows.extend(size_rows(checkout)?);

    let file = checkout.dist().join("bench.json");
    let document = json!({
        "runs": runs,
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

/// What the page measures about itself in headless Chromium.
fn browser_rows(checkout: &Checkout, runs: usize) -> Result<Vec<Row>, String> {
    println!("Measuring in Chromium ...");
    let node = process::on_path("node").ok_or("node is missing: install Node 20 or later")?;
    let mut command = Command::new(node);
    command
        .arg("bench.mjs")
        .arg(runs.to_string())
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

const RUNS: usize = 10;
