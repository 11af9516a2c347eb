//! What is made beside the files of the machines: some of it always, some on request.

use super::LayoutName;

/// Something that is made beside the files of the machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Output {
    /// A bootstrap token with its Secret, its role bindings and the kubeconfig for machines that
    /// have no certificate yet.
    Bootstrap,
    /// The key set and the discovery document with which others check service-account tokens.
    OpenId,
    /// The configuration by which kube-apiserver encrypts Secrets in etcd.
    Encryption,
    /// Serving certificates for kubelets, which kube-apiserver then verifies (CIS 1.2.5).
    KubeletServing,
    /// The CAs as Secrets and ClusterIssuers for cert-manager.
    CertManager,
    /// The CAs as bundles for Vault's PKI engine.
    VaultPki,
    /// The CAs as roots for step-ca.
    StepCa,
    /// A shell script that makes the same layout with openssl.
    Openssl,
}

impl Output {
    /// Every output, in the order in which they are made.
    pub const ALL: [Self; 8] = [
        Self::Bootstrap,
        Self::OpenId,
        Self::Encryption,
        Self::KubeletServing,
        Self::CertManager,
        Self::VaultPki,
        Self::StepCa,
        Self::Openssl,
    ];

    /// What is made only where it is asked for, in the order in which it is offered.
    pub const ON_REQUEST: [Self; 5] =
        [Self::Encryption, Self::KubeletServing, Self::CertManager, Self::VaultPki, Self::StepCa];

    /// Whether every archive has it whose layout can; a document may still name it.
    ///
    /// None of the three is of any use to a thief of the archive beside what else is in it: two
    /// hold no secret, and no cluster knows the token before its Secret is applied, nor a day after
    /// it was made.
    pub fn is_always(self) -> bool {
        matches!(self, Self::Bootstrap | Self::OpenId | Self::Openssl)
    }

    /// The word for it in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::OpenId => "openid",
            Self::Encryption => "encryption",
            Self::KubeletServing => "kubelet-serving",
            Self::CertManager => "cert-manager",
            Self::VaultPki => "vault-pki",
            Self::StepCa => "step-ca",
            Self::Openssl => "openssl",
        }
    }

    /// The output of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|output| output.name() == name)
    }

    /// Whether a layout can have it: k3s and Cluster API start the components themselves, some
    /// layouts have their own way for new machines, and some have serving certificates anyway.
    pub fn fits(self, layout: LayoutName) -> bool {
        use LayoutName::{ClusterApi, K3s, Kubeadm, MasterEtc, Own};
        match self {
            Self::Bootstrap => !matches!(layout, K3s | ClusterApi | MasterEtc | Own),
            Self::Encryption => !matches!(layout, K3s | ClusterApi | Own),
            Self::OpenId => layout != Own,
            Self::KubeletServing => matches!(layout, Kubeadm | MasterEtc),
            _ => true,
        }
    }
}
