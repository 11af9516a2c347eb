//! The layout of Kubernetes the Hard Way (April 2025): its file names and users.
//!
//! What is mended, and why, stands in the words of the layout (`app/text`). Aggregated APIs have no
//! certificate in it, so metrics-server and its like have no way in.

use std::borrow::Cow;

use super::CommonName::{Fixed, NodeName, NodeUser};
use super::SubjectKind::User;
use super::{
    AuthorityRow, Binding, CertificateRow, Component, ComponentRow, Credential, FileContent,
    FileRow, FlagRow, KubeconfigRow, Layout, NO_ORGANIZATION, On, Server, Since, When, apiserver,
};
use crate::design::{LayoutName, Output};
use crate::plan::ExtendedKeyUsage::{ClientAuth, ServerAuth};
use crate::plan::sans::SanRule;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::HardWay,
    authorities: Cow::Borrowed(AUTHORITIES),
    certificates: Cow::Borrowed(CERTIFICATES),
    kubeconfigs: Cow::Borrowed(KUBECONFIGS),
    files: Cow::Borrowed(FILES),
    components: Cow::Borrowed(COMPONENTS),
    below: Cow::Borrowed(&[]),
    bindings: BINDINGS,
    for_kubeadm: false,
};

const AUTHORITIES: &[AuthorityRow] = &[
    AuthorityRow { name: "ca", letter: 'K', common_name: "CA", vault: "ca" },
    AuthorityRow { name: "etcd-ca", letter: 'E', common_name: "etcd-ca", vault: "etcd-ca" },
];

