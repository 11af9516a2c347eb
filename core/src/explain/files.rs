//! Several files in one report, so that a key is matched with the certificate in another file.

use time::OffsetDateTime;

use super::{Report, unrelated};
use crate::decode::Finding;
use crate::detect::Step;
use crate::key::Signed;

/// Reads several files, each given by its name and its bytes.
///
/// The path of every object begins with its file.
/// A file that holds nothing we know leaves its findings, with its place given by
/// [`FileFindings::name`].
pub fn read_files<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    now: OffsetDateTime,
) -> (Report, Vec<FileFindings>) {
    let (mut report, findings) = unrelated_files(files, now);
    report.relate(None);
    (report, findings)
}

/// The same with signatures for the caller to check, as [`super::read_but_signatures`].
pub fn read_files_but_signatures<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    now: OffsetDateTime,
) -> (Report, Vec<FileFindings>, Vec<Signed>) {
    let (mut report, findings) = unrelated_files(files, now);
    let mut signed = Vec::new();
    report.relate(Some(&mut signed));
    (report, findings, signed)
}

fn unrelated_files<'a>(
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
