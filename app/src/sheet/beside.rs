//! A CertificateSigningRequest: the request in it beside the certificate that came of it.

use pki_core::detect::{SigningRequest, Step};
use pki_core::explain::{CertificateReport, ExtensionsReport, Object, Report, RequestReport};
use pki_core::order;
use pki_text::en::sheet as words;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::rows::{of_kind, rows, said};
use super::{Remark, Row, Section, Sheet, Tone, Value};

/// Adds to the sheet of a CertificateSigningRequest what its two fields hold, side by side, and how
/// old it is.
pub(super) fn compare(sheet: &mut Sheet, report: &Report, index: usize, now: i64) {
    let Some(Object::SigningRequest(object)) = report.objects.get(index).map(|o| &o.object) else {
        return;
    };
    let asked = held(report, index, "spec.request").find_map(|object| match object {
        Object::CertificateRequest(request) => Some(request.as_ref()),
        _ => None,
    });
    // The first one is the requester's; its issuers may follow.
    let issued = held(report, index, "status.certificate").find_map(|object| match object {
        Object::Certificate(certificate) => Some(certificate.as_ref()),
        _ => None,
    });
    remark(sheet, asked, issued);
    let mut all = table(object, asked, issued);
    all.extend(age(object, now));
    all.retain(|row| !row.values.is_empty());
    if !all.is_empty() {
        let heading = words::ASKED_AND_ISSUED.to_owned();
        sheet.sections.insert(0, Section { heading, rows: all, open: true });
    }
}

/// The objects in a field of the object with this index, which follow it.
fn held<'a>(report: &'a Report, index: usize, field: &'a str) -> impl Iterator<Item = &'a Object> {
    let path = report.objects.get(index).map(|object| object.path.as_slice()).unwrap_or_default();
    let after = report.objects.iter().skip(index.saturating_add(1));
    after
        .take_while(move |object| object.path.starts_with(path) && object.path.len() > path.len())
        .filter(move |object| match object.path.get(path.len()) {
            Some(Step::Field { path, .. }) => path == field,
            _ => false,
        })
        .map(|object| &object.object)
}

fn table(
    object: &SigningRequest,
    asked: Option<&RequestReport>,
    issued: Option<&CertificateReport>,
) -> Vec<Row> {
    let subjects = [
        asked.map(|request| of_kind(words::ASKED, &request.subject.rfc4514)),
        issued.map(|certificate| of_kind(words::ISSUED, &certificate.subject.rfc4514)),
    ];
    let names = |kind: &str, extensions: Option<&ExtensionsReport>| -> Vec<Value> {
        let sans = extensions.into_iter().flat_map(|extensions| &extensions.sans);
        sans.map(|san| of_kind(&format!("{kind} {}", words::san_kind(san.kind)), &san.value))
            .collect()
    };
    let mut sans = names(words::ASKED, asked.map(|request| &request.extensions));
    sans.extend(names(words::ISSUED, issued.map(|certificate| &certificate.extensions)));
    let mut usages = Vec::new();
    for usage in &object.usages {
        usages.push(of_kind(words::ASKED, usage));
    }
    if let Some(certificate) = issued {
        let extensions = &certificate.extensions;
        let given = extensions.key_usages.iter().flatten().cloned();
        let purposes = extensions.ext_key_usages.iter().flatten().map(|usage| usage.name.clone());
        usages.extend(given.chain(purposes).map(|usage| of_kind(words::ISSUED, usage)));
    }
    let wanted = object.expiration_seconds.and_then(|seconds| i64::try_from(seconds).ok());
    let given = issued.and_then(|certificate| certificate.validity.lifetime_seconds);
    let spans = [(words::ASKED, wanted), (words::ISSUED, given)];
    let lifetimes = spans.into_iter().filter_map(|(kind, seconds)| {
        Some(Value { kind: Some(kind.to_owned()), ..said(words::span(seconds?)) })
    });
    let expires = issued.and_then(|certificate| certificate.validity.not_after.as_ref());
    vec![
        rows(words::SUBJECT, subjects.into_iter().flatten()),
        rows(words::SANS, sans),
        rows(words::ASKED_USAGES, usages),
        rows(words::ASKED_LIFETIME, lifetimes),
        rows(words::EXPIRES, expires.map(|moment| of_kind(words::ISSUED, &moment.rfc3339))),
    ]
}

fn age(object: &SigningRequest, now: i64) -> Option<Row> {
    let created = OffsetDateTime::parse(object.created.as_deref()?, &Rfc3339).ok()?;
    let seconds = now.saturating_sub(created.unix_timestamp());
    Some(rows(words::AGE, [said(words::span(seconds))]))
}

/// Says where the certificate is not what was asked for.
fn remark(sheet: &mut Sheet, asked: Option<&RequestReport>, issued: Option<&CertificateReport>) {
    let (Some(asked), Some(issued)) = (asked, issued) else { return };
    if asked.key.spki_sha256 != issued.key.spki_sha256 {
        sheet.remarks.push(Remark::bad(words::OTHER_KEY.to_owned()));
    }
    let names = |extensions: &ExtensionsReport| {
        let mut names: Vec<_> = extensions.sans.iter().map(|san| san.value.clone()).collect();
        order::sort(&mut names);
        names
    };
    let differs = [
        (words::SUBJECT, asked.subject.rfc4514 != issued.subject.rfc4514),
        (words::SANS, names(&asked.extensions) != names(&issued.extensions)),
    ];
    for (label, _) in differs.into_iter().filter(|(_, differs)| *differs) {
        let text = words::issued_otherwise(label);
        sheet.remarks.push(Remark { tone: Tone::Warning, text, place: None });
    }
}
