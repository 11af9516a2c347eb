//! YAML, and with it JSON, which is a part of YAML: in as a tree with places, out as the text
//! that Kubernetes writes.
//!
//! The grammar is the work of `granit-parser`. What stands here is what a reader of manifests
//! needs on top of it: the place of every value, for errors that name line and column; an end to
//! every bomb; and going on after a fault, as a paste is often cut off.
//! (serde-saphyr does the typed half too. It was 0.4 MB of wasm, a sixth of the file.)

mod tree;
mod typed;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::DeserializeOwned;

pub(crate) use tree::{Fault, Node, Value, read, read_all};
pub(crate) use typed::from_node;
pub use write::{Yaml, document_of};

/// Why a text is not the document that was asked for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub reason: YamlReason,
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum YamlReason {
    /// Not YAML: the parser's words.
    Syntax(String),
    /// A bracket or quotation mark that nothing closes: the text was probably cut.
    Unclosed {
        /// What is not closed, in the parser's words.
        what: String,
        /// The last line.
        line: usize,
        /// Its last column.
        column: usize,
    },
    /// Nested deeper than is read.
    TooDeep,
    /// More values than are read, which is what a YAML bomb comes to.
    TooMany {
        /// How many are read.
        limit: usize,
    },
    /// There is no document.
    Empty,
    /// More than one document where one was asked for.
    Several,
    /// A key that means nothing here.
    UnknownField {
        /// The key.
        name: String,
        /// Those that mean something.
        known: &'static [&'static str],
    },
    /// A key that stands twice.
    DuplicateField(String),
    /// A key that has to be there.
    MissingField(&'static str),
    /// A value of another kind.
    Unexpected {
        /// What is there: `text`, `a number`, `a list`, `a mapping` and so on.
        found: &'static str,
        /// What belongs there, in the words of its type.
        expected: String,
    },
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        match &self.reason {
            YamlReason::Syntax(reason) => f.write_str(reason),
            YamlReason::Unclosed { what, .. } => f.write_str(what),
            YamlReason::TooDeep => f.write_str("nested too deep"),
            YamlReason::TooMany { limit } => write!(f, "more than {limit} values"),
            YamlReason::Empty => f.write_str("no document"),
            YamlReason::Several => f.write_str("a second document"),
            YamlReason::UnknownField { name, .. } => write!(f, "unknown field {name:?}"),
            YamlReason::DuplicateField(name) => write!(f, "field {name:?} stands twice"),
            YamlReason::MissingField(name) => write!(f, "field {name:?} is missing"),
            YamlReason::Unexpected { found, expected } => {
                write!(f, "{found} where {expected} belongs")
            }
        }
    }
}

impl std::error::Error for YamlError {}

/// Reads the one document of a text into a type.
///
/// A field of text takes any scalar as it is written, so `1.30` stays `1.30`; nothing at all is
/// the empty text, list or mapping, as for Kubernetes.
///
/// # Errors
/// A [`YamlError`]: the first fault.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    from_node(&one(text)?)
}

/// The one document of a text.
///
/// # Errors
/// A [`YamlError`]: the first fault, no document, or more than one.
pub(crate) fn one(text: &str) -> Result<Node, YamlError> {
    let mut documents = read_all(text)?.into_iter();
    let error = |line, column, reason| YamlError { line, column, reason };
    let first = documents.next().ok_or_else(|| error(1, 1, YamlReason::Empty))?;
    match documents.next() {
        Some(second) => Err(error(second.line, second.column, YamlReason::Several)),
        None => Ok(first),
    }
}

/// Reads every document of a stream as a JSON value: numbers, booleans and null are told from
/// text by the core schema of YAML 1.2 (§10.3) and, as Kubernetes does, the booleans of YAML 1.1.
///
/// # Errors
/// A [`YamlError`]: the first fault.
pub fn values(text: &str) -> Result<Vec<serde_json::Value>, YamlError> {
    read_all(text)?.iter().map(typed::to_value).collect()
}
