//! A real etcd with exactly the certificate flags of each layout: its clients get in, others do
//! not.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use pki_core::plan::{Component, Setting};
use pki_tests::cluster::{Cluster, read};
use pki_tests::process::{Outcome, run};
use pki_tests::server::{Server, free_port};
use pki_tests::tool;

/// Flags that etcd has since 3.5, which 1.22 came with; that of distributions is often older.
const SINCE_3_5: &str = "client-cert-file";

/// `cluster`, or the same layout for an older etcd.
pub(crate) fn check(cluster: &Cluster, algorithm: &str) {
    let hint = "Debian: apt-get install etcd-server etcd-client";
    if tool::find("etcd", hint).is_none() || tool::find("etcdctl", hint).is_none() {
        return;
    }
    let layout = cluster.plan.settings.layout;
    let settings = cluster.plan.settings_of(Component::Etcd);
    if settings.iter().all(|setting| setting.name != SINCE_3_5) {
        return runs(cluster);
    }
    runs(&super::changed(layout, algorithm, |design| design.kubernetes_version = "1.21".into()));
}

fn runs(cluster: &Cluster) {
    let layout = cluster.plan.settings.layout;
    let socket = || SocketAddr::from(([127, 0, 0, 1], free_port()));
    let (client, peer) = (socket(), socket());
    let root = cluster.path("hosts/cp1").display().to_string();
    let arguments = read(&cluster.path("flags/cp1/etcd.args")).replace("=/", &format!("={root}/"));
    let mut server = Server::start(
        "etcd",
        cluster.folder(),
        Command::new("etcd")
            .arg(format!("--data-dir={}", cluster.path("data").display()))
            .arg(format!("--listen-client-urls=https://{client}"))
            .arg(format!("--advertise-client-urls=https://{client}"))
            .arg(format!("--listen-peer-urls=https://{peer}"))
            .arg(format!("--initial-advertise-peer-urls=https://{peer}"))
            .arg(format!("--initial-cluster=default=https://{peer}"))
            .args(arguments.lines()),
    );
    let settings = cluster.plan.settings_of(Component::Apiserver);
    let file = |name: &str| installed(cluster, &settings, name);
    let (ca, certificate, key) = (file("etcd-cafile"), file("etcd-certfile"), file("etcd-keyfile"));
    server.wait_until("an answer", || {
        etcdctl(client, &ca, &certificate, &key, &["endpoint", "health"]).ok
    });
    etcdctl(client, &ca, &certificate, &key, &["put", "colour", "blue"]).expect_ok("put");
    let text = etcdctl(client, &ca, &certificate, &key, &["get", "colour"]).expect_ok("get");
    assert_eq!(text, "colour\nblue\n");
    // A client of the cluster, and of the very same CA in the layout that has one only.
    let (certificate, key) = (file("kubelet-client-certificate"), file("kubelet-client-key"));
    let refused = etcdctl(client, &ca, &certificate, &key, &["get", "colour"]);
    assert!(!refused.ok, "{}: kube-apiserver's kubelet client reads etcd", layout.name());
    let log = server.log();
    let itself = "createTransport failed";
    assert!(!log.contains(itself), "{}: etcd does not let itself in:\n{log}", layout.name());
    // The latter is what etcd says to a client without the name that it asks for.
    let reasons = ["failed to verify client", "client certificate authentication failed"];
    assert!(
        log.lines().any(|line| {
            line.contains("rejected connection") && reasons.iter().any(|why| line.contains(why))
        }),
        "{}: no refusal in\n{log}",
        layout.name()
    );
}

/// The file of a flag, as unpacked.
fn installed(cluster: &Cluster, settings: &[Setting], name: &str) -> PathBuf {
    let setting = settings.iter().find(|setting| setting.name == name);
    let value = &setting.unwrap_or_else(|| panic!("no --{name}")).value;
    cluster.path(&format!("hosts/cp1{value}"))
}

fn etcdctl(
    client: SocketAddr,
    ca: &Path,
    certificate: &Path,
    key: &Path,
    arguments: &[&str],
) -> Outcome {
    run(Command::new("etcdctl")
        .env("ETCDCTL_API", "3")
        .args(["--dial-timeout=3s", "--command-timeout=5s"])
        .arg(format!("--endpoints=https://{client}"))
        .arg(format!("--cacert={}", ca.display()))
        .arg(format!("--cert={}", certificate.display()))
        .arg(format!("--key={}", key.display()))
        .args(arguments))
}
