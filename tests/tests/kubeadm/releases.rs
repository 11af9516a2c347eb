//! What kubeadm makes at four releases and in three networks, in a few words each.
//!
//! Sources: k/k `cmd/kubeadm/app/phases/certs/certlist.go`, `…/phases/kubeconfig/kubeconfig.go`,
//! `…/util/pkiutil/pki_helpers.go` at each release.

/// What changed between releases.
pub(crate) struct Release {
    pub version: &'static str,
    pub kubelet_client: &'static str,
    pub etcd_client: &'static str,
    pub admin: &'static str,
    /// super-admin.conf is there (KEP-4214).
    pub super_admin: bool,
    /// The kubelet of a control plane talks to its own apiserver (ControlPlaneKubeletLocalMode).
    pub local_kubelet: bool,
}

pub(crate) const MASTERS: &str = "O = system:masters, ";
const ADMINS: &str = "O = kubeadm:cluster-admins, ";

const fn old(version: &'static str) -> Release {
    Release {
        version,
        kubelet_client: MASTERS,
        etcd_client: MASTERS,
        admin: MASTERS,
        super_admin: false,
        local_kubelet: false,
    }
}

pub(crate) const RELEASES: [Release; 4] = [
    old("1.20"),
    old("1.28"),
    Release {
        version: "1.32",
        kubelet_client: ADMINS,
        etcd_client: "",
        admin: ADMINS,
        super_admin: true,
        local_kubelet: false,
    },
    Release {
        version: "1.36",
        kubelet_client: "",
        etcd_client: "",
        admin: ADMINS,
        super_admin: true,
        local_kubelet: true,
    },
];

/// A family of addresses: the service ranges, the first service address, and what comes before
/// the number of a control plane in its addresses.
pub(crate) struct Network {
    pub ranges: &'static [&'static str],
    pub service: &'static str,
    pub nodes: &'static [&'static str],
}

pub(crate) const NETWORKS: [Network; 3] = [
    Network { ranges: &["10.96.0.0/12"], service: "10.96.0.1", nodes: &["10.0.0.1"] },
    Network { ranges: &["fd00:1::/112"], service: "fd00:1::1", nodes: &["fd00:2::1"] },
    // Of the second range kubeadm takes no address; of the second address of a node, see
    // `differences`.
    Network {
        ranges: &["192.168.128.0/24", "fd00:1::/112"],
        service: "192.168.128.1",
        nodes: &["10.0.0.1", "fd00:2::1"],
    },
];
