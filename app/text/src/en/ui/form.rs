//! The form that edits a design.

use pki_core::design::{Finding, Output};

use crate::en::findings;

/// Heading of the form.
pub const TITLE: &str = "Design";
/// Field.
pub const LAYOUT: &str = "Layout";
/// Field.
pub const CLUSTER_NAME: &str = "Cluster name";
/// Its hint.
pub const CLUSTER_NAME_HINT: &str = "In kubeconfigs and in the name of the tarball.";
/// Field.
pub const VERSION: &str = "Kubernetes version";
/// Its hint.
pub const VERSION_HINT: &str = "Its rules decide groups and files.";
/// Field.
pub const ENDPOINT: &str = "Control-plane endpoint";
/// Its hint.
pub const ENDPOINT_HINT: &str =
    "HOST or HOST:PORT of the load balancer; empty for one control plane.";
/// Field.
pub const SERVICE_CIDRS: &str = "Service range";
/// Its hint.
pub const SERVICE_CIDRS_HINT: &str = "One, or IPv4 and IPv6 with a comma for dual stack.";
/// Field.
pub const DNS_DOMAIN: &str = "DNS domain";
/// Its hint.
pub const DNS_DOMAIN_HINT: &str = "Of Services; cluster.local unless you chose another.";
/// Group.
pub const CONTROL_PLANES: &str = "Control planes";
/// Group.
pub const WORKERS: &str = "Workers";
/// Field.
pub const ETCD: &str = "etcd runs";
/// Choice.
pub const ETCD_STACKED: &str = "On the control planes (stacked)";
/// Choice.
pub const ETCD_EXTERNAL: &str = "On machines of its own (external)";
/// Group.
pub const ETCD_MEMBERS: &str = "etcd members";
/// Button.
pub const ADD_MEMBER: &str = "Add member";
/// Empty group.
pub const NO_MEMBERS: &str = "None yet. Three bear the loss of one.";
/// Field.
pub const ETCD_ENDPOINTS: &str = "Where kube-apiserver reaches etcd";
/// Its hint.
pub const ETCD_ENDPOINTS_HINT: &str =
    "URLs, like https://etcd.example.com:2379; empty for each member's address at 2379.";
/// Field.
pub const BOTH_USAGES: &str = "etcd's certificates are a server's and a client's in one, instead \
    of two each (--client-cert-file, from etcd 3.5 on)";
/// Empty group.
pub const NO_WORKERS: &str = "None. Nodes that join by kubeadm join need no files from here.";
/// Column.
pub const NODE_NAME: &str = "Name";
/// Column.
pub const NODE_ADDRESSES: &str = "Addresses";
/// Button.
pub const ADD_CONTROL_PLANE: &str = "Add control plane";
/// Button.
pub const ADD_WORKER: &str = "Add worker";
/// Button.
pub const REMOVE: &str = "Remove";
/// Button: switch a group to text.
pub const AS_TEXT: &str = "Edit as text";
/// Button: switch it back.
pub const AS_ROWS: &str = "Edit as rows";
/// What the text looks like.
pub const TEXT_HINT: &str = "One machine a line: name, then addresses, with spaces or commas between. Paste CSV as \
     it is; # begins a comment.";
/// Where in that text something is.
pub fn at_line(line: usize, place: &str) -> String {
    format!("Line {line} ({place})")
}
/// How many machines one row can stand for.
pub const PATTERN_HINT: &str =
    "Many in one: worker-[001-250], at 10.0.1.[1-250] or from 10.0.1.1+ on.";
/// Rows of so many would be slow.
pub const MANY: &str = "So many are shown as text.";
/// Group that is closed at first.
pub const ADVANCED: &str = "Advanced";
/// What is in it.
pub const ADVANCED_HINT: &str = "algorithms, lifetimes, extra names, CA keys, users, more files";
/// Field.
pub const ALGORITHM: &str = "Keys";
/// Its reason.
pub const ALGORITHM_HINT: &str = "ECDSA P-256 is small, fast and taken by every component. RSA \
    2048 is kubeadm's own default.";
