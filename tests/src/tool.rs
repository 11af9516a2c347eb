//! Programs of other people: found on PATH, or a reason to skip.

use std::collections::BTreeSet;
use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;

/// Whether every tool must be there.
pub fn all_required() -> bool {
    env::var_os("PKI_REQUIRE_ALL").is_some_and(|value| value == "1")
}

/// The program's place, or `None` after saying why the check is skipped.
///
/// # Panics
/// When the program is missing and [`all_required`].
pub fn find(program: &str, hint: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(program)).find(|p| p.is_file());
    if found.is_none() {
        skip(&format!("{program} is not on PATH ({hint})"));
    }
    found
}

/// Says why a check is skipped.
///
/// # Panics
/// When [`all_required`].
pub fn skip(reason: &str) {
    assert!(!all_required(), "PKI_REQUIRE_ALL=1, but {reason}");
    skip_even_if_all_required(reason);
}

/// Says why a check is skipped whose tool nothing installs on every system.
pub fn skip_even_if_all_required(reason: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let first = SAID.lock().is_ok_and(|mut said| said.insert(reason.to_owned()));
    if first {
        // Not by `eprintln`, which the test runner keeps to itself when a test passes. Whoever
        // closed stderr does not want to know.
        let _ = io::stderr().write_all(format!("skipped: {reason}\n").as_bytes());
    }
}

/// openssl 3.
pub fn openssl() -> Option<PathBuf> {
    find("openssl", "Debian: apt-get install openssl")
}

/// kubectl.
pub fn kubectl() -> Option<PathBuf> {
    find("kubectl", "Debian: apt-get install kubernetes-client")
}
