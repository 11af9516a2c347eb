//! The first PEM block of a text, as Go's `encoding/pem` finds it.
//!
//! The API server takes the first block that is well formed and looks at its label only then, so
//! what counts as well formed decides the verdict: no indentation, no byte order mark, labels of
//! BEGIN and END alike; headers, text around the block and spaces inside the base64 are fine.

use crate::review::base64;

/// A PEM block.
pub(crate) struct Block {
    pub(crate) label: Vec<u8>,
    pub(crate) content: Vec<u8>,
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"\n-----END ";
const DASHES: &[u8] = b"-----";

/// The first block; `None` when there is none that is well formed.
pub(crate) fn first_block(text: &[u8]) -> Option<Block> {
    let mut rest = text;
    loop {
        // The first END line, and the last BEGIN before it: a BEGIN without an END is passed over.
        let end = find(rest, END)?;
        let after_end = rest.get(end + END.len()..)?;
        let before = rest.get(..end)?;
        if let Some(begin) = rfind(before, BEGIN)
            && (begin == 0 || before.get(begin - 1) == Some(&b'\n'))
            // From behind the word BEGIN to the end of the text.
            && let Some(block) = rest.get(begin + BEGIN.len()..)
        {
            match read_block(block, end - begin - BEGIN.len()) {
                Read::Block(block) => return Some(block),
                Read::NotThis => {}
                Read::NothingLeft => return None,
            }
        }
        rest = after_end;
    }
}

enum Read {
    Block(Block),
    NotThis,
    NothingLeft,
}

/// `end` is where the line break before END stands in `block`.
fn read_block(block: &[u8], end: usize) -> Read {
    let trailer_start = end + END.len();
    let Some(trailer) = block.get(trailer_start..) else { return Read::NotThis };
    let (line, mut offset) = line_at(block, 0);
    let Some(label) = line.strip_suffix(DASHES) else { return Read::NotThis };
    let mut headers = 0usize;
    loop {
        if offset >= block.len() {
            return Read::NothingLeft;
        }
        let (line, next) = line_at(block, offset);
        if !line.contains(&b':') {
            break;
        }
        headers += 1;
        offset = next;
    }
    // With nothing inside, the line break before END is the one after the label.
    if headers > 0 && offset > end {
        return Read::NotThis;
    }
    let Some((closing, after)) = trailer.split_at_checked(label.len() + DASHES.len()) else {
        return Read::NotThis;
    };
    let closes = closing.starts_with(label) && closing.ends_with(DASHES);
    if !closes || !line_at(after, 0).0.is_empty() {
        return Read::NotThis;
    }
    let body = block.get(offset..end).unwrap_or_default();
    let body: Vec<u8> =
        body.iter().copied().filter(|octet| !matches!(octet, b' ' | b'\t')).collect();
    match base64::decode(&body) {
        Ok(content) => Read::Block(Block { label: label.to_vec(), content }),
        Err(_) => Read::NotThis,
    }
}

/// The line at `offset` without its end and trailing blanks, and where the next one starts.
fn line_at(text: &[u8], offset: usize) -> (&[u8], usize) {
    let rest = text.get(offset..).unwrap_or_default();
    let (line, next) = match rest.iter().position(|octet| *octet == b'\n') {
        Some(end) => {
            let line = rest.get(..end).unwrap_or_default();
            (line.strip_suffix(b"\r").unwrap_or(line), offset + end + 1)
        }
        None => (rest, text.len()),
    };
    let kept = line.iter().rposition(|octet| !matches!(octet, b' ' | b'\t'));
    (line.get(..kept.map_or(0, |last| last + 1)).unwrap_or_default(), next)
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|window| window == needle)
}

fn rfind(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).rposition(|window| window == needle)
}
