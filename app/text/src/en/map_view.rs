//! What the map says.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::plan::flows::{Checked, Means, Party, Proof, Shows};
use pki_core::plan::protection::{Against, Authentication};
use pki_core::plan::review::Weight;
use pki_core::plan::{Component, Owner, Plan};

pub const NAME: &str = "Map";
pub const TITLE: &str = "How it all fits";
pub const LEAD: &str = "Who speaks to whom, and which CA vouches for each end of every connection. \
    Choose a component, a line or a CA.";
pub const PICTURE: &str = "Map of the cluster's connections";
pub const HOW_TO_READ: &str = "An arrow goes from whoever calls to whoever answers. The letter at \
    its start is the CA that vouches for the caller, the letter at its head the CA that vouches \
    for the server. T is a token. A broken red line lacks a check, and ! marks the end that nobody \
    can be sure of.";
/// The same for whoever has keys and a mouse.
pub const HOW_TO_ZOOM: &str =
    "The keys + and - zoom; zoomed in, drag the picture or use the arrow keys.";
pub const WIDER: &str = "Zoom in";
pub const NARROWER: &str = "Zoom out";
pub const DOWNLOAD: &str = "Download SVG";
pub const TABLE: &str = "All connections as a table";
pub const CONTROL_PLANE: &str = "Control plane";
pub const ETCD_HOSTS: &str = "etcd";
pub const NODES: &str = "Every node";
pub const LETTERS: &str = "CAs";
pub const CHOOSE: &str = "Nothing is chosen yet. Choose a component, a line or a CA in the \
    picture: here stands what it has, what it shows and whom it trusts.";
pub const NO_PLAN: &str = "The design has an error: mend it in Generate, and the map is drawn.";
pub const CLEAR: &str = "Show everything";
pub const RISKS: &str = "What to know about this layout";
pub const NO_RISKS: &str = "Nothing stands out.";
pub const RISKS_ON_MAP: &str = "See on the map who trusts whom";
pub const MENDED: &str = "The design is changed; undo takes it back.";
pub const BENCHMARK: &str = "Failed lines of the CIS benchmark";
pub const BENCHMARK_ABOUT: &str = "The lines of v1.12 that certificates and the flags about them \
    decide, with their numbers in v1.5.0, which older texts quote. Modes and owners of files are \
    right in the tarball.";
pub const LINE_HEADS: [&str; 5] = ["CIS v1.12", "v1.5.0", "It asks that", "Result", "What to do"];
pub const PASSED: &str = "passed";
pub const FAILED: &str = "failed";
pub const NO_LINE: &str = "none";
pub const CHOSEN: &str = "What you chose is explained beside the picture.";
pub const CLEARED: &str = "Everything is shown.";
pub const NOTES: &str = "Said honestly";

pub const FROM: &str = "Caller";
pub const TO: &str = "Server";
pub const CALLER_SHOWS: &str = "The caller shows";
pub const CALLEE_SHOWS: &str = "The server shows";
pub const SHOWS: &str = "Shows";
pub const IN_FILE: &str = "From";
pub const CHECKED: &str = "Checked";
pub const BECOMES: &str = "Kubernetes user";
pub const MISSING: &str = "Missing";
pub const NOTHING_MISSING: &str = "nothing";
pub const USAGE: &str = "Good for";
pub const NAMES: &str = "Names";
pub const STOLEN: &str = "If a CA's key is stolen";
pub const PURPOSE: &str = "For";
pub const SIGNS: &str = "Signs";
pub const TRUSTED_BY: &str = "Trusted by";
pub const KEY_ON: &str = "Its key lies";
pub const KEY_NEEDED: &str = "Needed there";
pub const WHY: &str = "Why";
pub const LIMITS: &str = "Limits";
pub const THIEF: &str = "Whoever has its key can";
pub const RUNS_ON: &str = "Runs on";
pub const FLAGS: &str = "Flags about certificates";
pub const CONNECTIONS: &str = "Connections";
pub const VALUE: &str = "Value";
pub const TOLD_TO: &str = "Flag of";
pub const SHOWN_ON: &str = "Shown on";
pub const CHECKS_ON: &str = "Checks on";
pub const NAMED_BY: &str = "Named by";
pub const CERTIFICATE: &str = "Its certificate";
pub const THREE: &str = "What holds";
pub const BY_DEFAULT: &str = "By default";
pub const CHOSEN_FLAGS: &str = "With these flags";
pub const AUTHENTICATION: &str = "Authentication";
pub const INTEGRITY: &str = "Integrity";
pub const ENCRYPTION: &str = "Encryption";
pub const NO_CONNECTION: &str = "no connection";

