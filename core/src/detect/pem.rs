//! PEM (RFC 7468), also indented, quoted, escaped, with headers, or cut short.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::{base64, lost};
use crate::decode::{Finding, Problem};

const DASHES: &str = "-----";
const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// The most blocks without BEGIN that are looked for: each costs a look at the whole rest.
const MOST_HEADLESS: usize = 64;

/// A PEM block.
pub struct PemBlock {
    /// Its label.
    pub label: String,
    /// Names of its headers (RFC 1421 §4.4).
    pub headers: Vec<String>,
    /// What its base64 says.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Line of BEGIN, from 1.
    pub line: usize,
    /// Its line ends were written out as a backslash and a letter.
    pub escaped: bool,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// Whether a text has a line of PEM's frame.
pub(super) fn has_frame(text: &str) -> bool {
    text.contains(BEGIN) || text.contains(END)
}

/// Every block of a text, in order; also one whose BEGIN line is missing.
pub fn blocks(text: &str) -> impl Iterator<Item = PemBlock> {
    let mut rest = text;
    let mut line = 1usize;
    let mut headless_left = MOST_HEADLESS;
    std::iter::from_fn(move || {
        let (before, after) = match find(rest, BEGIN).and_then(|at| rest.split_at_checked(at)) {
            Some((before, after)) => (before, after.strip_prefix(BEGIN)),
            None => (rest, None),
        };
        if headless_left > 0
            && let Some((block, length)) = headless(before, line)
        {
            headless_left = headless_left.saturating_sub(1);
            let (done, after) = rest.split_at_checked(length)?;
            line = line.saturating_add(newlines(done));
            rest = after;
            return Some(block);
        }
        let after = after?;
        line = line.saturating_add(newlines(before));
        let prefix = before.rsplit('\n').next().unwrap_or_default();
        let begin = line;
        let (label, after) = label(after)?;
        let body_end = find(after, DASHES).unwrap_or(after.len());
        let (body, after) = after.split_at_checked(body_end)?;
        line = line.saturating_add(newlines(body));
        let mut findings = Vec::new();
        rest = after;
        // The line of a `diff` has a hyphen more.
        match after.strip_prefix(END).or_else(|| after.strip_prefix('-')?.strip_prefix(END)) {
            None => findings.push(Problem::PemUnterminated { label: label.to_owned() }.into()),
            Some(after) => {
                let (end_label, after) = self::label(after)?;
                rest = after;
                if end_label != label {
                    let (begin, end) = (label.to_owned(), end_label.to_owned());
                    findings.push(Problem::PemLabelMismatch { begin, end }.into());
                }
                findings.extend(frame(prefix, body).map(Finding::from));
            }
        }
        let mut block = read(label, prefix, body, findings);
        block.line = begin;
        for finding in &mut block.findings {
            finding.line = Some(finding.line.map_or(begin, |inner| begin.saturating_add(inner)));
        }
        Some(block)
    })
}

/// Where a text has these letters first. By the first of them, which is sought many at a time; the
/// library's own search for several looks at each place, and in wasm takes longer than all else here.
fn find(text: &str, letters: &str) -> Option<usize> {
    let first = letters.chars().next()?;
    let begins = |at: &usize| text.get(*at..).is_some_and(|rest| rest.starts_with(letters));
    text.match_indices(first).map(|(at, _)| at).find(begins)
}

/// A label and what follows its dashes. It ends with the dashes; a torn one ends with the line.
fn label(text: &str) -> Option<(&str, &str)> {
    let end = text.find(['-', '\n', '\r', '\\']).unwrap_or(text.len());
    let (label, after) = text.split_at_checked(end)?;
    Some((label, after.strip_prefix(DASHES).unwrap_or(after)))
}

/// A block of which the BEGIN line is not there, and where it ends in the text. Only whole lines of
/// base64 right before END are of it.
fn headless(text: &str, line: usize) -> Option<(PemBlock, usize)> {
    let (before, after) = text.split_once(END)?;
    let (label, after) = label(after)?;
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let lines = before.split_inclusive('\n').rev();
    let body: usize = lines
        .take_while(|line| !line.trim().is_empty() && line.trim().chars().all(is_base64))
        .map(str::len)
        .sum();
    let (preamble, body) = before.split_at_checked(before.len().saturating_sub(body))?;
    if body.is_empty() {
        return None;
    }
    let begin = line.saturating_add(newlines(preamble));
    let missing = Problem::PemNoBegin { label: label.to_owned() };
    let mut block = read(label, "", body, vec![missing.into()]);
    block.line = begin;
    for finding in &mut block.findings {
        finding.line = Some(finding.line.map_or(begin, |inner| begin.saturating_add(inner)));
    }
    Some((block, text.len().saturating_sub(after.len())))
}

/// Why Go does not see a block that is whole: it wants BEGIN and END to be lines of their own.
fn frame(prefix: &str, body: &str) -> Option<Problem> {
    if find(body, "\\n").or_else(|| find(body, "\\r")).is_some() {
        return Some(Problem::PemEscaped);
    }
    if prefix.trim_end().ends_with(['"', '\'', '`']) {
        return Some(Problem::PemQuoted);
    }
    let prefix = prefix.trim_end_matches('\u{feff}');
    let begins = body.trim_start_matches([' ', '\t']).starts_with(['\r', '\n']);
    let last = body.rsplit('\n').next().unwrap_or_default();
    let ends = last.trim().is_empty();
    match (prefix.trim().is_empty(), begins) {
        (_, false) if !body.is_empty() => Some(Problem::PemOneLine),
        (false, _) => Some(Problem::PemPrefixed { prefix: prefix.trim().to_owned() }),
        (true, _) if !ends => Some(Problem::PemOneLine),
        (true, _) => (!prefix.is_empty() || !last.is_empty()).then_some(Problem::PemIndented),
    }
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|octet| *octet == b'\n').count()
}

