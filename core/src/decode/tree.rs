//! Any DER or BER as rows of a tree, with offsets: what is shown when nothing better can be, and
//! beside everything else.
//!
//! Contents of an OCTET STRING or a BIT STRING that are ASN.1 themselves (extensions, keys) are
//! followed too.
//! The walk keeps its own stack, so depth costs no machine stack, and it ends after [`MOST_ROWS`].

use std::fmt;

use serde::{Deserialize, Serialize};

use super::extension::bit_string;
use super::{
    Class, Fault, Finding, MAX_DEPTH, Oid, Problem, Reader, StringKind, Tlv, decimal, hex, lookup,
    moment, tag, text_of,
};

/// The most values that are listed.
pub const MOST_ROWS: usize = 50_000;
/// Octets of a value that a row shows.
const MOST_OCTETS: usize = 1024;

/// The values of an object in the order of their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tree {
    /// The rows; children follow their parent with a depth of one more.
    pub rows: Vec<TreeRow>,
    /// What is wrong, each with its offset.
    pub findings: Vec<Finding>,
}

impl fmt::Display for Tree {
    /// A line a value: offset, header and length, the type indented by its depth, the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            let TreeRow { offset, header_length, length, tag, .. } = row;
            let indent = row.depth.saturating_mul(2);
            write!(f, "{offset:>5} {header_length}+{length:<5} {:indent$}{tag}", "")?;
            match (&row.value, &row.hex) {
                // A control character must not reach a terminal as it is.
                (Some(value), _) => writeln!(f, " {}", value.escape_debug())?,
                (None, Some(hex)) => writeln!(f, " {hex}")?,
                (None, None) if row.encapsulates => writeln!(f, ", which holds")?,
                (None, None) => writeln!(f)?,
            }
        }
        Ok(())
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TreeRow {
    /// How deep it is nested, from 0.
    pub depth: usize,
    /// Where its tag begins, in octets from the start of the object.
    pub offset: usize,
    /// Octets of tag and length.
    pub header_length: usize,
    /// Octets of the contents.
    pub length: usize,
    /// The type in ASN.1: `SEQUENCE`, `[0]`, `UTF8String`, …
    pub tag: String,
    /// The contents are further values, which follow as rows.
    pub constructed: bool,
    /// The contents of a string of octets or bits that are ASN.1 themselves, and follow as rows.
    pub encapsulates: bool,
    /// The value in short: a number, a text, the name of an identifier, a moment.
    pub value: Option<String>,
    /// The contents in hexadecimal, of values that contain no others; cut after 1,024 octets.
    pub hex: Option<String>,
    /// What is wrong with this value.
    pub problems: Vec<Problem>,
}

/// Lists what is in some bytes, as far as they can be read. Where they end within a value, what is
/// there of it is listed too, and marked; the outermost such value is the finding.
pub fn tree(der: &[u8]) -> Tree {
    walk(der, true)
}

/// The same, up to the first value in each place that is not whole.
pub(crate) fn whole_tree(der: &[u8]) -> Tree {
    walk(der, false)
}

fn walk(der: &[u8], take_cut: bool) -> Tree {
    let mut tree = Tree::default();
    let mut is_cut = false;
    // What is still to be read at each depth, and whether it follows an identifier in an
    // extension, where any type may be encapsulated.
    let mut open = vec![(Reader::new(der), false)];
    while let Some((reader, after_identifier)) = open.last_mut() {
        if reader.is_empty() {
            open.pop();
            continue;
        }
        let mut ahead = *reader;
        let (tlv, cut) = match (ahead.any(), take_cut) {
            (Ok(tlv), _) => (tlv, None),
            (Err(fault), true) => match (ahead.any_cut(), fault) {
                (Ok(tlv), fault) => (tlv, Some(fault)),
                (Err(_), fault) => {
                    // What is cut ends with less than a header.
                    if !is_cut || !matches!(fault.problem, Problem::Truncated { .. }) {
                        tree.findings.push(fault.into());
                    }
                    open.pop();
                    continue;
                }
            },
            (Err(fault), false) => {
                tree.findings.push(fault.into());
                open.pop();
                continue;
            }
        };
        *reader = ahead;
        let may_hold_any = *after_identifier;
        *after_identifier |= tlv.identifier == tag::OID;
        if tree.rows.len() >= MOST_ROWS {
            tree.findings.push(Problem::TooMany { limit: MOST_ROWS }.into());
            break;
        }
        let depth = open.len().saturating_sub(1);
        let inner = inner(&tlv, may_hold_any);
        let mut row = row(&tlv, depth, inner.is_some());
        let at = |problem: &Problem| Finding::from(problem.clone().at(tlv.offset));
        if cut.is_none() {
            tree.findings.extend(row.problems.iter().map(at));
        } else {
            // Half a value has faults that are none of its own.
            row.problems.clear();
        }
        if let Some(fault) = cut {
            row.problems.push(fault.problem.clone());
            if !is_cut {
                tree.findings.push(fault.into());
            }
            is_cut = true;
        }
        tree.rows.push(row);
        if let Some(inner) = inner {
            if open.len() >= MAX_DEPTH {
                tree.findings.push(Problem::TooDeep.at(tlv.offset).into());
            } else {
                open.push((inner, false));
            }
        }
    }
    tree
}