/// Who knows whom.
pub fn authentication(held: Authentication) -> &'static str {
    match held {
        Authentication::Both => "both ends",
        Authentication::CallerOnly => "the caller only",
        Authentication::CalleeOnly => "the server only",
        Authentication::Neither => "no",
    }
}

/// Against whom integrity or encryption holds.
pub fn against(against: Against) -> &'static str {
    match against {
        Against::Everybody => "yes",
        Against::Listeners => "only against listeners",
        Against::Nobody => "no",
    }
}
pub const SIGNS_WITH: &str = "signs with";
pub const CLIENTS_OF: &str = "clients of";
pub const OWN_WORK: &str = "Its components are started by somebody else, who makes their \
    certificates. What this layout hands over are the CAs below.";
/// The same where the layout has nothing.
pub const NOTHING: &str = "No component of Kubernetes is part of this layout. The CAs below are \
    those that you added; what trusts them is up to you.";

/// "kube-scheduler → kube-apiserver"; members of etcd speak to each other.
pub fn pair(from: Party, to: Party) -> String {
    format!("{} → {}", super::flows::party(from), super::flows::party(to))
}

/// A line, for those who do not see it.
pub fn spoken(from: Party, to: Party, letters: (&str, &str), gaps: usize) -> String {
    let missing = if gaps > 0 { ", a check is missing" } else { "" };
    format!(
        "{} calls {}: caller vouched for by {}, server by {}{missing}",
        super::flows::party(from),
        super::flows::party(to),
        letters.0,
        letters.1
    )
}

/// How many machines run a component; nothing where none does.
pub fn runs_on(plan: &Plan, component: Component) -> String {
    let settings = &plan.settings;
    let kinds = [
        (Owner::ControlPlane(0), settings.control_planes.len(), "control plane"),
        (Owner::Worker(0), settings.workers.len(), "worker"),
        (Owner::Etcd(0), settings.etcd.members.len(), "etcd machine"),
    ];
    let parts: Vec<String> = kinds
        .into_iter()
        .filter(|(first, count, _)| *count > 0 && plan.components(first).contains(&component))
        .map(|(_, count, what)| plural(count, what))
        .collect();
    parts.join(", ")
}

/// "2 workers".
pub fn plural(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The name of an end in the picture.
pub fn short(party: Party) -> &'static str {
    match party {
        Party::Operator => "people",
        Party::NewNode => "a new node",
        Party::Pod => "pods",
        Party::ExtensionServer => "aggregated API",
        Party::Webhook => "webhook",
        Party::Etcdctl | Party::KonnectivityServer | Party::KonnectivityAgent => {
            super::flows::party(party)
        }
        Party::Component(component) => component.name(),
    }
}

/// What an end is, in a few words below its name.
pub fn about(party: Party) -> &'static str {
    match party {
        Party::Operator => "have kubeconfigs",
        Party::NewNode => "has only a token",
        Party::Pod => "have tokens",
        Party::ExtensionServer => "e.g. metrics-server",
        Party::Etcdctl => "asks for health",
        Party::Webhook => "looks at objects",
        Party::KonnectivityServer => "on every control plane",
        Party::KonnectivityAgent => "opens tunnels",
        Party::Component(_) => "",
    }
}

/// What an end that is no component is.
pub fn explained(party: Party) -> &'static str {
    match party {
        Party::Operator => {
            "A person with a kubeconfig. Kubernetes keeps no list of people: whoever has a \
             certificate of a trusted CA is the user in its CN, in the groups in its O."
        }
        Party::NewNode => {
            "A kubelet on its first start. It shows the token of its bootstrap kubeconfig, asks \
             for a client certificate, and uses that from then on."
        }
        Party::Pod => {
            "A program in a pod shows the token of its ServiceAccount, which kube-apiserver checks \
             with sa.pub. No CA is involved; whoever has sa.key can be every ServiceAccount. \
             kube-apiserver calls pods, Services and nodes in turn, where people ask for …/proxy."
        }
        Party::ExtensionServer => {
            "An API server behind kube-apiserver, metrics-server for example. kube-apiserver comes \
             to it with its front-proxy certificate and names the user in headers."
        }
        Party::Etcdctl => {
            "The program with which people ask etcd for its health and save what is in it. Its \
             certificate lies on the machines of etcd."
        }
        Party::Webhook => {
            "A server that kube-apiserver asks before it stores an object, or to convert one. It \
             is known by the caBundle of a webhook configuration or of a CustomResourceDefinition."
        }
        Party::KonnectivityServer => {
            "The proxy of Konnectivity beside kube-apiserver: what kube-apiserver has to say to \
             nodes goes through it."
        }
        Party::KonnectivityAgent => {
            "Konnectivity's program on the nodes. It calls the server, which needs no way to the \
             nodes then."
        }
        Party::Component(_) => "",
    }
}

