//! What follows from the design as it stands: findings, and the plan if there can be one.

use std::sync::Arc;

use pki_core::design::{Design, Finding, Problem, Severity};
use pki_core::plan::{Plan, Planning};

/// The place of the seed text, which is in no design.
pub(crate) const DEMO_SEED: &str = "demoSeed";

/// A design and what it leads to. Clones are cheap.
#[derive(Clone)]
pub(crate) struct Checked {
    pub(crate) design: Arc<Design>,
    pub(crate) findings: Arc<Vec<Finding>>,
    /// `None` exactly when a finding is an error.
    pub(crate) plan: Option<Arc<Plan>>,
    /// The newest plan that there was, so that the files do not vanish at every half-typed word.
    pub(crate) latest: Option<Arc<Plan>>,
}

/// A check in pieces: what it comes to for thousands of machines takes several tasks of the window.
pub(super) struct Checking {
    design: Design,
    findings: Vec<Finding>,
    /// `None` where an error is in the way of a plan.
    planning: Option<Planning>,
    /// Whether the seed text of a demo is missing. It is no part of the design, but is as wrong.
    seedless: bool,
}

impl Checking {
    /// Finds what is wrong; `demo` is the seed text, in demo mode.
    pub(super) fn new(design: Design, demo: Option<&str>) -> Self {
        let (settings, mut findings) = design.check();
        let seedless = demo.is_some_and(str::is_empty);
        if seedless {
            let end = findings.iter().take_while(|f| f.severity() == Severity::Error).count();
            let place = DEMO_SEED.to_owned();
            findings.insert(end, Finding { place, problem: Problem::NoDemoSeed });
        }
        Self { design, findings, planning: settings.map(Planning::new), seedless }
    }

    /// How many machines there are to plan.
    pub(super) fn machines(&self) -> usize {
        self.planning.as_ref().map_or(0, Planning::machines)
    }

    /// Plans some machines more, and tells whether any are left.
    pub(super) fn go_on(&mut self, machines: usize) -> bool {
        self.planning.as_mut().is_some_and(|planning| planning.go_on(machines))
    }

    /// What it has come to; `before` is the newest plan so far.
    pub(super) fn end(self, before: Option<Arc<Plan>>) -> Checked {
        let plan = self.planning.map(|planning| Arc::new(planning.end()));
        let latest = plan.clone().or(before);
        let plan = plan.filter(|_| !self.seedless);
        Checked { design: Arc::new(self.design), findings: Arc::new(self.findings), plan, latest }
    }
}

impl Checked {
    pub(crate) fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    pub(crate) fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity() == severity).count()
    }

    /// The findings at a field. `controlPlanes[0].addresses` includes those of each address.
    pub(crate) fn at(&self, place: &str) -> Vec<Finding> {
        let here = |found: &str| {
            found.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        self.findings.iter().filter(|finding| here(&finding.place)).cloned().collect()
    }
}
