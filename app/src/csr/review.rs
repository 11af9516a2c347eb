//! Judging what was pasted: one card for one request, a table for many.

use std::fmt::Write;

use pki_core::order;
use pki_core::request::{approver_commands, signer_role};
use pki_core::review::{
    self, Authority, BUILT_IN_SIGNERS, Cluster, DEFAULT_SIGNING_DURATION, Identity,
    KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, KnownNode, Outcome,
    PolicyFault, Review, ServingPolicy, Severity, Surroundings, UntrustedRequest,
};
use pki_core::yaml;
use pki_text::en::{csr as words, review as text, sheet};
use serde_json::{Value, json};

use super::message::{Line, Made, ReviewAsk, remark};
use crate::sheet::rows::{of_kind, rows, said, text as data};
use crate::sheet::{Remark, Row, Section, Sheet, Status, Tone};

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
    cluster: Cluster,
    requestor: Identity,
    /// What speaks against it, where there is a policy.
    faults: Option<Vec<PolicyFault>>,
    /// Whether nobody has decided on it yet.
    open: bool,
    /// The conditions that it has.
    conditions: Vec<String>,
}

/// Everything around the objects.
pub(super) struct Circumstances {
    around: Surroundings,
    authority: Option<Authority>,
    duration: i64,
    requestor: Option<Identity>,
    policy: Option<ServingPolicy>,
    now: i64,
}

impl Circumstances {
    pub(super) fn read(ask: &ReviewAsk, now: i64) -> Result<Self, String> {
        let nodes = ask.nodes.lines().filter(|line| !line.trim().is_empty());
        let nodes = nodes.map(KnownNode::parse).collect::<Result<Vec<_>, _>>();
        let nodes = nodes.map_err(|error| text::known_node_error(&error))?;
        let max_lifetime = seconds(&ask.max_lifetime, words::MAX_LIFETIME)?;
        let authority = match ask.ca.trim() {
            "" => None,
            pem => Some(Authority::from_pem(pem).map_err(|_| words::CA_UNREADABLE.to_owned())?),
        };
        let expiration = seconds(&ask.expiration, words::EXPIRATION)?;
        Ok(Self {
            around: Surroundings {
                name: "request".to_owned(),
                signer_name: ask.signer.trim().to_owned(),
                usages: list(&ask.usages),
                expiration_seconds: expiration.map(|s| s.try_into().unwrap_or(i32::MAX)),
            },
            authority,
            duration: seconds(&ask.duration, words::DURATION)?.unwrap_or(DEFAULT_SIGNING_DURATION),
            requestor: match ask.user.trim() {
                "" => None,
                user => Some(Identity::authenticated(user, list(&ask.groups))),
            },
            policy: (!nodes.is_empty()).then_some(ServingPolicy { nodes, max_lifetime }),
            now,
        })
    }

    pub(super) fn judge(&self, object: Value) -> Reviewed {
        let stored = review::from_stored(&object);
        let recorded = stored.as_ref().map(|stored| stored.requestor.clone());
        let requestor = self.requestor.clone().or(recorded);
        let requestor = requestor.unwrap_or_else(Identity::administrator);
        let sent = stored.as_ref().map_or(&object, |stored| &stored.sent);
        let asked = sent.pointer("/spec/signerName").and_then(Value::as_str);
        let cluster = Cluster::assumed(self.authority.clone(), asked, self.duration);
        let review = review::review(sent, &cluster, &requestor, self.now);
        let faults = self.policy.as_ref().map(|policy| policy.check(&review, &requestor));
        Reviewed {
            outcome: review.when_approved(&cluster),
            open: stored.as_ref().is_none_or(|stored| stored.conditions.is_empty()),
            conditions: stored.map(|stored| stored.conditions).unwrap_or_default(),
            object,
            review,
            cluster,
            requestor,
            faults,
        }
    }

    /// The objects in an input. A bare request without a signer is given to the one that its
    /// subject is for.
    pub(super) fn objects(&self, input: &[u8]) -> Result<Vec<Value>, String> {
        let found = review::find_objects(input, &self.around);
        let mut objects = found.map_err(|error| text::input_error(&error))?;
        if self.around.signer_name.is_empty() || self.around.usages.is_empty() {
            for object in &mut objects {
                self.complete(object);
            }
        }
        Ok(objects)
    }

    /// Fills in what a bare request lacks; objects of people have kind and name of their own.
    fn complete(&self, object: &mut Value) {
        let is_bare = object.pointer("/spec/signerName").and_then(Value::as_str)
            == Some(self.around.signer_name.as_str())
            && object.pointer("/spec/usages") == Some(&json!(self.around.usages));
        if !is_bare {
            return;
        }
        let request = request_of(object);
        let signer = match self.around.signer_name.as_str() {
            "" => request.as_ref().map_or(KUBE_APISERVER_CLIENT, signer_for),
            signer => signer,
        };
        let usages = match self.around.usages.as_slice() {
            [] => review::usual_usages(signer),
            usages => usages.to_vec(),
        };
        if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
            spec.insert("signerName".to_owned(), json!(signer));
            spec.insert("usages".to_owned(), json!(usages));
        }
    }
}

fn request_of(object: &Value) -> Option<UntrustedRequest> {
    let text = object.pointer("/spec/request")?.as_str()?;
    let decoded = pki_core::detect::decode_base64(text)?;
    UntrustedRequest::from_pem(&decoded.bytes).ok()
}

/// The built-in signer that a subject is meant for.
pub(super) fn signer_for(request: &UntrustedRequest) -> &'static str {
    if !request.subject.common_name.starts_with(review::NODE_PREFIX.as_bytes()) {
        KUBE_APISERVER_CLIENT
    } else if request.sans.is_empty() {
        KUBE_APISERVER_CLIENT_KUBELET
    } else {
        KUBELET_SERVING
    }
}

/// A number of seconds, or a duration such as `24h`; `None` for nothing.
pub(super) fn seconds(typed: &str, what: &str) -> Result<Option<i64>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = typed.parse().or_else(|_| pki_core::design::parse_duration(typed));
    number.map(Some).map_err(|_| words::not_a_duration(what, typed))
}

/// Takes a list apart at commas and line ends; usages have blanks in them.
pub(super) fn list(typed: &str) -> Vec<String> {
    let parts = typed.split([',', ';', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
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
    fn decision(&self) -> Option<bool> {
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
        let mut out = format!("# {}", self.subject().escape_debug());
        if !approve {
            // Writing to a String does not fail.
            let _ = write!(out, ": {}", self.reasons().join(" ").escape_debug());
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

    /// Everything about one object.
    fn card(&self, now: i64) -> Made {
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
        card.remarks = findings(&self.review);
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
        let code = format!("{} {}", review.code, review.reason.unwrap_or("Created"));
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
        if !self.review.signer_name.is_empty() {
            let role = |signs| signer_role(&self.review.signer_name, signs);
            made.file("rbac-approve.yaml", words::APPROVE_ROLE, &role(false));
            made.file("rbac-sign.yaml", words::SIGN_ROLE, &role(true));
        }
    }
}

fn some(text: &String) -> Option<&String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The findings as remarks; what is wrong comes first.
pub(super) fn findings(review: &Review) -> Vec<Remark> {
    let mut findings: Vec<_> = review.findings.iter().collect();
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
