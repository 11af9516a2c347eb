//! `csr verdicts`: predictions for recorded cases, without a look at what was recorded of them.

use std::collections::BTreeMap;
use std::io::Write;

use pki_core::review::{
    self, Access, Authority, Cluster, DEFAULT_SIGNING_DURATION, Decision, Identity,
    KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, Outcome, Review, Right,
    Severity, Signing, SigningAuthority,
};
use serde_json::{Value, json};
use time::macros::format_description;

use crate::failure::Failure;

/// The reason of the Failed condition.
const FAILED_REASON: &str = "SignerValidationFailure";

/// Reads cases and runs, and writes one line of JSON a case.
pub(crate) fn predict(
    cases: &str,
    runs: &str,
    now: Option<i64>,
    existing: &[String],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let cases: Vec<Value> =
        serde_json::from_str(cases).map_err(|error| Failure::input("cases", &error))?;
    let runs: Value = serde_json::from_str(runs).map_err(|error| Failure::input("runs", &error))?;
    let now = now.unwrap_or_else(|| moment(&runs));
    let mut clusters: BTreeMap<String, Cluster> = BTreeMap::new();
    for case in &cases {
        let run = text(case, "run");
        let cluster = clusters.entry(run.to_owned()).or_insert_with(|| {
            let description = runs.get("runs").and_then(|runs| runs.get(run));
            let mut cluster = cluster(description.unwrap_or(&Value::Null));
            cluster.existing.extend(existing.iter().cloned());
            cluster
        });
        let line = predict_case(case, cluster, now);
        writeln!(out, "{line}").map_err(|error| Failure::Output(error.to_string()))?;
    }
    Ok(())
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The moment of the recording: the last start of validity among the signing CAs that lies on the
/// day of the recording, because they were made right before they were used.
///
/// Without one, the clock.
fn moment(runs: &Value) -> i64 {
    let day = time::Date::parse(text(runs, "date"), format_description!("[year]-[month]-[day]"));
    let clock = || time::OffsetDateTime::from(std::time::SystemTime::now()).unix_timestamp();
    let Ok(day) = day else { return clock() };
    let start = day.midnight().assume_utc().unix_timestamp();
    let authorities = runs.get("runs").and_then(Value::as_object).into_iter().flatten();
    authorities
        .filter_map(|(_, run)| Authority::from_pem(text(run, "caPem")).ok())
        .map(|authority| authority.not_before)
        .filter(|moment| (start..start + 86_400).contains(moment))
        .max()
        .unwrap_or_else(clock)
}

/// The cluster of a run, as the README beside the recording describes it.
pub(crate) fn cluster(run: &Value) -> Cluster {
    let mut access = match text(run, "description").starts_with("no kubeadm ClusterRoleBindings") {
        true => Access::kubeadm_administrators(),
        false => Access::kubeadm(),
    };
    access.grant_group("developers", Right::Create);
    access.grant_group("system:bootstrappers:other", Right::Create);
    access.grant_group("node-provisioners", Right::Create);
    access.grant_group("node-provisioners", Right::NodeClient);
    access.grant_group("half-approvers", Right::UpdateApproval);
    access.grant_group("serving-approvers", Right::UpdateApproval);
    access.grant_group("serving-approvers", Right::Approve(KUBELET_SERVING.to_owned()));
    Cluster { access, authorities: authorities(run), ..Cluster::default() }
}

/// kube-controller-manager's flags: one CA for all signers, or one for each.
fn authorities(run: &Value) -> BTreeMap<String, SigningAuthority> {
    let flags: BTreeMap<&str, &str> = run
        .get("controllerManagerSigningFlags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|flag| flag.as_str()?.split_once('='))
        .collect();
    let duration = flags
        .get("--cluster-signing-duration")
        .and_then(|text| pki_core::design::parse_duration(text).ok())
        .unwrap_or(DEFAULT_SIGNING_DURATION);
    let authority = Authority::from_pem(text(run, "caPem")).ok();
    [
        (KUBE_APISERVER_CLIENT, "--cluster-signing-kube-apiserver-client-cert-file"),
        (KUBE_APISERVER_CLIENT_KUBELET, "--cluster-signing-kubelet-client-cert-file"),
        (KUBELET_SERVING, "--cluster-signing-kubelet-serving-cert-file"),
    ]
    .into_iter()
    .filter(|(_, flag)| {
        flags.contains_key("--cluster-signing-cert-file") || flags.contains_key(flag)
    })
    .map(|(signer, _)| {
        (signer.to_owned(), SigningAuthority { authority: authority.clone(), duration })
    })
    .collect()
}

pub(crate) fn identity(value: Option<&Value>) -> Identity {
    let value = value.unwrap_or(&Value::Null);
    let groups = value.get("groups").and_then(Value::as_array).into_iter().flatten();
    Identity {
        username: text(value, "username").to_owned(),
        groups: groups.filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

fn predict_case(case: &Value, cluster: &mut Cluster, now: i64) -> Value {
    let manifest = case.get("manifest").unwrap_or(&Value::Null);
    let review = review::review(manifest, cluster, &identity(case.get("requestor")), now);
    let approver = identity(case.get("approver"));
    let steps: &[Decision] = match text(case, "action") {
        "approve" => &[Decision::Approve],
        "deny" => &[Decision::Deny],
        "deny-then-approve" => &[Decision::Deny, Decision::Approve],
        "approve-then-deny" => &[Decision::Approve, Decision::Deny],
        "approve-false" | "approve-nostatus" => &[Decision::WithoutTrue],
        _ => &[],
    };
    let steps: Vec<_> = steps.iter().map(|step| (*step, approver.clone())).collect();
    let outcome = review.settle(cluster, &steps);
    if review.is_created()
        && let Some(name) = manifest.pointer("/metadata/name").and_then(Value::as_str)
    {
        cluster.existing.insert(name.to_owned());
    }
    line(text(case, "id"), &review, outcome)
}

fn line(id: &str, review: &Review, outcome: Outcome) -> Value {
    let rules: Vec<_> = review.findings.iter().map(|finding| finding.rule.id()).collect();
    let errors = review.findings.iter().filter(|found| found.rule.severity() == Severity::Error);
    let errors: Vec<_> = errors
        .map(|found| json!({ "rule": found.rule.id(), "field": found.field, "value": found.value }))
        .collect();
    // As in the recording: the condition that the signer sets.
    let conditions = match (outcome, &review.signing) {
        (Outcome::Failed, Some(Signing::Failed(_))) => json!([
            { "type": "Failed", "status": "True", "reason": FAILED_REASON },
        ]),
        _ => json!([]),
    };
    let mut line = json!({
        "id": id,
        "outcome": outcome.name(),
        "create": { "code": review.code, "reason": review.reason },
        "autoApproved": review.is_created().then_some(review.auto_approved),
        "failedReason": (outcome == Outcome::Failed).then_some(FAILED_REASON),
        "conditions": conditions,
        "certificate": Value::Null,
        "rules": rules,
        "errors": errors,
    });
    if outcome == Outcome::Issued
        && let (Some(content), Some(object)) = (review.content(), line.as_object_mut())
    {
        let extensions: Vec<_> = content
            .extensions()
            .iter()
            .map(|extension| {
                json!({
                    "oid": extension.oid,
                    "name": extension.name,
                    "critical": extension.critical,
                })
            })
            .collect();
        let certificate = json!({
            "subjectString": content.subject().to_rfc4514(),
            "sans": content.sans().to_texts(),
            "keyUsage": content.key_usage(),
            "extKeyUsage": content.ext_key_usage(),
            "basicConstraints": { "ca": false, "pathLen": Value::Null },
            "extensions": extensions,
            "validity": { "lifetimeSeconds": content.not_after() - content.not_before() },
        });
        object.insert("certificate".to_owned(), certificate);
    }
    line
}
