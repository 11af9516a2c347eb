//! Kubernetes objects, kubeconfigs, and any other YAML or JSON: every value in it that holds PEM
//! or base64 of an object, whatever its kind.
//!
//! No table of kinds decides what is looked at, so that a caBundle in a resource that does not
//! exist yet is found too.

use super::facts::{Kubeconfig, SigningRequest};
use super::{Candidate, Manifest, Search, Step, Trail};
use crate::decode::{Finding, Problem};
use crate::yaml::{self, Fault, Node, Value, YamlReason};

/// Fewer characters than this hold no object.
const SHORTEST: usize = 40;
/// Longer texts with PEM in them are not read as YAML of an unknown kind first.
const LONGEST_DOCUMENT: usize = 512 << 10;
/// kubectl keeps a copy of the whole object here.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Fields that must hold an object: worth a finding when they do not.
const EXPECTED: [&str; 9] = [
    "caBundle",
    "certificate-authority-data",
    "certificateChain",
    "client-certificate-data",
    "client-key-data",
    "spec.request",
    "status.certificate",
    "tls.crt",
    "trustBundle",
];

/// Whether the text may be YAML or JSON rather than bare PEM or base64.
pub(super) fn looks_structured(text: &str) -> bool {
    let start = text.trim_start();
    // A script may write YAML, and is none.
    if start.starts_with("#!") {
        return false;
    }
    start.starts_with(['{', '['])
        || start.starts_with("---\n")
        // One character is sought many at a time, and PEM has none.
        || text.contains(':') && [": ", ":\n", ":\r\n"].iter().any(|end| text.contains(end))
}

/// Whether the text says that it is a Kubernetes object.
pub(super) fn looks_kubernetes(text: &str) -> bool {
    text.contains("apiVersion") && text.contains("kind")
}

/// Whether the first line with anything on it is one that Kubernetes objects begin with.
fn begins_as_object(text: &str) -> bool {
    let is_text = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']);
    let mut lines = text.lines().filter(is_text).skip_while(|line| line.trim_end() == "---");
    let first = lines.next().unwrap_or_default();
    let keys = ["apiVersion:", "kind:", "metadata:", "items:", "spec:", "data:", "clusters:"];
    looks_kubernetes(text) && keys.iter().any(|key| first.starts_with(key))
}

/// The fault of a text whose aliases stand for more than anybody reads.
fn bomb(text: &str) -> Option<Fault> {
    let has_aliases = text.contains('&') && text.contains('*');
    let fault = has_aliases.then(|| yaml::read_all(text).err()).flatten()?;
    matches!(fault.reason, YamlReason::TooMany { .. }).then_some(fault)
}

/// The kind of the Kubernetes object that the text is.
pub(super) fn kind(text: &str) -> Option<String> {
    if !looks_structured(text) || !looks_kubernetes(text) {
        return None;
    }
    let (documents, faults) = yaml::read(text);
    let document = documents.first().filter(|_| faults.is_empty())?;
    document.text(&["apiVersion"])?;
    document.text(&["kind"]).map(str::to_owned)
}

impl Search {
    /// Whether anything was recognised in a text of YAML or JSON.
    pub(super) fn manifest(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        let before = self.found.candidates.len();
        let (documents, faults) = yaml::read(text);
        let json = text.trim_start().starts_with(['{', '[']);
        let several = documents.len() > 1;
        for (index, document) in documents.iter().enumerate() {
            let first = self.found.candidates.len();
            let mut trail = trail.clone();
            if json {
                trail.path.push(Step::Json);
            }
            if several {
                trail.path.push(Step::YamlDocument { index });
            }
            self.node(document, &trail, depth);
            let next = documents.get(index.saturating_add(1)).map_or(usize::MAX, |next| next.line);
            if faults.iter().any(|fault| (document.line..next).contains(&fault.line)) {
                self.mark_broken(first);
            }
        }
        let any = self.found.candidates.len() > before;
        // A text that says what it is was to be YAML; of another one, its faults mean nothing.
        if any || begins_as_object(text) {
            for fault in faults {
                self.finding(finding(fault));
            }
        }
        if let (false, Some(fault)) = (any, bomb(text)) {
            self.finding(finding(fault));
        }
        any
    }