/// The values inside of a value.
fn inner<'a>(tlv: &Tlv<'a>, may_hold_any: bool) -> Option<Reader<'a>> {
    if tlv.constructed() {
        return Some(tlv.reader());
    }
    let (content, start) = match tlv.identifier {
        tag::OCTET_STRING => (tlv.content, tlv.content_offset()),
        // Only whole octets are a value.
        tag::BIT_STRING => (tlv.content.strip_prefix(&[0])?, tlv.content_offset().checked_add(1)?),
        _ => return None,
    };
    let reader = Reader::at(content, start);
    let mut ahead = reader;
    let first = ahead.any().ok()?;
    let whole = first.bytes.len() == content.len() && !first.indefinite;
    let likely = match first.identifier {
        tag::SEQUENCE | tag::SET => sound(&first),
        // A key identifier, a bit string of usages, a number, a text: inside of an extension only,
        // since octets of another kind can look like them by chance.
        0x01..=0x1e => may_hold_any && tlv.identifier == tag::OCTET_STRING,
        _ => false,
    };
    (whole && likely).then_some(reader)
}

/// Whether the values directly inside fill it: random octets hardly ever do.
fn sound(tlv: &Tlv<'_>) -> bool {
    let mut values = tlv.reader();
    values.all(|value| value.is_ok())
}

fn row(tlv: &Tlv<'_>, depth: usize, has_inner: bool) -> TreeRow {
    let mut faults: Vec<Fault> = tlv.der_fault().into_iter().collect();
    let value = if has_inner { None } else { value(tlv, &mut faults) };
    let shown = tlv.content.get(..MOST_OCTETS).unwrap_or(tlv.content);
    TreeRow {
        depth,
        offset: tlv.offset,
        header_length: tlv.header_len,
        length: tlv.content.len(),
        tag: tag_name(tlv),
        constructed: tlv.constructed(),
        encapsulates: has_inner && !tlv.constructed(),
        value,
        hex: (!has_inner && !tlv.content.is_empty()).then(|| hex(shown)),
        problems: faults.into_iter().map(|fault| fault.problem).collect(),
    }
}

fn tag_name(tlv: &Tlv<'_>) -> String {
    let number = tlv.number;
    match tlv.class() {
        Class::ContextSpecific => return format!("[{number}]"),
        Class::Application => return format!("[APPLICATION {number}]"),
        Class::Private => return format!("[PRIVATE {number}]"),
        Class::Universal => {}
    }
    let name = match number {
        0 => "end of contents",
        1 => "BOOLEAN",
        2 => "INTEGER",
        3 => "BIT STRING",
        4 => "OCTET STRING",
        5 => "NULL",
        6 => "OBJECT IDENTIFIER",
        7 => "ObjectDescriptor",
        9 => "REAL",
        10 => "ENUMERATED",
        12 => "UTF8String",
        16 => "SEQUENCE",
        17 => "SET",
        18 => "NumericString",
        19 => "PrintableString",
        20 => "TeletexString",
        22 => "IA5String",
        23 => "UTCTime",
        24 => "GeneralizedTime",
        26 => "VisibleString",
        27 => "GeneralString",
        28 => "UniversalString",
        30 => "BMPString",
        _ => return format!("[UNIVERSAL {number}]"),
    };
    name.to_owned()
}

