//! The layouts and their CAs in words.

use pki_core::design::{Constraints, LayoutName, Subtree};
use pki_core::plan::layout::AuthorityRow;

/// What a layout is called.
pub fn name(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Kubeadm => "kubeadm",
        LayoutName::FiveFlows => "Five flows",
        LayoutName::SingleCa => "Single CA",
        LayoutName::HardWay => "The hard way",
        LayoutName::MasterEtc => "master-etc and node-etc",
        LayoutName::K3s => "k3s",
        LayoutName::ClusterApi => "Cluster API",
        LayoutName::Own => "Nothing: only what you add",
    }
}

/// One plain sentence about a layout.
pub fn about(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::Kubeadm => {
            "What kubeadm makes: three CAs, for the cluster, for etcd and for aggregated APIs."
        }
        LayoutName::FiveFlows => {
            "A CA for each of five flows (etcd, control plane, operators, kubelets, aggregation), \
             and each certificate for one end only."
        }
        LayoutName::SingleCa => {
            "One CA signs everything; names that only etcd's own clients and members have keep \
             everybody else out of etcd."
        }
        LayoutName::HardWay => {
            "The file names and users of Kubernetes the Hard Way, with etcd under TLS and the \
             tutorial's mistakes mended."
        }
        LayoutName::MasterEtc => {
            "27 files on each master and 3 on each node, which gets its certificate with a token; \
             the tree of k8s-certs-generator."
        }
        LayoutName::K3s => {
            "The five CAs and the service-account key from which k3s starts; it makes everything \
             else itself."
        }
        LayoutName::ClusterApi => {
            "Secrets with the three CAs and the service-account keys, from which Cluster API makes \
             a cluster."
        }
        LayoutName::Own => {
            "No CA, certificate or component of Kubernetes: you add CAs and certificates of your \
             own under “Advanced”, for a service mesh, webhooks or anything else."
        }
    }
}

/// Which names a CA may sign; empty where nothing limits it.
pub fn limits(constraints: &Constraints) -> String {
    let list = |all: &[Subtree]| {
        all.iter().map(|subtree| format!("`{subtree}`")).collect::<Vec<_>>().join(", ")
    };
    let permitted = match constraints.permitted.as_slice() {
        [] => None,
        all => Some(format!("may sign only names in {}", list(all))),
    };
    let excluded = match constraints.excluded.as_slice() {
        [] => None,
        all => Some(format!("may sign no name in {}", list(all))),
    };
    permitted.into_iter().chain(excluded).collect::<Vec<_>>().join("; ")
}

/// The name of a CA, by its letter.
pub fn authority(letter: char) -> &'static str {
    match letter {
        'K' => "Kubernetes CA",
        'F' => "Front-proxy CA",
        'E' => "etcd CA",
        'C' => "Control-plane CA",
        'O' => "Operators CA",
        'N' => "Kubelet CA",
        'A' => "Aggregation CA",
        'L' => "Client CA",
        'S' => "Server CA",
        'P' => "etcd peer CA",
        _ => "CA of your own",
    }
}

/// What to call a CA: by what it is for where its letter says that, else by its own name.
pub fn called(row: &AuthorityRow) -> &str {
    match authority(row.letter) {
        "CA" => row.common_name,
        known => known,
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
        'C' => "signs kube-apiserver and the control plane's own users; pods and people trust it",
        'O' => "signs the people who run the cluster, and what they ask the cluster to sign",
        'N' => {
            "signs kubelets, as servers and as users, and the certificate with which \
             kube-apiserver goes to them"
        }
        'A' => {
            "signs only the certificate with which kube-apiserver speaks for users to aggregated \
             API servers"
        }
        'L' => "signs everyone who logs in to kube-apiserver",
        'S' => "signs kube-apiserver and the kubelets as servers",
        'P' => "signs etcd members for each other",
        'E' => "signs etcd's members and those who may read and write everything in it",
        _ => "is of your own design",
    }
}

/// How a cluster starts from the files of a layout that is not kubeadm's.
pub fn start(layout: LayoutName) -> &'static str {
    match layout {
        LayoutName::K3s => {
            "Install each machine's files before k3s starts there for the first time: it uses the \
             CAs that it finds, and makes everything else itself."
        }
        LayoutName::ClusterApi => {
            "Apply the Secrets in the namespace of the Cluster object, before the object itself: \
             `kubectl apply -n NAMESPACE -f operator/cluster-api/`.\n\
             Cluster API puts the keys on the machines that it starts, and kubeadm signs \
             everything else there."
        }
        LayoutName::Own => {
            "Nothing starts by itself from these files. Whoever is to trust a CA gets its \
             certificate from `operator/ca/`; the CAs' keys in `vault/` are needed again only to \
             sign."
        }
        _ => {
            "Start each component with the arguments in `flags/<machine>/`, and with whatever else \
             it needs beside certificates: addresses, ports, storage.\n\
             The files have the same paths on every machine, so the arguments do too."
        }
    }
}

