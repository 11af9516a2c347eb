//! The words of the Decode view, around the sheets.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::explain::link::{Broken, Refused};

use super::map_view::plural;

pub const HEADING: &str = "Decode";
pub const LEAD: &str = "Paste a certificate, a signing request or a key in any form. \
    Everything is read inside this page.";
/// Also the accessible name that people and tests rely on.
pub const PASTE: &str = "Paste anything";
pub const HINT: &str = "Or paste and drop files anywhere on the page.";
pub const OPEN: &str = "Open files…";
pub const OPEN_FOLDER: &str = "Open a folder…";
pub const CLEAR: &str = "Clear";
pub const READING: &str = "Reading…";
pub const FAILED: &str = "The reader stopped while working on this input. What you pasted is still \
    there; a smaller part of it may be readable.";
pub const ANSWER: &str = "What it is";

pub const EXAMPLES: &str = "Try an example";
pub const EXAMPLE_STATUS: &str = "status.certificate";
pub const EXAMPLE_SERVER: &str = "kube-apiserver";
pub const EXAMPLE_CA: &str = "a kubeadm CA";
pub const EXAMPLE_REQUEST: &str = "a request by jane";
pub const EXAMPLE_OBJECT: &str = "a signed CSR object";
pub const EXAMPLE_KUBECONFIG: &str = "a kubelet's kubeconfig";
pub const EXAMPLE_ROTATED: &str = "a kubelet's key and certificate";
pub const EXAMPLE_TOKEN: &str = "a service account's token";
pub const EXAMPLE_WEBHOOK: &str = "a webhook's caBundle";
pub const EXAMPLE_CHAIN: &str = "a server with its CA";
pub const EXAMPLE_SECRET: &str = "a TLS Secret";
pub const EXAMPLE_BUNDLE: &str = "a PKCS#7 bundle";
pub const EXAMPLE_CRL: &str = "a Secret and the list that revokes it";
pub const EXAMPLE_CUT: &str = "a broken copy";

pub const EMPTY_HEADING: &str = "What you can paste";
pub const EMPTY: &[(&str, &str)] = &[
    (
        "A certificate that the cluster has just signed",
        "kubectl get csr NAME -o jsonpath='{.status.certificate}'",
    ),
    ("A request that waits for approval", "kubectl get csr NAME -o yaml"),
    (
        "What a kubelet shows the cluster",
        "sudo cat /var/lib/kubelet/pki/kubelet-client-current.pem",
    ),
    ("The certificate of a server", "openssl s_client -connect HOST:6443 </dev/null"),
];
pub const EMPTY_FORMS: &str = "PEM, DER, base64 and hexadecimal are recognised by themselves, also \
    indented, quoted, folded or without padding; so are kubeconfigs and Kubernetes objects in YAML \
    or JSON. Private keys are described and not shown.";

pub const NOT_RECOGNISED: &str = "This is not a certificate, a request or a key in a form that is \
    known here.";
pub const HOLDS_DESIGN: &str = "This holds the design of a cluster.";
pub const OPEN_DESIGN: &str = "Open the design in Generate";
pub const TRY_NEXT: &[&str] = &[
    "A PEM block starts with -----BEGIN and ends with -----END; both lines must be there.",
    "The base64 of a field such as status.certificate can be pasted alone, without its name.",
    "Of a Kubernetes object or a kubeconfig, the whole YAML or JSON can be pasted.",
];

pub const PATH: &str = "Unwrapped from";
pub const RELATED: &str = "How they belong together";
pub const REMARKS: &str = "Findings";

/// The rest of how they belong together, folded.
pub fn more_remarks(count: usize) -> String {
    plural(count, "more line")
}

/// The time that everything is judged by.
pub const CLOCK: &str = "Judged at";
pub const CLOCK_SET: &str = "Judge at another time (UTC)";
pub const CLOCK_BROWSER: &str = "by the browser's clock";
pub const CLOCK_HAND: &str = "set by hand";
pub const CLOCK_RETURN: &str = "Use the browser's clock";
pub const CLOCK_BAD: &str = "This is not a date and time. Write it as 2027-01-31T12:00, in UTC.";

pub const COPY_LINK: &str = "Copy link";
pub const DOWNLOAD_REPORT: &str = "Download report";
pub const REPORT_FILE: &str = "pki-report.json";
pub const LINK_COPIED: &str = "The link is on the clipboard. The part after # holds the certificates, \
    requests and public keys themselves; browsers do not send it to the server.";
pub const LINK_FROM_DISK: &str = "It begins with the place of this page on your disk: elsewhere, \
    replace that with the address of the page there.";
pub const LINK_NOT_COPIED: &str = "The browser did not let the link onto the clipboard. Press Copy \
    link again, and allow it.";
