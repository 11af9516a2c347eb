//! `cargo xtask deps`: holds every dependency against `deny.toml`.
//!
//! cargo-deny reads the same file, but takes ten minutes to compile and so is not asked of anybody.
//! Licences, bans and sources are judged here from `cargo metadata`; the advisories need RustSec's
//! database, and where that cannot be had the reason is printed.

mod advisories;
mod policy;
mod spdx;

use std::fs;

use serde_json::Value;

use crate::checkout::Checkout;
use crate::process;
use policy::Policy;

/// One package of the dependency graph, as far as the policy asks about it.
pub(crate) struct Package {
    name: String,
    version: String,
    license: Option<String>,
    /// None for the members of this workspace.
    source: Option<String>,
}

/// Checks licences, bans, sources and advisories.
pub(crate) fn run(checkout: &Checkout, options: &[&str]) -> Result<(), String> {
    if let Some(option) = options.first() {
        return Err(format!("deps takes no options, not {option:?}"));
    }
    let path = checkout.root().join("deny.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let policy = Policy::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let packages = packages(checkout)?;

    let mut findings = policy.findings(&packages);
    println!("Licences, bans and sources: {} packages against deny.toml", packages.len());
    let advisories = advisories::check(checkout, &policy, &packages)?;
    println!("Advisories: {}", advisories.summary);
    findings.extend(advisories.findings);
    if findings.is_empty() {
        return Ok(());
    }
    Err(format!("dependencies that deny.toml does not allow:\n  {}", findings.join("\n  ")))
}

fn packages(checkout: &Checkout) -> Result<Vec<Package>, String> {
    let mut cargo = process::cargo();
    let command = ["metadata", "--format-version", "1", "--locked", "--all-features"];
    let text = process::output(cargo.current_dir(checkout.root()).args(command))?;
    let metadata: Value =
        serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata named no packages")?;
    packages
        .iter()
        .map(|package| {
            let text = |key: &str| package[key].as_str().map(str::to_owned);
            Some(Package {
                name: text("name")?,
                version: text("version")?,
                license: text("license"),
                source: text("source"),
            })
        })
        .collect::<Option<_>>()
        .ok_or_else(|| "cargo metadata named a package without name or version".to_owned())
}
