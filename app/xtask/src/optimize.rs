//! wasm-opt, where there is one: it makes the file smaller but is not needed to make one.
//!
//! It changes the bytes, so two builds are equal only when both or neither had it, in one version.
//! Therefore the one that `tests/browser/package-lock.json` pins goes before any on the path, and
//! every build says which it used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::arrange;
use crate::checkout::Checkout;
use crate::process;

/// The optimised wasm, and a line that says what was done to it.
pub(crate) fn optimize(checkout: &Checkout, wasm: Vec<u8>) -> Result<(Vec<u8>, String), String> {
    let Some(program) = find(checkout) else {
        let advice = "not used (not found: `npm ci` in tests/browser brings the pinned one)";
        return Ok((wasm, advice.to_owned()));
    };
    let version = version(checkout)?.unwrap_or_default();
    let folder = std::env::temp_dir().join(format!("pki-workbench-{}", std::process::id()));
    let result = run_in(&folder, &program, &wasm);
    // Left behind it would only fill the disk; that it could not be removed is no reason to fail.
    let _ = fs::remove_dir_all(&folder);
    Ok((result?, format!("{} ({})", version.trim(), origin(checkout, &program))))
}

/// What the one that would be used says of itself; `None` where there is none.
pub(crate) fn version(checkout: &Checkout) -> Result<Option<String>, String> {
    find(checkout)
        .map(|program| process::output(Command::new(program).arg("--version")))
        .transpose()
}

fn run_in(folder: &Path, program: &Path, wasm: &[u8]) -> Result<Vec<u8>, String> {
    let (before, after) = (folder.join("before.wasm"), folder.join("after.wasm"));
    let apply = |passes: &[&str], wasm: &[u8]| {
        crate::checkout::write(&before, wasm)?;
        process::run(
            Command::new(program).args(FEATURES).args(passes).arg("-o").arg(&after).arg(&before),
        )?;
        fs::read(&after).map_err(|error| format!("{}: {error}", after.display()))
    };
    // A function of one caller stays by itself: inside it, its bytes stand among others that are less
    // like them, and the compressed file is 11 kB larger.
    let optimized = apply(&["-Os", "--one-caller-inline-max-function-size=0"], wasm)?;
    apply(&["--reorder-functions-by-name"], &arrange::name_by_place(optimized)?)
}

fn find(checkout: &Checkout) -> Option<PathBuf> {
    let pinned = pinned(checkout);
    if pinned.is_file() { Some(pinned) } else { process::on_path("wasm-opt") }
}

fn pinned(checkout: &Checkout) -> PathBuf {
    checkout.browser_tests().join("node_modules/.bin/wasm-opt")
}

fn origin(checkout: &Checkout, program: &Path) -> &'static str {
    if program == pinned(checkout) { "pinned by tests/browser" } else { "found on the path" }
}

/// What rustc emits for wasm32-unknown-unknown; without them wasm-opt refuses its own input.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];
