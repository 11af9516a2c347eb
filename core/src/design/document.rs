//! The design as a document: YAML and JSON, in and out.

use std::fmt;
use std::io::Read;

use flate2::read::GzDecoder;

use super::{API_VERSION, Design, DesignEtcd, DesignNode, DesignUser, Finding, KIND};
use crate::yaml::{self, Yaml, YamlError};
use crate::{bundle, detect};

/// The longest document that is read, in bytes: 5,000 nodes with addresses take about 400 kB.
pub const MAX_DOCUMENT_BYTES: usize = 4 << 20;

/// How far an archive is unpacked to find the design in it, which stands near its beginning: an end
/// to every bomb, before the page stands still.
const MOST_IN_ARCHIVE: u64 = 1 << 26;

/// A text is no design.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentError {
    /// More than [`MAX_DOCUMENT_BYTES`].
    TooLarge {
        /// Its length in bytes.
        bytes: usize,
    },
    /// A tab where YAML wants spaces.
    Tab {
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
    },
    /// Another document than a design, or one of a version that is not known here.
    Foreign {
        /// Line of the value, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
        /// `kind` or `apiVersion`.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it would have to say.
        expected: &'static str,
    },
    /// A file of another kind.
    OtherFile(OtherFile),
    /// A link of which a part is missing or changed.
    BrokenLink,
    /// Anything else.
    Yaml(YamlError),
}

