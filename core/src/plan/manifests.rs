//! The RBAC that `kubeadm init` would have made inside the cluster, without which the files that
//! it leaves on disk can do less than they should.
//!
//! Source: k/k `cmd/kubeadm/app/phases/kubeconfig/kubeconfig.go` (`EnsureAdminClusterRoleBinding`)
//! and `…/phases/bootstraptoken/node/tlsbootstrap.go`.

use crate::design::KubernetesVersion;
use crate::yaml::Yaml;

/// One ClusterRoleBinding of kubeadm.
struct Binding {
    name: &'static str,
    role: &'static str,
    subject_kind: &'static str,
    subject: &'static str,
    /// The minor version from which kubeadm makes it.
    from: u16,
}

const BINDINGS: &[Binding] = &[
    // Without it admin.conf may do nothing.
    Binding {
        name: "kubeadm:cluster-admins",
        role: "cluster-admin",
        subject_kind: "Group",
        subject: "kubeadm:cluster-admins",
        from: 29,
    },
    // Without it kubelets refuse the apiserver: no logs, no exec.
    Binding {
        name: "kubeadm:apiserver-kubelet-client",
        role: "system:kubelet-api-admin",
        subject_kind: "User",
        subject: "kube-apiserver-kubelet-client",
        from: 33,
    },
    // Without it kubelets cannot renew the certificates that we give them.
    Binding {
        name: "kubeadm:node-autoapprove-certificate-rotation",
        role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
        subject_kind: "Group",
        subject: "system:nodes",
        from: 0,
    },
];

/// `manifests/rbac.yaml`: the bindings for a version, as one YAML stream.
pub fn rbac(version: KubernetesVersion) -> String {
    BINDINGS
        .iter()
        .filter(|binding| binding.from <= version.minor)
        .map(|binding| manifest(binding).to_document())
        .collect::<Vec<_>>()
        .join("---\n")
}

fn manifest(binding: &Binding) -> Yaml {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let text = |text: &str| Yaml::text(text);
    Yaml::Map(vec![
        ("apiVersion", Yaml::Text(format!("{GROUP}/v1"))),
        ("kind", text("ClusterRoleBinding")),
        ("metadata", Yaml::Map(vec![("name", text(binding.name))])),
        (
            "roleRef",
            Yaml::Map(vec![
                ("apiGroup", text(GROUP)),
                ("kind", text("ClusterRole")),
                ("name", text(binding.role)),
            ]),
        ),
        (
            "subjects",
            Yaml::List(vec![Yaml::Map(vec![
                ("apiGroup", text(GROUP)),
                ("kind", text(binding.subject_kind)),
                ("name", text(binding.subject)),
            ])]),
        ),
    ])
}
