//! Where base64 of DER lost characters, or got some too many.
//!
//! DER begins with its own length, so the count of characters is known.
//! The place is found by trying: characters are put in (or taken out) at every place, and the right
//! one is where the values nest again. Within one long value, a key or a signature, every place
//! nests alike, so that a stretch is all that can be said; where a tag or a length was lost itself, the place
//! after which most values nest is near it, and no more; a letter that was exchanged for another
//! leaves no trace at all.

use std::ops::Range;

use super::base64::{Base64, lenient};
use crate::decode::{
    Certificate, CertificationRequest, Finding, Problem, RevocationList, may_be_private_key, tag,
    whole_tree,
};

/// More than two lines are no slip, and the text was cut short.
const MOST_LOST: usize = 130;
/// Longer objects are left alone: each place costs a decoding.
const LONGEST: usize = 6_000;

/// What is wrong with some base64, with offsets in octets of the text.
pub(super) fn findings(text: &str, decoded: &Base64) -> Vec<Finding> {
    let odd = is_uneven(decoded).then(|| odd_line(text)).flatten();
    let mut lost = lost(text, decoded);
    if let (Some(lost), Some((line, _))) = (&mut lost, &odd) {
        narrow(lost, text, line);
    }
    let mut all = decoded.findings();
    if lost.is_some() {
        // The count says it better.
        let is_count = |problem: &Problem| {
            matches!(problem, Problem::Base64Length { .. } | Problem::Base64Unpadded)
        };
        all.retain(|finding| !is_count(&finding.problem));
    }
    all.extend(lost);
    all.extend(odd.map(|(_, finding)| finding));
    all
}

/// The one line of a folded text that is of other length than the rest: where it is, and the
/// finding.
fn odd_line(body: &str) -> Option<(Range<usize>, Finding)> {
    let mut offset = 0usize;
    let mut lines = Vec::new();
    for line in body.split_inclusive('\n') {
        let (start, bare) = (offset, line.trim());
        offset = offset.saturating_add(line.len());
        if !bare.is_empty() {
            lines.push((start..offset, bare.chars().count()));
        }
    }
    // The last line may be of any length.
    lines.pop();
    let expected = lines.iter().map(|(_, characters)| *characters).max()?;
    let mut odd = lines.iter().filter(|(_, characters)| *characters != expected);
    let (line, characters) = odd.next()?.clone();
    if lines.len() < 3 || odd.next().is_some() {
        return None;
    }
    let mut finding = Finding::from(Problem::Base64LineLength { characters, expected });
    finding.offset = Some(line.start);
    Some((line, finding))
}

/// Leaves of the places where letters can have been lost those that are on this line, if any are.
fn narrow(lost: &mut Finding, text: &str, line: &Range<usize>) {
    let Problem::Base64Lost { between: Some((first, last)), .. } = &mut lost.problem else {
        return;
    };
    let letters = |end: usize| {
        let before = text.get(..end).unwrap_or_default();
        before.chars().filter(|c| is_letter(*c)).count()
    };
    let from = letters(line.start).saturating_add(1).max(*first);
    let to = letters(line.end).saturating_add(1).min(*last);
    if from > to {
        return;
    }
    (*first, *last) = (from, to);
    let place = text.char_indices().filter(|(_, c)| is_letter(*c)).nth(from.saturating_sub(1));
    lost.offset = place.map(|(offset, _)| offset).or(lost.offset);
}

fn is_uneven(decoded: &Base64) -> bool {
    decoded.characters % 4 == 1 || !decoded.padded
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/-_".contains(character)
}

/// What the DER's own length says against the count of characters; the offset of the finding is
/// the first place that it can be, in octets of the text.
fn lost(text: &str, decoded: &Base64) -> Option<Finding> {
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
    let letters: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| is_letter(*c)).collect();
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
    let mut finding = Finding::from(Problem::Base64Lost {
        expected,
        found,
        between,
        exact: best.0,
        uneven: is_uneven(decoded),
    });
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
