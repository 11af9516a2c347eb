//! The words of the Decode view, around the sheets.

#![allow(missing_docs, reason = "each text says itself what it is")]

pub const HEADING: &str = "Decode";
pub const LEAD: &str = "Paste a certificate, a signing request or a key in any form. \
    Everything is read inside this page.";
/// Also the accessible name that people and tests rely on.
pub const PASTE: &str = "Paste anything";
pub const HINT: &str = "Or paste and drop files anywhere on the page.";
pub const OPEN: &str = "Open files…";
pub const CLEAR: &str = "Clear";
pub const DROP: &str = "Drop to decode";
pub const READING: &str = "Reading…";
pub const FAILED: &str = "The reader stopped while working on this input. What you pasted is still \
    there; a smaller part of it may be readable.";
pub const ANSWER: &str = "What it is";

pub const EXAMPLES: &str = "Try an example";
pub const EXAMPLE_STATUS: &str = "status.certificate";
pub const EXAMPLE_SERVER: &str = "kube-apiserver";
pub const EXAMPLE_CA: &str = "a kubeadm CA";
pub const EXAMPLE_REQUEST: &str = "a request by jane";
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
pub const TRY_NEXT: &[&str] = &[
    "A PEM block starts with -----BEGIN and ends with -----END; both lines must be there.",
    "The base64 of a field such as status.certificate can be pasted alone, without its name.",
    "Of a Kubernetes object or a kubeconfig, the whole YAML or JSON can be pasted.",
];

pub const PATH: &str = "Unwrapped from";
pub const RELATED: &str = "How they belong together";
pub const REMARKS: &str = "Findings";

/// A dropped file that is not text, or too long to be shown.
pub fn dropped(length: usize) -> String {
    let size = match length {
        0..1_024 => format!("{length} bytes"),
        1_024..1_048_576 => format!("{} kB", length / 1_024),
        _ => format!("{} MB", length / 1_048_576),
    };
    format!("Reading dropped files of {size}, which are not shown as text.")
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

/// Which of many objects are shown.
pub fn shown(from: usize, until: usize, total: usize) -> String {
    format!("Objects {} to {until} of {total}", from + 1)
}

pub const EARLIER: &str = "Earlier objects";
pub const LATER: &str = "Later objects";
