//! The layout of kubeadm: three CAs, etcd stacked or external.
//!
//! Source: k/k `cmd/kubeadm/app/phases/certs/certlist.go`, `…/phases/kubeconfig/kubeconfig.go`,
//! `…/phases/controlplane/manifests.go`, `…/phases/etcd/local.go` and
//! `…/componentconfigs/kubelet.go`, checked against what kubeadm 1.20.2 and 1.36.2 make.
//! Bindings: `…/phases/kubeconfig/kubeconfig.go` (`EnsureAdminClusterRoleBinding`) and
//! `…/phases/bootstraptoken/node/tlsbootstrap.go`.

use std::borrow::Cow;

use super::SubjectKind::{Group, User};
use super::{
    AuthorityRow, Binding, CertificateRow, CommonName, Component, ComponentRow, Credential,
    FileContent, FileRow, FlagRow, KubeconfigRow, Layout, On, Server, Since, Value, When,
    apiserver, etcd,
};
use crate::design::{LayoutName, Output};
use crate::plan::ExtendedKeyUsage::{ClientAuth, ServerAuth};
use crate::plan::sans::SanRule;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::Kubeadm,
    authorities: Cow::Borrowed(AUTHORITIES),
    certificates: Cow::Borrowed(CERTIFICATES),
    kubeconfigs: Cow::Borrowed(KUBECONFIGS),
    files: Cow::Borrowed(FILES),
    components: Cow::Borrowed(COMPONENTS),
    below: Cow::Borrowed(&[]),
    bindings: BINDINGS,
    for_kubeadm: true,
};

/// The names are those of `kubeadm init phase certs`.
const AUTHORITIES: &[AuthorityRow] = &[
    AuthorityRow { name: "ca", letter: 'K', common_name: "kubernetes", vault: "ca" },
    AuthorityRow {
        name: "front-proxy-ca",
        letter: 'F',
        common_name: "front-proxy-ca",
        vault: "front-proxy-ca",
    },
    AuthorityRow { name: "etcd-ca", letter: 'E', common_name: "etcd-ca", vault: "etcd/ca" },
];

const NONE: Since = &[(0, None)];
/// k/k#119859 and k/k#120521, both first in 1.29.
const MASTERS_BEFORE_1_29: Since = &[(0, Some("system:masters")), (29, None)];
/// 1.29: KEP-4214. 1.33: bound by user name instead of group.
const KUBELET_CLIENT: Since =
    &[(0, Some("system:masters")), (29, Some("kubeadm:cluster-admins")), (33, None)];
const ADMIN: Since = &[(0, Some("system:masters")), (29, Some("kubeadm:cluster-admins"))];
const MASTERS: Since = &[(0, Some("system:masters"))];
const NODES: Since = &[(0, Some("system:nodes"))];

const SERVING: When = When::Wants(Output::KubeletServing);

/// The certificates of a control plane, in kubeadm's order.
const CERTIFICATES: &[CertificateRow] = &[
    CertificateRow {
        name: "apiserver",
        path: "/etc/kubernetes/pki/apiserver",
        issuer: "ca",
        common_name: CommonName::Fixed("kube-apiserver"),
        organization: NONE,
        usages: &[ServerAuth],
        sans: SanRule::Apiserver,
        on: On::ControlPlanes,
        when: When::Always,
    },
    CertificateRow {
        name: "apiserver-kubelet-client",
        path: "/etc/kubernetes/pki/apiserver-kubelet-client",
        issuer: "ca",
        common_name: CommonName::Fixed("kube-apiserver-kubelet-client"),
        organization: KUBELET_CLIENT,
        usages: &[ClientAuth],
        sans: SanRule::None,
        on: On::ControlPlanes,
        when: When::Always,
    },
    CertificateRow {
        name: "front-proxy-client",
        path: "/etc/kubernetes/pki/front-proxy-client",
        issuer: "front-proxy-ca",
        common_name: CommonName::Fixed("front-proxy-client"),
        organization: NONE,
        usages: &[ClientAuth],
        sans: SanRule::None,
        on: On::ControlPlanes,
        when: When::Always,
    },
    CertificateRow {
        name: "etcd-server",
        path: "/etc/kubernetes/pki/etcd/server",
        issuer: "etcd-ca",
        common_name: CommonName::NodeName,
        organization: NONE,
        // Both: etcd's gRPC gateway dials its own server with this certificate (etcd#9785).
        usages: &[ServerAuth, ClientAuth],
        sans: SanRule::EtcdServer,
        on: On::Etcd,
        when: When::Always,
    },
    CertificateRow {
        name: "etcd-peer",
        path: "/etc/kubernetes/pki/etcd/peer",
        issuer: "etcd-ca",
        common_name: CommonName::NodeName,
        organization: NONE,
        usages: &[ServerAuth, ClientAuth],
        sans: SanRule::EtcdPeer,
        on: On::Etcd,
        when: When::Always,
    },
    CertificateRow {
        name: "etcd-healthcheck-client",
        path: "/etc/kubernetes/pki/etcd/healthcheck-client",
        issuer: "etcd-ca",
        common_name: CommonName::Fixed("kube-etcd-healthcheck-client"),
        organization: MASTERS_BEFORE_1_29,
        usages: &[ClientAuth],
        sans: SanRule::None,
        on: On::Etcd,
        when: When::Always,
    },
    CertificateRow {
        name: "apiserver-etcd-client",
        path: "/etc/kubernetes/pki/apiserver-etcd-client",
        issuer: "etcd-ca",
        common_name: CommonName::Fixed("kube-apiserver-etcd-client"),
        organization: MASTERS_BEFORE_1_29,
        usages: &[ClientAuth],
        sans: SanRule::None,
        on: On::ControlPlanes,
        when: When::Always,
    },
    // The kubelet takes this pair instead of signing one itself.
    CertificateRow {
        name: "kubelet",
        path: "/var/lib/kubelet/pki/kubelet",
        issuer: "ca",
        common_name: CommonName::NodeUser,
        organization: NODES,
        usages: &[ServerAuth],
        sans: SanRule::Kubelet,
        on: On::Nodes,
        when: SERVING,
    },
];

