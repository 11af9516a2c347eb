//! kubectl as the voice of Go: it parses every pair and kubeconfig, and speaks TLS through them.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use pki_core::bundle::KubeconfigData;
use pki_core::plan::Content;
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::process::{Outcome, run};
use pki_tests::server::{Server, free_port};
use pki_tests::tool;

fn kubectl(home: &Path) -> Command {
    let mut command = Command::new("kubectl");
    // No cache, no settings of the machine's user.
    command.env("HOME", home).env_remove("KUBECONFIG");
    command
}

fn loopback(algorithm: &str, port: u16) -> Cluster {
    Cluster::make(
        "kubectl",
        design(|design| {
            design.keys.algorithm = algorithm.to_owned();
            design.control_planes = vec![node("cp1", &["127.0.0.1"])];
            design.bind_port = port.to_string();
            design.workers = vec![node("w1", &[])];
        }),
    )
}

#[test]
fn every_pair_and_kubeconfig_parses() {
    if tool::kubectl().is_none() {
        return;
    }
    for algorithm in ["ecdsa-p256", "ecdsa-p384", "rsa-2048"] {
        let cluster = loopback(algorithm, 6443);
        let mut pairs = 0;
        for file in &cluster.plan.files {
            let path = cluster.path(&file.path);
            match &file.content {
                Content::Certificate(_) if path.with_extension("key").exists() => {
                    expect_pair(&cluster, &path, &path.with_extension("key"));
                    pairs += 1;
                }
                Content::Kubeconfig(kubeconfig) => {
                    let text = run(kubectl(cluster.folder())
                        .args(["config", "view", "--raw", "-o", "json", "--kubeconfig"])
                        .arg(&path))
                    .expect_ok(&file.path);
                    let view: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                    assert_eq!(view["clusters"][0]["cluster"]["server"], kubeconfig.server);
                    assert_eq!(view["users"][0]["name"], kubeconfig.user);
                    let context = format!("{}@{}", kubeconfig.user, kubeconfig.cluster);
                    assert_eq!(view["current-context"], context);
                    let data = KubeconfigData::read(&read(&path)).expect("our own kubeconfig");
                    // That of machines to come has a token, and no pair.
                    if data.token.is_some() {
                        assert_eq!(
                            view["users"][0]["user"]["token"].as_str().map(str::len),
                            Some(23)
                        );
                        continue;
                    }
                    let (certificate, key) = (cluster.path("user.crt"), cluster.path("user.key"));
                    std::fs::write(&certificate, &data.certificate).expect("a test's file");
                    std::fs::write(&key, &*data.key).expect("a test's file");
                    expect_pair(&cluster, &certificate, &key);
                    pairs += 1;
                }
                _ => {}
            }
        }
        // Three CAs, seven certificates, and eight kubeconfigs: two of them lie in operator/ as well.
        assert_eq!(pairs, 3 + 7 + 8);
    }
}

/// kubectl takes the two as a pair, which it does not without reading both.
fn expect_pair(cluster: &Cluster, certificate: &Path, key: &Path) {
    run(kubectl(cluster.folder())
        .args(["create", "secret", "tls", "x", "--dry-run=client", "-o", "name"])
        .arg(format!("--cert={}", certificate.display()))
        .arg(format!("--key={}", key.display())))
    .expect_ok(&certificate.display().to_string());
}

#[test]
fn manifests_parse() {
    if tool::kubectl().is_none() {
        return;
    }
    let cluster = loopback("ecdsa-p256", 6443);
    // `config view` reads no manifests, and `create` asks a server for its API even in a dry run;
    // kustomize reads them offline, with kubectl's own decoder.
    std::fs::write(cluster.path("manifests/kustomization.yaml"), "resources:\n- rbac.yaml\n")
        .expect("a file in the test's folder");
    let text = run(kubectl(cluster.folder()).arg("kustomize").arg(cluster.path("manifests")))
        .expect_ok("kubectl kustomize");
    assert_eq!(text.matches("kind: ClusterRoleBinding").count(), 3, "{text}");
}

