//! The app crate to wasm and glue: cargo, then wasm-bindgen in this process; and the small module
//! that the wasm carries.
//!
//! wasm-bindgen runs as a library so that its version is always the one in `Cargo.lock`: with the
//! command-line tool a mismatch is the first thing that a newcomer meets.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasm_bindgen_cli_support::Bindgen;
use wasm_encoder::{CustomSection, Encode as _, Section as _};

use crate::checkout::Checkout;
use crate::{install, process};

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
    install::wasm_target(checkout)?;
    let wasm = cargo_build(checkout, profile)?;
    let lanes = lanes(checkout, profile)?;
    let compiled = bind(&wasm, profile)?;
    Ok(Compiled { wasm: carrying(compiled.wasm, &lanes), ..compiled })
}

/// The wasm module of the crate `pki-lanes`. It is a module of its own because it needs instructions
/// that not every browser has.
pub(crate) fn lanes(checkout: &Checkout, profile: Profile) -> Result<Vec<u8>, String> {
    let mut cargo = process::cargo();
    cargo.current_dir(checkout.root()).args(["rustc", "--package", LANES, "--target", TARGET]);
    // It has no slow form: in any other profile the arithmetic would be too slow to be of use.
    cargo.args(["--profile", "dist", "--crate-type", "cdylib"]).args(MESSAGES);
    if profile == Profile::Dist {
        cargo.arg("--locked");
    }
    let flags = LANES_FLAGS.map(toml_string).join(",");
    cargo.args(["--config", &format!("target.{TARGET}.rustflags=[{flags}]")]);
    let path = built_wasm(&mut cargo, "pki_lanes")?;
    fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The wasm with another module in a custom section, where `app/src/platform/lanes.rs` finds it.
fn carrying(mut wasm: Vec<u8>, lanes: &[u8]) -> Vec<u8> {
    let section = CustomSection { name: LANES.into(), data: lanes.into() };
    wasm.push(section.id());
    section.encode(&mut wasm);
    wasm
}

fn cargo_build(checkout: &Checkout, profile: Profile) -> Result<PathBuf, String> {
    if profile == Profile::Dist {
        let fetch = ["fetch", "--quiet", "--locked", "--target", TARGET];
        process::run(process::cargo().current_dir(checkout.root()).args(fetch))?;
    }
    let mut cargo = process::cargo();
    cargo.current_dir(checkout.root()).args(["build", "--package", APP, "--target", TARGET]);
    cargo.args(MESSAGES);
    match profile {
        Profile::Serve => cargo.args(["--profile", "serve"]),
        Profile::Dist => cargo.args(["--locked", "--profile", "dist"]).args(remap(checkout)?),
    };
    built_wasm(&mut cargo, APP)
}

/// Where cargo leaves the wasm of `dist`: with names, and before wasm-bindgen has seen it.
pub(crate) fn unbound_wasm(checkout: &Checkout) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    checkout.root().join(target).join(TARGET).join("dist").join(format!("{APP}.wasm"))
}

/// Runs cargo, and picks the .wasm file of this target out of what it says.
fn built_wasm(cargo: &mut Command, target: &str) -> Result<PathBuf, String> {
    let messages = process::output(cargo.stdin(Stdio::null()))?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == target)
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(PathBuf::from))
        .find(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .ok_or_else(|| format!("cargo built {target} but named no .wasm file"))
}

/// Flags that take this machine's folders out of panic messages: they would differ between two
/// builds, and tell a stranger the name of whoever built the file.
///
/// Given with `--config`, because that is added to the flags in `.cargo/config.toml`, where the
/// environment variable would take their place.
fn remap(checkout: &Checkout) -> Result<[String; 2], String> {
    let home = std::env::home_dir().ok_or("cannot tell the home folder of this user")?;
    let or_home =
        |variable, name| std::env::var_os(variable).map_or_else(|| home.join(name), PathBuf::from);
    let cargo_home = or_home("CARGO_HOME", ".cargo");
    let mut folders = vec![
        (home.clone(), "/home"),
        (or_home("RUSTUP_HOME", ".rustup"), "/rustup"),
        (cargo_home.clone(), "/cargo"),
    ];
    // Named after the address of the registry, which a mirror changes.
    folders
        .extend(registries(&cargo_home)?.into_iter().map(|registry| (registry, "/cargo/registry")));
    folders.push((checkout.root().to_path_buf(), "/pki-workbench"));
    // The last match wins in rustc, so the folders inside others come after them.
    let flags: Vec<String> = folders
        .iter()
        .map(|(from, to)| toml_string(&format!("--remap-path-prefix={}={to}", from.display())))
        .collect();
    Ok(["--config".to_owned(), format!("target.{TARGET}.rustflags=[{}]", flags.join(","))])
}

/// The folders with the sources of dependencies, which must have been fetched.
fn registries(cargo_home: &Path) -> Result<Vec<PathBuf>, String> {
    let folder = cargo_home.join("registry/src");
    let because = |error| format!("{}: {error}", folder.display());
    let mut registries = Vec::new();
    for entry in fs::read_dir(&folder).map_err(because)? {
        registries.push(entry.map_err(because)?.path());
    }
    registries.sort();
    Ok(registries)
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
const LANES: &str = "pki-lanes";
/// No names, which nobody would see, and no more stack than a few long numbers take.
const LANES_FLAGS: [&str; 3] =
    ["-Ctarget-feature=+simd128,+relaxed-simd", "-Cstrip=symbols", "-Clink-arg=-zstack-size=65536"];
const MESSAGES: [&str; 2] = ["--message-format", "json-render-diagnostics"];
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";
