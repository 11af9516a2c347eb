//! Which layout a design has: a word in the document, a table in the plan.

use super::{CaKeys, Design, Output};

/// A layout: which CAs there are, what each signs, and where every file goes.
///
/// The tables themselves are in `plan/layout`, one file each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayoutName {
    /// What `kubeadm init` makes: three CAs.
    Kubeadm,
    /// A CA for each of five flows (Exoscale).
    FiveFlows,
    /// One CA for everything.
    SingleCa,
    /// The files of Kubernetes the Hard Way.
    HardWay,
    /// The trees master-etc and node-etc of k8s-certs-generator.
    MasterEtc,
    /// What k3s starts from.
    K3s,
    /// What Cluster API starts from.
    ClusterApi,
    /// Nothing but the design's own CAs and certificates.
    Own,
}

impl LayoutName {
    /// Every layout that can be chosen, in the order in which they are offered.
    pub const OFFERED: [Self; 8] = [
        Self::Kubeadm,
        Self::FiveFlows,
        Self::SingleCa,
        Self::HardWay,
        Self::MasterEtc,
        Self::K3s,
        Self::ClusterApi,
        Self::Own,
    ];

    /// Every layout that has CAs of its own.
    pub const ALL: [Self; 7] = [
        Self::Kubeadm,
        Self::FiveFlows,
        Self::SingleCa,
        Self::HardWay,
        Self::MasterEtc,
        Self::K3s,
        Self::ClusterApi,
    ];

    /// The word for it in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubeadm => "kubeadm",
            Self::FiveFlows => "five-flows",
            Self::SingleCa => "single-ca",
            Self::HardWay => "hard-way",
            Self::MasterEtc => "master-etc",
            Self::K3s => "k3s",
            Self::ClusterApi => "cluster-api",
            Self::Own => "own",
        }
    }

    /// Whether whoever starts from the files signs with the CA keys itself, so that they cannot
    /// stay in a vault.
    pub fn needs_ca_keys(self) -> bool {
        matches!(self, Self::K3s | Self::ClusterApi)
    }

    /// Whether kubelets get their serving certificates from us.
    pub fn has_kubelet_servers(self) -> bool {
        matches!(self, Self::FiveFlows | Self::SingleCa | Self::HardWay)
    }

    /// Whether etcd can run on machines of its own.
    pub fn can_have_external_etcd(self) -> bool {
        matches!(self, Self::Kubeadm | Self::FiveFlows)
    }

    /// The layout of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::OFFERED.into_iter().find(|layout| layout.name() == name)
    }
}

impl Design {
    /// The same machines and choices in a layout as it comes: own CAs and certificates are about
    /// the layout that the design has, so they stay behind, with what does not fit.
    #[must_use]
    pub fn in_layout(&self, layout: LayoutName) -> Self {
        let mut design = self.clone();
        layout.name().clone_into(&mut design.layout);
        design.authorities.clear();
        design.certificates.clear();
        let fits = |name: &str| {
            Output::ALL.iter().any(|output| output.name() == name.trim() && output.fits(layout))
        };
        design.outputs.retain(|name| fits(name));
        if layout.needs_ca_keys() {
            CaKeys::ControlPlanes.name().clone_into(&mut design.ca_keys);
        }
        design
    }
}
