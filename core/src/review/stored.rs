//! Objects that come out of a cluster: what the server added, and the state they are in.

use serde_json::Value;

use super::cluster::Identity;

/// An object of `kubectl get csr -o yaml`, taken apart.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The object as it was sent, as far as that can be told.
    pub sent: Value,
    /// Who sent it, as the server recorded.
    pub requestor: Identity,
    /// Types of the conditions that are there: `Approved`, `Denied`, `Failed`.
    pub conditions: Vec<String>,
    /// Whether it holds a certificate.
    pub is_signed: bool,
}

/// What the server fills in, which a new object must not or need not have.
const SERVER_METADATA: [&str; 6] =
    ["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation", "selfLink"];
const SERVER_SPEC: [&str; 4] = ["username", "uid", "groups", "extra"];

/// Takes a stored object apart; `None` for one that no server has seen.
pub fn from_stored(object: &Value) -> Option<Stored> {
    let username = object.pointer("/spec/username")?.as_str()?;
    object.pointer("/metadata/uid")?.as_str()?;
    let texts = |value: Option<&Value>, field: Option<&str>| -> Vec<String> {
        let items = value.and_then(Value::as_array).into_iter().flatten();
        let text = |item: &Value| match field {
            Some(field) => item.get(field).and_then(Value::as_str).map(str::to_owned),
            None => item.as_str().map(str::to_owned),
        };
        items.filter_map(text).collect()
    };
    let requestor = Identity {
        username: username.to_owned(),
        groups: texts(object.pointer("/spec/groups"), None),
    };
    let conditions = texts(object.pointer("/status/conditions"), Some("type"));
    let certificate = object.pointer("/status/certificate").and_then(Value::as_str);
    let is_signed = certificate.is_some_and(|text| !text.is_empty());
    let mut sent = object.clone();
    if let Some(fields) = sent.as_object_mut() {
        fields.remove("status");
        for (part, names) in [("metadata", &SERVER_METADATA[..]), ("spec", &SERVER_SPEC[..])] {
            if let Some(part) = fields.get_mut(part).and_then(Value::as_object_mut) {
                part.retain(|name, _| !names.contains(&name.as_str()));
            }
        }
    }
    Some(Stored { sent, requestor, conditions, is_signed })
}
