//! Where etcd runs, and what its certificates are good for.
//!
//! Source: kubernetes.io, "Set up a High Availability etcd Cluster with kubeadm"; k/k
//! `cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go` (`ExternalEtcd`).

use serde::{Deserialize, Serialize};

use super::check::Check;
use super::{Design, DesignNode, HostPort, LayoutName, Node, Problem, San, url_authority};

/// The port at which etcd answers its clients, unless a design says otherwise.
pub(crate) const CLIENT_PORT: u16 = 2379;
/// The port at which the members of etcd speak to each other.
pub(crate) const PEER_PORT: u16 = 2380;

/// How many members etcd may have here. Seven are the most that anybody runs, because each write
/// waits for more than half of them; and each is told of all.
const MAX_MEMBERS: usize = 51;

/// etcd as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DesignEtcd {
    /// `stacked`: on the control planes; `external`: on machines of its own.
    #[serde(default = "stacked")]
    pub topology: String,
    /// Those machines; kept while the topology is `stacked`, and without effect then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<DesignNode>,
    /// The URLs at which kube-apiserver reaches an external etcd; empty for
    /// `https://ADDRESS:2379` of each member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endpoints: Vec<String>,
    /// Whether etcd's certificates are a server's and a client's in one, where the layout of five
    /// flows would give it two (`--client-cert-file`). The other layouts never have two.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub both_usages: bool,
}

fn stacked() -> String {
    Topology::Stacked.name().to_owned()
}

impl Default for DesignEtcd {
    fn default() -> Self {
        let (members, endpoints) = Default::default();
        Self { topology: stacked(), members, endpoints, both_usages: false }
    }
}

impl DesignEtcd {
    /// Whether it says nothing, so that it has no place in a document.
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Where etcd runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// On the control planes.
    Stacked,
    /// On machines of its own.
    External,
}

impl Topology {
    /// The word for it in the document, which is kubeadm's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stacked => "stacked",
            Self::External => "external",
        }
    }
}

/// etcd, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Etcd {
    /// The machines of an external etcd, each with at least one address; none where it runs on the
    /// control planes.
    pub members: Vec<Node>,
    /// The URLs at which kube-apiserver reaches an external etcd.
    pub endpoints: Vec<String>,
    /// Whether its certificates are a server's and a client's in one.
    pub both_usages: bool,
}

impl Etcd {
    /// Whether it runs on machines of its own.
    pub fn is_external(&self) -> bool {
        !self.members.is_empty()
    }
}

/// A member's URL for its clients or for the others.
pub(crate) fn member_url(node: &Node, port: u16) -> String {
    // Checked members have an address.
    let host = node
        .addresses
        .first()
        .map_or_else(|| San::Dns(node.name.to_string()), |address| San::Ip(*address));
    format!("https://{}", url_authority(&host, port))
}

impl Check {
    /// Whether etcd is external, where that is said rightly.
    pub(super) fn topology(&mut self, design: &Design, layout: Option<LayoutName>) -> bool {
        let place = "etcd.topology";
        match design.etcd.topology.trim() {
            name if name == Topology::Stacked.name() => false,
            name if name == Topology::External.name() => {
                if layout.is_some_and(|layout| !layout.can_have_external_etcd()) {
                    self.find(place, Problem::ExternalEtcdNotHere);
                }
                true
            }
            _ => {
                self.find(place, Problem::BadTopology);
                false
            }
        }
    }

    /// The members as a whole, and how kube-apiserver reaches them.
    pub(super) fn etcd(&mut self, design: &Design, members: Vec<Node>, extra: &[San]) -> Etcd {
        let typed = &design.etcd;
        let mut etcd = Etcd { members, both_usages: typed.both_usages, ..Etcd::default() };
        if typed.topology.trim() != Topology::External.name() {
            return etcd;
        }
        if typed.members.is_empty() {
            self.find("etcd.members", Problem::NoMembers);
        } else if etcd.members.len().is_multiple_of(2)
            // Who is not read rightly is not counted rightly.
            && !self.findings.iter().any(|found| found.place.starts_with("etcd.members"))
        {
            let count = etcd.members.len();
            self.find("etcd.members", Problem::EvenMembers { count });
        }
        if etcd.members.len() > MAX_MEMBERS {
            let (count, limit) = (etcd.members.len(), MAX_MEMBERS);
            self.find("etcd.members", Problem::TooManyNodes { count, limit });
        }
        for (index, text) in typed.endpoints.iter().enumerate() {
            let place = format!("etcd.endpoints[{index}]");
            match endpoint(text.trim()) {
                Ok((host, port)) => {
                    if !extra.contains(&host) && !etcd.members.iter().any(|m| answers(m, &host)) {
                        self.find(place, Problem::EndpointUncovered { host: host.to_string() });
                    }
                    etcd.endpoints.push(format!("https://{}", url_authority(&host, port)));
                }
                Err(problem) => self.find(place, problem),
            }
        }
        if typed.endpoints.is_empty() {
            etcd.endpoints = etcd.members.iter().map(|m| member_url(m, CLIENT_PORT)).collect();
        }
        etcd
    }
}

