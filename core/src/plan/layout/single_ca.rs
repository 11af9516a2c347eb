//! The layout of one CA, which signs everything.
//!
//! Source: the notes "TLS Certificates" of All-Things-Docker-and-Kubernetes. Their commands make
//! certificates of X.509 version 1 without names or usages, and the group `system:master`, which
//! does not exist; here is what they mean. One CA lets everybody whom it signs knock at etcd, so
//! etcd asks clients for a name, and members for a common name, that only their own have.

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
    name: LayoutName::SingleCa,
    authorities: Cow::Borrowed(AUTHORITIES),
    certificates: Cow::Borrowed(CERTIFICATES),
    kubeconfigs: Cow::Borrowed(KUBECONFIGS),
    files: Cow::Borrowed(FILES),
    components: Cow::Borrowed(COMPONENTS),
    below: Cow::Borrowed(&[]),
    bindings: BINDINGS,
    for_kubeadm: false,
};

const AUTHORITIES: &[AuthorityRow] =
    &[AuthorityRow { name: "ca", letter: 'K', common_name: "KUBERNETES-CA", vault: "ca" }];

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
        "front-proxy-client",
        "/etc/kubernetes/pki/front-proxy-client",
        "ca",
        Fixed("front-proxy-client"),
        &[ClientAuth],
        SanRule::None,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "etcd-server",
        "/etc/kubernetes/pki/etcd/server",
        "ca",
        NodeName,
        &[ServerAuth],
        SanRule::EtcdServer,
        On::Etcd,
    ),
    CertificateRow::new(
        "etcd-peer",
        "/etc/kubernetes/pki/etcd/peer",
        "ca",
        Fixed("etcd-peer"),
        &[ServerAuth, ClientAuth],
        SanRule::EtcdPeer,
        On::Etcd,
    ),
    CertificateRow::new(
        "etcd-healthcheck-client",
        "/etc/kubernetes/pki/etcd/healthcheck-client",
        "ca",
        Fixed("kube-etcd-healthcheck-client"),
        &[ClientAuth],
        SanRule::EtcdClient,
        On::Etcd,
    ),
    CertificateRow::new(
        "apiserver-etcd-client",
        "/etc/kubernetes/pki/apiserver-etcd-client",
        "ca",
        Fixed("kube-apiserver-etcd-client"),
        &[ClientAuth],
        SanRule::EtcdClient,
        On::ControlPlanes,
    ),
    CertificateRow::new(
        "kubelet",
        "/etc/kubernetes/pki/kubelet",
        "ca",
        NodeUser,
        &[ServerAuth],
        SanRule::Kubelet,
        On::Nodes,
    ),
];

const MASTERS: Since = &[(0, Some("system:masters"))];
const NODES: Since = &[(0, Some("system:nodes"))];

const fn signed(organization: Since) -> Credential {
    Credential::Certificate { issuer: "ca", organization }
}

const KUBECONFIGS: &[KubeconfigRow] = &[
    KubeconfigRow::new(
        "admin.conf",
        "/etc/kubernetes/admin.conf",
        "ca",
        Fixed("kube-admin"),
        signed(MASTERS),
        Server::Endpoint,
        On::ControlPlanes,
    )
    .copied(),
    KubeconfigRow::new(
        "controller-manager.conf",
        "/etc/kubernetes/controller-manager.conf",
        "ca",
        Fixed("system:kube-controller-manager"),
        signed(NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "scheduler.conf",
        "/etc/kubernetes/scheduler.conf",
        "ca",
        Fixed("system:kube-scheduler"),
        signed(NO_ORGANIZATION),
        Server::Local,
        On::ControlPlanes,
    ),
    KubeconfigRow::new(
        "kubelet.conf",
        "/etc/kubernetes/kubelet.conf",
        "ca",
        NodeUser,
        signed(NODES),
        Server::LocalSince(33),
        On::Nodes,
    ),
    KubeconfigRow::new(
        "kube-proxy.conf",
        "/etc/kubernetes/kube-proxy.conf",
        "ca",
        Fixed("system:kube-proxy"),
        signed(NO_ORGANIZATION),
        Server::Endpoint,
        On::Nodes,
    ),
];

const FILES: &[FileRow] = &[
    FileRow::new("/etc/kubernetes/pki/ca.crt", FileContent::Authority("ca"), On::Nodes),
    FileRow::new("/etc/kubernetes/pki/ca.key", FileContent::AuthorityKey("ca"), On::ControlPlanes)
        .when(When::CaKeysOnHosts),
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
            FlagRow::file("cert-file", "/etc/kubernetes/pki/etcd/server.crt"),
            FlagRow::text("client-cert-allowed-hostname", "etcd-client"),
            FlagRow::text("client-cert-auth", "true"),
            // The gateway asks its own server without the name that clients must have; Kubernetes
            // does not use it.
            FlagRow::text("enable-grpc-gateway", "false"),
            FlagRow::file("key-file", "/etc/kubernetes/pki/etcd/server.key"),
            FlagRow::text("peer-cert-allowed-cn", "etcd-peer"),
            FlagRow::file("peer-cert-file", "/etc/kubernetes/pki/etcd/peer.crt"),
            FlagRow::text("peer-client-cert-auth", "true"),
            FlagRow::file("peer-key-file", "/etc/kubernetes/pki/etcd/peer.key"),
            FlagRow::file("peer-trusted-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("trusted-ca-file", "/etc/kubernetes/pki/ca.crt"),
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
            FlagRow::file("etcd-cafile", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("etcd-certfile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
            FlagRow::file("etcd-keyfile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
            FlagRow::file("kubelet-certificate-authority", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file(
                "kubelet-client-certificate",
                "/etc/kubernetes/pki/apiserver-kubelet-client.crt",
            ),
            FlagRow::file("kubelet-client-key", "/etc/kubernetes/pki/apiserver-kubelet-client.key"),
            FlagRow::file("proxy-client-cert-file", "/etc/kubernetes/pki/front-proxy-client.crt"),
            FlagRow::file("proxy-client-key-file", "/etc/kubernetes/pki/front-proxy-client.key"),
            FlagRow::text("requestheader-allowed-names", "front-proxy-client"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/ca.crt"),
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
            FlagRow::file("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
            FlagRow::file("cluster-signing-cert-file", "/etc/kubernetes/pki/ca.crt")
                .when(When::CaKeysOnHosts),
            FlagRow::file("cluster-signing-key-file", "/etc/kubernetes/pki/ca.key")
                .when(When::CaKeysOnHosts),
            FlagRow::text("controllers", "*,bootstrapsigner,tokencleaner"),
            FlagRow::file("kubeconfig", "/etc/kubernetes/controller-manager.conf"),
            FlagRow::file("requestheader-client-ca-file", "/etc/kubernetes/pki/ca.crt"),
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
            FlagRow::file("tls-cert-file", "/etc/kubernetes/pki/kubelet.crt"),
            FlagRow::file("tls-private-key-file", "/etc/kubernetes/pki/kubelet.key"),
        ]),
    },
    ComponentRow {
        component: Component::Proxy,
        on: On::Nodes,
        flags: Cow::Borrowed(&[FlagRow::file("kubeconfig", "/etc/kubernetes/kube-proxy.conf")]),
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
    // Without it kubelets cannot renew the certificates that we give them.
    Binding {
        name: "node-client-renewal",
        role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        subject_kind: Group,
        subject: "system:nodes",
        when: When::Always,
    },
];
