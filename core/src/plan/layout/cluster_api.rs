//! The Secrets from which Cluster API makes a cluster: three CAs and the service-account key pair.
//!
//! kubeadm signs everything else on the machines that Cluster API starts. Source: the Cluster API
//! book, "Using Custom Certificates".

use std::borrow::Cow;

use super::{AuthorityRow, FileContent, FileRow, Layout, On};
use crate::design::LayoutName;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::ClusterApi,
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
    AuthorityRow { name: "ca", letter: 'K', common_name: "kubernetes", vault: "ca" },
    AuthorityRow {
        name: "front-proxy-ca",
        letter: 'F',
        common_name: "front-proxy-ca",
        vault: "front-proxy-ca",
    },
    AuthorityRow { name: "etcd-ca", letter: 'E', common_name: "etcd-ca", vault: "etcd/ca" },
];

const FILES: &[FileRow] = &[
    FileRow::new("cluster-api/ca.yaml", FileContent::AuthoritySecret("ca", "ca"), On::Operator),
    FileRow::new(
        "cluster-api/proxy.yaml",
        FileContent::AuthoritySecret("front-proxy-ca", "proxy"),
        On::Operator,
    ),
    FileRow::new(
        "cluster-api/etcd.yaml",
        FileContent::AuthoritySecret("etcd-ca", "etcd"),
        On::Operator,
    ),
    FileRow::new("cluster-api/sa.yaml", FileContent::ServiceAccountSecret("sa"), On::Operator),
];
