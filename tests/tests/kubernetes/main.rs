//! A real control plane comes up on the files of one host, and every kubeconfig is who it should
//! be.

mod api;
mod cases;
#[allow(dead_code, reason = "the tests make none of the failures that the commands make")]
#[path = "../../../core/examples/csr/failure.rs"]
mod failure;
mod requests;
mod running;
mod signers;
#[path = "../../../core/examples/csr/verdicts.rs"]
mod verdicts;

use std::fs;
use std::path::{Path, PathBuf};

use pki_core::design::{DesignAuthority, DesignCertificate, DesignUser};
use pki_core::plan::{Component, Content, Kubeconfig, Owner};
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::kubernetes::{Assets, add_addresses, can_have_own_network, in_own_network, start};
use pki_tests::tool;
use pki_text::en::layout::first_kubeconfig;
use running::{Running, eventually};

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
    let cluster = made("kubeadm", algorithm, version);
    let root = install(&cluster);
    // Where it was made, admin.conf can do nothing yet.
    let first = match cluster.plan.settings.version.minor {
        29.. => cluster.path("operator/super-admin.conf"),
        _ => cluster.path("operator/admin.conf"),
    };
    let _servers = start(assets, &cluster, &root, ADDRESS, &first);
    people(assets, &cluster);
    let running = Running { assets, cluster: &cluster, admin: first };
    running.strangers();
    running.everybody_is_who_they_should_be();
    running.leases();
    running.service_account_token();
    running.signed_request();
    running.aggregation_trust();
    running.extension_apiservers();
    running.made_on_request();
}

fn made(layout: &str, algorithm: &str, version: &str) -> Cluster {
    Cluster::make(
        "kubernetes",
        design(|design| {
            design.layout = layout.to_owned();
            design.keys.algorithm = algorithm.to_owned();
            design.kubernetes_version = version.to_owned();
            design.control_planes = vec![node("cp1", &[ADDRESS])];
            design.workers = vec![node("w1", &["10.0.0.20"])];
            // Once with CAs of one's own: an offline root, and one for people alone.
            if layout == "kubeadm" && algorithm == "ecdsa-p256" {
                design.authorities = own_authorities();
            }
            design.certificates = vec![DesignCertificate {
                name: "metrics-server".to_owned(),
                authority: if layout == "five-flows" { "control-plane-ca" } else { "ca" }
                    .to_owned(),
                usages: vec!["server".to_owned()],
                sans: vec!["metrics-server.kube-system.svc".to_owned()],
                ..DesignCertificate::default()
            }];
            let groups = vec!["developers".to_owned()];
            design.users = vec![DesignUser { name: "jane".to_owned(), groups, ttl: "1h".into() }];
            design.outputs = ["encryption", "kubelet-serving"].map(str::to_owned).into();
            design.refuse_anonymous = layout == "hard-way";
            design.kubeconfig_files = algorithm == "rsa-2048" || layout == "single-ca";
        }),
    )
}

fn own_authorities() -> Vec<DesignAuthority> {
    let own = |name: &str, below: &str, signs: &[&str]| DesignAuthority {
        name: name.to_owned(),
        below: below.to_owned(),
        signs: signs.iter().map(|row| (*row).to_owned()).collect(),
        ..DesignAuthority::default()
    };
    vec![
        own("root", "", &[]),
        own("ca", "root", &[]),
        own("etcd-ca", "root", &[]),
        own("people-ca", "root", &["admin.conf", "super-admin.conf"]),
        own("etcd-clients-ca", "", &["apiserver-etcd-client"]),
    ]
}

/// Installs the node's files below a folder that stands in for `/`.
fn install(cluster: &Cluster) -> PathBuf {
    let root = cluster.path("root");
    for folder in ["etc", "var/lib"] {
        fs::create_dir_all(root.join(folder)).expect("a folder in the test's folder");
    }
    cluster.install("cp1", &root);
    by_own_paths(cluster, &root);
    root
}

/// The paths in kubeconfigs that name files are those of the machine; here it is a folder.
fn by_own_paths(cluster: &Cluster, root: &Path) {
    for file in &cluster.plan.files {
        let (Content::Kubeconfig(Kubeconfig { files: Some(_), .. }), Some(installed)) =
            (&file.content, file.installed_path())
        else {
            continue;
        };
        let path = cluster.path(&file.path);
        let folder = path.display().to_string();
        let text = read(&path);
        let at = |folder: &str| text.replace(": /", &format!(": {folder}/"));
        fs::write(&path, at(folder.trim_end_matches(installed))).expect("a test's file");
        if file.owner == Owner::ControlPlane(0) {
            let path = root.join(installed.trim_start_matches('/'));
            fs::write(path, at(&root.display().to_string())).expect("a test's file");
        }
    }
}

