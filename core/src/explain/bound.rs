//! What RBAC gives a user before anybody binds anything: by the bindings that kube-apiserver makes
//! at its start (`bootstrappolicy/{policy,namespace_policy}.go`), and kubeadm at init.

/// What everybody has who is known, by the group system:authenticated.
const EVERYBODY: &[&str] = &["system:basic-user", "system:discovery", "system:public-info-viewer"];

/// ClusterRoles, and Roles as namespace/name, of a user in these groups.
pub(super) fn roles(user: Option<&str>, groups: &[String]) -> Vec<String> {
    let by_group = groups.iter().flat_map(|group| of_group(group));
    let by_user = user.into_iter().flat_map(of_user);
    let mut all: Vec<String> = Vec::new();
    for role in by_group.chain(by_user).chain(EVERYBODY) {
        // Two groups may give the same.
        if !all.iter().any(|there| there == role) {
            all.push((*role).to_owned());
        }
    }
    all
}

fn of_group(group: &str) -> &'static [&'static str] {
    match group {
        "system:masters" | "kubeadm:cluster-admins" => &["cluster-admin"],
        "system:monitoring" => &["system:monitoring"],
        "system:nodes" => &[
            "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
            "kube-system/kubeadm:kubelet-config",
            "kube-system/kubeadm:nodes-kubeadm-config",
        ],
        "system:bootstrappers:kubeadm:default-node-token" => &[
            "system:node-bootstrapper",
            "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
            "kubeadm:get-nodes",
            "kube-system/kubeadm:kubelet-config",
            "kube-system/kubeadm:nodes-kubeadm-config",
        ],
        "system:serviceaccounts" => &["system:service-account-issuer-discovery"],
        _ => &[],
    }
}

/// By the user's name alone.
pub(super) fn of_user(user: &str) -> &'static [&'static str] {
    match user {
        "system:kube-controller-manager" => &[
            "system:kube-controller-manager",
            "kube-system/extension-apiserver-authentication-reader",
            "kube-system/system::leader-locking-kube-controller-manager",
        ],
        "system:kube-scheduler" => &[
            "system:kube-scheduler",
            "system:volume-scheduler",
            "kube-system/extension-apiserver-authentication-reader",
            "kube-system/system::leader-locking-kube-scheduler",
        ],
        "system:kube-proxy" => &["system:node-proxier"],
        "kube-apiserver-kubelet-client" => &["system:kubelet-api-admin"],
        _ => &[],
    }
}
