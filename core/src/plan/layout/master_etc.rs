//! The layout of master-etc and node-etc: 27 files on a master, 3 on a node.
//!
//! Source: ljzsdut, "Kubernetes集群中https通信", whose tree iKubernetes/k8s-certs-generator makes.
//! What is mended, and why, stands in the words of the layout (`app/text`).

use std::borrow::Cow;

use super::CommonName::{Fixed, NodeName, NodeUser};
use super::SubjectKind::{Group, User};
use super::{
    AuthorityRow, Binding, CertificateRow, Component, ComponentRow, Credential, FileContent,
    FileRow, FlagRow, KubeconfigRow, Layout, NO_ORGANIZATION, On, Server, Since, When, apiserver,
};
use crate::design::{LayoutName, Output};
use crate::plan::ExtendedKeyUsage::{ClientAuth, ServerAuth};
use crate::plan::sans::SanRule;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::MasterEtc,
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
    AuthorityRow { name: "ca", letter: 'K', common_name: "kubernetes-ca", vault: "ca" },
    AuthorityRow {
        name: "front-proxy-ca",
        letter: 'F',
        common_name: "front-proxy-ca",
        vault: "front-proxy-ca",
    },
    AuthorityRow { name: "etcd-ca", letter: 'E', common_name: "etcd-ca", vault: "etcd/ca" },
];

const NODES: Since = &[(0, Some("system:nodes"))];
const SERVING: When = When::Wants(Output::KubeletServing);

