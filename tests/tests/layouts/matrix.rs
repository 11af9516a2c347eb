//! Every leaf with its CA and with no other, purpose by purpose.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use pki_core::bundle::KubeconfigData;
use pki_core::design::LayoutName;
use pki_core::plan::{Component, Content, ExtendedKeyUsage, ItemId, Leaf, Make, Owner};
use pki_tests::cluster::{Cluster, read};
use pki_tests::{openssl, tool};

/// Every leaf: its item, and a file with its certificate. Its key was compared.
fn leaves(cluster: &Cluster) -> Vec<(ItemId, PathBuf)> {
    let mut leaves = BTreeMap::new();
    for file in &cluster.plan.files {
        let path = cluster.path(&file.path);
        match &file.content {
            Content::Certificate(id) if matches!(cluster.plan.items[id.0].make, Make::Leaf(_)) => {
                leaves.insert(*id, (read(&path), read(&path.with_extension("key"))));
            }
            Content::Kubeconfig(kubeconfig) => {
                let data = KubeconfigData::read(&read(&path)).expect("our own kubeconfig");
                if data.token.is_none() {
                    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("PEM");
                    leaves.insert(kubeconfig.client, (text(&data.certificate), text(&data.key)));
                }
            }
            _ => {}
        }
    }
    leaves
        .into_iter()
        .map(|(id, (certificate, key))| {
            let halves = (openssl::certificate_key(&certificate), openssl::public_half(&key));
            let name = &cluster.plan.items[id.0].name;
            assert_eq!(halves.0, halves.1, "{name}: key and certificate");
            let file = cluster.path(&format!("leaf-{}.crt", id.0));
            fs::write(&file, certificate).expect("a file in the test's folder");
            (id, file)
        })
        .collect()
}

/// A file with the certificate of each CA.
fn authorities(cluster: &Cluster) -> BTreeMap<ItemId, PathBuf> {
    let is_ca = |id: ItemId| matches!(cluster.plan.items[id.0].make, Make::Authority(_));
    let mut authorities = BTreeMap::new();
    for file in &cluster.plan.files {
        let path = cluster.path(&file.path);
        match &file.content {
            Content::Certificate(id) if is_ca(*id) => {
                authorities.insert(*id, path);
            }
            // Cluster API has them in Secrets only.
            Content::Secret { item, .. } if is_ca(*item) => {
                let text = read(&path);
                let data = text.lines().find_map(|line| line.trim().strip_prefix("tls.crt: "));
                let pem = Base64::decode_vec(data.expect("a certificate")).expect("base64");
                let path = cluster.path(&format!("ca-{}.crt", item.0));
                fs::write(&path, pem).expect("a file in the test's folder");
                authorities.insert(*item, path);
            }
            _ => {}
        }
    }
    authorities
}

fn leaf(cluster: &Cluster, id: ItemId) -> &Leaf {
    match &cluster.plan.items[id.0].make {
        Make::Leaf(leaf) => leaf,
        other => panic!("{other:?} is no leaf"),
    }
}

pub(crate) fn check(cluster: &Cluster) {
    if tool::openssl().is_none() {
        return;
    }
    let plan = &cluster.plan;
    let layout = plan.settings.layout;
    let (leaves, cas) = (leaves(cluster), authorities(cluster));
    assert_eq!(cas.len(), plan.layout.authorities.len());
    let planned = plan.items.iter().filter(|item| item.issuer().is_some()).count();
    assert_eq!(leaves.len(), planned, "{}: every leaf", layout.name());
    let files: Vec<PathBuf> = leaves.iter().map(|(_, file)| file.clone()).collect();
    let purposes =
        [("sslserver", ExtendedKeyUsage::ServerAuth), ("sslclient", ExtendedKeyUsage::ClientAuth)];
    for (purpose, usage) in purposes {
        for (ca, path) in &cas {
            let verified = openssl::verify_each(path, &files, purpose);
            for ((id, _), verified) in leaves.iter().zip(verified) {
                let leaf = leaf(cluster, *id);
                let expected = *ca == leaf.issuer && leaf.usages.contains(&usage);
                assert_eq!(
                    verified,
                    expected,
                    "{} {}: {} as {purpose} by {}",
                    layout.name(),
                    plan.settings.algorithm,
                    plan.items[id.0].name,
                    plan.items[ca.0].name,
                );
            }
        }
    }
    for path in cas.values() {
        openssl::verify(path, path, "any").expect_ok("a CA verifies itself");
    }
    lets_in(cluster, &leaves);
}

/// `--client-ca-file` of kube-apiserver, bundle or not: every client of its CAs, and no other.
fn lets_in(cluster: &Cluster, leaves: &[(ItemId, PathBuf)]) {
    let plan = &cluster.plan;
    let settings = plan.settings_of(Component::Apiserver);
    let Some(setting) = settings.iter().find(|setting| setting.name == "client-ca-file") else {
        let name = plan.settings.layout.name();
        assert!(plan.layout.components.is_empty(), "{name}: kube-apiserver trusts no client");
        return;
    };
    let file = plan.installed(&Owner::ControlPlane(0), &setting.value).expect("a planned file");
    let trusted = match &file.content {
        Content::Certificate(id) => vec![*id],
        Content::Bundle(ids) => ids.clone(),
        other => panic!("{other:?} is nothing to trust"),
    };
    let path = cluster.path(&file.path);
    assert_eq!(read(&path).matches("BEGIN CERTIFICATE").count(), trusted.len());
    let files: Vec<PathBuf> = leaves.iter().map(|(_, file)| file.clone()).collect();
    let mut users = 0;
    for ((id, _), verified) in leaves.iter().zip(openssl::verify_each(&path, &files, "sslclient")) {
        let leaf = leaf(cluster, *id);
        let expected =
            trusted.contains(&leaf.issuer) && leaf.usages.contains(&ExtendedKeyUsage::ClientAuth);
        assert_eq!(verified, expected, "{}", plan.items[id.0].name);
        users += usize::from(verified);
    }
    // Whoever has a kubeconfig gets in, whatever else does.
    let kubeconfigs = plan.files.iter().filter_map(|file| match &file.content {
        Content::Kubeconfig(kubeconfig) => Some(kubeconfig.client),
        _ => None,
    });
    let mut clients: Vec<ItemId> =
        kubeconfigs.filter(|id| plan.items[id.0].issuer().is_some()).collect();
    clients.sort();
    clients.dedup();
    assert!(clients.iter().all(|id| trusted.contains(&leaf(cluster, *id).issuer)));
    assert!(users >= clients.len());
}

/// The clients of its three CAs, and of no other.
#[test]
fn the_bundle_of_five_flows_has_three_cas() {
    let cluster = super::cluster(LayoutName::FiveFlows, "ecdsa-p256");
    let bundle = cluster.host("cp1", "pki/client-ca.crt");
    assert_eq!(read(&bundle).matches("BEGIN CERTIFICATE").count(), 3);
}

/// No client is a server too, nor the other way round, where etcd allows it (seed 000).
#[test]
fn five_flows_has_no_certificate_of_both_usages() {
    let cluster = super::cluster(LayoutName::FiveFlows, "ecdsa-p256");
    for item in &cluster.plan.items {
        let Make::Leaf(leaf) = &item.make else { continue };
        assert_eq!(leaf.usages.len(), 1, "{}", item.name);
    }
    let flags = read(&cluster.path("flags/cp1/etcd.args"));
    for flag in ["--client-cert-file=", "--peer-client-cert-file="] {
        assert!(flags.contains(flag), "{flag}\n{flags}");
    }
}
