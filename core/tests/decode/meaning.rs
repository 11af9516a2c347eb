//! What the certificates of kubeadm's catalog mean.

use pki_core::explain::{Note, Role, Status, ValidAs};

use crate::{CATALOG, NOW, certificates};

fn meaning(name: &str) -> pki_core::explain::CertificateReport {
    let (_, der) = CATALOG.iter().find(|(item, _)| item == name).unwrap_or_else(|| {
        panic!("{name} is not of {:?}", CATALOG.iter().map(|(name, _)| name).collect::<Vec<_>>())
    });
    let report = pki_core::explain::read(der, NOW);
    certificates(&report)[0].clone()
}

#[test]
fn every_row_of_the_catalog_fits_its_place() {
    let cases = [
        ("ca", Role::KubernetesCa, ValidAs::Ca, "kubernetes"),
        ("front-proxy-ca", Role::FrontProxyCa, ValidAs::Ca, "front-proxy-ca"),
        ("etcd-ca", Role::EtcdCa, ValidAs::Ca, "etcd-ca"),
        ("cp1/apiserver", Role::Apiserver, ValidAs::Server, "kube-apiserver"),
        (
            "cp1/apiserver-kubelet-client",
            Role::ApiserverKubeletClient,
            ValidAs::Client,
            "kube-apiserver-kubelet-client",
        ),
        ("cp1/front-proxy-client", Role::FrontProxyClient, ValidAs::Client, "front-proxy-client"),
        ("cp1/etcd-server", Role::EtcdServer, ValidAs::Both, "cp1"),
        (
            "cp1/etcd-healthcheck-client",
            Role::EtcdHealthcheckClient,
            ValidAs::Client,
            "kube-etcd-healthcheck-client",
        ),
        (
            "cp1/apiserver-etcd-client",
            Role::ApiserverEtcdClient,
            ValidAs::Client,
            "kube-apiserver-etcd-client",
        ),
        ("cp1/admin.conf", Role::Admin, ValidAs::Client, "kubernetes-admin"),
        ("cp1/super-admin.conf", Role::SuperAdmin, ValidAs::Client, "kubernetes-super-admin"),
        (
            "cp1/controller-manager.conf",
            Role::ControllerManager,
            ValidAs::Client,
            "system:kube-controller-manager",
        ),
        ("cp1/scheduler.conf", Role::Scheduler, ValidAs::Client, "system:kube-scheduler"),
        ("cp1/kubelet.conf", Role::KubeletClient, ValidAs::Client, "system:node:cp1"),
    ];
    for (name, role, valid_as, user) in cases {
        let report = meaning(name);
        assert_eq!(report.meaning.roles[0].role, role, "{name}");
        assert_eq!(report.meaning.valid_as, valid_as, "{name}");
        assert_eq!(report.meaning.user.as_deref(), Some(user), "{name}");
        assert_eq!(report.validity.status, Status::Valid, "{name}");
        assert_eq!(report.discovery_token_ca_cert_hash.is_some(), valid_as == ValidAs::Ca);
    }
}

#[test]
fn groups_and_nodes() {
    let kubelet = meaning("cp1/kubelet.conf").meaning;
    assert_eq!(kubelet.node.as_deref(), Some("cp1"));
    assert_eq!(kubelet.groups, ["system:nodes"]);
    assert_eq!(kubelet.notes, []);
    let root = meaning("cp1/super-admin.conf").meaning;
    assert!(root.notes.contains(&Note::SystemMasters));
    let everybody = ["system:basic-user", "system:discovery", "system:public-info-viewer"];
    assert_eq!(root.cluster_roles[0], "cluster-admin");
    assert_eq!(root.cluster_roles[1..], everybody);
    assert!(kubelet.cluster_roles[0].ends_with(":selfnodeclient"));
    let scheduler = meaning("cp1/scheduler.conf").meaning;
    let locks = "kube-system/system::leader-locking-kube-scheduler";
    assert!(scheduler.cluster_roles.iter().any(|role| role == locks));
    let client = meaning("cp1/apiserver-kubelet-client").meaning;
    assert_eq!(client.notes, [Note::NeedsKubeletClientBinding]);
    let admin = meaning("cp1/admin.conf").meaning;
    assert!(admin.notes.contains(&Note::NeedsClusterAdminsBinding));
    let etcd = meaning("cp1/etcd-server").meaning;
    assert!(etcd.notes.contains(&Note::NotForUsers { issuer: "etcd-ca".to_owned() }));
    assert!(etcd.notes.contains(&Note::ServerAndClient));
    // To kube-apiserver it is nobody, so that no binding is its.
    assert!(etcd.cluster_roles.is_empty());
    assert_eq!(etcd.roles[1].role, Role::EtcdPeer);
}

#[test]
fn only_who_is_a_client_is_somebody() {
    let server = meaning("cp1/apiserver").meaning;
    assert!(!server.authenticates && server.cluster_roles.is_empty());
    assert!(meaning("cp1/admin.conf").meaning.authenticates);
    // etcd 3.4 with --client-cert-auth let in the CA's own certificate, which has no extKeyUsage.
    let ca = meaning("ca").meaning;
    assert!(!ca.authenticates);
    assert!(ca.notes.contains(&Note::CaAsClient { user: "kubernetes".to_owned() }));
}

#[test]
fn report_survives_json() {
    let input: String =
        CATALOG.iter().map(|(_, der)| pki_core::bundle::certificate_pem(der)).collect();
    let report = crate::report(input);
    let json = serde_json::to_string(&report).expect("JSON");
    let back: pki_core::explain::Report = serde_json::from_str(&json).expect("our own JSON");
    assert_eq!(back, report);
}