    /// Notes in the last request from this candidate on that its YAML breaks off: only what stood
    /// before that was read of it.
    fn mark_broken(&mut self, first: usize) {
        let own = self.found.candidates.iter_mut().skip(first).rev();
        let mut manifests = own.filter_map(|candidate| candidate.manifest.as_mut());
        if let Some(Manifest::SigningRequest(request)) = manifests.next() {
            request.broken = true;
        }
    }

    /// A YAML or JSON text of any kind with PEM in its values, where every block is found in a
    /// value: Helm values, the state of Terraform, cloud-init.
    pub(super) fn document(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        if text.len() > LONGEST_DOCUMENT {
            return false;
        }
        let (candidates, findings) = (self.found.candidates.len(), self.found.findings.len());
        let blocks = text.matches("-----BEGIN ").count();
        let is_pem = |candidate: &&Candidate| {
            candidate.path.iter().any(|step| matches!(step, Step::Pem { .. }))
        };
        let whole = self.manifest(text, trail, depth)
            && self.found.candidates.iter().skip(candidates).filter(is_pem).count() >= blocks
            && self.found.findings.len() == findings;
        if !whole {
            self.found.candidates.truncate(candidates);
            self.found.findings.truncate(findings);
        }
        whole
    }

    fn node(&mut self, node: &Node, trail: &Trail, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if let Value::Sequence(items) = &node.value {
            for (index, item) in items.iter().enumerate() {
                self.node(item, &trail.with(Step::Item { index }), depth);
            }
            return;
        }
        let Some(kind) = node.text(&["kind"]) else {
            self.fields(node, &mut String::new(), trail, depth);
            return;
        };
        let api_version = node.text(&["apiVersion"]).unwrap_or_default();
        let list = kind.strip_suffix("List").filter(|_| node.get("items").is_some());
        let trail = trail.with(Step::Object {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
            namespace: node.text(&["metadata", "namespace"]).map(str::to_owned),
            name: node.text(&["metadata", "name"]).map(str::to_owned),
        });
        if list.is_some() {
            for (index, item) in node.items(&["items"]).iter().enumerate() {
                self.node(item, &trail.with(Step::Item { index }), depth);
            }
            return;
        }
        let manifest = match kind {
            "CertificateSigningRequest" | "PodCertificateRequest"
                if api_version.starts_with("certificates.k8s.io/") =>
            {
                Some(Manifest::SigningRequest(Box::new(SigningRequest::new(node))))
            }
            "CertificateRequest" if api_version.starts_with("cert-manager.io/") => {
                Some(Manifest::SigningRequest(Box::new(SigningRequest::new(node))))
            }
            "Config" if node.get("clusters").is_some() || node.get("users").is_some() => {
                Some(Manifest::Kubeconfig(Box::new(Kubeconfig::new(node))))
            }
            _ => None,
        };
        if let Some(token) = super::bootstrap::secret(node) {
            self.bootstrap(trail, token);
            return;
        }
        if manifest.is_some() {
            self.keep(trail.clone(), Candidate { manifest, ..Candidate::default() });
        }
        self.fields(node, &mut String::new(), &trail, depth);
    }

