//! A CA of a plan as it can be compared with one of another.

use super::{AuthorityKey, Role, key};
use crate::order;
use crate::plan::blast::Power;
use crate::plan::flows::Flag;
use crate::plan::layout::AuthorityRow;
use crate::plan::{ExtendedKeyUsage, ItemId, Make, Plan, Subject};

/// A CA, and what depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// Its letter, by which it is marked.
    pub letter: char,
    /// CN.
    pub common_name: &'static str,
    /// CN of the CA that signs it; `None` where it signs itself.
    pub below: Option<&'static str>,
    /// Whom it certifies, each once, in order.
    pub signs: Vec<Identity>,
    /// Who trusts it, by which flag.
    pub trusted_by: Vec<Flag>,
    /// What a thief of its key can do.
    pub powers: Vec<Power>,
    /// With whom its key lies.
    pub key_on: Vec<Role>,
    /// Which flags need its key while the cluster runs.
    pub key_needed_by: Vec<Flag>,
}

/// Whom a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// CN and O, with `NAME` for the machine's own name.
    pub subject: Subject,
    /// Its usages.
    pub usages: &'static [ExtendedKeyUsage],
}

impl Identity {
    /// Of an item; `None` for what is no leaf. `node` is the name of its machine.
    pub(super) fn of(plan: &Plan, id: ItemId, node: &str) -> Option<Self> {
        let Make::Leaf(leaf) = &plan.item(id)?.make else { return None };
        let mut subject = leaf.subject.clone();
        let rest = subject.common_name.strip_suffix(node);
        if let Some(before) = rest.filter(|rest| matches!(*rest, "" | "system:node:")) {
            subject.common_name = format!("{before}NAME");
        }
        Some(Self { subject, usages: leaf.usages })
    }

    fn order(&self) -> (&str, &[String], usize) {
        // Neither of the two usages has an order of its own; how many there are, and the first.
        let first = usize::from(self.usages.first() == Some(&ExtendedKeyUsage::ClientAuth));
        (
            &self.subject.common_name,
            &self.subject.organizations,
            self.usages.len().saturating_mul(2).saturating_add(first),
        )
    }
}

/// The CAs of a plan.
pub(super) fn signers(plan: &Plan) -> Vec<(AuthorityKey, Signer)> {
    let mut signers: Vec<(AuthorityKey, Signer)> = (0..)
        .map(ItemId)
        .zip(plan.layout.authorities.iter())
        .map(|(id, row)| (key(row), signer(plan, id, row)))
        .collect();
    for item in (0..plan.items.len()).map(ItemId) {
        let Some(found) = plan.item(item) else { continue };
        // The machine's name stands before the item's.
        let node = found.name.split('/').next().unwrap_or_default();
        let issuer = found.issuer().and_then(|ItemId(issuer)| signers.get_mut(issuer));
        if let (Some((_, signer)), Some(identity)) = (issuer, Identity::of(plan, item, node)) {
            // Of thousands of equal machines nearly all are known already: the newest is nearest.
            if !signer.signs.iter().rev().any(|known| *known == identity) {
                signer.signs.push(identity);
            }
        }
    }
    for (_, signer) in &mut signers {
        order::sort_by(&mut signer.signs, |a, b| a.order().cmp(&b.order()));
    }
    signers
}

fn signer(plan: &Plan, id: ItemId, row: &AuthorityRow) -> Signer {
    let blast = plan.blast(id);
    let mut key_on: Vec<Role> = blast.key_on.iter().map(Role::of).collect();
    order::sort(&mut key_on);
    key_on.dedup();
    let above = plan.item(id).and_then(|item| item.issuer());
    Signer {
        letter: row.letter,
        common_name: row.common_name,
        below: above.and_then(|id| plan.authority_of(id)).map(|above| above.row.common_name),
        signs: Vec::new(),
        trusted_by: blast.trusted_by,
        powers: blast.powers,
        key_on,
        key_needed_by: blast.key_needed_by,
    }
}
