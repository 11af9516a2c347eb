//! The card of one request: the verdict, the object as it was meant, and the files.

use pki_core::order;
use pki_core::request::{approver_commands, signer_role};
use pki_core::review::{self, BUILT_IN_SIGNERS, Outcome, Review, Rule, Severity, UntrustedRequest};
use pki_core::yaml;
use pki_text::en::{csr as words, review as text, sheet};
use serde_json::{Value, json};

use super::message::{Made, remark};
use super::review::Reviewed;
use crate::sheet::rows::{of_kind, rows, said, text as data};
use crate::sheet::{Remark, Row, Section, Sheet, Status, Tone};

impl Reviewed {
    /// Everything about one object.
    pub(super) fn card(&self, now: i64) -> Made {
        let mut made = Made::fine();
        made.told.sheets.push(self.sheet(now));
        self.mend(&mut made, now);
        self.files(&mut made);
        made
    }

    /// The verdict on one object.
    pub(super) fn sheet(&self, now: i64) -> Sheet {
        let mut card = Sheet::empty(words::VERDICT, self.name());
        let status = text::outcome(self.outcome).to_owned();
        card.status = Some(Status { tone: self.tone(), text: status, percent: None });
        card.remarks = findings(&self.review, |_| true);
        for fault in self.faults.iter().flatten() {
            card.remarks.push(remark(Tone::Bad, words::policy(&text::policy_fault(fault))));
        }
        if self.faults.as_ref().is_some_and(Vec::is_empty) {
            card.remarks.push(remark(Tone::Good, words::POLICY_FINE));
        }
        if !self.open {
            let decided = words::decided(&self.conditions.join(", "));
            card.remarks.push(remark(Tone::Note, decided));
        }
        self.sections(&mut card);
        let rows = BUILT_IN_SIGNERS.iter().map(|signer| self.elsewhere(signer, now)).collect();
        card.sections.push(Section { heading: words::BY_SIGNER.to_owned(), rows, open: true });
        rights(&mut card, &self.review.signer_name);
        card
    }

    fn sections(&self, card: &mut Sheet) {
        let review = &self.review;
        let reason = if review.is_created() { "Created" } else { "" };
        let code = format!("{} {}", review.code, review.reason.unwrap_or(reason));
        card.add(
            words::WAY,
            true,
            [
                rows(words::FILED_BY, [data(&self.requestor.username)]),
                rows(words::SIGNER, some(&review.signer_name).map(data)),
                rows(words::CREATE, [said(code)]),
                rows(
                    words::APPROVAL,
                    review.is_created().then(|| {
                        said(if review.auto_approved { words::AUTOMATIC } else { words::BY_HAND })
                    }),
                ),
            ],
        );
        if let Some(content) = review.content() {
            signed_content(card, content);
        }
        if let Some(request) = &review.request {
            card.add(
                words::ASKED,
                review.content().is_none(),
                [
                    rows(words::SUBJECT, [data(request.subject.to_rfc4514())]),
                    rows(words::NAMES, request.sans.to_texts().into_iter().map(data)),
                    rows(words::KEY, [said(request.key.name())]),
                ],
            );
        }
    }

