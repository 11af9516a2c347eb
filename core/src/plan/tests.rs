//! The plan against what kubeadm is known to make.

use super::{Content, Make, Plan, PlannedFile};
use crate::design::{Design, DesignNode, Settings};

fn settings(change: impl FnOnce(&mut Design)) -> Settings {
    let mut design = Design::default();
    change(&mut design);
    let (settings, findings) = design.check();
    settings.unwrap_or_else(|| panic!("{findings:?}"))
}

fn plan(change: impl FnOnce(&mut Design)) -> Plan {
    Plan::new(settings(change))
}

fn node(name: &str, address: &str) -> DesignNode {
    DesignNode { name: name.to_owned(), addresses: vec![address.to_owned()] }
}

fn organizations(plan: &Plan, item: &str) -> Vec<String> {
    let item = plan.items.iter().find(|i| i.name == item).expect("an item of the plan");
    item.subject().expect("a certificate").organizations
}

fn server(plan: &Plan, path: &str) -> String {
    match &plan.file(path).expect("a file of the plan").content {
        Content::Kubeconfig(kubeconfig) => kubeconfig.server.clone(),
        other => panic!("{other:?}"),
    }
}

fn sans(plan: &Plan, item: &str) -> String {
    let item = plan.items.iter().find(|i| i.name == item).expect("an item of the plan");
    match &item.make {
        Make::Leaf(leaf) => leaf.sans.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_control_plane_has_the_files_of_kubeadm() {
    let plan = plan(|_| ());
    let mut paths: Vec<String> = plan
        .files
        .iter()
        .filter_map(|file| Some(format!("{:o} {}", file.mode, file.installed_path()?)))
        .collect();
    paths.sort();
    let expected = "\
600 /etc/kubernetes/admin.conf
600 /etc/kubernetes/controller-manager.conf
600 /etc/kubernetes/kubelet.conf
600 /etc/kubernetes/pki/apiserver-etcd-client.key
600 /etc/kubernetes/pki/apiserver-kubelet-client.key
600 /etc/kubernetes/pki/apiserver.key
600 /etc/kubernetes/pki/ca.key
600 /etc/kubernetes/pki/etcd/ca.key
600 /etc/kubernetes/pki/etcd/healthcheck-client.key
600 /etc/kubernetes/pki/etcd/peer.key
600 /etc/kubernetes/pki/etcd/server.key
600 /etc/kubernetes/pki/front-proxy-ca.key
600 /etc/kubernetes/pki/front-proxy-client.key
600 /etc/kubernetes/pki/sa.key
600 /etc/kubernetes/pki/sa.pub
600 /etc/kubernetes/scheduler.conf
600 /etc/kubernetes/super-admin.conf
644 /etc/kubernetes/pki/apiserver-etcd-client.crt
644 /etc/kubernetes/pki/apiserver-kubelet-client.crt
644 /etc/kubernetes/pki/apiserver.crt
644 /etc/kubernetes/pki/ca.crt
644 /etc/kubernetes/pki/etcd/ca.crt
644 /etc/kubernetes/pki/etcd/healthcheck-client.crt
644 /etc/kubernetes/pki/etcd/peer.crt
644 /etc/kubernetes/pki/etcd/server.crt
644 /etc/kubernetes/pki/front-proxy-ca.crt
644 /etc/kubernetes/pki/front-proxy-client.crt";
    assert_eq!(paths.join("\n"), expected);
    assert_eq!(plan.items.len(), 17, "3 CAs, sa, token, 7 certificates, 5 kubeconfigs");
}

#[test]
fn organizations_follow_the_version() {
    let at = |version: &str| {
        let plan = plan(|d| d.kubernetes_version = version.to_owned());
        ["admin.conf", "apiserver-kubelet-client", "etcd-healthcheck-client", "kubelet.conf"]
            .map(|row| organizations(&plan, &format!("cp1/{row}")).join(","))
    };
    let masters = "system:masters";
    let admins = "kubeadm:cluster-admins";
    assert_eq!(at("1.20"), [masters, masters, masters, "system:nodes"]);
    assert_eq!(at("1.28"), [masters, masters, masters, "system:nodes"]);
    assert_eq!(at("1.29"), [admins, admins, "", "system:nodes"]);
    assert_eq!(at("1.32"), [admins, admins, "", "system:nodes"]);
    assert_eq!(at("1.33"), [admins, "", "", "system:nodes"]);
    let old = plan(|d| d.kubernetes_version = "1.28".to_owned());
    assert!(old.file("hosts/cp1/etc/kubernetes/super-admin.conf").is_none());
    assert!(old.file("operator/admin.conf").is_some());
}

#[test]
fn names_are_those_of_kubeadm() {
    let plan = plan(|d| {
        d.service_cidrs = vec!["172.30.0.0/16".to_owned(), "fd00::/108".to_owned()];
        d.dns_domain = "prod.internal".to_owned();
        d.control_plane_endpoint = "k8s.example.test:8443".to_owned();
        d.control_planes = vec![node("cp-a.example.test", "10.20.0.11")];
        d.extra_sans.apiserver =
            ["10.20.0.100", "api.example.test", "127.0.0.1"].map(str::to_owned).to_vec();
        d.extra_sans.etcd_server = vec!["etcd.example.test".to_owned()];
    });
    assert_eq!(
        sans(&plan, "cp-a.example.test/apiserver"),
        "api.example.test cp-a.example.test k8s.example.test kubernetes kubernetes.default \
         kubernetes.default.svc kubernetes.default.svc.prod.internal 172.30.0.1 10.20.0.11 \
         10.20.0.100 127.0.0.1"
    );
    assert_eq!(
        sans(&plan, "cp-a.example.test/etcd-server"),
        "cp-a.example.test etcd.example.test localhost 10.20.0.11 127.0.0.1 ::1"
    );
    assert_eq!(
        sans(&plan, "cp-a.example.test/etcd-peer"),
        "cp-a.example.test localhost 10.20.0.11 127.0.0.1 ::1"
    );
}

#[test]
fn servers_are_common_or_local() {
    let make = |version: &str| {
        plan(|d| {
            d.kubernetes_version = version.to_owned();
            d.control_plane_endpoint = "k8s.example.test:8443".to_owned();
            d.control_planes = vec![node("cp1", "10.0.0.10"), node("cp2", "fd00::11")];
            d.workers = vec![node("w1", "10.0.0.20")];
        })
    };
    let new = make("1.36");
    let host =
        |node: &str, file: &str| server(&new, &format!("hosts/{node}/etc/kubernetes/{file}"));
    assert_eq!(host("cp2", "admin.conf"), "https://k8s.example.test:8443");
    assert_eq!(host("cp2", "scheduler.conf"), "https://[fd00::11]:6443");
    assert_eq!(host("cp1", "kubelet.conf"), "https://10.0.0.10:6443");
    assert_eq!(host("w1", "kubelet.conf"), "https://k8s.example.test:8443");
    let old = make("1.32");
    assert_eq!(
        server(&old, "hosts/cp1/etc/kubernetes/kubelet.conf"),
        "https://k8s.example.test:8443"
    );
    let bare = plan(|d| d.workers = vec![node("w1", "10.0.0.20")]);
    assert_eq!(server(&bare, "hosts/w1/etc/kubernetes/kubelet.conf"), "https://10.0.0.10:6443");
    assert!(
        new.file("hosts/cp2/etc/kubernetes/super-admin.conf").is_none(),
        "kubeadm join makes none"
    );
}

#[test]
fn hosts_get_only_the_keys_that_they_need() {
    let plan = plan(|d| {
        d.ca_keys = "vault".to_owned();
        d.hardened = true;
        d.control_planes = vec![node("cp1", "10.0.0.10"), node("cp2", "10.0.0.11")];
        d.control_plane_endpoint = "k8s.example.test".to_owned();
        d.workers = vec![node("w1", "10.0.0.20")];
    });
    let with_keys = |file: &&PlannedFile| !matches!(file.content, Content::Extra(_));
    for file in plan.files.iter().filter(with_keys) {
        assert_eq!(file.mode, 0o600, "{}", file.path);
        let is_ca_key = file.path.ends_with("ca.key");
        assert!(!is_ca_key || file.path.starts_with("vault/"), "{}", file.path);
    }
    for path in ["vault/pki/ca.key", "vault/pki/front-proxy-ca.key", "vault/pki/etcd/ca.key"] {
        assert!(plan.file(path).is_some(), "{path}");
    }
    let worker: Vec<&str> = plan
        .files
        .iter()
        .filter_map(|file| file.path.strip_prefix("hosts/w1/etc/kubernetes/"))
        .collect();
    assert_eq!(worker, ["kubelet.conf", "pki/ca.crt"]);
}

#[test]
fn item_names_and_paths_are_unique_and_issuers_come_first() {
    let plan = plan(|d| {
        d.control_planes =
            (1..=3).map(|i| node(&format!("cp{i}"), &format!("10.0.0.{i}"))).collect();
        d.workers = (1..=50).map(|i| node(&format!("w{i}"), &format!("10.0.1.{i}"))).collect();
    });
    let mut names: Vec<&str> = plan.items.iter().map(|item| item.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), plan.items.len());
    assert!(plan.files.windows(2).all(|pair| pair[0].path < pair[1].path));
    for (index, item) in plan.items.iter().enumerate() {
        assert!(item.issuer().is_none_or(|issuer| issuer.0 < index), "{}", item.name);
    }
}

#[test]
fn manifests_follow_the_version() {
    let names = |minor| {
        let plan = plan(|d| d.kubernetes_version = format!("1.{minor}"));
        let stream = super::rbac(&plan.layout, &plan.settings);
        let documents: Vec<serde_json::Value> =
            serde_saphyr::from_multiple(&stream).expect("our own YAML");
        documents
            .iter()
            .map(|document| document["metadata"]["name"].as_str().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let rotation = "kubeadm:node-autoapprove-certificate-rotation";
    assert_eq!(names(28), [rotation]);
    assert_eq!(names(32), ["kubeadm:cluster-admins", rotation]);
    assert_eq!(names(36), ["kubeadm:cluster-admins", "kubeadm:apiserver-kubelet-client", rotation]);
}
