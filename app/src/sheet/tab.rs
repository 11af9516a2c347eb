//! The forms in which one object can be shown: which it has, and each of them as text.

use pki_core::explain::{Object, ObjectReport, openssl};
use pki_text::en::sheet as words;
use serde::{Deserialize, Serialize};

use super::{Section, Sheet};

/// The core's name for a key whose bytes mean nothing without the headers of its PEM block.
const LEGACY_FORM: &str = "encrypted PEM";

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Tab {
    /// What it means to Kubernetes.
    Meaning,
    /// Every field.
    Fields,
    /// What openssl prints.
    Text,
    /// The values of its encoding.
    Asn1,
    /// Its bytes for people to carry around.
    Pem,
    /// The report, for programs.
    Json,
}

impl Tab {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Meaning => words::TAB_MEANING,
            Self::Fields => words::TAB_FIELDS,
            Self::Text => words::TAB_TEXT,
            Self::Asn1 => words::TAB_ASN1,
            Self::Pem => words::TAB_PEM,
            Self::Json => words::TAB_JSON,
        }
    }
}

/// Where a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Meaning,
    Fields,
}

impl Section {
    /// Whether it is in this tab.
    pub(crate) fn is_in(&self, part: Part) -> bool {
        let heading = self.heading.as_str();
        let only = match heading {
            words::REFUSALS | words::MEANING => Part::Meaning,
            words::EXTENSIONS | words::ATTRIBUTES | words::KEY_NUMBERS => Part::Fields,
            _ => return true,
        };
        only == part
    }
}

/// The forms that an object has, and whether its bytes are kept back.
pub(super) fn tabs(report: &ObjectReport) -> (Vec<Tab>, bool) {
    let (secret, bytes) = match &report.object {
        Object::PrivateKey(key) => (true, key.form != LEGACY_FORM),
        // A token is not given back: none of its forms holds it.
        Object::Token(_) | Object::BootstrapToken(_) => (true, false),
        // The core leaves out the first octets of what may be a key.
        Object::Unknown(unknown) => (unknown.head.is_empty(), unknown.length > 0),
        _ => (false, report.pem.is_some()),
    };
    let text = matches!(
        report.object,
        Object::Certificate(_) | Object::CertificateRequest(_) | Object::RevocationList(_)
    );
    let fields = report.pem.is_some();
    let pem = report.pem.is_some() || (secret && bytes);
    let has = [
        (Tab::Meaning, true),
        (Tab::Fields, fields),
        (Tab::Text, text && bytes),
        (Tab::Asn1, bytes),
        (Tab::Pem, pem),
        (Tab::Json, true),
    ];
    (has.into_iter().filter(|(_, has)| *has).map(|(tab, _)| tab).collect(), secret)
}

/// The form of an object that is a text; `None` for those that are not.
pub(crate) fn form(report: &ObjectReport, tab: Tab) -> Option<String> {
    match tab {
        Tab::Text => openssl::text(&report.der()?),
        Tab::Pem => report.pem.clone(),
        Tab::Json => serde_json::to_string_pretty(report).ok(),
        Tab::Meaning | Tab::Fields | Tab::Asn1 => None,
    }
}

/// What stands in one of the first two tabs, as text to be copied.
pub(crate) fn sheet_text(sheet: &Sheet, part: Part) -> String {
    let mut text = format!("{}: {}\n", sheet.kind, sheet.title);
    for line in sheet.place.iter().chain(sheet.status.as_ref().map(|status| &status.text)) {
        text.push_str(line);
        text.push('\n');
    }
    if part == Part::Meaning {
        for remark in &sheet.remarks {
            text.push_str(&format!("- {}\n", remark.text));
        }
    }
    for section in sheet.sections.iter().filter(|section| section.is_in(part)) {
        text.push_str(&format!("\n{}\n", section.heading));
        for row in &section.rows {
            let values = row.values.iter().map(|value| match &value.kind {
                Some(kind) => format!("{kind} {}", value.shown.as_ref().unwrap_or(&value.text)),
                None => value.shown.as_ref().unwrap_or(&value.text).clone(),
            });
            let values: Vec<_> = values.collect();
            text.push_str(&format!("  {}: {}\n", row.label, values.join(", ")));
        }
    }
    text
}