const CERTIFICATES: &[CertificateRow] = &[
    CertificateRow::new(
        "kube-api-server",
        "/var/lib/kubernetes/kube-api-server",
        "ca",
        Fixed("kubernetes"),
        &[ServerAuth],
        SanRule::HardWay,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "kube-api-server-kubelet-client",
        "/var/lib/kubernetes/kube-api-server-kubelet-client",
        "ca",
        Fixed("kube-apiserver-kubelet-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "kube-api-server-etcd-client",
        "/var/lib/kubernetes/kube-api-server-etcd-client",
        "etcd-ca",
        Fixed("kube-apiserver-etcd-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    // Both: etcd asks itself with its server certificate (etcd#9785), and members are both.
    CertificateRow::new(
        "etcd-server",
        "/etc/etcd/etcd-server",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdServer,
        On::Etcd,
    ),
    CertificateRow::new(
        "etcd-peer",
        "/etc/etcd/etcd-peer",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    ),
    CertificateRow::new(
        "kubelet",
        "/var/lib/kubelet/kubelet",
        "ca",
        NodeUser,
        &[ServerAuth],
        SanRule::Kubelet,
        On::Workers,
    ),
];

const MASTERS: Since = &[(0, Some("system:masters"))];
const NODES: Since = &[(0, Some("system:nodes"))];
const CONTROLLER_MANAGER: Since = &[(0, Some("system:kube-controller-manager"))];
const SCHEDULER: Since = &[(0, Some("system:kube-scheduler"))];

const fn signed(organization: Since) -> Credential {
    Credential::Certificate { issuer: "ca", organization }
}

const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow::new(
        "kube-controller-manager.kubeconfig",
        "/var/lib/kubernetes/kube-controller-manager.kubeconfig",
        "ca",
        Fixed("system:kube-controller-manager"),
        signed(CONTROLLER_MANAGER),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "kube-scheduler.kubeconfig",
        "/var/lib/kubernetes/kube-scheduler.kubeconfig",
        "ca",
        Fixed("system:kube-scheduler"),
        signed(SCHEDULER),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "kubelet.kubeconfig",
        "/var/lib/kubelet/kubeconfig",
        "ca",
        NodeUser,
        signed(NODES),
        Server::Endpoint,
        On::Workers,
    ),
    KubeconfigRow::new(
        "kube-proxy.kubeconfig",
        "/var/lib/kube-proxy/kubeconfig",
        "ca",
        Fixed("system:kube-proxy"),
        signed(NO_ORGANIZATION),
        Server::Endpoint,
        On::Workers,
    ),
    KubeconfigRow::new(
        "admin.kubeconfig",
        "admin.kubeconfig",
        "ca",
        Fixed("admin"),
        signed(MASTERS),
        Server::Endpoint,
        On::Operator,
    ),
];

const FILES: &[FileRow] = &[
    FileRow::new("/var/lib/kubernetes/ca.crt", FileContent::Authority("ca"), On::ControlPlanes),
    FileRow::new("/var/lib/kubernetes/ca.key", FileContent::AuthorityKey("ca"), On::ControlPlanes)
        .when(When::CaKeysOnHosts),
    FileRow::new(
        "/var/lib/kubernetes/service-accounts.key",
        FileContent::ServiceAccountKey,
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/kubernetes/service-accounts.pub",
        FileContent::ServiceAccountPublic,
        On::ControlPlanes,
    ),
    FileRow::new("/etc/etcd/ca.crt", FileContent::Authority("etcd-ca"), On::Etcd),
    FileRow::new(
        "/var/lib/kubernetes/etcd-ca.crt",
        FileContent::Authority("etcd-ca"),
        On::ControlPlanes,
    ),
    FileRow::new("/var/lib/kubelet/ca.crt", FileContent::Authority("ca"), On::Workers),
    FileRow::new(
        "/var/lib/kubernetes/encryption-config.yaml",
        FileContent::Encryption,
        On::ControlPlanes,
    )
    .when(When::Wants(Output::Encryption)),
];

const COMPONENTS: &[ComponentRow] = &[
    ComponentRow {
        component: Component::Etcd,
        on: On::Etcd,
        flags: Cow::Borrowed(&[
            FlagRow::file("cert-file", "/etc/etcd/etcd-server.crt"),
            FlagRow::text("client-cert-auth", "true"),
            FlagRow::file("key-file", "/etc/etcd/etcd-server.key"),
            FlagRow::file("peer-cert-file", "/etc/etcd/etcd-peer.crt"),
            FlagRow::text("peer-client-cert-auth", "true"),
            FlagRow::file("peer-key-file", "/etc/etcd/etcd-peer.key"),
            FlagRow::file("peer-trusted-ca-file", "/etc/etcd/ca.crt"),
            FlagRow::file("trusted-ca-file", "/etc/etcd/ca.crt"),
        ]),
    },
    ComponentRow {
        component: Component::Apiserver,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            apiserver::ANONYMOUS,
            apiserver::AUTHORIZATION,
            FlagRow::file("client-ca-file", "/var/lib/kubernetes/ca.crt"),
            apiserver::ADMISSION,
            FlagRow::text("enable-bootstrap-token-auth", "true")
                .when(When::Wants(Output::Bootstrap)),
            FlagRow::file(
                "encryption-provider-config",
                "/var/lib/kubernetes/encryption-config.yaml",
            )
            .when(When::Wants(Output::Encryption)),
            FlagRow::file("etcd-cafile", "/var/lib/kubernetes/etcd-ca.crt"),
            FlagRow::file("etcd-certfile", "/var/lib/kubernetes/kube-api-server-etcd-client.crt"),
            FlagRow::file("etcd-keyfile", "/var/lib/kubernetes/kube-api-server-etcd-client.key"),
            FlagRow::file("kubelet-certificate-authority", "/var/lib/kubernetes/ca.crt"),
            FlagRow::file(
                "kubelet-client-certificate",
                "/var/lib/kubernetes/kube-api-server-kubelet-client.crt",
            ),
            FlagRow::file(
                "kubelet-client-key",
                "/var/lib/kubernetes/kube-api-server-kubelet-client.key",
            ),
            FlagRow::issuer(),
            FlagRow::file("service-account-key-file", "/var/lib/kubernetes/service-accounts.pub"),
            FlagRow::file(
                "service-account-signing-key-file",
                "/var/lib/kubernetes/service-accounts.key",
            ),
            FlagRow::file("tls-cert-file", "/var/lib/kubernetes/kube-api-server.crt"),
            FlagRow::file("tls-private-key-file", "/var/lib/kubernetes/kube-api-server.key"),
        ]),
    },
    ComponentRow {
        component: Component::ControllerManager,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            FlagRow::file("cluster-signing-cert-file", "/var/lib/kubernetes/ca.crt")
                .when(When::CaKeysOnHosts),
            FlagRow::file("cluster-signing-key-file", "/var/lib/kubernetes/ca.key")
                .when(When::CaKeysOnHosts),
            FlagRow::text("controllers", "*,bootstrapsigner,tokencleaner")
                .when(When::Wants(Output::Bootstrap)),
            FlagRow::file("kubeconfig", "/var/lib/kubernetes/kube-controller-manager.kubeconfig"),
            FlagRow::file("root-ca-file", "/var/lib/kubernetes/ca.crt"),
            FlagRow::file(
                "service-account-private-key-file",
                "/var/lib/kubernetes/service-accounts.key",
            ),
            FlagRow::text("use-service-account-credentials", "true"),
        ]),
    },
    ComponentRow {
        component: Component::Scheduler,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[FlagRow::file(
            "kubeconfig",
            "/var/lib/kubernetes/kube-scheduler.kubeconfig",
        )]),
    },
    ComponentRow {
        component: Component::Kubelet,
        on: On::Workers,
        flags: Cow::Borrowed(&[
            FlagRow::text("anonymous-auth", "false"),
            FlagRow::text("authentication-token-webhook", "true"),
            FlagRow::text("authorization-mode", "Webhook"),
            FlagRow::file("client-ca-file", "/var/lib/kubelet/ca.crt"),
            FlagRow::file("kubeconfig", "/var/lib/kubelet/kubeconfig"),
            FlagRow::file("tls-cert-file", "/var/lib/kubelet/kubelet.crt"),
            FlagRow::file("tls-private-key-file", "/var/lib/kubelet/kubelet.key"),
        ]),
    },
    ComponentRow {
        component: Component::Proxy,
        on: On::Workers,
        flags: Cow::Borrowed(&[FlagRow::file("kubeconfig", "/var/lib/kube-proxy/kubeconfig")]),
    },
];

const BINDINGS: &[Binding] = &[
    // Without it kubelets refuse the apiserver: no logs, no exec.
    Binding {
        name: "apiserver-kubelet-client",
        role: "system:kubelet-api-admin",
        subject_kind: User,
        subject: "kube-apiserver-kubelet-client",
        when: When::Always,
    },
];
