//! Every leaf with its CA and with no other, purpose by purpose.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use pki_core::bundle::KubeconfigData;
use pki_core::plan::{Content, ExtendedKeyUsage, Form, ItemId, Make};
use pki_tests::cluster::{Cluster, read};
use pki_tests::{openssl, tool};

/// The certificate and key of every leaf, in PEM.
fn leaves(cluster: &Cluster) -> BTreeMap<ItemId, (String, String)> {
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
}

/// A file with the certificate of each CA.
fn authorities(cluster: &Cluster) -> BTreeMap<ItemId, PathBuf> {
    let files = cluster.plan.files.iter().filter_map(|file| match file.content {
        Content::Certificate(id) => Some((id, cluster.path(&file.path))),
        _ => None,
    });
    files.filter(|(id, _)| cluster.plan.items[id.0].issuer().is_none()).collect()
}

fn check(algorithm: &str) {
    if tool::openssl().is_none() {
        return;
    }
    for layout in super::WITH_LEAVES {
        let cluster = super::cluster(layout, algorithm);
        let (leaves, cas) = (leaves(&cluster), authorities(&cluster));
        assert_eq!(cas.len(), cluster.plan.layout.authorities.len());
        let planned = cluster.plan.items.iter().filter(|item| item.issuer().is_some()).count();
        assert_eq!(leaves.len(), planned, "{}: every leaf", layout.name());
        let file = cluster.path("leaf.crt");
        for (id, (certificate, key)) in &leaves {
            let item = &cluster.plan.items[id.0];
            let Make::Leaf(leaf) = &item.make else { panic!("leaves only") };
            let halves = (openssl::certificate_key(certificate), openssl::public_half(key));
            assert_eq!(halves.0, halves.1, "{}: key and certificate", item.name);
            fs::write(&file, certificate).expect("a file in the test's folder");
            for (purpose, usage) in [
                ("sslserver", ExtendedKeyUsage::ServerAuth),
                ("sslclient", ExtendedKeyUsage::ClientAuth),
            ] {
                for (ca, path) in &cas {
                    let outcome = openssl::verify(path, &file, purpose);
                    let expected = *ca == leaf.issuer && leaf.usages.contains(&usage);
                    assert_eq!(
                        outcome.ok,
                        expected,
                        "{} {algorithm}: {} as {purpose} by {}:\n{}{}",
                        layout.name(),
                        item.name,
                        cluster.plan.items[ca.0].name,
                        outcome.stdout,
                        outcome.stderr
                    );
                }
            }
        }
        for path in cas.values() {
            openssl::verify(path, path, "any").expect_ok("a CA verifies itself");
        }
    }
}

#[test]
fn ecdsa_p256() {
    check("ecdsa-p256");
}

#[test]
fn rsa_2048() {
    check("rsa-2048");
}

/// `--client-ca-file` of the five flows: every client of kube-apiserver, and no other.
#[test]
fn the_bundle_of_five_flows_lets_in_the_clients_of_its_three_cas() {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = super::cluster(pki_core::design::LayoutName::FiveFlows, "ecdsa-p256");
    let bundle = cluster.host("cp1", "pki/client-ca.crt");
    assert_eq!(read(&bundle).matches("BEGIN CERTIFICATE").count(), 3);
    let file = cluster.path("leaf.crt");
    for (id, (certificate, _)) in leaves(&cluster) {
        let item = &cluster.plan.items[id.0];
        let Make::Leaf(leaf) = &item.make else { panic!("leaves only") };
        fs::write(&file, certificate).expect("a file in the test's folder");
        let issuer = cluster.plan.items[leaf.issuer.0].name.as_str();
        let trusted = ["control-plane-ca", "operators-ca", "kubelet-ca"].contains(&issuer)
            && leaf.usages == [ExtendedKeyUsage::ClientAuth];
        let outcome = openssl::verify(&bundle, &file, "sslclient");
        assert_eq!(outcome.ok, trusted, "{}: {}", item.name, outcome.stderr);
    }
}

/// No client is a server too, nor the other way round, where etcd allows it (seed 000).
#[test]
fn five_flows_has_no_certificate_of_both_usages() {
    let cluster = super::cluster(pki_core::design::LayoutName::FiveFlows, "ecdsa-p256");
    for item in &cluster.plan.items {
        let Make::Leaf(leaf) = &item.make else { continue };
        assert_eq!(leaf.usages.len(), 1, "{}", item.name);
    }
    let flags = read(&cluster.path("flags/cp1/etcd.args"));
    for flag in ["--client-cert-file=", "--peer-client-cert-file="] {
        assert!(flags.contains(flag), "{flag}\n{flags}");
    }
    assert!(cluster.plan.files.iter().any(|file| matches!(
        &file.content,
        Content::Settings(settings) if settings.form == Form::Arguments
    )));
}
