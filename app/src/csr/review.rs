//! Judging what was pasted: one card for one request, a table for many.

use std::fmt::Write;

use pki_core::request::approver_commands;
use pki_core::review::{
    Cluster, Identity, KUBELET_SERVING, Outcome, PolicyFault, Review, Severity,
};
use pki_text::en::explain::shown;
use pki_text::en::{csr as words, review as text};
use serde_json::Value;

use super::circumstances::Circumstances;
use super::message::{Line, Made, ReviewAsk, remark};
use crate::sheet::Tone;

/// The last review.
#[derive(Default)]
pub(super) struct Bench {
    reviewed: Vec<Reviewed>,
    now: i64,
}

/// One object, judged.
pub(super) struct Reviewed {
    /// As it was pasted.
    pub(super) object: Value,
    pub(super) review: Review,
    pub(super) outcome: Outcome,
    pub(super) cluster: Cluster,
    pub(super) requestor: Identity,
    /// What speaks against it, where there is a policy.
    pub(super) faults: Option<Vec<PolicyFault>>,
    /// Whether nobody has decided on it yet.
    pub(super) open: bool,
    /// The conditions that it has.
    pub(super) conditions: Vec<String>,
}

impl Bench {
    pub(super) fn review(&mut self, ask: &ReviewAsk, input: &[u8], now: i64) -> Made {
        self.reviewed.clear();
        self.now = now;
        let circumstances = match Circumstances::read(ask, now) {
            Ok(circumstances) => circumstances,
            Err(reason) => return Made::refused(reason),
        };
        let objects = match circumstances.objects(input) {
            Ok(objects) => objects,
            Err(reason) => return Made::refused(reason),
        };
        self.reviewed = objects.into_iter().map(|o| circumstances.judge(o)).collect();
        if let [alone] = self.reviewed.as_slice() {
            return alone.card(now);
        }
        let mut made = Made::fine();
        made.told.lines = self.reviewed.iter().map(Reviewed::line).collect();
        let (mut approve, mut deny) = (String::new(), String::new());
        let mut approved = 0;
        let mut unchecked = 0;
        for reviewed in self.reviewed.iter().filter(|reviewed| reviewed.open) {
            match reviewed.decision() {
                Some(true) => {
                    approved += 1;
                    approve.push_str(&reviewed.command(true));
                }
                Some(false) => deny.push_str(&reviewed.command(false)),
                None => unchecked += 1,
            }
        }
        let denied = deny.lines().filter(|line| !line.starts_with('#')).count();
        made.told.remarks.push(remark(Tone::Note, words::counts(approved, denied, unchecked)));
        if self.reviewed.iter().any(|r| r.review.signer_name == KUBELET_SERVING)
            && circumstances.policy.is_none()
        {
            made.told.remarks.push(remark(Tone::Warning, words::NO_POLICY));
        }
        if !approve.is_empty() {
            made.file("approve.sh", words::APPROVE_COMMANDS, &approve);
        }
        if !deny.is_empty() {
            made.file("deny.sh", words::DENY_COMMANDS, &deny);
        }
        made
    }

    pub(super) fn look(&self, index: usize) -> Made {
        match self.reviewed.get(index) {
            Some(reviewed) => reviewed.card(self.now),
            None => Made::refused(words::GONE),
        }
    }
}

impl Reviewed {
    pub(super) fn name(&self) -> String {
        let name = self.object.pointer("/metadata/name").and_then(Value::as_str);
        name.unwrap_or_default().to_owned()
    }

    pub(super) fn tone(&self) -> Tone {
        match self.outcome {
            Outcome::Issued => Tone::Good,
            Outcome::Refused | Outcome::Failed => Tone::Bad,
            _ => Tone::Warning,
        }
    }

    fn subject(&self) -> String {
        let request = self.review.request.as_ref();
        request.map(|request| request.subject.to_rfc4514()).unwrap_or_default()
    }

    /// Whether to approve it; `None` where this desk cannot say.
    pub(super) fn decision(&self) -> Option<bool> {
        match (&self.faults, self.outcome) {
            (_, Outcome::Refused | Outcome::Failed) => Some(false),
            _ if self.review.signer_name == KUBELET_SERVING => {
                self.faults.as_ref().map(|faults| faults.is_empty())
            }
            (_, Outcome::Issued) => Some(true),
            _ => None,
        }
    }

    /// The command, under a comment that says what it is about.
    fn command(&self, approve: bool) -> String {
        let commands = approver_commands(&self.name());
        let mut out = format!("# {}", shown(&self.subject()));
        if !approve {
            // Writing to a String does not fail.
            let _ = write!(out, ": {}", shown(&self.reasons().join(" ")));
        }
        out.push('\n');
        out.push_str(if approve { &commands.approve } else { &commands.deny });
        out
    }

    /// What speaks against it.
    fn reasons(&self) -> Vec<String> {
        let findings = self.review.findings.iter();
        let errors = findings.filter(|finding| finding.rule.severity() == Severity::Error);
        let faults = self.faults.iter().flatten();
        let faults = faults.filter(|fault| **fault != PolicyFault::OtherSigner);
        errors.map(text::sentence).chain(faults.map(text::policy_fault)).collect()
    }

    fn line(&self) -> Line {
        Line {
            name: self.name(),
            asker: self.requestor.username.clone(),
            signer: self.review.signer_name.clone(),
            asks: self.subject(),
            tone: if self.decision() == Some(false) { Tone::Bad } else { self.tone() },
            verdict: match self.open {
                true => text::outcome(self.outcome).to_owned(),
                false => words::decided(&self.conditions.join(", ")),
            },
            policy: self.reasons(),
        }
    }
}
