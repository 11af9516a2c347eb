//! From the tree to types: one small deserializer, whose errors know their place.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Expected, Unexpected, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Map, Number};

use super::{Node, Value, YamlError, YamlReason};

pub(crate) fn from_node<T: DeserializeOwned>(node: &Node) -> Result<T, YamlError> {
    T::deserialize(node).map_err(|error| error.at(node))
}

/// The tree as a JSON value.
pub(super) fn to_value(node: &Node) -> Result<serde_json::Value, YamlError> {
    use serde_json::Value as Json;
    Ok(match &node.value {
        Value::Scalar(text) if node.plain => resolve(text),
        Value::Scalar(text) => Json::String(text.clone()),
        Value::Sequence(items) => {
            Json::Array(items.iter().map(to_value).collect::<Result<_, _>>()?)
        }
        Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                if map.insert(key.clone(), to_value(value)?).is_some() {
                    return Err(duplicate(key, value));
                }
            }
            Json::Object(map)
        }
    })
}

/// What a plain scalar is by the core schema.
fn resolve(text: &str) -> serde_json::Value {
    use serde_json::Value as Json;
    if is_null(text) {
        return Json::Null;
    }
    if let Some(flag) = boolean(text) {
        return Json::Bool(flag);
    }
    let integer = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => i64::from_str_radix(digits, 16).ok(),
        (_, Some(digits)) => i64::from_str_radix(digits, 8).ok(),
        _ => text.parse().ok(),
    };
    if let Some(integer) = integer {
        return Json::from(integer);
    }
    match fraction(text) {
        Some(number) => Json::Number(number),
        None => Json::String(text.to_owned()),
    }
}

/// A number with a fraction or an exponent, or one too large for an integer: read as JSON's is.
/// Rust's own reader would bring its tables along, which are 16 kB.
fn fraction(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) if text.starts_with('-') => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let end = digits.find(['e', 'E']).unwrap_or(digits.len());
    let (mantissa, exponent) = digits.split_at(end);
    let (whole, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && rest.is_empty() {
        return None;
    }
    // JSON asks for one digit at least on either side of the point, and for no more zeros than that.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{sign}{whole}.{rest}{exponent}").parse().ok()
}