/// `openssl s_server` with the apiserver's pair, which demands a client certificate of `ca.crt`.
fn tls_server(cluster: &Cluster, port: u16) -> Server {
    let pki = |name: &str| cluster.host("cp1", &format!("pki/{name}"));
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut server = Server::start(
        "s_server",
        cluster.folder(),
        Command::new("openssl")
            .args(["s_server", "-www", "-Verify", "1", "-verify_return_error", "-accept"])
            .arg(address.to_string())
            .arg("-cert")
            .arg(pki("apiserver.crt"))
            .arg("-key")
            .arg(pki("apiserver.key"))
            .arg("-CAfile")
            .arg(pki("ca.crt")),
    );
    server.wait_for_port(address);
    server
}

fn get(home: &Path, kubeconfig: &Path) -> Outcome {
    run(kubectl(home)
        .args(["get", "--raw", "/", "--request-timeout=20s", "--kubeconfig"])
        .arg(kubeconfig))
}

#[test]
fn mutual_tls_through_the_kubeconfigs() {
    if tool::kubectl().is_none() || tool::openssl().is_none() {
        return;
    }
    for algorithm in ["ecdsa-p256", "rsa-2048"] {
        let port = free_port();
        let cluster = loopback(algorithm, port);
        let _server = tls_server(&cluster, port);
        for file in ["operator/admin.conf", "operator/super-admin.conf"] {
            let page = get(cluster.folder(), &cluster.path(file)).expect_ok(file);
            assert!(page.contains("Verify return code: 0 (ok)"), "{page}");
        }
        for file in ["controller-manager.conf", "scheduler.conf", "kubelet.conf"] {
            get(cluster.folder(), &cluster.host("cp1", file)).expect_ok(file);
        }
        get(cluster.folder(), &cluster.host("w1", "kubelet.conf")).expect_ok("worker kubelet.conf");
    }
}

#[test]
fn strangers_are_refused_on_both_sides() {
    if tool::kubectl().is_none() || tool::openssl().is_none() {
        return;
    }
    let port = free_port();
    let ours = loopback("ecdsa-p256", port);
    let theirs = loopback("ecdsa-p256", port);
    let _server = tls_server(&ours, port);
    // The client does not know the server's CA.
    let text = get(ours.folder(), &theirs.path("operator/admin.conf")).expect_refused("a stranger");
    assert!(text.contains("x509"), "{text}");
    // The client knows the CA, but its own certificate is of another.
    let ca = ours.host("cp1", "pki/ca.crt");
    let theirs_pki = |name: &str| theirs.host("cp1", &format!("pki/{name}"));
    let with = |client: Option<(&Path, &Path)>| {
        let mut command = kubectl(ours.folder());
        command
            .args(["get", "--raw", "/", "--request-timeout=20s", "--kubeconfig", "/dev/null"])
            .arg(format!("--server=https://127.0.0.1:{port}"))
            .arg(format!("--certificate-authority={}", ca.display()));
        if let Some((certificate, key)) = client {
            command
                .arg(format!("--client-certificate={}", certificate.display()))
                .arg(format!("--client-key={}", key.display()));
        } else {
            command.arg("--token=none");
        }
        run(&mut command)
    };
    let stranger = theirs_pki("apiserver-kubelet-client.crt");
    let key = theirs_pki("apiserver-kubelet-client.key");
    let text = with(Some((&stranger, &key))).expect_refused("a client of another CA");
    assert!(text.contains("tls"), "{text}");
    with(None).expect_refused("a client without certificate");
    let fellow = ours.host("cp1", "pki/apiserver-kubelet-client.crt");
    with(Some((&fellow, &fellow.with_extension("key")))).expect_ok("a client of this CA");
    assert!(read(&ca).starts_with("-----BEGIN CERTIFICATE-----"));
}
