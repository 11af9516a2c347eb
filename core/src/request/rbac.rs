//! The RBAC that lets one person file and read one request, and nothing else.

use crate::design::{DnsName, NodeName};
use crate::review::API_GROUP;
use crate::yaml::Yaml;

use super::WishError;

/// Names of the objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RbacNames {
    /// Namespace of the ServiceAccounts, `users` in the course.
    pub namespace: String,
    /// The ServiceAccount: the person's name as a DNS subdomain.
    pub service_account: String,
    /// The request, the ClusterRole and its binding, `user=jean.doe`.
    pub request: String,
}

/// Namespace, ServiceAccount, ClusterRole and ClusterRoleBinding as a stream of YAML documents,
/// and the command that gives the person a token for a day.
///
/// `create` cannot be limited to a name (the name is in the body, not in the path), so the role
/// gives `create` on all requests and `get`, `list` and `watch` on the one.
///
/// # Errors
/// [`WishError::ServiceName`] when a name cannot be that of a namespace or ServiceAccount.
pub fn one_person(names: &RbacNames) -> Result<(String, String), WishError> {
    let RbacNames { namespace, service_account, request } = names;
    let wrong = |name: &str| Err(WishError::ServiceName(name.to_owned()));
    if NodeName::parse(namespace).is_err() || namespace.contains('.') || namespace.len() > 63 {
        return wrong(namespace);
    }
    if DnsName::parse(service_account).is_err() || service_account.starts_with('*') {
        return wrong(service_account);
    }
    let rbac = "rbac.authorization.k8s.io";
    let named = |name: &str| Yaml::Map(vec![("name", Yaml::text(name))]);
    let object = |version: &str, kind: &str, metadata: Yaml| {
        vec![
            ("apiVersion", Yaml::text(version)),
            ("kind", Yaml::text(kind)),
            ("metadata", metadata),
        ]
    };
    let mut role = object(&format!("{rbac}/v1"), "ClusterRole", named(request));
    let rule = |verbs: &[&str], only: Option<&str>| {
        let mut rule = vec![("apiGroups", Yaml::texts([API_GROUP]))];
        if let Some(name) = only {
            rule.push(("resourceNames", Yaml::texts([name])));
        }
        rule.push(("resources", Yaml::texts(["certificatesigningrequests"])));
        rule.push(("verbs", Yaml::texts(verbs.iter().copied())));
        Yaml::Map(rule)
    };
    let rules =
        vec![rule(&["create"], None), rule(&["get", "list", "watch"], Some(request.as_str()))];
    role.push(("rules", Yaml::List(rules)));
    let mut binding = object(&format!("{rbac}/v1"), "ClusterRoleBinding", named(request));
    binding.push((
        "roleRef",
        Yaml::Map(vec![
            ("apiGroup", Yaml::text(rbac)),
            ("kind", Yaml::text("ClusterRole")),
            ("name", Yaml::text(request)),
        ]),
    ));
    binding.push((
        "subjects",
        Yaml::List(vec![Yaml::Map(vec![
            ("kind", Yaml::text("ServiceAccount")),
            ("name", Yaml::text(service_account)),
            ("namespace", Yaml::text(namespace)),
        ])]),
    ));
    let account = Yaml::Map(vec![
        ("name", Yaml::text(service_account)),
        ("namespace", Yaml::text(namespace)),
    ]);
    let documents = [
        object("v1", "Namespace", named(namespace)),
        object("v1", "ServiceAccount", account),
        role,
        binding,
    ];
    let documents: Vec<String> =
        documents.into_iter().map(|entries| Yaml::Map(entries).to_document()).collect();
    let token =
        format!("kubectl create token {service_account} --namespace {namespace} --duration 24h\n");
    Ok((documents.join("---\n"), token))
}

/// A ClusterRole for those who approve requests for a signer, or (`signs`) who sign them: what
/// kube-apiserver asks for besides `get`, `list` and `watch`.
pub fn signer_role(signer: &str, signs: bool) -> String {
    let rule = |group_resource: &str, verbs: &[&str], only: Option<&str>| {
        let mut rule = vec![("apiGroups", Yaml::texts([API_GROUP]))];
        rule.extend(only.map(|name| ("resourceNames", Yaml::texts([name]))));
        rule.push(("resources", Yaml::texts([group_resource])));
        rule.push(("verbs", Yaml::texts(verbs.iter().copied())));
        Yaml::Map(rule)
    };
    let (part, verb) = match signs {
        true => ("certificatesigningrequests/status", "sign"),
        false => ("certificatesigningrequests/approval", "approve"),
    };
    let name = signer.replace(['/', '.'], "-");
    Yaml::Map(vec![
        ("apiVersion", Yaml::text("rbac.authorization.k8s.io/v1")),
        ("kind", Yaml::text("ClusterRole")),
        ("metadata", Yaml::Map(vec![("name", Yaml::text(format!("{verb}-{name}")))])),
        (
            "rules",
            Yaml::List(vec![
                rule("certificatesigningrequests", &["get", "list", "watch"], None),
                rule(part, &["update"], None),
                rule("signers", &[verb], Some(signer)),
            ]),
        ),
    ])
    .to_document()
}
