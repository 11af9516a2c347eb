//! etcd on machines of its own: three real members from the folders of their three machines, and
//! every certificate against openssl.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use pki_core::design::{Design, DesignAuthority, DesignCertificate};
use pki_core::plan::{Content, ExtendedKeyUsage, Make, Owner};
use pki_tests::certificate_text::fields;
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::etcd::{etcdctl, start};
use pki_tests::process::{run, run_with};
use pki_tests::server::{Server, free_port};
use pki_tests::{openssl, tool};

/// Members on loopback, so that they can run here; control planes elsewhere.
fn external(change: impl FnOnce(&mut Design)) -> Cluster {
    Cluster::make(
        "external-etcd",
        design(|design| {
            design.control_planes = vec![node("cp1", &["10.0.0.10"]), node("cp2", &["10.0.0.11"])];
            design.control_plane_endpoint = "api.example.test".to_owned();
            design.workers = vec![node("w1", &["10.0.0.20"])];
            design.etcd.topology = "external".to_owned();
            design.etcd.members = vec![node("etcd[1-3]", &["127.0.0.[11-13]"])];
            change(design);
        }),
    )
}

struct Running {
    cluster: Cluster,
    endpoints: String,
    ports: [u16; 2],
    servers: Vec<Server>,
}

impl Running {
    fn start(cluster: Cluster) -> Option<Self> {
        let hint = "Debian: apt-get install etcd-server etcd-client";
        let program = tool::find("etcd", hint)?;
        tool::find("etcdctl", hint)?;
        let ports = [free_port(), free_port()];
        let servers = start(&cluster, &program, ports);
        // What kube-apiserver is told.
        let endpoints = cluster.plan.settings.etcd.endpoints.join(",");
        let endpoints = endpoints.replace(":2379", &format!(":{}", ports[0]));
        let mut running = Self { cluster, endpoints, ports, servers };
        let health = running.host("etcd2", "healthcheck-client.crt");
        let (ca, endpoints) = (running.host("etcd3", "ca.crt"), running.endpoints.clone());
        for server in &mut running.servers {
            server.wait_until("healthy endpoints", || {
                etcdctl(&endpoints, &ca, Some(&health), &["endpoint", "health"]).ok
            });
        }
        Some(running)
    }

    fn host(&self, node: &str, name: &str) -> PathBuf {
        self.cluster.host(node, &format!("pki/etcd/{name}"))
    }

    /// What a control plane has is what lets kube-apiserver in.
    fn serves_kube_apiserver(&self) {
        let ca = self.host("cp2", "ca.crt");
        let client = self.cluster.host("cp2", "pki/apiserver-etcd-client.crt");
        let ask = |arguments: &[&str]| {
            etcdctl(&self.endpoints, &ca, Some(&client), arguments).expect_ok("etcdctl")
        };
        ask(&["put", "colour", "blue"]);
        assert_eq!(ask(&["get", "colour"]), "colour\nblue\n");
        let list = ask(&["member", "list"]);
        assert_eq!(list.matches("started").count(), 3, "{list}");
        for name in ["etcd1", "etcd2", "etcd3"] {
            assert!(list.contains(name), "{list}");
        }
        // Clients of the cluster's other CAs are none of etcd's, and neither is nobody.
        let stranger = self.cluster.host("cp2", "pki/apiserver-kubelet-client.crt");
        let get = ["get", "colour"];
        etcdctl(&self.endpoints, &ca, Some(&stranger), &get).expect_refused("another CA's client");
        etcdctl(&self.endpoints, &ca, None, &get).expect_refused("a client without certificate");
        let said: String = self.servers.iter().map(Server::log).collect();
        for reason in ["failed to verify client", "client didn't provide a certificate"] {
            assert!(said.contains(reason), "no {reason:?} in\n{said}");
        }
        let itself = "createTransport failed";
        assert!(!said.contains(itself), "etcd does not let itself in:\n{said}");
    }

    /// What a member answers at the address where members talk.
    fn as_peer(&self, certificate: &PathBuf) -> String {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-quiet", "-connect"]);
        command.arg(format!("127.0.0.12:{}", self.ports[1]));
        command.arg("-cert").arg(certificate).arg("-key").arg(certificate.with_extension("key"));
        run_with(&mut command, b"GET /members HTTP/1.0\r\n\r\n").stdout
    }
}

