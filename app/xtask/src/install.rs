//! What the whole test run needs besides Rust, and how it gets there.
//!
//! On Debian as root it is installed; anywhere else the person is told exactly what to install:
//! a test run that quietly leaves half of itself out is worth little.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::compile::TARGET;
use crate::{page, process};

/// A program that the tests call, by the names it may have, and the Debian packages that have it.
struct Tool {
    programs: &'static [&'static str],
    packages: &'static [&'static str],
}

/// Makes sure that every program and npm package is there.
pub(crate) fn everything(checkout: &Checkout) -> Result<(), String> {
    programs()?;
    npm_packages(checkout)
}

fn programs() -> Result<(), String> {
    let missing = missing_tools();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = missing.iter().map(|tool| tool.programs[0]).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|tool| tool.packages).copied().collect();
    let advice = format!(
        "missing: {}\nInstall them, on Debian and its kin with:\n  apt-get install {}",
        names.join(", "),
        packages.join(" ")
    );
    if !Path::new("/etc/debian_version").exists() || process::on_path("apt-get").is_none() {
        return Err(format!("{advice}\n(this is not Debian, so it is not done for you)"));
    }
    if process::output(Command::new("id").arg("-u"))?.trim() != "0" {
        return Err(format!("{advice}\n(needs root, so it is not done for you)"));
    }
    println!("Installing: {}", packages.join(" "));
    process::run(apt_get().args(["update", "-q"]))?;
    process::run(
        apt_get().args(["install", "-q", "-y", "--no-install-recommends"]).args(&packages),
    )?;
    let still: Vec<&str> = missing_tools().iter().map(|tool| tool.programs[0]).collect();
    if still.is_empty() { Ok(()) } else { Err(format!("still missing: {}", still.join(", "))) }
}

fn missing_tools() -> Vec<&'static Tool> {
    let is_there = |tool: &&Tool| tool.programs.iter().any(|name| process::on_path(name).is_some());
    TOOLS.iter().filter(|tool| !is_there(tool)).collect()
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Makes sure that rustc has the standard library for wasm.
///
/// rustup brings what `rust-toolchain.toml` names when it installs the toolchain. It does not where
/// the toolchain was there before, or where `RUSTUP_AUTO_INSTALL=0` forbids it, and rustc then says
/// of the first dependency that it cannot find `std`.
pub(crate) fn wasm_target(checkout: &Checkout) -> Result<(), String> {
    let folder = process::output(
        Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
            .current_dir(checkout.root())
            .args(["--print", "target-libdir", "--target", TARGET]),
    )?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let rustup = process::on_path("rustup").ok_or_else(|| {
        format!(
            "rustc has no standard library for {TARGET}, and there is no rustup to bring it: \
             install the package of your system that has it (on Debian libstd-rust-dev-wasm32), \
             or Rust by rustup"
        )
    })?;
    println!("Installing: the Rust target {TARGET}");
    let mut command = Command::new(rustup);
    process::run(command.current_dir(checkout.root()).args(["target", "add", TARGET]))
}

/// Installs what `package-lock.json` names, unless exactly that is there already.
pub(crate) fn npm_packages(checkout: &Checkout) -> Result<(), String> {
    let folder = checkout.browser_tests();
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let wanted = page::sha256_hex(&wanted);
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = process::on_path("npm").ok_or("npm is missing: install Node 20 or later")?;
    let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run(Command::new(npm).args(quiet).current_dir(&folder))?;
    checkout::write(&stamp, wanted.as_bytes())
}

const TOOLS: &[Tool] = &[
    Tool {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        // Without any font every page is blank, and axe measures no contrast.
        packages: &["chromium", "fonts-dejavu-core"],
    },
    Tool { programs: &["firefox-esr", "firefox"], packages: &["firefox-esr"] },
    Tool { programs: &["etcd"], packages: &["etcd-server"] },
    Tool { programs: &["etcdctl"], packages: &["etcd-client"] },
    Tool { programs: &["openssl"], packages: &["openssl"] },
    Tool { programs: &["kubectl"], packages: &["kubernetes-client"] },
    Tool { programs: &["tar"], packages: &["tar"] },
    Tool { programs: &["node"], packages: &["nodejs"] },
    Tool { programs: &["npm"], packages: &["npm"] },
];
