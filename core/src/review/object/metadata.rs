//! `metadata`, by the rules of every object (apimachinery `ValidateObjectMeta`).

use serde_json::Value;

use super::Submission;
use super::names::{is_label_value, is_path_segment, is_path_segment_prefix, is_qualified_name};
use crate::review::rule::{Finding, Rule};

/// All annotations together, names and values, in octets.
const MAX_ANNOTATIONS: usize = 256 * 1024;

/// Finalizers that need no domain.
const STANDARD_FINALIZERS: [&str; 3] = ["kubernetes", "orphan", "foregroundDeletion"];

/// The findings that make the server answer 422.
pub(in crate::review) fn check(submission: &Submission) -> Vec<Finding> {
    let metadata = &submission.metadata;
    let text = |name: &str| metadata.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut findings = Vec::new();
    let mut wrong = |rule, field: String, value: &str| {
        findings.push(Finding::new(rule).field(field).value(value));
    };
    let (name, prefix) = (text("name"), text("generateName"));
    if !prefix.is_empty() && !is_path_segment_prefix(prefix) {
        wrong(Rule::Name, "metadata.generateName".to_owned(), prefix);
    }
    match (name, prefix) {
        ("", "") => wrong(Rule::NameRequired, "metadata.name".to_owned(), ""),
        // The name is made from the prefix before it is checked.
        ("", prefix) if !is_path_segment_prefix(prefix) => {
            wrong(Rule::Name, "metadata.name".to_owned(), prefix);
        }
        ("", _) => {}
        (name, _) if !is_path_segment(name) => {
            wrong(Rule::Name, "metadata.name".to_owned(), name);
        }
        _ => {}
    }
    if metadata.get("generation").and_then(Value::as_i64).is_some_and(|number| number < 0) {
        wrong(Rule::Metadata, "metadata.generation".to_owned(), "");
    }
    for (key, value) in entries(metadata, "labels") {
        if !is_qualified_name(key) {
            wrong(Rule::Label, "metadata.labels".to_owned(), key);
        }
        if !is_label_value(value) {
            wrong(Rule::Label, "metadata.labels".to_owned(), value);
        }
    }
    let mut size = 0;
    for (key, value) in entries(metadata, "annotations") {
        size += key.len() + value.len();
        if !is_qualified_name(&key.to_lowercase()) {
            wrong(Rule::Annotation, "metadata.annotations".to_owned(), key);
        }
    }
    if size > MAX_ANNOTATIONS {
        wrong(Rule::Annotation, "metadata.annotations".to_owned(), "");
    }
    owners(metadata, &mut wrong);
    finalizers(metadata, &mut wrong);
    findings
}

type Wrong<'a> = dyn FnMut(Rule, String, &str) + 'a;

fn entries<'a>(metadata: &'a Value, field: &str) -> Vec<(&'a str, &'a str)> {
    let map = metadata.get(field).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
        .collect()
}

fn items<'a>(metadata: &'a Value, field: &str) -> &'a [Value] {
    metadata.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn owners(metadata: &Value, wrong: &mut Wrong<'_>) {
    let mut controllers = 0;
    for (index, owner) in items(metadata, "ownerReferences").iter().enumerate() {
        let text = |name: &str| owner.get(name).and_then(Value::as_str).unwrap_or_default();
        for field in ["apiVersion", "kind", "name", "uid"] {
            let version = field == "apiVersion" && text(field).matches('/').count() > 1;
            if text(field).is_empty() || version || text(field).ends_with('/') {
                let path = format!("metadata.ownerReferences[{index}].{field}");
                wrong(Rule::Metadata, path, text(field));
            }
        }
        // Nothing may belong to an Event, which is gone in an hour.
        if matches!(text("apiVersion"), "v1" | "/v1") && text("kind") == "Event" {
            wrong(Rule::Metadata, format!("metadata.ownerReferences[{index}]"), "Event");
        }
        controllers += usize::from(owner.get("controller") == Some(&Value::Bool(true)));
    }
    if controllers > 1 {
        wrong(Rule::Metadata, "metadata.ownerReferences".to_owned(), "");
    }
}

fn finalizers(metadata: &Value, wrong: &mut Wrong<'_>) {
    let finalizers = items(metadata, "finalizers");
    for (index, finalizer) in finalizers.iter().enumerate() {
        let name = finalizer.as_str().unwrap_or_default();
        let standard = STANDARD_FINALIZERS.contains(&name) || name.contains('/');
        if !is_qualified_name(name) || !standard {
            wrong(Rule::Metadata, format!("metadata.finalizers[{index}]"), name);
        }
    }
    let has = |name: &str| finalizers.iter().any(|finalizer| finalizer.as_str() == Some(name));
    if has("orphan") && has("foregroundDeletion") {
        wrong(Rule::Metadata, "metadata.finalizers".to_owned(), "");
    }
}