/// Field.
pub const SA_ALGORITHM: &str = "Service-account key";
/// Its reason.
pub const SA_ALGORITHM_HINT: &str = "RSA 2048 because some readers of tokens know only RS256.";
/// Field.
pub const BIND_PORT: &str = "API server port";
/// Field.
pub const CA_VALIDITY: &str = "CAs live";
/// Field.
pub const LEAF_VALIDITY: &str = "Certificates live";
/// Field.
pub const BACKDATE: &str = "Backdated by";
/// Their hint.
pub const DURATION_HINT: &str = "With units, like 8760h, 365d or 10y.";
/// Its hint.
pub const BACKDATE_HINT: &str = "For machines whose clock runs behind.";
/// Field.
pub const SAN_APISERVER: &str = "More names for the API server";
/// Field.
pub const SAN_ETCD_SERVER: &str = "More names for etcd servers";
/// Field.
pub const SAN_ETCD_PEER: &str = "More names for etcd peers";
/// Their hint.
pub const SAN_HINT: &str = "DNS names or addresses; Enter or a comma ends each.";
/// Field.
pub const CA_KEYS: &str = "Private keys of the CAs";
/// Choice.
pub const CA_KEYS_HOSTS: &str = "On every control plane, as kubeadm does";
/// Choice.
pub const CA_KEYS_VAULT: &str = "Only in a vault folder (external-CA mode)";
/// Field.
pub const HARDENED: &str = "Certificates readable by root only (mode 0600)";
/// Field.
pub const CRITICAL_USAGES: &str = "Usages (extendedKeyUsage) critical: software that does not know \
    them refuses the certificate";
/// Field.
pub const KUBECONFIG_FILES: &str = "Kubeconfigs of components name the files of their certificates \
    instead of holding them";
/// Field.
pub const REFUSE_ANONYMOUS: &str = "kube-apiserver refuses requests without a credential \
    (--anonymous-auth=false): HTTP probes and kubeadm join by token need another way";
/// Group of fields.
pub const SUBJECT: &str = "What every subject says beside its name";
/// Hint.
pub const SUBJECT_HINT: &str = "Empty in most clusters: Kubernetes reads the CN and, as groups, the O. \
    A company's name stands in the O of CAs only.";
/// Fields, in the order of `DesignSubject::parts`.
pub const SUBJECT_PARTS: [&str; 5] =
    ["Country (C)", "State (ST)", "Place (L)", "Company (O of CAs)", "Unit (OU)"];
/// Field.
pub const USERS: &str = "People who get a kubeconfig";
/// Its hint.
pub const USERS_HINT: &str = "One a line: name, then groups with commas between, then how long the \
    certificate lives. For example: jane developers,oncall 30d";
/// Group.
pub const OUTPUTS: &str = "Also make";
/// Field.
pub const OWN: &str = "CAs and certificates of your own (YAML)";
/// Its hint.
pub const OWN_HINT: &str = "Rename, merge (into), put below an offline root, or give certificates \
    to another CA (signs); add certificates by hand. For example:";
/// Its example.
pub const OWN_EXAMPLE: &str = "\
authorities:
- name: example-root
- name: ca
  below: example-root
- name: people-ca
  signs: [admin.conf]
certificates:
- name: metrics-server
  authority: ca
  usages: [server]
  SANs: [metrics-server.kube-system.svc]";
/// Group.
pub const BRING: &str = "Use a CA that you have";
/// Field.
pub const BRING_CA: &str = "In the place of";
/// Field.
pub const BRING_PEM: &str = "Its certificate, and its private key if it is here (PEM)";
/// Its hint.
pub const BRING_HINT: &str = "Paste both, one after the other. They stay in this page's memory, \
    and are gone when you reload it; the design does not hold them. With the certificate alone, \
    requests are made for the CA, and you bring what it signed.";
/// The name of the button that takes an entry out of a list.
pub fn remove_chip(entry: &str, list: &str) -> String {
    format!("Remove {entry} from: {list}")
}

/// What is said when it is gone.
pub fn chip_removed(entry: &str) -> String {
    format!("{entry} removed")
}

/// What stands with an entry for those who do not see its colour.
pub fn chip_wrong(finding: &Finding) -> String {
    let severity = findings::severity(finding.severity());
    format!(" ({severity}: {})", findings::finding(finding))
}

/// Field.
pub const BRING_FILE: &str = "Or its files";
/// Its hint.
pub const BRING_FILE_HINT: &str = "PEM or DER: one file with both, or the certificate's and the \
    key's together. Choose them, or drop them anywhere in this box; they are read here and go \
    nowhere.";
