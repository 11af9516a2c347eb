//! The shape of a CertificateSigningRequest v1, as the API server's JSON decoder checks it.

use super::moment::is_moment;
use crate::review::base64;
use serde_json::Value;

/// What a field must be. `null` is fine everywhere and means absent.
pub(super) enum Kind {
    Text,
    Int32,
    Int64,
    Bool,
    /// Base64 text, or a list of numbers from 0 to 255.
    Bytes,
    /// RFC 3339, as Go reads it.
    Time,
    /// Not looked into.
    Anything,
    List(&'static Kind),
    /// Names of any kind to values of one kind.
    Map(&'static Kind),
    Struct(&'static [(&'static str, Kind)]),
}

/// The names are those of `k8s.io/api/certificates/v1`.
pub(super) const OBJECT: Kind = Kind::Struct(&[
    ("apiVersion", Kind::Text),
    ("kind", Kind::Text),
    ("metadata", METADATA),
    ("spec", SPEC),
    ("status", STATUS),
]);

const SPEC: Kind = Kind::Struct(&[
    ("request", Kind::Bytes),
    ("signerName", Kind::Text),
    ("expirationSeconds", Kind::Int32),
    ("usages", Kind::List(&Kind::Text)),
    ("username", Kind::Text),
    ("uid", Kind::Text),
    ("groups", Kind::List(&Kind::Text)),
    ("extra", Kind::Map(&Kind::List(&Kind::Text))),
]);

const STATUS: Kind = Kind::Struct(&[
    (
        "conditions",
        Kind::List(&Kind::Struct(&[
            ("type", Kind::Text),
            ("status", Kind::Text),
            ("reason", Kind::Text),
            ("message", Kind::Text),
            ("lastUpdateTime", Kind::Time),
            ("lastTransitionTime", Kind::Time),
        ])),
    ),
    ("certificate", Kind::Bytes),
]);

const METADATA: Kind = Kind::Struct(&[
    ("name", Kind::Text),
    ("generateName", Kind::Text),
    ("namespace", Kind::Text),
    ("selfLink", Kind::Text),
    ("uid", Kind::Text),
    ("resourceVersion", Kind::Text),
    ("generation", Kind::Int64),
    ("creationTimestamp", Kind::Time),
    ("deletionTimestamp", Kind::Time),
    ("deletionGracePeriodSeconds", Kind::Int64),
    ("labels", Kind::Map(&Kind::Text)),
    ("annotations", Kind::Map(&Kind::Text)),
    (
        "ownerReferences",
        Kind::List(&Kind::Struct(&[
            ("apiVersion", Kind::Text),
            ("kind", Kind::Text),
            ("name", Kind::Text),
            ("uid", Kind::Text),
            ("controller", Kind::Bool),
            ("blockOwnerDeletion", Kind::Bool),
        ])),
    ),
    ("finalizers", Kind::List(&Kind::Text)),
    (
        "managedFields",
        Kind::List(&Kind::Struct(&[
            ("manager", Kind::Text),
            ("operation", Kind::Text),
            ("apiVersion", Kind::Text),
            ("time", Kind::Time),
            ("fieldsType", Kind::Text),
            ("fieldsV1", Kind::Anything),
            ("subresource", Kind::Text),
        ])),
    ),
]);

/// What does not fit.
#[derive(Debug, Default)]
pub(super) struct Mismatches {
    /// Fields of the wrong type: the API server cannot decode the object.
    pub(super) types: Vec<String>,
    /// Text in a field of octets that is no base64, and the position of the first wrong octet.
    pub(super) base64: Vec<(String, usize)>,
    /// Fields that do not exist: dropped with a warning, refused by kubectl.
    pub(super) unknown: Vec<String>,
}

impl Kind {
    /// Holds a value against the shape. Recursion ends with the shape, which is four levels deep.
    pub(super) fn check(&self, value: &Value, path: &str, found: &mut Mismatches) {
        let fits = match (self, value) {
            (_, Value::Null) | (Self::Anything, _) => true,
            (Self::Text, value) => value.is_string(),
            (Self::Bool, value) => value.is_boolean(),
            (Self::Int64, value) => value.as_i64().is_some(),
            (Self::Int32, value) => value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
            (Self::Time, Value::String(text)) => is_moment(text),
            (Self::Bytes, Value::String(text)) => {
                if let Err(illegal) = base64::decode(text.as_bytes()) {
                    found.base64.push((path.to_owned(), illegal.position));
                }
                true
            }
            (Self::Bytes, Value::Array(items)) => items.iter().all(|item| octet(item).is_some()),
            (Self::List(kind), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    kind.check(item, &format!("{path}[{index}]"), found);
                }
                true
            }
            (Self::Map(kind), Value::Object(entries)) => {
                for (name, item) in entries {
                    kind.check(item, &join(path, name), found);
                }
                true
            }
            (Self::Struct(fields), Value::Object(entries)) => {
                for (name, item) in entries {
                    let path = join(path, name);
                    match fields.iter().find(|(field, _)| field == name) {
                        Some((_, kind)) => kind.check(item, &path, found),
                        None => found.unknown.push(path),
                    }
                }
                true
            }
            _ => false,
        };
        if !fits {
            found.types.push(path.to_owned());
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// An element of a list of octets.
pub(super) fn octet(value: &Value) -> Option<u8> {
    match value {
        Value::Null => Some(0),
        value => value.as_u64().and_then(|number| u8::try_from(number).ok()),
    }
}
