//! Distinguished names in a report.

use serde::{Deserialize, Serialize};

use crate::decode::{Name, StringKind};

/// A distinguished name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameReport {
    /// As RFC 4514 writes it, the last attribute first; controls and direction marks are escaped.
    pub rfc4514: String,
    /// The attributes in the order of the encoding.
    pub attributes: Vec<AttributeReport>,
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeReport {
    /// Its name, e.g. `CN`, or the dotted numbers.
    pub name: String,
    /// Its object identifier.
    pub oid: String,
    /// The value as it stands there; it may hold any character.
    pub value: String,
    /// Type of the string.
    pub string: StringKind,
    /// Number of the relative distinguished name that it is in, from 0.
    pub rdn: usize,
}

impl NameReport {
    pub(super) fn new(name: &Name<'_>) -> Self {
        let mut attributes = Vec::new();
        for (rdn, members) in name.rdns.iter().enumerate() {
            for attribute in members {
                attributes.push(AttributeReport {
                    name: attribute.oid.name(),
                    oid: attribute.oid.to_string(),
                    value: attribute.text(),
                    string: attribute.string,
                    rdn,
                });
            }
        }
        Self { rfc4514: name.rfc4514(), attributes }
    }
}
