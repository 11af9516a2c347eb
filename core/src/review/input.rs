//! From what a person pastes to the objects that a review takes.
//!
//! Objects may stand alone, in a List, or in a stream of YAML documents; a bare request in PEM,
//! DER, base64 or hexadecimal is put into an object with the signer and usages that are given
//! beside it.

use std::fmt;

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::object::{API_GROUP, KIND};
use super::pkcs10::UntrustedRequest;
use crate::yaml;

/// The most octets that are read: 10,000 requests with RSA keys fit four times over.
pub const MAX_INPUT: usize = 64 << 20;
/// The most objects that are taken.
pub const MAX_OBJECTS: usize = 20_000;

/// What a bare request lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `metadata.name`.
    pub name: String,
    /// `spec.signerName`.
    pub signer_name: String,
    /// `spec.usages`.
    pub usages: Vec<String>,
    /// `spec.expirationSeconds`.
    pub expiration_seconds: Option<i32>,
}

/// Why an input holds no requests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputError {
    /// Nothing but blanks.
    Empty,
    /// More octets than [`MAX_INPUT`], or objects than [`MAX_OBJECTS`].
    TooLarge,
    /// Neither YAML nor JSON; the reader's reason.
    Syntax(String),
    /// No request in it.
    NoRequest,
    /// A private key was pasted. It stays where it was, and is not shown.
    PrivateKey,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty input"),
            Self::TooLarge => f.write_str("input too large"),
            Self::Syntax(reason) => f.write_str(reason),
            Self::NoRequest => f.write_str("no CertificateSigningRequest and no PKCS#10 request"),
            Self::PrivateKey => f.write_str("a private key, where a request was expected"),
        }
    }
}

impl std::error::Error for InputError {}

/// The objects in an input, as they would be posted.
///
/// # Errors
/// An [`InputError`].
pub fn read_objects(input: &[u8], around: &Surroundings) -> Result<Vec<Value>, InputError> {
    if input.len() > MAX_INPUT {
        return Err(InputError::TooLarge);
    }
    let text = std::str::from_utf8(input).ok().map(|text| text.trim_start_matches('\u{feff}'));
    match text {
        Some(text) if text.trim().is_empty() => Err(InputError::Empty),
        Some(text) if looks_like_object(text) => {
            let mut objects = Vec::new();
            for document in documents(text)? {
                flatten(document, &mut objects)?;
            }
            if objects.is_empty() { Err(InputError::NoRequest) } else { Ok(objects) }
        }
        Some(text) if text.contains("PRIVATE KEY-----") => Err(InputError::PrivateKey),
        Some(text) if text.contains("-----BEGIN ") => Ok(vec![wrap(input, around)]),
        _ => bare(input, around).map(|object| vec![object]),
    }
}

/// As [`read_objects`], and besides every request that [`crate::detect`] finds: several PEM blocks,
/// requests in shell output or in the fields of other objects, such as cfssl's.
///
/// Of several bare requests, the second is named after the first with `-2`, and so on.
///
/// # Errors
/// As [`read_objects`].
pub fn find_objects(input: &[u8], around: &Surroundings) -> Result<Vec<Value>, InputError> {
    let blocks = String::from_utf8_lossy(input).matches("REQUEST-----").count();
    let read = read_objects(input, around);
    // Other people's JSON: cfssl writes a request and its key as {"csr": …, "key": …}.
    let is_foreign = |object: &Value| {
        ["apiVersion", "kind", "metadata", "spec"].iter().all(|key| object.get(key).is_none())
    };
    let read = read.and_then(|objects| match objects.iter().all(is_foreign) {
        true => Err(InputError::NoRequest),
        false => Ok(objects),
    });
    // A PEM block has the label twice.
    let alone = blocks <= 2 && !matches!(read, Err(InputError::NoRequest | InputError::Syntax(_)));
    let is_objects = read.as_ref().is_ok_and(|objects| {
        objects.len() > 1 || objects.iter().any(|object| object != &wrap(input, around))
    });
    if alone || is_objects || matches!(read, Err(InputError::PrivateKey)) {
        return read;
    }
    let found = crate::detect::detect(input).candidates.into_iter();
    let found = found.filter(|candidate| UntrustedRequest::from_der(&candidate.bytes).is_ok());
    let objects: Vec<Value> = found
        .take(MAX_OBJECTS)
        .enumerate()
        .map(|(index, candidate)| {
            let mut around = around.clone();
            if index > 0 {
                around.name.push_str(&format!("-{}", index + 1));
            }
            wrap(crate::request::to_pem(&candidate.bytes).as_bytes(), &around)
        })
        .collect();
    if objects.is_empty() { read } else { Ok(objects) }
}