pub const LINK_TOO_LONG: &str = "There is no link, because it would be longer than browsers and \
    chat programs carry. Download the report, or send the file itself.";

pub const LIST: &str = "All objects";
pub const FILTER: &str = "Find by subject or name";
pub const NONE_FOUND: &str = "No object has this in its subject or names.";

pub const EXPIRY: &str = "When they expire";
pub const EXPIRY_COLUMNS: [&str; 5] =
    ["Certificate", "Expires", "Residual time", "Certificate authority", "Externally managed"];
pub const EXPIRY_HINT: &str = "The columns of kubeadm certs check-expiration. A certificate counts as \
    externally managed when the CA that signed it is not in sight.";
pub const COPY_MARKDOWN: &str = "Copy as Markdown";
pub const COPY_CSV: &str = "Copy as CSV";
pub const A_CA: &str = "CA";
pub const YES: &str = "yes";
pub const NO: &str = "no";

/// How many lines pass the filter.
pub fn lines_found(total: usize) -> String {
    match total {
        1 => "1 object".to_owned(),
        _ => format!("{total} objects"),
    }
}

/// How long a copied link is, if that may be too long for where it goes.
pub fn link_long(length: usize) -> String {
    format!(
        "It has {length} characters. Mail and chat programs may cut it; a cut link is noticed when \
         it is opened, and says so."
    )
}

/// Why there is no link.
pub fn no_link(refused: Refused) -> String {
    let why = match refused {
        Refused::PrivateKey => {
            "There is no link to a private key: links are kept in histories, logs and chats. Paste \
             the certificate without it."
        }
        Refused::Credentials => {
            "There is no link to what may hold credentials, such as a kubeconfig or a token: links \
             are kept in histories, logs and chats. Paste its certificate alone."
        }
        Refused::Unknown => {
            "There is no link, because a part was not recognised and may be secret. Paste the \
             certificate alone."
        }
        Refused::TooLarge => LINK_TOO_LONG,
        _ => "There is no link, because nothing public was found to put into it.",
    };
    why.to_owned()
}

/// What is wrong with a link that was opened.
pub fn broken_link(broken: Broken) -> &'static str {
    match broken {
        Broken::Cut => {
            "This link was cut on its way: its end is missing. Ask for it again, as a file if it is \
             long, or paste the certificate itself."
        }
        Broken::TooLarge => {
            "This link holds more than a link may. Ask for the certificates as a file."
        }
        _ => {
            "This link was changed on its way, or is not one of this page. Copy it again as a \
             whole, or paste the certificate itself."
        }
    }
}

/// A file that the browser would not read.
pub fn unreadable(name: &str) -> String {
    format!(
        "{name} could not be read. It may have been moved, changed or be without permission; copy \
         it elsewhere and drop the copy."
    )
}

/// Files that are together more than a browser can hold.
pub fn too_large(name: &str, length: usize, limit: usize) -> String {
    format!(
        "{name} has {}, and this page reads at most {} at once. Nothing of it was read. Drop the \
         certificate files alone, or use the program examples/decode, which has no browser around \
         it.",
        size(length),
        size(limit)
    )
}

/// The name of a text that was pasted.
pub const PASTED: &str = "The pasted text";

/// The name of several files together.
pub fn files_together(count: usize) -> String {
    format!("{count} files together")
}

/// More files than are read.
pub fn too_many(limit: usize) -> String {
    format!(
        "These are more than {limit} files, so none was read. Drop the folder with the \
        certificates alone."
    )
}

pub const NO_FILES: &str = "There was no file in what was dropped. Some browsers keep folders from a \
    page that was opened from a disk: use Open a folder… for those.";

/// A length that people can compare.
pub fn size(length: usize) -> String {
    match length {
        0..1_024 => format!("{length} bytes"),
        1_024..1_048_576 => format!("{} kB", length / 1_024),
        _ => format!("{} MB", length / 1_048_576),
    }
}

/// What is read instead of the text in the box.
pub fn read_files(count: usize, first: &str, length: usize) -> String {
    match count {
        1 => format!("Reading the file {first}, {}.", size(length)),
        _ => format!("Reading {count} files, {} together.", size(length)),
    }
}

/// A pasted text that is too long for the box.
pub fn read_text(length: usize) -> String {
    format!("Reading a pasted text of {}, which is too long to be shown here.", size(length))
}

/// What a link held.
pub fn read_link(length: usize) -> String {
    format!("Reading {} from the link that was opened.", size(length))
}

/// The kind of one among several, with its number.
pub fn numbered(number: usize, kind: &str) -> String {
    format!("No. {number}, {kind}")
}

/// How many objects there are.
pub fn found(total: usize) -> String {
    match total {
        0 => "Nothing was recognised.".to_owned(),
        1 => "1 object found.".to_owned(),
        _ => format!("{total} objects found."),
    }
}