/// What an end shows, where it is no certificate of the plan.
pub fn shows(shows: &Shows) -> &'static str {
    match shows {
        Shows::Nothing => "nothing",
        Shows::Certificate(_) => "a certificate",
        Shows::SelfSigned => "a certificate that it signed itself, which nobody can check",
        Shows::Requested(_) => "a certificate that it asked the cluster for",
        Shows::Token(_) => "the bootstrap token",
        Shows::ServiceAccountToken => "its ServiceAccount's token",
        Shows::Foreign => "a certificate from outside this PKI",
    }
}

/// By what an end is checked: the words before the flag and those after it, behind which the CAs
/// are named.
pub fn checked(proof: &Proof) -> (&'static str, &'static str) {
    match &proof.checked {
        Checked::No => ("not at all", ""),
        Checked::Flag(..) => ("by", "against"),
        Checked::Kubeconfig(Some(_), _) => ("by the kubeconfig of", "against"),
        Checked::Kubeconfig(None, _) => ("by the caller's kubeconfig against", ""),
        Checked::Other(_) => ("by", ""),
        Checked::Means(means, cas) => {
            (by_means(*means), if cas.is_empty() { "" } else { " against" })
        }
    }
}

/// By what whoever has no flags here is told whom to trust.
fn by_means(means: Means) -> &'static str {
    match means {
        Means::ApiService => "by the caBundle of its APIService",
        Means::WebhookConfiguration => "by the caBundle of its webhook configuration",
        Means::EgressSelector => "by the caBundle in the EgressSelectorConfiguration",
        Means::MetricsServer => "by metrics-server --kubelet-certificate-authority",
        Means::Etcdctl => "by etcdctl --cacert",
        Means::ServerCa => "by konnectivity-server --server-ca-cert",
        Means::ClusterCa => "by konnectivity-server --cluster-ca-cert",
        Means::AgentCa => "by konnectivity-agent --ca-cert",
        Means::Itself => "not, as both ends are the same process",
    }
}

/// The same as one text.
pub fn checked_in_words(proof: &Proof) -> String {
    let (before, after) = checked(proof);
    let flag = proof.checking().map(|flag| format!(" {} ", by_flag(flag.component, flag.name)));
    format!("{before}{}{after}", flag.unwrap_or_default())
}

/// "by kube-scheduler --kubeconfig".
pub fn by_flag(component: Component, name: &str) -> String {
    format!("{} --{name}", component.name())
}

/// Where a CA's key must not be; the flags are listed below.
pub fn key_belongs(needed: bool) -> &'static str {
    if needed {
        "It belongs on no machine but those whose component signs with it:"
    } else {
        "Nothing in the running cluster uses this key: keep it off every machine."
    }
}

/// How many risks there are, and how many of them are critical.
pub fn risk_count((count, critical): (usize, usize)) -> String {
    let things = if count == 1 { "1 thing".to_owned() } else { format!("{count} things") };
    let critical = if critical == 0 { String::new() } else { format!(", {critical} critical") };
    format!("{things} to know about this layout{critical}")
}

/// The heading of the lines that are passed.
pub fn passed(count: usize) -> String {
    format!("{} passed", plural(count, "line"))
}

/// How much a risk matters.
pub fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Critical => "Critical",
        Weight::Warning => "Warning",
        Weight::Note => "Note",
    }
}

/// So many kubeconfigs trust a CA.
pub fn kubeconfigs(count: usize) -> String {
    plural(count, "kubeconfig")
}

/// The name of the file that has the picture.
pub fn file_name(cluster: &str, layout: &str) -> String {
    format!("{cluster}-{layout}-map.svg")
}