/// The kubeconfig in the archive whose group needs no binding.
pub fn first_kubeconfig(layout: LayoutName) -> Option<&'static str> {
    match layout {
        LayoutName::Kubeadm | LayoutName::K3s | LayoutName::ClusterApi | LayoutName::Own => None,
        LayoutName::FiveFlows => Some("operator/super-admin.conf"),
        LayoutName::SingleCa | LayoutName::MasterEtc => Some("operator/admin.conf"),
        LayoutName::HardWay => Some("operator/admin.kubeconfig"),
    }
}

/// What is other than in the layout's original, each with its reason.
pub fn fixes(layout: LayoutName) -> &'static [&'static str] {
    match layout {
        LayoutName::FiveFlows => &[
            "The talk says that no client of one flow can speak to the server of another. That is \
             so for etcd, kubelets and aggregated APIs; kube-apiserver trusts three of the CAs for \
             its clients (`client-ca.crt`), and each of them can make a user of any name and \
             group, system:masters included.",
            "Extended key usages are not marked critical, as Go and kubeadm write them.",
            "kubelets get their serving certificates from here, because no signer of Kubernetes \
             approves such requests by itself.",
        ],
        LayoutName::SingleCa => &[
            "Certificates are of X.509 version 3, with names and usages: the commands of the notes \
             make version 1, which Go refuses for servers.",
            "The group of administrators is system:masters; system:master does not exist and \
             gives nothing.",
            "Each certificate has a key of its own; the notes sign the API server's request with \
             the administrator's.",
            "etcd lets in only clients with the name etcd-client, and members with the common name \
             etcd-peer: otherwise everybody whom the one CA signs, kubelets included, could read \
             and write all of etcd.",
            "The API server takes users from headers only of front-proxy-client; with an empty \
             list every client of the one CA could claim to be anybody.",
        ],
        LayoutName::HardWay => &[
            "etcd speaks TLS and has a CA of its own; the tutorial's etcd answers everybody on \
             the machine, without a certificate.",
            "The scheduler's group is system:kube-scheduler; the tutorial writes \
             system:system:kube-scheduler.",
            "The API server's certificate names kubernetes.default.svc and \
             kubernetes.default.svc.cluster.local; the tutorial misses the latter and has \
             kubernetes.svc.cluster.local instead.",
            "Each certificate is a client's or a server's; in the tutorial every one is both, so \
             that a server's certificate logs in as a user.",
            "kube-proxy has no group: system:node-proxier is the name of a role, not of a group.",
            "The API server goes to kubelets with a certificate of its own, \
             kube-api-server-kubelet-client, and not with its server certificate.",
            "kubelet certificates name the node's addresses; the tutorial's have only its name and \
             127.0.0.1.",
            "Token keys are a bare pair, service-accounts.key and service-accounts.pub: a \
             certificate over them would let whoever has the key log in as a user.",
        ],
        LayoutName::MasterEtc => &[
            "sa.key is one key for all masters; the generator makes another on each, and tokens of \
             one master fail on the others.",
            "sa.key signs service-account tokens and sa.pub checks them; nothing is encrypted.",
            "admin.conf has a key and a user of its own; the generator embeds that of \
             apiserver-kubelet-client.",
            "etcd's server certificate is a client's too, because etcd asks itself with it, and its \
             certificates name the machine, its addresses and localhost.",
            "CAs have basicConstraints, without which Go and kubeadm refuse them.",
            "The key of the front-proxy CA is on the masters because it is in the tree; nothing \
             needs it there.",
            "The flags --service-account-issuer and --service-account-signing-key-file are set, \
             which kube-apiserver demands since Kubernetes 1.20.",
            "A kubelet's own serving certificate is self-signed and not by a CA below the \
             cluster's, as the article has it; so kube-apiserver does not verify it.",
            "Static tokens fail the CIS benchmark (1.2.2) and end only when token.csv changes and \
             kube-apiserver restarts; change it once all nodes have their certificates.",
        ],
        LayoutName::Kubeadm | LayoutName::K3s | LayoutName::ClusterApi | LayoutName::Own => &[],
    }
}