const fn signed(organization: Since) -> Credential {
    Credential::Certificate { issuer: "ca", organization }
}

/// The kubeconfigs, in kubeadm's order.
const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow {
        name: "admin.conf",
        path: "/etc/kubernetes/admin.conf",
        ca: "ca",
        user: CommonName::Fixed("kubernetes-admin"),
        credential: signed(ADMIN),
        server: Server::Endpoint,
        on: On::ControlPlanes,
        when: When::Always,
        operator_copy: true,
    },
    // KEP-4214; made by `kubeadm init` only, never by `kubeadm join`.
    KubeconfigRow {
        name: "super-admin.conf",
        path: "/etc/kubernetes/super-admin.conf",
        ca: "ca",
        user: CommonName::Fixed("kubernetes-super-admin"),
        credential: signed(MASTERS),
        server: Server::Endpoint,
        on: On::FirstControlPlane,
        when: When::Since(29),
        operator_copy: true,
    },
    KubeconfigRow {
        name: "kubelet.conf",
        path: "/etc/kubernetes/kubelet.conf",
        ca: "ca",
        user: CommonName::NodeUser,
        credential: signed(NODES),
        server: Server::LocalSince(33),
        on: On::Nodes,
        when: When::Always,
        operator_copy: false,
    },
    KubeconfigRow {
        name: "controller-manager.conf",
        path: "/etc/kubernetes/controller-manager.conf",
        ca: "ca",
        user: CommonName::Fixed("system:kube-controller-manager"),
        credential: signed(NONE),
        server: Server::Local,
        on: On::ControlPlanes,
        when: When::Always,
        operator_copy: false,
    },
    KubeconfigRow {
        name: "scheduler.conf",
        path: "/etc/kubernetes/scheduler.conf",
        ca: "ca",
        user: CommonName::Fixed("system:kube-scheduler"),
        credential: signed(NONE),
        server: Server::Local,
        on: On::ControlPlanes,
        when: When::Always,
        operator_copy: false,
    },
];

const fn file(path: &'static str, content: FileContent, on: On, when: When) -> FileRow {
    FileRow { path, content, on, when }
}

