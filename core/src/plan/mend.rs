//! What a press of a button can do about a risk, or about a failed line of the benchmark.
//!
//! A remedy is offered only where a change of the design does it, and only after a small cluster of
//! the changed design was planned: the risk is gone there.

use super::benchmark::Line;
use super::review::Risk;
use super::{ItemId, Plan};
use crate::design::{CaKeys, Design, DesignNode, Output};

/// A change of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Something is made on request.
    Make(Output),
    /// The keys of CAs go into the vault.
    Vault,
    /// kube-apiserver refuses requests without a credential.
    RefuseAnonymous,
    /// A CA that another took the place of is there again.
    Restore(String),
}

impl Remedy {
    fn apply(&self, design: &mut Design) {
        match self {
            Self::Make(output) => design.outputs.push(output.name().to_owned()),
            Self::Vault => CaKeys::Vault.name().clone_into(&mut design.ca_keys),
            Self::RefuseAnonymous => design.refuse_anonymous = true,
            Self::Restore(name) => design.change_authority(name, &|own| own.into.clear()),
        }
    }
}

impl Plan {
    /// What can be done about a risk, and the design with that.
    pub fn mend(&self, design: &Design, risk: &Risk) -> Option<(Remedy, Design)> {
        let merged_into = |authority: &ItemId| {
            let name = self.layout.authorities.get(authority.0)?.name;
            let merged = design.authorities.iter().rev().find(|own| own.into == name)?;
            Some(Remedy::Restore(merged.name.clone()))
        };
        let remedy = match risk {
            Risk::UnverifiedKubelets => Remedy::Make(Output::KubeletServing),
            Risk::IdleKey { .. } => Remedy::Vault,
            Risk::HeadersFromAnybody { authority }
            | Risk::HeadersByNameOnly { authority }
            | Risk::SharedEtcdAuthority { authority } => merged_into(authority)?,
            _ => return None,
        };
        let count = |plan: &Self| plan.review().iter().filter(|r| r.kind() == risk.kind()).count();
        let before = count(&sketch(design)?);
        with(design, remedy, &|after| count(after) < before)
    }

    /// What can be done about a line that is failed, and the design with that.
    pub fn mend_line(&self, design: &Design, line: Line) -> Option<(Remedy, Design)> {
        let remedy = match line.id {
            "1.2.1" => Remedy::RefuseAnonymous,
            "1.2.5" | "4.2.9" => Remedy::Make(Output::KubeletServing),
            "1.2.27" | "1.2.28" => Remedy::Make(Output::Encryption),
            _ => return None,
        };
        let passes =
            |plan: &Self| plan.benchmark().iter().any(|one| one.line == line && one.passes);
        with(design, remedy, &passes)
    }
}

fn with(
    design: &Design,
    remedy: Remedy,
    is_mended: &dyn Fn(&Plan) -> bool,
) -> Option<(Remedy, Design)> {
    // A serving certificate is for an address.
    let has_address = |node: &DesignNode| node.addresses.iter().any(|one| !one.trim().is_empty());
    if remedy == Remedy::Make(Output::KubeletServing) && !design.workers.iter().all(has_address) {
        return None;
    }
    let mut mended = design.clone();
    remedy.apply(&mut mended);
    is_mended(&sketch(&mended)?).then_some((remedy, mended))
}

/// The plan of a design on two machines: no remedy depends on how many there are, and thousands
/// would take their time.
fn sketch(design: &Design) -> Option<Plan> {
    let node = |name: &str, address: &str| DesignNode {
        name: name.to_owned(),
        addresses: vec![address.to_owned()],
    };
    let small = Design {
        control_planes: vec![node("one", "192.0.2.1")],
        workers: vec![node("other", "192.0.2.2")],
        certificates: Vec::new(),
        users: Vec::new(),
        ..design.clone()
    };
    Some(Plan::new(small.check().0?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{DesignAuthority, LayoutName};
    use crate::plan::benchmark::LINES;

    fn design(layout: LayoutName) -> Design {
        Design { layout: layout.name().to_owned(), ..Design::default() }
    }

    fn remedies(design: &Design) -> Vec<Remedy> {
        let plan = Plan::new(design.check().0.expect("a design without errors"));
        let risks = plan.review();
        risks.iter().filter_map(|risk| Some(plan.mend(design, risk)?.0)).collect()
    }

    #[test]
    fn each_layout_offers_what_it_can() {
        let idle = [Remedy::Make(Output::KubeletServing), Remedy::Vault];
        let found = remedies(&design(LayoutName::Kubeadm));
        assert!(idle.iter().all(|remedy| found.contains(remedy)), "{found:?}");
        for layout in [LayoutName::FiveFlows, LayoutName::SingleCa, LayoutName::K3s] {
            assert_eq!(remedies(&design(layout)), [], "{layout:?}");
        }
    }

    #[test]
    fn what_was_merged_can_be_taken_back() {
        let own = |name: &str| DesignAuthority { name: name.to_owned(), ..Default::default() };
        let mut merged = design(LayoutName::Kubeadm);
        for name in ["front-proxy-ca", "etcd-ca"] {
            merged.authorities.push(DesignAuthority { into: "ca".to_owned(), ..own(name) });
        }
        let found = remedies(&merged);
        assert!(found.iter().any(|one| matches!(one, Remedy::Restore(_))), "{found:?}");
    }

    #[test]
    fn a_failed_line_has_a_button_where_a_choice_passes_it() {
        let design = design(LayoutName::Kubeadm);
        let plan = Plan::new(design.check().0.expect("a default design"));
        let mended: Vec<&str> = LINES
            .iter()
            .filter(|line| plan.mend_line(&design, **line).is_some())
            .map(|line| line.id)
            .collect();
        assert_eq!(mended, ["1.2.1", "1.2.5", "1.2.27", "1.2.28", "4.2.9"]);
    }
}
