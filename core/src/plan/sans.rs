//! The rules for subject alternative names.
//!
//! Source: k/k `cmd/kubeadm/app/util/pkiutil/pki_helpers.go` (`GetAPIServerAltNames`,
//! `GetEtcdAltNames`, `GetEtcdPeerAltNames`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::design::{Node, San, Settings};
use crate::order;

/// What `--client-cert-allowed-hostname` asks for in the layout of one CA.
pub(super) const ETCD_CLIENT: &str = "etcd-client";

/// The names beside kubeadm's in Kubernetes the Hard Way (`ca.conf`, April 2025): its `/etc/hosts`
/// and kubeconfigs have the second.
const TUTORIAL: [&str; 3] = ["localhost", "server.kubernetes.local", "api-server.kubernetes.local"];

/// Which rule gives a certificate's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SanRule {
    /// No names.
    None,
    /// kubeadm's for kube-apiserver.
    Apiserver,
    /// kubeadm's for etcd's clients.
    EtcdServer,
    /// kubeadm's for etcd members among themselves.
    EtcdPeer,
    /// The same, loopback, and the names by which the tutorial's machines know it.
    HardWay,
    /// A node's name and addresses: who asks a kubelet goes by its address.
    Kubelet,
    /// The name that lets a client in to etcd where one CA signs everybody.
    EtcdClient,
}

impl SanRule {
    /// The names for one control plane: DNS names sorted, then addresses in order, each once.
    pub(super) fn of(self, settings: &Settings, node: &Node) -> Vec<San> {
        let names = match self {
            Self::None => return Vec::new(),
            Self::Apiserver => apiserver(settings, node),
            Self::EtcdServer => etcd(node, &settings.extra_sans.etcd_server),
            Self::EtcdPeer => etcd(node, &settings.extra_sans.etcd_peer),
            Self::HardWay => {
                let mut names = apiserver(settings, node);
                names.extend(TUTORIAL.map(|name| San::Dns(name.to_owned())));
                names.push(San::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)));
                names
            }
            Self::Kubelet => {
                let mut names = vec![San::Dns(node.name.to_string())];
                names.extend(node.addresses.iter().copied().map(San::Ip));
                names
            }
            Self::EtcdClient => vec![San::Dns(ETCD_CLIENT.to_owned())],
        };
        in_kubeadm_order(names)
    }
}

fn apiserver(settings: &Settings, node: &Node) -> Vec<San> {
    let domain = &settings.dns_domain;
    let mut names = vec![
        San::Dns(node.name.to_string()),
        San::Dns("kubernetes".to_owned()),
        San::Dns("kubernetes.default".to_owned()),
        San::Dns("kubernetes.default.svc".to_owned()),
        San::Dns(format!("kubernetes.default.svc.{domain}")),
    ];
    // Of a dual-stack cluster kubeadm takes the first range only.
    let service = settings.service_cidrs.first().and_then(|cidr| cidr.first_service_address());
    names.extend(service.map(San::Ip));
    // The first is the one advertised; kubeadm knows no others, but a verifier may meet them.
    names.extend(node.addresses.iter().copied().map(San::Ip));
    names.extend(settings.endpoint.as_ref().map(|endpoint| endpoint.host.clone()));
    names.extend(settings.extra_sans.apiserver.iter().cloned());
    names
}

fn etcd(node: &Node, extra: &[San]) -> Vec<San> {
    let mut names = vec![San::Dns(node.name.to_string()), San::Dns("localhost".to_owned())];
    let mut addresses = node.addresses.iter().copied();
    names.extend(addresses.next().map(San::Ip));
    names.push(San::Ip(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    names.push(San::Ip(IpAddr::V6(Ipv6Addr::LOCALHOST)));
    names.extend(addresses.map(San::Ip));
    names.extend(extra.iter().cloned());
    names
}

fn in_kubeadm_order(names: Vec<San>) -> Vec<San> {
    let (mut dns, addresses): (Vec<San>, Vec<San>) =
        names.into_iter().partition(|name| matches!(name, San::Dns(_)));
    order::sort_by_key(&mut dns, ToString::to_string);
    dns.dedup();
    let mut all = dns;
    for address in addresses {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    all
}
