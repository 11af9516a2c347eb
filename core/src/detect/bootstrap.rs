//! Bootstrap tokens, with which `kubeadm join` introduces itself; the secret half is not kept.

use serde::{Deserialize, Serialize};

use super::decode_base64_short;
use crate::yaml::{Node, Value};

/// Longer texts are not searched for a token: a command line is short.
const LONGEST: usize = 4 << 10;

/// The type of the Secrets that hold them.
pub(super) const SECRET_TYPE: &str = "bootstrap.kubernetes.io/token";

/// A bootstrap token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BootstrapToken {
    /// The public half: the Secret is `kube-system/bootstrap-token-<id>`.
    pub id: String,
    /// `description`, of a Secret.
    pub description: Option<String>,
    /// `expiration` of a Secret, in the form of RFC 3339; without it the token never expires.
    pub expiration: Option<String>,
    /// What a Secret allows: `authentication`, `signing`.
    pub usages: Vec<String>,
    /// `auth-extra-groups` of a Secret, beside `system:bootstrappers`.
    pub groups: Vec<String>,
    /// It was read from its Secret, so that what is not said there is not so.
    pub from_secret: bool,
}

/// The token in a short text: alone, or as a word of `kubeadm join --token …`.
pub(super) fn text(text: &str) -> Option<BootstrapToken> {
    if text.len() > LONGEST {
        return None;
    }
    let id = text.split([' ', '\t', '\r', '\n', '"', '\'', '=', ',']).find_map(token_id)?;
    Some(BootstrapToken { id: id.to_owned(), ..BootstrapToken::default() })
}

/// The id of a token of the form `[a-z0-9]{6}.[a-z0-9]{16}`.
fn token_id(text: &str) -> Option<&str> {
    let (id, secret) = text.split_once('.')?;
    let fits = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    (fits(id, 6) && fits(secret, 16)).then_some(id)
}

/// The token that a Secret holds.
pub(super) fn secret(node: &Node) -> Option<BootstrapToken> {
    if node.text(&["kind"]) != Some("Secret") || node.text(&["type"]) != Some(SECRET_TYPE) {
        return None;
    }
    let value = |key: &str| {
        if let Some(text) = node.text(&["stringData", key]) {
            return Some(text.to_owned());
        }
        let bytes = decode_base64_short(node.text(&["data", key])?);
        String::from_utf8(bytes).ok()
    };
    let mut usages = Vec::new();
    for section in ["stringData", "data"] {
        let Some(Value::Mapping(entries)) = node.get(section).map(|node| &node.value) else {
            continue;
        };
        for (key, _) in entries {
            if let Some(usage) = key.strip_prefix("usage-bootstrap-")
                && value(key).as_deref() == Some("true")
            {
                usages.push(usage.to_owned());
            }
        }
    }
    let groups = value("auth-extra-groups").unwrap_or_default();
    Some(BootstrapToken {
        id: value("token-id")?,
        description: value("description"),
        expiration: value("expiration"),
        usages,
        groups: groups.split(',').filter(|group| !group.is_empty()).map(str::to_owned).collect(),
        from_secret: true,
    })
}
