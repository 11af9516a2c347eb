//! The CertificateSigningRequest object.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::Wish;
use crate::key::Algorithm;
use crate::review::{API_GROUP, KIND};
use crate::yaml::Yaml;

/// The object as YAML, with the request in base64 on one line.
pub fn to_yaml(wish: &Wish, algorithm: Algorithm, pem: &str) -> String {
    let mut spec = Vec::new();
    if let Some(seconds) = wish.expiration_seconds {
        spec.push(("expirationSeconds", Yaml::Number(i64::from(seconds))));
    }
    spec.push(("request", Yaml::text(Base64::encode_string(pem.as_bytes()))));
    spec.push(("signerName", Yaml::text(&wish.signer_name)));
    spec.push(("usages", Yaml::texts(wish.usages_for(algorithm))));
    Yaml::Map(vec![
        ("apiVersion", Yaml::text(format!("{API_GROUP}/v1"))),
        ("kind", Yaml::text(KIND)),
        ("metadata", Yaml::Map(vec![("name", Yaml::text(&wish.name))])),
        ("spec", Yaml::Map(spec)),
    ])
    .to_document()
}

/// The same as a JSON value, which [`crate::review::review`] takes.
pub fn to_value(wish: &Wish, algorithm: Algorithm, pem: &str) -> Value {
    let mut object = json!({
        "apiVersion": format!("{API_GROUP}/v1"),
        "kind": KIND,
        "metadata": { "name": wish.name },
        "spec": {
            "request": Base64::encode_string(pem.as_bytes()),
            "signerName": wish.signer_name,
            "usages": wish.usages_for(algorithm),
        },
    });
    if let (Some(seconds), Some(spec)) =
        (wish.expiration_seconds, object.get_mut("spec").and_then(Value::as_object_mut))
    {
        spec.insert("expirationSeconds".to_owned(), seconds.into());
    }
    object
}
