//! Tokens in a report.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

use super::validity::{Status, ValidityReport};
use crate::detect::{BootstrapToken, Token};

/// A token: its claims, and who it is to kube-apiserver.
///
/// Whether its signature is right is said in [`Relations::tokens`], where its key is in sight, and
/// nowhere else.
///
/// [`Relations::tokens`]: super::relations::Relations::tokens
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenReport {
    /// Header and claims.
    pub token: Token,
    /// From `nbf` (or `iat`) to `exp`.
    pub validity: ValidityReport,
    /// `system:serviceaccount:<namespace>:<name>`, for a ServiceAccount token.
    pub user: Option<String>,
    /// The groups of every ServiceAccount of its namespace.
    pub groups: Vec<String>,
    /// The token itself, for who checks its signature; it is never written out.
    #[serde(skip)]
    pub(super) compact: Secret,
}

/// Octets that no report shows.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Secret(pub(super) Zeroizing<Vec<u8>>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl TokenReport {
    pub(super) fn new(token: &Token, compact: &Zeroizing<Vec<u8>>, now: OffsetDateTime) -> Self {
        let moment = |seconds: i64| OffsetDateTime::from_unix_timestamp(seconds).ok();
        let start = token.not_before.or(token.issued_at).and_then(moment);
        let names = token.namespace.as_ref().zip(token.service_account.as_ref());
        let groups = token.namespace.as_ref().filter(|_| names.is_some()).map(|namespace| {
            vec![
                "system:serviceaccounts".to_owned(),
                format!("system:serviceaccounts:{namespace}"),
                "system:authenticated".to_owned(),
            ]
        });
        Self {
            token: token.clone(),
            validity: validity(start, token.expires.and_then(moment), now),
            user: names
                .map(|(namespace, name)| format!("system:serviceaccount:{namespace}:{name}")),
            groups: groups.unwrap_or_default(),
            compact: Secret(compact.clone()),
        }
    }
}

/// A bootstrap token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BootstrapTokenReport {
    /// What it says itself.
    pub token: BootstrapToken,
    /// Until its expiration; of unknown validity where its Secret is not here.
    pub validity: ValidityReport,
    /// Who it is to kube-apiserver.
    pub user: String,
    /// Its groups.
    pub groups: Vec<String>,
}

impl BootstrapTokenReport {
    pub(super) fn new(token: &BootstrapToken, now: OffsetDateTime) -> Self {
        let end = token.expiration.as_deref();
        let end = end.map(|end| OffsetDateTime::parse(end, &Rfc3339).ok());
        let validity = match end {
            Some(Some(end)) => validity(None, Some(end), now),
            None if token.from_secret => validity(None, None, now),
            _ => ValidityReport::new(None, None, now),
        };
        let mut groups = vec!["system:bootstrappers".to_owned()];
        groups.extend(token.groups.iter().cloned());
        groups.push("system:authenticated".to_owned());
        let user = format!("system:bootstrap:{}", token.id);
        Self { token: token.clone(), validity, user, groups }
    }
}

/// Unlike a certificate, a token may do without a start and without an end.
fn validity(
    start: Option<OffsetDateTime>,
    end: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> ValidityReport {
    let mut report = ValidityReport::new(start, end, now);
    if report.status == Status::Unknown {
        report.status = Status::Valid;
    }
    report
}
