//! Three real etcd members on loopback, each with the files of its own host.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use pki_tests::cluster::{Cluster, design, node};
use pki_tests::process::{Outcome, run, run_with};
use pki_tests::server::{Server, free_port};
use pki_tests::tool;

const NODES: [&str; 3] = ["cp1", "cp2", "cp3"];

struct Members {
    cluster: Cluster,
    clients: Vec<SocketAddr>,
    peers: Vec<SocketAddr>,
    servers: Vec<Server>,
}

impl Members {
    /// Starts the members with the certificate flags of kubeadm's manifest.
    fn start(algorithm: &str) -> Self {
        let address = |index: usize| format!("127.0.0.{}", index + 1);
        let cluster = Cluster::make(
            "etcd",
            design(|design| {
                design.keys.algorithm = algorithm.to_owned();
                design.control_planes = NODES
                    .iter()
                    .enumerate()
                    .map(|(index, name)| node(name, &[&address(index)]))
                    .collect();
                design.control_plane_endpoint = "127.0.0.1".to_owned();
            }),
        );
        let socket = |index: usize| -> SocketAddr {
            format!("{}:{}", address(index), free_port()).parse().expect("address and port")
        };
        let clients: Vec<SocketAddr> = (0..NODES.len()).map(socket).collect();
        let peers: Vec<SocketAddr> = (0..NODES.len()).map(socket).collect();
        let initial: Vec<String> =
            NODES.iter().zip(&peers).map(|(name, peer)| format!("{name}=https://{peer}")).collect();
        let servers = NODES
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let file = |name: &str| cluster.host(NODES[index], &format!("pki/etcd/{name}"));
                let flag = |flag: &str, path: PathBuf| format!("--{flag}={}", path.display());
                let (client, peer) = (clients[index], peers[index]);
                Server::start(
                    name,
                    cluster.folder(),
                    Command::new("etcd")
                        .arg(format!("--name={name}"))
                        .arg(flag("data-dir", cluster.path(&format!("data-{name}"))))
                        .arg(format!("--listen-client-urls=https://{client}"))
                        .arg(format!("--advertise-client-urls=https://{client}"))
                        .arg(format!("--listen-peer-urls=https://{peer}"))
                        .arg(format!("--initial-advertise-peer-urls=https://{peer}"))
                        .arg(format!("--initial-cluster={}", initial.join(",")))
                        .arg(flag("cert-file", file("server.crt")))
                        .arg(flag("key-file", file("server.key")))
                        .arg(flag("trusted-ca-file", file("ca.crt")))
                        .arg("--client-cert-auth=true")
                        .arg(flag("peer-cert-file", file("peer.crt")))
                        .arg(flag("peer-key-file", file("peer.key")))
                        .arg(flag("peer-trusted-ca-file", file("ca.crt")))
                        .arg("--peer-client-cert-auth=true"),
                )
            })
            .collect();
        let mut members = Self { cluster, clients, peers, servers };
        members.wait();
        members
    }

    fn wait(&mut self) {
        let (certificate, key) = self.pair("etcd/healthcheck-client");
        let (clients, ca) = (self.clients.clone(), self.ca());
        for server in &mut self.servers {
            server.wait_until("healthy endpoints", || {
                etcdctl(&clients, Some(&ca), Some((&certificate, &key)), &["endpoint", "health"]).ok
            });
        }
    }

    fn ca(&self) -> PathBuf {
        self.cluster.host("cp1", "pki/etcd/ca.crt")
    }

    fn pair(&self, name: &str) -> (PathBuf, PathBuf) {
        let file = |extension| self.cluster.host("cp1", &format!("pki/{name}.{extension}"));
        (file("crt"), file("key"))
    }

    fn as_client(&self, name: &str, arguments: &[&str]) -> Outcome {
        let (certificate, key) = self.pair(name);
        etcdctl(&self.clients, Some(&self.ca()), Some((&certificate, &key)), arguments)
    }
}

