//! The cluster that is assumed where nobody describes one, for the page and the terminal.

use std::collections::BTreeMap;

use super::authority::Authority;
use super::cluster::{Access, Cluster, Identity, Right, SYSTEM_MASTERS, SigningAuthority};
use super::{
    Decision, KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, Outcome,
    Review, Severity,
};

/// The signers of kube-controller-manager that sign requests of people and nodes.
pub const BUILT_IN_SIGNERS: [&str; 3] =
    [KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING];

impl Cluster {
    /// A cluster of kubeadm in which everybody may ask, and whose CA signs for the built-in
    /// signers for so many seconds at most.
    ///
    /// With a CA that was brought along, that one also signs for `asked`, a signer of one's own;
    /// without, one stands in for it that never ends.
    pub fn assumed(authority: Option<Authority>, asked: Option<&str>, duration: i64) -> Self {
        let mut access = Access::kubeadm();
        access.grant_group("system:authenticated", Right::Create);
        let own = asked.filter(|_| authority.is_some());
        let authority = authority.unwrap_or_else(endless);
        let authorities: BTreeMap<String, SigningAuthority> = BUILT_IN_SIGNERS
            .into_iter()
            .chain(own)
            .map(|signer| {
                let authority = SigningAuthority { authority: Some(authority.clone()), duration };
                (signer.to_owned(), authority)
            })
            .collect();
        Self { access, authorities, ..Self::default() }
    }
}

/// Stands in for a CA that nobody named: it never ends and has a key identifier.
fn endless() -> Authority {
    Authority {
        subject: Vec::new(),
        key_identifier: Some(vec![0]),
        spki: Vec::new(),
        not_before: 0,
        not_after: i64::MAX,
        is_ca: Some(true),
        may_sign: Some(true),
    }
}

impl Identity {
    /// kubeadm's administrator.
    pub fn administrator() -> Self {
        Self {
            username: "kubernetes-admin".to_owned(),
            groups: vec!["kubeadm:cluster-admins".to_owned()],
        }
    }

    /// Somebody who logged in, with groups besides `system:authenticated`.
    pub fn authenticated(username: &str, mut groups: Vec<String>) -> Self {
        groups.push("system:authenticated".to_owned());
        Self { username: username.to_owned(), groups }
    }
}

impl Review {
    /// Whether nobody on the way says no.
    pub fn passes(&self) -> bool {
        self.is_created() && !self.findings.iter().any(|f| f.rule.severity() == Severity::Error)
    }

    /// Where it ends once somebody approves it who may.
    pub fn when_approved(&self, cluster: &Cluster) -> Outcome {
        let groups = vec![SYSTEM_MASTERS.to_owned()];
        self.settle(cluster, &[(Decision::Approve, Identity { username: String::new(), groups })])
    }
}

/// The usages that a signer is usually asked for.
pub fn usual_usages(signer: &str) -> Vec<String> {
    let purpose = match signer {
        "" | KUBE_APISERVER_CLIENT | KUBE_APISERVER_CLIENT_KUBELET => "client auth",
        _ => "server auth",
    };
    vec!["digital signature".to_owned(), purpose.to_owned()]
}
