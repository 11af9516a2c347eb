//! The sheets of keys, and the section on the key of a certificate.

use pki_core::explain::{KeyReport, PrivateKeyReport};
use pki_text::en::sheet as words;

use super::colons::colons;
use super::rows::{rows, said, text};
use super::{Row, Section, Sheet};

pub(super) fn public(key: &KeyReport) -> Sheet {
    let mut sheet = Sheet::empty(words::PUBLIC_KEY, one_line(key));
    sheet.key(
        key,
        [
            rows(words::PIN, [text(&key.pin)]),
            rows(words::KID, [text(&key.kid)]),
            rows(words::SHA256, [text(colons(&key.spki_sha256))]),
        ],
    );
    sheet.key_numbers(key);
    sheet
}

/// Nothing of the key itself: the report holds none of it.
pub(super) fn private(key: &PrivateKeyReport) -> Sheet {
    let algorithm = key.algorithm.as_deref().unwrap_or_default();
    let title = words::key(algorithm, key.curve.as_deref(), key.bits);
    let mut sheet = Sheet::empty(words::PRIVATE_KEY, title.clone());
    sheet.add(
        words::KEY,
        true,
        [
            rows(words::ALGORITHM, [said(title)]),
            rows(words::FORM, [said(&key.form)]),
            rows(words::ENCRYPTED, [said(if key.encrypted { words::YES } else { words::NO })]),
            rows(words::PUBLIC_HALF, key.spki_sha256.as_deref().map(|hash| text(colons(hash)))),
        ],
    );
    sheet
}

fn one_line(key: &KeyReport) -> String {
    words::key(&key.algorithm, key.curve.as_deref(), key.bits)
}

impl Sheet {
    /// The section on a public key; `more` stands between its kind and its numbers.
    pub(super) fn key<const N: usize>(&mut self, key: &KeyReport, more: [Row; N]) {
        let mut section = vec![rows(words::ALGORITHM, [said(one_line(key))])];
        section.extend(more);
        section.retain(|row| !row.values.is_empty());
        let heading = words::KEY.to_owned();
        self.sections.push(Section { heading, rows: section, open: true });
    }

    /// The long numbers of a public key, which few people look at.
    pub(super) fn key_numbers(&mut self, key: &KeyReport) {
        let mut numbers = vec![
            rows(words::MODULUS, key.modulus.as_deref().map(|hex| text(colons(hex)))),
            rows(words::EXPONENT, key.exponent.as_deref().map(text)),
            rows(words::POINT, key.point.as_deref().map(|hex| text(colons(hex)))),
        ];
        numbers.retain(|row| !row.values.is_empty());
        let heading = words::KEY_NUMBERS.to_owned();
        self.sections.push(Section { heading, rows: numbers, open: false });
    }
}