impl Members {
    /// Each refusal is for the right reason: a client that merely gets no answer would prove
    /// nothing, and etcdctl only says that its time was up. The servers say more.
    fn refuses_strangers(&self) {
        let (certificate, key) = self.pair("apiserver-etcd-client");
        let ours = Some((certificate.as_path(), key.as_path()));
        // A client of the cluster's own CA is none of etcd's.
        let (certificate, key) = self.pair("apiserver-kubelet-client");
        let stranger = Some((certificate.as_path(), key.as_path()));
        let (ca, other_ca) = (self.ca(), self.cluster.host("cp1", "pki/ca.crt"));
        let get = |ca: &Path, pair| etcdctl(&self.clients, Some(ca), pair, &["get", "colour"]);
        // Side by side, because etcdctl tries again until its time is up.
        let (stranger, bare, astray) = thread::scope(|scope| {
            let stranger = scope.spawn(|| get(&ca, stranger));
            let bare = scope.spawn(|| get(&ca, None));
            let astray = scope.spawn(|| get(&other_ca, ours));
            let end =
                |thread: thread::ScopedJoinHandle<Outcome>| thread.join().expect("an outcome");
            (end(stranger), end(bare), end(astray))
        });
        stranger.expect_refused("a client of another CA");
        bare.expect_refused("a client without certificate");
        astray.expect_refused("a server of another CA");
        let said: String = self.servers.iter().map(Server::log).collect();
        // The last is the alert of a client that does not trust the server.
        let alert = "remote error: tls";
        for reason in ["client didn't provide a certificate", "failed to verify client", alert] {
            let refused =
                |line: &str| line.contains("rejected connection") && line.contains(reason);
            assert!(said.lines().any(refused), "no {reason:?} in\n{said}");
        }
    }
}

impl Members {
    /// A member answers another one at the address where the members talk, and nobody else.
    fn refuses_strange_peers(&self) {
        let (peer, ca) = (self.peers[1].to_string(), self.ca().display().to_string());
        let ask = |name: Option<&str>| {
            let mut command = Command::new("openssl");
            command.args(["s_client", "-quiet", "-verify_return_error", "-connect", &peer]);
            command.args(["-CAfile", &ca]);
            if let Some((certificate, key)) = name.map(|name| self.pair(name)) {
                command.arg("-cert").arg(certificate).arg("-key").arg(key);
            }
            run_with(&mut command, b"GET /members HTTP/1.0\r\n\r\n")
        };
        let answer = ask(Some("etcd/peer"));
        assert!(answer.stdout.contains("200 OK"), "{}{}", answer.stdout, answer.stderr);
        // The latter two are clients, but of the cluster's other CAs.
        for name in [None, Some("apiserver-kubelet-client"), Some("front-proxy-client")] {
            let refused = ask(name);
            assert_eq!(refused.stdout, "", "{name:?} got an answer");
            assert!(refused.stderr.contains("alert"), "{name:?}: {}", refused.stderr);
        }
    }
}

fn etcdctl(
    clients: &[SocketAddr],
    ca: Option<&Path>,
    pair: Option<(&Path, &Path)>,
    arguments: &[&str],
) -> Outcome {
    let endpoints: Vec<String> = clients.iter().map(|client| format!("https://{client}")).collect();
    let mut command = Command::new("etcdctl");
    command
        .env("ETCDCTL_API", "3")
        .args(["--dial-timeout=3s", "--command-timeout=5s"])
        .arg(format!("--endpoints={}", endpoints.join(",")));
    if let Some(ca) = ca {
        command.arg(format!("--cacert={}", ca.display()));
    }
    if let Some((certificate, key)) = pair {
        command
            .arg(format!("--cert={}", certificate.display()))
            .arg(format!("--key={}", key.display()));
    }
    run(command.args(arguments))
}

fn check(algorithm: &str) {
    let hint = "Debian: apt-get install etcd-server etcd-client";
    if tool::find("etcd", hint).is_none() || tool::find("etcdctl", hint).is_none() {
        return;
    }
    let members = Members::start(algorithm);
    let apiserver = "apiserver-etcd-client";
    members.as_client(apiserver, &["put", "colour", "blue"]).expect_ok("put");
    let text = members.as_client(apiserver, &["get", "colour"]).expect_ok("get");
    assert_eq!(text, "colour\nblue\n");
    let list = members.as_client(apiserver, &["member", "list"]).expect_ok("member list");
    assert_eq!(list.matches("started").count(), 3, "{list}");
    members.refuses_strangers();
    if tool::openssl().is_some() {
        members.refuses_strange_peers();
    }
}

#[test]
fn three_members_with_ecdsa_p256() {
    check("ecdsa-p256");
}

#[test]
fn three_members_with_rsa_2048() {
    check("rsa-2048");
}
