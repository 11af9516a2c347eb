//! ServiceAccount tokens: JSON Web Tokens (RFC 7519) in the compact form of RFC 7515 §7.1.
//!
//! The signature is never shown: the token is a credential. [`signed_parts`] gives it to who
//! checks it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use zeroize::Zeroizing;

use super::base64::decode_short;

/// Longer ones are no token: kube-apiserver takes headers of 1 MB at most, tokens have some 1 kB.
const LONGEST: usize = 64 << 10;

/// The header and the claims of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// `alg`: RS256, ES256, …
    pub algorithm: String,
    /// `kid`: for a ServiceAccount token the hash of the public key that verifies it.
    pub key_id: Option<String>,
    /// `iss`.
    pub issuer: Option<String>,
    /// `sub`, which kube-apiserver takes for the user of a ServiceAccount.
    pub subject: Option<String>,
    /// `aud`.
    pub audiences: Vec<String>,
    /// `iat`, in seconds since 1970.
    pub issued_at: Option<i64>,
    /// `nbf`.
    pub not_before: Option<i64>,
    /// `exp`; a token out of a Secret has none.
    pub expires: Option<i64>,
    /// `jti`.
    pub id: Option<String>,
    /// Namespace of the ServiceAccount.
    pub namespace: Option<String>,
    /// Its name.
    pub service_account: Option<String>,
    /// Its UID.
    pub service_account_uid: Option<String>,
    /// The Pod that the token is bound to.
    pub pod: Option<String>,
    /// The node of that Pod.
    pub node: Option<String>,
    /// The Secret that the token came from.
    pub secret: Option<String>,
    /// Every claim as it stands there, as JSON.
    pub claims: String,
}

/// Reads a token; gives it with its compact form, and `None` for text that is none.
pub(super) fn read(text: &str) -> Option<(Token, Zeroizing<Vec<u8>>)> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.strip_prefix("Bearer ").unwrap_or(text).trim();
    // Terminals and mail fold long lines.
    let compact: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.bytes().filter(|octet| !octet.is_ascii_whitespace()).collect());
    let token = claims(std::str::from_utf8(&compact).ok()?)?;
    Some((token, compact))
}

/// What is signed of a token in its compact form, and the signature.
pub fn signed_parts(compact: &[u8]) -> Option<(&[u8], Vec<u8>)> {
    let dot = compact.iter().rposition(|octet| *octet == b'.')?;
    let (signed, signature) = compact.split_at_checked(dot)?;
    let signature = std::str::from_utf8(signature.get(1..)?).ok()?;
    Some((signed, decode_short(signature)))
}

fn claims(text: &str) -> Option<Token> {
    let mut parts = text.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (header, claims) = (json(header)?, json(claims)?);
    let text = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
    };
    // Numbers of JSON may have fractions; seconds are whole here.
    let number = |name: &str| {
        let value = claims.get(name)?;
        value.as_i64().or_else(|| value.as_f64().map(|time| time as i64))
    };
    // Bound tokens nest the claims of Kubernetes, tokens out of Secrets spell them out.
    let either = |bound: &str, legacy: &str| {
        text(&claims, &format!("/kubernetes.io/{bound}"))
            .or_else(|| text(&claims, &format!("/kubernetes.io~1serviceaccount~1{legacy}")))
    };
    let audiences = match claims.get("aud") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => {
            several.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    Some(Token {
        algorithm: text(&header, "/alg")?,
        key_id: text(&header, "/kid"),
        issuer: text(&claims, "/iss"),
        subject: text(&claims, "/sub"),
        audiences,
        issued_at: number("iat"),
        not_before: number("nbf"),
        expires: number("exp"),
        id: text(&claims, "/jti"),
        namespace: either("namespace", "namespace"),
        service_account: either("serviceaccount/name", "service-account.name"),
        service_account_uid: either("serviceaccount/uid", "service-account.uid"),
        pod: either("pod/name", ""),
        node: either("node/name", ""),
        secret: either("secret/name", "secret.name"),
        claims: claims.to_string(),
    })
}

/// A part of a token as a JSON object.
fn json(part: &str) -> Option<Value> {
    // `eyJ` is how `{"` begins in base64.
    if !part.starts_with("ey") {
        return None;
    }
    let value: Value = serde_json::from_slice(&decode_short(part)).ok()?;
    value.is_object().then_some(value)
}
