//! The words for CAs and certificates of one's own.

use pki_core::design::Template;

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
/// Field.
pub const PERMITTED: &str = "May sign only names in";
/// Field.
pub const EXCLUDED: &str = "May sign no name in";
/// Hint of both.
pub const LIMITS_HINT: &str = "Name constraints (critical): DNS names, each with all below it, and \
    ranges like 10.0.0.0/8. They hold for the CAs below too. They limit which servers a stolen key \
    can stand in for, not which users it can make: a user is CN and O, which no constraint of \
    this kind reaches.";
/// The list of who may trust a CA as well.
pub const TRUST: &str = "Who else trusts it";
/// Its hint.
pub const TRUST_HINT: &str = "Whoever verifies what it signs does so already. A tick adds it to \
    one more bundle: while it takes over from another CA, or for certificates made elsewhere.";
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
/// The list of what can be added at once.
pub const TEMPLATES: &str = "Add from a template";

/// What a template adds, and why it is filled in like that.
pub fn template(template: Template) -> (&'static str, &'static str) {
    match template {
        Template::MetricsServer => (
            "metrics-server",
            "kube-apiserver calls it as `metrics-server.kube-system.svc` and verifies it by the \
             `caBundle` of its APIService: put `operator/ca/services-ca.crt` there, and drop \
             `insecureSkipTLSVerify`.",
        ),
        Template::Webhook => (
            "Admission webhook",
            "kube-apiserver calls it as `SERVICE.NAMESPACE.svc`, which must be a name in its \
             certificate: change it to your Service. `operator/ca/services-ca.crt` goes into \
             `clientConfig.caBundle`.",
        ),
        Template::ExtensionApiserver => (
            "Extension API server",
            "As for a webhook, by the `caBundle` of its APIService. Users reach it through \
             kube-apiserver, whose certificate it checks by the ConfigMap \
             `extension-apiserver-authentication`.",
        ),
        Template::Konnectivity => (
            "Konnectivity (egress selector)",
            "The proxy on each control plane, its agents on the workers, and kube-apiserver as its \
             client. They have a CA of their own because the proxy lets in whoever that CA signed, \
             and tunnels lead into the nodes' network. Its `konnectivity-ca.crt`, beside the \
             certificates, is `--cluster-ca-cert` and `--server-ca-cert` of the proxy, `--ca-cert` \
             of the agents, and `caBundle` of the `tlsConfig` in the file that kube-apiserver's \
             `--egress-selector-config-file` names; `clientCert` and `clientKey` there are \
             `apiserver-konnectivity-client.crt` and `.key`.",
        ),
        Template::Istio => (
            "Istio (Secret cacerts)",
            "istiod signs workloads with the lower CA; the root stays offline. Of the Secret, \
             `vault/pki/istio-ca.crt` and `.key` are `ca-cert.pem` and `ca-key.pem`, \
             `vault/pki/istio-root.crt` is `root-cert.pem`, and `operator/ca/istio-ca-chain.crt` \
             is `cert-chain.pem`.",
        ),
        Template::Linkerd => (
            "Linkerd (trust anchor and issuer)",
            "Proxies trust the anchor, and the issuer signs their identities: \
             `vault/pki/linkerd-trust-anchor.crt` is `identityTrustAnchorsPEM`, \
             `vault/pki/linkerd-issuer.crt` and `.key` are `tls.crtPEM` and `tls.keyPEM`. Linkerd \
             asks for ECDSA P-256.",
        ),
    }
}

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

/// What a CA is there for.
pub fn purpose(purpose: &str) -> String {
    format!("It {purpose}.")
}

/// What it means that a component trusts a CA by a flag.
pub fn trusts(flag: &str) -> String {
    let (component, name) = flag.split_once('/').unwrap_or((flag, ""));
    let means = match name {
        "trusted-ca-file" => "whom it signed may come in",
        "peer-trusted-ca-file" => "whom it signed is a member",
        "client-ca-file" => "whom it signed is the user in the certificate",
        "requestheader-client-ca-file" => "whom it signed may speak for other users",
        "etcd-cafile" => "a server that it signed is etcd",
        "kubelet-certificate-authority" => "a server that it signed is a kubelet",
        "root-ca-file" => "a server that it signed is kube-apiserver, for pods",
        _ => "no flag of this layout",
    };
    format!("{component}: {means} ({name})")
}

/// What is asked before a CA goes that something needs.
pub fn in_use(name: &str, users: &[String]) -> String {
    format!("“{name}” is needed for: {}. Where do they go?", users.join(", "))
}

/// The name of a field of one CA or certificate, for those who do not see the row.
pub fn of(name: &str, field: &str) -> String {
    format!("{name}: {field}")
}
