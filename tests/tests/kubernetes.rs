//! A real control plane comes up on the files of one host, and every kubeconfig is who it should
//! be.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use pki_tests::cluster::{Cluster, design, node};
use pki_tests::kubernetes::{Assets, add_addresses, can_have_own_network, in_own_network, start};
use pki_tests::process::run;
use pki_tests::{openssl, tool};

const ADDRESS: &str = "10.0.0.10";

#[test]
fn a_real_control_plane_runs_on_the_files() {
    if tool::openssl().is_none() || !can_have_own_network() {
        return;
    }
    if let Some(inside) = in_own_network("a_real_control_plane_runs_on_the_files") {
        inside.expect_ok("the test in its own network");
        return;
    }
    let Some(assets) = Assets::find() else { return };
    add_addresses(&[ADDRESS]);
    let own = format!("1.{}", assets.minor);
    // Who may do what is RBAC's to say at every version, so that the files of a newer kubeadm, with
    // an admin.conf that can do nothing before its binding, show their worth on older servers too.
    for (algorithm, version) in [("ecdsa-p256", "1.36"), ("rsa-2048", own.as_str())] {
        check(&assets, algorithm, version);
    }
}

fn check(assets: &Assets, algorithm: &str, version: &str) {
    let cluster = Cluster::make(
        "kubernetes",
        design(|design| {
            design.keys.algorithm = algorithm.to_owned();
            design.kubernetes_version = version.to_owned();
            design.control_planes = vec![node("cp1", &[ADDRESS])];
            design.workers = vec![node("w1", &["10.0.0.20"])];
        }),
    );
    let root = cluster.path("root");
    fs::create_dir_all(root.join("etc")).expect("a folder in the test's folder");
    cluster.install("cp1", &root);
    let installed = root.join("etc/kubernetes");
    let _servers = start(assets, cluster.folder(), &installed, ADDRESS);
    people(assets, &cluster);
    components(assets, &cluster, &installed);
    leases(assets, &cluster);
    service_account_token(assets, &cluster);
    signed_request(assets, &cluster);
    aggregation_trust(assets, &cluster);
}

/// Tries for a minute: controllers need their time.
fn eventually(what: &str, mut attempt: impl FnMut() -> Result<(), String>) {
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(()) => return,
            Err(last) => assert!(start.elapsed() < Duration::from_secs(60), "{what}: {last}"),
        }
        thread::sleep(Duration::from_millis(250));
    }
}

fn people(assets: &Assets, cluster: &Cluster) {
    let admin = cluster.path("operator/admin.conf");
    let list = ["get", "namespaces", "-o", "name"];
    let rbac = cluster.path("manifests/rbac.yaml").display().to_string();
    let apply = ["apply", "--validate=false", "-f", &rbac];
    let made_for = cluster.plan.settings.version.minor;
    let was_bound = kubelet_client_may(assets, cluster);
    // From 1.29 on it is no longer a master: its group needs a binding, from 1.33 on it does itself.
    assert_eq!(was_bound, made_for < 29, "apiserver-kubelet-client before the manifests");
    if made_for >= 29 {
        let text = assets.kubectl(&admin, &list).expect_refused("admin.conf before its binding");
        assert!(text.contains("\"kubernetes-admin\""), "{text}");
        let super_admin = cluster.path("operator/super-admin.conf");
        assets.kubectl(&super_admin, &apply).expect_ok("the README's kubectl apply");
    } else {
        assets.kubectl(&admin, &apply).expect_ok("the README's kubectl apply");
    }
    eventually("namespaces", || {
        let outcome = assets.kubectl(&admin, &list);
        let fine = outcome.ok && outcome.stdout.contains("namespace/kube-system");
        if fine { Ok(()) } else { Err(outcome.stderr) }
    });
    eventually("the right to logs and exec", || {
        if kubelet_client_may(assets, cluster) { Ok(()) } else { Err("no".to_owned()) }
    });
}

