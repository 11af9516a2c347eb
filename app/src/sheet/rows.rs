//! Rows from the parts of a report that several objects share.

use pki_core::explain::{ExtensionsReport, Identity, NamedOid, Note, Refusal};
use pki_text::en::{explain, sheet as words};

use super::visible::odd;
use super::{Remark, Row, Sheet, Tone, Value};

pub(crate) fn rows(label: &str, values: impl IntoIterator<Item = Value>) -> Row {
    Row { label: label.to_owned(), values: values.into_iter().collect() }
}

/// Data, which people copy.
pub(crate) fn text(text: impl Into<String>) -> Value {
    let text = text.into();
    Value { kind: None, shown: odd(&text), text, data: true }
}

/// Words of ours, which nobody copies.
pub(crate) fn said(text: impl Into<String>) -> Value {
    let text = text.into();
    Value { kind: None, shown: odd(&text), text, data: false }
}

pub(crate) fn of_kind(kind: &str, value: impl Into<String>) -> Value {
    Value { kind: Some(kind.to_owned()), ..text(value) }
}

/// The letter of the kubeadm CA with this common name.
pub(super) fn letter(common_name: &str) -> Option<char> {
    match common_name {
        "kubernetes" | "kubernetes-ca" => Some('K'),
        "front-proxy-ca" | "kubernetes-front-proxy-ca" => Some('F'),
        "etcd-ca" => Some('E'),
        _ => None,
    }
}

impl Sheet {
    /// What the object means to Kubernetes; `stated` says whether it names its purposes, or has
    /// all of them for naming none.
    pub(super) fn meaning(&mut self, meaning: &Identity, stated: bool) {
        let role = meaning.roles.first();
        self.place = role.map(|role| explain::role(role.role).to_owned());
        // The head of the sheet names the first one.
        let others = meaning.roles.iter().skip(1);
        let roles = meaning.roles.iter();
        let flags = roles.clone().flat_map(|role| &role.flags);
        let files = roles.clone().flat_map(|role| &role.files);
        let components = roles.filter_map(|role| role.component.clone());
        let nobody = meaning.notes.contains(&Note::AuthenticatesNobody);
        let (user_label, groups_label) = match nobody {
            true => (words::WOULD_BE_USER, words::WOULD_BE_GROUPS),
            false => (words::USER, words::GROUPS),
        };
        let shown = meaning.authenticates || nobody;
        let user = meaning.user.clone().filter(|_| shown);
        let groups = match (meaning.groups.is_empty(), user.is_some()) {
            (true, true) if !nobody => vec![said(words::NO_GROUPS)],
            _ => meaning.groups.iter().filter(|_| shown).map(text).collect(),
        };
        let mut components: Vec<String> = components.collect();
        components.dedup();
        self.add(
            words::MEANING,
            true,
            [
                rows(words::PLACE, others.map(|role| said(explain::role(role.role)))),
                rows(user_label, user.map(text)),
                rows(groups_label, groups),
                rows(words::NODE, meaning.node.clone().map(text)),
                rows(words::UID, meaning.uid.clone().map(text)),
                rows(words::VALID_AS, stated.then(|| said(explain::valid_as(meaning.valid_as)))),
                rows(words::COMPONENT, components.into_iter().map(text)),
                rows(words::FLAGS, flags.map(|flag| of_kind(&flag.component, &flag.flag))),
                rows(words::FILES, files.map(text)),
                rows(words::CLUSTER_ROLES, meaning.cluster_roles.iter().map(text)),
            ],
        );
        self.remarks.extend(meaning.notes.iter().map(|note| Remark {
            tone: tone(note),
            text: super::visible(explain::note(note)),
            place: None,
        }));
    }

    /// Who would refuse the object, when, and in which words.
    pub(super) fn refusals(&mut self, refusals: &[Refusal]) {
        let rows: Vec<Row> = refusals
            .iter()
            .map(|refusal| rows(&explain::refusal(refusal), [text(&refusal.message)]))
            .collect();
        if !rows.is_empty() {
            let heading = words::REFUSALS.to_owned();
            // What refuses only a use that the object is not made for, alarms nobody.
            let at = if refusals.iter().all(Refusal::is_misuse) { self.sections.len() } else { 0 };
            self.sections.insert(at, super::Section { heading, rows, open: true });
        }
    }

    pub(super) fn names(&mut self, extensions: &ExtensionsReport) {
        let names = extensions.sans.iter();
        let values = names.map(|san| of_kind(words::san_kind(san.kind), &san.value));
        self.add(words::NAMES, true, [rows(words::SANS, values)]);
    }

    pub(super) fn usages(&mut self, extensions: &ExtensionsReport, stated: bool) {
        let key_usage = match &extensions.key_usages {
            Some(usages) => usages.iter().map(text).collect(),
            None if !stated => vec![said(words::SIGNER_DECIDES)],
            None => vec![said(words::NO_KEY_USAGE)],
        };
        let purposes = match &extensions.ext_key_usages {
            Some(purposes) => purposes.iter().map(|purpose| text(&purpose.name)).collect(),
            None if !stated => vec![said(words::SIGNER_DECIDES)],
            None if extensions.is_ca() => vec![said(words::NO_KEY_USAGE)],
            None => vec![said(words::ALL_USAGES)],
        };
        let constraints = extensions
            .basic_constraints
            .map(|constraints| said(words::constraints(constraints.ca, constraints.path_len)));
        self.add(
            words::USAGES,
            true,
            [
                rows(words::KEY_USAGE, key_usage),
                rows(words::EXT_KEY_USAGE, purposes),
                rows(words::CONSTRAINTS, constraints),
            ],
        );
    }

    pub(super) fn extensions(&mut self, extensions: &ExtensionsReport) {
        let rows: Vec<Row> = extensions
            .all
            .iter()
            .map(|extension| {
                let critical = extension.critical.then(|| said(words::CRITICAL));
                rows(&extension.name, critical.into_iter().chain([text(&extension.hex)]))
            })
            .collect();
        if !rows.is_empty() {
            let heading = words::EXTENSIONS.to_owned();
            self.sections.push(super::Section { heading, rows, open: false });
        }
    }
}

/// Name and numbers of an algorithm; the numbers alone where there is no name.
pub(super) fn named(oid: &NamedOid) -> Value {
    if oid.name == oid.oid { text(&oid.oid) } else { text(format!("{} ({})", oid.name, oid.oid)) }
}

fn tone(note: &Note) -> Tone {
    match note {
        Note::AutomaticGroup { .. }
        | Note::NeedsClusterAdminsBinding
        | Note::NeedsKubeletClientBinding
        | Note::AuthenticatesNobody
        | Note::CaAsClient { .. }
        | Note::UnknownSystemGroup { .. }
        | Note::UnknownSystemUser { .. }
        | Note::NotForUsers { .. } => Tone::Note,
        _ => Tone::Warning,
    }
}
