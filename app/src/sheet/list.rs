//! Many objects as lines, of which the window asks for those that it shows.

use pki_core::explain::{ExtensionsReport, Object, Report};
use serde::{Deserialize, Serialize};

use super::{Sheet, Status};

/// Some of the lines of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lines {
    /// How many lines there are altogether.
    pub(crate) total: usize,
    /// Number of the first of [`Self::lines`].
    pub(crate) from: usize,
    /// Some of them.
    pub(crate) lines: Vec<Line>,
}

/// An object in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Its index in the report.
    pub(crate) index: usize,
    /// What kind of object it is.
    pub(crate) kind: String,
    /// Whose it is.
    pub(crate) title: String,
    /// Letter of the kubeadm CA that it is, or that signed it.
    pub(crate) ca: Option<char>,
    /// How its validity stands.
    pub(crate) status: Option<Status>,
}

impl Lines {
    /// The lines from number `from` on of the objects with these indices.
    pub(crate) fn new(
        report: &Report,
        indices: &[usize],
        from: usize,
        count: usize,
        now: i64,
    ) -> Self {
        let some = indices.iter().skip(from).take(count);
        let lines = some.filter_map(|index| Sheet::of(report, *index, now)).map(|sheet| Line {
            index: sheet.index,
            kind: sheet.kind,
            title: sheet.title,
            ca: sheet.ca,
            status: sheet.status,
        });
        Self { total: indices.len(), from, lines: lines.collect() }
    }
}

/// The objects in whose kind, subject or names a text occurs, whatever its case.
pub(crate) fn matching(report: &Report, filter: &str) -> Vec<usize> {
    let wanted = filter.trim().to_lowercase();
    let all = report.objects.iter().enumerate();
    if wanted.is_empty() {
        return all.map(|(index, _)| index).collect();
    }
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let found = all.filter(|(_, object)| match &object.object {
        Object::Certificate(certificate) => {
            holds(&certificate.subject.rfc4514) || named(&certificate.extensions, &holds)
        }
        Object::CertificateRequest(request) => {
            holds(&request.subject.rfc4514) || named(&request.extensions, &holds)
        }
        _ => Sheet::new(object).title_or_kind(&holds),
    });
    found.map(|(index, _)| index).collect()
}

fn named(extensions: &ExtensionsReport, holds: &dyn Fn(&str) -> bool) -> bool {
    extensions.sans.iter().any(|san| holds(&san.value))
}

impl Sheet {
    fn title_or_kind(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        holds(&self.title) || holds(&self.kind)
    }
}
