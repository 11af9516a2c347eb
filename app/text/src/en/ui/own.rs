//! The words for CAs and certificates of one's own.

/// The group.
pub const TITLE: &str = "CAs, and who signs what";
/// Its hint.
pub const HINT: &str = "Rename a CA, put it below an offline root, have one CA take the place of \
    another, or add one and give it certificates to sign. Flags, bundles and the map follow.";
/// Button.
pub const ADD: &str = "Add a CA";
/// Field.
pub const NAME: &str = "Name (of its files)";
/// Field.
pub const COMMON_NAME: &str = "Common name (CN)";
/// Field.
pub const ABOVE: &str = "Signed by";
/// Choice.
pub const ITSELF: &str = "itself: a root";
/// Field.
pub const PLACE: &str = "Its place is taken by";
/// Choice.
pub const KEPT: &str = "no other CA";
/// Button.
pub const REMOVE: &str = "Remove";
/// Button.
pub const KEEP: &str = "Keep it";
/// Field.
pub const HEIR: &str = "They go to";
/// Choice.
pub const BACK: &str = "the CA that the layout gives them";
/// The list of what CAs sign.
pub const SIGNED: &str = "Who signs each certificate";
/// The certificates by hand.
pub const BY_HAND: &str = "More certificates";
/// Their hint.
pub const BY_HAND_HINT: &str = "For metrics-server, a webhook, an egress proxy, an extension API \
    server, or a program that asks the API server as a client.";
/// Button.
pub const ADD_CERTIFICATE: &str = "Add a certificate";
/// Field.
pub const CERTIFICATE: &str = "Name";
/// Field.
pub const AUTHORITY: &str = "Signed by";
/// Field.
pub const SERVER: &str = "For a server";
/// Field.
pub const CLIENT: &str = "For a client";
/// Field.
pub const CLIENT_NAME: &str = "Common name (CN); the user, for a client";
/// Field.
pub const GROUPS: &str = "Groups (O)";
/// Field.
pub const SANS: &str = "Names and addresses (SANs)";
/// Field.
pub const ON: &str = "Goes to";
/// Choice.
pub const ON_PEOPLE: &str = "the people who run the cluster";
/// Choice.
pub const ON_CONTROL_PLANES: &str = "every control plane";
/// Choice.
pub const ON_WORKERS: &str = "every worker";
/// Choice.
pub const ON_NODES: &str = "every control plane and worker";
/// Choice.
pub const ON_ETCD: &str = "every machine that runs etcd";
/// Field.
pub const PATH: &str = "Path there, without .crt";
/// The same as a document.
pub const AS_TEXT: &str = "The same as text (YAML)";

/// What stands beside the name of a CA.
pub fn about(common_name: &str, below: &str, into: &str) -> String {
    if !into.is_empty() {
        return format!("{into} stands in its place");
    }
    let below = if below.is_empty() { String::new() } else { format!(", below {below}") };
    format!("CN={common_name}{below}")
}

/// What is asked before a CA goes that something needs.
pub fn in_use(name: &str, users: &[String]) -> String {
    format!("“{name}” is needed for: {}. Where do they go?", users.join(", "))
}

/// The name of a field of one CA or certificate, for those who do not see the row.
pub fn of(name: &str, field: &str) -> String {
    format!("{name}: {field}")
}