    /// What another signer would say to the same request, with the usages that it wants.
    fn elsewhere(&self, signer: &str, now: i64) -> Row {
        let (review, outcome) = if self.review.signer_name == signer {
            (self.review.clone(), self.outcome)
        } else {
            let mut object = self.object.clone();
            let mut usages = review::usual_usages(signer);
            let rsa = |r: &UntrustedRequest| r.key.name().starts_with("RSA");
            if self.review.request.as_ref().is_some_and(rsa) {
                usages.push("key encipherment".to_owned());
            }
            if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
                spec.insert("signerName".to_owned(), json!(signer));
                spec.insert("usages".to_owned(), json!(usages));
            }
            let sent = review::from_stored(&object).map_or(object, |stored| stored.sent);
            let review = review::review(&sent, &self.cluster, &self.requestor, now);
            let outcome = review.when_approved(&self.cluster);
            (review, outcome)
        };
        let error = review.findings.iter().find(|f| f.rule.severity() == Severity::Error);
        let reason = error.map(text::sentence).unwrap_or_default();
        rows(signer, [said(format!("{} {reason}", text::outcome(outcome)))])
    }

    /// The object that was meant, if it is not this one.
    fn mend(&self, made: &mut Made, now: i64) {
        let sent = review::from_stored(&self.object);
        let sent = sent.map_or_else(|| self.object.clone(), |stored| stored.sent);
        let (object, repairs) = review::repair(&sent);
        if repairs.is_empty() {
            return;
        }
        let asked = object.pointer("/spec/signerName").and_then(Value::as_str);
        let mut cluster = self.cluster.clone();
        if let (Some(asked), Some(any)) = (asked, cluster.authorities.values().next().cloned())
            && BUILT_IN_SIGNERS.contains(&asked)
        {
            cluster.authorities.entry(asked.to_owned()).or_insert(any);
        }
        let review = review::review(&object, &cluster, &self.requestor, now);
        let outcome = review.when_approved(&cluster);
        let mut card = Sheet::empty(words::CORRECTED, self.name());
        let tone = if outcome == Outcome::Issued { Tone::Good } else { Tone::Warning };
        let status = text::outcome(outcome).to_owned();
        card.status = Some(Status { tone, text: status, percent: None });
        card.remarks = repairs.iter().map(|r| remark(Tone::Note, words::repair(*r))).collect();
        made.told.sheets.push(card);
        made.told.mended = Some(made.told.files.len());
        let name = format!("{}.yaml", self.name());
        made.file(&name, words::CORRECTED_FILE, &yaml::document_of(&object));
    }

    fn files(&self, made: &mut Made) {
        if made.told.mended.is_none() && self.open {
            let name = format!("{}.yaml", self.name());
            made.file(&name, words::OBJECT_FILE, &yaml::document_of(&self.object));
        }
        if self.review.is_created() {
            let commands = approver_commands(&self.name());
            made.file(
                "approver.sh",
                words::APPROVER_COMMANDS,
                &format!("{}{}", commands.describe, commands.inspect),
            );
            let decide = match self.decision() {
                Some(false) => (words::DENY_COMMANDS, "deny.sh", commands.deny),
                _ => (words::APPROVE_COMMANDS, "approve.sh", commands.approve),
            };
            // A decision cannot be taken back.
            if self.open {
                made.file(decide.1, decide.0, &decide.2);
            }
        }
        let signer = self.review.signer_name.as_str();
        if self.review.is_created() {
            made.file("rbac-approve.yaml", words::APPROVE_ROLE, &signer_role(signer, false));
            // kube-controller-manager may sign for its own.
            if !BUILT_IN_SIGNERS.contains(&signer) {
                made.file("rbac-sign.yaml", words::SIGN_ROLE, &signer_role(signer, true));
            }
        }
    }
}

fn some(text: &String) -> Option<&String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The findings as remarks; what is wrong comes first.
pub(super) fn findings(review: &Review, wanted: fn(Rule) -> bool) -> Vec<Remark> {
    let mut findings: Vec<_> = review.findings.iter().filter(|found| wanted(found.rule)).collect();
    order::sort_by_key(&mut findings, |finding| std::cmp::Reverse(finding.rule.severity()));
    let tone = |severity| match severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warning,
        Severity::Note => Tone::Note,
    };
    findings
        .into_iter()
        .map(|finding| Remark {
            tone: tone(finding.rule.severity()),
            text: text::sentence(finding),
            place: Some(format!("{} · {}", finding.rule.id(), finding.rule.citation())),
        })
        .collect()
}

/// What a certificate will hold.
pub(super) fn signed_content(card: &mut Sheet, content: &review::ReviewedContent) {
    let lifetime = content.not_after() - content.not_before();
    card.add(
        words::SIGNED,
        true,
        [
            rows(words::SUBJECT, [data(content.subject().to_rfc4514())]),
            rows(words::NAMES, content.sans().to_texts().into_iter().map(data)),
            rows(words::KEY_USAGE, content.key_usage().into_iter().map(data)),
            rows(words::EXT_KEY_USAGE, content.ext_key_usage().into_iter().map(data)),
            rows(words::VALID_FROM, [said(text::moment(content.not_before()))]),
            rows(
                words::VALID_UNTIL,
                [said(format!(
                    "{} ({})",
                    text::moment(content.not_after()),
                    sheet::span(lifetime)
                ))],
            ),
            rows(words::EXTENSIONS, content.extensions().into_iter().map(|e| said(e.name))),
        ],
    );
}

/// Who must be allowed what.
fn rights(card: &mut Sheet, signer: &str) {
    if signer.is_empty() {
        return;
    }
    let signers = |verb: &str| of_kind(verb, format!("signers/{signer}"));
    card.add(
        words::RIGHTS,
        false,
        [
            rows(words::TO_CREATE, [of_kind("create", "certificatesigningrequests")]),
            rows(
                words::TO_APPROVE,
                [of_kind("update", "certificatesigningrequests/approval"), signers("approve")],
            ),
            rows(
                words::TO_SIGN,
                [of_kind("update", "certificatesigningrequests/status"), signers("sign")],
            ),
        ],
    );
}
