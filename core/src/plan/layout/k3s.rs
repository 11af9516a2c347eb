//! The folder from which k3s starts: its five CAs and the service-account key.
//!
//! k3s signs every other certificate itself when it starts, and sets every flag; so there are no
//! leaves, no flags and no kubeconfigs here. Source: the k3s documentation, "Using Custom CA
//! Certificates".

use std::borrow::Cow;

use super::{AuthorityRow, FileContent, FileRow, Layout, On};
use crate::design::LayoutName;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::K3s,
    authorities: Cow::Borrowed(AUTHORITIES),
    certificates: Cow::Borrowed(&[]),
    kubeconfigs: Cow::Borrowed(&[]),
    files: Cow::Borrowed(FILES),
    components: Cow::Borrowed(&[]),
    below: Cow::Borrowed(&[]),
    bindings: &[],
    for_kubeadm: false,
};

const AUTHORITIES: &[AuthorityRow] = &[
    AuthorityRow {
        name: "client-ca",
        letter: 'L',
        common_name: "k3s-client-ca",
        vault: "client-ca",
    },
    AuthorityRow {
        name: "server-ca",
        letter: 'S',
        common_name: "k3s-server-ca",
        vault: "server-ca",
    },
    AuthorityRow {
        name: "request-header-ca",
        letter: 'F',
        common_name: "k3s-request-header-ca",
        vault: "request-header-ca",
    },
    AuthorityRow {
        name: "etcd-peer-ca",
        letter: 'P',
        common_name: "etcd-peer-ca",
        vault: "etcd/peer-ca",
    },
    AuthorityRow {
        name: "etcd-server-ca",
        letter: 'E',
        common_name: "etcd-server-ca",
        vault: "etcd/server-ca",
    },
];

const FILES: &[FileRow] = &[
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/client-ca.crt",
        FileContent::Authority("client-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/client-ca.key",
        FileContent::AuthorityKey("client-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/server-ca.crt",
        FileContent::Authority("server-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/server-ca.key",
        FileContent::AuthorityKey("server-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/request-header-ca.crt",
        FileContent::Authority("request-header-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/request-header-ca.key",
        FileContent::AuthorityKey("request-header-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/etcd/peer-ca.crt",
        FileContent::Authority("etcd-peer-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/etcd/peer-ca.key",
        FileContent::AuthorityKey("etcd-peer-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt",
        FileContent::Authority("etcd-server-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/etcd/server-ca.key",
        FileContent::AuthorityKey("etcd-server-ca"),
        On::ControlPlanes,
    ),
    FileRow::new(
        "/var/lib/rancher/k3s/server/tls/service.key",
        FileContent::ServiceAccountKey,
        On::ControlPlanes,
    ),
];
