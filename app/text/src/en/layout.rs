//! The layouts and their CAs in words.

use pki_core::design::LayoutName;

/// What a layout is called.
pub fn name(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Kubeadm => "kubeadm",
    }
}

/// One plain sentence about a layout.
pub fn about(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Kubeadm => {
            "What kubeadm makes: three CAs, for the cluster, for etcd and for aggregated APIs."
        }
    }
}

/// The name of a CA, by its letter.
pub fn authority(letter: char) -> &'static str {
    match letter {
        'K' => "Kubernetes CA",
        'F' => "Front-proxy CA",
        'E' => "etcd CA",
        _ => "CA",
    }
}

/// What a CA is for, by its letter.
pub fn purpose(letter: char) -> &'static str {
    match letter {
        'K' => {
            "signs kube-apiserver, everyone who logs in to it, and the client certificates of nodes"
        }
        'F' => {
            "signs only the certificate with which kube-apiserver speaks for users to aggregated \
             API servers"
        }
        'E' => "signs etcd's members and those who may read and write everything in it",
        _ => "",
    }
}
