//! The sheet of a certificate signing request.

use pki_core::explain::RequestReport;
use pki_text::en::sheet as words;

use super::certificate::title;
use super::rows::{named, rows, said, text};
use super::{Section, Sheet};

pub(super) fn sheet(request: &RequestReport) -> Sheet {
    let mut sheet = Sheet::empty(words::REQUEST, title(&request.subject));
    let stated = request.extensions.ext_key_usages.is_some();
    sheet.meaning(&request.meaning, stated);
    sheet.names(&request.extensions);
    sheet.usages(&request.extensions, false);
    let proof = match request.signature_valid {
        Some(true) => words::PROVEN,
        Some(false) => words::NOT_PROVEN,
        None => words::NOT_CHECKED,
    };
    sheet.add(
        words::IDENTITY,
        true,
        [rows(words::SUBJECT, [text(&request.subject.rfc4514)]), rows(words::PROOF, [said(proof)])],
    );
    sheet.key(&request.key, [rows(words::SIGNATURE, [named(&request.signature_algorithm)])]);
    let attributes: Vec<_> = request
        .attributes
        .iter()
        .map(|attribute| rows(&attribute.name, [text(&attribute.hex)]))
        .collect();
    if !attributes.is_empty() {
        let heading = words::ATTRIBUTES.to_owned();
        sheet.sections.push(Section { heading, rows: attributes, open: false });
    }
    sheet.key_numbers(&request.key);
    sheet.extensions(&request.extensions);
    sheet
}
