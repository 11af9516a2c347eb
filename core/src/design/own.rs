//! CAs and certificates of one's own, beside those of the layout or in their place.

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::user::name as certificate_name;
use super::{Constraints, Design, LayoutName, NameError, NodeName, Problem, San};
use crate::hash::HashMap;
use crate::plan::layout::{self, Component};
use crate::yaml::{self, Yaml, YamlError};

/// A CA as typed: one of the layout that is changed, or a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignAuthority {
    /// Its name in the layout, or a new one.
    pub name: String,
    /// CN; empty for what the layout says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub common_name: String,
    /// The CA that takes its place everywhere; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub into: String,
    /// The CA that signs it; empty where it signs itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub below: String,
    /// Certificates and kubeconfigs of the layout that it signs, where another did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<String>,
    /// Who trusts it beside those who verify what it signs: a component and its flag, like
    /// `etcd/trusted-ca-file`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_by: Vec<String>,
    /// DNS names and ranges below which alone it may sign; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permitted: Vec<String>,
    /// DNS names and ranges below which it may not sign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<String>,
}

/// A certificate by hand, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignCertificate {
    /// Its name, which is also a file's.
    pub name: String,
    /// The CA that signs it.
    pub authority: String,
    /// CN; empty for the name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub common_name: String,
    /// O: the groups of a client.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<String>,
    /// Subject alternative names.
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "SANs")]
    pub sans: Vec<String>,
    /// `server`, `client` or both.
    #[serde(default)]
    pub usages: Vec<String>,
    /// `control-planes`, `workers`, `nodes`, `etcd` or the name of a machine; empty for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub on: String,
    /// Path on the machine, without extension.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
}

/// A CA that is changed or new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAuthority {
    /// Its name.
    pub name: String,
    /// Another CN.
    pub common_name: Option<String>,
    /// The CA that takes its place.
    pub into: Option<String>,
    /// The CA above it.
    pub below: Option<String>,
    /// Rows of the layout that it signs.
    pub signs: Vec<String>,
    /// Flags of components that name it beside others.
    pub trusted_by: Vec<(Component, &'static str)>,
    /// Which names it may sign.
    pub constraints: Constraints,
}

/// A certificate by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCertificate {
    /// Its name.
    pub name: String,
    /// The CA that signs it.
    pub authority: String,
    /// CN.
    pub common_name: String,
    /// O.
    pub organizations: Vec<String>,
    /// Subject alternative names.
    pub sans: Vec<San>,
    /// Whether a server may use it.
    pub server: bool,
    /// Whether a client may use it.
    pub client: bool,
    /// Where it goes.
    pub on: Place,
    /// Path on the machine, without extension; empty for people.
    pub path: String,
}

/// Where a certificate goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To the people who run the cluster.
    People,
    /// To every control plane.
    ControlPlanes,
    /// To every worker.
    Workers,
    /// To every control plane and worker.
    Nodes,
    /// To where etcd runs.
    Etcd,
    /// To one machine.
    Node(NodeName),
}

/// The own CAs and certificates of a design as a document of their own.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Own {
    #[serde(default)]
    authorities: Vec<DesignAuthority>,
    #[serde(default)]
    certificates: Vec<DesignCertificate>,
}

impl Design {
    /// The own CAs and certificates as YAML; empty where there are none.
    pub fn own_to_yaml(&self) -> String {
        let mut lists = Vec::new();
        if !self.authorities.is_empty() {
            let own = self.authorities.iter().map(authority).collect();
            lists.push(("authorities", Yaml::List(own)));
        }
        if !self.certificates.is_empty() {
            let own = self.certificates.iter().map(certificate).collect();
            lists.push(("certificates", Yaml::List(own)));
        }
        if lists.is_empty() { String::new() } else { Yaml::Map(lists).to_document() }
    }

    /// Takes them from such a document. They stay as they were when it is none.
    ///
    /// # Errors
    /// A [`YamlError`] with line and column.
    pub fn take_own(&mut self, text: &str) -> Result<(), YamlError> {
        let own = if text.trim().is_empty() {
            Own { authorities: Vec::new(), certificates: Vec::new() }
        } else {
            yaml::from_str(text)?
        };
        self.authorities = own.authorities;
        self.certificates = own.certificates;
        Ok(())
    }
}

