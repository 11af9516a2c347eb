//! Two plans beside each other: plan, plan → what is only in one of them, and what both have
//! otherwise.
//!
//! Machines differ from design to design, so files are compared by role: a control plane of one
//! plan with a control plane of the other, with the machine's own name and addresses taken out.
//! CAs are compared by their letter, which stands for one purpose over all layouts; a CA of one's
//! own by its name.
//!
//! Only differences are listed: two equal plans give an empty [`Comparison`], and the order of the
//! two changes nothing but the sides.

mod choices;
mod files;
mod matched;
mod signer;

use crate::plan::benchmark::Line;
use crate::plan::blast::Power;
use crate::plan::layout::{AuthorityRow, Component};
use crate::plan::review::Risk;
use crate::plan::{ItemId, Owner, Plan};
use matched::by_key;

pub use choices::Choice;
pub use files::{Holding, Kind};
pub use signer::{Identity, Signer};

/// What two plans have otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What was chosen otherwise: version, keys, lifetimes, how many machines.
    pub choices: Vec<Pair<Choice, String>>,
    /// CAs that only one plan has, or that sign, open or lie elsewhere.
    pub authorities: Vec<Pair<AuthorityKey, Signer>>,
    /// For everything that a stolen CA key can be good for: the CAs whose key it is.
    pub powers: Vec<Pair<Power, Vec<AuthorityRow>>>,
    /// Files by role.
    pub files: Vec<Pair<Place, Holding>>,
    /// Flags of the components.
    pub flags: Vec<Pair<(Component, &'static str), String>>,
    /// Lines of the CIS benchmark, and whether each plan passes them.
    pub lines: Vec<Pair<Line, bool>>,
    /// Risks that only one plan has.
    pub risks: Vec<Pair<RiskKey, Risk>>,
    /// How many CAs, files and flags are the same in both.
    pub same: Same,
}

/// How much is the same in both plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Same {
    /// CAs.
    pub authorities: usize,
    /// Files.
    pub files: usize,
    /// Flags.
    pub flags: usize,
}

/// One thing, and how it is in each plan; `None` where a plan does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair<K, V> {
    /// What it is.
    pub what: K,
    /// How it is in the first plan.
    pub left: Option<V>,
    /// How it is in the second.
    pub right: Option<V>,
}

/// By what CAs of two plans are the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthorityKey {
    /// One of our layouts', by its letter.
    Letter(char),
    /// One's own, by its name.
    Own(&'static str),
}

/// Whom a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A control plane.
    ControlPlane,
    /// A worker.
    Worker,
    /// A member of an external etcd.
    EtcdMember,
    /// The people who run the cluster.
    Operator,
    /// Whoever keeps the CA keys.
    Vault,
}

impl Role {
    /// The role of an owner.
    pub fn of(owner: &Owner) -> Self {
        match owner {
            Owner::ControlPlane(_) => Self::ControlPlane,
            Owner::Worker(_) => Self::Worker,
            Owner::Etcd(_) => Self::EtcdMember,
            Owner::Operator => Self::Operator,
            Owner::Vault => Self::Vault,
        }
    }
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// On which kind of machine, or with whom.
    pub role: Role,
    /// Its path there; in the archive for what is installed nowhere, without the machine's name.
    pub path: String,
}

/// By what risks of two plans are the same one: their kind, and what they are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RiskKey {
    kind: u8,
    about: Vec<AuthorityKey>,
    path: String,
}

/// What is otherwise in the second plan.
pub fn compare(left: &Plan, right: &Plan) -> Comparison {
    let mut same = Same::default();
    let (authorities, equal) = by_key(signer::signers(left), signer::signers(right));
    same.authorities = equal;
    let (files, equal) = by_key(files::files(left), files::files(right));
    same.files = equal;
    let (flags, equal) = by_key(flags(left), flags(right));
    same.flags = equal;
    let (mut risks, _) = by_key(risks(left), risks(right));
    // The numbers of items differ from plan to plan, and mean nothing.
    risks.retain(|pair| pair.left.is_none() || pair.right.is_none());
    Comparison {
        choices: by_key(choices::choices(&left.settings), choices::choices(&right.settings)).0,
        authorities,
        powers: powers(left, right),
        files,
        flags,
        lines: lines(left, right),
        risks,
        same,
    }
}

