//! Several files in one report, so that a key is matched with the certificate in another file.

use time::OffsetDateTime;

use super::{Report, unrelated};
use crate::decode::Finding;
use crate::detect::Step;

/// Reads several files, each given by its name and its bytes.
///
/// The path of every object begins with its file.
/// A file that holds nothing we know leaves its findings, with its place given by
/// [`FileFindings::name`].
pub fn read_files<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    now: OffsetDateTime,
) -> (Report, Vec<FileFindings>) {
    let mut report = Report::default();
    let mut findings = Vec::new();
    for (name, bytes) in files {
        let one = unrelated(bytes, now);
        for mut object in one.objects {
            object.path.insert(0, Step::File { name: name.to_owned() });
            report.objects.push(object);
        }
        if !one.findings.is_empty() {
            findings.push(FileFindings { name: name.to_owned(), findings: one.findings });
        }
    }
    report.relate();
    (report, findings)
}

/// What is wrong with a file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileFindings {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub findings: Vec<Finding>,
}