/// What stands in a document only where it says something.
fn fields(all: Vec<(&'static str, Yaml)>) -> Yaml {
    let says = |(_, value): &(&str, Yaml)| match value {
        Yaml::Text(text) => !text.is_empty(),
        Yaml::List(items) => !items.is_empty(),
        _ => true,
    };
    Yaml::Map(all.into_iter().filter(says).collect())
}

fn authority(own: &DesignAuthority) -> Yaml {
    fields(vec![
        ("name", Yaml::text(&own.name)),
        ("commonName", Yaml::text(&own.common_name)),
        ("into", Yaml::text(&own.into)),
        ("below", Yaml::text(&own.below)),
        ("signs", Yaml::texts(&own.signs)),
        ("trustedBy", Yaml::texts(&own.trusted_by)),
        ("permitted", Yaml::texts(&own.permitted)),
        ("excluded", Yaml::texts(&own.excluded)),
    ])
}

fn certificate(own: &DesignCertificate) -> Yaml {
    fields(vec![
        ("name", Yaml::text(&own.name)),
        ("authority", Yaml::text(&own.authority)),
        ("commonName", Yaml::text(&own.common_name)),
        ("organizations", Yaml::texts(&own.organizations)),
        ("SANs", Yaml::texts(&own.sans)),
        ("usages", Yaml::texts(&own.usages)),
        ("on", Yaml::text(&own.on)),
        ("path", Yaml::text(&own.path)),
    ])
}

/// A path that is the same file for everybody.
fn path(text: &str) -> bool {
    let fine = |part: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        !part.is_empty() && part != "." && part != ".." && part.chars().all(allowed)
    };
    text.len() <= 200 && text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(fine))
}

impl Check {
    /// The CAs that are changed or new, all of whose references lead somewhere.
    pub(super) fn authorities(
        &mut self,
        typed: &[DesignAuthority],
        layout: LayoutName,
    ) -> Vec<OwnAuthority> {
        let table = layout::of(layout);
        let known = |name: &str| {
            table.authority(name).is_some() || typed.iter().any(|own| own.name.trim() == name)
        };
        let gone = |name: &str| {
            typed.iter().any(|own| own.name.trim() == name && !own.into.trim().is_empty())
        };
        let mut seen = HashMap::default();
        let mut subjects: HashMap<String, String> = table
            .authorities
            .iter()
            .filter(|row| !typed.iter().any(|own| own.name.trim() == row.name))
            .map(|row| (row.common_name.to_owned(), format!("the layout's {}", row.name)))
            .collect();
        let mut all = Vec::with_capacity(typed.len());
        for (index, own) in typed.iter().enumerate() {
            let place = format!("authorities[{index}]");
            let at = format!("{place}.name");
            let name = own.name.trim();
            self.take(at.clone(), NodeName::parse(name), Problem::BadAuthorityName);
            if let Some(first) = seen.insert(name.to_owned(), at.clone()) {
                self.find(at, Problem::DuplicateOwn { first });
            }
            let refer = |check: &mut Self, field: &str, text: &str| {
                let text = text.trim();
                if text.is_empty() {
                    return None;
                }
                let place = format!("{place}.{field}");
                if text == name {
                    check.find(place, Problem::AuthorityCircle);
                } else if !known(text) {
                    check.find(place, Problem::NoSuchAuthority { name: text.to_owned() });
                } else if gone(text) {
                    check.find(place, Problem::AuthorityGone { name: text.to_owned() });
                }
                Some(text.to_owned())
            };
            let into = refer(self, "into", &own.into);
            let below = refer(self, "below", &own.below);
            let constraints = Constraints {
                permitted: self.subtrees(&format!("{place}.permitted"), &own.permitted),
                excluded: self.subtrees(&format!("{place}.excluded"), &own.excluded),
            };
            let used = below.is_some()
                || !own.signs.is_empty()
                || !own.trusted_by.is_empty()
                || !constraints.is_empty();
            if into.is_some() && used {
                self.find(format!("{place}.into"), Problem::GoneAndUsed);
            }
            let common_name = match own.common_name.trim() {
                "" => None,
                text => {
                    let place = format!("{place}.commonName");
                    self.take(place, ca_name(text), Problem::BadAuthorityName)
                }
            };
            let subject = common_name.clone().unwrap_or_else(|| {
                table.authority(name).map_or(name, |(_, row)| row.common_name).to_owned()
            });
            if into.is_none()
                && let Some(first) = subjects.insert(subject, place.clone())
            {
                self.find(format!("{place}.commonName"), Problem::SameSubject { first });
            }
            let mut signs = Vec::new();
            for (number, row) in own.signs.iter().enumerate() {
                let row = row.trim();
                let is_row = table.certificates.iter().any(|c| c.name == row)
                    || table.kubeconfigs.iter().any(|k| {
                        k.name == row
                            && matches!(k.credential, layout::Credential::Certificate { .. })
                    });
                let place = format!("{place}.signs[{number}]");
                let twice = typed
                    .iter()
                    .take(index)
                    .any(|other| other.signs.iter().any(|other| other.trim() == row));
                if !is_row {
                    self.find(place, Problem::NoSuchRow { name: row.to_owned() });
                } else if twice {
                    self.find(place, Problem::SignedTwice);
                }
                signs.push(row.to_owned());
            }
            let mut trusted_by = Vec::new();
            for (number, text) in own.trusted_by.iter().enumerate() {
                match table.trusting_flag(text.trim()) {
                    Some(flag) => trusted_by.push(flag),
                    None => self.find(format!("{place}.trustedBy[{number}]"), Problem::NoSuchTrust),
                }
            }
            all.push(OwnAuthority {
                name: name.to_owned(),
                common_name,
                into,
                below,
                signs,
                trusted_by,
                constraints,
            });
        }
        if table.authorities.is_empty() && all.iter().all(|own| own.into.is_some()) {
            self.find("authorities", Problem::NoAuthority);
        }
        self.circles(&all);
        all
    }

