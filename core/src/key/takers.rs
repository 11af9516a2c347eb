//! Which program takes a key of which algorithm.
//!
//! Go's TLS takes them all; what refuses Ed25519 reads key files by itself and knows RSA and ECDSA
//! alone. So a certificate with an Ed25519 key that somebody else made may serve in one place and
//! stop a component in another, which is why a design has none.

use super::Algorithm;

/// Who reads a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taker {
    /// kubeadm, which takes files that are there already.
    Kubeadm,
    /// kube-apiserver and kube-controller-manager, for service-account tokens.
    ServiceAccounts,
    /// kubelet, in the files that it rotates.
    KubeletRotation,
    /// kube-apiserver as a server.
    ApiserverServing,
    /// kube-apiserver, for client certificates and certificates of CAs.
    ApiserverClients,
    /// kube-controller-manager, as the key that signs requests.
    Signing,
    /// etcd.
    Etcd,
    /// kubectl and every other reader of kubeconfigs.
    Kubeconfig,
}

impl Taker {
    /// Everyone, those who refuse anything first.
    pub const ALL: [Self; 8] = [
        Self::Kubeadm,
        Self::ServiceAccounts,
        Self::KubeletRotation,
        Self::ApiserverServing,
        Self::ApiserverClients,
        Self::Signing,
        Self::Etcd,
        Self::Kubeconfig,
    ];

    /// Whether it takes a key of this algorithm.
    ///
    /// Sources: k/k `cmd/kubeadm/app/util/pkiutil` (`TryLoadKeyFromDisk`: "neither in RSA nor ECDSA
    /// format"), `pkg/serviceaccount/jwt.go` (`signerFromRSAPrivateKey`, `signerFromECDSAPrivateKey`
    /// and no other), `client-go/util/keyutil` (`ParsePrivateKeyPEM`).
    pub fn takes(self, algorithm: Algorithm) -> bool {
        let strict = matches!(self, Self::Kubeadm | Self::ServiceAccounts | Self::KubeletRotation);
        !(strict && algorithm == Algorithm::Ed25519)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ed25519_is_refused_and_not_by_everybody() {
        for algorithm in Algorithm::ALL {
            let refused = Taker::ALL.iter().filter(|taker| !taker.takes(algorithm)).count();
            assert_eq!(refused > 0, algorithm == Algorithm::Ed25519, "{algorithm}");
            assert!(refused < Taker::ALL.len());
        }
    }
}
