//! The machines of a design: rows of names and addresses, each of which may stand for many.

use std::net::IpAddr;

use super::address::parse_address;
use super::check::Check;
use super::pattern::{MAX_NODES, Pattern};
use super::{Cidr, Design, DesignNode, LayoutName, Node, NodeName, Problem};
use crate::hash::{HashMap, HashSet};

/// Names and addresses that were met, with their places; maps, so that 5,000 nodes stay linear.
#[derive(Default)]
struct Seen {
    /// How many machines the group has so far.
    machines: usize,
    names: HashMap<String, String>,
    addresses: HashMap<IpAddr, String>,
}

impl Check {
    /// Control planes, workers, and the members of an external etcd.
    pub(super) fn nodes(
        &mut self,
        design: &Design,
        layout: Option<LayoutName>,
        cidrs: &[Cidr],
        external: bool,
    ) -> [Vec<Node>; 3] {
        if design.control_planes.is_empty() && layout != Some(LayoutName::Own) {
            self.find("controlPlanes", Problem::NoControlPlane);
        }
        let mut seen = Seen::default();
        let control_planes = self.group("controlPlanes", &design.control_planes, cidrs, &mut seen);
        self.addressed("controlPlanes", &design.control_planes, &Problem::NoAddress);
        let workers = self.group("workers", &design.workers, cidrs, &mut seen);
        let mut members = Vec::new();
        if external {
            members = self.group("etcd.members", &design.etcd.members, cidrs, &mut seen);
            self.addressed("etcd.members", &design.etcd.members, &Problem::MemberWithoutAddress);
        }
        [control_planes, workers, members]
    }

    /// Finds the machines that others could not reach.
    fn addressed(&mut self, list: &str, nodes: &[DesignNode], problem: &Problem) {
        for (index, node) in nodes.iter().enumerate() {
            if node.addresses.iter().all(|address| address.trim().is_empty()) {
                self.find(format!("{list}[{index}].addresses"), problem.clone());
            }
        }
    }

    fn group(
        &mut self,
        list: &str,
        nodes: &[DesignNode],
        cidrs: &[Cidr],
        seen: &mut Seen,
    ) -> Vec<Node> {
        seen.machines = 0;
        let mut group = Vec::with_capacity(nodes.len());
        for (index, node) in nodes.iter().enumerate() {
            let place = format!("{list}[{index}]");
            let before = self.findings.len();
            if self.row(&place, node, cidrs, seen, &mut group).is_none() {
                // The count is beyond the limit, and only grows.
                break;
            }
            self.once_each(before);
        }
        group
    }

    /// The machines of one row; `None` when there are too many to go on.
    fn row(
        &mut self,
        place: &str,
        row: &DesignNode,
        cidrs: &[Cidr],
        seen: &mut Seen,
        group: &mut Vec<Node>,
    ) -> Option<()> {
        let name_place = format!("{place}.name");
        // One machine at least, so that the findings of the addresses come too.
        let name = self.pattern(&name_place, Pattern::name(row.name.trim()));
        let count = name.as_ref().and_then(Pattern::count).unwrap_or(1);
        seen.machines = seen.machines.saturating_add(count);
        if seen.machines > MAX_NODES {
            let problem = Problem::TooManyNodes { count: seen.machines, limit: MAX_NODES };
            self.find(name_place, problem);
            return None;
        }
        let mut lists = Vec::with_capacity(row.addresses.len());
        for (number, text) in row.addresses.iter().enumerate() {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let place = format!("{place}.addresses[{number}]");
            let Some(list) = self.pattern(&place, Pattern::address(text)) else { continue };
            let addresses = list.count().unwrap_or_else(|| {
                (0..count).take_while(|&index| list.at(index).is_some()).count()
            });
            if addresses == count {
                lists.push((place, list));
            } else if name.is_some() {
                self.find(place, Problem::PatternCount { names: count, addresses });
            }
        }
        for index in 0..count {
            let text = name.as_ref().and_then(|name| name.at(index));
            let name = text.and_then(|text| self.node_name(&name_place, &text, seen));
            let mut addresses = Vec::with_capacity(lists.len());
            for (place, list) in &lists {
                let Some(text) = list.at(index) else { continue };
                addresses.extend(self.node_address(place, &text, cidrs, seen));
            }
            if let Some(name) = name {
                group.push(Node { name, addresses });
            }
        }
        Some(())
    }

    fn pattern<'a>(
        &mut self,
        place: &str,
        pattern: Result<Pattern<'a>, Problem>,
    ) -> Option<Pattern<'a>> {
        pattern.map_err(|problem| self.find(place, problem)).ok()
    }

    /// Keeps the first finding of each kind and place from `start` on: what is wrong with one
    /// machine of a pattern is mostly wrong with all.
    fn once_each(&mut self, start: usize) {
        let mut known = HashSet::default();
        let mut index = 0;
        self.findings.retain(|found| {
            index += 1;
            let kind = std::mem::discriminant(&found.problem);
            index <= start || known.insert((found.place.clone(), kind))
        });
    }

    fn node_name(&mut self, place: &str, text: &str, seen: &mut Seen) -> Option<NodeName> {
        let name = self.take(place, NodeName::parse(text), Problem::BadNodeName)?;
        if let Some(first) = seen.names.get(text) {
            let first = first.clone();
            self.find(place, Problem::DuplicateName { first });
            return None;
        }
        seen.names.insert(text.to_owned(), place.to_owned());
        if ["localhost", "kubernetes"].contains(&text) {
            self.find(place, Problem::NameOfAll);
        }
        let limit = match place.starts_with("etcd") {
            // The CN is the bare name.
            true => NodeName::COMMON_NAME_LIMIT + "system:node:".len(),
            false => NodeName::COMMON_NAME_LIMIT,
        };
        if text.len() > limit {
            self.find(place, Problem::CommonNameTooLong { length: text.len(), limit });
        }
        Some(name)
    }

    fn node_address(
        &mut self,
        place: &str,
        text: &str,
        cidrs: &[Cidr],
        seen: &mut Seen,
    ) -> Option<IpAddr> {
        let address = self.take(place, parse_address(text), Problem::BadAddress)?;
        if let Some(first) = seen.addresses.get(&address) {
            let first = first.clone();
            self.find(place, Problem::DuplicateAddress { first });
            return None;
        }
        seen.addresses.insert(address, place.to_owned());
        if let Some(primary) = cidrs.first()
            && place.starts_with("controlPlanes")
            && place.ends_with(".addresses[0]")
            && address.is_ipv4() != primary.is_ipv4()
        {
            self.find(place, Problem::FamilyMismatch { address });
        }
        let broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
        if address.is_unspecified() || address.is_multicast() || broadcast {
            self.find(place, Problem::UnusableAddress);
        } else if is_local(address) {
            self.find(place, Problem::LocalAddress);
        } else if let Some(cidr) = cidrs.iter().find(|cidr| cidr.contains(address)) {
            self.find(place, Problem::AddressInServiceCidr { cidr: cidr.to_string() });
        }
        Some(address)
    }
}

fn is_local(address: IpAddr) -> bool {
    address.is_loopback()
        || match address {
            IpAddr::V4(v4) => v4.is_link_local(),
            IpAddr::V6(v6) => v6.is_unicast_link_local(),
        }
}
