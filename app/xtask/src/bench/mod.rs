//! `cargo xtask bench`: the budgets as figures, each beside a peer's where there is one.
//!
//! Nothing here passes or fails: a test that is timed fails on a busy day. The figures are printed
//! and written as Markdown for people, and written as JSON for whoever wants to draw them over time;
//! both say when, where and of which commit.

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

    let commit = commit(checkout);
    let mut rows = native::rows(checkout, selection)?;
    rows.extend(plan::rows(checkout, selection)?);
    rows.extend(desk::rows(checkout, selection)?);
    rows.extend(readers::rows(checkout, selection)?);
    let (machine, in_chromium) = browser_rows(checkout, selection)?;
    rows.extend(in_chromium);
    rows.extend(size_rows(checkout)?.into_iter().filter(|row| selection.wants(row.name())));
    if rows.is_empty() {
        return Err(format!("--only {:?}: no row has that in its name", selection.only));
    }

    let document = json!({
        "commit": commit,
        "machine": machine,
        "runs": selection.runs,
        "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    let text = format!("{}\n\n{}", place(&machine, &commit), figures::markdown(&rows));
    let files = ["bench.json", "bench.md"].map(|name| checkout.dist().join(name));
    checkout::write(&files[0], format!("{document:#}\n").as_bytes())?;
    checkout::write(&files[1], text.as_bytes())?;
    println!("\n{text}\nWritten: {}, {}", files[0].display(), files[1].display());
    Ok(())
}

/// The commit that is measured, and whether something was changed since.
fn commit(checkout: &Checkout) -> String {
    let git = |words: &[&str]| {
        let mut command = Command::new(process::on_path("git")?);
        ways::said(command.current_dir(checkout.root()).args(words)).ok()
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return "of no commit".to_owned();
    };
    let is_clean = git(&["status", "--porcelain"]).is_some_and(|changes| changes.is_empty());
    format!("commit {}{}", commit.trim(), if is_clean { "" } else { ", changed" })
}

/// When, where and of what, in one sentence above the table.
fn place(machine: &Value, commit: &str) -> String {
    let text = |key: &str| machine[key].as_str().unwrap_or("unknown").to_owned();
    format!(
        "{}, {commit}; {} cores of {}, {}; {}; {}.",
        text("date"),
        machine["cores"],
        text("processor"),
        text("system"),
        text("browser"),
        text("openssl"),
    )
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

/// What the page measures about itself in headless Chromium, and what all was measured with.
fn browser_rows(
    checkout: &Checkout,
    selection: Selection<'_>,
) -> Result<(Value, Vec<Row>), String> {
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
    let all: Value =
        serde_json::from_str(&text).map_err(|error| format!("bench.mjs: {error}: {text}"))?;
    let rows = all["rows"].as_array().ok_or_else(|| format!("bench.mjs: no rows: {text}"))?;
    Ok((all["machine"].clone(), rows.iter().map(Row::from_json).collect::<Result<_, _>>()?))
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

/// All rows then take about a quarter of an hour, most of it the peers'.
const RUNS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_when_and_where() {
        let machine = json!({ "date": "2026-11-28", "processor": "a Z80", "cores": 2,
            "system": "CP/M", "browser": "Chromium 156", "openssl": "OpenSSL 3" });
        assert_eq!(
            place(&machine, "commit abc"),
            "2026-11-28, commit abc; 2 cores of a Z80, CP/M; Chromium 156; OpenSSL 3."
        );
    }

    #[test]
    fn reads_its_options_in_any_order() {
        let read = selection(&["--only", "nodes", "--runs", "2"]).expect("both are known");
        assert_eq!((read.runs, read.only), (2, Some("nodes")));
        for wrong in [&["--runs", "0"][..], &["--runs"], &["--only"], &["--fast", "1"]] {
            assert!(selection(wrong).is_err(), "{wrong:?}");
        }
    }
}
