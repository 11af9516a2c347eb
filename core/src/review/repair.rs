//! The object that was meant: mistakes of old guides and of copying, mended one by one.

use base64ct::{Base64, Encoding};
use serde_json::{Map, Value, json};

use super::cluster::SYSTEM_NODES;
use super::input::any_base64;
use super::object::{API_GROUP, KIND};
use super::pkcs10::UntrustedRequest;
use super::usage::{USAGES, Usage, usage};
use super::validation::MIN_EXPIRATION;
use super::{
    BUILT_IN_SIGNERS, KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING,
    LEGACY_UNKNOWN, usual_usages,
};

/// Something that was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// `apiVersion` and `kind` were set to v1.
    ApiVersion,
    /// A field of `spec` stood at the top level.
    Moved(&'static str),
    /// A field that the server fills in, or that does not exist, was taken out.
    Removed,
    /// `spec.request` was encoded anew: folded with blanks, twice, in the other alphabet, as PEM,
    /// as DER, indented, or with another label.
    Request,
    /// `spec.signerName` was chosen by the usages and the subject.
    SignerName,
    /// A usage was spelt otherwise, stood there twice, is none that the signer gives, or was
    /// missing.
    Usages,
    /// `spec.expirationSeconds` was raised to 600, or was a text.
    Expiration,
}

/// Layers of base64 that are taken off.
const MAX_LAYERS: usize = 4;

/// Mends an object; the list is empty when there was nothing to do.
///
/// What cannot be guessed stays as it is, for the review to name.
pub fn repair(object: &Value) -> (Value, Vec<Repair>) {
    let mut repairs = Vec::new();
    let mut fields = object.as_object().cloned().unwrap_or_default();
    let version = format!("{API_GROUP}/v1");
    if fields.get("apiVersion") != Some(&json!(version)) || fields.get("kind") != Some(&json!(KIND))
    {
        fields.insert("apiVersion".to_owned(), json!(version));
        fields.insert("kind".to_owned(), json!(KIND));
        repairs.push(Repair::ApiVersion);
    }
    let mut spec = fields.get("spec").and_then(Value::as_object).cloned().unwrap_or_default();
    for name in ["request", "signerName", "usages", "expirationSeconds"] {
        if let Some(value) = fields.remove(name)
            && spec.get(name).is_none_or(Value::is_null)
        {
            spec.insert(name.to_owned(), value);
            repairs.push(Repair::Moved(name));
        }
    }
    let before = fields.len() + spec.len();
    fields.retain(|name, _| {
        ["apiVersion", "kind", "metadata", "spec", "status"].contains(&name.as_str())
    });
    spec.retain(|name, _| {
        ["request", "signerName", "usages", "expirationSeconds"].contains(&name.as_str())
    });
    if fields.len() + spec.len() < before {
        repairs.push(Repair::Removed);
    }
    let request = mend_request(&mut spec, &mut repairs);
    mend_usages(&mut spec, &mut repairs);
    mend_signer(&mut spec, request.as_ref(), &mut repairs);
    fit_usages(&mut spec, &mut repairs);
    mend_expiration(&mut spec, &mut repairs);
    fields.insert("spec".to_owned(), Value::Object(spec));
    (Value::Object(fields), repairs)
}

fn mend_request(
    spec: &mut Map<String, Value>,
    repairs: &mut Vec<Repair>,
) -> Option<UntrustedRequest> {
    let text = spec.get("request")?.as_str()?;
    if let Ok(pem) = super::base64::decode(text.as_bytes())
        && let Ok(request) = UntrustedRequest::from_pem(&pem)
        && !text.contains(['\n', '\r'])
    {
        return Some(request);
    }
    let der = find_der(text.as_bytes(), MAX_LAYERS)?;
    let request = UntrustedRequest::from_der(&der).ok()?;
    let pem = crate::request::to_pem(&der);
    spec.insert("request".to_owned(), json!(Base64::encode_string(pem.as_bytes())));
    repairs.push(Repair::Request);
    Some(request)
}

