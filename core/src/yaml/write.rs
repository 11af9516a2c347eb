//! YAML out: a small emitter for the fixed shapes that we write.
//!
//! Kubeconfigs, manifests and designs are short trees of text, so the emitter covers mappings,
//! sequences, strings, whole numbers and booleans, in the block style that `sigs.k8s.io/yaml`
//! writes: two spaces a level, sequences at the level of their key.
//! Tests hold it against serde-saphyr, which nobody here wrote.

use std::fmt::Write;

use serde_json::Value;

/// A YAML value to be written. Mappings keep the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// A string, quoted only where YAML would read something else.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A sequence; written `[]` when empty.
    List(Vec<Yaml>),
    /// A mapping; written `{}` when empty.
    Map(Vec<(&'static str, Yaml)>),
}

impl Yaml {
    /// A string value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A sequence of strings.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// The document, ending in a line feed.
    pub fn to_document(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Map(entries) if !entries.is_empty() => write_map(&mut out, entries, 0, 0),
            Self::List(items) if !items.is_empty() => write_list(&mut out, items, 0),
            scalar => {
                write_scalar(&mut out, scalar);
                out.push('\n');
            }
        }
        out
    }
}

/// Writes the entries of a mapping; the first stands where the writer is, the others on lines of
/// their own at `indent` (after `- `, the first is already in place).
fn write_map(out: &mut String, entries: &[(&'static str, Yaml)], indent: usize, first: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        let spaces = if index == 0 { first } else { indent };
        let _ = write!(out, "{:spaces$}{key}:", "");
        match value {
            Yaml::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                write_map(out, inner, indent + 2, indent + 2);
            }
            Yaml::List(items) if !items.is_empty() => {
                out.push('\n');
                write_list(out, items, indent);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn write_list(out: &mut String, items: &[Yaml], indent: usize) {
    for item in items {
        let _ = write!(out, "{:indent$}- ", "");
        match item {
            Yaml::Map(entries) if !entries.is_empty() => write_map(out, entries, indent + 2, 0),
            Yaml::List(inner) if !inner.is_empty() => {
                out.push('\n');
                write_list(out, inner, indent + 2);
            }
            scalar => {
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn write_scalar(out: &mut String, value: &Yaml) {
    match value {
        Yaml::Text(text) if is_plain(text) => out.push_str(text),
        Yaml::Text(text) => write_quoted(out, text),
        Yaml::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Yaml::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Yaml::List(_) => out.push_str("[]"),
        Yaml::Map(_) => out.push_str("{}"),
    }
}

/// A JSON value as a YAML document in the same style: for objects of people, whose keys are theirs.
pub fn document_of(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value, 0, true);
    out
}

/// Writes a value behind a key, a dash or (`alone`) nothing, and ends the line.
fn write_value(out: &mut String, value: &Value, indent: usize, alone: bool) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let mut first = alone;
            for (key, value) in fields {
                if !first {
                    out.push_str(if out.ends_with("- ") { "" } else { "\n" });
                    let spaces = if out.ends_with("- ") { 0 } else { indent };
                    let _ = write!(out, "{:spaces$}", "");
                }
                first = false;
                write_scalar(out, &Yaml::text(key));
                out.push(':');
                let is_list = value.is_array();
                write_value(out, value, if is_list { indent } else { indent + 2 }, false);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 || !alone {
                    let _ = write!(out, "\n{:indent$}", "");
                }
                out.push_str("- ");
                match item {
                    Value::Object(fields) if !fields.is_empty() => {
                        write_value(out, item, indent + 2, false);
                    }
                    // JSON is YAML; lists in lists are rare.
                    item => out.push_str(&scalar_of(item)),
                }
            }
        }
        scalar => {
            if !alone {
                out.push(' ');
            }
            out.push_str(&scalar_of(scalar));
        }
    }
    if alone {
        out.push('\n');
    }
}

fn scalar_of(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::String(text) => write_scalar(&mut out, &Yaml::text(text)),
        other => out = other.to_string(),
    }
    out
}

/// Whether a reader of YAML 1.1 or 1.2 takes the bare text as this very string.
///
/// Stricter than YAML needs: what is in doubt is quoted.
fn is_plain(text: &str) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    let starts_as_word = first.is_ascii_alphabetic() || first == '/' || first == '_';
    // Addresses, dates and base64 start with a digit or sign; they are text only if no reader
    // could see a number, a base-60 number or a date in them.
    let starts_as_digits = first.is_ascii_digit()
        && text.chars().any(|c| c.is_ascii_alphabetic() || c == '/')
        && !looks_numeric(text);
    let in_alphabet = text.chars().all(|c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+' | '=' | '@' | ':')
    });
    (starts_as_word || starts_as_digits)
        && in_alphabet
        && !text.ends_with(':')
        && !is_reserved_word(text)
}

/// `0x1f`, `1e3`, `0o7`, `1_000` and their kin.
fn looks_numeric(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let digits = lower.strip_prefix("0x").or_else(|| lower.strip_prefix("0o"));
    match digits {
        Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_'),
        None => lower.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, 'e' | '.' | '+' | '-' | '_' | ':' | 't' | 'z')
        }),
    }
}

fn is_reserved_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
