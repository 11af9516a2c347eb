//! A plan in the making, machine after machine: for thousands of them that takes longer than the
//! window of a browser may stand still.

use std::borrow::Cow;

use super::layout::Layout;
use super::maker::{Made, Maker};
use super::{Owner, Plan, own};
use crate::design::Settings;
use crate::order;

/// What [`Plan::new`] does, in as many steps as its caller likes.
pub struct Planning {
    settings: Settings,
    layout: Cow<'static, Layout>,
    made: Made,
    /// How many machines are planned.
    planned: usize,
}

impl Planning {
    /// Begins to apply a design's layout to its machines.
    pub fn new(settings: Settings) -> Self {
        let layout = own::layout(&settings);
        Self::with_layout(settings, layout)
    }

    pub(super) fn with_layout(settings: Settings, layout: Cow<'static, Layout>) -> Self {
        let mut planning = Self { settings, layout, made: Made::default(), planned: 0 };
        planning.with(|maker| {
            maker.authorities();
            maker.service_account();
            maker.token();
            maker.secrets();
        });
        planning
    }

    fn with(&mut self, make: impl FnOnce(&mut Maker<'_>)) {
        let made = std::mem::take(&mut self.made);
        let mut maker = Maker { settings: &self.settings, layout: &self.layout, made };
        make(&mut maker);
        self.made = maker.made;
    }

    /// How many machines there are to plan.
    pub fn machines(&self) -> usize {
        self.settings.machines()
    }

    /// Plans so many machines more, and tells whether any are left.
    pub fn go_on(&mut self, machines: usize) -> bool {
        let (planes, workers) = (self.settings.control_planes.len(), self.settings.workers.len());
        let all = self.settings.machines();
        let end = self.planned.saturating_add(machines).min(all);
        let run = std::mem::replace(&mut self.planned, end)..end;
        self.with(|maker| {
            for index in run {
                maker.machine(match index {
                    _ if index < planes => Owner::ControlPlane(index),
                    _ if index < planes + workers => Owner::Worker(index - planes),
                    _ => Owner::Etcd(index - planes - workers),
                });
            }
        });
        end < all
    }

    /// The plan, with all machines that are left.
    pub fn end(mut self) -> Plan {
        self.go_on(usize::MAX);
        self.with(|maker| {
            maker.operator();
            maker.vault();
            maker.users();
            maker.own();
            maker.extras();
        });
        let Self { settings, layout, made, .. } = self;
        let Made { items, files: mut others, flags: mut files, .. } = made;
        // Of thousands of machines in the order of their names, this is nearly sorted already.
        files.append(&mut others);
        order::sort_by(&mut files, |a, b| a.path.cmp(&b.path));
        Plan { settings, layout, items, files }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;

    #[test]
    fn steps_of_any_size_come_to_the_same_plan() {
        let design = "apiVersion: pki-workbench/v1\nkind: Design\nlayout: kubeadm\ncontrolPlanes:\n\
            - {name: b, addresses: [10.0.0.1]}\n- {name: a, addresses: [10.0.0.2]}\n\
            controlPlaneEndpoint: k8s.test:6443\nworkers:\n- name: w[1-9]\n\
            etcd: {topology: external, members: [{name: e, addresses: [10.0.0.3]}]}\n";
        let (design, _) = Design::read(design).expect("a design");
        let settings = design.check().0.expect("no error in it");
        let whole = format!("{:?}", Plan::new(settings.clone()));
        assert!(whole.contains("hosts/w9/") && whole.contains("hosts/e/"));
        for step in [1, 5, 11, 12, 13] {
            let mut planning = Planning::new(settings.clone());
            let mut steps = 1;
            while planning.go_on(step) {
                steps += 1;
            }
            assert_eq!(steps, 12_usize.div_ceil(step), "steps of {step}");
            assert_eq!(format!("{:?}", planning.end()), whole, "steps of {step}");
        }
        // Whoever ends before leaves nothing out.
        assert_eq!(format!("{:?}", Planning::new(settings).end()), whole);
    }
}
