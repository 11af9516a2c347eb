//! Who calls whom, and what a CA's key is worth, in words.

use pki_core::plan::Component::{Apiserver, Etcd, Kubelet};
use pki_core::plan::blast::Power;
use pki_core::plan::flows::{Checked, Flow, Gap, Means, Party};

/// The name of an end.
pub fn party(party: Party) -> &'static str {
    match party {
        Party::Component(component) => component.name(),
        Party::NewNode => "a new node",
        Party::Operator => "an operator",
        Party::Pod => "a program in a pod",
        Party::ExtensionServer => "an aggregated API server",
        Party::Etcdctl => "etcdctl",
        Party::Webhook => "a webhook",
        Party::KonnectivityServer => "konnectivity-server",
        Party::KonnectivityAgent => "konnectivity-agent",
    }
}

/// That etcd is no client of anybody but itself.
pub const ETCD_CALLS_NOBODY: &str = "etcd never calls kube-apiserver: the connection between the two is always kube-apiserver's, \
     and what etcd has to tell goes back on it.";

/// What is particular about a connection; empty for nothing.
pub fn note(flow: &Flow) -> &'static str {
    use Party::Component as Runs;
    match (flow.from, flow.to) {
        (Runs(Apiserver), Runs(Etcd)) => ETCD_CALLS_NOBODY,
        (Runs(Etcd), Runs(Etcd)) => match flow.callee.checked {
            Checked::Means(Means::Itself, _) => {
                "etcd calls itself: its gateway from HTTP to gRPC is a client of its own server. \
                 It shows the certificate of --client-cert-file, and without that flag the \
                 server's, which then has to be good for clients too."
            }
            _ => "Members of etcd call each other, each with its certificate for peers.",
        },
        (Runs(Apiserver), Party::Pod) => {
            "The way of kubectl proxy and of …/proxy in the API to nodes, pods and Services. It is \
             plain HTTP by default. With https: before the name it is encrypted, but \
             kube-apiserver shows no certificate and checks none. No flag changes that: let the \
             program ask for a login of its own, and give few people the right to …/proxy."
        }
        (Party::ExtensionServer, Runs(Kubelet)) => {
            "metrics-server asks every kubelet for its figures. It trusts the CA in its pod's \
             ca.crt (--root-ca-file); where another CA signs for kubelets, give it that by \
             --kubelet-certificate-authority. With a certificate that a kubelet signed itself it \
             works by --kubelet-insecure-tls alone, which checks nothing."
        }
        (Party::Etcdctl, _) => {
            "People run etcdctl where etcd runs, for its health and for backups. The probes of \
             kubeadm's etcd pod did so before Kubernetes 1.17; now they ask plain HTTP on \
             127.0.0.1:2381."
        }
        (_, Party::Webhook) => {
            "kube-apiserver shows a webhook no certificate, unless its AdmissionConfiguration \
             names a kubeconfig for it: let a NetworkPolicy say who reaches the webhook."
        }
        (_, Party::KonnectivityServer) => {
            "With an EgressSelectorConfiguration kube-apiserver reaches the nodes through this \
             server, in tunnels that the agents open."
        }
        _ => "",
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