    /// A CA that is above itself, by however many steps.
    fn circles(&mut self, all: &[OwnAuthority]) {
        for (index, own) in all.iter().enumerate() {
            // One that is right below itself was found where it is read.
            let mut name = own.below.as_deref().filter(|name| *name != own.name);
            // A walk of more steps than there are CAs is in a circle.
            for step in 0..=all.len() {
                let Some(current) = name else { break };
                if current == own.name && step > 0 {
                    self.find(format!("authorities[{index}].below"), Problem::AuthorityCircle);
                    break;
                }
                let next = all.iter().find(|other| other.name == current);
                name = next.and_then(|other| other.below.as_deref());
            }
        }
    }

    /// The certificates by hand.
    pub(super) fn certificates(
        &mut self,
        typed: &[DesignCertificate],
        layout: LayoutName,
        authorities: &[OwnAuthority],
        machines: &[&NodeName],
    ) -> Vec<OwnCertificate> {
        let table = layout::of(layout);
        let mut taken: HashMap<String, String> = HashMap::default();
        for row in table.certificates.iter() {
            taken.insert(row.path.to_owned(), row.name.to_owned());
        }
        for row in table.files.iter() {
            let path = row.path.trim_end_matches(".crt").trim_end_matches(".key");
            taken.insert(path.to_owned(), row.path.to_owned());
        }
        let mut all = Vec::with_capacity(typed.len());
        for (index, own) in typed.iter().enumerate() {
            let place = format!("certificates[{index}]");
            let at = |field: &str| format!("{place}.{field}");
            let name = NodeName::parse(own.name.trim());
            let name = self.take(at("name"), name, Problem::BadAuthorityName);
            if let Some(name) = &name
                && let Some(first) = taken.insert(name.to_string(), at("name"))
            {
                self.find(at("name"), Problem::DuplicateOwn { first });
            }
            let authority = own.authority.trim();
            let exists = table.authority(authority).is_some()
                || authorities.iter().any(|other| other.name == authority);
            let gone =
                authorities.iter().any(|other| other.name == authority && other.into.is_some());
            let named = authority.to_owned();
            if gone {
                self.find(at("authority"), Problem::AuthorityGone { name: named });
            } else if !exists {
                self.find(at("authority"), Problem::NoSuchAuthority { name: named });
            }
            let common_name = match own.common_name.trim() {
                "" => own.name.trim(),
                text => text,
            };
            let common_name =
                self.take(at("commonName"), ca_name(common_name), Problem::BadAuthorityName);
            let organizations = self.groups(&place, "organizations", &own.organizations);
            let sans = self.sans(&at("SANs"), &own.sans);
            let has = |usage: &str| own.usages.iter().any(|text| text.trim() == usage);
            let (server, client) = (has("server"), has("client"));
            let strange =
                own.usages.iter().any(|text| !["server", "client"].contains(&text.trim()));
            if strange || !server && !client {
                self.find(at("usages"), Problem::BadUsage);
            } else if server && client {
                self.find(at("usages"), Problem::BothUsages);
            }
            if server && sans.is_empty() {
                self.find(at("SANs"), Problem::ServerWithoutName);
            }
            let on = match own.on.trim() {
                "" => Some(Place::People),
                "control-planes" => Some(Place::ControlPlanes),
                "workers" => Some(Place::Workers),
                "nodes" => Some(Place::Nodes),
                "etcd" => Some(Place::Etcd),
                name => machines
                    .iter()
                    .find(|machine| machine.as_str() == name)
                    .map(|machine| Place::Node((*machine).clone())),
            };
            if on.is_none() {
                self.find(at("on"), Problem::NoSuchMachine);
            }
            let typed_path = own.path.trim();
            if on != Some(Place::People) {
                if !path(typed_path) {
                    self.find(at("path"), Problem::BadPath);
                } else if let Some(first) = taken.insert(typed_path.to_owned(), at("path")) {
                    self.find(at("path"), Problem::PathTaken { first });
                }
            }
            let (Some(name), Some(common_name), Some(on)) = (name, common_name, on) else {
                continue;
            };
            all.push(OwnCertificate {
                name: name.to_string(),
                authority: authority.to_owned(),
                common_name,
                organizations,
                sans,
                server,
                client,
                on,
                path: typed_path.to_owned(),
            });
        }
        all
    }
}

/// A CN, in which spaces may stand.
fn ca_name(text: &str) -> Result<String, NameError> {
    certificate_name(&text.replace(' ', "_")).map(|_| text.to_owned())
}
