//! Why a text cannot be read as a design, or as a part of one.

use pki_core::design::{DocumentError, MAX_DOCUMENT_BYTES};
use pki_core::yaml::{YamlError, YamlReason};

use super::{Sentence, sentence};

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
        DocumentError::Yaml(error) => yaml(error),
        other => sentence(
            format!("This cannot be read as a design: {other}."),
            "Mend the document; your design here is as it was.",
        ),
    }
}

/// Why a text is no list of CAs and certificates.
pub fn own_document(error: &YamlError) -> Sentence {
    yaml(error)
}

fn yaml(error: &YamlError) -> Sentence {
    let (what, fix) = match &error.reason {
        YamlReason::Syntax(reason) => (format!("this is no YAML: {reason}"), String::new()),
        YamlReason::TooDeep => ("this is nested deeper than a design is".to_owned(), String::new()),
        YamlReason::TooMany { limit } => {
            (format!("aliases repeat more than {limit} values from here on"), String::new())
        }
        YamlReason::Empty => ("the document is empty".to_owned(), String::new()),
        YamlReason::Several => (
            "a second document begins here, and a design is one".to_owned(),
            "Leave one of them; ".to_owned(),
        ),
        YamlReason::UnknownField { name, known } => (
            format!("a design knows no field {name:?} here"),
            format!("Known here are {}. Take it out or correct it; ", known.join(", ")),
        ),
        YamlReason::DuplicateField(name) => {
            (format!("the field {name:?} stands here a second time"), "Leave one of them; ".into())
        }
        YamlReason::MissingField(name) => {
            (format!("the field {name:?} is missing here"), "Add it; ".to_owned())
        }
        YamlReason::Unexpected { found, expected } => {
            (format!("here is {found}, where {} belongs", kind(expected)), String::new())
        }
        other => (format!("this cannot be read ({other:?})"), String::new()),
    };
    let place = format!("Line {}, column {}: {what}.", error.line, error.column);
    let fix = if fix.is_empty() { "Mend that place; ".to_owned() } else { fix };
    sentence(place, format!("{fix}your design here is as it was."))
}

/// What the reader calls a kind of value, in the words of someone who writes a design.
fn kind(expected: &str) -> &str {
    match expected {
        "a string" => "text",
        other if other.starts_with("struct ") => "a mapping",
        other => other,
    }
}