    /// Every scalar below; the tree is at most as deep as the YAML reader lets it be.
    fn fields(&mut self, node: &Node, path: &mut String, trail: &Trail, depth: usize) {
        let length = path.len();
        match &node.value {
            Value::Scalar(text) => self.scalar(text, node, path, trail, depth),
            Value::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push_str(&format!("[{index}]"));
                    self.fields(item, path, trail, depth);
                    path.truncate(length);
                }
            }
            Value::Mapping(entries) => {
                for (key, value) in entries {
                    if key == LAST_APPLIED {
                        continue;
                    }
                    if key.contains(['.', '/', '[']) {
                        path.push_str(&format!("[{key}]"));
                    } else {
                        if length > 0 {
                            path.push('.');
                        }
                        path.push_str(key);
                    }
                    self.fields(value, path, trail, depth);
                    path.truncate(length);
                }
            }
        }
    }

    fn scalar(&mut self, text: &str, node: &Node, path: &str, trail: &Trail, depth: usize) {
        let expected = EXPECTED
            .iter()
            .any(|name| path.strip_suffix(']').unwrap_or(path).ends_with(name) && !text.is_empty());
        // Bootstrap tokens are shorter than any object.
        let may_be_token = path.ends_with("token") && !text.is_empty();
        if text.len() < SHORTEST && !expected && !may_be_token {
            return;
        }
        let mut trail = trail.with(Step::Field {
            path: path.to_owned(),
            line: Some(node.line),
            column: Some(node.column),
        });
        // Editors of Windows put a mark in front, and `--from-file` takes it along.
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) => {
                trail.path.push(Step::ByteOrderMark);
                rest
            }
            None => text,
        };
        let before = self.found.candidates.len();
        if let Some(offset) = illegal_space(text) {
            let mut finding = Finding::from(Problem::Base64Space { index: offset });
            (finding.line, finding.column) = (Some(node.line), Some(node.column));
            trail.findings.push(finding);
        }
        if may_be_token && self.line(text, &trail) {
            return;
        }
        let found = if looks_like_value(text) { self.text(text, &trail, depth) } else { false };
        if expected && !found && self.found.candidates.len() == before {
            let mut finding = Finding::from(Problem::FieldNotRecognised { path: path.to_owned() });
            (finding.line, finding.column) = (Some(node.line), Some(node.column));
            self.finding(finding);
        }
    }

    /// Lines of the form `key: value` in a text that is no YAML: a kubeconfig in a terminal's
    /// scrollback, say.
    pub(super) fn lines(&mut self, text: &str, trail: &Trail, depth: usize) -> bool {
        let before = self.found.candidates.len();
        for (index, line) in text.lines().enumerate() {
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim().trim_matches(['"', '\'', ',']);
            if value.len() < SHORTEST || !looks_like_value(value) {
                continue;
            }
            let blanks = [' ', '-', '"', '\'', '\t', '{', '$', '>', '|'];
            let trail = trail.with(Step::Field {
                path: key.trim_matches(blanks).to_owned(),
                line: Some(index.saturating_add(1)),
                column: None,
            });
            self.text(value, &trail, depth);
        }
        self.found.candidates.len() > before
    }
}

/// Whether a value may hold an object: PEM, a document in a string, or one run of base64.
fn looks_like_value(text: &str) -> bool {
    let (text, _) = super::text::bare(text);
    text.contains("-----BEGIN ")
        || ["eyJ", "Bearer eyJ", "ssh-", "ecdsa-sha2-"].iter().any(|start| text.starts_with(start))
        || looks_kubernetes(text)
        || text.starts_with('{')
        || text.bytes().all(|octet| {
            octet.is_ascii_alphanumeric()
                || matches!(octet, b'+' | b'/' | b'=' | b'-' | b'_')
                || octet.is_ascii_whitespace()
        })
        // DER in hexadecimal with colons begins with a SEQUENCE; fingerprints mostly do not.
        || (text.starts_with("30:")
            && text.bytes().all(|octet| octet.is_ascii_hexdigit() || b": \r\n".contains(&octet)))
}

/// Where Go's base64 reader stops: at the first blank, since it skips only line ends.
///
/// `None` for text that is no base64.
fn illegal_space(text: &str) -> Option<usize> {
    if text.contains("-----BEGIN ") || text.contains([':', '.']) {
        return None;
    }
    text.find([' ', '\t'])
}

fn finding(fault: Fault) -> Finding {
    let mut finding = Finding::from(match fault.reason {
        YamlReason::Syntax(reason) => Problem::YamlSyntax { reason },
        YamlReason::TooMany { limit } => Problem::YamlTooMany { limit },
        // What else can be wrong concerns types, and a paste has none.
        _ => Problem::TooDeep,
    });
    finding.line = Some(fault.line);
    finding.column = Some(fault.column);
    finding
}
