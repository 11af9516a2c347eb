//! The layout of five flows, each with a CA of its own: etcd, control plane, operators, kubelets,
//! aggregation.
//!
//! Source: Mathieu Corbin, "Kubernetes: TLS et autorités de certification" (Exoscale). Every
//! certificate is a client's or a server's, never both, where etcd allows it. The flags of
//! kube-controller-manager are the split signing pairs, which exclude the plain one.

use std::borrow::Cow;

use super::CommonName::{Fixed, NodeName, NodeUser};
use super::SubjectKind::{Group, User};
use super::{
    AuthorityRow, Binding, CertificateRow, Component, ComponentRow, Credential, FileContent,
    FileRow, FlagRow, KubeconfigRow, Layout, NO_ORGANIZATION, On, Server, Since, When, apiserver,
    etcd,
};
use crate::design::{LayoutName, Output};
use crate::plan::ExtendedKeyUsage::{ClientAuth, ServerAuth};
use crate::plan::sans::SanRule;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::FiveFlows,
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
    AuthorityRow { name: "etcd-ca", letter: 'E', common_name: "etcd-ca", vault: "etcd/ca" },
    AuthorityRow {
        name: "control-plane-ca",
        letter: 'C',
        common_name: "control-plane-ca",
        vault: "control-plane-ca",
    },
    AuthorityRow {
        name: "operators-ca",
        letter: 'O',
        common_name: "operators-ca",
        vault: "operators-ca",
    },
    AuthorityRow {
        name: "kubelet-ca",
        letter: 'N',
        common_name: "kubelet-ca",
        vault: "kubelet-ca",
    },
    AuthorityRow {
        name: "aggregation-ca",
        letter: 'A',
        common_name: "aggregation-ca",
        vault: "aggregation-ca",
    },
];

