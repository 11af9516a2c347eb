//! Every layout against other people's software.

mod constraints;
mod etcd;
mod kubeconfigs;
mod matrix;
mod script;
mod trees;

use pki_core::design::{Design, DesignUser, LayoutName};
use pki_tests::cluster::{Cluster, design, node};

/// The layouts that have certificates of their own beside CAs, and run etcd.
const WITH_LEAVES: [LayoutName; 5] = [
    LayoutName::Kubeadm,
    LayoutName::FiveFlows,
    LayoutName::SingleCa,
    LayoutName::HardWay,
    LayoutName::MasterEtc,
];

/// One control plane and one worker on loopback, and a person, so that every layout signs somebody.
fn cluster(layout: LayoutName, algorithm: &str) -> Cluster {
    changed(layout, algorithm, |_| ())
}

fn changed(layout: LayoutName, algorithm: &str, change: impl FnOnce(&mut Design)) -> Cluster {
    Cluster::make(
        layout.name(),
        design(|design| {
            design.layout = layout.name().to_owned();
            design.keys.algorithm = algorithm.to_owned();
            design.control_planes = vec![node("cp1", &["127.0.0.1"])];
            design.workers = vec![node("w1", &["127.0.0.2"])];
            let (name, groups) = ("jane".to_owned(), vec!["developers".to_owned()]);
            design.users = vec![DesignUser { name, groups, ttl: "30d".to_owned() }];
            change(design);
        }),
    )
}

/// What holds of every layout with every algorithm, on one set of files.
fn check(layout: LayoutName, algorithm: &str) {
    let cluster = cluster(layout, algorithm);
    matrix::check(&cluster);
    kubeconfigs::check(&cluster);
    if WITH_LEAVES.contains(&layout) {
        etcd::check(&cluster, algorithm);
    }
}

#[test]
fn every_layout_with_ecdsa_p256() {
    LayoutName::ALL.into_iter().for_each(|layout| check(layout, "ecdsa-p256"));
}

#[test]
fn every_layout_with_rsa_2048() {
    LayoutName::ALL.into_iter().for_each(|layout| check(layout, "rsa-2048"));
}

#[test]
fn kubeadm_with_ecdsa_p384() {
    check(LayoutName::Kubeadm, "ecdsa-p384");
}

#[test]
fn kubeadm_with_rsa_3072() {
    check(LayoutName::Kubeadm, "rsa-3072");
}

#[test]
fn kubeadm_with_rsa_4096() {
    check(LayoutName::Kubeadm, "rsa-4096");
}