/// The value in short, noting what is wrong with it.
fn value(tlv: &Tlv<'_>, faults: &mut Vec<Fault>) -> Option<String> {
    let content = tlv.content;
    match tlv.identifier {
        tag::BOOLEAN => Some(match content {
            [0] => "FALSE".to_owned(),
            [0xff] => "TRUE".to_owned(),
            _ => {
                faults.push(Problem::BadBoolean.at(tlv.offset));
                content.iter().any(|octet| *octet != 0).to_string().to_uppercase()
            }
        }),
        tag::INTEGER | tag::ENUMERATED => {
            if matches!(content, [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..]) {
                faults.push(Problem::BadInteger.at(tlv.offset));
            }
            decimal(content).filter(|_| content.len() <= 20)
        }
        tag::OID => {
            let oid = Oid(content);
            if !oid.is_valid() {
                faults.push(Problem::BadOid.at(tlv.offset));
            }
            Some(match lookup(oid) {
                Some(named) => format!("{} ({oid})", named.name),
                None => oid.to_string(),
            })
        }
        tag::BIT_STRING => {
            let bits = bit_string(tlv, faults).ok()?.len().saturating_mul(8);
            let unused = content.first().map_or(0, |unused| usize::from(*unused));
            Some(format!("{} bit", bits.saturating_sub(unused)))
        }
        tag::UTC_TIME | tag::GENERALIZED_TIME => {
            let read = moment(tlv, faults);
            Some(match read {
                Some(moment) => moment.to_string(),
                None => String::from_utf8_lossy(content).into_owned(),
            })
        }
        identifier => match StringKind::from_identifier(identifier) {
            StringKind::Other => None,
            kind => {
                let (text, problem) = text_of(kind, content);
                faults.extend(problem.map(|problem| problem.at(tlv.offset)));
                Some(text)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_ROWS, tree};
    use crate::decode::Problem;

    #[test]
    fn rows_have_offsets_and_values() {
        // SEQUENCE { OID 2.5.29.15, BOOLEAN TRUE, OCTET STRING { BIT STRING 5 bit } }
        let tree = tree(&[
            0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02,
            0x03, 0xa8,
        ]);
        let rows: Vec<_> = tree
            .rows
            .iter()
            .map(|row| (row.depth, row.offset, row.tag.as_str(), row.value.as_deref()))
            .collect();
        assert_eq!(
            rows,
            [
                (0, 0, "SEQUENCE", None),
                (1, 2, "OBJECT IDENTIFIER", Some("keyUsage (2.5.29.15)")),
                (1, 7, "BOOLEAN", Some("TRUE")),
                (1, 10, "OCTET STRING", None),
                (2, 12, "BIT STRING", Some("5 bit")),
            ]
        );
        assert!(tree.findings.is_empty());
    }

    #[test]
    fn faults_stand_where_they_are() {
        // A SEQUENCE of a PrintableString with `_`, and then an INTEGER that is cut short.
        let tree = tree(&[0x30, 0x07, 0x13, 0x02, b'a', b'_', 0x02, 0x05, 0x01]);
        assert_eq!(tree.rows.len(), 3);
        assert_eq!((tree.rows[2].offset, tree.rows[2].length), (6, 1));
        assert!(matches!(tree.rows[2].problems[..], [Problem::Truncated { needed: 7, left: 3 }]));
        let faults: Vec<_> = tree.findings.iter().map(|f| (f.offset, &f.problem)).collect();
        assert!(matches!(faults[0], (Some(2), Problem::BadString { character: '_', .. })));
        assert!(matches!(faults[1], (Some(6), Problem::Truncated { .. })), "{faults:?}");
    }

    #[test]
    fn what_is_cut_is_listed_as_far_as_it_is_there() {
        // SEQUENCE { SEQUENCE { INTEGER 5, UTF8String "ab…" } }, and the end is missing.
        let whole = [0x30, 0x0b, 0x30, 0x09, 2, 1, 5, 0x0c, 4, b'a', b'b', b'c', b'd'];
        let rows = |end: usize| {
            let tree = super::tree(&whole[..end]);
            let found = tree.rows.iter().map(|row| (row.offset, row.length, row.problems.len()));
            (found.collect::<Vec<_>>(), tree.findings)
        };
        let (found, findings) = rows(11);
        assert_eq!(found, [(0, 9, 1), (2, 7, 1), (4, 1, 0), (7, 2, 1)]);
        // Once, where it begins, and not at every level.
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].problem, Problem::Truncated { needed: 13, left: 11 });
        assert_eq!(rows(8).0, [(0, 6, 1), (2, 4, 1), (4, 1, 0)]);
        assert_eq!(rows(3).0.len(), 1);
        assert!(rows(1).0.is_empty() && rows(1).1.len() == 1);
        assert!(super::whole_tree(&whole[..11]).rows.is_empty());
    }

    #[test]
    fn bombs_end() {
        assert!(tree(&vec![0x30; 100_000]).rows.len() <= MOST_ROWS);
        assert!(tree(&[0x30, 0x80].repeat(50_000)).rows.len() < 100);
        assert_eq!(tree(&[0x05, 0x00].repeat(200_000)).rows.len(), MOST_ROWS);
        assert!(tree(&[]).rows.is_empty());
    }
}
