//! kubeadm's rules for releases and networks of which no output is recorded, written down a second
//! time and apart from the catalog: who is who, which names, which files, which server.

use std::collections::BTreeMap;
use std::net::IpAddr;

use pki_core::bundle::KubeconfigData;
use pki_tests::certificate_text::fields;
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

use crate::installed::{certificate, files};
use crate::releases::{MASTERS, NETWORKS, Network, RELEASES, Release};

const ENDPOINT: &str = "k8s.example.test";

fn check(release: &Release) {
    if tool::openssl().is_none() {
        return;
    }
    for network in &NETWORKS {
        for count in [1, 3] {
            let addresses = |i: usize| -> Vec<String> {
                network.nodes.iter().map(|start| format!("{start}{i}")).collect()
            };
            let cluster = Cluster::make(
                "rules",
                design(|design| {
                    // Making an RSA key takes longer than all the rest.
                    design.keys.service_account = "ecdsa-p256".to_owned();
                    design.kubernetes_version = release.version.to_owned();
                    design.service_cidrs = network.ranges.iter().map(|r| (*r).to_owned()).collect();
                    design.dns_domain = "prod.internal".to_owned();
                    design.control_planes = (1..=count)
                        .map(|i| {
                            let addresses = addresses(i);
                            let addresses: Vec<&str> =
                                addresses.iter().map(String::as_str).collect();
                            node(&format!("cp{i}"), &addresses)
                        })
                        .collect();
                    design.workers = vec![node("w1", &[])];
                    // One control plane needs no common endpoint.
                    if count > 1 {
                        design.control_plane_endpoint = format!("{ENDPOINT}:8443");
                    }
                }),
            );
            for i in 1..=count {
                let host =
                    Host { release, network, index: i, addresses: addresses(i), ha: count > 1 };
                host.check(&cluster);
            }
            check_worker(&cluster, release, &addresses(1)[0], count > 1);
        }
    }
}

/// kubeadm's ten years of 365 days and its one year, each with the five minutes that it starts earlier.
const CA_LIFETIME: &str = "87600h5m";
const LEAF_LIFETIME: &str = "8760h5m";

struct Host<'a> {
    release: &'a Release,
    network: &'a Network,
    index: usize,
    addresses: Vec<String>,
    ha: bool,
}

