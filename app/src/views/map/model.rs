//! What the picture, the panel and the table show: the connections of a plan, joined by their ends.

use std::sync::Arc;

use pki_core::plan::flows::{Checked, Flow, Party, Proof, Shows};
use pki_core::plan::{ItemId, Plan};

use crate::state::Chosen;

/// A plan and its connections.
pub(super) struct Model {
    pub(super) plan: Arc<Plan>,
    pub(super) links: Vec<Link>,
}

/// All connections from one end to another.
pub(super) struct Link {
    pub(super) from: Party,
    pub(super) to: Party,
    pub(super) flows: Vec<Flow>,
    pub(super) caller: End,
    pub(super) callee: End,
}

/// Who vouches for an end.
#[derive(Default)]
pub(super) struct End {
    /// The CAs, each once.
    pub(super) authorities: Vec<ItemId>,
    /// Their letters; `T` for tokens, `?` for what is from outside, `!` for nobody.
    pub(super) letters: Vec<char>,
    /// Whether a connection lacks the check of this end.
    pub(super) open: bool,
}

/// A token vouches.
pub(super) const TOKEN: char = 'T';
/// Something from outside the plan vouches.
const FOREIGN: char = '?';
/// Nobody vouches.
pub(super) const NOBODY: char = '!';

impl Model {
    pub(super) fn new(plan: Arc<Plan>) -> Self {
        let mut links: Vec<Link> = Vec::new();
        for flow in plan.flows() {
            let found = links.iter().position(|link| (link.from, link.to) == (flow.from, flow.to));
            let index = found.unwrap_or_else(|| {
                let (from, to) = (flow.from, flow.to);
                let (caller, callee) = Default::default();
                links.push(Link { from, to, flows: Vec::new(), caller, callee });
                links.len() - 1
            });
            let Some(link) = links.get_mut(index) else { continue };
            use pki_core::plan::flows::Gap;
            link.caller.add(&plan, &flow.caller, flow.gaps.contains(&Gap::Caller));
            link.callee.add(&plan, &flow.callee, flow.gaps.contains(&Gap::Callee));
            link.flows.push(flow);
        }
        Self { plan, links }
    }

    pub(super) fn link(&self, from: Party, to: Party) -> Option<&Link> {
        self.links.iter().find(|link| (link.from, link.to) == (from, to))
    }

    /// Which connections have to do with what is chosen.
    pub(super) fn lit(&self, chosen: Option<Chosen>) -> Vec<bool> {
        let flags = match chosen {
            Some(Chosen::Flag(flag)) => self.plan.pair_of(flag),
            _ => Vec::new(),
        };
        let concerns = |link: &Link| match chosen {
            None => true,
            Some(Chosen::Party(party)) => link.from == party || link.to == party,
            Some(Chosen::Link(from, to)) => (link.from, link.to) == (from, to),
            Some(Chosen::Authority(id)) => {
                link.caller.authorities.contains(&id) || link.callee.authorities.contains(&id)
            }
            Some(Chosen::Flag(_)) => {
                link.flows.iter().any(|flow| flow.shows_by(&flags) || flow.checks_by(&flags))
            }
        };
        self.links.iter().map(concerns).collect()
    }

    /// Whether an end has to do with what is chosen.
    pub(super) fn touches(&self, chosen: Option<Chosen>, lit: &[bool], party: Party) -> bool {
        let at = |link: &Link| link.from == party || link.to == party;
        let itself = match chosen {
            Some(Chosen::Flag(flag)) => Party::Component(flag.component) == party,
            other => other.is_none() || other == Some(Chosen::Party(party)),
        };
        itself || self.links.iter().zip(lit).any(|(link, lit)| *lit && at(link))
    }

    /// Whether what is chosen is in this plan: it may have been another one's.
    pub(super) fn has(&self, chosen: Chosen) -> bool {
        match chosen {
            Chosen::Party(party) => self.links.iter().any(|l| l.from == party || l.to == party),
            Chosen::Link(from, to) => self.link(from, to).is_some(),
            Chosen::Authority(id) => id.0 < self.plan.layout.authorities.len(),
            Chosen::Flag(flag) => {
                self.plan.settings_of(flag.component).iter().any(|one| one.name == flag.name)
            }
        }
    }
}

impl Link {
    pub(super) fn gaps(&self) -> usize {
        self.flows.iter().map(|flow| flow.gaps.len()).sum()
    }
}

impl End {
    fn add(&mut self, plan: &Plan, proof: &Proof, open: bool) {
        self.open |= open;
        let letter = if open {
            NOBODY
        } else if let Some(id) = vouched_by(plan, proof) {
            if !self.authorities.contains(&id) {
                self.authorities.push(id);
            }
            plan.authority_of(id).map_or(FOREIGN, |authority| authority.row.letter)
        } else {
            match proof.shows {
                Shows::Token(_) | Shows::ServiceAccountToken => TOKEN,
                _ => FOREIGN,
            }
        };
        if !self.letters.contains(&letter) {
            self.letters.push(letter);
        }
    }
}

/// The CA that vouches for what an end shows.
fn vouched_by(plan: &Plan, proof: &Proof) -> Option<ItemId> {
    match (&proof.shows, &proof.checked) {
        (Shows::Certificate(id), _) => plan.item(*id).and_then(pki_core::plan::Item::issuer),
        (Shows::Requested(signer), _) => Some(*signer),
        _ => None,
    }
}

/// The CAs by which an end is checked.
pub(super) fn checked_by(proof: &Proof) -> Vec<ItemId> {
    match &proof.checked {
        Checked::Flag(_, ids) | Checked::Means(_, ids) => ids.clone(),
        Checked::Kubeconfig(_, id) => vec![*id],
        Checked::No | Checked::Other(_) => Vec::new(),
    }
}