/// Whether the apiserver may do at kubelets what logs and exec need: kubelets ask the apiserver.
fn kubelet_client_may(assets: &Assets, cluster: &Cluster) -> bool {
    let pki = |name: &str| cluster.host("cp1", &format!("pki/{name}")).display().to_string();
    let arguments = [
        format!("--client-certificate={}", pki("apiserver-kubelet-client.crt")),
        format!("--client-key={}", pki("apiserver-kubelet-client.key")),
        format!("--certificate-authority={}", pki("ca.crt")),
        format!("--server=https://{ADDRESS}:6443"),
    ];
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    words.extend(["auth", "can-i", "create", "nodes", "--subresource=proxy"]);
    let empty = cluster.path("empty.conf");
    fs::write(&empty, "").expect("a file in the test's folder");
    let outcome = assets.kubectl(&empty, &words);
    let answer = outcome.stdout.trim();
    assert!(["yes", "no"].contains(&answer), "{answer:?}\n{}", outcome.stderr);
    answer == "yes"
}

/// The user that the server sees stands in its refusal; `auth can-i` shows what it may do.
fn components(assets: &Assets, cluster: &Cluster, installed: &Path) {
    let worker = cluster.host("w1", "kubelet.conf");
    for (kubeconfig, user, may, refused) in [
        (
            installed.join("scheduler.conf"),
            "system:kube-scheduler",
            Some("create pods --subresource=binding"),
            "get secrets",
        ),
        (
            installed.join("controller-manager.conf"),
            "system:kube-controller-manager",
            Some("create serviceaccounts --subresource=token"),
            "delete clusterrolebindings none",
        ),
        (installed.join("kubelet.conf"), "system:node:cp1", Some("create nodes"), "get secrets"),
        (worker.clone(), "system:node:w1", Some("create nodes"), "get secrets"),
    ] {
        let words: Vec<&str> = refused.split(' ').collect();
        let text = assets.kubectl(&kubeconfig, &words).expect_refused(refused);
        assert!(text.contains(&format!("User \"{user}\"")), "{user}: {text}");
        if let Some(may) = may {
            let mut words = vec!["auth", "can-i"];
            words.extend(may.split(' '));
            assets.kubectl(&kubeconfig, &words).expect_ok(&format!("{user} {may}"));
        }
    }
    // A node may register itself and no other.
    let register = |name: &str| {
        let manifest = format!("apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n");
        assets.kubectl_with(&worker, &["create", "--validate=false", "-f", "-"], &manifest)
    };
    register("w1").expect_ok("a node registers itself");
    register("w2").expect_refused("a node registers another");
}

/// A token that the controller-manager (or apiserver) signs with sa.key verifies with sa.pub.
fn service_account_token(assets: &Assets, cluster: &Cluster) {
    let admin = cluster.path("operator/admin.conf");
    let mut token = String::new();
    eventually("service-account token", || {
        let outcome = if assets.minor >= 24 {
            assets.kubectl(&admin, &["create", "token", "default", "-n", "default"])
        } else {
            let template = "go-template={{range .items}}{{if eq .type \
                            \"kubernetes.io/service-account-token\"}}{{.data.token | base64decode}}\
                            {{end}}{{end}}";
            assets.kubectl(&admin, &["get", "secrets", "-n", "default", "-o", template])
        };
        token = outcome.stdout.trim().to_owned();
        if token.is_empty() { Err(outcome.stderr) } else { Ok(()) }
    });
    let review = format!(
        "apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec:\n  token: {token}\n"
    );
    let create = ["create", "--validate=false", "-o", "json", "-f", "-"];
    let text = assets.kubectl_with(&admin, &create, &review).expect_ok("TokenReview");
    let review: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(review["status"]["authenticated"], true, "{text}");
    assert_eq!(review["status"]["user"]["username"], "system:serviceaccount:default:default");
    verify_by_openssl(cluster, &token);
}

