//! RustSec's advisories against the locked versions.
//!
//! The database is a Git repository. It is fetched when it can be; on a machine that reaches only
//! a package registry it cannot, and then the check says so instead of passing in silence.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use semver::{Version, VersionReq};
use toml::{Table, Value};

use super::{Package, Policy};
use crate::checkout::Checkout;
use crate::process;

/// What the check found, and one sentence about how it was made.
pub(crate) struct Outcome {
    pub(crate) findings: Vec<String>,
    pub(crate) summary: String,
}

/// Looks every package up in the database, or says why that could not be done.
pub(crate) fn check(
    checkout: &Checkout,
    policy: &Policy,
    packages: &[Package],
) -> Result<Outcome, String> {
    let database = match database(checkout) {
        Ok(database) => database,
        Err(reason) => {
            let summary = format!("NOT CHECKED: {reason}");
            return Ok(Outcome { findings: Vec::new(), summary });
        }
    };
    let mut outcome = Outcome { findings: Vec::new(), summary: String::new() };
    let (mut read, mut accepted) = (0, Vec::new());
    for package in packages.iter().filter(|package| package.source.is_some()) {
        for file in advisory_files(&database.join("crates").join(&package.name))? {
            let text = fs::read_to_string(&file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            let advisory = parse(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            read += 1;
            if !advisory.concerns(&package.version)? {
                continue;
            }
            match policy.ignored(&advisory.id) {
                Some(_) => accepted.push(advisory.id),
                None => outcome.findings.push(format!(
                    "{} {}: {} ({})",
                    package.name, package.version, advisory.id, advisory.title
                )),
            }
        }
    }
    outcome.summary = format!(
        "{read} advisories about these packages read; accepted with a reason in deny.toml: {}",
        if accepted.is_empty() { "none".to_owned() } else { accepted.join(", ") }
    );
    Ok(outcome)
}

struct Advisory {
    id: String,
    title: String,
    /// An advisory for information (unmaintained, notice) is no vulnerability.
    informational: bool,
    safe: Vec<VersionReq>,
}

impl Advisory {
    fn concerns(&self, version: &str) -> Result<bool, String> {
        let version = Version::parse(version).map_err(|error| format!("{version}: {error}"))?;
        Ok(!self.informational && !self.safe.iter().any(|range| range.matches(&version)))
    }
}

/// An advisory is Markdown that begins with a block of TOML.
fn parse(text: &str) -> Result<Advisory, String> {
    let (_, rest) = text.split_once("```toml\n").ok_or("has no TOML block")?;
    let (front, body) = rest.split_once("\n```").ok_or("the TOML block is not closed")?;
    let table: Table = front.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let advisory = table.get("advisory").and_then(Value::as_table).ok_or("no [advisory]")?;
    if advisory.contains_key("withdrawn") {
        return Ok(Advisory {
            id: String::new(),
            title: String::new(),
            informational: true,
            safe: Vec::new(),
        });
    }
    let id = advisory.get("id").and_then(Value::as_str).ok_or("the advisory has no id")?;
    let versions = table.get("versions").and_then(Value::as_table);
    let mut safe = Vec::new();
    for key in ["patched", "unaffected"] {
        let ranges = versions.and_then(|versions| versions.get(key)).and_then(Value::as_array);
        for range in ranges.into_iter().flatten() {
            let range = range.as_str().ok_or("a version range is not a string")?;
            safe.push(VersionReq::parse(range).map_err(|error| format!("{range:?}: {error}"))?);
        }
    }
    let title = body.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("no title");
    Ok(Advisory {
        id: id.to_owned(),
        title: title.to_owned(),
        informational: advisory
            .get("informational")
            .and_then(Value::as_str)
            .is_some_and(|kind| kind != "unsound"),
        safe,
    })
}

fn advisory_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    Ok(files)
}

/// A fresh copy of the database: the one that `PKI_ADVISORY_DB` names, or one fetched now.
fn database(checkout: &Checkout) -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os("PKI_ADVISORY_DB").map(PathBuf::from) {
        let found = folder.join("crates").is_dir();
        return if found {
            Ok(folder)
        } else {
            Err(format!("no database in {}", folder.display()))
        };
    }
    let folder = checkout.root().join("target/advisory-db");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let git = process::on_path("git").ok_or("git is not installed")?;
    let output = Command::new(git)
        .args(["-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=20"])
        .args(["clone", "--quiet", "--depth", "1", DATABASE])
        .arg(&folder)
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("git: {error}"))?;
    if output.status.success() {
        return Ok(folder);
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("the database cannot be fetched ({})", reason.trim().replace('\n', " ")))
}

const DATABASE: &str = "https://github.com/RustSec/advisory-db";

#[cfg(test)]
mod tests {
    use super::*;

    const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2020-0001\"\npackage = \"a\"\n\
        [versions]\npatched = [\">= 1.2.3\", \"^0.9.1\"]\nunaffected = [\"< 0.5.0\"]\n```\n\n\
        # A hole\n\nText.\n";

    #[test]
    fn tells_the_versions_that_are_concerned() {
        let advisory = parse(ADVISORY).expect("is well formed");
        assert_eq!(
            (advisory.id.as_str(), advisory.title.as_str()),
            ("RUSTSEC-2020-0001", "A hole")
        );
        for (version, concerned) in
            [("1.2.2", true), ("1.2.3", false), ("0.9.1", false), ("0.9.0", true), ("0.4.9", false)]
        {
            assert_eq!(advisory.concerns(version), Ok(concerned), "{version}");
        }
    }

    #[test]
    fn passes_over_what_is_withdrawn_or_only_information() {
        for line in ["withdrawn = \"2021-01-01\"", "informational = \"unmaintained\""] {
            let text = ADVISORY.replace("package = \"a\"", line);
            let advisory = parse(&text).expect("is well formed");
            assert_eq!(advisory.concerns("1.0.0"), Ok(false), "{line}");
        }
    }

    #[test]
    fn an_advisory_without_a_patch_concerns_every_version() {
        let text = ADVISORY.replace(">= 1.2.3", "> 99.0.0");
        assert_eq!(parse(&text).expect("is well formed").concerns("1.2.3"), Ok(true));
        assert!(parse("# no block").is_err());
    }
}
