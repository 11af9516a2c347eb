//! Bytes to candidates: what an input is wrapped in, taken off layer by layer.
//!
//! There is no format selector anywhere in the product, so this decides: PEM in all the shapes
//! that terminals, mail and JSON give it, base64 with or without its padding, hexadecimal, DER,
//! PKCS#7 bundles, tar and gzip archives, tokens, Kubernetes objects and kubeconfigs in YAML and
//! JSON.
//! Each candidate carries the path that led to it, and what had to be repaired on the way.
//!
//! The work is linear in the input, the depth is bounded, and no bytes make it panic.

mod archive;
mod base64;
mod bootstrap;
mod facts;
mod foreign;
mod hexadecimal;
mod lost;
mod manifest;
mod parts;
mod pem;
mod pkcs7;
mod prose;
mod rewritten;
mod step;
mod text;
mod token;

pub use archive::MOST_UNPACKED;
pub(crate) use base64::decode_short as decode_base64_short;
pub use base64::{Base64, decode as decode_base64};
pub use bootstrap::BootstrapToken;
pub use facts::{
    Condition, Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser, SigningRequest,
};
pub use foreign::{Foreign, guess};
pub use pem::{PemBlock, blocks as pem_blocks};
pub use step::Step;
pub(crate) use text::to_text;
pub use token::{Token, signed_parts as token_parts};

use zeroize::Zeroizing;

use crate::decode::{Finding, Problem, Reader, tag};

/// The most octets that are read.
pub const LARGEST_INPUT: usize = 256 << 20;
/// The most objects that are taken out of one input.
pub const MOST_CANDIDATES: usize = 20_000;
/// The most findings that are kept of one input.
const MOST_FINDINGS: usize = 1_000;
/// How many layers are taken off, counted twice: as bytes, and as the text that they are.
const DEEPEST: usize = 2 * 16;

/// An object that was found.
#[derive(Clone, Default)]
pub struct Candidate {
    /// The layers that were taken off, the outermost first.
    pub path: Vec<Step>,
    /// Label of the PEM block.
    pub label: Option<String>,
    /// Names of the headers of the PEM block.
    pub headers: Vec<String>,
    /// The DER, or what should be; empty for a manifest. It may be a private key or a token.
    pub bytes: Zeroizing<Vec<u8>>,
    /// What a Kubernetes object says itself, beside the bytes in it.
    pub manifest: Option<Manifest>,
    /// What had to be repaired to get at it.
    pub findings: Vec<Finding>,
}

/// A Kubernetes object of which more is read than the bytes that it holds; those follow as
/// candidates of their own.
#[derive(Clone)]
#[non_exhaustive]
pub enum Manifest {
    /// A CertificateSigningRequest.
    SigningRequest(Box<SigningRequest>),
    /// A kubeconfig.
    Kubeconfig(Box<Kubeconfig>),
    /// A ServiceAccount token; the text of it is in [`Candidate::bytes`].
    Token(Box<Token>),
    /// A bootstrap token.
    BootstrapToken(Box<BootstrapToken>),
    /// A format that is named and not read.
    Foreign(Foreign),
}

/// What is in an input.
#[derive(Default)]
pub struct Detection {
    /// What was found, in the order of the input.
    pub candidates: Vec<Candidate>,
    /// What is wrong with the input as a whole.
    pub findings: Vec<Finding>,
}

/// Finds everything that an input holds.
///
/// Both lists are empty only when nothing was recognised.
pub fn detect(input: &[u8]) -> Detection {
    let mut search = Search::default();
    if input.is_empty() {
        search.found.findings.push(Problem::Empty.into());
    } else if input.len() > LARGEST_INPUT {
        search.found.findings.push(Problem::TooLarge { limit: LARGEST_INPUT }.into());
    } else {
        let mut trail = Trail { path: Vec::new(), findings: Vec::new() };
        search.bytes(input, &mut trail, DEEPEST);
    }
    search.found
}

/// The layers above the bytes at hand.
#[derive(Clone, Default)]
struct Trail {
    path: Vec<Step>,
    findings: Vec<Finding>,
}

impl Trail {
    fn with(&self, step: Step) -> Self {
        let mut trail = self.clone();
        trail.path.push(step);
        trail
    }
}

/// Turns the offset of a finding, in octets of a part of the input, into line and column.
fn place(finding: &mut Finding, text: &str, inner: &str) {
    let (Some(offset), Some(start)) = (finding.offset, text.find(inner)) else { return };
    let before = text.get(..start.saturating_add(offset)).unwrap_or_default();
    finding.line = Some(before.split('\n').count());
    let last = before.rsplit('\n').next().unwrap_or_default();
    finding.column = Some(last.chars().count().saturating_add(1));
}

