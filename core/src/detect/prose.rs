//! Objects inside of text that is none itself: command lines, logs, HTML, an editor's dashes; and
//! the texts that people paste in place of an object.

use zeroize::Zeroizing;

use super::base64::decode;
use super::{Foreign, Search, Step, Trail, token};
use crate::decode::{Finding, Problem, tag};

/// Longer texts are looked through for PEM only.
const LONGEST: usize = 4 << 20;
/// Shorter words hold no object.
const SHORTEST: usize = 80;

impl Search {
    /// Looks at every word of a text in which nothing else was found.
    pub(super) fn prose(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        if let Some(mended) = with_hyphens(text) {
            let mut trail = trail.clone();
            trail.findings.push(Finding::from(Problem::PemDashes));
            return self.pem(&mended, &trail);
        }
        let before = self.found.candidates.len();
        for (index, line) in text.lines().enumerate() {
            let between = |c: char| c.is_whitespace() || "\"'`()[]{}<>,;:\\".contains(c);
            for word in line.split(between).filter(|word| word.len() >= SHORTEST) {
                // `KEY=value`, and the padding at the end of base64.
                let padded = word.trim_end_matches('=');
                let start = padded.rfind('=').map_or(0, |at| at.saturating_add(1));
                let word = word.get(start..).unwrap_or_default();
                let trail = trail.with(Step::Prose { line: index.saturating_add(1) });
                if token::read(word).is_some() {
                    self.line(word, &trail);
                } else if let Some(decoded) = decode(word)
                    && decoded.wrong_count == 0
                    && is_object(&decoded.bytes)
                {
                    let bytes = Zeroizing::new(decoded.bytes);
                    self.bytes(&bytes, &mut trail.with(Step::Base64 { url: decoded.url }), depth);
                }
            }
        }
        if self.found.candidates.len() == before
            && trail.path.is_empty()
            && let Some(foreign) = instead(text)
        {
            self.foreign(trail.clone(), foreign);
        }
        self.found.candidates.len() > before
    }
}

/// PEM, or DER of a length that two octets give.
fn is_object(bytes: &[u8]) -> bool {
    bytes.starts_with(b"-----BEGIN ")
        || matches!(bytes, [tag::SEQUENCE, 0x82, high, low, rest @ ..]
            if rest.len() == usize::from(u16::from_be_bytes([*high, *low])))
}

/// The text with five hyphens around BEGIN and END, where they became dashes or another count.
fn with_hyphens(text: &str) -> Option<String> {
    if !text.contains("BEGIN ") || text.contains("-----BEGIN ") {
        return None;
    }
    let dash = |c: char| c == '-' || ('\u{2010}'..='\u{2015}').contains(&c) || c == '\u{2212}';
    let mut mended = String::with_capacity(text.len());
    for line in text.lines() {
        let bare = line.trim().trim_matches(dash);
        let framed = bare.starts_with("BEGIN ") || bare.starts_with("END ");
        if framed && line.contains(dash) {
            mended.extend(["-----", bare, "-----"]);
        } else {
            mended.push_str(line);
        }
        mended.push('\n');
    }
    mended.contains("-----BEGIN ").then_some(mended)
}

/// What stands there in place of an object.
fn instead(text: &str) -> Option<Foreign> {
    let has = |any: &[&str]| any.iter().any(|part| text.contains(part));
    if has(&[
        "x509: ",
        "tls: ",
        "certificate signed by",
        "SSL routines",
        "certificate verify failed",
    ]) {
        return Some(Foreign::ErrorText);
    }
    let listing = ["SIGNERNAME", "Requesting User:", "CERTIFICATE AUTHORITY   RESIDUAL"];
    has(&listing).then_some(Foreign::Listing)
}