const CERTIFICATES: &[CertificateRow] = &[
    CertificateRow::new(
        "apiserver",
        "/etc/kubernetes/pki/apiserver",
        "control-plane-ca",
        Fixed("kube-apiserver"),
        &[ServerAuth],
        SanRule::Apiserver,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "apiserver-kubelet-client",
        "/etc/kubernetes/pki/apiserver-kubelet-client",
        "kubelet-ca",
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
        "aggregation-client",
        "/etc/kubernetes/pki/aggregation-client",
        "aggregation-ca",
        Fixed("aggregation-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "etcd-server",
        "/etc/kubernetes/pki/etcd/server",
        "etcd-ca",
        NodeName,
        &[ServerAuth],
        SanRule::EtcdServer,
        On::Etcd,
    )
    .when(When::SplitEtcd),
    CertificateRow::new(
        "etcd-server-client",
        "/etc/kubernetes/pki/etcd/server-client",
        "etcd-ca",
        NodeName,
        &[ClientAuth],
        SanRule::None,
        On::Etcd,
    )
    .when(When::SplitEtcd),
    CertificateRow::new(
        "etcd-peer",
        "/etc/kubernetes/pki/etcd/peer",
        "etcd-ca",
        NodeName,
        &[ServerAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    )
    .when(When::SplitEtcd),
    CertificateRow::new(
        "etcd-peer-client",
        "/etc/kubernetes/pki/etcd/peer-client",
        "etcd-ca",
        NodeName,
        &[ClientAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    )
    .when(When::SplitEtcd),
    CertificateRow::new(
        "etcd-server",
        "/etc/kubernetes/pki/etcd/server",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdServer,
        On::Etcd,
    )
    .when(When::WholeEtcd),
    CertificateRow::new(
        "etcd-peer",
        "/etc/kubernetes/pki/etcd/peer",
        "etcd-ca",
        NodeName,
        &[ServerAuth, ClientAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    )
    .when(When::WholeEtcd),
    CertificateRow::new(
        "etcd-healthcheck-client",
        "/etc/kubernetes/pki/etcd/healthcheck-client",
        "etcd-ca",
        Fixed("kube-etcd-healthcheck-client"),
        &[ClientAuth],
        SanRule::None,
        On::Etcd,
    ),
    CertificateRow::new(
        "kubelet",
        "/etc/kubernetes/pki/kubelet",
        "kubelet-ca",
        NodeUser,
        &[ServerAuth],
        SanRule::Kubelet,
        On::Nodes,
    ),
];

const OPERATORS: Since = &[(0, Some("cluster-operators"))];
const MASTERS: Since = &[(0, Some("system:masters"))];
const NODES: Since = &[(0, Some("system:nodes"))];

const fn by(issuer: &'static str, organization: Since) -> Credential {
    Credential::Certificate { issuer, organization }
}

const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow::new(
        "controller-manager.conf",
        "/etc/kubernetes/controller-manager.conf",
        "control-plane-ca",
        Fixed("system:kube-controller-manager"),
        by("control-plane-ca", NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "scheduler.conf",
        "/etc/kubernetes/scheduler.conf",
        "control-plane-ca",
        Fixed("system:kube-scheduler"),
        by("control-plane-ca", NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "kubelet.conf",
        "/etc/kubernetes/kubelet.conf",
        "control-plane-ca",
        NodeUser,
        by("kubelet-ca", NODES),
        Server::LocalSince(33),
        On::Nodes,
    ),
    KubeconfigRow::new(
        "admin.conf",
        "admin.conf",
        "control-plane-ca",
        Fixed("operator"),
        by("operators-ca", OPERATORS),
        Server::Endpoint,
        On::Operator,
    ),
    // The key behind glass: its group cannot be bound away, and it makes the first binding.
    KubeconfigRow::new(
        "super-admin.conf",
        "super-admin.conf",
        "control-plane-ca",
        Fixed("break-glass"),
        by("operators-ca", MASTERS),
        Server::Endpoint,
        On::Operator,
    ),
];

const FILES: &[FileRow] = &[
    FileRow::new(
        "/etc/kubernetes/pki/control-plane-ca.crt",
        FileContent::Authority("control-plane-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/etc/kubernetes/pki/operators-ca.crt",
        FileContent::Authority("operators-ca"),
        On::ControlPlanes,
    ),
    // Two CAs sign at run time, so two keys are on the control planes; the other three are not.
    FileRow::new(
        "/etc/kubernetes/pki/operators-ca.key",
        FileContent::AuthorityKey("operators-ca"),
        On::ControlPlanes,
    )
    .when(When::CaKeysOnHosts),
    FileRow::new(
        "/etc/kubernetes/pki/kubelet-ca.crt",
        FileContent::Authority("kubelet-ca"),
        On::Nodes,
    ),
    FileRow::new(
        "/etc/kubernetes/pki/kubelet-ca.key",
        FileContent::AuthorityKey("kubelet-ca"),
        On::ControlPlanes,
    )
    .when(When::CaKeysOnHosts),
    FileRow::new(
        "/etc/kubernetes/pki/aggregation-ca.crt",
        FileContent::Authority("aggregation-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/etc/kubernetes/pki/etcd/ca.crt",
        FileContent::Authority("etcd-ca"),
        On::ControlPlanes,
    ),
    FileRow::new("/etc/kubernetes/pki/etcd/ca.crt", FileContent::Authority("etcd-ca"), On::Etcd)
        .when(When::ExternalEtcd),
    FileRow::new(
        "/etc/kubernetes/pki/client-ca.crt",
        FileContent::Bundle(&["control-plane-ca", "operators-ca", "kubelet-ca"]),
        On::ControlPlanes,
    ),
    FileRow::new("/etc/kubernetes/pki/sa.key", FileContent::ServiceAccountKey, On::ControlPlanes),
    FileRow::new(
        "/etc/kubernetes/pki/sa.pub",
        FileContent::ServiceAccountPublic,
        On::ControlPlanes,
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
            FlagRow::file("client-cert-file", "/etc/kubernetes/pki/etcd/server-client.crt")
                .when(When::SplitEtcd),
            FlagRow::file("client-key-file", "/etc/kubernetes/pki/etcd/server-client.key")
                .when(When::SplitEtcd),
            etcd::ADVERTISE_PEER,
            etcd::CLUSTER,
            etcd::STATE,
            FlagRow::file("key-file", "/etc/kubernetes/pki/etcd/server.key"),
            etcd::LISTEN,
            etcd::LISTEN_PEER,
            etcd::NAME,
            FlagRow::file("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
            FlagRow::text("peer-client-cert-auth", "true"),
            FlagRow::file("peer-client-cert-file", "/etc/kubernetes/pki/etcd/peer-client.crt")
                .when(When::SplitEtcd),
            FlagRow::file("peer-client-key-file", "/etc/kubernetes/pki/etcd/peer-client.key")
                .when(When::SplitEtcd),
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
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/client-ca.crt"),
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
            FlagRow::file("kubelet-certificate-authority", "/etc/kubernetes/pki/kubelet-ca.crt"),
            FlagRow::file(
                "kubelet-client-certificate",
                "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            ),
            FlagRow::file("kubelet-client-key", "/etc/kubernetes/pki/apiserver-kubelet-client.key"),
            FlagRow::file("proxy-client-cert-file", "/etc/kubernetes/pki/aggregation-client.crt"),
            FlagRow::file("proxy-client-key-file", "/etc/kubernetes/pki/aggregation-client.key"),
            FlagRow::text("requestheader-allowed-names", "aggregation-client"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/aggregation-ca.crt"),
            FlagRow::text("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
            FlagRow::text("requestheader-group-headers", "X-Remote-Group"),
            FlagRow::text("requestheader-username-headers", "X-Remote-User"),
            FlagRow::issuer(),
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
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/client-ca.crt"),
            FlagRow::file(
                "cluster-signing-kube-apiserver-client-cert-file",
                "/etc/kubernetes/pki/operators-ca.crt",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::file(
                "cluster-signing-kube-apiserver-client-key-file",
                "/etc/kubernetes/pki/operators-ca.key",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::file(
                "cluster-signing-kubelet-client-cert-file",
                "/etc/kubernetes/pki/kubelet-ca.crt",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::file(
                "cluster-signing-kubelet-client-key-file",
                "/etc/kubernetes/pki/kubelet-ca.key",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::file(
                "cluster-signing-kubelet-serving-cert-file",
                "/etc/kubernetes/pki/kubelet-ca.crt",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::file(
                "cluster-signing-kubelet-serving-key-file",
                "/etc/kubernetes/pki/kubelet-ca.key",
            )
            .when(When::CaKeysOnHosts),
            FlagRow::text("controllers", "*,bootstrapsigner,tokencleaner"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/controller-manager.conf"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/aggregation-ca.crt"),
            FlagRow::file("root-ca-file", "/etc/kubernetes/pki/control-plane-ca.crt"),
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
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/kubelet-ca.crt"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/kubelet.conf"),
            FlagRow::text("rotate-certificates", "true"),
            FlagRow::file("tls-cert-file", "/etc/kubernetes/pki/kubelet.crt"),
            FlagRow::file("tls-private-key-file", "/etc/kubernetes/pki/kubelet.key"),
        ]),
    },
];

const BINDINGS: &[Binding] = &[
    // Without it admin.conf may do nothing.
    Binding {
        name: "cluster-operators",
        role: "cluster-admin",
        subject_kind: Group,
        subject: "cluster-operators",
        when: When::Always,
    },
    // Without it kubelets refuse the apiserver: no logs, no exec.
    Binding {
        name: "apiserver-kubelet-client",
        role: "system:kubelet-api-admin",
        subject_kind: User,
        subject: "kube-apiserver-kubelet-client",
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
