//! The words of the CSR desk's views: labels, hints and buttons.

#![allow(missing_docs, reason = "each text says itself what it is")]

pub const NAME: &str = "CSR desk";
pub const LEAD: &str = "From a signing request to a kubeconfig: what can be done without a \
    cluster is done here, and the rest comes as commands.";
pub const STEPS: &str = "Steps";
pub const REVIEW: &str = "Review";
pub const DROP: &str = "Drop to read";
pub const OPEN: &str = "Open file…";
pub const CLEAR: &str = "Clear";
pub const ANSWER: &str = "Answer";
pub const WORKING: &str = "Working…";
pub const FAILED: &str = "The worker stopped while working on this. What you typed is still there; \
    try again, or with less.";
pub const FILES: &str = "Files and commands";
pub const DOWNLOAD: &str = "Download";
pub const REVEAL: &str = "Show";
pub const HIDE: &str = "Hide";
pub const SECRET: &str = "Secret: it exists only in this page until you download it.";

pub const INPUT: &str = "Paste a signing request";
pub const INPUT_HINT: &str = "PEM, DER, base64, a CertificateSigningRequest in YAML or JSON, or the \
    whole of kubectl get csr -o yaml. Files can be dropped anywhere on the page.";
pub const EXAMPLE: &str = "Try an example: a request by jane";
pub const REVIEW_EMPTY: &str = "Nothing is sent anywhere: the rules of Kubernetes 1.36 are built in, \
    held against the recorded verdicts of a real cluster.";
pub const CIRCUMSTANCES: &str = "Circumstances";
pub const CIRCUMSTANCES_HINT: &str = "signer, CA, and who asks";
pub const SIGNER: &str = "Signer of a bare request";
pub const SIGNER_HINT: &str = "Empty: the one that its subject is for. Objects name their own.";
pub const USAGES: &str = "Usages of a bare request";
pub const USAGES_HINT: &str = "With commas: digital signature, client auth.";
pub const EXPIRATION: &str = "Lifetime of a bare request";
pub const DURATION_HINT: &str = "Seconds, or units: 24h, 90m. Empty: no limit of its own.";
pub const ASKER: &str = "Filed by (user)";
pub const ASKER_HINT: &str = "Empty: as the object says, else kubernetes-admin.";
pub const ASKER_GROUPS: &str = "Groups of that user";
pub const GROUPS_HINT: &str = "With commas.";
pub const SIGNING_DURATION: &str = "Signing duration";
pub const SIGNING_DURATION_HINT: &str = "--cluster-signing-duration; empty: 8760h.";
pub const SIGNING_CA: &str = "Certificate of the signing CA";
pub const SIGNING_CA_HINT: &str = "PEM. Without it, a CA that never ends is assumed.";
pub const POLICY: &str = "Approval policy";
pub const POLICY_HINT: &str = "which kubelet serving certificates are fine";
pub const NODES: &str = "Nodes";
pub const NODES_HINT: &str = "A line each: worker-1 10.0.0.21 10.1.0.0/24 {node}.example.com. The \
    name may be a pattern (worker-*), and * stands for a part of a DNS name.";
pub const NODES_OF_DESIGN: &str = "Take the nodes of the design";
pub const NODES_TAKEN: &str = "The nodes of the design are in the policy.";
pub const MAX_LIFETIME: &str = "Longest lifetime";
pub const CORRECT: &str = "Put the corrected object in its place";
pub const CORRECT_HINT: &str = "What was pasted has mistakes that can be mended without guessing.";

pub const TABLE: &str = "Requests and verdicts";
pub const COLUMNS: [&str; 5] = ["Name", "Filed by", "Signer", "Asks for", "Verdict"];
pub const EARLIER: &str = "Earlier requests";
pub const LATER: &str = "Later requests";

pub fn requests(total: usize) -> String {
    format!("{total} requests")
}

pub fn shown(from: usize, until: usize, total: usize) -> String {
    format!("Requests {} to {until} of {total}", from + 1)
}

/// Names of buttons say what they are about.
pub fn open(what: &str) -> String {
    format!("Open a file: {what}")
}

pub fn clear(what: &str) -> String {
    format!("Clear: {what}")
}

pub fn download(what: &str) -> String {
    format!("Download {what}")
}

pub fn downloaded(name: &str) -> String {
    format!("{name} was handed to the browser's downloads.")
}
