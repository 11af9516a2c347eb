//! The CertificateSigningRequest object (certificates.k8s.io/v1), decoded as the API server does.

mod metadata;
mod moment;
mod names;
mod schema;

use serde_json::Value;

use super::base64;
use super::rule::{Finding, Rule};

pub(super) use metadata::check as check_metadata;
pub(super) use names::{is_label, is_subdomain};

/// The group and version of the endpoint.
pub const API_GROUP: &str = "certificates.k8s.io";
/// The kind.
pub const KIND: &str = "CertificateSigningRequest";

/// What a user sends, as far as the API server keeps it.
///
/// `spec.username`, `uid`, `groups`, `extra` and the whole status are filled in by the server,
/// whatever was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// `metadata`, as sent.
    pub metadata: Value,
    /// `spec.request`, decoded from base64: the text of a PEM block if all is well.
    pub request: Vec<u8>,
    /// `spec.signerName`.
    pub signer_name: String,
    /// `spec.usages`, in order.
    pub usages: Vec<String>,
    /// `spec.expirationSeconds`.
    pub expiration_seconds: Option<i32>,
}

impl Submission {
    /// `metadata.name`, or what it is made from; empty when there is neither.
    pub fn name(&self) -> &str {
        let field = |name| self.metadata.get(name).and_then(Value::as_str).unwrap_or_default();
        match field("name") {
            "" => field("generateName"),
            name => name,
        }
    }

    /// Whether the server makes up the name.
    pub fn name_is_generated(&self) -> bool {
        self.metadata.get("name").and_then(Value::as_str).unwrap_or_default().is_empty()
    }
}

/// The endpoint that a client derives from `apiVersion`, and whether it exists.
///
/// Clients post to the version that the object names; only `v1` is served since Kubernetes 1.22.
pub(super) fn endpoint_exists(object: &Value) -> bool {
    let version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    match version.split_once('/') {
        Some((API_GROUP, version)) => matches!(version, "v1" | ""),
        _ => true,
    }
}

/// Decodes an object; the findings are what makes the server answer 400, or warnings.
pub(super) fn decode(object: &Value) -> (Option<Submission>, Vec<Finding>) {
    let mut findings = Vec::new();
    if !object.is_object() && !object.is_null() {
        return (None, vec![Finding::new(Rule::ObjectType)]);
    }
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    // Absent means that of the endpoint.
    let version_fits = matches!(version, "" | "/")
        || version.strip_prefix(API_GROUP).is_some_and(|rest| matches!(rest, "/v1" | "/"));
    if !version_fits {
        findings.push(Finding::new(Rule::ApiVersion).field("apiVersion").value(version));
    }
    if !matches!(kind, "" | KIND) {
        findings.push(Finding::new(Rule::Kind).field("kind").value(kind));
    }
    let mut found = schema::Mismatches::default();
    schema::OBJECT.check(object, "", &mut found);
    for path in found.types {
        findings.push(Finding::new(Rule::FieldType).field(path));
    }
    for (path, position) in found.base64 {
        findings.push(Finding::new(Rule::Base64).field(path).value(position.to_string()));
    }
    let decodes = findings.is_empty();
    for path in found.unknown {
        findings.push(Finding::new(Rule::UnknownField).field(path));
    }
    if !decodes {
        return (None, findings);
    }
    let null = Value::Null;
    let spec = object.get("spec").unwrap_or(&null);
    let usages = spec.get("usages").and_then(Value::as_array).map(Vec::as_slice);
    let submission = Submission {
        metadata: object.get("metadata").cloned().unwrap_or_default(),
        request: octets(spec.get("request").unwrap_or(&null)),
        signer_name: spec.get("signerName").and_then(Value::as_str).unwrap_or_default().to_owned(),
        usages: usages
            .unwrap_or_default()
            .iter()
            .map(|usage| usage.as_str().unwrap_or_default().to_owned())
            .collect(),
        expiration_seconds: spec
            .get("expirationSeconds")
            .and_then(Value::as_i64)
            .and_then(|seconds| i32::try_from(seconds).ok()),
    };
    (Some(submission), findings)
}

fn octets(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => base64::decode(text.as_bytes()).unwrap_or_default(),
        Value::Array(items) => items.iter().filter_map(schema::octet).collect(),
        _ => Vec::new(),
    }
}
