//! The sheet of bytes that are no whole object.

use pki_core::explain::{NameReport, UnknownReport};
use pki_text::en::{explain, sheet as words};

use super::certificate::{title, validity};
use super::colons::colons;
use super::rows::{rows, said, text};
use super::{Remark, Sheet, Status, Tone};

pub(super) fn sheet(unknown: &UnknownReport) -> Sheet {
    let label = unknown.label.clone();
    let name = label.clone().unwrap_or_else(|| words::bytes(unknown.length));
    let mut sheet = Sheet::empty(words::UNKNOWN, name);
    if let Some(start) = &unknown.certificate {
        words::BROKEN_CERTIFICATE.clone_into(&mut sheet.kind);
        if let Some(subject) = &start.subject {
            sheet.title = title(subject);
        }
        // Whatever its dates say: nobody takes it.
        sheet.status =
            Some(Status { tone: Tone::Bad, text: words::NO_USE.to_owned(), percent: None });
        let name = |name: &Option<NameReport>| match name {
            Some(name) => text(&name.rfc4514),
            None => said(explain::NOT_WHOLE),
        };
        sheet.add(
            words::IDENTITY,
            true,
            [
                rows(words::SUBJECT, [name(&start.subject)]),
                rows(words::ISSUER, [name(&start.issuer)]),
                rows(words::SERIAL, [text(colons(&start.serial.hex))]),
            ],
        );
        if let Some(found) = &start.validity {
            validity(&mut sheet, found);
        }
        let text = explain::READ_SO_FAR.to_owned();
        sheet.remarks.push(Remark { tone: Tone::Note, text, place: None });
    }
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
