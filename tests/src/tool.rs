//! Programs of other people: found on PATH, or a reason to skip.

use std::env;
use std::path::PathBuf;

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
    eprintln!("skipped: {reason}");
}

/// openssl 3.
pub fn openssl() -> Option<PathBuf> {
    find("openssl", "Debian: apt-get install openssl")
}

/// kubectl.
pub fn kubectl() -> Option<PathBuf> {
    find("kubectl", "Debian: apt-get install kubernetes-client")
}
