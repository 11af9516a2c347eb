//! YAML out: a small emitter for the fixed shapes that we write.
//!
//! Kubeconfigs, manifests and designs are short trees of text, so the emitter covers mappings,
//! sequences, strings, whole numbers and booleans, in the block style that `sigs.k8s.io/yaml`
//! writes: two spaces a level, sequences at the level of their key.
//! Reading is the work of `serde-saphyr`; tests hold the two against each other.

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

#[cfg(test)]
mod tests {
    use super::Yaml;

    #[test]
    fn any_object_reads_back_as_itself() {
        let object = serde_json::json!({
            "apiVersion": "certificates.k8s.io/v1",
            "metadata": {
                "annotations": { "a/b: c": "yes", "x": "line\nline" },
                "finalizers": [], "labels": {}, "name": "user=jane",
            },
            "spec": { "expirationSeconds": 600, "usages": ["client auth", "digital signature"] },
            "status": {
                "conditions": [
                    { "type": "Approved", "nested": [{ "a": 1, "b": [1, [2]] }, { "c": null }] },
                    { "type": "Failed", "status": true },
                ],
            },
        });
        for value in [object.clone(), serde_json::json!([object, "text"]), "a: b".into()] {
            let written = super::document_of(&value);
            let read: serde_json::Value = serde_saphyr::from_str(&written).expect("our own YAML");
            assert_eq!(read, value, "{written}");
        }
    }

    #[test]
    fn every_awkward_string_reads_back_as_itself() {
        for text in [
            "",
            " ",
            "a",
            "yes",
            "No",
            "null",
            "~",
            "1",
            "1.36",
            "0x1f",
            "1e3",
            "12:30:45",
            "- a",
            "a: b",
            "a #b",
            "#",
            "10.96.0.0/12",
            "fd00::/108",
            "::1",
            "10.0.0.1",
            "2026-01-01",
            "system:node:cp1@prod",
            "kubernetes-admin",
            "https://[fd00::1]:6443",
            "é",
            "\u{85}",
            "a\nb",
            "\t",
            "\"",
            "\\",
            "'",
            "*",
            "&a",
            "!t",
            "%",
            "@a",
            "`",
            "{",
            "[",
            "a:",
            "=",
            "true",
            ".5",
            "+1",
            "-1",
            "0o7",
            "1_000",
            "2001-12-14t21:59:43.10-05:00",
            "<<",
            "y",
        ] {
            let written = Yaml::Map(vec![("key", Yaml::text(text))]).to_document();
            let read: std::collections::BTreeMap<String, serde_json::Value> =
                serde_saphyr::from_str(&written).expect("our own YAML");
            assert_eq!(read["key"], serde_json::Value::from(text), "{written}");
        }
    }

    #[test]
    fn block_style_is_that_of_kubernetes() {
        let document = Yaml::Map(vec![
            (
                "clusters",
                Yaml::List(vec![Yaml::Map(vec![
                    ("cluster", Yaml::Map(vec![("server", Yaml::text("https://10.0.0.10:6443"))])),
                    ("name", Yaml::text("kubernetes")),
                ])]),
            ),
            ("empty", Yaml::List(vec![])),
            ("nested", Yaml::List(vec![Yaml::List(vec![Yaml::Number(1)])])),
            ("on", Yaml::Bool(true)),
        ]);
        assert_eq!(
            document.to_document(),
            "clusters:\n- cluster:\n    server: https://10.0.0.10:6443\n  name: kubernetes\n\
             empty: []\nnested:\n- \n  - 1\non: true\n"
        );
    }
}