#[derive(Default)]
struct Search {
    found: Detection,
    /// Octets that archives have unpacked to.
    unpacked: usize,
}

impl Search {
    /// Whether anything was recognised in the bytes.
    fn bytes(&mut self, bytes: &[u8], trail: &mut Trail, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return self.foreign(trail.clone(), Foreign::Wrapped);
        };
        if self.archive(bytes, trail, depth) {
            return true;
        }
        if let Some(foreign) = foreign::binary(bytes) {
            self.foreign(trail.clone(), foreign);
            return true;
        }
        if self.der(bytes, trail) {
            return true;
        }
        let Some(text) = text::text_in(bytes, trail) else {
            return false;
        };
        self.text(&text, trail, depth)
    }

    fn text(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return self.foreign(trail.clone(), Foreign::Wrapped);
        };
        if self.whole_text(text, trail, depth) {
            return true;
        }
        if let Some(text) = rewritten::visible(text) {
            let mut trail = trail.clone();
            trail.findings.push(Problem::InvisibleCharacters.into());
            if self.whole_text(&text, &trail, depth) {
                return true;
            }
        }
        match rewritten::unescaped(text) {
            Some(text) => self.text(&text, &trail.with(Step::PercentEscapes), depth),
            None => self.prose(text, trail, depth),
        }
    }

    /// Whether the text as a whole is something.
    fn whole_text(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        let structured = manifest::looks_structured(text);
        if structured && let Some(parts) = parts::parts(text) {
            let mut any = false;
            for part in parts {
                any |= self.text(&part, trail, depth);
            }
            if any {
                return true;
            }
        }
        if structured && manifest::looks_kubernetes(text) && self.manifest(text, trail, depth) {
            return true;
        }
        if pem::has_frame(text) {
            if structured && self.document(text, trail, depth) {
                return true;
            }
            if self.pem(text, trail) {
                // A command line or a log may hold base64 beside it.
                self.words(text, trail, depth);
                return true;
            }
        }
        if structured && (self.manifest(text, trail, depth) || self.lines(text, trail, depth)) {
            return true;
        }
        let (inner, trimmed) = text::bare(text);
        let mut trail = trail.clone();
        trail.path.extend(trimmed);
        if self.line(inner, &trail) {
            return true;
        }
        if let Some(bytes) = hexadecimal::decode(inner) {
            return self.bytes(&bytes, &mut trail.with(Step::Hex), depth);
        }
        if let Some((step, bytes)) = rewritten::octets(inner) {
            return self.bytes(&bytes, &mut trail.with(step), depth);
        }
        let Some(decoded) = decode_base64(inner) else {
            return false;
        };
        // Not one text with a fault or two, but words of base64 among others.
        if decoded.wrong_count > 2 && self.words(inner, &trail, depth) {
            return true;
        }
        let twice = matches!(trail.path.last(), Some(Step::Base64 { .. }));
        let mut trail = trail.with(Step::Base64 { url: decoded.url });
        if twice {
            trail.findings.push(Problem::Base64Twice.into());
        }
        let mut findings = lost::findings(inner, &decoded);
        // Lines and columns are those of the input, not of a field in it.
        if trail.path.iter().all(|step| !matches!(step, Step::Field { .. } | Step::Hex)) && !twice {
            findings.iter_mut().for_each(|finding| place(finding, text, inner));
        }
        trail.findings.append(&mut findings);
        if let Some(offset) = base64::shifted(inner, &decoded.bytes) {
            let mut finding = Finding::from(Problem::Base64Shift);
            finding.offset = Some(offset);
            trail.findings.push(finding);
        }
        let bytes = Zeroizing::new(decoded.bytes);
        self.bytes(&bytes, &mut trail, depth)
    }

    /// Tokens, and the keys of OpenSSH, which stand on a line each.
    fn line(&mut self, text: &str, trail: &Trail) -> bool {
        if let Some((token, compact)) = token::read(text) {
            let manifest = Some(Manifest::Token(Box::new(token)));
            let mut trail = trail.clone();
            trail.findings.push(Problem::TokenPresent.into());
            self.keep(trail, Candidate { manifest, bytes: compact, ..Candidate::default() });
            return true;
        }
        let before = self.found.candidates.len();
        if text.starts_with(['s', 'e', '#']) {
            for foreign in text.lines().filter_map(foreign::line) {
                self.foreign(trail.clone(), foreign);
            }
        }
        if let Some(token) = bootstrap::text(text) {
            self.bootstrap(trail.clone(), token);
        }
        self.found.candidates.len() > before
    }

    fn bootstrap(&mut self, mut trail: Trail, token: BootstrapToken) -> bool {
        trail.findings.push(Problem::TokenPresent.into());
        let manifest = Some(Manifest::BootstrapToken(Box::new(token)));
        self.keep(trail, Candidate { manifest, ..Candidate::default() })
    }

    fn foreign(&mut self, mut trail: Trail, foreign: Foreign) -> bool {
        if foreign == Foreign::OpenSshPrivateKey {
            trail.findings.push(Problem::PrivateKeyPresent.into());
        }
        let manifest = Some(Manifest::Foreign(foreign));
        self.keep(trail, Candidate { manifest, ..Candidate::default() })
    }

    /// One DER object or several in a row; nothing else may stand beside them but line ends,
    /// which editors add to files.
    fn der(&mut self, bytes: &[u8], trail: &Trail) -> bool {
        if bytes.first() != Some(&tag::SEQUENCE) {
            return false;
        }
        let mut reader = Reader::new(bytes);
        let mut whole = Vec::new();
        while reader.peek() == Some(tag::SEQUENCE) {
            match reader.any() {
                Ok(tlv) => whole.push(tlv.bytes),
                Err(_) => break,
            }
        }
        let rest = reader.rest();
        let blank = rest.iter().all(u8::is_ascii_whitespace);
        if whole.is_empty() || !blank {
            // Text begins with the digit 0 (hexadecimal 30) too, but has no control characters,
            // which the tags of DER are.
            let head = bytes.get(..64).unwrap_or(bytes);
            let binary = head.iter().any(|octet| matches!(octet, 0..=8 | 14..=26));
            if !binary {
                return false;
            }
            // Cut short, or followed by something: the decoder says where.
            self.candidate(trail.with(Step::Der), None, Vec::new(), bytes);
            return true;
        }
        for der in whole {
            self.candidate(trail.with(Step::Der), None, Vec::new(), der);
        }
        true
    }

    fn pem(&mut self, text: &str, trail: &Trail) -> bool {
        let mut any = false;
        for (index, block) in pem_blocks(text).enumerate() {
            any = true;
            let mut findings = block.findings;
            let mut trail = trail.clone();
            // A mark spoils only the line that it stands on.
            let first = index == 0 && block.line == 1;
            match trail.path.last() {
                Some(Step::ByteOrderMark) if first => findings.push(Problem::PemAfterMark.into()),
                Some(Step::Utf16) => findings.push(Problem::PemUtf16.into()),
                _ => {}
            }
            let has = |problem| findings.iter().any(|finding| finding.problem == problem);
            if has(Problem::PemQuoted) && trail.path.last() != Some(&Step::Quotes) {
                trail.path.push(Step::Quotes);
            }
            if block.escaped {
                trail.path.push(Step::Escapes);
            }
            trail.path.push(Step::Pem { label: block.label.clone(), index, line: block.line });
            if block.bytes.is_empty() {
                let mut finding = Finding::from(Problem::PemEmpty);
                finding.line = Some(block.line);
                findings.push(finding);
                for finding in findings {
                    self.finding(finding);
                }
                continue;
            }
            trail.findings.append(&mut findings);
            if !self.candidate(trail, Some(block.label), block.headers, &block.bytes) {
                break;
            }
        }
        any
    }

    /// Keeps bytes; `false` when there are too many candidates.
    fn candidate(
        &mut self,
        trail: Trail,
        label: Option<String>,
        headers: Vec<String>,
        bytes: &[u8],
    ) -> bool {
        let members = pkcs7::members(bytes).unwrap_or_default();
        if !members.is_empty() {
            return members.iter().enumerate().all(|(index, member)| {
                let bytes = Zeroizing::new(member.to_vec());
                let trail = trail.with(Step::Pkcs7 { index });
                self.keep(trail, Candidate { bytes, ..Candidate::default() })
            });
        }
        if let Some(foreign) = foreign::binary(bytes).or_else(|| foreign::der(bytes)) {
            return self.foreign(trail, foreign);
        }
        let bytes = Zeroizing::new(bytes.to_vec());
        self.keep(trail, Candidate { label, headers, bytes, ..Candidate::default() })
    }

    fn keep(&mut self, trail: Trail, candidate: Candidate) -> bool {
        if self.found.candidates.len() >= MOST_CANDIDATES {
            let finding = Finding::from(Problem::TooMany { limit: MOST_CANDIDATES });
            if !self.found.findings.contains(&finding) {
                self.found.findings.push(finding);
            }
            return false;
        }
        let Trail { path, findings } = trail;
        self.found.candidates.push(Candidate { path, findings, ..candidate });
        true
    }

    fn finding(&mut self, finding: Finding) {
        // The same text may be tried in more than one way.
        let findings = &self.found.findings;
        if findings.len() < MOST_FINDINGS && !findings.contains(&finding) {
            self.found.findings.push(finding);
        }
    }
}
