//! What a page shows of a decoded object, as rows of text.
//!
//! A worker turns the report of the core into [`Sheet`]s and posts them, so that the window only
//! draws: one piece of view code serves certificates, requests and keys, in Decode and in the file
//! inspector, and its cost does not grow with what can be decoded.

mod ancestry;
mod beside;
mod certificate;
mod colons;
mod key;
mod list;
mod named;
mod object;
mod related;
mod request;
pub(crate) mod rows;
mod tab;
mod table;
mod tree;
mod unknown;
mod visible;

use pki_core::decode::{Finding, Problem, Severity};
use pki_core::explain::{FileFindings, Object, ObjectReport, Report};
use pki_text::en::{explain, sheet as words};
use serde::{Deserialize, Serialize};

pub(crate) use ancestry::Ancestor;
pub(crate) use list::{Line, Lines, matching};
pub(crate) use tab::{Part, Tab, form, sheet_text};
pub(crate) use table::{Table, TableRow, order};
pub(crate) use tree::{Node, Tree};

use crate::components::pager::ROWS;
use visible::visible;

/// Up to so many objects stand below each other; more are a list, and one of them is open.
pub(crate) const PAGE: usize = 20;

/// The column of the expiry table that it is sorted by at first.
pub(crate) const EXPIRES: usize = 1;

/// What was found in a paste.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// How many objects there are altogether.
    pub(crate) total: usize,
    /// All of them, if they are at most [`PAGE`]; else the first.
    pub(crate) sheets: Vec<Sheet>,
    /// The first lines of the list, if there are more than [`PAGE`].
    pub(crate) lines: Lines,
    /// The expiry table, if there are two certificates or more.
    pub(crate) expiry: Option<Table>,
    /// What is wrong with the input as a whole.
    pub(crate) remarks: Vec<Remark>,
    /// Who signed whom, where that can be drawn.
    pub(crate) ancestry: Vec<Ancestor>,
    /// What else the objects have to do with each other.
    pub(crate) related: Vec<Remark>,
    /// The design that the input is or holds, as the data of a link to it.
    pub(crate) design: Option<String>,
}

impl Answer {
    /// The answer to a report that was made for this time, in seconds since 1970.
    pub(crate) fn new(report: &Report, now: i64) -> Self {
        let total = report.objects.len();
        let (shown, lines) = match total {
            0..=PAGE => (total, Lines::default()),
            _ => (1, Lines::new(report, &(0..total).collect::<Vec<_>>(), 0, PAGE, now)),
        };
        // The others come when they are asked for: of thousands, few are looked at.
        let table = Table::some(report, EXPIRES, false, ROWS);
        let ancestry = ancestry::ancestry(report);
        Self {
            total,
            sheets: (0..shown).filter_map(|index| Sheet::of(report, index, now)).collect(),
            lines,
            expiry: (table.total > 1).then_some(table),
            remarks: report.findings.iter().map(Remark::new).collect(),
            related: related::related(report, ancestry.is_empty()),
            ancestry,
            design: None,
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
    /// Something is wrong.
    pub(crate) fn bad(text: String) -> Self {
        Self { tone: Tone::Bad, text: visible(text), place: None }
    }

    /// What is wrong with a file, which its place names.
    pub(crate) fn of_file(file: &FileFindings) -> impl Iterator<Item = Self> + '_ {
        file.findings.iter().map(|finding| {
            let remark = Self::new(finding);
            let place = match remark.place {
                Some(place) => format!("{}, {place}", file.name),
                None => file.name.clone(),
            };
            Self { place: Some(visible(place)), ..remark }
        })
    }

    fn new(finding: &Finding) -> Self {
        Self {
            tone: finding.severity.into(),
            text: visible(explain::problem(&finding.problem)),
            place: words::place(finding.line, finding.column, finding.offset),
        }
    }
}

/// One object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sheet {
    /// Its index in the report.
    pub(crate) index: usize,
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
    /// The forms in which it can be shown.
    pub(crate) tabs: Vec<Tab>,
    /// Its bytes are, or may be, a private key, and are shown only to those who ask.
    pub(crate) secret: bool,
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
    /// The text, as it is copied.
    pub(crate) text: String,
    /// The text with its invisible characters made visible, where it has any.
    pub(crate) shown: Option<String>,
    /// Whether it is data that people copy, as opposed to a word of ours.
    pub(crate) data: bool,
}

impl Sheet {
    /// The sheet of the object with this index. `now` is in seconds since 1970.
    pub(crate) fn of(report: &Report, index: usize, now: i64) -> Option<Self> {
        // What is said about several of them names them by number.
        let number = (report.objects.len() > 1).then_some(index + 1);
        let mut sheet = Self { index, number, ..Self::new(report.objects.get(index)?) };
        beside::compare(&mut sheet, report, index, now);
        Some(sheet)
    }

    fn new(report: &ObjectReport) -> Self {
        let mut sheet = match &report.object {
            Object::Certificate(certificate) => certificate::sheet(certificate),
            Object::CertificateRequest(request) => request::sheet(request),
            Object::PublicKey(key) => key::public(key),
            Object::PrivateKey(key) => key::private(key),
            Object::SigningRequest(request) => object::signing_request(request),
            Object::Kubeconfig(kubeconfig) => object::kubeconfig(kubeconfig),
            Object::RevocationList(list) => named::revocation_list(list),
            Object::Token(token) => named::token(token),
            Object::BootstrapToken(token) => named::bootstrap_token(token),
            Object::Foreign(foreign) => named::foreign(foreign),
            Object::Unknown(unknown) => unknown::sheet(unknown),
            _ => Self::empty(words::UNKNOWN, String::new()),
        };
        sheet.path = explain::path(&report.path);
        // What is wrong comes before what is worth knowing.
        let mut remarks: Vec<Remark> = report.findings.iter().map(Remark::new).collect();
        remarks.append(&mut sheet.remarks);
        sheet.remarks = remarks;
        let is_revoked = |finding: &Finding| matches!(finding.problem, Problem::Revoked { .. });
        if let Some(status) = &mut sheet.status
            && report.findings.iter().any(is_revoked)
        {
            // Of Kubernetes' components etcd alone asks for lists.
            status.tone = Tone::Warning;
            words::REVOKED_BY_LIST.clone_into(&mut status.text);
        }
        sheet.pem = report.pem.clone();
        sheet.refusals(&report.refusals);
        sheet.title = visible(sheet.title);
        (sheet.tabs, sheet.secret) = tab::tabs(report);
        sheet
    }

    /// A sheet with nothing on it yet.
    pub(crate) fn empty(kind: &str, title: String) -> Self {
        Self {
            index: 0,
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
            tabs: Vec::new(),
            secret: false,
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
