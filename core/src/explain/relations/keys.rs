//! Which key belongs to what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::detect::Step;
use crate::explain::{Object, Report};
use crate::hash::HashMap;
use crate::order;

/// Objects over one key pair: certificates, requests, public keys and the private key itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyGroup {
    /// SHA-256 of the SubjectPublicKeyInfo, in hexadecimal.
    pub spki_sha256: String,
    /// Their indices, in order; two at least.
    pub objects: Vec<usize>,
    /// Whether the private key is among them.
    pub has_private_key: bool,
}

/// A private key and the certificate that it stands beside without being its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyMismatch {
    /// Index of the private key.
    pub key: usize,
    /// Index of the certificate.
    pub certificate: usize,
}

/// The hash by which keys are compared, and whether it is the private half.
fn key_of(object: &Object) -> Option<(&str, bool)> {
    match object {
        Object::Certificate(certificate) => Some((&certificate.key.spki_sha256, false)),
        Object::CertificateRequest(request) => Some((&request.key.spki_sha256, false)),
        Object::PublicKey(key) => Some((&key.spki_sha256, false)),
        Object::PrivateKey(key) => Some((key.spki_sha256.as_deref()?, true)),
        _ => None,
    }
}

pub(super) fn groups(report: &Report) -> Vec<KeyGroup> {
    let mut by_key: HashMap<&str, KeyGroup> = HashMap::default();
    for (index, object) in report.objects.iter().enumerate() {
        let Some((hash, private)) = key_of(&object.object) else { continue };
        let group = by_key.entry(hash).or_insert_with(|| KeyGroup {
            spki_sha256: hash.to_owned(),
            objects: Vec::new(),
            has_private_key: false,
        });
        group.objects.push(index);
        group.has_private_key |= private;
    }
    let mut groups: Vec<_> = by_key.into_values().filter(|group| group.objects.len() > 1).collect();
    order::sort_by(&mut groups, |a, b| a.objects.cmp(&b.objects));
    groups
}

/// Keys that belong to none of the certificates in the same place.
pub(super) fn mismatches(report: &Report) -> Vec<KeyMismatch> {
    let mut places: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (index, object) in report.objects.iter().enumerate() {
        if matches!(object.object, Object::Certificate(_) | Object::PrivateKey(_)) {
            places.entry(place(&object.path)).or_default().push(index);
        }
    }
    let mut mismatches = Vec::new();
    for indices in places.values() {
        let objects = || {
            let items = indices.iter();
            items.filter_map(|index| Some((*index, &report.objects.get(*index)?.object)))
        };
        let first = objects().find(|(_, object)| matches!(object, Object::Certificate(_)));
        let Some((certificate, _)) = first else { continue };
        for (key, object) in objects() {
            let Some((hash, true)) = key_of(object) else { continue };
            let fits = |(_, other): (usize, &Object)| key_of(other) == Some((hash, false));
            if !objects().any(fits) {
                mismatches.push(KeyMismatch { key, certificate });
            }
        }
    }
    order::sort_by_key(&mut mismatches, |mismatch| mismatch.key);
    mismatches
}

/// Where an object stands, without what tells a certificate from its key: the last part of a
/// field (`tls.crt`, `client-key-data`), the ending of a file, the number of a PEM block.
fn place(path: &[Step]) -> Vec<String> {
    let named = path.iter().rposition(|step| {
        matches!(step, Step::Field { .. } | Step::TarEntry { .. } | Step::File { .. })
    });
    let blocks = path.iter().rposition(|step| matches!(step, Step::Pem { .. } | Step::Der));
    let end = named.or(blocks).unwrap_or(path.len());
    let mut place: Vec<String> = path.iter().take(end).map(|step| format!("{step:?}")).collect();
    if let Some(Step::Field { path, .. } | Step::TarEntry { path } | Step::File { name: path }) =
        path.get(end)
    {
        let stem = path.rsplit_once(['.', '-']).map_or("", |(stem, _)| stem);
        // `client-certificate-data` and `client-key-data` end alike.
        let stem = stem.trim_end_matches("-certificate").trim_end_matches("-key");
        place.push(stem.to_owned());
    }
    place
}
