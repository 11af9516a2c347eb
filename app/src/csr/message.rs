//! What the window and the desk's worker say to each other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::sheet::{Remark, Sheet, Tone};
use crate::worker::Bytes;

/// What the desk is asked to do.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Judge what was pasted. Bytes: the input.
    Review(ReviewAsk),
    /// Show one of the objects of the last review.
    Look(usize),
}

/// The circumstances of a review, as typed; empty texts stand for the usual.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct ReviewAsk {
    /// The signer of a bare request.
    pub(crate) signer: String,
    /// Its usages.
    pub(crate) usages: String,
    /// Its lifetime.
    pub(crate) expiration: String,
    /// The signing CA's certificate.
    pub(crate) ca: String,
    /// `--cluster-signing-duration`.
    pub(crate) duration: String,
    /// Who files it, of objects that do not say so themselves.
    pub(crate) user: String,
    /// The groups.
    pub(crate) groups: String,
    /// The nodes whose serving certificates are fine, a line each.
    pub(crate) nodes: String,
    /// The longest lifetime of those.
    pub(crate) max_lifetime: String,
}

/// What came of it.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Whether it was done; else the remarks say why not.
    pub(crate) fine: bool,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) sheets: Vec<Sheet>,
    /// A row for each of many objects.
    pub(crate) lines: Vec<Line>,
    /// Their contents travel beside, in this order.
    pub(crate) files: Vec<FileHead>,
    /// Which of the files is the object as it should be.
    pub(crate) mended: Option<usize>,
}

/// One of many requests.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) asker: String,
    pub(crate) signer: String,
    pub(crate) asks: String,
    pub(crate) tone: Tone,
    pub(crate) verdict: String,
    /// What the policy says, where there is one.
    pub(crate) policy: Vec<String>,
}

/// A file to copy or keep.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct FileHead {
    pub(crate) name: String,
    /// What it is, as a heading.
    pub(crate) title: String,
    /// Shown only to those who ask.
    pub(crate) secret: bool,
}

/// A file with its content.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) head: FileHead,
    pub(crate) content: Arc<Bytes>,
}

/// [`Told`] in the window, with its files put together.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) told: Told,
    pub(crate) files: Vec<File>,
}

impl Told {
    /// Nothing was done, for this reason.
    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self { remarks: vec![remark(Tone::Bad, reason)], ..Self::default() }
    }
}

pub(super) fn remark(tone: Tone, text: impl Into<String>) -> Remark {
    Remark { tone, text: text.into(), place: None }
}

/// An answer on its way: what is told, and the contents of its files.
#[derive(Default)]
pub(super) struct Made {
    pub(super) told: Told,
    pub(super) contents: Vec<Bytes>,
}

impl Made {
    pub(super) fn fine() -> Self {
        Self { told: Told { fine: true, ..Told::default() }, contents: Vec::new() }
    }

    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self { told: Told::refused(reason), contents: Vec::new() }
    }

    pub(super) fn file(&mut self, name: &str, title: &str, content: &str) {
        self.bytes(name, title, false, Bytes::new(content.as_bytes().to_vec()));
    }

    pub(super) fn bytes(&mut self, name: &str, title: &str, secret: bool, content: Bytes) {
        let head = FileHead { name: name.to_owned(), title: title.to_owned(), secret };
        self.told.files.push(head);
        self.contents.push(content);
    }
}
