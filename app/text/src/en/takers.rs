//! Which program takes a key of which algorithm, in words.

#![allow(missing_docs, reason = "each text says itself what it is")]

use pki_core::key::{Algorithm, Taker};

pub const TITLE: &str = "Which component takes which keys";
pub const WHO: &str = "Who reads the key";
pub const TAKES: &str = "takes";
pub const REFUSES: &str = "refuses";
pub const ABOUT: &str = "Ed25519 is not offered above, because some components refuse it. If you \
    bring or sign such a key, use it only where it is taken.";

/// One column for each kind of key.
pub const KINDS: [(&str, Algorithm); 3] =
    [("RSA", Algorithm::Rsa2048), ("ECDSA", Algorithm::EcdsaP256), ("Ed25519", Algorithm::Ed25519)];

pub fn taker(taker: Taker) -> &'static str {
    match taker {
        Taker::Kubeadm => "kubeadm, for files that are there already",
        Taker::ServiceAccounts => {
            "kube-apiserver and kube-controller-manager, for service-account tokens"
        }
        Taker::KubeletRotation => "kubelet, for the client certificate that it rotates",
        Taker::ApiserverServing => "kube-apiserver, as its serving certificate",
        Taker::ApiserverClients => "kube-apiserver, in client certificates and their CAs",
        Taker::Signing => "kube-controller-manager, as the key that signs requests (PKCS#8)",
        Taker::Etcd => "etcd, for members and clients",
        Taker::Kubeconfig => "kubectl, in a kubeconfig",
    }
}
