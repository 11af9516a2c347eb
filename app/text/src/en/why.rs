//! Why a file is there, and where one can read that.

use pki_core::design::LayoutName;
use pki_core::plan::{Component, Content, Extra, ItemId, Make, Owner, Plan, PlannedFile};

use super::layout;

/// A reason, and the page that says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    /// One sentence.
    pub reason: &'static str,
    /// An address without `https://`, or a place in this page.
    pub source: &'static str,
}

const CERTIFICATES: &str = "kubernetes.io/docs/setup/best-practices/certificates";
const AUTHENTICATION: &str = "kubernetes.io/docs/reference/access-authn-authz/authentication";
const AGGREGATION: &str = "kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer";
const KUBELETS: &str = "kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz";
const BOOTSTRAP: &str = "kubernetes.io/docs/reference/access-authn-authz/kubelet-tls-bootstrapping";
const SIGNING: &str =
    "kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests";
const ACCOUNTS: &str = "kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin";
const ENCRYPTION: &str = "kubernetes.io/docs/tasks/administer-cluster/encrypt-data";
const KUBEADM: &str = "kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details";
const ETCD: &str = "etcd.io/docs/v3.6/op-guide/security";
const K3S: &str = "docs.k3s.io/cli/certificate";
const CLUSTER_API: &str = "cluster-api.sigs.k8s.io/tasks/certs/using-custom-certificates";
const DESIGN: &str = "design.yaml";
const RFC: &str = "RFC 5280 §3.2";

/// What a flag makes of its file, the most telling first: some files are named by several.
const FLAGS: &[(&str, &str, &str)] = &[
    (
        "requestheader-client-ca-file",
        "An aggregated API server believes who the user is only from a caller whom this CA \
         signed.",
        AGGREGATION,
    ),
    (
        "proxy-client-",
        "With it kube-apiserver shows aggregated API servers that it may speak for its users.",
        AGGREGATION,
    ),
    (
        "kubelet-client-",
        "With it kube-apiserver logs in to kubelets, for logs, exec and port-forward.",
        KUBELETS,
    ),
    (
        "kubelet-certificate-authority",
        "Against it kube-apiserver verifies the kubelet that it sends commands to.",
        KUBELETS,
    ),
    ("etcd-cafile", "Against it kube-apiserver verifies etcd.", CERTIFICATES),
    (
        "etcd-",
        "With it kube-apiserver logs in to etcd, which holds everything in the cluster.",
        CERTIFICATES,
    ),
    ("peer-", "etcd's members know each other by it, as servers and as clients.", ETCD),
    ("trusted-ca-file", "etcd lets in whom this CA signed, and nobody else.", ETCD),
    (
        "client-cert-file",
        "With it etcd calls itself, where its serving certificate is no client's.",
        ETCD,
    ),
    (
        "client-key-file",
        "With it etcd calls itself, where its serving certificate is no client's.",
        ETCD,
    ),
    (
        "cluster-signing-",
        "With it kube-controller-manager signs requests: nodes get and renew their certificates \
         so.",
        SIGNING,
    ),
    (
        "service-account-signing-key-file",
        "kube-apiserver signs the tokens of service accounts with it.",
        ACCOUNTS,
    ),
    (
        "service-account-private-key-file",
        "kube-controller-manager signs the older tokens, those in Secrets, with it.",
        ACCOUNTS,
    ),
    (
        "service-account-key-file",
        "kube-apiserver checks the tokens of service accounts by it.",
        ACCOUNTS,
    ),
    ("root-ca-file", "Every pod gets it, to verify kube-apiserver by.", ACCOUNTS),
    (
        "client-ca-file",
        "A client whom this CA signed is the user in its certificate: CN is the name, O are the \
         groups.",
        AUTHENTICATION,
    ),
    (
        "token-auth-file",
        "New nodes log in with the token in it, to ask for their first certificate.",
        AUTHENTICATION,
    ),
    ("encryption-provider-config", "By it Secrets are encrypted in etcd.", ENCRYPTION),
    ("bootstrap-kubeconfig", "With it a new kubelet asks for its first certificate.", BOOTSTRAP),
];

