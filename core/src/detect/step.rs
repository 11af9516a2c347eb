//! The layers that an object was wrapped in.

use serde::{Deserialize, Serialize};

/// One layer that was taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Step {
    /// A file, of several that were read together.
    File {
        /// Its name, or its path in the folder that was dropped.
        name: String,
    },
    /// A byte order mark before the text.
    ByteOrderMark,
    /// Text in UTF-16.
    Utf16,
    /// Quotation marks around it.
    Quotes,
    /// A `%` after it, which zsh prints where a line feed is missing.
    PercentSign,
    /// A word within other text.
    Prose {
        /// Line, from 1.
        line: usize,
    },
    /// Hexadecimal, or a dump.
    Hex,
    /// Octets as decimal numbers.
    Octets,
    /// Line ends written out as a backslash and a letter, as in JSON.
    Escapes,
    /// A text in percent escapes, as in a URL.
    PercentEscapes,
    /// Base64.
    Base64 {
        /// Of the URL-safe alphabet.
        url: bool,
    },
    /// A PEM block.
    Pem {
        /// Its label.
        label: String,
        /// Its number in the text, from 0.
        index: usize,
        /// Line of its BEGIN, from 1, in the text that holds it.
        line: usize,
    },
    /// Bytes of DER.
    Der,
    /// A gzip stream.
    Gzip,
    /// A file in a tar archive.
    TarEntry {
        /// Its path.
        path: String,
    },
    /// A document of a YAML stream.
    YamlDocument {
        /// Its number, from 0.
        index: usize,
    },
    /// JSON.
    Json,
    /// An item of a Kubernetes List.
    Item {
        /// Its number, from 0.
        index: usize,
    },
    /// A Kubernetes object.
    Object {
        /// Its apiVersion.
        api_version: String,
        /// Its kind.
        kind: String,
        /// Its namespace.
        namespace: Option<String>,
        /// Its name.
        name: Option<String>,
    },
    /// A field.
    Field {
        /// Its path, e.g. `status.certificate`.
        path: String,
        /// Line in the text that holds it, from 1.
        line: Option<usize>,
        /// Column, from 1.
        column: Option<usize>,
    },
    /// A certificate or revocation list in a PKCS#7 bundle.
    Pkcs7 {
        /// Its number, from 0.
        index: usize,
    },
}
