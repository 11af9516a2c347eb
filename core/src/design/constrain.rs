//! Findings about name constraints: what verifiers would refuse, and what is left open.

use std::net::{IpAddr, Ipv4Addr};

use super::check::Check;
use super::{Constraints, OwnAuthority, Problem, San, Settings, Subtree};
use crate::plan::{Plan, RefusedName};

impl Check {
    /// A list of DNS names and ranges.
    pub(super) fn subtrees(&mut self, list: &str, texts: &[String]) -> Vec<Subtree> {
        let read = |(index, text): (usize, &String)| {
            let place = format!("{list}[{index}]");
            self.take(place, Subtree::parse(text.trim()), Problem::BadSubtree)
        };
        texts.iter().enumerate().filter_map(read).collect()
    }

    /// Holds every certificate that would be made against the constraints of the CAs above it.
    pub(super) fn constrained(&mut self, settings: &Settings) {
        let own = &settings.authorities;
        if own.iter().all(|own| own.constraints.is_empty()) {
            return;
        }
        for (index, of) in own.iter().enumerate().filter(|(_, of)| !of.constraints.is_empty()) {
            let address = San::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
            for (name, addresses) in [(address, true), (San::Dns(String::new()), false)] {
                if !limited(own, of, &name) {
                    let place = format!("authorities[{index}].permitted");
                    self.find(place, Problem::KindOpen { addresses });
                }
            }
        }
        let plan = Plan::new(settings.clone());
        // One finding for all that one remedy mends.
        let mut groups: Vec<(String, Vec<RefusedName>)> = Vec::new();
        for refused in plan.refused_names() {
            let name = plan.item(refused.authority).map_or("", |item| item.name.as_str());
            let Some(index) = own.iter().position(|own| own.name == name) else { continue };
            let place = match refused.excluded {
                Some(number) => format!("authorities[{index}].excluded[{number}]"),
                None => format!("authorities[{index}].permitted"),
            };
            let is_in = |(known, group): &&mut (String, Vec<RefusedName>)| {
                *known == place
                    && group.iter().all(|one| one.is_common_name == refused.is_common_name)
            };
            match groups.iter_mut().find(is_in) {
                Some((_, group)) if group.iter().any(|one| one.name == refused.name) => {}
                Some((_, group)) => group.push(refused),
                None => groups.push((place, vec![refused])),
            }
        }
        for (place, group) in groups {
            let Some(first) = group.first() else { continue };
            let certificate = plan.item(first.item).map(|item| item.name.clone());
            let certificate = certificate.unwrap_or_default();
            let name = first.name.to_string();
            let others = group.len() - 1;
            self.find(
                place,
                match (first.is_common_name, first.excluded) {
                    (true, _) => Problem::CommonNameRefused { name, certificate },
                    (false, Some(_)) => Problem::NameExcluded { name, certificate, others },
                    (false, None) => {
                        let all = group.iter().map(|one| Subtree::around(&one.name)).collect();
                        Problem::NameNotPermitted { name, certificate, all }
                    }
                },
            );
        }
    }
}

/// Whether a CA or one above it says anything about names of a kind.
fn limited(all: &[OwnAuthority], own: &OwnAuthority, name: &San) -> bool {
    let mut current = Some(own);
    while let Some(own) = current {
        if Constraints::limit(&own.constraints, name) {
            return true;
        }
        current = all.iter().find(|other| own.below.as_deref() == Some(other.name.as_str()));
    }
    false
}
