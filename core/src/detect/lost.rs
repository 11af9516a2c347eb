//! Where base64 of DER lost characters, or got some too many.
//!
//! DER begins with its own length, so the count of characters is known.
//! The place is found by trying: characters are put in (or taken out) at every place, and the right
//! one is where the values nest again. Within one long value, a key or a signature, every place
//! nests alike, so that a stretch is all that can be said; where a tag or a length was lost itself, the place
//! after which most values nest is near it, and no more; a letter that was exchanged for another
//! leaves no trace at all.

use super::base64::{Base64, lenient};
use crate::decode::{
    Certificate, CertificationRequest, Finding, Problem, RevocationList, may_be_private_key, tag,
    whole_tree,
};

/// More than two lines are no slip, and the text was cut short.
const MOST_LOST: usize = 130;
/// Longer objects are left alone: each place costs a decoding.
const LONGEST: usize = 6_000;

/// What the DER's own length says against the count of characters; the offset of the finding is
/// the first place that it can be, in octets of the text.
pub(super) fn lost(text: &str, decoded: &Base64) -> Option<Finding> {
    let found = decoded.characters;
    if decoded.bytes.first() != Some(&tag::SEQUENCE) || found > LONGEST {
        return None;
    }
    // Of a key no copies are made.
    if may_be_private_key(&decoded.bytes) {
        return None;
    }
    let length = announced(&decoded.bytes)?;
    // Three octets are four characters, and what is left is one more than its octets.
    let expected = length.checked_mul(4)?.div_ceil(3);
    let count = expected.abs_diff(found);
    if count == 0 || count > MOST_LOST || nested(decoded.bytes.get(..length).unwrap_or(&[])).0 {
        return None;
    }
    let letters: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric() || "+/-_".contains(*c))
        .collect();
    let only: String = letters.iter().map(|(_, letter)| letter).collect();
    // Octets 55: a letter within text, and no tag or length that fits.
    let filler = "V".repeat(count);
    let (mut best, mut place) = ((false, 0), None);
    for at in 0..=found {
        let end = if expected > found { at } else { at.saturating_add(count) };
        let (Some(before), Some(after)) = (only.get(..at), only.get(end..)) else { break };
        let tried = [before, if expected > found { &filler } else { "" }, after].concat();
        let bytes = lenient(&tried).bytes;
        let score = nested(bytes.get(..length).unwrap_or(&[]));
        if score > best {
            (best, place) = (score, Some((at, at)));
        } else if score == best
            && let Some((_, last)) = &mut place
        {
            *last = at;
        }
    }
    // Characters are counted from 1, and the place is before or after one of them.
    let between = place.map(|(first, last)| (first.saturating_add(1), last.saturating_add(1)));
    let mut finding =
        Finding::from(Problem::Base64Lost { expected, found, between, exact: best.0 });
    let first = place.map_or(0, |(first, _)| first.min(letters.len().saturating_sub(1)));
    finding.offset = letters.get(first).map(|(offset, _)| *offset);
    Some(finding)
}

/// Octets of the whole value by its header.
fn announced(der: &[u8]) -> Option<usize> {
    match *der {
        [_, 0x81, one, ..] => Some(usize::from(one).saturating_add(3)),
        [_, 0x82, one, two, ..] => {
            Some(usize::from(u16::from_be_bytes([one, two])).saturating_add(4))
        }
        _ => None,
    }
}

/// Whether it is an object of a known shape. Values can nest by chance, shapes do not.
fn read(der: &[u8]) -> bool {
    Certificate::read(der).is_ok_and(|one| one.faults.is_empty())
        || CertificationRequest::read(der).is_ok_and(|one| one.faults.is_empty())
        || RevocationList::read(der).is_ok_and(|one| one.faults.is_empty())
}

/// Whether all values nest in each other soundly, and how many do.
fn nested(der: &[u8]) -> (bool, usize) {
    let tree = whole_tree(der);
    // Behind a fault may be anything.
    let sound = tree.rows.len().saturating_sub(tree.findings.len().saturating_mul(4));
    (tree.findings.is_empty() && sound > 0 && read(der), sound)
}