/// Button.
pub const BRING_TAKE: &str = "Check and use it";
/// Button.
pub const BRING_REMOVE: &str = "Make it instead";
/// There is no plan.
pub const BRING_NO_PLAN: &str = "The design has errors; mend them first.";
/// Group.
pub const DOCUMENT: &str = "Design as a document";
/// Its hint.
pub const DOCUMENT_HINT: &str = "A design holds no secrets: keep it in Git, send it by mail.";
/// Button.
pub const EXPORT_YAML: &str = "Export YAML";
/// Button.
pub const EXPORT_JSON: &str = "Export JSON";
/// Button.
pub const MAKE_LINK: &str = "Make a link";
/// Field.
pub const LINK: &str = "Link to this design";
/// Its hint.
pub const LINK_HINT: &str = "The design is in the part after #, which no server is sent. It \
    follows what you edit, and holds no secrets, but names and addresses.";
/// A link was opened.
pub const LINK_READ: &str = "This design came with the link; Undo brings back yours.";
/// The design of the last visit was refused.
pub fn stored_unread(key: &str, why: &findings::Sentence) -> String {
    format!(
        "The design of your last visit was not read; this browser keeps its text as {key}. {why}"
    )
}
/// Field.
pub const IMPORT: &str = "Import a design, or kubeadm's configuration (YAML or JSON)";
/// Button.
pub const UNDO: &str = "Undo";
/// Forward again.
pub const REDO: &str = "Redo";
/// Said after a step back.
pub const UNDONE: &str = "Undone.";
/// Said after a step forward.
pub const REDONE: &str = "Redone.";
/// Back to the start.
pub const START_OVER: &str = "Start over";
/// The question before it.
pub const START_OVER_SURE: &str = "Forget this design and start with kubeadm's defaults?";
/// The name of what was dropped on the page.
pub const DROPPED: &str = "The dropped file";
/// Group.
pub const DEMO: &str = "Demo mode";
/// Field.
pub const DEMO_ON: &str = "Make the same files every time, for documentation and workshops";
/// Field.
pub const DEMO_SEED: &str = "Seed text";
/// What it does.
pub const DEMO_HINT: &str = "Anybody who knows the seed text has the keys. The clock stands at \
    2026-01-01T00:00:00Z, and the tarball is marked DEMO.";
/// Heading of the summary.
pub const FINDINGS: &str = "To mend, and worth knowing";

/// What is made on request, as people say it.
pub fn output(output: Output) -> &'static str {
    match output {
        Output::Encryption => "Encryption of Secrets in etcd, with a key",
        Output::KubeletServing => "Serving certificates for kubelets (CIS 1.2.5)",
        Output::CertManager => "The CAs for cert-manager",
        Output::VaultPki => "The CAs for Vault",
        Output::StepCa => "The CAs for step-ca",
        // What every archive has is not offered.
        always => always.name(),
    }
}

/// An algorithm as people say it.
pub fn algorithm(name: &str) -> &str {
    match name {
        "ecdsa-p256" => "ECDSA P-256",
        "ecdsa-p384" => "ECDSA P-384",
        "rsa-2048" => "RSA 2048",
        "rsa-3072" => "RSA 3072",
        "rsa-4096" => "RSA 4096",
        other => other,
    }
}

/// The accessible name of a field of a node.
pub fn node_field(group: &str, number: usize, field: &str) -> String {
    format!("{group}, {number}: {}", field.to_lowercase())
}

/// What rows with patterns amount to.
pub fn machines(count: usize) -> String {
    format!("{count} machines in all.")
}

/// The accessible name of the button that removes a node.
pub fn remove(name: &str, number: usize) -> String {
    if name.is_empty() { format!("Remove number {number}") } else { format!("Remove {name}") }
}

/// A CA that was brought along.
pub fn brought(name: &str) -> String {
    format!("{name} is not made, but taken from what you pasted.")
}

/// A design was imported.
pub fn imported(file: &str) -> String {
    format!("{file} was read; the form shows it.")
}

/// A file was no design.
pub fn not_imported(file: &str) -> String {
    format!("{file} was not read; the design is as it was.")
}

/// A link that some programs would cut.
pub fn long_link(length: usize) -> String {
    format!(
        "It has {length} characters, and some mail programs and chats cut links beyond 2,000. The \
         page notices that; a file is safer."
    )
}

/// How many findings there are.
pub fn summary(errors: usize, warnings: usize) -> String {
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    match (errors, warnings) {
        (0, warnings) => plural(warnings, "warning"),
        (errors, 0) => plural(errors, "error"),
        (errors, warnings) => {
            format!("{}, {}", plural(errors, "error"), plural(warnings, "warning"))
        }
    }
}

/// How many lines of a list are not shown.
pub fn more(count: usize) -> String {
    format!("and {count} more")
}
