//! What a person chose, beside the layout itself.

use crate::design::{LayoutName, Settings, format_duration};

/// A choice of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// The layout.
    Layout,
    /// The name of the cluster.
    ClusterName,
    /// The version of Kubernetes.
    Version,
    /// How many control planes.
    ControlPlanes,
    /// How many workers.
    Workers,
    /// How many members an external etcd has.
    EtcdMembers,
    /// The common endpoint.
    Endpoint,
    /// The ranges of Services.
    ServiceCidrs,
    /// The DNS domain of Services.
    DnsDomain,
    /// The algorithm of the keys.
    Algorithm,
    /// The algorithm of `sa.key`.
    ServiceAccountAlgorithm,
    /// The lifetime of CAs.
    CaValidity,
    /// The lifetime of leaves.
    LeafValidity,
    /// Where the keys of CAs go.
    CaKeys,
    /// Whether certificates get mode 0600.
    Hardened,
    /// Whether extended key usages are critical.
    CriticalUsages,
    /// Whether kube-apiserver refuses requests without a credential.
    RefuseAnonymous,
    /// What subjects say beside their CN and groups.
    Subject,
    /// How many people get a kubeconfig.
    Users,
    /// What is made on request.
    Outputs,
}

/// The choices, each as the design document writes it.
pub(super) fn choices(settings: &Settings) -> Vec<(Choice, String)> {
    let switch = |on: bool| if on { "true" } else { "false" }.to_owned();
    let ranges: Vec<String> = settings.service_cidrs.iter().map(ToString::to_string).collect();
    let outputs: Vec<&str> = settings.outputs.iter().map(|output| output.name()).collect();
    let endpoint = settings.endpoint.as_ref().map(|endpoint| match endpoint.port {
        Some(port) => format!("{}:{port}", endpoint.host),
        None => endpoint.host.to_string(),
    });
    vec![
        (Choice::Layout, LayoutName::name(settings.layout).to_owned()),
        (Choice::ClusterName, settings.cluster_name.to_string()),
        (Choice::Version, settings.version.to_string()),
        (Choice::ControlPlanes, settings.control_planes.len().to_string()),
        (Choice::Workers, settings.workers.len().to_string()),
        (Choice::EtcdMembers, settings.etcd.members.len().to_string()),
        (Choice::Endpoint, endpoint.unwrap_or_default()),
        (Choice::ServiceCidrs, ranges.join(", ")),
        (Choice::DnsDomain, settings.dns_domain.to_string()),
        (Choice::Algorithm, settings.algorithm.to_string()),
        (Choice::ServiceAccountAlgorithm, settings.service_account_algorithm.to_string()),
        (Choice::CaValidity, format_duration(settings.ca_validity)),
        (Choice::LeafValidity, format_duration(settings.leaf_validity)),
        (Choice::CaKeys, settings.ca_keys.name().to_owned()),
        (Choice::Hardened, switch(settings.hardened)),
        (Choice::CriticalUsages, switch(settings.critical_usages)),
        (Choice::RefuseAnonymous, switch(settings.refuse_anonymous)),
        (Choice::Subject, settings.subject.to_string()),
        (Choice::Users, settings.users.len().to_string()),
        (Choice::Outputs, outputs.join(", ")),
    ]
}