impl Host<'_> {
    fn check(&self, cluster: &Cluster) {
        let name = format!("cp{}", self.index);
        let root = cluster.host(&name, "");
        let what = format!("{} {} of {:?}", self.release.version, name, self.network.ranges);
        let super_admin = self.release.super_admin && self.index == 1;
        assert_eq!(files(&root), expected_files(super_admin), "{what}");
        let certificates = self.certificates(&name, super_admin);
        let pems: Vec<String> =
            certificates.iter().map(|(file, _)| certificate(&root, file)).collect();
        for ((file, expected), text) in certificates.into_iter().zip(openssl::texts(&pems)) {
            let found = fields(&text);
            for (field, value) in expected {
                let found = found.get(field).map_or("", String::as_str);
                assert_eq!(found, value, "{what}: {field} of {file}");
            }
        }
        for (file, local) in [
            ("admin.conf", false),
            ("controller-manager.conf", true),
            ("scheduler.conf", true),
            ("kubelet.conf", self.release.local_kubelet),
        ] {
            let server = server(&self.addresses[0], self.ha && !local);
            check_kubeconfig(cluster, &read(&root.join(file)), &server);
        }
        if super_admin {
            let server = server(&self.addresses[0], self.ha);
            check_kubeconfig(cluster, &read(&root.join("super-admin.conf")), &server);
        }
    }

    /// Issuer, subject, usage and names of every certificate, as openssl shows them.
    fn certificates(
        &self,
        node: &str,
        super_admin: bool,
    ) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        const SERVER: &str = "TLS Web Server Authentication";
        const CLIENT: &str = "TLS Web Client Authentication";
        const BOTH: &str = "TLS Web Server Authentication, TLS Web Client Authentication";
        let Release { kubelet_client, etcd_client, admin, .. } = self.release;
        let (apiserver, etcd) = (self.apiserver_names(node), self.etcd_names(node));
        let node_user = format!("O = system:nodes, CN = system:node:{node}");
        let mut rows = vec![
            ("ca", "kubernetes", "CN = kubernetes".into(), "", "DNS:kubernetes"),
            (
                "front-proxy-ca",
                "front-proxy-ca",
                "CN = front-proxy-ca".into(),
                "",
                "DNS:front-proxy-ca",
            ),
            ("etcd_ca", "etcd-ca", "CN = etcd-ca".into(), "", "DNS:etcd-ca"),
            ("apiserver", "kubernetes", "CN = kube-apiserver".into(), SERVER, apiserver.as_str()),
            (
                "apiserver-kubelet-client",
                "kubernetes",
                format!("{kubelet_client}CN = kube-apiserver-kubelet-client"),
                CLIENT,
                "",
            ),
            ("front-proxy-client", "front-proxy-ca", "CN = front-proxy-client".into(), CLIENT, ""),
            ("etcd_server", "etcd-ca", format!("CN = {node}"), BOTH, etcd.as_str()),
            ("etcd_peer", "etcd-ca", format!("CN = {node}"), BOTH, etcd.as_str()),
            (
                "etcd_healthcheck-client",
                "etcd-ca",
                format!("{etcd_client}CN = kube-etcd-healthcheck-client"),
                CLIENT,
                "",
            ),
            (
                "apiserver-etcd-client",
                "etcd-ca",
                format!("{etcd_client}CN = kube-apiserver-etcd-client"),
                CLIENT,
                "",
            ),
        ];
        let users = [
            ("kubeconfig_admin", format!("{admin}CN = kubernetes-admin")),
            ("kubeconfig_controller-manager", "CN = system:kube-controller-manager".into()),
            ("kubeconfig_scheduler", "CN = system:kube-scheduler".into()),
            ("kubeconfig_kubelet", node_user),
        ];
        rows.extend(users.map(|(file, subject)| (file, "kubernetes", subject, CLIENT, "")));
        if super_admin {
            let subject = format!("{MASTERS}CN = kubernetes-super-admin");
            rows.push(("kubeconfig_super-admin", "kubernetes", subject, CLIENT, ""));
        }
        rows.into_iter()
            .map(|(file, issuer, subject, usage, names)| {
                let ca = usage.is_empty();
                let (key_usage, constraints, lifetime) = if ca {
                    ("Digital Signature, Certificate Sign", "CA:TRUE", CA_LIFETIME)
                } else {
                    ("Digital Signature", "CA:FALSE", LEAF_LIFETIME)
                };
                let fields = vec![
                    ("Key Usage critical", key_usage.to_owned()),
                    ("Basic Constraints critical", constraints.to_owned()),
                    ("Lifetime", lifetime.to_owned()),
                    ("Issuer", format!("CN = {issuer}")),
                    ("Subject", subject),
                    ("Extended Key Usage", usage.to_owned()),
                    ("Subject Alternative Name", names.to_owned()),
                ];
                (file, fields)
            })
            .collect()
    }

    /// DNS names in order, then addresses as they come.
    fn apiserver_names(&self, node: &str) -> String {
        let mut names = vec![format!("DNS:{node}")];
        if self.ha {
            names.push(format!("DNS:{ENDPOINT}"));
        }
        let service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc"];
        names.extend(service.map(|name| format!("DNS:{name}")));
        names.push("DNS:kubernetes.default.svc.prod.internal".to_owned());
        names.push(shown(self.network.service));
        names.extend(self.addresses.iter().map(|address| shown(address)));
        names.join(", ")
    }

    fn etcd_names(&self, node: &str) -> String {
        let mut names = vec![format!("DNS:{node}"), "DNS:localhost".to_owned()];
        let (advertised, further) = self.addresses.split_first().expect("an address");
        names.extend([advertised, "127.0.0.1", "::1"].map(shown));
        names.extend(further.iter().map(|address| shown(address)));
        names.join(", ")
    }
}