/// With the words of YAML 1.1, which Kubernetes still reads (sigs.k8s.io/yaml).
fn boolean(text: &str) -> Option<bool> {
    const TRUE: [&str; 4] = ["true", "yes", "on", "y"];
    const FALSE: [&str; 4] = ["false", "no", "off", "n"];
    // Each in lower case, capitalised or in capitals, and nothing in between.
    let lower = text.to_ascii_lowercase();
    let rest = text.get(1..)?;
    let regular = rest == lower.get(1..)? || text == text.to_ascii_uppercase();
    match lower.as_str() {
        word if regular && TRUE.contains(&word) => Some(true),
        word if regular && FALSE.contains(&word) => Some(false),
        _ => None,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

impl Node {
    fn is_null(&self) -> bool {
        self.plain && matches!(&self.value, Value::Scalar(text) if is_null(text))
    }

    /// What kind of value it is, for errors.
    fn kind(&self) -> &'static str {
        use serde_json::Value as Json;
        match &self.value {
            Value::Scalar(text) if self.plain => match resolve(text) {
                Json::Null => "nothing",
                Json::Bool(_) => "true or false",
                Json::Number(_) => "a number",
                _ => "text",
            },
            Value::Scalar(_) => "text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The error that something else belongs here.
    pub(crate) fn unexpected(&self, expected: &dyn Expected) -> YamlError {
        let reason = YamlReason::Unexpected { found: self.kind(), expected: expected.to_string() };
        Error::from(reason).at(self)
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Error;

    /// By the shape of the value: what a type that asks for nothing special gets.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Scalar(_) if self.is_null() => visitor.visit_unit(),
            Value::Scalar(text) => visitor.visit_borrowed_str(text),
            Value::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            Value::Mapping(entries) => visitor.visit_map(Entries { entries, next: 0, node: self }),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Scalar(_) if self.is_null() => visitor.visit_borrowed_str(""),
            Value::Scalar(text) => visitor.visit_borrowed_str(text),
            _ => Err(self.unexpected(&visitor).into()),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let flag = match &self.value {
            Value::Scalar(text) if self.plain => boolean(text),
            _ => None,
        };
        match flag {
            Some(flag) => visitor.visit_bool(flag),
            None => Err(self.unexpected(&"true or false").into()),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Scalar(text) if self.plain => match text.parse() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(self.unexpected(&"a whole number").into()),
            },
            _ => Err(self.unexpected(&"a whole number").into()),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Sequence(items) => visitor.visit_seq(Items(items.iter())),
            _ if self.is_null() => visitor.visit_seq(Items([].iter())),
            _ => Err(self.unexpected(&"a list").into()),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.value {
            Value::Mapping(entries) => visitor.visit_map(Entries { entries, next: 0, node: self }),
            _ if self.is_null() => visitor.visit_map(Entries { entries: &[], next: 0, node: self }),
            _ => Err(self.unexpected(&"a mapping").into()),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.0.next() else { return Ok(None) };
        seed.deserialize(item).map(Some).map_err(|error| error.at(item).into())
    }
}

struct Entries<'de> {
    entries: &'de [(String, Node)],
    /// The entry whose key comes next; the value is that of the one before.
    next: usize,
    /// The mapping itself.
    node: &'de Node,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.entries.get(self.next) else { return Ok(None) };
        let before = self.entries.get(..self.next).unwrap_or_default();
        if before.iter().any(|(other, _)| other == key) {
            return Err(duplicate(key, value).into());
        }
        self.next += 1;
        let key: StrDeserializer<'_, Error> = de::IntoDeserializer::into_deserializer(key.as_str());
        seed.deserialize(key).map(Some).map_err(|error| error.at_key(value).into())
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let entry = self.next.checked_sub(1).and_then(|index| self.entries.get(index));
        let node = entry.map_or(self.node, |(_, node)| node);
        seed.deserialize(node).map_err(|error| error.at(node).into())
    }
}

fn duplicate(key: &str, value: &Node) -> YamlError {
    Error::from(YamlReason::DuplicateField(key.to_owned())).at_key(value)
}

/// A fault whose place is filled in on the way out of the tree, by the innermost value.
#[derive(Debug)]
pub(crate) struct Error {
    place: Option<(usize, usize)>,
    reason: YamlReason,
}

impl Error {
    fn at(self, node: &Node) -> YamlError {
        let (line, column) = self.place.unwrap_or((node.line, node.column));
        YamlError { line, column, reason: self.reason }
    }

    fn at_key(self, value: &Node) -> YamlError {
        let (line, column) = value.key.unwrap_or((value.line, value.column));
        YamlError { line, column, reason: self.reason }
    }
}

impl From<YamlReason> for Error {
    fn from(reason: YamlReason) -> Self {
        Self { place: None, reason }
    }
}

impl From<YamlError> for Error {
    fn from(error: YamlError) -> Self {
        Self { place: Some((error.line, error.column)), reason: error.reason }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.reason)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        YamlReason::Syntax(message.to_string()).into()
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Unit => "nothing",
            Unexpected::Seq => "a list",
            Unexpected::Map => "a mapping",
            _ => "text",
        };
        YamlReason::Unexpected { found, expected: expected.to_string() }.into()
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        YamlReason::UnknownField { name: field.to_owned(), known }.into()
    }

    fn missing_field(field: &'static str) -> Self {
        YamlReason::MissingField(field).into()
    }

    fn duplicate_field(field: &'static str) -> Self {
        YamlReason::DuplicateField(field.to_owned()).into()
    }
}
