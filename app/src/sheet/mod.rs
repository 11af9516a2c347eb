//! What a page shows of a decoded object, as rows of text.
//!
//! A worker turns the report of the core into [`Sheet`]s and posts them, so that the window only
//! draws: one piece of view code serves certificates, requests and keys, in Decode and in the file
//! inspector, and its cost does not grow with what can be decoded.

mod certificate;
mod key;
mod object;
mod related;
mod request;
pub(crate) mod rows;

use pki_core::decode::{Finding, Severity};
use pki_core::explain::{Object, ObjectReport, Report};
use pki_text::en::{explain, sheet as words};
use serde::{Deserialize, Serialize};

use rows::{rows, text};

/// How many sheets are sent at once: more than fit a screen, few enough for one frame.
pub(crate) const PAGE: usize = 20;

/// What was found in a paste, or a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// How many objects there are altogether.
    pub(crate) total: usize,
    /// Number of the first of [`Self::sheets`].
    pub(crate) from: usize,
    /// At most [`PAGE`] of them.
    pub(crate) sheets: Vec<Sheet>,
    /// What is wrong with the input as a whole.
    pub(crate) remarks: Vec<Remark>,
    /// What the objects have to do with each other.
    pub(crate) related: Vec<Remark>,
}

impl Answer {
    /// The page of a report that starts with object number `from`.
    pub(crate) fn new(report: &Report, from: usize) -> Self {
        let total = report.objects.len();
        let page = report.objects.iter().enumerate().skip(from).take(PAGE);
        Self {
            total,
            from,
            sheets: page
                .map(|(index, object)| Sheet {
                    // What is said about several of them names them by number.
                    number: (total > 1).then_some(index + 1),
                    ..Sheet::new(object)
                })
                .collect(),
            remarks: report.findings.iter().map(Remark::new).collect(),
            related: related::related(report),
        }
    }
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tone {
    /// All is well.
    Good,
    /// Worth knowing.
    Note,
    /// Something may refuse it.
    Warning,
    /// Broken or over.
    Bad,
}

impl Tone {
    /// The class of the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "tone-good",
            Self::Note => "tone-note",
            Self::Warning => "tone-warning",
            Self::Bad => "tone-bad",
        }
    }
}

impl From<Severity> for Tone {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Note,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Bad,
        }
    }
}

/// A sentence about an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remark {
    /// How much it matters.
    pub(crate) tone: Tone,
    /// The sentence.
    pub(crate) text: String,
    /// Where in the input, where that is known.
    pub(crate) place: Option<String>,
}

impl Remark {
    fn new(finding: &Finding) -> Self {
        Self {
            tone: finding.severity.into(),
            text: explain::problem(&finding.problem),
            place: words::place(finding.line, finding.column, finding.offset),
        }
    }
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    /// Its number among several, from 1.
    pub(crate) number: Option<usize>,
    /// What kind of object it is.
    pub(crate) kind: String,
    /// Whose it is.
    pub(crate) title: String,
    /// How it was unwrapped, e.g. `base64 → PEM`.
    pub(crate) path: String,
    /// Letter of the kubeadm CA that it is, or that signed it.
    pub(crate) ca: Option<char>,
    /// What it is in a cluster, in one sentence part.
    pub(crate) place: Option<String>,
    /// How its validity stands.
    pub(crate) status: Option<Status>,
    /// What is wrong with it, or should be known.
    pub(crate) remarks: Vec<Remark>,
    /// Its fields.
    pub(crate) sections: Vec<Section>,
    /// The object as PEM; never a private key.
    pub(crate) pem: Option<String>,
}

/// How a validity stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    /// How much it matters.
    pub(crate) tone: Tone,
    /// The sentence.
    pub(crate) text: String,
    /// How much of the lifetime is over, from 0 to 100.
    pub(crate) percent: Option<u32>,
}

/// Rows under a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Section {
    /// The heading.
    pub(crate) heading: String,
    /// Its rows.
    pub(crate) rows: Vec<Row>,
    /// Whether it is open at first.
    pub(crate) open: bool,
}

/// A label and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The label.
    pub(crate) label: String,
    /// Each with a copy button of its own.
    pub(crate) values: Vec<Value>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Value {
    /// What stands before it and is not copied, e.g. `DNS`.
    pub(crate) kind: Option<String>,
    /// The text.
    pub(crate) text: String,
    /// Whether it is data that people copy, as opposed to a word of ours.
    pub(crate) data: bool,
}

impl Sheet {
    fn new(report: &ObjectReport) -> Self {
        let mut sheet = match &report.object {
            Object::Certificate(certificate) => certificate::sheet(certificate),
            Object::CertificateRequest(request) => request::sheet(request),
            Object::PublicKey(key) => key::public(key),
            Object::PrivateKey(key) => key::private(key),
            Object::SigningRequest(request) => object::signing_request(request),
            Object::Kubeconfig(kubeconfig) => object::kubeconfig(kubeconfig),
            Object::Unknown(unknown) => {
                let length = words::bytes(unknown.length);
                let label = unknown.label.clone();
                let title = label.clone().unwrap_or_else(|| length.clone());
                let mut sheet = Self::empty(words::UNKNOWN, title);
                sheet.add(
                    words::BYTES,
                    true,
                    [
                        rows(words::LABEL, label.into_iter().map(text)),
                        rows(words::FIRST_BYTES, [text(unknown.head.clone())]),
                    ],
                );
                sheet
            }
            _ => Self::empty(words::UNKNOWN, String::new()),
        };
        sheet.path = explain::path(&report.path);
        // What is wrong comes before what is worth knowing.
        let mut remarks: Vec<Remark> = report.findings.iter().map(Remark::new).collect();
        remarks.append(&mut sheet.remarks);
        sheet.remarks = remarks;
        sheet.pem = report.pem.clone();
        sheet.refusals(&report.refusals);
        sheet
    }

    /// A sheet with nothing on it yet.
    pub(crate) fn empty(kind: &str, title: String) -> Self {
        Self {
            number: None,
            kind: kind.to_owned(),
            title,
            path: String::new(),
            ca: None,
            place: None,
            status: None,
            remarks: Vec::new(),
            sections: Vec::new(),
            pem: None,
        }
    }

    /// Adds a section of the rows that have values.
    pub(crate) fn add<const N: usize>(&mut self, heading: &str, open: bool, rows: [Row; N]) {
        let rows: Vec<Row> = rows.into_iter().filter(|row| !row.values.is_empty()).collect();
        if !rows.is_empty() {
            self.sections.push(Section { heading: heading.to_owned(), rows, open });
        }
    }
}