fn read(label: &str, prefix: &str, body: &str, mut findings: Vec<Finding>) -> PemBlock {
    let mut block = PemBlock {
        label: label.to_owned(),
        headers: Vec::new(),
        bytes: Zeroizing::default(),
        line: 0,
        escaped: find(body, "\\n").is_some(),
        findings: Vec::new(),
    };
    let body = match log_lines(prefix, body) {
        Some(body) => Cow::Owned(body),
        None => without_prefix(prefix, unescaped(body)),
    };
    // What had to be rewritten may be a key.
    let (whole, rewritten) = match body {
        Cow::Borrowed(body) => (body, Zeroizing::default()),
        Cow::Owned(body) => ("", Zeroizing::new(body)),
    };
    let mut body = if rewritten.is_empty() { whole } else { rewritten.as_str() };
    if let Some((names, after)) = headers(body) {
        block.headers = names;
        body = after;
        let key = block.headers.iter().any(|name| name == "DEK-Info");
        // Of a key, and of a request, other headers do no harm.
        if key || label.ends_with("CERTIFICATE") {
            findings.push(Problem::PemHeaders { key }.into());
        }
    }
    let decoded = base64::lenient(body);
    for mut finding in lost::findings(body, &decoded) {
        if let Some(offset) = finding.offset.take() {
            let before = body.get(..offset).unwrap_or_default();
            finding.line = Some(newlines(before));
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
            finding.column = Some(column.saturating_add(1));
        }
        findings.push(finding);
    }
    block.bytes = Zeroizing::new(decoded.bytes);
    block.findings = findings;
    block
}

/// Line ends as JSON and shells write them, with one backslash or two, become line ends.
fn unescaped(body: &str) -> Cow<'_, str> {
    if find(body, "<br").is_some() {
        return Cow::Owned(body.replace("<br>", "\n").replace("<br/>", "\n"));
    }
    if !body.contains('\\') {
        return Cow::Borrowed(body);
    }
    let mut text = String::with_capacity(body.len());
    let mut in_escape = false;
    for character in body.chars() {
        match character {
            '\\' => in_escape = true,
            'n' if in_escape => {
                text.push('\n');
                in_escape = false;
            }
            'r' | 't' if in_escape => in_escape = false,
            _ => {
                in_escape = false;
                text.push(character);
            }
        }
    }
    Cow::Owned(text)
}

/// Takes off what stands before BEGIN from every line, as in a mail (`> `) or a comment (`# `).
fn without_prefix<'t>(prefix: &str, body: Cow<'t, str>) -> Cow<'t, str> {
    let mark = prefix.trim();
    let quoted = !mark.is_empty() && mark.chars().all(|c| "#>/|*;+-".contains(c));
    // `cat -n` and `grep -n`.
    let number = mark.trim_end_matches([':', '|']);
    let numbered = !number.is_empty() && number.bytes().all(|octet| octet.is_ascii_digit());
    if !quoted && !numbered {
        return body;
    }
    let mut text = String::with_capacity(body.len());
    for line in body.lines() {
        let line = line.trim_start();
        let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        // A line of base64 may begin with digits too, but not with a blank or a colon after them.
        if numbered && !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            text.push_str(digits.trim_start_matches([':', '|', ' ', '\t']));
        } else {
            text.push_str(line.strip_prefix(mark).filter(|_| quoted).unwrap_or(line));
        }
        text.push('\n');
    }
    Cow::Owned(text)
}

/// The last word of every line, where each has something before it, END too: lines of a journal,
/// of a container's log, of a list in JSON.
fn log_lines(prefix: &str, body: &str) -> Option<String> {
    let (lines, last) = body.rsplit_once('\n')?;
    if prefix.trim().is_empty() || last.trim().is_empty() {
        return None;
    }
    let mut text = String::with_capacity(body.len());
    // Behind BEGIN stands no base64.
    for line in lines.lines().skip(1) {
        let word = line.trim_end().rsplit(char::is_whitespace).next()?;
        let word = word.trim_matches(['"', '\'', ',']);
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        if word.len() == line.len() || !word.chars().all(is_base64) {
            return None;
        }
        text.push('\n');
        text.push_str(word);
    }
    Some(text)
}

/// Names of the headers, and the body after them.
fn headers(body: &str) -> Option<(Vec<String>, &str)> {
    let start = body.trim_start();
    if !start.lines().next()?.contains(':') {
        return None;
    }
    let mut names = Vec::new();
    let mut length = 0usize;
    for line in start.split_inclusive('\n') {
        let folded = line.starts_with([' ', '\t']) && !line.trim().is_empty();
        match line.split_once(':') {
            Some((name, _)) => names.push(name.trim().to_owned()),
            None if folded => {}
            None => break,
        }
        length = length.saturating_add(line.len());
    }
    Some((names, start.get(length..).unwrap_or_default()))
}
