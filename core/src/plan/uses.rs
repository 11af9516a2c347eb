//! From a flag or a file to the connections that it has to do with, and to the flags that name the
//! other half of its key pair.

use super::flows::{Checked, Flag, Flow, Party, Proof};
use super::{Content, ItemId, Plan, PlannedFile};

/// The connections that a flag or a file has to do with, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    /// Where it is shown, or proves what is shown.
    pub shown: Vec<(Party, Party)>,
    /// Where others are checked with it.
    pub checks: Vec<(Party, Party)>,
}

impl Flow {
    /// Whether an end shows what one of these flags names.
    pub fn shows_by(&self, flags: &[Flag]) -> bool {
        let ends = [&self.caller, &self.callee];
        ends.iter().any(|proof| proof.by.is_some_and(|by| flags.contains(&by)))
    }

    /// Whether an end is checked by one of these flags.
    pub fn checks_by(&self, flags: &[Flag]) -> bool {
        let ends = [&self.caller, &self.callee];
        ends.iter().any(|proof| proof.checking().is_some_and(|by| flags.contains(&by)))
    }
}

impl Proof {
    /// The flag by which it is checked.
    pub fn checking(&self) -> Option<Flag> {
        match &self.checked {
            Checked::Flag(flag, _) | Checked::Kubeconfig(Some(flag), _) | Checked::Other(flag) => {
                Some(*flag)
            }
            _ => None,
        }
    }
}

impl Plan {
    /// A flag, and those of the same component that name the other half of its key pair.
    pub fn pair_of(&self, flag: Flag) -> Vec<Flag> {
        let mut pair = vec![flag];
        let key = self.content(flag).and_then(key_pair);
        if let Some(key) = key.filter(|key| self.item(*key).is_some()) {
            for setting in self.settings_of(flag.component) {
                let other = Flag { component: flag.component, name: setting.name };
                let same = self.content(other).and_then(key_pair) == Some(key);
                if setting.is_file && same && other != flag {
                    pair.push(other);
                }
            }
        }
        pair
    }

    /// The CAs in the file of a flag: those that it trusts, or the one that signs what it shows.
    pub fn authorities_of_flag(&self, flag: Flag) -> Vec<ItemId> {
        self.content(flag).map(|content| self.authorities_of(content)).unwrap_or_default()
    }

    /// The CAs behind what a file holds.
    pub fn authorities_of(&self, content: &Content) -> Vec<ItemId> {
        // The numbers of CAs are their places in the table.
        let signer = |id: &ItemId| {
            let is_authority = id.0 < self.layout.authorities.len();
            if is_authority { Some(*id) } else { self.item(*id)?.issuer() }
        };
        match content {
            Content::Bundle(ids) => ids.clone(),
            Content::Kubeconfig(found) => {
                let mut all: Vec<ItemId> = signer(&found.client).into_iter().collect();
                if !all.contains(&found.ca) {
                    all.push(found.ca);
                }
                all
            }
            Content::Certificate(id)
            | Content::PrivateKey(id)
            | Content::PublicKey(id)
            | Content::Serial(id)
            | Content::Secret { item: id, .. } => signer(id).into_iter().collect(),
            Content::Extra(extra) => extra.item().as_ref().and_then(signer).into_iter().collect(),
            Content::TokenList(_) | Content::Settings(_) => Vec::new(),
        }
    }

    /// The connections that a flag has to do with.
    pub fn uses_of_flag(&self, flag: Flag) -> Uses {
        self.uses(&self.pair_of(flag), None)
    }

    /// The connections that a file has to do with: those of the flags that name it, and of the
    /// person who has it.
    pub fn uses_of_file(&self, file: &PlannedFile) -> Uses {
        let mut flags: Vec<Flag> = Vec::new();
        for (component, name) in self.readers(file) {
            flags.extend(self.pair_of(Flag { component, name }));
        }
        self.uses(&flags, Some(stem(file.installed_path().unwrap_or(&file.path))))
    }