/// An object around a request; `text` goes into `spec.request` as it is.
pub fn wrap(text: &[u8], around: &Surroundings) -> Value {
    let mut object = json!({
        "apiVersion": format!("{API_GROUP}/v1"),
        "kind": KIND,
        "metadata": { "name": around.name },
        "spec": {
            "request": Base64::encode_string(text),
            "signerName": around.signer_name,
            "usages": around.usages,
        },
    });
    if let (Some(seconds), Some(spec)) =
        (around.expiration_seconds, object.get_mut("spec").and_then(Value::as_object_mut))
    {
        spec.insert("expirationSeconds".to_owned(), seconds.into());
    }
    object
}

/// A JSON object or array, or a YAML mapping with the keys that every object has.
fn looks_like_object(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with(['{', '['])
        || text.lines().any(|line| {
            let line = line.trim_start_matches("- ");
            ["apiVersion:", "kind:", "spec:", "items:"].iter().any(|key| line.starts_with(key))
        })
}

fn documents(text: &str) -> Result<Vec<Value>, InputError> {
    if text.trim_start().starts_with(['{', '[']) {
        let stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        return stream
            .collect::<Result<_, _>>()
            .map_err(|error| InputError::Syntax(error.to_string()));
    }
    yaml::values(text).map_err(|error| InputError::Syntax(error.to_string()))
}

fn flatten(document: Value, objects: &mut Vec<Value>) -> Result<(), InputError> {
    if objects.len() >= MAX_OBJECTS {
        return Err(InputError::TooLarge);
    }
    match document {
        Value::Array(items) => items.into_iter().try_for_each(|item| flatten(item, objects)),
        Value::Object(mut fields) => {
            let is_list = fields
                .get("kind")
                .and_then(Value::as_str)
                .is_some_and(|kind| kind.ends_with("List"));
            match fields.remove("items") {
                Some(items @ Value::Array(_)) if is_list => flatten(items, objects),
                Some(other) => {
                    fields.insert("items".to_owned(), other);
                    objects.push(Value::Object(fields));
                    Ok(())
                }
                None => {
                    objects.push(Value::Object(fields));
                    Ok(())
                }
            }
        }
        Value::Null => Ok(()),
        _ => Err(InputError::NoRequest),
    }
}

/// DER as it is, or in base64 or hexadecimal.
///
/// [`crate::detect`] knows more clothes; what it finds can be given to [`wrap`] as well.
fn bare(input: &[u8], around: &Surroundings) -> Result<Value, InputError> {
    for der in [Some(input.to_vec()), hexadecimal(input), any_base64(input)].into_iter().flatten() {
        if UntrustedRequest::from_der(&der).is_ok() {
            return Ok(wrap(crate::request::to_pem(&der).as_bytes(), around));
        }
        // Base64 of a PEM text, as it stands in `spec.request`.
        if der.windows(11).any(|window| window == b"-----BEGIN ") {
            return Ok(wrap(&der, around));
        }
    }
    Err(InputError::NoRequest)
}

fn hexadecimal(input: &[u8]) -> Option<Vec<u8>> {
    let blank = |octet: &u8| octet.is_ascii_whitespace() || *octet == b':';
    let digits: Vec<u8> = input.iter().copied().filter(|octet| !blank(octet)).collect();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
    digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(value(*high)? << 4 | value(*low)?),
            _ => None,
        })
        .collect()
}

/// Either alphabet, with or without padding, with blanks, quotes or a shell's `%` around it.
pub(super) fn any_base64(input: &[u8]) -> Option<Vec<u8>> {
    let mut text: Vec<u8> = Vec::with_capacity(input.len() + 2);
    for octet in input {
        match octet {
            b'-' => text.push(b'+'),
            b'_' => text.push(b'/'),
            b'=' | b'%' | b'"' | b'\'' => {}
            octet if octet.is_ascii_whitespace() => {}
            octet => text.push(*octet),
        }
    }
    while !text.len().is_multiple_of(4) {
        text.push(b'=');
    }
    super::base64::decode(&text).ok()
}