/// Whether a member's certificate has this name.
fn answers(member: &Node, host: &San) -> bool {
    match host {
        San::Dns(name) => member.name.as_str() == name,
        San::Ip(address) => member.addresses.contains(address),
    }
}

/// Reads a URL of etcd.
pub(super) fn endpoint(text: &str) -> Result<(San, u16), Problem> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let rest = rest.trim_end_matches('/');
    match HostPort::parse(rest) {
        Ok(HostPort { host, port }) => {
            // Without a port etcd's clients would take that of the web.
            let suggestion =
                || format!("https://{}", url_authority(&host, port.unwrap_or(CLIENT_PORT)));
            match port {
                Some(port) if scheme == "https" => Ok((host, port)),
                _ if scheme == "http" => Err(Problem::PlainEtcd { suggestion: suggestion() }),
                _ => Err(Problem::BadEtcdEndpoint { suggestion: Some(suggestion()) }),
            }
        }
        Err(error) => {
            let better = error.suggestion().filter(|text| HostPort::parse(text).is_ok());
            let suggestion = better.map(|text| format!("https://{text}"));
            Err(Problem::BadEtcdEndpoint { suggestion })
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::design::{Design, DesignEtcd, DesignNode, Finding, Problem, Repair, Severity};

    fn node(name: &str, address: &str) -> DesignNode {
        let addresses = if address.is_empty() { vec![] } else { vec![address.to_owned()] };
        DesignNode { name: name.to_owned(), addresses }
    }

    fn three() -> Design {
        let members = vec![node("etcd-[1-2]", "10.0.0.[5-6]"), node("etcd-3", "10.0.0.7")];
        let etcd = DesignEtcd { topology: "external".to_owned(), members, ..Default::default() };
        Design { etcd, ..Design::default() }
    }

    fn findings(change: impl FnOnce(&mut Design)) -> Vec<Finding> {
        let mut design = three();
        change(&mut design);
        design.check().1
    }

    fn found(place: &str, change: impl FnOnce(&mut Design)) -> Problem {
        let all = findings(change);
        let here = all.iter().find(|found| found.place == place);
        here.unwrap_or_else(|| panic!("nothing at {place}: {all:?}")).problem.clone()
    }

    #[test]
    fn three_members_are_settings() {
        let (settings, findings) = three().check();
        assert_eq!(findings, []);
        let etcd = settings.expect("a good design").etcd;
        let names: Vec<&str> = etcd.members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["etcd-1", "etcd-2", "etcd-3"]);
        let endpoints = ["https://10.0.0.5:2379", "https://10.0.0.6:2379", "https://10.0.0.7:2379"];
        assert_eq!(etcd.endpoints, endpoints);
        // Going back to the control planes keeps the members, without effect.
        let mut back = three();
        back.etcd.topology = "stacked".to_owned();
        back.etcd.members.push(node("cp1", "10.0.0.10"));
        let (settings, findings) = back.check();
        assert_eq!(findings, []);
        assert!(!settings.expect("a good design").etcd.is_external());
    }

    #[test]
    fn documents_carry_it_and_older_ones_do_not_have_it() {
        let mut design = three();
        design.etcd.endpoints = vec!["https://[fd00::5]:2379".to_owned()];
        design.etcd.both_usages = true;
        assert_eq!(Design::from_document(&design.to_yaml()).as_ref(), Ok(&design));
        assert_eq!(Design::from_document(&design.to_json()).as_ref(), Ok(&design));
        let bare = Design::default();
        assert!(!bare.to_yaml().contains("topology") && !bare.to_json().contains("topology"));
        let short = "apiVersion: pki-workbench/v1\nkind: Design\netcd:\n  bothUsages: true\n";
        let read = Design::from_document(short).expect("a document");
        assert!(read.etcd.both_usages && read.etcd.topology == "stacked");
    }

    #[test]
    fn bad_members_are_found() {
        assert_eq!(found("etcd.members", |d| d.etcd.members.clear()), Problem::NoMembers);
        let even = found("etcd.members", |d| d.etcd.members.truncate(1));
        assert_eq!(even, Problem::EvenMembers { count: 2 });
        assert_eq!(even.severity(), Severity::Warning);
        let same = found("etcd.members[1].name", |d| d.etcd.members[1].name = "cp1".to_owned());
        assert_eq!(same, Problem::DuplicateName { first: "controlPlanes[0].name".to_owned() });
        let same = found("etcd.members[1].addresses[0]", |d| {
            d.etcd.members[1].addresses = vec!["10.0.0.6".to_owned()];
        });
        let first = "etcd.members[0].addresses[0]".to_owned();
        assert_eq!(same, Problem::DuplicateAddress { first });
        let none = found("etcd.members[1].addresses", |d| d.etcd.members[1].addresses.clear());
        assert_eq!(none, Problem::MemberWithoutAddress);
        assert_eq!(
            found("etcd.topology", |d| d.etcd.topology = "elsewhere".to_owned()),
            Problem::BadTopology
        );
        let layout = found("etcd.topology", |d| d.layout = "k3s".to_owned());
        assert_eq!(layout, Problem::ExternalEtcdNotHere);
        let many = found("etcd.members", |d| {
            d.etcd.members = vec![node("etcd[1-53]", "10.0.1.[1-53]")];
        });
        assert_eq!(many, Problem::TooManyNodes { count: 53, limit: 51 });
        // system:node: is no part of a member's name.
        assert_eq!(findings(|d| d.etcd.members[1].name = "e".repeat(60)), []);
        let long = found("etcd.members[1].name", |d| {
            d.etcd.members[1].name = format!("{}.example", "e".repeat(60));
        });
        assert_eq!(long, Problem::CommonNameTooLong { length: 68, limit: 64 });
    }

    #[test]
    fn bad_endpoints_are_found() {
        let at =
            |text: &str| found("etcd.endpoints[0]", |d| d.etcd.endpoints = vec![text.to_owned()]);
        let bad = |text: &str| Problem::BadEtcdEndpoint { suggestion: Some(text.to_owned()) };
        let plain = Problem::PlainEtcd { suggestion: "https://10.0.0.5:2379".to_owned() };
        assert_eq!(at("http://10.0.0.5:2379"), plain);
        assert_eq!(at("10.0.0.5:2379"), bad("https://10.0.0.5:2379"));
        assert_eq!(at("https://10.0.0.5/"), bad("https://10.0.0.5:2379"));
        assert_eq!(at("https://10.0.0.5:x"), Problem::BadEtcdEndpoint { suggestion: None });
        let uncovered = at("https://etcd.example.com:2379");
        assert_eq!(uncovered, Problem::EndpointUncovered { host: "etcd.example.com".to_owned() });
        assert_eq!(uncovered.severity(), Severity::Warning);
        let fine = |d: &mut Design| {
            d.etcd.endpoints =
                vec!["https://etcd.example.com:2379/".to_owned(), "https://etcd-1:1".to_owned()];
            d.extra_sans.etcd_server = vec!["etcd.example.com".to_owned()];
        };
        assert_eq!(findings(fine), []);
    }

    #[test]
    fn what_has_one_answer_has_a_button() {
        for (place, text, break_it) in [
            ("etcd.topology", "stacked", (|d| d.layout = "k3s".to_owned()) as fn(&mut Design)),
            ("etcd.topology", "external", |d| d.etcd.topology = "outside".to_owned()),
            ("etcd.endpoints[0]", "https://10.0.0.5:2379", |d| {
                d.etcd.endpoints = vec!["http://10.0.0.5:2379".to_owned()];
            }),
            ("etcd.members[1].name", "etcd-3", |d| d.etcd.members[1].name = "ETCD-3".to_owned()),
        ] {
            let mut design = three();
            break_it(&mut design);
            let found = design.check().1;
            let here = found.iter().find(|found| found.place == place).expect("a finding");
            let (repair, mended) = design.repair(here).expect("a repair");
            assert_eq!(repair, Repair::Write(text.to_owned()));
            assert_eq!(mended.check().1, [], "{place}");
        }
        let mut twice = three();
        twice.etcd.members[1] = node("cp1", "10.0.0.8");
        let found = twice.check().1;
        assert_eq!(twice.repair(&found[0]).expect("a repair").0, Repair::Remove);
    }
}
