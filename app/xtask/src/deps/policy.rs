//! `deny.toml`: the part of cargo-deny's format that this project uses.
//!
//! A key that is not known here is an error: otherwise a rule that works for people with
//! cargo-deny would be silently ignored for everybody else.

use toml::{Table, Value};

use super::{Package, spdx};

/// The rules of `deny.toml`.
pub(crate) struct Policy {
    licenses: Vec<String>,
    banned: Vec<Exception>,
    registries: Vec<String>,
    ignored_advisories: Vec<Exception>,
}

/// A name that is treated differently, and why.
struct Exception {
    name: String,
    reason: String,
}

impl Policy {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
        for (section, content) in &table {
            let known: &[&str] = match section.as_str() {
                "graph" => &["all-features"],
                "licenses" => &["allow"],
                "bans" => &["multiple-versions", "wildcards", "deny"],
                "sources" => &["unknown-registry", "unknown-git", "allow-registry"],
                "advisories" => &["ignore"],
                _ => return Err(format!("the section [{section}] is not known to xtask")),
            };
            let keys = content.as_table().into_iter().flat_map(Table::keys);
            if let Some(key) = keys.into_iter().find(|key| !known.contains(&key.as_str())) {
                return Err(format!("the key {key} of [{section}] is not known to xtask"));
            }
        }
        for key in ["unknown-registry", "unknown-git"] {
            if value(&table, "sources", key)?.as_str() != Some("deny") {
                return Err(format!("{key} must be \"deny\": xtask knows no other way"));
            }
        }
        Ok(Self {
            licenses: strings(&table, "licenses", "allow")?,
            banned: exceptions(&table, "bans", "deny", "name")?,
            registries: strings(&table, "sources", "allow-registry")?,
            ignored_advisories: exceptions(&table, "advisories", "ignore", "id")?,
        })
    }

    /// What the packages have that the rules do not allow, one line each.
    pub(crate) fn findings(&self, packages: &[Package]) -> Vec<String> {
        packages.iter().flat_map(|package| self.findings_about(package)).collect()
    }

    /// Why this advisory is accepted, if it is.
    pub(crate) fn ignored(&self, advisory: &str) -> Option<&str> {
        self.ignored_advisories
            .iter()
            .find(|exception| exception.name == advisory)
            .map(|exception| exception.reason.as_str())
    }

    fn findings_about(&self, package: &Package) -> Vec<String> {
        let name = format!("{} {}", package.name, package.version);
        let mut findings = Vec::new();
        let allowed = |license: &str| self.licenses.iter().any(|known| known == license);
        match package.license.as_deref().map(|license| (license, spdx::is_met(license, allowed))) {
            None => findings.push(format!("{name}: states no licence")),
            Some((_, Ok(true))) => {}
            Some((license, Ok(false))) => {
                findings.push(format!("{name}: licence {license:?} is not in licenses.allow"));
            }
            Some((_, Err(error))) => findings.push(format!("{name}: licence: {error}")),
        }
        if let Some(ban) = self.banned.iter().find(|ban| ban.name == package.name) {
            findings.push(format!("{name}: banned ({})", ban.reason));
        }
        if let Some(source) = &package.source {
            let known = |registry: &String| *source == format!("registry+{registry}");
            if !self.registries.iter().any(known) {
                findings.push(format!("{name}: comes from {source}"));
            }
        }
        findings
    }
}

fn value<'a>(table: &'a Table, section: &str, key: &str) -> Result<&'a Value, String> {
    let section_table = table.get(section).and_then(Value::as_table);
    section_table
        .and_then(|section| section.get(key))
        .ok_or_else(|| format!("[{section}] has no key {key}"))
}

fn strings(table: &Table, section: &str, key: &str) -> Result<Vec<String>, String> {
    let list = value(table, section, key)?.as_array();
    list.and_then(|list| list.iter().map(|item| Some(item.as_str()?.to_owned())).collect())
        .ok_or_else(|| format!("{key} of [{section}] must be a list of strings"))
}

fn exceptions(
    table: &Table,
    section: &str,
    key: &str,
    name_key: &str,
) -> Result<Vec<Exception>, String> {
    let read = |item: &Value| {
        let text = |key: &str| item.get(key)?.as_str().map(str::to_owned);
        Some(Exception { name: text(name_key)?, reason: text("reason")? })
    };
    let list = value(table, section, key)?.as_array();
    list.and_then(|list| list.iter().map(read).collect()).ok_or_else(|| {
        format!("{key} of [{section}] must be a list of tables with {name_key} and reason")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [{ name = "ring", reason = "C" }]
        [sources]
        unknown-registry = "deny"
        unknown-git = "deny"
        allow-registry = ["https://r"]
        [advisories]
        ignore = [{ id = "RUSTSEC-1", reason = "because" }]
    "#;

    fn package(name: &str, license: Option<&str>, source: Option<&str>) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        }
    }

    #[test]
    fn names_each_way_to_break_a_rule() {
        let policy = Policy::parse(POLICY).expect("is complete");
        for (package, expected) in [
            (package("a", Some("MIT"), Some("registry+https://r")), ""),
            (package("own", Some("MIT"), None), ""),
            (package("a", None, None), "states no licence"),
            (package("a", Some("GPL-3.0-only"), None), "not in licenses.allow"),
            (package("a", Some("MIT OR"), None), "too early"),
            (package("ring", Some("MIT"), None), "banned (C)"),
            (package("a", Some("MIT"), Some("git+https://r")), "comes from git+https://r"),
        ] {
            let findings = policy.findings(&[package]).join("; ");
            assert_eq!(findings.is_empty(), expected.is_empty(), "{findings}");
            assert!(findings.contains(expected), "{findings}");
        }
        assert_eq!(policy.ignored("RUSTSEC-1"), Some("because"));
        assert_eq!(policy.ignored("RUSTSEC-2"), None);
    }

    #[test]
    fn refuses_rules_that_it_does_not_know() {
        let unknown_key = POLICY.replace("[bans]", "[bans]\nskip = []");
        for text in [unknown_key.as_str(), "[output]", "licenses", "", "[graph]\ntargets = []"] {
            assert!(Policy::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reads_the_rules_of_this_project() {
        let text = include_str!("../../../../deny.toml");
        let policy = Policy::parse(text).expect("xtask and deny.toml go together");
        assert!(policy.ignored("RUSTSEC-2023-0071").is_some());
    }
}
