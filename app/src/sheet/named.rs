//! The sheets of revocation lists, of tokens, and of formats that are named and not read.

use pki_core::detect::Foreign;
use pki_core::explain::{BootstrapTokenReport, Object, RevocationListReport, TokenReport};
use pki_text::en::{explain, sheet as words};

use super::certificate::{status, title, validity};
use super::colons::colons;
use super::rows::{named, of_kind, rows, said, text};
use super::{Remark, Sheet, Tone};

/// Revoked certificates that a sheet lists.
const MOST_REVOKED: usize = 200;

pub(super) fn revocation_list(list: &RevocationListReport) -> Sheet {
    let mut sheet = Sheet::empty(words::REVOCATION_LIST, title(&list.issuer));
    sheet.status = Some(status(&list.validity));
    validity(&mut sheet, &list.validity);
    sheet.add(
        words::IDENTITY,
        true,
        [
            rows(words::ISSUER, [text(&list.issuer.rfc4514)]),
            rows(words::NUMBER, list.number.as_ref().map(text)),
            rows(words::VERSION, [said(list.version.to_string())]),
            rows(words::SIGNATURE, [named(&list.signature_algorithm)]),
            rows(words::SHA256, [text(colons(&list.sha256))]),
        ],
    );
    let revoked = list.revoked.iter().take(MOST_REVOKED).map(|revoked| {
        let date = revoked.date.as_ref().map_or("", |date| date.rfc3339.as_str());
        let reason = revoked.reason.as_deref().unwrap_or_default();
        of_kind(format!("{date} {reason}").trim(), colons(&revoked.serial.hex))
    });
    sheet.add(
        words::REVOKED,
        true,
        [rows(words::COUNT, [said(list.count.to_string())]), rows(words::SERIAL, revoked)],
    );
    sheet.extensions(&list.extensions);
    sheet.remarks.push(note(explain::REVOCATION));
    sheet
}

pub(super) fn token(report: &TokenReport) -> Sheet {
    let token = &report.token;
    let name = report.user.as_ref().or(token.subject.as_ref());
    let kind = explain::kind(&Object::Token(Box::new(report.clone())));
    let mut sheet =
        Sheet::empty(kind, name.map_or(words::NO_NAME, |name| name.as_str()).to_owned());
    sheet.status = Some(status(&report.validity));
    let claims = [
        rows(words::USER, report.user.as_ref().map(text)),
        rows(words::GROUPS, report.groups.iter().map(text)),
        rows(words::ISSUER, token.issuer.as_ref().map(text)),
        rows(words::SUBJECT, token.subject.as_ref().map(text)),
        rows(words::AUDIENCES, token.audiences.iter().map(text)),
        rows(words::POD, token.pod.as_ref().map(text)),
        rows(words::NODE, token.node.as_ref().map(text)),
        rows(words::ALGORITHM, [text(&token.algorithm)]),
        rows(words::TOKEN_KID, token.key_id.as_ref().map(text)),
        rows(words::CLAIMS, [text(&token.claims)]),
    ];
    sheet.add(words::CLAIMS, true, claims);
    validity(&mut sheet, &report.validity);
    sheet
}

pub(super) fn bootstrap_token(report: &BootstrapTokenReport) -> Sheet {
    let token = &report.token;
    let mut sheet = Sheet::empty(words::BOOTSTRAP_TOKEN, token.id.clone());
    if token.from_secret {
        sheet.status = Some(status(&report.validity));
    }
    sheet.add(
        words::MEANING,
        true,
        [
            rows(words::TOKEN_ID, [text(&token.id)]),
            rows(words::USER, [text(&report.user)]),
            rows(words::GROUPS, report.groups.iter().map(text)),
            rows(words::ALLOWED, token.usages.iter().map(text)),
            rows(words::DESCRIPTION, token.description.as_ref().map(text)),
            rows(words::NOT_AFTER, token.expiration.as_ref().map(text)),
        ],
    );
    sheet
}

pub(super) fn foreign(foreign: &Foreign) -> Sheet {
    let (sentence, command) = explain::foreign_help(foreign);
    let mut sheet = Sheet::empty(explain::foreign_kind(foreign), String::new());
    if let Foreign::OpenSshPublicKey { algorithm, comment } = foreign {
        sheet.title = comment.clone().unwrap_or_default();
        sheet.add(words::KEY, true, [rows(words::ALGORITHM, [text(algorithm)])]);
    }
    sheet.add(words::NEXT, true, [rows(words::COMMAND, [text(command)])]);
    sheet.remarks.push(note(sentence));
    sheet
}

fn note(sentence: &str) -> Remark {
    Remark { tone: Tone::Note, text: sentence.to_owned(), place: None }
}