impl Comparison {
    /// Whether nothing is otherwise.
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
            && self.authorities.is_empty()
            && self.powers.is_empty()
            && self.files.is_empty()
            && self.flags.is_empty()
            && self.lines.is_empty()
            && self.risks.is_empty()
    }
}

/// By what a CA of a plan is found in another.
fn key_of(plan: &Plan, id: ItemId) -> Option<AuthorityKey> {
    plan.authority_of(id).map(|authority| key(&authority.row))
}

fn key(row: &AuthorityRow) -> AuthorityKey {
    // Letters of one's own are given in the order of the rows: they say nothing by themselves.
    if row.is_own() { AuthorityKey::Own(row.name) } else { AuthorityKey::Letter(row.letter) }
}

fn flags(plan: &Plan) -> Vec<((Component, &'static str), String)> {
    let mut flags = Vec::new();
    for component in Component::ALL {
        let settings = plan.settings_of(component).into_iter();
        flags.extend(settings.map(|setting| ((component, setting.name), setting.value)));
    }
    flags
}

/// The CAs behind each power, where they are not the same ones.
fn powers(left: &Plan, right: &Plan) -> Vec<Pair<Power, Vec<AuthorityRow>>> {
    let holders = |plan: &Plan| -> Vec<(Power, AuthorityRow)> {
        let rows = (0..).map(ItemId).zip(plan.layout.authorities.iter());
        let each = rows.flat_map(|(id, row)| {
            plan.blast(id).powers.into_iter().map(move |power| (power, *row))
        });
        each.collect()
    };
    let (left, right) = (holders(left), holders(right));
    let mut pairs = Vec::new();
    for power in Power::ALL {
        let of = |all: &[(Power, AuthorityRow)]| -> Vec<AuthorityRow> {
            all.iter().filter(|(one, _)| *one == power).map(|(_, row)| *row).collect()
        };
        let (left, right) = (of(&left), of(&right));
        let keys = |rows: &[AuthorityRow]| {
            let mut keys: Vec<AuthorityKey> = rows.iter().map(key).collect();
            crate::order::sort(&mut keys);
            keys
        };
        if keys(&left) != keys(&right) {
            let some = |rows: Vec<AuthorityRow>| (!rows.is_empty()).then_some(rows);
            pairs.push(Pair { what: power, left: some(left), right: some(right) });
        }
    }
    pairs
}

fn lines(left: &Plan, right: &Plan) -> Vec<Pair<Line, bool>> {
    let (left, right) = (left.benchmark(), right.benchmark());
    let all = crate::plan::benchmark::LINES.iter();
    let pairs = all.filter_map(|line| {
        let of = |judged: &[crate::plan::benchmark::Judged]| {
            judged.iter().find(|one| one.line.id == line.id).map(|one| one.passes)
        };
        let (left, right) = (of(&left), of(&right));
        (left != right).then_some(Pair { what: *line, left, right })
    });
    pairs.collect()
}

fn risks(plan: &Plan) -> Vec<(RiskKey, Risk)> {
    let keyed = plan.review().into_iter().map(|risk| {
        let mut about: Vec<AuthorityKey> =
            risk.authorities().into_iter().filter_map(|id| key_of(plan, id)).collect();
        crate::order::sort(&mut about);
        let path = risk.path().unwrap_or_default().to_owned();
        (RiskKey { kind: risk.kind(), about, path }, risk)
    });
    keyed.collect()
}

#[cfg(test)]
mod tests;
