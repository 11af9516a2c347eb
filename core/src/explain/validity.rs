//! Times, and where now stands between them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment in two forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Moment {
    /// In UTC, as RFC 3339 writes it.
    pub rfc3339: String,
    /// Seconds since 1970.
    pub unix: i64,
}

impl Moment {
    /// Of a time.
    pub fn new(moment: OffsetDateTime) -> Self {
        // Years of X.509 have four digits, so the format does not fail.
        let rfc3339 = moment.format(&Rfc3339).unwrap_or_default();
        Self { rfc3339, unix: moment.unix_timestamp() }
    }
}

/// Where now stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// Before notBefore.
    NotYetValid,
    /// Within.
    Valid,
    /// After notAfter.
    Expired,
    /// One of the two times cannot be read.
    Unknown,
}

/// The validity of a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ValidityReport {
    /// Its first second.
    pub not_before: Option<Moment>,
    /// Its last second.
    pub not_after: Option<Moment>,
    /// Where now stands.
    pub status: Status,
    /// Seconds until notAfter; negative once it is past.
    pub seconds_left: Option<i64>,
    /// Seconds from notBefore to notAfter.
    pub lifetime_seconds: Option<i64>,
}

impl ValidityReport {
    pub(super) fn new(
        not_before: Option<OffsetDateTime>,
        not_after: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Self {
        let status = match (not_before, not_after) {
            (_, Some(end)) if now > end => Status::Expired,
            (Some(start), _) if now < start => Status::NotYetValid,
            (Some(_), Some(_)) => Status::Valid,
            _ => Status::Unknown,
        };
        let seconds = |from: OffsetDateTime, to: OffsetDateTime| {
            to.unix_timestamp().saturating_sub(from.unix_timestamp())
        };
        Self {
            not_before: not_before.map(Moment::new),
            not_after: not_after.map(Moment::new),
            status,
            seconds_left: not_after.map(|end| seconds(now, end)),
            lifetime_seconds: not_before.zip(not_after).map(|(start, end)| seconds(start, end)),
        }
    }
}
