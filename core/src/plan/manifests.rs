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

/// `manifests/aggregation.yaml`: each extension API server asks kube-apiserver who its callers are
/// and what they may do, and reads there which CA signs the aggregation layer's certificate
/// (<https://kubernetes.io/docs/tasks/extend-kubernetes/setup-extension-api-server/>).
///
/// The service account is taken to have the name of the Service, as metrics-server's has.
pub(crate) fn aggregation(settings: &Settings) -> String {
    let mut documents = Vec::new();
    for (service, namespace) in super::services(settings) {
        let subject = Yaml::Map(vec![
            ("kind", Yaml::text("ServiceAccount")),
            ("name", Yaml::text(service)),
            ("namespace", Yaml::text(namespace)),
        ]);
        let name = |name: String| Yaml::Map(vec![("name", Yaml::Text(name))]);
        let delegates = name(format!("{namespace}:{service}:auth-delegator"));
        let reads = Yaml::Map(vec![
            ("name", Yaml::Text(format!("{namespace}:{service}:auth-reader"))),
            ("namespace", Yaml::text("kube-system")),
        ]);
        let reader = "extension-apiserver-authentication-reader";
        documents.extend([
            binding("ClusterRole", delegates, "system:auth-delegator", subject.clone()),
            binding("Role", reads, reader, subject),
        ]);
    }
    documents.iter().map(Yaml::to_document).collect::<Vec<_>>().join("---\n")
}

const GROUP: &str = "rbac.authorization.k8s.io";

fn role_binding(name: &str, role: &str, kind: &str, subject: &str) -> Yaml {
    let subject = Yaml::Map(vec![
        ("apiGroup", Yaml::text(GROUP)),
        ("kind", Yaml::text(kind)),
        ("name", Yaml::text(subject)),
    ]);
    binding("ClusterRole", Yaml::Map(vec![("name", Yaml::text(name))]), role, subject)
}

/// The binding of a ClusterRole or Role, `kind`.
fn binding(kind: &str, metadata: Yaml, role: &str, subject: Yaml) -> Yaml {
    let text = |text: &str| Yaml::text(text);
    Yaml::Map(vec![
        ("apiVersion", Yaml::Text(format!("{GROUP}/v1"))),
        ("kind", Yaml::Text(format!("{kind}Binding"))),
        ("metadata", metadata),
        (
            "roleRef",
            Yaml::Map(vec![("apiGroup", text(GROUP)), ("kind", text(kind)), ("name", text(role))]),
        ),
        ("subjects", Yaml::List(vec![subject])),
    ])
}
