//! kubectl parses every kubeconfig, Secret and manifest of every layout.

use std::process::Command;

use pki_core::design::LayoutName;
use pki_core::plan::{Content, Make};
use pki_tests::cluster::Cluster;
use pki_tests::process::run;
use pki_tests::tool;

pub(crate) fn check(cluster: &Cluster) {
    if tool::kubectl().is_none() {
        return;
    }
    let mut seen = 0;
    for file in &cluster.plan.files {
        let Content::Kubeconfig(kubeconfig) = &file.content else { continue };
        let text = run(Command::new("kubectl")
            .env("HOME", cluster.folder())
            .env_remove("KUBECONFIG")
            .args(["config", "view", "--raw", "-o", "json", "--kubeconfig"])
            .arg(cluster.path(&file.path)))
        .expect_ok(&file.path);
        let view: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(view["clusters"][0]["cluster"]["server"], kubeconfig.server);
        assert_eq!(view["users"][0]["name"], kubeconfig.user);
        let user = &view["users"][0]["user"];
        let client = cluster.plan.item(kubeconfig.client).expect("an item of the plan");
        let has_token = matches!(client.make, Make::Token);
        assert_eq!(user["token"].is_string(), has_token, "{}", file.path);
        assert_eq!(user["client-key-data"].is_string(), !has_token, "{}", file.path);
        seen += 1;
    }
    let layout = cluster.plan.settings.layout;
    let least = if super::WITH_LEAVES.contains(&layout) { 5 } else { 1 };
    assert!(seen >= least, "{}: {seen} kubeconfigs", layout.name());
}

#[test]
fn kubectl_reads_the_secrets_of_cluster_api_and_every_manifest() {
    if tool::kubectl().is_none() {
        return;
    }
    // kustomize reads objects offline, with kubectl's own decoder.
    let kustomize = |cluster: &Cluster, folder: &str, names: &[&str]| {
        let list: String = names.iter().map(|name| format!("- {name}\n")).collect();
        let file = cluster.path(&format!("{folder}/kustomization.yaml"));
        std::fs::write(file, format!("resources:\n{list}")).expect("a file in the test's folder");
        run(Command::new("kubectl")
            .env("HOME", cluster.folder())
            .arg("kustomize")
            .arg(cluster.path(folder)))
        .expect_ok(folder)
    };
    let cluster = super::cluster(LayoutName::ClusterApi, "rsa-2048");
    let names = ["ca.yaml", "etcd.yaml", "proxy.yaml", "sa.yaml"];
    let text = kustomize(&cluster, "operator/cluster-api", &names);
    assert_eq!(text.matches("type: kubernetes.io/tls").count(), 4, "{text}");
    for name in ["kubernetes-ca", "kubernetes-etcd", "kubernetes-proxy", "kubernetes-sa"] {
        assert!(text.contains(&format!("name: {name}\n")), "{name}: {text}");
    }
    for layout in super::WITH_LEAVES {
        let cluster = super::cluster(layout, "ecdsa-p256");
        let bindings = cluster.plan.layout.bindings;
        let planned = bindings.iter().filter(|row| row.when.holds(&cluster.plan.settings)).count();
        let text = kustomize(&cluster, "manifests", &["rbac.yaml"]);
        assert_eq!(text.matches("kind: ClusterRoleBinding").count(), planned, "{text}");
        if layout != LayoutName::MasterEtc {
            let text = kustomize(&cluster, "manifests", &["bootstrap.yaml"]);
            assert_eq!(text.matches("kind: ClusterRoleBinding").count(), 3, "{text}");
            assert_eq!(text.matches("type: bootstrap.kubernetes.io/token").count(), 1, "{text}");
        }
    }
}