    fn uses(&self, flags: &[Flag], path: Option<&str>) -> Uses {
        let mut uses = Uses::default();
        for flow in self.flows() {
            let ends = (flow.from, flow.to);
            // What no flag names: a person's kubeconfig, which both shows and checks, and pairs of
            // programs that have no flags here.
            let is_it = |proof: &&Proof| {
                proof.by.is_none() && path.is_some() && proof.path.as_deref().map(stem) == path
            };
            let own = [&flow.caller, &flow.callee].into_iter().find(is_it);
            let both = own.is_some() && matches!(flow.callee.checked, Checked::Kubeconfig(..));
            if (own.is_some() || flow.shows_by(flags)) && !uses.shown.contains(&ends) {
                uses.shown.push(ends);
            }
            if (both || flow.checks_by(flags)) && !uses.checks.contains(&ends) {
                uses.checks.push(ends);
            }
        }
        uses
    }

    /// The file that a flag names, on the first machine that runs the component.
    pub fn file_of(&self, flag: Flag) -> Option<&PlannedFile> {
        let setting = self.settings_of(flag.component).into_iter().find(|s| s.name == flag.name)?;
        self.first_machines().find_map(|owner| {
            let runs = self.components(&owner).contains(&flag.component);
            runs.then(|| self.installed(&owner, &setting.value)).flatten()
        })
    }
}

/// The path of a pair, of which a certificate and its key are the halves.
fn stem(path: &str) -> &str {
    path.trim_end_matches(".crt").trim_end_matches(".key")
}

/// The key pair whose half a file holds.
fn key_pair(content: &Content) -> Option<ItemId> {
    match content {
        Content::Certificate(id) | Content::PrivateKey(id) | Content::PublicKey(id) => Some(*id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Design, DesignNode, LayoutName};
    use crate::plan::layout::Component;

    fn plan(layout: LayoutName) -> Plan {
        let worker = DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] };
        let layout = layout.name().to_owned();
        let design = Design { layout, workers: vec![worker], ..Design::default() };
        Plan::new(design.check().0.expect("a default design"))
    }

    /// Flow → certificate → file → flag → component → CA → flow, in every layout.
    #[test]
    fn the_way_around_comes_back_to_every_flow() {
        for layout in LayoutName::ALL {
            let plan = plan(layout);
            for flow in plan.flows() {
                let ends = (flow.from, flow.to);
                for proof in [&flow.caller, &flow.callee] {
                    let Some(by) = proof.by else { continue };
                    assert!(plan.uses_of_flag(by).shown.contains(&ends), "{layout:?} {by:?}");
                    // A kubelet's kubeconfig may be one that it makes for itself.
                    let Some(file) = plan.file_of(by) else { continue };
                    assert!(plan.readers(file).contains(&(by.component, by.name)));
                    assert!(plan.uses_of_file(file).shown.contains(&ends), "{layout:?} {by:?}");
                    let authorities = plan.authorities_of_flag(by);
                    let has_token = matches!(proof.shows, super::super::flows::Shows::Token(_));
                    assert!(has_token || !authorities.is_empty(), "{layout:?} {by:?}");
                }
                for checking in [&flow.caller, &flow.callee].iter().filter_map(|p| p.checking()) {
                    let uses = plan.uses_of_flag(checking);
                    assert!(uses.checks.contains(&ends), "{layout:?} {checking:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_leads_where_its_certificate_does_and_people_to_their_kubeconfig() {
        let plan = plan(LayoutName::Kubeadm);
        let file = |path: &str| plan.file(path).expect("a file of the plan");
        let folder = "hosts/cp1/etc/kubernetes/pki/";
        let key = plan.uses_of_file(file(&format!("{folder}apiserver-etcd-client.key")));
        let certificate = plan.uses_of_file(file(&format!("{folder}apiserver-etcd-client.crt")));
        assert_eq!(key, certificate);
        let etcd = (Party::Component(Component::Apiserver), Party::Component(Component::Etcd));
        assert_eq!(key, Uses { shown: vec![etcd], checks: Vec::new() });
        let person = (Party::Operator, Party::Component(Component::Apiserver));
        let admin = plan.uses_of_file(file("operator/admin.conf"));
        assert_eq!(admin, Uses { shown: vec![person], checks: vec![person] });
        let tokens = plan.uses_of_file(file(&format!("{folder}sa.pub")));
        assert_eq!(tokens.checks, [(Party::Pod, Party::Component(Component::Apiserver))]);
    }
}