fn check(change: impl FnOnce(&mut Design)) {
    if let Some(running) = Running::start(external(change)) {
        running.serves_kube_apiserver();
    }
}

#[test]
fn three_members_with_ecdsa_p256() {
    check(|_| ());
}

#[test]
fn three_members_with_rsa_2048() {
    check(|design| design.keys.algorithm = "rsa-2048".to_owned());
}

/// The etcd of distributions is often older than 3.5, and has no `--client-cert-file`: it starts
/// only because both usages were chosen, at a version whose layout would have two certificates.
#[test]
fn five_flows_with_both_usages() {
    check(|design| {
        design.layout = "five-flows".to_owned();
        design.etcd.both_usages = true;
    });
}

/// Where etcd is stacked, the choice is the same.
#[test]
fn five_flows_with_both_usages_on_a_control_plane() {
    let cluster = Cluster::make(
        "both-usages",
        design(|design| {
            design.layout = "five-flows".to_owned();
            design.etcd.both_usages = true;
            design.control_planes = vec![node("cp1", &["127.0.0.1"])];
        }),
    );
    let hint = "Debian: apt-get install etcd-server etcd-client";
    let Some(program) = tool::find("etcd", hint) else { return };
    if tool::find("etcdctl", hint).is_none() {
        return;
    }
    let root = cluster.path("hosts/cp1").display().to_string();
    let flags = read(&cluster.path("flags/cp1/etcd.args")).replace("=/", &format!("={root}/"));
    assert!(!flags.contains("client-cert-file"), "{flags}");
    let (client, peer) = (free_port(), free_port());
    let mut server = Server::start(
        "etcd",
        cluster.folder(),
        Command::new(program)
            .arg(format!("--data-dir={}", cluster.path("data").display()))
            .arg(format!("--listen-client-urls=https://127.0.0.1:{client}"))
            .arg(format!("--advertise-client-urls=https://127.0.0.1:{client}"))
            .arg(format!("--listen-peer-urls=https://127.0.0.1:{peer}"))
            .arg(format!("--initial-advertise-peer-urls=https://127.0.0.1:{peer}"))
            .arg(format!("--initial-cluster=default=https://127.0.0.1:{peer}"))
            .args(flags.lines()),
    );
    let ca = cluster.host("cp1", "pki/etcd/ca.crt");
    let certificate = cluster.host("cp1", "pki/apiserver-etcd-client.crt");
    let endpoint = format!("https://127.0.0.1:{client}");
    server.wait_until("an answer", || {
        etcdctl(&endpoint, &ca, Some(&certificate), &["endpoint", "health"]).ok
    });
    // etcd's gateway asks its own server with the server's certificate (etcd#9785): over HTTP, so
    // that it is the gateway that answers.
    let asked = run(Command::new("curl")
        .args(["-sS", "--max-time", "10", "--data", r#"{"key":"Y29sb3Vy"}"#])
        .arg("--cacert")
        .arg(&ca)
        .arg("--cert")
        .arg(&certificate)
        .arg("--key")
        .arg(certificate.with_extension("key"))
        .arg(format!("{endpoint}/v3/kv/range")));
    assert!(asked.stdout.contains("header"), "{}{}\n{}", asked.stdout, asked.stderr, server.log());
}

/// Peers with a CA of their own, and a second consumer with another: each is let in by its own door
/// and by no other.
#[test]
fn peers_and_a_second_consumer_have_their_own_cas() {
    let own = |name: &str, signs: &[&str], trusted_by: &[&str]| {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        let (signs, trusted_by) = (texts(signs), texts(trusted_by));
        DesignAuthority { name: name.to_owned(), signs, trusted_by, ..Default::default() }
    };
    let cluster = external(|design| {
        design.authorities = vec![
            own("etcd-peer-ca", &["etcd-peer"], &[]),
            own("cilium-ca", &[], &["etcd/trusted-ca-file"]),
        ];
        design.certificates = vec![DesignCertificate {
            name: "cilium".to_owned(),
            authority: "cilium-ca".to_owned(),
            usages: vec!["client".to_owned()],
            ..Default::default()
        }];
    });
    let flags = read(&cluster.path("flags/etcd2/etcd.args"));
    let value = |name: &str| {
        let line = flags.lines().find_map(|line| line.strip_prefix(&format!("--{name}=")));
        line.unwrap_or_else(|| panic!("no {name} in\n{flags}"))
    };
    assert_ne!(value("trusted-ca-file"), value("peer-trusted-ca-file"));
    let Some(running) = Running::start(cluster) else { return };
    running.serves_kube_apiserver();
    let second = running.cluster.path("operator/certificates/cilium.crt");
    let ca = running.host("etcd1", "ca.crt");
    let text = etcdctl(&running.endpoints, &ca, Some(&second), &["get", "colour"]);
    assert_eq!(text.expect_ok("the second consumer"), "colour\nblue\n");
    let peer = running.host("etcd1", "peer.crt");
    etcdctl(&running.endpoints, &ca, Some(&peer), &["get", "colour"])
        .expect_refused("a peer as a client");
    if tool::openssl().is_none() {
        return;
    }
    let answer = running.as_peer(&peer);
    assert!(answer.contains("200 OK"), "{answer}");
    for stranger in [second, running.host("etcd1", "server.crt")] {
        assert_eq!(running.as_peer(&stranger), "", "{} is no peer", stranger.display());
    }
}

/// Every certificate of a member and of a control plane with its CA and no other, purpose by
/// purpose; and openssl alone makes the same.
#[test]
fn openssl_agrees_about_every_certificate() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = external(|design| design.outputs = vec!["openssl".to_owned()]);
    let cas = ["ca", "front-proxy-ca", "etcd/ca"]
        .map(|name| cluster.host("cp1", &format!("pki/{name}.crt")));
    run(Command::new("operator/openssl.sh").arg("made").current_dir(cluster.folder()))
        .expect_ok("script");
    let (mut members, mut ours, mut theirs) = (0, Vec::new(), Vec::new());
    for file in &cluster.plan.files {
        let Content::Certificate(id) = file.content else { continue };
        let Make::Leaf(leaf) = &cluster.plan.items[id.0].make else { continue };
        members += usize::from(matches!(file.owner, Owner::Etcd(_)));
        let path = cluster.path(&file.path);
        for (purpose, usage) in [
            ("sslserver", ExtendedKeyUsage::ServerAuth),
            ("sslclient", ExtendedKeyUsage::ClientAuth),
        ] {
            for (index, ca) in cas.iter().enumerate() {
                let expected = index == leaf.issuer.0 && leaf.usages.contains(&usage);
                let outcome = openssl::verify(ca, &path, purpose);
                assert_eq!(outcome.ok, expected, "{} {purpose} {index}", file.path);
            }
        }
        let key = fs::read_to_string(path.with_extension("key")).expect("the key beside it");
        assert_eq!(openssl::certificate_key(&read(&path)), openssl::public_half(&key));
        ours.push(read(&path));
        theirs.push(read(&cluster.path(&format!("made/{}", file.path))));
    }
    assert_eq!(members, 9, "server, peer and health of three members");
    for (one, two) in openssl::texts(&ours).iter().zip(&openssl::texts(&theirs)) {
        let (one, two) = (fields(one), fields(two));
        for field in ["Subject", "Issuer", "Subject Alternative Name", "Extended Key Usage"] {
            assert_eq!(one.get(field), two.get(field));
        }
    }
    // The line of the README installs a member's files and only those.
    let root = cluster.path("root");
    fs::create_dir(&root).expect("a folder in the test's folder");
    cluster.install("etcd2", &root);
    let pki = fs::read_dir(root.join("etc/kubernetes/pki")).expect("installed files");
    let names: Vec<_> = pki.map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(names, ["etcd"]);
    let readme = read(&cluster.path("README.md"));
    for words in [
        "kubeadm init phase etcd local --config flags/etcd1/kubeadm.yaml",
        "kubeadm init --config flags/cp1/kubeadm.yaml",
        "--endpoints https://127.0.0.11:2379,https://127.0.0.12:2379,https://127.0.0.13:2379",
        "hosts/etcd3\n",
        "that of etcd's CA is on etcd1 alone",
    ] {
        assert!(readme.contains(words), "no {words:?} in\n{readme}");
    }
}
