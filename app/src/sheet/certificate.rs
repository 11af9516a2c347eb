//! The sheet of a certificate.

use pki_core::explain::{CertificateReport, NameReport, Status as Stands, ValidityReport};
use pki_text::en::sheet as words;

use super::colons::colons;
use super::rows::{letter, named, rows, said, text};
use super::{Sheet, Status, Tone};

/// Less than this share of a lifetime left deserves a warning.
const LATE_PERCENT: u32 = 90;

pub(super) fn sheet(certificate: &CertificateReport) -> Sheet {
    let is_ca = certificate.extensions.is_ca();
    let kind = if is_ca { words::CA_CERTIFICATE } else { words::CERTIFICATE };
    let mut sheet = Sheet::empty(kind, title(&certificate.subject));
    sheet.ca = authority(certificate);
    sheet.status = Some(status(&certificate.validity));
    sheet.meaning(&certificate.meaning, true);
    sheet.names(&certificate.extensions);
    validity(&mut sheet, &certificate.validity);
    sheet.usages(&certificate.extensions, true);
    let issuer = if certificate.self_issued {
        said(words::SELF_ISSUED)
    } else {
        text(&certificate.issuer.rfc4514)
    };
    let serial = &certificate.serial;
    let sign = if serial.negative { "-" } else { "" };
    sheet.add(
        words::IDENTITY,
        true,
        [
            rows(words::SUBJECT, [text(&certificate.subject.rfc4514)]),
            rows(words::ISSUER, [issuer]),
            rows(
                words::SERIAL,
                [text(format!("{sign}{}", colons(&serial.hex)))]
                    .into_iter()
                    .chain(serial.decimal.as_ref().map(text)),
            ),
            rows(words::VERSION, [said(certificate.version.to_string())]),
        ],
    );
    let authority = certificate.extensions.authority_key_id.as_ref();
    let ids = [
        rows(
            words::SUBJECT_KEY_ID,
            certificate.extensions.subject_key_id.as_deref().map(|id| text(colons(id))),
        ),
        rows(
            words::AUTHORITY_KEY_ID,
            authority.and_then(|id| id.key_id.as_deref()).map(|id| text(colons(id))),
        ),
        rows(words::SIGNATURE, [named(&certificate.signature_algorithm)]),
    ];
    sheet.key(&certificate.key, ids);
    let prints = &certificate.fingerprints;
    sheet.add(
        words::FINGERPRINTS,
        true,
        [
            rows(words::SHA256, [text(colons(&prints.sha256))]),
            rows(words::SHA1, [text(colons(&prints.sha1))]),
            rows(words::PIN, [text(&prints.spki_pin)]),
            rows(
                words::DISCOVERY_HASH,
                certificate.discovery_token_ca_cert_hash.as_ref().map(text),
            ),
            rows(words::CREDENTIAL_ID, (!is_ca).then(|| text(&certificate.credential_id))),
        ],
    );
    sheet.key_numbers(&certificate.key);
    sheet.extensions(&certificate.extensions);
    sheet
}

/// The letter of the kubeadm CA that it is, or that signed it.
pub(super) fn authority(certificate: &CertificateReport) -> Option<char> {
    common_name(&certificate.issuer).and_then(letter)
}

/// The last common name, which is the one that Kubernetes reads; else the whole name.
pub(super) fn title(name: &NameReport) -> String {
    match common_name(name) {
        Some(common_name) => common_name.to_owned(),
        None if name.rfc4514.is_empty() => words::NO_NAME.to_owned(),
        None => name.rfc4514.clone(),
    }
}

fn common_name(name: &NameReport) -> Option<&str> {
    name.attributes
        .iter()
        .rev()
        .find(|attribute| attribute.name == "CN" || attribute.oid == "2.5.4.3")
        .map(|attribute| attribute.value.as_str())
        .filter(|value| !value.is_empty())
}

pub(super) fn status(validity: &ValidityReport) -> Status {
    let percent = percent(validity);
    let tone = match validity.status {
        Stands::Valid if percent.is_some_and(|percent| percent >= LATE_PERCENT) => Tone::Warning,
        Stands::Valid => Tone::Good,
        Stands::NotYetValid => Tone::Warning,
        Stands::Expired | Stands::Unknown => Tone::Bad,
    };
    let until_start = validity
        .seconds_left
        .zip(validity.lifetime_seconds)
        .map(|(left, lifetime)| left.saturating_sub(lifetime));
    Status {
        tone,
        text: words::status(validity.status, validity.seconds_left, until_start),
        percent,
    }
}

/// How much of the lifetime is over.
fn percent(validity: &ValidityReport) -> Option<u32> {
    let (left, lifetime) = validity.seconds_left.zip(validity.lifetime_seconds)?;
    if lifetime <= 0 {
        return None;
    }
    let over = lifetime.saturating_sub(left).clamp(0, lifetime);
    // At most 100 by the clamp above.
    u32::try_from(over.saturating_mul(100) / lifetime).ok()
}

pub(super) fn validity(sheet: &mut Sheet, validity: &ValidityReport) {
    let moment = |moment: &Option<pki_core::explain::Moment>| {
        moment.as_ref().map(|moment| text(&moment.rfc3339))
    };
    sheet.add(
        words::VALIDITY,
        true,
        [
            rows(words::NOT_BEFORE, moment(&validity.not_before)),
            rows(words::NOT_AFTER, moment(&validity.not_after)),
            rows(words::LIFETIME, validity.lifetime_seconds.map(|span| said(words::span(span)))),
        ],
    );
}
