//! Why a text cannot be read as a design, or as a part of one.

use pki_core::design::{DocumentError, MAX_DOCUMENT_BYTES, OtherFile};
use pki_core::yaml::{YamlError, YamlReason};

use super::{Sentence, sentence};

/// What can be read.
const ANOTHER_FILE: &str =
    "Choose a design, a tarball with one, or kubeadm's ClusterConfiguration or InitConfiguration.";

/// Why a text is no design.
pub fn document(error: &DocumentError) -> Sentence {
    match error {
        DocumentError::TooLarge { bytes } => sentence(
            format!("The document has {bytes} bytes; a design has at most {MAX_DOCUMENT_BYTES}."),
            "Check that it is the right file.",
        ),
        DocumentError::Tab { line, column } => sentence(
            format!("There is a tab at line {line}, column {column}; YAML indents with spaces."),
            "Replace it by spaces.",
        ),
        DocumentError::BrokenLink => sentence(
            "A part of the link is missing or changed: it does not match its own checksum.",
            "Copy the whole link again, or ask for the design as a file; your design here is as \
             it was.",
        ),
        DocumentError::Yaml(error) => own_document(error),
        DocumentError::Foreign { .. } | DocumentError::OtherFile(_) => {
            let Sentence { what, fix } = unread(error);
            let fix = fix.trim_end_matches('.');
            sentence(what, format!("{fix}; your design here is as it was."))
        }
        other => sentence(
            format!("This cannot be read as a design: {other}."),
            "Mend the document; your design here is as it was.",
        ),
    }
}

/// The same where nothing was there before.
pub fn unread(error: &DocumentError) -> Sentence {
    match error {
        DocumentError::Yaml(error) => {
            let (what, fix) = yaml(error);
            sentence(what, format!("{fix}."))
        }
        DocumentError::Foreign { line, column, field, found, expected } => sentence(
            format!(
                "Line {line}, column {column}: here is `{field}: {found}`, where \
                 `{field}: {expected}` belongs."
            ),
            ANOTHER_FILE,
        ),
        DocumentError::OtherFile(other) => sentence(
            match other {
                OtherFile::Archive => "This is an archive, and no design.yaml is in it.",
                OtherFile::Pem => "This is a certificate or a key in PEM.",
                OtherFile::Binary => "This is no text.",
            },
            ANOTHER_FILE,
        ),
        other => document(other),
    }
}

/// Why a text is no list of CAs and certificates.
pub fn own_document(error: &YamlError) -> Sentence {
    let (what, fix) = yaml(error);
    sentence(what, format!("{fix}; your design here is as it was."))
}

/// What is wrong, and what to do without the full stop.
fn yaml(error: &YamlError) -> (String, String) {
    let (what, fix) = match &error.reason {
        YamlReason::Syntax(reason) if reason.contains("tab") => {
            (format!("this is no YAML: {reason}"), "Indent with spaces, and not with tabs".into())
        }
        YamlReason::Syntax(reason) => (format!("this is no YAML: {reason}"), String::new()),
        YamlReason::Unclosed { what, line, column } => (
            format!("here is an {what}, and at line {line}, column {column} the text ends"),
            "Close it, or take the whole file if a part is missing".to_owned(),
        ),
        YamlReason::TooDeep => ("this is nested deeper than a design is".to_owned(), String::new()),
        YamlReason::TooMany { limit } => {
            (format!("aliases repeat more than {limit} values from here on"), String::new())
        }
        YamlReason::Empty => ("the document is empty".to_owned(), String::new()),
        YamlReason::Several => (
            "a second document begins here, and a design is one".to_owned(),
            "Leave one of them".to_owned(),
        ),
        YamlReason::UnknownField { name, known } => (
            format!("a design knows no field {name:?} here"),
            match known.iter().find(|known| alike(known, name)) {
                Some(known) => format!("Did you mean {known}? Correct it or take it out"),
                None => format!("Known here are {}. Take it out or correct it", known.join(", ")),
            },
        ),
        YamlReason::DuplicateField(name) => {
            (format!("the field {name:?} stands here a second time"), "Leave one of them".into())
        }
        YamlReason::MissingField(name) => {
            (format!("the field {name:?} is missing here"), "Add it".to_owned())
        }
        YamlReason::Unexpected { found, expected } => {
            (format!("here is {found}, where {} belongs", kind(expected)), String::new())
        }
        other => (format!("this cannot be read ({other:?})"), String::new()),
    };
    let place = format!("Line {}, column {}: {what}.", error.line, error.column);
    (place, if fix.is_empty() { "Mend that place".to_owned() } else { fix })
}

/// Whether one is the other misspelt: in case, in its last letter, by one letter too many or too
/// few, by another one, or by two that changed places.
fn alike(known: &str, typed: &str) -> bool {
    let letters = |text: &str| -> Vec<char> {
        let all = text.chars().filter(|c| c.is_alphanumeric());
        all.flat_map(char::to_lowercase).collect()
    };
    let (known, typed) = (letters(known), letters(typed));
    let same = |(a, b): &(&char, &char)| a == b;
    let front = known.iter().zip(&typed).take_while(same).count();
    let back = known.iter().rev().zip(typed.iter().rev()).take_while(same).count();
    let shorter = known.len().min(typed.len());
    let longer = known.len().max(typed.len());
    let swapped = known.len() == typed.len()
        && front + back + 2 == known.len()
        && known.get(front) == typed.get(front + 1)
        && known.get(front + 1) == typed.get(front);
    front + back >= longer - 1 && longer - shorter <= 1 || swapped
}

/// What the reader calls a kind of value, in the words of someone who writes a design.
fn kind(expected: &str) -> &str {
    match expected {
        "a string" => "text",
        other if other.starts_with("struct ") => "a mapping",
        other => other,
    }
}
