//! What kubeadm demands of certificates that it finds, before it uses them as they are.
//!
//! Source: k/k `cmd/kubeadm/app/phases/certs/certs.go` (`validateCertificateWithConfig`,
//! `UseExistingCertificate…`) and `…/phases/kubeconfig/kubeconfig.go`
//! (`validateKubeConfig`). openssl plays Go's chain building and `VerifyHostname`.

use std::fs;

use pki_core::bundle::KubeconfigData;
use pki_core::design::{Design, Problem};
use pki_tests::certificate_text::fields;
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

use crate::installed::labels;

const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];

/// Three control planes behind a name, with extra names everywhere.
fn change(design: &mut Design) {
    design.service_cidrs = vec!["fd00:1::/112".to_owned(), "10.96.0.0/12".to_owned()];
    design.control_planes =
        NODES.iter().zip(1..).map(|(name, i)| node(name, &[&format!("fd00:2::1{i}")])).collect();
    design.control_plane_endpoint = "k8s.example.test:8443".to_owned();
    design.extra_sans.apiserver = vec!["*.api.example.test".to_owned(), "192.0.2.7".to_owned()];
    design.extra_sans.etcd_server = vec!["etcd.example.test".to_owned()];
    design.extra_sans.etcd_peer = vec!["192.0.2.8".to_owned()];
}

/// The leaves with their CA and the names beyond the node's own that kubeadm looks for.
const LEAVES: [(&str, &str, &[&str]); 7] = [
    (
        "apiserver",
        "ca",
        &[
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "k8s.example.test",
            "any.api.example.test",
            "192.0.2.7",
            "fd00:1::1",
            "NODE",
            "ADDRESS",
        ],
    ),
    ("apiserver-kubelet-client", "ca", &[]),
    ("front-proxy-client", "front-proxy-ca", &[]),
    (
        "etcd/server",
        "etcd/ca",
        &["localhost", "127.0.0.1", "::1", "etcd.example.test", "NODE", "ADDRESS"],
    ),
    ("etcd/peer", "etcd/ca", &["localhost", "127.0.0.1", "::1", "192.0.2.8", "NODE", "ADDRESS"]),
    ("etcd/healthcheck-client", "etcd/ca", &[]),
    ("apiserver-etcd-client", "etcd/ca", &[]),
];

/// Whether `openssl verify` takes a leaf for the CA and, where one is given, for the name.
fn accepts(cluster: &Cluster, node: &str, leaf: &str, ca: &str, name: Option<&str>) -> bool {
    let path = |name: &str| cluster.host(node, &format!("pki/{name}.crt")).display().to_string();
    let (ca, leaf) = (path(ca), path(leaf));
    let mut arguments = vec!["verify", "-no-CApath", "-no-CAstore", "-CAfile", &ca];
    if let Some(name) = name {
        let is_address = name.parse::<std::net::IpAddr>().is_ok();
        arguments.extend([if is_address { "-verify_ip" } else { "-verify_hostname" }, name]);
    }
    arguments.push(&leaf);
    openssl::openssl(&arguments).ok
}

fn check(cluster: &Cluster) {
    for (node, i) in NODES.into_iter().zip(1..) {
        let address = format!("fd00:2::1{i}");
        for (leaf, ca, names) in LEAVES {
            let file = |extension| cluster.host(node, &format!("pki/{leaf}.{extension}"));
            let (certificate, key) = (read(&file("crt")), read(&file("key")));
            // The first block is the leaf; behind it there would be intermediates.
            assert_eq!(labels(&certificate), ["CERTIFICATE"], "{leaf}");
            let label = labels(&key).join(",");
            assert!(["RSA PRIVATE KEY", "EC PRIVATE KEY"].contains(&label.as_str()), "{leaf}");
            assert!(accepts(cluster, node, leaf, ca, None), "{node} {leaf}: chain to {ca}");
            for name in names {
                let name = match *name {
                    "NODE" => node,
                    "ADDRESS" => &address,
                    name => name,
                };
                assert!(accepts(cluster, node, leaf, ca, Some(name)), "{node} {leaf}: {name}");
            }
        }
        // Names that are not asked for are not there: kubeadm adds one family and no localhost.
        for name in ["localhost", "127.0.0.1", "10.96.0.1", "kubernetes.default.svc.cluster"] {
            assert!(!accepts(cluster, node, "apiserver", "ca", Some(name)), "{name}");
        }
        for ca in ["ca", "front-proxy-ca", "etcd/ca"] {
            let text = openssl::text(&read(&cluster.host(node, &format!("pki/{ca}.crt"))));
            assert_eq!(fields(&text)["Basic Constraints critical"], "CA:TRUE", "{ca}");
        }
        let ca = read(&cluster.host(node, "pki/ca.crt"));
        for entry in fs::read_dir(cluster.host(node, "")).expect("the host's folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|extension| extension == "conf") {
                let data = KubeconfigData::read(&read(&path)).expect("our own kubeconfig");
                assert_eq!(data.ca, ca.as_bytes(), "{}", path.display());
            }
        }
    }
}

#[test]
fn files_are_what_kubeadm_reuses() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = Cluster::make("acceptance", design(change));
    check(&cluster);
    // What `kubeadm join --control-plane` copies is the same everywhere; leaves are each one's own.
    let same = |name: &str| {
        let [first, second, third] = NODES.map(|node| read(&cluster.host(node, name)));
        [first == second, first == third, second == third]
    };
    for name in ["ca", "front-proxy-ca", "etcd/ca"] {
        assert_eq!(same(&format!("pki/{name}.crt")), [true; 3], "{name}");
        assert_eq!(same(&format!("pki/{name}.key")), [true; 3], "{name}");
    }
    for name in ["pki/sa.key", "pki/sa.pub"] {
        assert_eq!(same(name), [true; 3], "{name}");
    }
    for (leaf, ..) in LEAVES {
        assert_eq!(same(&format!("pki/{leaf}.key")), [false; 3], "{leaf}");
    }
    assert_eq!(same("admin.conf"), [false; 3]);
}

/// kubeadm's external-CA mode: no CA key on any host, and then every leaf and every kubeconfig,
/// super-admin.conf included, has to be there.
#[test]
fn files_without_ca_keys_are_an_external_ca() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = Cluster::make(
        "external",
        design(|design| {
            change(design);
            design.ca_keys = "vault".to_owned();
        }),
    );
    check(&cluster);
    for ca in ["ca", "front-proxy-ca", "etcd/ca"] {
        for node in NODES {
            let key = cluster.host(node, &format!("pki/{ca}.key"));
            assert!(!key.exists(), "{}", key.display());
        }
        let kept = |extension| read(&cluster.path(&format!("vault/pki/{ca}.{extension}")));
        assert_eq!(kept("crt"), read(&cluster.host("cp1", &format!("pki/{ca}.crt"))));
        assert_eq!(openssl::public_half(&kept("key")), openssl::certificate_key(&kept("crt")));
    }
    for name in ["admin", "super-admin", "kubelet", "controller-manager", "scheduler"] {
        assert!(cluster.host("cp1", &format!("{name}.conf")).exists(), "{name}");
    }
}

/// "neither in RSA nor ECDSA format": kubeadm refuses such keys, so we make none.
#[test]
fn ed25519_is_not_offered() {
    for change in
        [(|design| design.keys.algorithm = "ed25519".to_owned()) as fn(&mut Design), |design| {
            design.keys.service_account = "ed25519".to_owned()
        }]
    {
        let (settings, findings) = design(change).check();
        assert!(settings.is_none());
        assert!(findings.iter().any(|finding| finding.problem == Problem::Ed25519Refused));
    }
}