/// `tls-cert-file` and `cert-file`, by who presents them.
fn served(component: Component) -> Option<(&'static str, &'static str)> {
    Some(match component {
        Component::Apiserver => (
            "Everybody who calls kube-apiserver verifies it by this, under each name and address \
             that stands in it.",
            CERTIFICATES,
        ),
        Component::Kubelet => (
            "kube-apiserver can verify the kubelet by this; without it the kubelet makes one that \
             nobody signed.",
            KUBELETS,
        ),
        Component::Etcd => (
            "Whoever calls etcd verifies it by this: kube-apiserver, and people who look after it.",
            ETCD,
        ),
        _ => return None,
    })
}

/// Why a file is there.
pub fn why(plan: &Plan, file: &PlannedFile) -> Why {
    let (reason, source) = of_request(plan, file)
        .or_else(|| of_readers(plan, file))
        .or_else(|| of_user(plan, file))
        .unwrap_or_else(|| of_rest(plan, file));
    Why { reason, source }
}

/// Why a certificate or kubeconfig of the layout is there, by the name of its row.
pub fn of_row(plan: &Plan, row: &str) -> Option<Why> {
    let is_it =
        |id: ItemId| plan.item(id).is_some_and(|item| item.name.rsplit('/').next() == Some(row));
    let holds = |file: &&PlannedFile| match &file.content {
        Content::Certificate(id) => is_it(*id),
        Content::Kubeconfig(kubeconfig) => is_it(kubeconfig.client),
        _ => false,
    };
    plan.files.iter().find(holds).map(|file| why(plan, file))
}

/// What the design asks for beside its layout.
fn of_request(plan: &Plan, file: &PlannedFile) -> Option<(&'static str, &'static str)> {
    let is_own = |id: &ItemId| plan.item(*id).is_some_and(|item| item.name.contains("/own/"));
    match &file.content {
        Content::Certificate(id) if is_own(id) => {
            Some(("You added this certificate to the design.", DESIGN))
        }
        Content::PrivateKey(id) if is_own(id) => {
            Some(("It is the key of a certificate that you added to the design.", DESIGN))
        }
        Content::Kubeconfig(_) if file.path.starts_with("operator/users/") => {
            Some(("This person stands in the design's list of users.", DESIGN))
        }
        Content::Extra(Extra::Encryption(_)) => None,
        Content::Extra(_) => Some(("You asked for it in the design.", DESIGN)),
        _ if file.path.starts_with("handover/") => {
            Some(("You asked for it in the design.", DESIGN))
        }
        Content::Settings(_) => Some((
            "A component knows its files only from its flags; these are the ones about \
             certificates.",
            "kubernetes.io/docs/reference/command-line-tools-reference",
        )),
        _ => None,
    }
}

fn of_readers(plan: &Plan, file: &PlannedFile) -> Option<(&'static str, &'static str)> {
    let readers = plan.readers(file);
    let flags = FLAGS.iter().find(|(flag, ..)| {
        readers.iter().any(|(_, name)| match flag.strip_suffix('-') {
            Some(_) => name.starts_with(flag),
            None => name == flag,
        })
    });
    let of_flag = flags.map(|(_, reason, source)| (*reason, *source));
    let own = ["tls-cert-file", "tls-private-key-file", "cert-file", "key-file"];
    of_flag.or_else(|| {
        let (component, _) = readers.iter().find(|(_, name)| own.contains(&&**name))?;
        served(*component)
    })
}

/// Kubeconfigs, by who logs in with them.
fn of_user(plan: &Plan, file: &PlannedFile) -> Option<(&'static str, &'static str)> {
    let Content::Kubeconfig(kubeconfig) = &file.content else { return None };
    let groups = plan.item(kubeconfig.client).and_then(|item| item.subject());
    let groups = groups.map(|subject| subject.organizations).unwrap_or_default();
    Some(match kubeconfig.user.as_str() {
        "system:kube-controller-manager" | "system:kube-scheduler" | "system:kube-proxy" => (
            "With it a component logs in to kube-apiserver, and may do what the role of that user \
             allows.",
            CERTIFICATES,
        ),
        user if user.starts_with("system:node:") => (
            "With it the kubelet logs in as its node, and may change only what is that node's.",
            "kubernetes.io/docs/reference/access-authn-authz/node",
        ),
        _ if groups.iter().any(|group| group == "system:masters") => (
            "It may do everything, and no role binding takes that away: for the first start, and \
             for when nothing else works.",
            CERTIFICATES,
        ),
        _ if matches!(plan.item(kubeconfig.client).map(|item| &item.make), Some(Make::Token)) => {
            ("With it a new machine asks for its first certificate.", BOOTSTRAP)
        }
        _ => ("With it the people who run the cluster log in.", CERTIFICATES),
    })
}

