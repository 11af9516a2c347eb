//! What a press of a button can mend: a finding, and the design without it.
//!
//! A repair is offered only where there is one obvious right thing, and only after the whole design
//! was checked with it: the finding is gone then, and no error came in its place.

use super::pattern::Pattern;
use super::{Design, DesignNode, DesignUser, Finding, Problem, Severity, format_duration};

/// What a repair does at the finding's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Writes another text there.
    Write(String),
    /// Takes the entry away.
    Remove,
    /// Adds entries to the list there.
    Add(Vec<String>),
    /// Adds a CA.
    AddAuthority,
}

/// Something of a design that a place names.
enum Slot<'a> {
    Text(&'a mut String),
    Item(&'a mut Vec<String>, usize),
    Node(&'a mut Vec<DesignNode>, usize),
    User(&'a mut Vec<DesignUser>, usize),
}

/// More names than these are no button: whoever permits them should see each.
const MOST_ADDED: usize = 12;

impl Design {
    /// How a finding can be mended, and the design with that.
    pub fn repair(&self, finding: &Finding) -> Option<(Repair, Self)> {
        let repair = self.remedy(finding)?;
        let mut mended = self.clone();
        mended.apply(&finding.place, &repair)?;
        let errors = |findings: &[Finding]| {
            findings.iter().filter(|found| found.severity() == Severity::Error).count()
        };
        let (before, after) = (self.check().1, mended.check().1);
        let is_gone = after.iter().filter(|found| *found == finding).count()
            < before.iter().filter(|found| *found == finding).count();
        (is_gone && errors(&after) <= errors(&before)).then_some((repair, mended))
    }

    /// The obvious right thing, where there is one.
    fn remedy(&self, finding: &Finding) -> Option<Repair> {
        let text = match &finding.problem {
            Problem::Ed25519Refused | Problem::BadAlgorithm => "ecdsa-p256".to_owned(),
            Problem::BadCaKeys | Problem::CaKeysNeeded => "control-planes".to_owned(),
            Problem::BadPort => "6443".to_owned(),
            Problem::BadVersion => return None,
            Problem::BadCountry { suggestion } => suggestion.clone()?,
            Problem::VersionTooOld { oldest } => format!("1.{oldest}"),
            Problem::VersionUnknown { newest } => format!("1.{newest}"),
            Problem::TooLong { limit } | Problem::BackdateTooLong { limit } => {
                format_duration(*limit)
            }
            Problem::LongerThanDefault { default } => format_duration(*default),
            Problem::LeafBeyondCa => self.validity.ca.clone(),
            Problem::PortInAddress { suggestion } => suggestion.clone(),
            Problem::BadDuration | Problem::NotPositive | Problem::NegativeBackdate => {
                let default = Self::default().validity;
                match finding.place.as_str() {
                    "validity.ca" => default.ca,
                    "validity.leaf" => default.leaf,
                    "validity.backdate" => default.backdate,
                    _ => return None,
                }
            }
            Problem::CidrTooLarge { shortest } => {
                let mut copy = self.clone();
                let (network, _) = copy.typed(&finding.place)?.rsplit_once('/')?;
                format!("{network}/{shortest}")
            }
            Problem::BadTopology if !self.etcd.members.is_empty() => "external".to_owned(),
            Problem::BadTopology | Problem::ExternalEtcdNotHere => "stacked".to_owned(),
            Problem::BadEtcdEndpoint { suggestion } => suggestion.clone()?,
            Problem::PlainEtcd { suggestion } | Problem::NoUnit { suggestion } => {
                suggestion.clone()
            }
            Problem::SameSubject { .. } => {
                let (head, _) = finding.place.split_once('.')?;
                self.authorities.get(numbered(head).1?)?.name.clone()
            }
            Problem::AuthorityGone { name } => self.authority(name)?.into.clone(),
            Problem::NameNotPermitted { all, .. } if all.len() <= MOST_ADDED => {
                return Some(Repair::Add(all.clone()));
            }
            Problem::NameExcluded { .. } => return Some(Repair::Remove),
            Problem::NoAuthority => return Some(Repair::AddAuthority),
            Problem::DuplicateAddress { .. }
            | Problem::DuplicateName { .. }
            | Problem::DuplicateSan
            | Problem::ServiceAddressOutside { .. }
            | Problem::DuplicateUser { .. }
            | Problem::SignedTwice
            | Problem::BadOutput
            | Problem::OutputNotHere
            | Problem::MastersUser => return Some(Repair::Remove),
            other => {
                let suggestion = other.name_error()?.suggestion()?;
                // What would be right for one machine of many is no text for all of them.
                if Pattern::name(self.clone().typed(&finding.place)?)
                    .is_ok_and(|p| p.count() > Some(1))
                {
                    return None;
                }
                suggestion
            }
        };
        Some(Repair::Write(text))
    }

    fn apply(&mut self, place: &str, repair: &Repair) -> Option<()> {
        // The name of a row stands for the row.
        let place = match repair {
            Repair::Remove => place.strip_suffix(".name").unwrap_or(place),
            Repair::Write(_) => place,
            Repair::Add(_) => &format!("{place}[0]"),
            Repair::AddAuthority => {
                self.add_authority();
                return Some(());
            }
        };
        match (self.slot(place)?, repair) {
            (Slot::Item(list, _), Repair::Add(all)) => list.extend(all.iter().cloned()),
            (Slot::Text(text), Repair::Write(new)) => text.clone_from(new),
            (Slot::Item(list, index), Repair::Write(new)) => list.get_mut(index)?.clone_from(new),
            (Slot::Item(list, index), Repair::Remove) if index < list.len() => {
                list.remove(index);
            }
            (Slot::Node(list, index), Repair::Remove) if index < list.len() => {
                list.remove(index);
            }
            (Slot::User(list, index), Repair::Remove) if index < list.len() => {
                list.remove(index);
            }
            _ => return None,
        }
        Some(())
    }

    /// The text at a place.
    fn typed(&mut self, place: &str) -> Option<&str> {
        match self.slot(place)? {
            Slot::Text(text) => Some(text),
            Slot::Item(list, index) => list.get(index).map(String::as_str),
            _ => None,
        }
    }

    /// What a place names; `None` for what no repair is about.
    fn slot(&mut self, place: &str) -> Option<Slot<'_>> {
        let (head, rest) = place.split_once('.').unwrap_or((place, ""));
        let (head, index) = numbered(head);
        let (field, number) = numbered(rest);
        let item = |list, number: Option<usize>| Some(Slot::Item(list, number?));
        Some(match (head, field) {
            ("clusterName", "") => Slot::Text(&mut self.cluster_name),
            ("kubernetesVersion", "") => Slot::Text(&mut self.kubernetes_version),
            ("dnsDomain", "") => Slot::Text(&mut self.dns_domain),
            ("controlPlaneEndpoint", "") => Slot::Text(&mut self.control_plane_endpoint),
            ("bindPort", "") => Slot::Text(&mut self.bind_port),
            ("caKeys", "") => Slot::Text(&mut self.ca_keys),
            ("subject", field) => Slot::Text(self.subject.part_mut(field)?),
            ("keys", "algorithm") => Slot::Text(&mut self.keys.algorithm),
            ("keys", "serviceAccount") => Slot::Text(&mut self.keys.service_account),
            ("validity", "ca") => Slot::Text(&mut self.validity.ca),
            ("validity", "leaf") => Slot::Text(&mut self.validity.leaf),
            ("validity", "backdate") => Slot::Text(&mut self.validity.backdate),
            ("serviceCIDRs", "") => return item(&mut self.service_cidrs, index),
            ("outputs", "") => return item(&mut self.outputs, index),
            ("extraSANs", "apiserver") => return item(&mut self.extra_sans.apiserver, number),
            ("extraSANs", "etcdServer") => return item(&mut self.extra_sans.etcd_server, number),
            ("extraSANs", "etcdPeer") => return item(&mut self.extra_sans.etcd_peer, number),
            ("controlPlanes", "") => Slot::Node(&mut self.control_planes, index?),
            ("workers", "") => Slot::Node(&mut self.workers, index?),
            ("controlPlanes" | "workers", _) => {
                let nodes =
                    if head == "workers" { &mut self.workers } else { &mut self.control_planes };
                return in_node(nodes.get_mut(index?)?, rest);
            }
            ("etcd", "topology") => Slot::Text(&mut self.etcd.topology),
            ("etcd", "endpoints") => return item(&mut self.etcd.endpoints, number),
            ("etcd", "members") if number.is_some() => Slot::Node(&mut self.etcd.members, number?),
            ("etcd", _) => {
                let (member, field) = rest.split_once('.')?;
                let (_, index) = numbered(member);
                return in_node(self.etcd.members.get_mut(index?)?, field);
            }
            ("users", "") => Slot::User(&mut self.users, index?),
            ("users", _) => {
                let user = self.users.get_mut(index?)?;
                match field {
                    "name" => Slot::Text(&mut user.name),
                    "groups" => return item(&mut user.groups, number),
                    "ttl" => Slot::Text(&mut user.ttl),
                    _ => return None,
                }
            }
            ("authorities", _) => {
                let own = self.authorities.get_mut(index?)?;
                match field {
                    "name" => Slot::Text(&mut own.name),
                    "commonName" => Slot::Text(&mut own.common_name),
                    "into" => Slot::Text(&mut own.into),
                    "below" => Slot::Text(&mut own.below),
                    "signs" => return item(&mut own.signs, number),
                    "trustedBy" => return item(&mut own.trusted_by, number),
                    "permitted" => return item(&mut own.permitted, number),
                    "excluded" => return item(&mut own.excluded, number),
                    _ => return None,
                }
            }
            ("certificates", _) => {
                let own = self.certificates.get_mut(index?)?;
                match field {
                    "name" => Slot::Text(&mut own.name),
                    "authority" => Slot::Text(&mut own.authority),
                    "commonName" => Slot::Text(&mut own.common_name),
                    "organizations" => return item(&mut own.organizations, number),
                    "SANs" => return item(&mut own.sans, number),
                    _ => return None,
                }
            }
            _ => return None,
        })
    }
}

/// A field of a machine.
fn in_node<'a>(node: &'a mut DesignNode, place: &str) -> Option<Slot<'a>> {
    match numbered(place) {
        ("name", _) => Some(Slot::Text(&mut node.name)),
        ("addresses", number) => Some(Slot::Item(&mut node.addresses, number?)),
        _ => None,
    }
}

