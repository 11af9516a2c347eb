//! The sheets of Kubernetes objects; what they hold follows as sheets of their own.

use pki_core::detect::{Condition, Kubeconfig, KubeconfigUser, SigningRequest};
use pki_text::en::sheet as words;

use super::rows::{of_kind, rows, said, text};
use super::{Remark, Sheet, Status, Tone};

pub(super) fn signing_request(request: &SigningRequest) -> Sheet {
    let name = request.name.clone().unwrap_or_else(|| words::NO_NAME.to_owned());
    let mut sheet = Sheet::empty(&request.object_kind, name);
    let last = request.conditions.last();
    let tone = match last.map(|condition| condition.r#type.as_str()) {
        Some("Approved" | "Issued") => Tone::Good,
        Some("Ready") if last.is_some_and(|ready| ready.status.as_deref() == Some("True")) => {
            Tone::Good
        }
        Some("Denied" | "Failed" | "InvalidRequest") => Tone::Bad,
        _ => Tone::Note,
    };
    let none = || words::without_conditions(request).to_owned();
    let state = last.map_or_else(none, words::condition_state);
    sheet.status =
        Some(Status { tone, text: words::signing_state(&state, request.issued), percent: None });
    let lifetime = request.expiration_seconds.and_then(|seconds| i64::try_from(seconds).ok());
    sheet.add(
        words::REQUEST_OBJECT,
        true,
        [
            rows(words::SIGNER, request.signer_name.as_ref().map(text)),
            rows(words::ASKED_USAGES, request.usages.iter().map(text)),
            rows(words::ASKED_LIFETIME, lifetime.map(|seconds| said(words::span(seconds)))),
            rows(words::ASKED_BY, request.username.as_ref().map(text)),
            rows(words::ASKED_BY_GROUPS, request.groups.iter().map(text)),
            rows(words::CREATED, request.created.as_ref().map(text)),
            rows(words::API_VERSION, [text(&request.api_version)]),
        ],
    );
    if let Some(section) = sheet.sections.last_mut() {
        section.rows.extend(request.more.iter().map(|(field, value)| rows(field, [text(value)])));
    }
    let conditions = request.conditions.iter().map(|condition| said(sentence(condition)));
    sheet.add(words::CONDITIONS, true, [rows(words::CONDITIONS, conditions)]);
    sheet
}

/// Type, reason and message, as far as they are there.
fn sentence(condition: &Condition) -> String {
    let state = words::condition_state(condition);
    let parts = [
        Some(state.as_str()),
        condition.reason.as_deref(),
        condition.message.as_deref(),
        condition.last_update_time.as_deref(),
    ];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

pub(super) fn kubeconfig(kubeconfig: &Kubeconfig) -> Sheet {
    let title = kubeconfig.current_context.clone().filter(|name| !name.is_empty());
    let mut sheet =
        Sheet::empty(words::KUBECONFIG, title.unwrap_or_else(|| words::NO_CONTEXT.to_owned()));
    let clusters = kubeconfig.clusters.iter();
    let servers = clusters
        .clone()
        .map(|cluster| of_kind(&cluster.name, cluster.server.as_deref().unwrap_or(words::NONE)));
    let authorities = clusters.clone().map(|cluster| match (&cluster.ca_file, cluster.ca_data) {
        (Some(path), _) => of_kind(words::PATH_ONLY, path),
        (None, true) => said(words::EMBEDDED),
        (None, false) => said(words::SYSTEM_ROOTS),
    });
    let contexts = kubeconfig.contexts.iter().map(|context| {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        of_kind(&context.name, format!("{} @ {}", part(&context.user), part(&context.cluster)))
    });
    sheet.add(
        words::KUBECONFIG,
        true,
        [
            rows(words::CONTEXTS, contexts),
            rows(words::SERVERS, servers),
            rows(words::TRUSTS, authorities),
            rows(words::USERS, kubeconfig.users.iter().flat_map(user)),
        ],
    );
    if kubeconfig.clusters.iter().any(|cluster| cluster.insecure) {
        let text = words::INSECURE.to_owned();
        sheet.remarks.push(Remark { tone: Tone::Warning, text, place: None });
    }
    sheet
}

/// How a user authenticates. Tokens are said to be there, and not shown.
fn user(user: &KubeconfigUser) -> Vec<super::Value> {
    let named = |value: super::Value| super::Value { kind: Some(user.name.clone()), ..value };
    let mut values = Vec::new();
    if user.certificate_data {
        values.push(named(said(words::BY_CERTIFICATE)));
    }
    values.extend([&user.certificate_file, &user.key_file].into_iter().flatten().map(text));
    if user.token {
        values.push(named(said(words::BY_TOKEN)));
    }
    if let Some(command) = &user.exec {
        values.push(named(text(command)));
    }
    if values.is_empty() {
        values.push(named(said(words::BY_NOTHING)));
    }
    values
}
