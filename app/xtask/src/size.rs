//! How large the result is, and how large it may be.
//!
//! People carry the file on a stick and mail it; a dependency that doubles it must be seen on the
//! day it comes in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout::Checkout;
use crate::{packed, parts, process};

/// The packed file as it lies on the disk.
const PACKED_BUDGET: u64 = 1_500_000;
/// The wasm as a web server sends it: what it should come down to.
const WASM_BROTLI_BUDGET: u64 = 450_000;
/// What it may not grow beyond while it is above its budget. It was 800,000 bytes while there were
/// two views, and is moved by what people asked for: seven layouts, the CSR desk, the map, CAs of
/// one's own and outside, decoding of ever odder input (951,095 bytes on 2026-11-23), the comparison,
/// an external etcd, name constraints, templates (1,000,794 on 2026-11-28, and less since workers are
/// not spoken to in JSON), every flow of the seeds, broken input read as far as it goes, more lines of
/// the CIS benchmark (1,001,714 by that day's evening). A new view may move it, and says so in the
/// changelog; a dependency may not. When the wasm meets the budget, this goes.
const WASM_BROTLI_CEILING: u64 = 1_000_000;

/// Prints the sizes of what `dist` wrote and what the wasm is made of, and fails when the packed
/// file is over its budget or the wasm over its ceiling.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    if let Some(option) = options.first() {
        return Err(format!("size takes no options, not {option:?}"));
    }
    let rows = measure(checkout)?;
    println!("{}", table(&rows));
    println!("{}", parts::table(checkout)?);
    judge(&rows)
}

/// The size of one file, plain and as sent. `brotli` is none where there is no Node to tell.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) raw: u64,
    pub(crate) gzip: u64,
    pub(crate) brotli: Option<u64>,
}

/// Measures the packed file and the wasm in `dist/`.
pub(crate) fn measure(checkout: &Checkout) -> Result<Vec<Row>, String> {
    let wasm = wasm_file(&checkout.dist().join("hosted"))?;
    [("packed file", checkout.dist().join(packed::FILE_NAME)), ("wasm", wasm)]
        .into_iter()
        .map(|(name, path)| {
            let content =
                fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let gzip = packed::gzip(&content)?.len() as u64;
            Ok(Row { name, raw: content.len() as u64, gzip, brotli: brotli(&path)? })
        })
        .collect()
}

/// The sizes as lines of text.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = format!("{:<12} {:>10} {:>10} {:>10}\n", "bytes", "raw", "gzip", "brotli");
    for row in rows {
        let brotli = row.brotli.map_or("no node".to_owned(), |size| size.to_string());
        text += &format!("{:<12} {:>10} {:>10} {:>10}\n", row.name, row.raw, row.gzip, brotli);
    }
    text
}

/// The budget for a size of the table, if it has one.
pub(crate) fn budget(name: &str) -> Option<u64> {
    match name {
        "packed file" => Some(PACKED_BUDGET),
        "wasm, brotli" => Some(WASM_BROTLI_BUDGET),
        _ => None,
    }
}

fn judge(rows: &[Row]) -> Result<(), String> {
    let mut over = Vec::new();
    for row in rows {
        let (size, budget, what) = match (row.name, row.brotli) {
            ("wasm", Some(brotli)) => {
                if let Some(missing) = brotli.checked_sub(WASM_BROTLI_BUDGET) {
                    println!(
                        "The wasm is {missing} bytes over its budget of {WASM_BROTLI_BUDGET} \
                         after brotli; this check holds it to {WASM_BROTLI_CEILING}."
                    );
                }
                (brotli, WASM_BROTLI_CEILING, "wasm after brotli")
            }
            ("wasm", None) => return Err("node is needed to measure brotli: install it".into()),
            _ => (row.raw, PACKED_BUDGET, "packed file"),
        };
        if size > budget {
            over.push(format!(
                "{what}: {size} bytes, {} over its limit of {budget}",
                size - budget
            ));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(over.join("; ")) }
}

fn wasm_file(hosted: &Path) -> Result<PathBuf, String> {
    let entries = fs::read_dir(hosted)
        .map_err(|error| format!("{}: {error}: run `cargo xtask dist` first", hosted.display()))?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .ok_or_else(|| format!("{} holds no .wasm file", hosted.display()))
}

/// Node has brotli built in; a crate for it would make everybody's first `serve` longer.
fn brotli(path: &Path) -> Result<Option<u64>, String> {
    let Some(node) = process::on_path("node") else { return Ok(None) };
    let script = "const { brotliCompressSync } = require('node:zlib'); \
                  const content = require('node:fs').readFileSync(process.argv[1]); \
                  console.log(brotliCompressSync(content).length);";
    let mut command = Command::new(node);
    let printed = process::output(command.arg("-e").arg(script).arg(path).stdin(Stdio::null()))?;
    printed.trim().parse().map(Some).map_err(|_| format!("node printed {printed:?}, not a size"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(packed: u64, wasm_brotli: Option<u64>) -> Vec<Row> {
        vec![
            Row { name: "packed file", raw: packed, gzip: 1, brotli: None },
            Row { name: "wasm", raw: 9_999_999, gzip: 1, brotli: wasm_brotli },
        ]
    }

    #[test]
    fn a_size_at_its_limit_passes_and_one_byte_more_fails() {
        assert!(judge(&rows(PACKED_BUDGET, Some(WASM_BROTLI_CEILING))).is_ok());
        let error = judge(&rows(PACKED_BUDGET + 1, Some(WASM_BROTLI_CEILING + 2)))
            .expect_err("both are over");
        let packed = format!("packed file: {} bytes, 1 over", PACKED_BUDGET + 1);
        let wasm = format!("wasm after brotli: {} bytes, 2 over", WASM_BROTLI_CEILING + 2);
        assert!(error.contains(&packed) && error.contains(&wasm), "{error}");
    }

    #[test]
    fn a_budget_that_cannot_be_measured_fails() {
        assert!(judge(&rows(1, None)).is_err());
    }
}