macro_rules! boots {
    ($($test:ident: $layout:literal;)*) => {$(
        #[test]
        fn $test() {
            boot(stringify!($test), $layout);
        }
    )*};
}

boots! {
    five_flows_boots: "five-flows";
    single_ca_boots: "single-ca";
    the_hard_way_boots: "hard-way";
    master_etc_boots: "master-etc";
}

/// A layout's control plane comes up with exactly the flags of its `flags/` folder, and everybody
/// is who they should be.
fn boot(test: &str, layout: &str) {
    if tool::openssl().is_none() || !can_have_own_network() {
        return;
    }
    if let Some(inside) = in_own_network(test) {
        inside.expect_ok("the test in its own network");
        return;
    }
    let Some(assets) = Assets::find() else { return };
    add_addresses(&[ADDRESS]);
    // The etcd beside these servers may be older than 3.5, and lack flags of later versions.
    let cluster = made(layout, "ecdsa-p256", &format!("1.{}", assets.minor));
    let root = install(&cluster);
    let name = first_kubeconfig(cluster.plan.settings.layout).expect("a layout with people");
    let admin = cluster.path(name);
    let _servers = start(&assets, &cluster, &root, ADDRESS, &admin);
    let running = Running { assets: &assets, cluster: &cluster, admin };
    running.strangers();
    let rbac = cluster.path("manifests/rbac.yaml").display().to_string();
    let apply = ["apply", "--validate=false", "-f", &rbac];
    assets.kubectl(&running.admin, &apply).expect_ok("the README's kubectl apply");
    running.everybody_is_who_they_should_be();
    running.leases();
    running.service_account_token();
    running.signed_request();
    running.made_on_request();
    if running.setting(Component::Apiserver, "requestheader-client-ca-file").is_some() {
        running.aggregation_trust();
        running.extension_apiservers();
    }
}

/// kube-apiserver finds its external etcd by the flags, and lets itself in with what its machine has.
#[test]
fn an_external_etcd_serves_a_control_plane() {
    if tool::openssl().is_none() || !can_have_own_network() {
        return;
    }
    if let Some(inside) = in_own_network("an_external_etcd_serves_a_control_plane") {
        inside.expect_ok("the test in its own network");
        return;
    }
    let Some(assets) = Assets::find() else { return };
    add_addresses(&[ADDRESS]);
    let cluster = Cluster::make(
        "external",
        design(|design| {
            design.control_planes = vec![node("cp1", &[ADDRESS])];
            design.etcd.topology = "external".to_owned();
            // A member holds a peer's certificate against the address that it comes from. Here all
            // come from one, which is in every certificate if it is loopback's.
            design.etcd.members = vec![node("etcd[1-3]", &["127.0.0.[11-13]"])];
        }),
    );
    let root = install(&cluster);
    assert!(!root.join("etc/kubernetes/pki/etcd/server.crt").exists(), "etcd runs elsewhere");
    let admin = cluster.path("operator/super-admin.conf");
    let _servers = start(&assets, &cluster, &root, ADDRESS, &admin);
    let running = Running { assets: &assets, cluster: &cluster, admin };
    running.leases();
    running.service_account_token();
}

#[test]
fn requests_end_as_predicted() {
    if tool::openssl().is_none() || !can_have_own_network() {
        return;
    }
    if let Some(inside) = in_own_network("requests_end_as_predicted") {
        inside.expect_ok("the test in its own network");
        return;
    }
    let Some(assets) = Assets::find() else { return };
    add_addresses(&[ADDRESS]);
    let cluster = Cluster::make(
        "requests",
        design(|design| {
            design.kubernetes_version = "1.36".to_owned();
            design.keys.service_account = "ecdsa-p256".to_owned();
            design.control_planes = vec![node("cp1", &[ADDRESS])];
        }),
    );
    let root = install(&cluster);
    let admin = cluster.path("operator/super-admin.conf");
    let mut servers = start(&assets, &cluster, &root, ADDRESS, &admin);
    Running { assets: &assets, cluster: &cluster, admin }.requests(&mut servers);
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