/// Takes off PEM and base64 until a request is left.
fn find_der(octets: &[u8], layers: usize) -> Option<Vec<u8>> {
    if UntrustedRequest::from_der(octets).is_ok() {
        return Some(octets.to_vec());
    }
    if layers == 0 {
        return None;
    }
    let text = String::from_utf8_lossy(octets);
    let inside = match text.split_once("REQUEST-----") {
        // Whatever the label, indentation and line ends; headers are passed over.
        Some((_, body)) => {
            let body = body.split("-----END").next().unwrap_or_default();
            let lines = body.lines().filter(|line| !line.contains(':'));
            lines.collect::<String>().into_bytes()
        }
        None => octets.to_vec(),
    };
    find_der(&any_base64(&inside)?, layers - 1)
}

/// Letters and digits only, in lower case: `clientAuth`, `client_auth`, `Client Auth` are one.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn mend_usages(spec: &mut Map<String, Value>, repairs: &mut Vec<Repair>) {
    let Some(list) = spec.get("usages").and_then(Value::as_array) else { return };
    let mut mended: Vec<Value> = Vec::new();
    for usage in list {
        let text = usage.as_str().unwrap_or_default();
        let known =
            USAGES.iter().find(|(known, _)| *known == text || letters(known) == letters(text));
        let usage = known.map_or_else(|| usage.clone(), |(known, _)| json!(known));
        if !mended.contains(&usage) {
            mended.push(usage);
        }
    }
    if mended != *list {
        spec.insert("usages".to_owned(), Value::Array(mended));
        repairs.push(Repair::Usages);
    }
}

fn mend_signer(
    spec: &mut Map<String, Value>,
    request: Option<&UntrustedRequest>,
    repairs: &mut Vec<Repair>,
) {
    let current = spec.get("signerName").and_then(Value::as_str).unwrap_or_default();
    if !matches!(current, "" | LEGACY_UNKNOWN) {
        return;
    }
    let has = |name: &str| {
        let usages = spec.get("usages").and_then(Value::as_array);
        usages.is_some_and(|usages| usages.iter().any(|usage| usage == name))
    };
    let of_node =
        request.is_some_and(|request| request.subject.organizations == [SYSTEM_NODES.as_bytes()]);
    let signer = match (has("client auth"), has("server auth"), of_node) {
        (true, false, true) => KUBE_APISERVER_CLIENT_KUBELET,
        (true, false, false) => KUBE_APISERVER_CLIENT,
        (false, true, true) => KUBELET_SERVING,
        // No built-in signer gives the others; which one to ask is for people to say.
        _ => return,
    };
    spec.insert("signerName".to_owned(), json!(signer));
    repairs.push(Repair::SignerName);
}

/// The usages that a built-in signer gives: what it refuses goes, and what it wants comes. Whoever
/// asks for another purpose alone may mean another signer, so that this stays.
fn fit_usages(spec: &mut Map<String, Value>, repairs: &mut Vec<Repair>) {
    let signer = spec.get("signerName").and_then(Value::as_str).unwrap_or_default();
    if !BUILT_IN_SIGNERS.contains(&signer) {
        return;
    }
    let usual: Vec<Value> = usual_usages(signer).into_iter().map(Value::from).collect();
    let [signature, purpose] = usual.as_slice() else { return };
    let list = spec.get("usages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_purpose =
        |name: &Value| matches!(name.as_str().and_then(usage), Some(Usage::Purpose(_)));
    if list.iter().any(is_purpose) && !list.contains(purpose) {
        return;
    }
    let mut fit: Vec<Value> = Vec::new();
    for name in list {
        // The same bit by a name that these signers do not take.
        let name = if name == "signing" { signature } else { name };
        let given = name == "key encipherment" || [signature, purpose].contains(&name);
        if given && !fit.contains(name) {
            fit.push(name.clone());
        }
    }
    if fit.is_empty() || (signer != KUBE_APISERVER_CLIENT && !fit.contains(signature)) {
        fit.insert(0, signature.clone());
    }
    if !fit.contains(purpose) {
        fit.push(purpose.clone());
    }
    if fit != list {
        spec.insert("usages".to_owned(), Value::Array(fit));
        if !repairs.contains(&Repair::Usages) {
            repairs.push(Repair::Usages);
        }
    }
}

fn mend_expiration(spec: &mut Map<String, Value>, repairs: &mut Vec<Repair>) {
    let Some(value) = spec.get("expirationSeconds") else { return };
    let number = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok());
    let Some(number) = number else { return };
    let mended = json!(number.clamp(i64::from(MIN_EXPIRATION), i64::from(i32::MAX)));
    if *value != mended {
        spec.insert("expirationSeconds".to_owned(), mended);
        repairs.push(Repair::Expiration);
    }
}
