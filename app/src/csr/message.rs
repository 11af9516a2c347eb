//! What the window and the desk's worker say to each other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::platform::Bytes;
use crate::sheet::{Remark, Sheet, Tone};

/// What the desk is asked to do.
#[derive(Serialize, Deserialize)]
pub(crate) enum Ask {
    /// Judge what was pasted. Bytes: the input.
    Review(ReviewAsk),
    /// Show one of the objects of the last review.
    Look(usize),
    /// Make a key and a request, and keep both in mind.
    Make(MakeAsk),
    /// Read what to ask for from a certificate or request. Bytes: it.
    Template,
    /// Put the key that was made under a passphrase. Bytes: the passphrase.
    Park,
    /// Bring a certificate and its key together. Bytes: the certificate; a key or parked file, or
    /// nothing for the key made here; its passphrase; the CA; the one that signs for clients, if
    /// that is another.
    Attach(AttachAsk),
    /// Read server and CA of a kubeconfig. Bytes: it.
    Server,
    /// Keep a CA of an archive in mind: the paths of its certificate and of its key, if that is
    /// there. Bytes: the archive.
    TakeIssuer(String, Option<String>),
    /// Sign, or show what would be signed. Bytes: the request; the CA's certificate; its key, or
    /// nothing for the one kept in mind.
    Sign(SignAsk),
    /// Make requests for many people. Bytes: the list.
    Course(CourseAsk),
}

/// What to ask for, as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct MakeAsk {
    /// `user`, `node-client`, `node-serving`, `service` or `other`.
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) groups: String,
    /// DNS names and addresses.
    pub(crate) names: String,
    pub(crate) namespace: String,
    pub(crate) domain: String,
    pub(crate) signer: String,
    pub(crate) usages: String,
    pub(crate) expiration: String,
    pub(crate) algorithm: String,
    /// `metadata.name`; empty for the usual one.
    pub(crate) object: String,
    pub(crate) cluster: String,
    /// Where the ServiceAccounts of people live that file requests.
    pub(crate) accounts: String,
}

/// Where a kubeconfig leads to.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct AttachAsk {
    pub(crate) server: String,
    pub(crate) cluster: String,
    pub(crate) by_path: bool,
}

/// How to sign.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct SignAsk {
    /// `kubernetes`, `kubeadm` or `own`.
    pub(crate) profile: String,
    /// The usages of an own profile.
    pub(crate) usages: String,
    /// The longest lifetime.
    pub(crate) duration: String,
    /// Sign, instead of showing what would be signed.
    pub(crate) really: bool,
    /// Also with a certificate that is no CA's.
    pub(crate) anyway: bool,
}

/// A workshop.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct CourseAsk {
    pub(crate) role: String,
    /// One namespace for all; empty for one each.
    pub(crate) namespace: String,
    pub(crate) expiration: String,
    pub(crate) algorithm: String,
    pub(crate) cluster: String,
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
    /// What a template says.
    pub(crate) template: Option<MakeAsk>,
    /// The server of a kubeconfig, and the cluster's name.
    pub(crate) server: Option<(String, String)>,
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

    pub(super) fn secret(&mut self, name: &str, title: &str, content: &str) {
        self.bytes(name, title, true, Bytes::new(content.as_bytes().to_vec()));
    }

    pub(super) fn bytes(&mut self, name: &str, title: &str, secret: bool, content: Bytes) {
        let head = FileHead { name: name.to_owned(), title: title.to_owned(), secret };
        self.told.files.push(head);
        self.contents.push(content);
    }
}
