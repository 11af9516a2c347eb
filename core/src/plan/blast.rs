//! What a CA's key is worth to a thief, and where it lies.

use super::flows::Flag;
use super::layout::Component;
use super::{Content, ItemId, Owner, Plan};
use crate::order;

/// What whoever has a CA's key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Power {
    /// Log in to kube-apiserver as any user of any group, system:masters included.
    AnyUser,
    /// Speak to kube-apiserver and aggregated API servers for any user, by headers.
    AnyUserByHeader,
    /// Read and write all of etcd.
    Etcd,
    /// Join etcd as a member.
    EtcdMember,
    /// Command every kubelet.
    Kubelets,
    /// Stand in for kube-apiserver to whoever trusts this CA.
    BeApiserver,
    /// Stand in for etcd to kube-apiserver.
    BeEtcd,
    /// Stand in for a kubelet to kube-apiserver.
    BeKubelet,
}

impl Power {
    /// Every power, the worst first.
    pub const ALL: [Self; 8] = [
        Self::AnyUser,
        Self::AnyUserByHeader,
        Self::Etcd,
        Self::EtcdMember,
        Self::Kubelets,
        Self::BeApiserver,
        Self::BeEtcd,
        Self::BeKubelet,
    ];
}

/// What depends on a CA.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blast {
    /// Who trusts it, by which flag.
    pub trusted_by: Vec<Flag>,
    /// How many kubeconfigs trust it to vouch for the server.
    pub kubeconfigs: usize,
    /// What its key makes possible, the worst first.
    pub powers: Vec<Power>,
    /// How many certificates of the plan it signs.
    pub signs: usize,
    /// Where its key is.
    pub key_on: Vec<Owner>,
    /// Which flags need the key while the cluster runs.
    pub key_needed_by: Vec<Flag>,
}

/// What trust by a flag gives.
const POWERS: &[(Component, &str, Power)] = &[
    (Component::Apiserver, "client-ca-file", Power::AnyUser),
    (Component::Apiserver, "requestheader-client-ca-file", Power::AnyUserByHeader),
    (Component::Etcd, "trusted-ca-file", Power::Etcd),
    (Component::Etcd, "peer-trusted-ca-file", Power::EtcdMember),
    (Component::Kubelet, "client-ca-file", Power::Kubelets),
    (Component::ControllerManager, "root-ca-file", Power::BeApiserver),
    (Component::Apiserver, "etcd-cafile", Power::BeEtcd),
    (Component::Apiserver, "kubelet-certificate-authority", Power::BeKubelet),
];

impl Plan {
    /// What depends on a CA of the plan.
    pub fn blast(&self, authority: ItemId) -> Blast {
        let mut blast = Blast {
            trusted_by: Vec::new(),
            kubeconfigs: 0,
            powers: Vec::new(),
            signs: self.items.iter().filter(|item| item.issuer() == Some(authority)).count(),
            key_on: Vec::new(),
            key_needed_by: Vec::new(),
        };
        for row in self.layout.components.iter() {
            for setting in self.settings_of(row.component) {
                let flag = Flag { component: row.component, name: setting.name };
                if !self.authorities_in(flag).contains(&authority) {
                    continue;
                }
                // The signer's own certificate is no trust.
                if flag.name.starts_with("cluster-signing-") {
                    blast.key_needed_by.push(flag);
                } else {
                    blast.trusted_by.push(flag);
                }
            }
        }
        for file in &self.files {
            match &file.content {
                Content::Kubeconfig(kubeconfig) if kubeconfig.ca == authority => {
                    blast.kubeconfigs += 1;
                }
                Content::PrivateKey(id) | Content::Secret { item: id, .. }
                    if *id == authority && !blast.key_on.contains(&file.owner) =>
                {
                    blast.key_on.push(file.owner.clone());
                }
                Content::Extra(extra)
                    if extra.authority_key() == Some(authority)
                        && !blast.key_on.contains(&file.owner) =>
                {
                    blast.key_on.push(file.owner.clone());
                }
                _ => {}
            }
        }
        for (component, name, power) in POWERS {
            if blast.trusted_by.contains(&Flag { component: *component, name }) {
                blast.powers.push(*power);
            }
        }
        if blast.kubeconfigs > 0 && !blast.powers.contains(&Power::BeApiserver) {
            blast.powers.push(Power::BeApiserver);
        }
        order::sort(&mut blast.powers);
        blast
    }
}
