//! Every layout against other people's software.

mod constraints;
mod etcd;
mod kubeconfigs;
mod matrix;
mod script;
mod trees;

use pki_core::design::LayoutName;
use pki_tests::cluster::{Cluster, design, node};

/// The layouts that have certificates of their own beside CAs.
const WITH_LEAVES: [LayoutName; 5] = [
    LayoutName::Kubeadm,
    LayoutName::FiveFlows,
    LayoutName::SingleCa,
    LayoutName::HardWay,
    LayoutName::MasterEtc,
];

/// One control plane and one worker.
fn cluster(layout: LayoutName, algorithm: &str) -> Cluster {
    Cluster::make(
        layout.name(),
        design(|design| {
            design.layout = layout.name().to_owned();
            design.keys.algorithm = algorithm.to_owned();
            design.control_planes = vec![node("cp1", &["10.0.0.10"])];
            design.workers = vec![node("w1", &["10.0.0.20"])];
        }),
    )
}
