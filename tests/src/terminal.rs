//! The core's examples as people run them from a terminal.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::process::{Outcome, run, run_for};

/// On a machine that has built nothing yet, the example's dependencies come first.
const BUILD_LIMIT: Duration = Duration::from_secs(15 * 60);

/// The example's executable, built once per test program.
///
/// # Panics
/// When cargo fails.
pub fn example() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| build("issue"))
}

/// As [`example`], for `csr`.
///
/// # Panics
/// When cargo fails.
pub fn csr_example() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| build("csr"))
}

/// As [`example`], for `compare`.
///
/// # Panics
/// When cargo fails.
pub fn compare_example() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| build("compare"))
}

/// As [`example`], for `decode`.
///
/// # Panics
/// When cargo fails.
pub fn decode_example() -> &'static Path {
    static EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();
    EXECUTABLE.get_or_init(|| build("decode"))
}

/// The cargo that runs the tests builds the example too, into the same folder.
fn build(name: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let messages = run_for(
        Command::new(cargo)
            .args(["build", "--quiet", "--package", "pki-core", "--example", name])
            .arg("--message-format=json")
            .current_dir(env!("CARGO_MANIFEST_DIR")),
        b"",
        BUILD_LIMIT,
    )
    .expect_ok("cargo build --example");
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the executable that it built")
}

/// Runs the example in a folder; P-256 keys, unless the arguments say otherwise, for their speed.
///
/// # Panics
/// When it cannot be started.
pub fn issue(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(example());
    command.current_dir(folder).args(["--algorithm", "ecdsa-p256"]).args(arguments);
    run(&mut command)
}