/// The same without Kubernetes: RS256 (RFC 7518 §3.3) over the first two parts of the token.
fn verify_by_openssl(cluster: &Cluster, token: &str) {
    let (signed, signature) = token.rsplit_once('.').expect("three parts");
    let decode = |part: &str| {
        let padding = "=".repeat((4 - part.len() % 4) % 4);
        part.replace('-', "+").replace('_', "/") + &padding
    };
    let file = |name: &str| cluster.path(name);
    fs::write(file("token.signed"), signed).expect("a file in the test's folder");
    fs::write(file("token.base64"), decode(signature)).expect("a file in the test's folder");
    run(Command::new("openssl")
        .args(["base64", "-d", "-A", "-in"])
        .arg(file("token.base64"))
        .arg("-out")
        .arg(file("token.signature")))
    .expect_ok("openssl base64");
    let verify = |key: &Path| {
        run(Command::new("openssl")
            .args(["dgst", "-sha256", "-verify"])
            .arg(key)
            .arg("-signature")
            .arg(file("token.signature"))
            .arg(file("token.signed")))
    };
    verify(&cluster.host("cp1", "pki/sa.pub")).expect_ok("the token by sa.pub");
}

/// The servers themselves got in with their kubeconfigs: each holds its own lease.
fn leases(assets: &Assets, cluster: &Cluster) {
    let admin = cluster.path("operator/admin.conf");
    let mut servers = vec!["kube-controller-manager"];
    servers.extend(assets.program("kube-scheduler").exists().then_some("kube-scheduler"));
    for server in servers {
        let template = "jsonpath={.spec.holderIdentity}";
        eventually(server, || {
            let words = ["get", "lease", server, "-n", "kube-system", "-o", template];
            let outcome = assets.kubectl(&admin, &words);
            if outcome.ok && !outcome.stdout.is_empty() { Ok(()) } else { Err(outcome.stderr) }
        });
    }
}

/// A user's request goes through the API and comes back signed with ca.key.
fn signed_request(assets: &Assets, cluster: &Cluster) {
    let admin = cluster.path("operator/admin.conf");
    let (key, request) = (cluster.path("jane.key"), cluster.path("jane.csr"));
    run(Command::new("openssl")
        .args(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-subj", "/O=developers/CN=jane", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&request))
    .expect_ok("openssl req");
    let base64 = run(Command::new("openssl").args(["base64", "-A", "-in"]).arg(&request))
        .expect_ok("openssl base64");
    let object = format!(
        "apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\n\
         metadata:\n  name: jane\nspec:\n  signerName: kubernetes.io/kube-apiserver-client\n  \
         usages: [client auth]\n  request: {base64}\n"
    );
    let create = ["create", "--validate=false", "-f", "-"];
    assets.kubectl_with(&admin, &create, &object).expect_ok("create CSR");
    assets.kubectl(&admin, &["certificate", "approve", "jane"]).expect_ok("approve");
    let certificate = cluster.path("jane.crt");
    eventually("signed certificate", || {
        let template = "go-template={{.status.certificate | base64decode}}";
        let outcome = assets.kubectl(&admin, &["get", "csr", "jane", "-o", template]);
        if !outcome.stdout.contains("BEGIN CERTIFICATE") {
            return Err(outcome.stdout + &outcome.stderr);
        }
        fs::write(&certificate, &outcome.stdout).map_err(|error| error.to_string())
    });
    let ca = cluster.host("cp1", "pki/ca.crt");
    openssl::verify(&ca, &certificate, "sslclient").expect_ok("the signed certificate");
    let arguments = [
        format!("--client-certificate={}", certificate.display()),
        format!("--client-key={}", key.display()),
        format!("--server=https://{ADDRESS}:6443"),
        format!("--certificate-authority={}", ca.display()),
    ];
    let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    words.extend(["get", "pods"]);
    let empty = cluster.path("empty.conf");
    fs::write(&empty, "").expect("a file in the test's folder");
    let text = assets.kubectl(&empty, &words).expect_refused("jane has no rights");
    assert!(text.contains("User \"jane\""), "{text}");
}

/// Extension apiservers find the aggregation CA where the apiserver publishes it.
fn aggregation_trust(assets: &Assets, cluster: &Cluster) {
    let template = "go-template={{index .data \"requestheader-client-ca-file\"}}";
    let name = "extension-apiserver-authentication";
    let published = assets
        .kubectl(
            &cluster.path("operator/admin.conf"),
            &["get", "configmap", name, "-n", "kube-system", "-o", template],
        )
        .expect_ok(name);
    let ours = pki_tests::cluster::read(&cluster.host("cp1", "pki/front-proxy-ca.crt"));
    assert_eq!(published.trim(), ours.trim());
}
