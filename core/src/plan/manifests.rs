//! The RBAC without which the files can do less than they should: for kubeadm's layout what
//! `kubeadm init` would have made inside the cluster.

use super::layout::{Binding, Layout, SubjectKind};
use crate::design::Settings;
use crate::yaml::Yaml;

/// `manifests/rbac.yaml`: the bindings of a design's layout, as one YAML stream.
pub fn rbac(layout: &Layout, settings: &Settings) -> String {
    layout
        .bindings
        .iter()
        .filter(|binding| binding.when.holds(settings))
        .map(|binding| manifest(binding).to_document())
        .collect::<Vec<_>>()
        .join("---\n")
}

fn manifest(binding: &Binding) -> Yaml {
    let kind = match binding.subject_kind {
        SubjectKind::User => "User",
        SubjectKind::Group => "Group",
    };
    role_binding(binding.name, binding.role, kind, binding.subject)
}

/// The binding of a ClusterRole to a group.
pub(crate) fn group_binding(name: &str, role: &str, group: &str) -> Yaml {
    role_binding(name, role, "Group", group)
}

fn role_binding(name: &str, role: &str, kind: &str, subject: &str) -> Yaml {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let text = |text: &str| Yaml::text(text);
    Yaml::Map(vec![
        ("apiVersion", Yaml::Text(format!("{GROUP}/v1"))),
        ("kind", text("ClusterRoleBinding")),
        ("metadata", Yaml::Map(vec![("name", text(name))])),
        (
            "roleRef",
            Yaml::Map(vec![
                ("apiGroup", text(GROUP)),
                ("kind", text("ClusterRole")),
                ("name", text(role)),
            ]),
        ),
        (
            "subjects",
            Yaml::List(vec![Yaml::Map(vec![
                ("apiGroup", text(GROUP)),
                ("kind", text(kind)),
                ("name", text(subject)),
            ])]),
        ),
    ])
}
