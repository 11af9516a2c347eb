//! The ASN.1 tree of an object, as the window draws it.

use pki_core::decode;
use pki_text::en::explain;
use serde::{Deserialize, Serialize};

use super::{Remark, visible};

/// More values than this are not drawn: nobody reads them, and a browser takes long over them.
const MOST_NODES: usize = 2_000;
/// More octets than this are not drawn.
const MOST_OCTETS: usize = 16 << 10;

/// The values of an object, and its octets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tree {
    /// In the order of their octets; children follow their parent.
    pub(crate) nodes: Vec<Node>,
    /// The octets in hexadecimal.
    pub(crate) hex: String,
    /// How many values and octets were left out.
    pub(crate) left_out: (usize, usize),
    /// What is wrong, with its place.
    pub(crate) remarks: Vec<Remark>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Node {
    /// How deep it is nested, from 0.
    pub(crate) depth: usize,
    /// Where its tag begins.
    pub(crate) offset: usize,
    /// Octets of tag and length.
    pub(crate) header: usize,
    /// Octets of the contents.
    pub(crate) length: usize,
    /// The type.
    pub(crate) tag: String,
    /// The value in short.
    pub(crate) value: Option<String>,
    /// Further values in it follow.
    pub(crate) holds: bool,
    /// What is wrong with it.
    pub(crate) problems: Vec<String>,
}

impl Node {
    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.offset.saturating_add(self.header).saturating_add(self.length)
    }
}

impl Tree {
    pub(crate) fn new(der: &[u8]) -> Self {
        let tree = decode::tree(der);
        let count = tree.rows.len();
        let shown = der.get(..MOST_OCTETS).unwrap_or(der);
        let nodes = tree.rows.into_iter().take(MOST_NODES).map(|row| Node {
            depth: row.depth,
            offset: row.offset,
            header: row.header_length,
            length: row.length,
            tag: row.tag,
            // Of a value without a short form, its first octets.
            value: row.value.map(visible).or(row.hex.map(short)),
            holds: row.constructed || row.encapsulates,
            problems: row.problems.iter().map(|p| visible(explain::problem(p))).collect(),
        });
        Self {
            nodes: nodes.collect(),
            hex: decode::hex(shown),
            left_out: (count.saturating_sub(MOST_NODES), der.len().saturating_sub(MOST_OCTETS)),
            remarks: tree.findings.iter().map(Remark::new).collect(),
        }
    }

    /// The innermost value that an octet is of.
    pub(crate) fn at(&self, offset: usize) -> Option<usize> {
        self.nodes.iter().rposition(|node| node.offset <= offset && offset < node.end())
    }
}

fn short(mut hex: String) -> String {
    const LONGEST: usize = 40;
    if hex.len() > LONGEST {
        hex.truncate(LONGEST);
        hex.push('…');
    }
    hex
}
