//! The app crate to wasm and glue: cargo, then wasm-bindgen in this process.
//!
//! wasm-bindgen runs as a library so that its version is always the one in `Cargo.lock`: with the
//! command-line tool a mismatch is the first thing that a newcomer meets.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use wasm_bindgen_cli_support::Bindgen;

use crate::checkout::Checkout;
use crate::process;

/// The wasm and the script that connects it to the browser.
pub(crate) struct Compiled {
    pub(crate) glue: String,
    pub(crate) wasm: Vec<u8>,
}

/// How the app is compiled: for a short build or for a small file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Serve,
    Dist,
}

/// Compiles the app crate and writes its glue.
pub(crate) fn compile(checkout: &Checkout, profile: Profile) -> Result<Compiled, String> {
    let wasm = cargo_build(checkout, profile)?;
    bind(&wasm, profile)
}

fn cargo_build(checkout: &Checkout, profile: Profile) -> Result<PathBuf, String> {
    let mut cargo = process::cargo();
    cargo.current_dir(checkout.root()).args([
        "build",
        "--package",
        APP,
        "--target",
        "wasm32-unknown-unknown",
        "--message-format",
        "json-render-diagnostics",
    ]);
    match profile {
        Profile::Serve => cargo.args(["--profile", "serve"]),
        Profile::Dist => cargo.args(["--locked", "--profile", "dist"]).args(remap(checkout)?),
    };
    let messages = process::output(cargo.stdin(Stdio::null()))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == APP)
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .ok_or_else(|| format!("cargo built {APP} but named no .wasm file"))
}

/// Flags that take this machine's folders out of panic messages: they would differ between two
/// builds, and tell a stranger the name of whoever built the file.
///
/// Given with `--config`, because that is added to the flags in `.cargo/config.toml`, where the
/// environment variable would take their place.
fn remap(checkout: &Checkout) -> Result<[String; 2], String> {
    let home = std::env::home_dir().ok_or("cannot tell the home folder of this user")?;
    let cargo_home =
        std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
    let rustup_home =
        std::env::var_os("RUSTUP_HOME").map_or_else(|| home.join(".rustup"), PathBuf::from);
    // The last match wins in rustc, so the home folder comes first.
    let flags = [(home.as_path(), "/home"), (&rustup_home, "/rustup"), (&cargo_home, "/cargo")]
        .into_iter()
        .chain([(checkout.root(), "/pki-workbench")])
        .map(|(from, to)| toml_string(&format!("--remap-path-prefix={}={to}", shown(from))))
        .collect::<Vec<_>>();
    let key = "target.wasm32-unknown-unknown.rustflags";
    Ok(["--config".to_owned(), format!("{key}=[{}]", flags.join(","))])
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn bind(wasm: &Path, profile: Profile) -> Result<Compiled, String> {
    let because = |error| format!("wasm-bindgen: {}: {error:#}", wasm.display());
    let mut output = Bindgen::new()
        .input_path(wasm)
        .no_modules(true)
        .map_err(because)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(profile == Profile::Dist)
        .remove_producers_section(true)
        .generate_output()
        .map_err(because)?;
    // Every crate that exports something has an entry here, which may be empty.
    let snippet = output.snippets().iter().find(|(_, scripts)| !scripts.is_empty());
    if let Some(module) = snippet.map(|(name, _)| name).or(output.local_modules().keys().next()) {
        return Err(format!(
            "the JavaScript module {module:?} of a dependency cannot be loaded from file://: do \
             without it"
        ));
    }
    Ok(Compiled { glue: output.js().to_owned(), wasm: output.wasm_mut().emit_wasm() })
}

const APP: &str = "pki-workbench";
