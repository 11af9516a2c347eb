//! The expiry table, as the window draws it.

use pki_core::explain::{ExpiryRow, ExpiryTable, Report, Status as Stands};
use pki_core::order::{sort_by, sort_by_key};
use serde::{Deserialize, Serialize};

use super::Tone;
use super::visible;

/// Rows of the table, in the order that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Table {
    /// How many certificates there are altogether.
    pub(crate) total: usize,
    /// The first of them, or all.
    pub(crate) rows: Vec<TableRow>,
}

/// A certificate in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableRow {
    /// Its index in the report.
    pub(crate) object: usize,
    /// The columns of `kubeadm certs check-expiration`, the last one apart.
    pub(crate) cells: [String; 4],
    /// Whether the CA that signed it is not in sight.
    pub(crate) external: bool,
    /// Whether it is a CA itself.
    pub(crate) is_ca: bool,
    /// How much its time matters.
    pub(crate) tone: Tone,
}

impl Table {
    /// All rows. By column: name, expiry, time left, authority, externally managed.
    pub(crate) fn new(report: &Report, column: usize, descending: bool) -> Self {
        Self::some(report, column, descending, usize::MAX)
    }

    /// The first rows.
    pub(super) fn some(report: &Report, column: usize, descending: bool, count: usize) -> Self {
        let table = ExpiryTable::new(report);
        let all = table.certificates.into_iter().map(|row| (false, row));
        let mut rows: Vec<_> =
            all.chain(table.authorities.into_iter().map(|r| (true, r))).collect();
        // Stable, so that equal rows stay in the order of the paste.
        match column {
            0 => sort_by(&mut rows, |(_, a), (_, b)| a.name.cmp(&b.name)),
            3 => sort_by(&mut rows, |(_, a), (_, b)| a.authority.cmp(&b.authority)),
            4 => sort_by_key(&mut rows, |(_, row)| row.externally_managed),
            _ => sort_by_key(&mut rows, |(_, row)| row.seconds_left.unwrap_or(i64::MIN)),
        }
        if descending {
            rows.reverse();
        }
        let total = rows.len();
        let rows = rows.into_iter().take(count).map(|(is_ca, row)| TableRow::new(row, is_ca));
        Self { total, rows: rows.collect() }
    }
}

impl TableRow {
    fn new(row: ExpiryRow, is_ca: bool) -> Self {
        const MONTH: i64 = 30 * 86_400;
        let tone = match (row.status, row.seconds_left) {
            (Stands::Valid, Some(left)) if left >= MONTH => Tone::Good,
            (Stands::Valid | Stands::NotYetValid, _) => Tone::Warning,
            (Stands::Expired | Stands::Unknown, _) => Tone::Bad,
        };
        let date = row.date();
        let authority = row.authority.unwrap_or_default();
        let cells = [row.name, date, row.residual, authority].map(visible);
        Self { object: row.object, cells, external: row.externally_managed, is_ca, tone }
    }
}

/// Both halves by the time that is left, the shortest first: the order of the copies.
pub(crate) fn order(table: &mut ExpiryTable) {
    for half in [&mut table.certificates, &mut table.authorities] {
        sort_by_key(half, |row| row.seconds_left.unwrap_or(i64::MIN));
    }
}