const FILES: &[FileRow] = &[
    file("/etc/kubernetes/pki/ca.crt", FileContent::Authority("ca"), On::Nodes, When::Always),
    file(
        "/etc/kubernetes/pki/ca.key",
        FileContent::AuthorityKey("ca"),
        On::ControlPlanes,
        When::CaKeysOnHosts,
    ),
    file(
        "/etc/kubernetes/pki/front-proxy-ca.crt",
        FileContent::Authority("front-proxy-ca"),
        On::ControlPlanes,
        When::Always,
    ),
    file(
        "/etc/kubernetes/pki/front-proxy-ca.key",
        FileContent::AuthorityKey("front-proxy-ca"),
        On::ControlPlanes,
        When::CaKeysOnHosts,
    ),
    file(
        "/etc/kubernetes/pki/etcd/ca.crt",
        FileContent::Authority("etcd-ca"),
        On::ControlPlanes,
        When::Always,
    ),
    file(
        "/etc/kubernetes/pki/etcd/ca.crt",
        FileContent::Authority("etcd-ca"),
        On::Etcd,
        When::ExternalEtcd,
    ),
    file(
        "/etc/kubernetes/pki/etcd/ca.key",
        FileContent::AuthorityKey("etcd-ca"),
        On::ControlPlanes,
        When::StackedCaKeys,
    ),
    // kubeadm's guide leaves it on the machine where it was made, and takes it off the others.
    file(
        "/etc/kubernetes/pki/etcd/ca.key",
        FileContent::AuthorityKey("etcd-ca"),
        On::FirstEtcd,
        When::CaKeysOnHosts,
    ),
    file(
        "/etc/kubernetes/pki/sa.key",
        FileContent::ServiceAccountKey,
        On::ControlPlanes,
        When::Always,
    ),
    file(
        "/etc/kubernetes/pki/sa.pub",
        FileContent::ServiceAccountPublic,
        On::ControlPlanes,
        When::Always,
    ),
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
            etcd::ADVERTISE,
            FlagRow::file("cert-file", "/etc/kubernetes/pki/etcd/server.crt"),
            FlagRow::text("client-cert-auth", "true"),
            etcd::ADVERTISE_PEER,
            etcd::CLUSTER,
            etcd::STATE,
            FlagRow::file("key-file", "/etc/kubernetes/pki/etcd/server.key"),
            etcd::LISTEN,
            etcd::LISTEN_PEER,
            etcd::NAME,
            FlagRow::file("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
            FlagRow::text("peer-client-cert-auth", "true"),
            FlagRow::file("peer-key-file", "/etc/kubernetes/pki/etcd/peer.key"),
            FlagRow::file("peer-trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
            FlagRow::file("trusted-ca-file", "/etc/kubernetes/pki/etcd/ca.crt"),
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
            FlagRow::text("enable-bootstrap-token-auth", "true"),
            FlagRow::file(
                "encryption-provider-config",
                "/etc/kubernetes/pki/encryption-config.yaml",
            )
            .when(When::Wants(Output::Encryption)),
            FlagRow::file("etcd-cafile", "/etc/kubernetes/pki/etcd/ca.crt"),
            FlagRow::file("etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
            FlagRow::file("etcd-keyfile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
            etcd::SERVERS,
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
            FlagRow {
                name: "service-account-issuer",
                value: Value::ServiceAccountIssuer,
                when: When::Always,
            },
            FlagRow::file("service-account-key-file", "/etc/kubernetes/pki/sa.pub"),
            FlagRow::file("service-account-signing-key-file", "/etc/kubernetes/pki/sa.key"),
            FlagRow::file("tls-cert-file", "/etc/kubernetes/pki/apiserver.crt"),
            FlagRow::file("tls-private-key-file", "/etc/kubernetes/pki/apiserver.key"),
        ]),
    },
    ComponentRow {
        component: Component::ControllerManager,
        on: On::ControlPlanes,
        flags: Cow::Borrowed(&[
            FlagRow::file("authentication-kubeconfig", "/etc/kubernetes/controller-manager.conf"),
            FlagRow::file("authorization-kubeconfig", "/etc/kubernetes/controller-manager.conf"),
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("cluster-signing-cert-file", "/etc/kubernetes/pki/ca.crt")
                .when(When::CaKeysOnHosts),
            // kubeadm's external-CA mode: empty, so that nothing is signed.
            FlagRow::text("cluster-signing-cert-file", "").when(When::CaKeysInVault),
            FlagRow::file("cluster-signing-key-file", "/etc/kubernetes/pki/ca.key")
                .when(When::CaKeysOnHosts),
            FlagRow::text("cluster-signing-key-file", "").when(When::CaKeysInVault),
            FlagRow::text("controllers", "*,bootstrapsigner,tokencleaner"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/controller-manager.conf"),
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
            FlagRow::file("authentication-kubeconfig", "/etc/kubernetes/scheduler.conf"),
            FlagRow::file("authorization-kubeconfig", "/etc/kubernetes/scheduler.conf"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/scheduler.conf"),
        ]),
    },
    ComponentRow {
        component: Component::Kubelet,
        on: On::Nodes,
        flags: Cow::Borrowed(&[
            FlagRow::text("anonymous-auth", "false"),
            FlagRow::text("authentication-token-webhook", "true"),
            FlagRow::text("authorization-mode", "Webhook"),
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/kubelet.conf"),
            FlagRow::text("rotate-certificates", "true"),
            FlagRow::file("tls-cert-file", "/var/lib/kubelet/pki/kubelet.crt").when(SERVING),
            FlagRow::file("tls-private-key-file", "/var/lib/kubelet/pki/kubelet.key").when(SERVING),
        ]),
    },
];

const BINDINGS: &[Binding] = &[
    // Without it admin.conf may do nothing.
    Binding {
        name: "kubeadm:cluster-admins",
        role: "cluster-admin",
        subject_kind: Group,
        subject: "kubeadm:cluster-admins",
        when: When::Since(29),
    },
    // Without it kubelets refuse the apiserver: no logs, no exec.
    Binding {
        name: "kubeadm:apiserver-kubelet-client",
        role: "system:kubelet-api-admin",
        subject_kind: User,
        subject: "kube-apiserver-kubelet-client",
        when: When::Since(33),
    },
    // Without it kubelets cannot renew the certificates that we give them.
    Binding {
        name: "kubeadm:node-autoapprove-certificate-rotation",
        role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        subject_kind: Group,
        subject: "system:nodes",
        when: When::Always,
    },
];