/// `addresses[1]` is `addresses` and 1.
fn numbered(part: &str) -> (&str, Option<usize>) {
    match part.split_once('[') {
        Some((name, rest)) => (name, rest.trim_end_matches(']').parse().ok()),
        None => (part, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::DesignAuthority;

    fn user(name: &str, groups: &[&str]) -> DesignUser {
        let groups = groups.iter().map(|group| (*group).to_owned()).collect();
        DesignUser { name: name.to_owned(), groups, ttl: String::new() }
    }

    fn worker(name: &str, address: &str) -> DesignNode {
        DesignNode { name: name.to_owned(), addresses: vec![address.to_owned()] }
    }

    /// Breaks a design, and what the first repair that is offered says.
    fn first(break_it: impl FnOnce(&mut Design)) -> (String, Repair) {
        let mut design = Design::default();
        break_it(&mut design);
        let found = design.check().1;
        let mut offers =
            found.iter().filter_map(|finding| Some((finding, design.repair(finding)?)));
        let (finding, (repair, mended)) = offers.next().expect("a repair");
        // Those of the row go with it.
        assert!(mended.check().1.len() < found.len(), "{finding:?}");
        (finding.place.clone(), repair)
    }

    #[test]
    fn each_repair_takes_its_finding_away() {
        let write = |text: &str| Repair::Write(text.to_owned());
        type Case = (&'static str, Repair, fn(&mut Design));
        let cases: [Case; 27] = [
            ("clusterName", write("my-cluster"), |d| d.cluster_name = "my cluster".to_owned()),
            ("controlPlanes[0].name", write("cp-a"), |d| {
                d.control_planes[0].name = "CP_A".to_owned();
            }),
            ("controlPlanes[0].addresses[0]", write("fd00::1"), |d| {
                d.control_planes[0].addresses = vec!["[fd00::1]".to_owned()];
                d.service_cidrs = vec!["fd01::/112".to_owned()];
            }),
            ("serviceCIDRs[0]", write("10.96.0.0/12"), |d| {
                d.service_cidrs = vec!["10.96.0.1/12".to_owned()];
            }),
            ("serviceCIDRs[0]", write("10.0.0.0/12"), |d| {
                d.service_cidrs = vec!["10.0.0.0/8".to_owned()];
                d.control_planes[0].addresses = vec!["192.0.2.1".to_owned()];
            }),
            ("controlPlaneEndpoint", write("api.example:6443"), |d| {
                d.control_plane_endpoint = "https://api.example:6443/".to_owned();
            }),
            ("bindPort", write("6443"), |d| d.bind_port = "0".to_owned()),
            ("kubernetesVersion", write("1.20"), |d| d.kubernetes_version = "1.12".to_owned()),
            ("keys.algorithm", write("ecdsa-p256"), |d| d.keys.algorithm = "ed25519".to_owned()),
            ("validity.leaf", write("8760h"), |d| d.validity.leaf = "-1h".to_owned()),
            ("validity.leaf", write("48h"), |d| {
                d.validity.ca = "48h".to_owned();
                d.validity.leaf = "72h".to_owned();
            }),
            ("validity.backdate", write("48h"), |d| d.validity.backdate = "100000h".to_owned()),
            ("validity.backdate", write("5m"), |d| d.validity.backdate = "-5m".to_owned()),
            ("controlPlaneEndpoint", write("[fd00::1]:6443"), |d| {
                d.control_plane_endpoint = "fd00::1:6443".to_owned();
            }),
            ("extraSANs.apiserver[0]", write("k8s.example.test"), |d| {
                d.extra_sans.apiserver = vec!["https://k8s.example.test:6443/api".to_owned()];
            }),
            ("caKeys", write("control-planes"), |d| {
                d.layout = "k3s".to_owned();
                d.ca_keys = "vault".to_owned();
            }),
            ("workers[1].name", Repair::Remove, |d| {
                d.workers = vec![worker("w1", "192.0.2.1"), worker("w1", "192.0.2.2")];
            }),
            ("workers[1].addresses[0]", Repair::Remove, |d| {
                d.workers = vec![worker("w1", "192.0.2.1"), worker("w2", "192.0.2.1")];
            }),
            ("extraSANs.apiserver[1]", Repair::Remove, |d| {
                d.extra_sans.apiserver = vec!["a.example".to_owned(); 2];
            }),
            ("extraSANs.apiserver[0]", Repair::Remove, |d| {
                d.extra_sans.apiserver = vec!["10.32.0.1".to_owned()];
            }),
            ("users[1].name", Repair::Remove, |d| d.users = vec![user("jane", &[]); 2]),
            ("users[0].groups[1]", Repair::Remove, |d| {
                d.users = vec![user("jane", &["dev", "system:masters"])];
            }),
            ("outputs[0]", Repair::Remove, |d| d.outputs = vec!["no-such".to_owned()]),
            ("authorities[0].commonName", write("etcd-ca"), |d| {
                let common_name = "kubernetes".to_owned();
                let name = "etcd-ca".to_owned();
                d.authorities = vec![DesignAuthority { name, common_name, ..Default::default() }];
            }),
            (
                "authorities[0].permitted",
                Repair::Add(vec!["localhost".to_owned(), "127.0.0.1/32".to_owned()]),
                |d| {
                    d.take_own(
                        "authorities: [{name: etcd-ca, permitted: [cp1, 10.0.0.0/8, '::1/128']}]",
                    )
                    .expect("a design");
                },
            ),
            ("authorities[0].excluded[0]", Repair::Remove, |d| {
                d.take_own("authorities: [{name: ca, excluded: [svc, x.example, 192.0.2.0/24]}]")
                    .expect("a design");
            }),
            ("authorities[1].below", write("etcd-ca"), |d| {
                let own =
                    |name: &str| DesignAuthority { name: name.to_owned(), ..Default::default() };
                d.authorities = vec![
                    DesignAuthority { into: "etcd-ca".to_owned(), ..own("front-proxy-ca") },
                    DesignAuthority { below: "front-proxy-ca".to_owned(), ..own("ca") },
                ];
            }),
        ];
        for (place, repair, break_it) in cases {
            assert_eq!(first(break_it), (place.to_owned(), repair));
        }
    }

    #[test]
    fn what_has_no_one_answer_has_no_button() {
        for break_it in [
            |d: &mut Design| d.control_planes.clear(),
            |d: &mut Design| d.control_planes[0].addresses = vec!["10.0.0.256".to_owned()],
            |d: &mut Design| d.kubernetes_version = "new".to_owned(),
        ] {
            let mut design = Design::default();
            break_it(&mut design);
            let found = design.check().1;
            assert!(!found.is_empty());
            assert!(found.iter().all(|finding| design.repair(finding).is_none()), "{found:?}");
        }
    }
}
