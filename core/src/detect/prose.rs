//! Objects inside of text that is none itself: command lines, logs, HTML, an editor's dashes; and
//! the texts that people paste in place of an object.

use zeroize::Zeroizing;

use super::base64::decode;
use super::{Candidate, Foreign, Search, Step, Trail, manifest, token};
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
        if self.words(text, trail, depth) {
            return true;
        }
        if !trail.path.is_empty() || !self.found.findings.is_empty() {
            return false;
        }
        if let Some(foreign) = instead(text) {
            return self.foreign(trail.clone(), foreign);
        }
        let kind = manifest::kind(text);
        let is_object = kind.is_some();
        if let Some(kind) = kind {
            self.finding(Problem::NothingInObject { kind }.into());
        }
        is_object
    }

    /// Looks at every word of a text; what was found already is passed over.
    pub(super) fn words(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        let before = self.found.candidates.len();
        let long = |line: &(usize, &str)| line.1.len() >= SHORTEST;
        for (index, line) in text.lines().enumerate().filter(long) {
            let between = |c: char| c.is_whitespace() || "\"'`()[]{}<>,;:\\".contains(c);
            for word in line.split(between).filter(|word| word.len() >= SHORTEST) {
                // `KEY=value`, and the padding at the end of base64.
                let padded = word.trim_end_matches('=');
                let start = padded.rfind('=').map_or(0, |at| at.saturating_add(1));
                let word = word.get(start..).unwrap_or_default();
                let trail = trail.with(Step::Prose { line: index.saturating_add(1) });
                if token::read(word).is_some() {
                    self.line(word, &trail);
                } else if let Some(decoded) = decode(word) {
                    let (url, wrong) = (decoded.url, decoded.wrong_count);
                    let bytes = Zeroizing::new(decoded.bytes);
                    let known = |candidate: &Candidate| candidate.bytes == bytes;
                    if wrong == 0 && is_object(&bytes) && !self.found.candidates.iter().any(known) {
                        self.bytes(&bytes, &mut trail.with(Step::Base64 { url }), depth);
                    }
                }
            }
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
    if has(&["SIGNERNAME", "Requesting User:"]) {
        return Some(Foreign::Listing);
    }
    // kubeadm certs check-expiration, openssl -text, curl -v.
    has(&["RESIDUAL TIME", "Signature Algorithm: ", "* Server certificate:"])
        .then_some(Foreign::Description)
}
