//! What follows from the design as it stands: findings, and the plan if there can be one.

use std::sync::Arc;

use pki_core::design::{Design, Finding, Problem, Severity};
use pki_core::plan::Plan;

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

impl Checked {
    /// `demo` is the seed text, in demo mode.
    pub(crate) fn new(design: Design, demo: Option<&str>, before: Option<Arc<Plan>>) -> Self {
        let (settings, mut findings) = design.check();
        let plan = settings.map(|settings| Arc::new(Plan::new(settings)));
        let latest = plan.clone().or(before);
        // It is no part of the design, but is as wrong without a text.
        let seedless = demo.is_some_and(str::is_empty);
        if seedless {
            let end = findings.iter().take_while(|f| f.severity() == Severity::Error).count();
            let place = DEMO_SEED.to_owned();
            findings.insert(end, Finding { place, problem: Problem::NoDemoSeed });
        }
        let plan = plan.filter(|_| !seedless);
        Self { design: Arc::new(design), findings: Arc::new(findings), plan, latest }
    }

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