/// An address as openssl shows it: IPv6 in upper case and with all its zeros.
fn shown(address: &str) -> String {
    let text = match address.parse().expect("an address") {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments().map(|part| format!("{part:X}")).join(":"),
    };
    format!("IP Address:{text}")
}

/// A server's URL: the machine's own, or the common one.
fn server(address: &str, common: bool) -> String {
    match address.parse().expect("an address") {
        _ if common => format!("https://{ENDPOINT}:8443"),
        IpAddr::V4(address) => format!("https://{address}:6443"),
        IpAddr::V6(address) => format!("https://[{address}]:6443"),
    }
}

fn expected_files(super_admin: bool) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> =
        ["", "pki", "pki/etcd"].map(|path| (path.to_owned(), "755 folder".to_owned())).into();
    for name in [
        "apiserver",
        "apiserver-etcd-client",
        "apiserver-kubelet-client",
        "ca",
        "etcd/ca",
        "etcd/healthcheck-client",
        "etcd/peer",
        "etcd/server",
        "front-proxy-ca",
        "front-proxy-client",
    ] {
        files.insert(format!("pki/{name}.crt"), "644 CERTIFICATE".to_owned());
        files.insert(format!("pki/{name}.key"), "600 EC PRIVATE KEY".to_owned());
    }
    files.insert("pki/sa.key".to_owned(), "600 EC PRIVATE KEY".to_owned());
    files.insert("pki/sa.pub".to_owned(), "600 PUBLIC KEY".to_owned());
    let confs = ["admin", "controller-manager", "kubelet", "scheduler"];
    let more = super_admin.then_some("super-admin");
    files.extend(confs.into_iter().chain(more).map(|n| (format!("{n}.conf"), "600".to_owned())));
    files
}

fn check_kubeconfig(cluster: &Cluster, text: &str, server: &str) {
    let data = KubeconfigData::read(text).expect("our own kubeconfig");
    assert_eq!(data.server, server, "{}", data.user);
    assert_eq!(data.cluster, "kubernetes");
    // What kubeadm demands of an existing kubeconfig: the bytes of ca.crt.
    assert_eq!(data.ca, read(&cluster.host("cp1", "pki/ca.crt")).as_bytes());
    // The shape of the release's client-go.
    let preferences = text.contains("\npreferences: {}\n");
    let minor = cluster.plan.settings.version.minor;
    assert_eq!(preferences, minor <= 33, "preferences in 1.{minor}");
}

/// A worker has its kubelet's kubeconfig and the CA's certificate, and nothing else.
fn check_worker(cluster: &Cluster, release: &Release, first: &str, ha: bool) {
    let root = cluster.host("w1", "");
    let expected = [
        ("", "755 folder"),
        ("pki", "755 folder"),
        ("pki/ca.crt", "644 CERTIFICATE"),
        ("kubelet.conf", "600"),
    ];
    let expected = expected.map(|(path, what)| (path.to_owned(), what.to_owned()));
    assert_eq!(files(&root), BTreeMap::from(expected), "{}", release.version);
    check_kubeconfig(cluster, &read(&root.join("kubelet.conf")), &server(first, ha));
    let found = fields(&openssl::text(&certificate(&root, "kubeconfig_kubelet")));
    assert_eq!(found["Subject"], "O = system:nodes, CN = system:node:w1");
}

#[test]
fn kubernetes_1_20() {
    check(&RELEASES[0]);
}

#[test]
fn kubernetes_1_28() {
    check(&RELEASES[1]);
}

#[test]
fn kubernetes_1_32() {
    check(&RELEASES[2]);
}

#[test]
fn kubernetes_1_36() {
    check(&RELEASES[3]);
}
