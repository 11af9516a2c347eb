//! From a certificate to the object in the cluster: `status.certificate` and the command for it.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::review::API_GROUP;

/// The object with `status.certificate` filled in, and Approved if it has no such condition.
///
/// `moment` is RFC 3339. Only `/status` takes the certificate, so the object goes there, by
/// somebody with `update` on `certificatesigningrequests/status` and `sign` on the signer; the
/// condition is taken by `/approval` only and stands there for reading.
pub fn with_status(object: &Value, pem: &str, moment: &str) -> Value {
    let mut object = object.clone();
    if !object.is_object() {
        object = json!({});
    }
    let mut conditions =
        object.pointer("/status/conditions").and_then(Value::as_array).cloned().unwrap_or_default();
    if !conditions.iter().any(|condition| condition["type"] == "Approved") {
        conditions.push(json!({
            "type": "Approved",
            "status": "True",
            "reason": "ReviewedOffline",
            "lastUpdateTime": moment,
            "lastTransitionTime": moment,
        }));
    }
    let status = json!({
        "certificate": Base64::encode_string(pem.as_bytes()),
        "conditions": conditions,
    });
    if let Some(fields) = object.as_object_mut() {
        fields.insert("status".to_owned(), status);
    }
    object
}

/// `status.certificate` of an object, decoded from base64.
pub fn certificate_from_object(object: &Value) -> Option<Vec<u8>> {
    let text = object.pointer("/status/certificate")?.as_str()?;
    let text: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    Base64::decode_vec(&text).ok().filter(|bytes| !bytes.is_empty())
}

/// The certificates in an input, as PEM: a `status.certificate` alone, the object around it, PEM,
/// or DER; `None` without any.
pub fn find_certificates(input: &[u8]) -> Option<String> {
    let found = crate::detect::detect(input).candidates.into_iter();
    let certificates =
        found.filter(|candidate| crate::review::Authority::from_der(&candidate.bytes).is_ok());
    let pem: String = certificates.map(|candidate| super::pem(&candidate.bytes)).collect();
    Some(pem).filter(|pem| !pem.is_empty())
}

/// The path of a request in the API.
pub fn request_path(name: &str) -> String {
    let mut path = format!("/apis/{API_GROUP}/v1/certificatesigningrequests/");
    for octet in name.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&octet) {
            path.push(char::from(octet));
        } else {
            path.push_str(&format!("%{octet:02X}"));
        }
    }
    path
}

/// The command that puts an object with its status into the cluster.
pub fn replace_status_command(name: &str, file: &str) -> String {
    let path = format!("{}/status", request_path(name));
    format!("kubectl replace --raw {} -f {}", shell_word(&path), shell_word(file))
}

/// A word for a POSIX shell, quoted where need be.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