const CERTIFICATES: &[CertificateRow] = &[
    CertificateRow::new(
        "apiserver",
        "/etc/kubernetes/pki/apiserver",
        "ca",
        Fixed("kube-apiserver"),
        &[ServerAuth],
        SanRule::Apiserver,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "apiserver-kubelet-client",
        "/etc/kubernetes/pki/apiserver-kubelet-client",
        "ca",
        Fixed("kube-apiserver-kubelet-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "apiserver-etcd-client",
        "/etc/kubernetes/pki/apiserver-etcd-client",
        "etcd-ca",
        Fixed("kube-apiserver-etcd-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "front-proxy-client",
        "/etc/kubernetes/pki/front-proxy-client",
        "front-proxy-ca",
        Fixed("front-proxy-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    // Both: etcd asks itself with its server certificate (etcd#9785), and members are both.
    CertificateRow::new(
        "etcd-server",
        "/etc/etcd/pki/server",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdServer,
        On::Etcd,
    ),
    CertificateRow::new(
        "etcd-peer",
        "/etc/etcd/pki/peer",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    ),
    // The kubelet takes this pair instead of signing one itself.
    CertificateRow {
        name: "kubelet",
        path: "/etc/kubernetes/pki/kubelet",
        issuer: "ca",
        common_name: NodeUser,
        organization: NODES,
        usages: &[ServerAuth],
        sans: SanRule::Kubelet,
        on: On::Workers,
        when: SERVING,
    },
];

const MASTERS: Since = &[(0, Some("system:masters"))];

const fn signed(organization: Since) -> Credential {
    Credential::Certificate { issuer: "ca", organization }
}

const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow::new(
        "admin.conf",
        "/etc/kubernetes/auth/admin.conf",
        "ca",
        Fixed("kubernetes-admin"),
        signed(MASTERS),
        Server::Endpoint,
        On::ControlPlanes,
    )
    .copied(),
    KubeconfigRow::new(
        "controller-manager.conf",
        "/etc/kubernetes/auth/controller-manager.conf",
        "ca",
        Fixed("system:kube-controller-manager"),
        signed(NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "scheduler.conf",
        "/etc/kubernetes/auth/scheduler.conf",
        "ca",
        Fixed("system:kube-scheduler"),
        signed(NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "bootstrap.conf",
        "/etc/kubernetes/auth/bootstrap.conf",
        "ca",
        Fixed("system:bootstrapper"),
        Credential::Token,
        Server::Endpoint,
        On::Workers,
    ),
    KubeconfigRow::new(
        "kube-proxy.conf",
        "/etc/kubernetes/auth/kube-proxy.conf",
        "ca",
        Fixed("system:kube-proxy"),
        signed(NO_ORGANIZATION),
        Server::Endpoint,
        On::Workers,
    ),
];

const FILES: &[FileRow] = &[
    FileRow::new("/etc/kubernetes/pki/ca.crt", FileContent::Authority("ca"), On::Nodes),
    FileRow::new("/etc/kubernetes/pki/ca.key", FileContent::AuthorityKey("ca"), On::ControlPlanes)
        .when(When::CaKeysOnHosts),
    FileRow::new("/etc/kubernetes/pki/ca.srl", FileContent::Serial("ca"), On::ControlPlanes)
        .when(When::CaKeysOnHosts),
    FileRow::new(
        "/etc/kubernetes/pki/front-proxy-ca.crt",
        FileContent::Authority("front-proxy-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/etc/kubernetes/pki/front-proxy-ca.key",
        FileContent::AuthorityKey("front-proxy-ca"),
        On::ControlPlanes,
    )
    .when(When::CaKeysOnHosts),
    FileRow::new(
        "/etc/kubernetes/pki/front-proxy-ca.srl",
        FileContent::Serial("front-proxy-ca"),
        On::ControlPlanes,
    )
    .when(When::CaKeysOnHosts),
    FileRow::new("/etc/etcd/pki/ca.crt", FileContent::Authority("etcd-ca"), On::Etcd),
    FileRow::new("/etc/etcd/pki/ca.key", FileContent::AuthorityKey("etcd-ca"), On::Etcd)
        .when(When::CaKeysOnHosts),
    FileRow::new("/etc/etcd/pki/ca.srl", FileContent::Serial("etcd-ca"), On::Etcd)
        .when(When::CaKeysOnHosts),
    FileRow::new("/etc/kubernetes/pki/sa.key", FileContent::ServiceAccountKey, On::ControlPlanes),
    FileRow::new(
        "/etc/kubernetes/pki/sa.pub",
        FileContent::ServiceAccountPublic,
        On::ControlPlanes,
    ),
    FileRow::new("/etc/kubernetes/token.csv", FileContent::TokenList, On::ControlPlanes),
    FileRow::new(
        "/etc/kubernetes/pki/encryption-config.yaml",
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
            FlagRow::file("cert-file", "/etc/etcd/pki/server.crt"),
            FlagRow::text("client-cert-auth", "true"),
            FlagRow::file("key-file", "/etc/etcd/pki/server.key"),
            FlagRow::file("peer-cert-file", "/etc/etcd/pki/peer.crt"),
            FlagRow::text("peer-client-cert-auth", "true"),
            FlagRow::file("peer-key-file", "/etc/etcd/pki/peer.key"),
            FlagRow::file("peer-trusted-ca-file", "/etc/etcd/pki/ca.crt"),
            FlagRow::file("trusted-ca-file", "/etc/etcd/pki/ca.crt"),
        ]),
    },
    ComponentRow {
        component: Component::Apiserver,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            apiserver::ANONYMOUS,
            apiserver::AUTHORIZATION,
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            apiserver::ADMISSION,
            FlagRow::file(
                "encryption-provider-config",
                "/etc/kubernetes/pki/encryption-config.yaml",
            )
            .when(When::Wants(Output::Encryption)),
            FlagRow::file("etcd-cafile", "/etc/etcd/pki/ca.crt"),
            FlagRow::file("etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
            FlagRow::file("etcd-keyfile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
            FlagRow::file("kubelet-certificate-authority", "/etc/kubernetes/pki/ca.crt")
                .when(SERVING),
            FlagRow::file(
                "kubelet-client-certificate",
                "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            ),
            FlagRow::file("kubelet-client-key", "/etc/kubernetes/pki/apiserver-kubelet-client.key"),
            FlagRow::file("proxy-client-cert-file", "/etc/kubernetes/pki/front-proxy-client.crt"),
            FlagRow::file("proxy-client-key-file", "/etc/kubernetes/pki/front-proxy-client.key"),
            FlagRow::text("requestheader-allowed-names", "front-proxy-client"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/front-proxy-ca.crt"),
            FlagRow::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
            FlagRow::text("requestheader-group-headers", "X-Remote-Group"),
            FlagRow::text("requestheader-username-headers", "X-Remote-User"),
            FlagRow::issuer(),
            FlagRow::file("service-account-key-file", "/etc/kubernetes/pki/sa.pub"),
            FlagRow::file("service-account-signing-key-file", "/etc/kubernetes/pki/sa.key"),
            FlagRow::file("tls-cert-file", "/etc/kubernetes/pki/apiserver.crt"),
            FlagRow::file("tls-private-key-file", "/etc/kubernetes/pki/apiserver.key"),
            FlagRow::file("token-auth-file", "/etc/kubernetes/token.csv"),
        ]),
    },
    ComponentRow {
        component: Component::ControllerManager,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            FlagRow::file(
                "authentication-kubeconfig",
                "/etc/kubernetes/auth/controller-manager.conf",
            ),
            FlagRow::file(
                "authorization-kubeconfig",
                "/etc/kubernetes/auth/controller-manager.conf",
            ),
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("cluster-signing-cert-file", "/etc/kubernetes/pki/ca.crt")
                .when(When::CaKeysOnHosts),
            FlagRow::file("cluster-signing-key-file", "/etc/kubernetes/pki/ca.key")
                .when(When::CaKeysOnHosts),
            FlagRow::file("kubeconfig", "/etc/kubernetes/auth/controller-manager.conf"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/front-proxy-ca.crt"),
            FlagRow::file("root-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("service-account-private-key-file", "/etc/kubernetes/pki/sa.key"),
            FlagRow::text("use-service-account-credentials", "true"),
        ]),
    },
    ComponentRow {
        component: Component::Scheduler,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            FlagRow::file("authentication-kubeconfig", "/etc/kubernetes/auth/scheduler.conf"),
            FlagRow::file("authorization-kubeconfig", "/etc/kubernetes/auth/scheduler.conf"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/auth/scheduler.conf"),
        ]),
    },
    ComponentRow {
        component: Component::Kubelet,
        on: On::Workers,
        flags: Cow::Borrowed(&[
            FlagRow::text("anonymous-auth", "false"),
            FlagRow::text("authentication-token-webhook", "true"),
            FlagRow::text("authorization-mode", "Webhook"),
            FlagRow::file("bootstrap-kubeconfig", "/etc/kubernetes/auth/bootstrap.conf"),
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::own("kubeconfig", "/etc/kubernetes/auth/kubelet.conf"),
            FlagRow::text("rotate-certificates", "true"),
            FlagRow::file("tls-cert-file", "/etc/kubernetes/pki/kubelet.crt").when(SERVING),
            FlagRow::file("tls-private-key-file", "/etc/kubernetes/pki/kubelet.key").when(SERVING),
        ]),
    },
    ComponentRow {
        component: Component::Proxy,
        on: On::Workers,
        flags: Cow::Borrowed(&[FlagRow::file(
            "kubeconfig",
            "/etc/kubernetes/auth/kube-proxy.conf",
        )]),
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
    // Without it the token of bootstrap.conf may ask for nothing.
    Binding {
        name: "node-bootstrap",
        role: "system:node-bootstrapper",
        subject_kind: Group,
        subject: "system:bootstrappers",
        when: When::Always,
    },
    // Without it nobody approves what nodes ask for.
    Binding {
        name: "node-bootstrap-approval",
        role: "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
        subject_kind: Group,
        subject: "system:bootstrappers",
        when: When::Always,
    },
    // Without it kubelets cannot renew the certificates that we give them.
    Binding {
        name: "node-client-renewal",
        role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        subject_kind: Group,
        subject: "system:nodes",
        when: When::Always,
    },
];
