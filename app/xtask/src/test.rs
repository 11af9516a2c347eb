//! `cargo xtask test`: every test there is, on the file that people get.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use crate::checkout::Checkout;
use crate::{dist, install, packed, process};

/// How many tests passed and failed, as their runners told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// Installs what is missing, builds the packed file and runs everything against it; with
/// `--no-run` it stops before the first test.
///
/// The native tests run beside the build of the packed file and beside the browser flows: linking
/// takes one core, and a flow mostly waits. What they print comes at the end, in one piece.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<ExitCode, String> {
    let is_run = match options {
        [] => true,
        ["--no-run"] => false,
        [option, ..] => return Err(format!("test: only --no-run, not {option:?}")),
    };
    install::everything(checkout)?;
    if !is_run {
        dist::run(checkout, &[])?;
        return Ok(ExitCode::SUCCESS);
    }
    let (native, browser) = thread::scope(|scope| {
        let native = scope.spawn(|| native_tests(checkout));
        let browser = dist::run(checkout, &[]).and_then(|()| browser_flows(checkout));
        (native.join(), browser)
    });
    let (native, printed) = native.map_err(|_| "the thread of the native tests panicked")??;
    std::io::stdout().lock().write_all(&printed).map_err(|error| error.to_string())?;
    let (browser, shown) = browser?;

    // Again at the very end, where a reader of a long log looks first.
    print!("{}{}", failures(&String::from_utf8_lossy(&printed)), failures(&shown));
    println!("cargo test: {native:?}\nbrowser flows: {browser:?}");
    let all = native.and(browser);
    // A test that was skipped in the run that skips nothing has not passed.
    let (passed, failed) = (all.passed, all.failed + all.skipped);
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `cargo test`, and what it printed.
fn native_tests(checkout: &Checkout) -> Result<(Tally, Vec<u8>), String> {
    let mut printed = Vec::new();
    let mut tally = Tally::default();
    for packages in NATIVE {
        let mut cargo = process::cargo();
        cargo
            .arg("test")
            .args(packages)
            .args(["--no-fail-fast", "--locked"])
            .env("PKI_REQUIRE_ALL", "1")
            .env("RUST_TEST_THREADS", native_threads().to_string())
            .current_dir(checkout.root());
        tally = tally.and(counted(&mut cargo, count_cargo, &mut printed)?);
    }
    Ok((tally, printed))
}

/// The flows of `tests/browser`, on the packed file that `cargo xtask dist` wrote; and what they
/// printed, which is shown as it comes.
fn browser_flows(checkout: &Checkout) -> Result<(Tally, String), String> {
    let mut node = Command::new(process::on_path("node").ok_or("node is missing")?);
    node.args(["--test", "--test-reporter=spec", NODE_TIMEOUT, NODE_CONCURRENCY])
        .args(flows(checkout)?)
        .env("PKI_REQUIRE_ALL", "1")
        .env("PKI_PACKED", checkout.dist().join(packed::FILE_NAME))
        .current_dir(checkout.browser_tests());
    let mut shown = Shown::default();
    let tally = counted(&mut node, count_node, &mut shown)?;
    Ok((tally, String::from_utf8_lossy(&shown.0).into_owned()))
}

/// Writes to the standard output, and keeps a copy.
#[derive(Default)]
struct Shown(Vec<u8>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        std::io::stdout().write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }
}

/// What the runners say of failed tests: cargo from "failures:" to the result of each crate, Node
/// from "failing tests:" to its end.
fn failures(printed: &str) -> String {
    let mut found = String::new();
    let mut within = false;
    for line in printed.lines() {
        within = match line {
            "failures:" | "✖ failing tests:" => true,
            _ => within && !line.starts_with("test result: "),
        };
        if within {
            found.push_str(line);
            found.push('\n');
        }
    }
    found
}