/// What a file is that is no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherFile {
    /// An archive in which there is no design.
    Archive,
    /// A certificate or key in PEM.
    Pem,
    /// Bytes that are no text.
    Binary,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(f, "document of {bytes} bytes is too large"),
            Self::Tab { line, column } => write!(f, "tab at line {line}, column {column}"),
            Self::Foreign { line, column, field, found, expected } => {
                write!(f, "{field} {found:?} at line {line}, column {column}, not {expected}")
            }
            Self::OtherFile(other) => write!(f, "{other:?}"),
            Self::BrokenLink => f.write_str("a part of the link is missing or changed"),
            Self::Yaml(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for DocumentError {}

impl Design {
    /// Reads YAML, and so JSON.
    ///
    /// Unknown fields are refused, so that a misspelt one is not silently without effect.
    ///
    /// # Errors
    /// A [`DocumentError`] with line and column.
    pub fn from_document(text: &str) -> Result<Self, DocumentError> {
        if text.len() > MAX_DOCUMENT_BYTES {
            return Err(DocumentError::TooLarge { bytes: text.len() });
        }
        if let Some(tab) = indenting_tab(text) {
            return Err(tab);
        }
        let document = yaml::one(text).map_err(DocumentError::Yaml)?;
        // Before the fields: those of another kind of document are all unknown, and those of
        // another version may mean something else.
        for (field, expected) in [("kind", KIND), ("apiVersion", API_VERSION)] {
            if let (Some(node), Some(found)) = (document.get(field), document.text(&[field]))
                && found != expected
            {
                let (line, column, found) = (node.line, node.column, found.to_owned());
                return Err(DocumentError::Foreign { line, column, field, found, expected });
            }
        }
        yaml::from_node(&document).map_err(DocumentError::Yaml)
    }

    /// Reads a file: what [`Design::read`] does, in UTF-8 or UTF-16, and our own archives, in which
    /// the design is.
    ///
    /// # Errors
    /// A [`DocumentError`], also for a file that is no document at all.
    pub fn read_file(bytes: &[u8]) -> Result<(Self, Vec<Finding>), DocumentError> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let text = in_archive(bytes).ok_or(DocumentError::OtherFile(OtherFile::Archive))?;
            return Self::read(&text);
        }
        let text = detect::to_text(bytes).ok_or(DocumentError::OtherFile(OtherFile::Binary))?;
        if text.trim_start().starts_with("-----BEGIN ") {
            return Err(DocumentError::OtherFile(OtherFile::Pem));
        }
        Self::read(&text)
    }

    /// The document as YAML. Fields keep their order; nothing that says something is left out.
    pub fn to_yaml(&self) -> String {
        let port = match self.bind_port.parse::<u16>() {
            Ok(port) => Yaml::Number(port.into()),
            Err(_) => Yaml::text(&self.bind_port),
        };
        let mut document = vec![
            ("apiVersion", Yaml::text(&self.api_version)),
            ("kind", Yaml::text(&self.kind)),
            ("layout", Yaml::text(&self.layout)),
            ("clusterName", Yaml::text(&self.cluster_name)),
            ("kubernetesVersion", Yaml::text(&self.kubernetes_version)),
            ("dnsDomain", Yaml::text(&self.dns_domain)),
            ("serviceCIDRs", Yaml::texts(&self.service_cidrs)),
            ("controlPlaneEndpoint", Yaml::text(&self.control_plane_endpoint)),
            ("bindPort", port),
            ("controlPlanes", nodes(&self.control_planes)),
            ("workers", nodes(&self.workers)),
            (
                "extraSANs",
                Yaml::Map(vec![
                    ("apiserver", Yaml::texts(&self.extra_sans.apiserver)),
                    ("etcdServer", Yaml::texts(&self.extra_sans.etcd_server)),
                    ("etcdPeer", Yaml::texts(&self.extra_sans.etcd_peer)),
                ]),
            ),
            (
                "keys",
                Yaml::Map(vec![
                    ("algorithm", Yaml::text(&self.keys.algorithm)),
                    ("serviceAccount", Yaml::text(&self.keys.service_account)),
                ]),
            ),
            (
                "validity",
                Yaml::Map(vec![
                    ("ca", Yaml::text(&self.validity.ca)),
                    ("leaf", Yaml::text(&self.validity.leaf)),
                    ("backdate", Yaml::text(&self.validity.backdate)),
                ]),
            ),
            ("caKeys", Yaml::text(&self.ca_keys)),
            ("hardened", Yaml::Bool(self.hardened)),
        ];
        // What nobody asked for has no line, so that older documents stay as they were.
        if self.critical_usages {
            document.push(("criticalUsages", Yaml::Bool(true)));
        }
        if self.kubeconfig_files {
            document.push(("kubeconfigFiles", Yaml::Bool(true)));
        }
        if self.refuse_anonymous {
            document.push(("refuseAnonymous", Yaml::Bool(true)));
        }
        if !self.etcd.is_default() {
            document.push(("etcd", etcd(&self.etcd)));
        }
        if !self.subject.is_empty() {
            document.push(("subject", self.subject.yaml()));
        }
        if !self.users.is_empty() {
            document.push(("users", Yaml::List(self.users.iter().map(user).collect())));
        }
        if !self.outputs.is_empty() {
            document.push(("outputs", Yaml::texts(&self.outputs)));
        }
        Yaml::Map(document).to_document() + &self.own_to_yaml()
    }

    /// The document as indented JSON.
    pub fn to_json(&self) -> String {
        // A design is strings, booleans and lists: none of them fails to serialise.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

fn etcd(etcd: &DesignEtcd) -> Yaml {
    let mut fields = vec![("topology", Yaml::text(&etcd.topology))];
    if !etcd.members.is_empty() {
        fields.push(("members", nodes(&etcd.members)));
    }
    if !etcd.endpoints.is_empty() {
        fields.push(("endpoints", Yaml::texts(&etcd.endpoints)));
    }
    if etcd.both_usages {
        fields.push(("bothUsages", Yaml::Bool(true)));
    }
    Yaml::Map(fields)
}

fn user(user: &DesignUser) -> Yaml {
    let mut fields = vec![("name", Yaml::text(&user.name))];
    if !user.groups.is_empty() {
        fields.push(("groups", Yaml::texts(&user.groups)));
    }
    if !user.ttl.is_empty() {
        fields.push(("ttl", Yaml::text(&user.ttl)));
    }
    Yaml::Map(fields)
}

fn nodes(nodes: &[DesignNode]) -> Yaml {
    Yaml::List(
        nodes
            .iter()
            .map(|node| {
                Yaml::Map(vec![
                    ("name", Yaml::text(&node.name)),
                    ("addresses", Yaml::texts(&node.addresses)),
                ])
            })
            .collect(),
    )
}

/// The design of an archive, no more of it than tells that it is too large.
fn in_archive(bytes: &[u8]) -> Option<String> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(MOST_IN_ARCHIVE));
    for entry in archive.entries().ok()? {
        let entry = entry.ok()?;
        if *entry.path_bytes() == *bundle::DESIGN.as_bytes() {
            let mut text = String::new();
            entry.take(MAX_DOCUMENT_BYTES as u64 + 1).read_to_string(&mut text).ok()?;
            return Some(text);
        }
    }
    None
}

/// YAML forbids tabs in indentation (YAML 1.2 §6.1); parsers answer with riddles, so we look first.
pub(super) fn indenting_tab(text: &str) -> Option<DocumentError> {
    // JSON may be indented by tabs.
    if text.trim_start().starts_with('{') {
        return None;
    }
    for (index, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let (blank, rest) = line.split_at(indent);
        if rest.is_empty() || rest.starts_with('#') {
            continue;
        }
        if let Some(column) = blank.find('\t') {
            return Some(DocumentError::Tab { line: index as u64 + 1, column: column as u64 + 1 });
        }
    }
    None
}
