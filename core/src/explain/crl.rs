//! Revocation lists in a report.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::certificate::SerialReport;
use super::extension::{ExtensionsReport, NamedOid};
use super::name::NameReport;
use super::validity::{Moment, ValidityReport};
use crate::decode::{Finding, RevocationList, decimal, hex, oid, tag};

/// The most revoked certificates that a report lists; the count is of all.
const MOST_LISTED: usize = 1_000;

/// Names of the reasons by their number (RFC 5280 §5.3.1); 7 is not used.
const REASONS: [&str; 11] = [
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "",
    "removeFromCRL",
    "privilegeWithdrawn",
    "aACompromise",
];

/// A revocation list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevocationListReport {
    /// 1 or 2.
    pub version: u64,
    /// The CA that revokes.
    pub issuer: NameReport,
    /// From thisUpdate to nextUpdate: after that a verifier wants a newer list.
    pub validity: ValidityReport,
    /// cRLNumber in decimal: the higher one is the newer list.
    pub number: Option<String>,
    /// SHA-256 of the DER, in hexadecimal.
    pub sha256: String,
    /// How many certificates are revoked.
    pub count: usize,
    /// The first of them.
    pub revoked: Vec<RevokedReport>,
    /// The algorithm of the signature.
    pub signature_algorithm: NamedOid,
    /// Extensions of the list.
    pub extensions: ExtensionsReport,
}

/// A revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RevokedReport {
    /// Its serial number.
    pub serial: SerialReport,
    /// Since when.
    pub date: Option<Moment>,
    /// Why, by the name in RFC 5280.
    pub reason: Option<String>,
    /// Further extensions of the entry, by name.
    pub extensions: Vec<String>,
}

impl RevocationListReport {
    pub(super) fn new(list: &RevocationList<'_>, now: OffsetDateTime) -> (Self, Vec<Finding>) {
        let mut findings: Vec<Finding> = list.faults.iter().cloned().map(Finding::from).collect();
        let extensions = ExtensionsReport::new(&list.extensions, &mut findings);
        let revoked = list.revoked.iter().take(MOST_LISTED).map(|one| RevokedReport {
            serial: SerialReport::new(one.serial),
            date: one.date.map(Moment::new),
            reason: one.reason.map(|code| {
                let name = REASONS.get(usize::from(code)).filter(|name| !name.is_empty());
                name.map_or_else(|| code.to_string(), |name| (*name).to_owned())
            }),
            extensions: one
                .extensions
                .iter()
                .filter(|extension| !extension.oid.is(oid::REASON_CODE))
                .map(|extension| extension.oid.name())
                .collect(),
        });
        let report = Self {
            version: list.version,
            issuer: NameReport::new(&list.issuer),
            validity: ValidityReport::new(list.this_update, list.next_update, now),
            number: list
                .extensions
                .iter()
                .find(|extension| extension.oid.name() == "cRLNumber")
                .and_then(|extension| extension.reader().expect(tag::INTEGER).ok())
                .and_then(|number| decimal(number.content)),
            sha256: hex(&Sha256::digest(list.der)),
            count: list.revoked.len(),
            revoked: revoked.collect(),
            signature_algorithm: NamedOid::new(list.algorithm.oid),
            extensions,
        };
        (report, findings)
    }
}