/// The browser flows, by name: Node 20 would look for tests in other files of the folder too.
fn flows(checkout: &Checkout) -> Result<Vec<PathBuf>, String> {
    let folder = checkout.browser_tests();
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

/// Runs a test runner, writes what it prints to `to` and adds up what it says.
///
/// A runner that fails without naming a failed test (it did not compile, it crashed) counts as one
/// failure, so that the last line can never be rosier than the run.
fn counted(
    command: &mut Command,
    count: fn(&str, &mut Tally),
    to: &mut dyn Write,
) -> Result<Tally, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    let mut tally = Tally::default();
    let lines = child.stdout.take().ok_or("the runner has no output")?;
    for line in BufReader::new(lines).split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line);
        writeln!(to, "{line}").map_err(|error| error.to_string())?;
        count(&line, &mut tally);
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

/// "test result: ok. 19 passed; 0 failed; 0 ignored; ..."
fn count_cargo(line: &str, tally: &mut Tally) {
    let Some((_, counts)) = line.split_once("test result: ") else { return };
    let number_before = |word: &str| {
        let words: Vec<&str> = counts.split_whitespace().collect();
        let place = words.iter().position(|found| found.trim_end_matches(';') == word)?;
        words.get(place.checked_sub(1)?)?.parse::<u64>().ok()
    };
    tally.passed += number_before("passed").unwrap_or(0);
    tally.failed += number_before("failed").unwrap_or(0);
    tally.skipped += number_before("ignored").unwrap_or(0);
}

/// "ℹ pass 16"; a cancelled test (its time was up) is a failed one.
fn count_node(line: &str, tally: &mut Tally) {
    let Some((word, number)) = line.strip_prefix("ℹ ").and_then(|rest| rest.split_once(' '))
    else {
        return;
    };
    let Ok(number) = number.trim().parse::<u64>() else { return };
    match word {
        "pass" => tally.passed += number,
        "fail" | "cancelled" => tally.failed += number,
        "skipped" | "todo" => tally.skipped += number,
        _ => {}
    }
}

/// The packages that are tested natively, by runs of cargo, which compiles a dependency with all the
/// features that the packages of one run ask of it. This tool asks for more than the others: with it
/// among them, the core and all below it would be compiled again for the core's examples, which the
/// tests start, and what this tool needs once more than for `cargo xtask`.
const NATIVE: [&[&str]; 2] = [&["--workspace", "--exclude", "xtask"], &["--package", "xtask"]];
/// One more than there are processors: many native tests wait for servers and other programs, and
/// beside the browsers they would be the last to end.
fn native_threads() -> usize {
    1 + thread::available_parallelism().map_or(1, usize::from)
}
/// No file of flows may take longer, in milliseconds: Node counts a whole file as one test. A
/// browser that hangs must not hang the run.
const NODE_TIMEOUT: &str = "--test-timeout=1500000";
/// Each flow has a browser of its own: more at once only make each other late.
const NODE_CONCURRENCY: &str = "--test-concurrency=2";

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str], count: fn(&str, &mut Tally)) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| count(line, &mut tally));
        tally
    }

    #[test]
    fn adds_up_what_cargo_says() {
        let lines = [
            "test result: ok. 19 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out",
            "test a ... ok",
            "test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out",
        ];
        let expected = Tally { passed: 20, failed: 3, skipped: 2 };
        assert_eq!(tally(&lines, count_cargo), expected);
    }

    #[test]
    fn takes_out_what_failed() {
        let printed = "test a ... ok\n\nfailures:\n---- b ----\nb is wrong\n\
                       test result: FAILED. 1 passed; 1 failed\nrunning 2 tests\n\
                       ✔ c\n✖ d\nℹ fail 1\n\n✖ failing tests:\n\n✖ d\n  d is wrong\n";
        let expected = "failures:\n---- b ----\nb is wrong\n\
                        ✖ failing tests:\n\n✖ d\n  d is wrong\n";
        assert_eq!(failures(printed), expected);
        assert_eq!(failures("test a ... ok\ntest result: ok. 1 passed\n✔ c\n"), "");
    }

    #[test]
    fn adds_up_what_node_says() {
        let lines = ["ℹ tests 20", "ℹ pass 16", "ℹ fail 1", "ℹ cancelled 2", "ℹ skipped 1"];
        let expected = Tally { passed: 16, failed: 3, skipped: 1 };
        assert_eq!(tally(&lines, count_node), expected);
    }
}
