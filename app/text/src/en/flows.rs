//! Who calls whom, and what a CA's key is worth, in words.

use pki_core::plan::blast::Power;
use pki_core::plan::flows::{Gap, Party};

/// The name of an end.
pub fn party(party: Party) -> &'static str {
    match party {
        Party::Component(component) => component.name(),
        Party::NewNode => "a new node",
        Party::Operator => "an operator",
        Party::Pod => "a program in a pod",
        Party::ExtensionServer => "an aggregated API server",
    }
}

/// What is missing from a connection, and what that means.
pub fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::Caller => "Nobody checks the caller: anybody who reaches the port is served.",
        Gap::Callee => {
            "Nobody checks who answers: whoever stands between the two reads and changes \
             everything, so neither integrity nor encryption holds against it."
        }
    }
}

/// What a thief of a CA's key can do.
pub fn power(power: Power) -> &'static str {
    match power {
        Power::AnyUser => {
            "log in to kube-apiserver as any user of any group, system:masters included"
        }
        Power::AnyUserByHeader => "speak to kube-apiserver for any user, by headers",
        Power::Etcd => "read and write all of etcd, where every Secret is",
        Power::EtcdMember => "join etcd as a member",
        Power::Kubelets => "command every kubelet: run programs in any container",
        Power::BeApiserver => "stand in for kube-apiserver, and collect the tokens sent to it",
        Power::BeEtcd => "stand in for etcd to kube-apiserver",
        Power::BeKubelet => "stand in for a kubelet to kube-apiserver",
    }
}
