//! The files of layouts that other people have published, name by name.

use std::process::Command;

use pki_core::design::LayoutName;
use pki_core::plan::Owner;
use pki_tests::cluster::{Cluster, read};
use pki_tests::process::run;
use pki_tests::{openssl, tool};

fn tree(cluster: &Cluster, owner: &Owner) -> Vec<String> {
    let files = cluster.plan.files.iter().filter(|file| file.owner == *owner);
    files.filter_map(|file| file.installed_path().map(str::to_owned)).collect()
}

/// The tree of seed 004: 27 files on a master, 3 on a node.
#[test]
fn master_etc_has_the_files_of_its_seed() {
    let cluster = super::cluster(LayoutName::MasterEtc, "rsa-2048");
    let expected = "\
/etc/etcd/pki/ca.crt /etc/etcd/pki/ca.key /etc/etcd/pki/ca.srl /etc/etcd/pki/peer.crt \
/etc/etcd/pki/peer.key /etc/etcd/pki/server.crt /etc/etcd/pki/server.key \
/etc/kubernetes/auth/admin.conf /etc/kubernetes/auth/controller-manager.conf \
/etc/kubernetes/auth/scheduler.conf /etc/kubernetes/pki/apiserver-etcd-client.crt \
/etc/kubernetes/pki/apiserver-etcd-client.key /etc/kubernetes/pki/apiserver-kubelet-client.crt \
/etc/kubernetes/pki/apiserver-kubelet-client.key /etc/kubernetes/pki/apiserver.crt \
/etc/kubernetes/pki/apiserver.key /etc/kubernetes/pki/ca.crt /etc/kubernetes/pki/ca.key \
/etc/kubernetes/pki/ca.srl /etc/kubernetes/pki/front-proxy-ca.crt \
/etc/kubernetes/pki/front-proxy-ca.key /etc/kubernetes/pki/front-proxy-ca.srl \
/etc/kubernetes/pki/front-proxy-client.crt /etc/kubernetes/pki/front-proxy-client.key \
/etc/kubernetes/pki/sa.key /etc/kubernetes/pki/sa.pub /etc/kubernetes/token.csv";
    let master = tree(&cluster, &Owner::ControlPlane(0));
    assert_eq!(master, expected.split(' ').collect::<Vec<_>>());
    assert_eq!(master.len(), 27);
    let node = tree(&cluster, &Owner::Worker(0));
    assert_eq!(
        node,
        [
            "/etc/kubernetes/auth/bootstrap.conf",
            "/etc/kubernetes/auth/kube-proxy.conf",
            "/etc/kubernetes/pki/ca.crt"
        ]
    );
    let token = read(&cluster.host("cp1", "token.csv"));
    let (token, rest) = token.split_once(',').expect("fields");
    assert_eq!(rest, "system:bootstrapper,10001,\"system:bootstrappers\"\n");
    assert!(read(&cluster.host("w1", "auth/bootstrap.conf")).contains(&format!("token: {token}")));
    let again = super::cluster(LayoutName::MasterEtc, "ecdsa-p256");
    assert!(!read(&again.host("cp1", "token.csv")).starts_with(token), "a token of its own");
}

/// OpenSSL goes on signing from the serial file.
#[test]
fn openssl_takes_the_serial_file() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = super::cluster(LayoutName::MasterEtc, "ecdsa-p256");
    let pki = |name: &str| cluster.host("cp1", &format!("pki/{name}"));
    let before = read(&pki("ca.srl"));
    let (request, leaf) = (cluster.path("x.csr"), cluster.path("x.crt"));
    let p256 = ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    run(Command::new("openssl")
        .args(p256)
        .args(["-nodes", "-subj", "/CN=x", "-keyout"])
        .arg(cluster.path("x.key"))
        .arg("-out")
        .arg(&request))
    .expect_ok("openssl req");
    run(Command::new("openssl")
        .args(["x509", "-req", "-in"])
        .arg(&request)
        .arg("-CA")
        .arg(pki("ca.crt"))
        .arg("-CAkey")
        .arg(pki("ca.key"))
        .arg("-CAserial")
        .arg(pki("ca.srl"))
        .arg("-out")
        .arg(&leaf))
    .expect_ok("openssl x509 -CAserial");
    assert_ne!(read(&pki("ca.srl")), before, "the number went on");
    assert!(openssl::text(&read(&leaf)).contains("CN = x"));
}

/// The names in the tutorial's `docs/04-certificate-authority.md` and `docs/05` (April 2025), with
/// etcd's own and the bare token key in their places.
#[test]
fn the_hard_way_has_the_names_of_its_tutorial() {
    let cluster = super::cluster(LayoutName::HardWay, "ecdsa-p256");
    let server = tree(&cluster, &Owner::ControlPlane(0));
    for name in [
        "/etc/etcd/ca.crt",
        "/var/lib/kubernetes/ca.crt",
        "/var/lib/kubernetes/ca.key",
        "/var/lib/kubernetes/kube-api-server.crt",
        "/var/lib/kubernetes/kube-api-server.key",
        "/var/lib/kubernetes/kube-controller-manager.kubeconfig",
        "/var/lib/kubernetes/kube-scheduler.kubeconfig",
        "/var/lib/kubernetes/service-accounts.key",
    ] {
        assert!(server.iter().any(|path| path == name), "{name} in {server:?}");
    }
    assert_eq!(
        tree(&cluster, &Owner::Worker(0)),
        [
            "/var/lib/kube-proxy/kubeconfig",
            "/var/lib/kubelet/ca.crt",
            "/var/lib/kubelet/kubeconfig",
            "/var/lib/kubelet/kubelet.crt",
            "/var/lib/kubelet/kubelet.key"
        ]
    );
    assert!(cluster.path("operator/admin.kubeconfig").exists());
}

/// Installing touches no folder that a machine has already.
#[test]
fn system_folders_are_in_no_archive() {
    let cluster = super::cluster(LayoutName::HardWay, "ecdsa-p256");
    let archive = cluster.path(&cluster.plan.archive_name(false));
    let list = run(Command::new("tar").arg("-tzf").arg(archive)).expect_ok("tar -t");
    for folder in ["etc/", "var/", "var/lib/"] {
        assert!(!list.lines().any(|line| line == format!("hosts/cp1/{folder}")), "{list}");
    }
    assert!(list.lines().any(|line| line == "hosts/cp1/var/lib/kubernetes/"), "{list}");
}

/// The names that k3s looks for ("Using Custom CA Certificates").
#[test]
fn k3s_finds_its_files() {
    let cluster = super::cluster(LayoutName::K3s, "ecdsa-p256");
    let folder = "/var/lib/rancher/k3s/server/tls";
    let expected = [
        "client-ca.crt",
        "client-ca.key",
        "etcd/peer-ca.crt",
        "etcd/peer-ca.key",
        "etcd/server-ca.crt",
        "etcd/server-ca.key",
        "request-header-ca.crt",
        "request-header-ca.key",
        "server-ca.crt",
        "server-ca.key",
        "service.key",
    ]
    .map(|name| format!("{folder}/{name}"));
    assert_eq!(tree(&cluster, &Owner::ControlPlane(0)), expected);
}