fn of_rest(plan: &Plan, file: &PlannedFile) -> (&'static str, &'static str) {
    let is_etcd = |id: ItemId| {
        let item = plan.item(id);
        item.is_some_and(|item| item.name.ends_with("etcd-healthcheck-client"))
    };
    let is_ca =
        |id: ItemId| plan.item(id).is_some_and(|item| matches!(item.make, Make::Authority(_)));
    match &file.content {
        Content::PrivateKey(_) | Content::Certificate(_) if file.owner == Owner::Vault => (
            "No machine needs the key while the cluster runs, and a key that is on none cannot be \
             stolen there.",
            CERTIFICATES,
        ),
        Content::Certificate(id) | Content::PrivateKey(id) if is_etcd(*id) => {
            ("People and probes ask etcd for its health with it.", KUBEADM)
        }
        Content::Bundle(_) if file.owner == Owner::Operator => {
            ("Whoever trusts only the root above needs the CAs between, the lowest first.", RFC)
        }
        _ if plan.settings.layout == LayoutName::K3s => {
            ("k3s starts from it when it is there, and makes its own otherwise.", K3S)
        }
        _ if plan.settings.layout == LayoutName::ClusterApi => (
            "Cluster API starts from it when it is there, and makes its own otherwise.",
            CLUSTER_API,
        ),
        Content::PrivateKey(id) if is_ca(*id) => (
            "kubeadm puts it here, so that it can renew certificates; nothing that runs reads it.",
            KUBEADM,
        ),
        Content::Certificate(id) if is_ca(*id) && file.owner == Owner::Operator => {
            ("Whoever is to trust this CA needs its certificate, which is no secret.", RFC)
        }
        Content::Certificate(id) if is_ca(*id) => {
            ("Whoever meets what this CA signed verifies it by this.", CERTIFICATES)
        }
        Content::Serial(_) => {
            ("openssl goes on counting from it when it signs with this CA.", "openssl-x509(1)")
        }
        Content::PublicKey(_) => ("Tokens of service accounts can be checked by it.", ACCOUNTS),
        _ => ("The layout has it.", layout_source(plan.settings.layout)),
    }
}

fn layout_source(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Kubeadm => KUBEADM,
        other => layout::name(other),
    }
}

#[cfg(test)]
mod tests {
    use pki_core::design::{Design, DesignNode, Output, Template};

    use super::*;

    #[test]
    fn every_file_of_every_layout_has_a_reason_of_its_own() {
        for layout in LayoutName::OFFERED {
            let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
            design.workers =
                vec![DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] }];
            design.outputs = Output::ALL.map(|output| output.name().to_owned()).to_vec();
            for template in Template::ALL {
                design.add_template(template);
            }
            let (settings, found) = design.check();
            let plan = Plan::new(settings.unwrap_or_else(|| panic!("{found:?}")));
            for file in &plan.files {
                let why = why(&plan, file);
                assert!(!why.reason.starts_with("The layout"), "{layout:?}: {}", file.path);
                assert!(why.reason.ends_with('.') && !why.source.is_empty(), "{}", file.path);
            }
            for (row, _) in design.signed_rows() {
                assert!(of_row(&plan, row).is_some(), "{layout:?}: {row}");
            }
        }
    }

    #[test]
    fn a_file_that_several_flags_name_has_the_reason_that_tells_most() {
        let plan = Plan::new(Design::default().check().0.expect("a design"));
        let reason = |path: &str| {
            let path = format!("hosts/cp1/etc/kubernetes/pki/{path}");
            why(&plan, plan.file(&path).expect("a file of kubeadm")).reason
        };
        assert!(reason("ca.key").contains("signs requests"));
        assert!(reason("front-proxy-ca.crt").contains("aggregated"));
        assert!(reason("etcd/peer.key").contains("members"));
        assert!(reason("apiserver-etcd-client.crt").contains("logs in to etcd"));
        assert!(reason("etcd/healthcheck-client.crt").contains("health"));
        assert!(reason("sa.pub").contains("checks the tokens"));
    }
}
