//! The connections of which one end is no component, or is told whom to trust by no flag of ours.

use super::flows::{Checked, Flag, Flow, Means, Party, Proof, Shows};
use super::layout::Component::{Apiserver, ControllerManager, Etcd, Kubelet};
use super::{Content, ItemId, Owner, Plan, Subject};
use crate::design::{OwnCertificate, San};

/// Whoever calls with nothing, or answers without TLS.
const NOTHING: Proof = Proof { shows: Shows::Nothing, by: None, path: None, checked: Checked::No };

impl Plan {
    fn apiserver(&self, checked: Checked) -> Proof {
        let answers = Flag { component: Apiserver, name: "tls-cert-file" };
        Proof {
            shows: self.shown(answers),
            by: Some(answers),
            path: self.value(answers).map(|(path, _)| path),
            checked,
        }
    }

    /// A kubelet that has only the token of its bootstrap kubeconfig.
    pub(super) fn bootstrap(&self) -> Option<Flow> {
        let by = Flag { component: Kubelet, name: "bootstrap-kubeconfig" };
        let kubeconfig = self.kubeconfig(by)?;
        let list = Flag { component: Apiserver, name: "token-auth-file" };
        let caller = Proof {
            shows: self.credential(kubeconfig.client),
            by: Some(by),
            path: self.value(by).map(|(path, _)| path),
            checked: self.value(list).map_or(Checked::No, |_| Checked::Other(list)),
        };
        let callee = self.apiserver(Checked::Kubeconfig(Some(by), kubeconfig.ca));
        Some(self.finish(Party::NewNode, Party::Component(Apiserver), caller, callee))
    }

    /// Each of the people's kubeconfigs.
    pub(super) fn operators(&self) -> Vec<Flow> {
        let files = self.files.iter().filter(|file| file.owner == Owner::Operator);
        files
            .filter_map(|file| {
                let Content::Kubeconfig(kubeconfig) = &file.content else { return None };
                let shows = self.credential(kubeconfig.client);
                let (from, checked) = match shows {
                    // People give it to a machine that is to join.
                    Shows::Token(_) => {
                        let name = "enable-bootstrap-token-auth";
                        let flag = Flag { component: Apiserver, name };
                        let is_on = self.value(flag).map(|_| Checked::Other(flag));
                        (Party::NewNode, is_on.unwrap_or(Checked::No))
                    }
                    _ => (Party::Operator, self.checked(Apiserver, "client-ca-file")),
                };
                let caller = Proof { shows, by: None, path: Some(file.path.clone()), checked };
                let callee = self.apiserver(Checked::Kubeconfig(None, kubeconfig.ca));
                Some(self.finish(from, Party::Component(Apiserver), caller, callee))
            })
            .collect()
    }

    /// Pods find the CA in the ConfigMap kube-root-ca.crt, which holds `--root-ca-file`.
    pub(super) fn pods(&self) -> Flow {
        let caller = Proof {
            shows: Shows::ServiceAccountToken,
            by: None,
            path: Some("/var/run/secrets/kubernetes.io/serviceaccount/token".to_owned()),
            checked: Checked::Other(Flag {
                component: Apiserver,
                name: "service-account-key-file",
            }),
        };
        let callee = self.apiserver(self.checked(ControllerManager, "root-ca-file"));
        self.finish(Party::Pod, Party::Component(Apiserver), caller, callee)
    }

    /// kube-apiserver's proxy calls nodes, pods and Services by plain HTTP unless whoever asks says
    /// `https:`, and then it checks nobody's certificate and shows none.
    pub(super) fn proxied(&self) -> Flow {
        self.finish(Party::Component(Apiserver), Party::Pod, NOTHING, NOTHING)
    }

    /// etcd's gateway from HTTP to gRPC is a client of its own server: by `--client-cert-file`,
    /// else with the server's certificate. It trusts whoever answers, which is itself (`embed/serve.go`).
    pub(super) fn gateway(&self) -> Option<Flow> {
        let flag = |name| Flag { component: Etcd, name };
        let is_off = self.value(flag("enable-grpc-gateway")).is_some_and(|(on, _)| on == "false");
        if is_off || !self.runs(Etcd) {
            return None;
        }
        let flags = ["client-cert-file", "cert-file"].map(flag);
        let by = flags.into_iter().find(|flag| self.value(*flag).is_some())?;
        let caller = self.server(by, self.checked(Etcd, "trusted-ca-file"));
        let callee = self.server(flag("cert-file"), Checked::Means(Means::Itself, Vec::new()));
        Some(self.finish(Party::Component(Etcd), Party::Component(Etcd), caller, callee))
    }

    /// People ask etcd for its health on its own machines; kubeadm's probe did before 1.17
    /// (kubernetes#81385).
    pub(super) fn etcdctl(&self) -> Option<Flow> {
        let is_it = |name: &str| name.rsplit('/').next() == Some("etcd-healthcheck-client");
        let client = self.items.iter().position(|item| is_it(&item.name))?;
        let caller = self.held(ItemId(client), self.checked(Etcd, "trusted-ca-file"));
        let mut callee = self.server(Flag { component: Etcd, name: "cert-file" }, Checked::No);
        callee.checked = Checked::Means(Means::Etcdctl, self.issuers(&callee.shows));
        Some(self.finish(Party::Etcdctl, Party::Component(Etcd), caller, callee))
    }

    /// Extension servers, and metrics-server as the client of kubelets that it is.
    ///
    /// They find the CA of their caller in the ConfigMap extension-apiserver-authentication.
    pub(super) fn aggregation(&self) -> Vec<Flow> {
        let (from, to) = (Party::Component(Apiserver), Party::ExtensionServer);
        let by = Flag { component: Apiserver, name: "proxy-client-cert-file" };
        let own = self.own(|own| is_service(own) && !is_webhook(own));
        let mut servers: Vec<Proof> =
            own.into_iter().map(|id| self.known(id, Means::ApiService)).collect();
        let caller = match self.value(by) {
            Some((path, _)) => Proof {
                shows: self.shown(by),
                by: Some(by),
                path: Some(path),
                checked: self.checked(Apiserver, "requestheader-client-ca-file"),
            },
            // Without the flag there is no such connection, unless a certificate is made for one.
            None if servers.is_empty() => return Vec::new(),
            None => NOTHING,
        };
        if servers.is_empty() {
            let checked = Checked::Means(Means::ApiService, Vec::new());
            servers.push(Proof { shows: Shows::Foreign, checked, ..NOTHING });
        }
        let called =
            servers.into_iter().map(|callee| self.finish(from, to, caller.clone(), callee));
        called.chain(self.metrics()).collect()
    }

    /// metrics-server asks every kubelet. By itself it trusts the CA of its pod (`--root-ca-file`);
    /// its `--kubelet-certificate-authority` names the one that signs for kubelets.
    fn metrics(&self) -> Option<Flow> {
        if !self.runs(Kubelet) {
            return None;
        }
        let by = Flag { component: Kubelet, name: "authentication-token-webhook" };
        let is_asked = self.value(by).is_some_and(|(on, _)| on == "true");
        let caller = Proof {
            shows: Shows::ServiceAccountToken,
            checked: if is_asked { Checked::Other(by) } else { Checked::No },
            ..NOTHING
        };
        let answers = Flag { component: Kubelet, name: "tls-cert-file" };
        let mut callee = self.server(answers, Checked::No);
        let issuers = self.issuers(&callee.shows);
        // Against a certificate that signs itself only --kubelet-insecure-tls helps.
        if !issuers.is_empty() {
            callee.checked = Checked::Means(Means::MetricsServer, issuers);
        }
        let (from, to) = (Party::ExtensionServer, Party::Component(Kubelet));
        let mut flow = self.finish(from, to, caller, callee);
        flow.becomes = Some(Subject {
            organizations: vec!["system:serviceaccounts:kube-system".to_owned()],
            common_name: "system:serviceaccount:kube-system:metrics-server".to_owned(),
        });
        Some(flow)
    }

    /// Webhooks for which the design has a certificate. kube-apiserver shows them none, unless its
    /// AdmissionConfiguration names a kubeconfig.
    pub(super) fn webhooks(&self) -> Vec<Flow> {
        let own = self.own(|own| is_service(own) && is_webhook(own));
        let flow = |id| {
            let callee = self.known(id, Means::WebhookConfiguration);
            self.finish(Party::Component(Apiserver), Party::Webhook, NOTHING, callee)
        };
        own.into_iter().map(flow).collect()
    }

    /// kube-apiserver and the agents on the nodes both call Konnectivity's server, as far as the
    /// design has certificates for them.
    pub(super) fn konnectivity(&self) -> Vec<Flow> {
        let named = |own: &OwnCertificate| own.name.contains("konnectivity");
        let Some(server) = self.own(|own| named(own) && own.server).first().copied() else {
            return Vec::new();
        };
        let client = |of_apiserver: bool| {
            let found = self.own(|own| {
                let is_apiserver = own.name.contains("apiserver");
                named(own) && own.client && !own.server && is_apiserver == of_apiserver
            });
            found.first().copied()
        };
        let (apiserver, agent) = (Party::Component(Apiserver), Party::KonnectivityAgent);
        let ends = [
            (apiserver, client(true), Means::ServerCa, Means::EgressSelector),
            (agent, client(false), Means::ClusterCa, Means::AgentCa),
        ];
        let flow = |(from, client, checks, trusts): (Party, Option<ItemId>, Means, Means)| {
            let (caller, callee) = (self.known(client?, checks), self.known(server, trusts));
            Some(self.finish(from, Party::KonnectivityServer, caller, callee))
        };
        ends.into_iter().filter_map(flow).collect()
    }

    /// The first certificate of each by hand of which this is true.
    fn own(&self, is_it: impl Fn(&OwnCertificate) -> bool) -> Vec<ItemId> {
        let wanted = self.settings.certificates.iter().filter(|own| is_it(own));
        let first = |own: &OwnCertificate| {
            let name = format!("/own/{}", own.name);
            self.items.iter().position(|item| item.name.ends_with(&name)).map(ItemId)
        };
        wanted.filter_map(first).collect()
    }

    /// A certificate that is checked by its CA, as somebody must be told.
    fn known(&self, id: ItemId, means: Means) -> Proof {
        self.held(id, Checked::Means(means, self.issuers(&Shows::Certificate(id))))
    }

    /// A certificate that no flag names.
    fn held(&self, id: ItemId, checked: Checked) -> Proof {
        let is_it =
            |content: &Content| matches!(content, Content::Certificate(found) if *found == id);
        let file = self.files.iter().find(|file| is_it(&file.content));
        let path = file.map(|file| file.installed_path().unwrap_or(&file.path).to_owned());
        Proof { shows: Shows::Certificate(id), by: None, path, checked }
    }

    /// The CA behind what is shown.
    fn issuers(&self, shows: &Shows) -> Vec<ItemId> {
        match shows {
            Shows::Certificate(id) => {
                self.item(*id).and_then(super::Item::issuer).into_iter().collect()
            }
            Shows::Requested(signer) => vec![*signer],
            Shows::Nothing
            | Shows::SelfSigned
            | Shows::Token(_)
            | Shows::ServiceAccountToken
            | Shows::Foreign => Vec::new(),
        }
    }
}

/// Whether it is of a server that kube-apiserver calls by the name of a Service.
fn is_service(own: &OwnCertificate) -> bool {
    let is_it = |san: &San| matches!(san, San::Dns(name) if name.ends_with(".svc") || name.contains(".svc."));
    own.server && own.sans.iter().any(is_it)
}

/// Whether it is of a webhook: certificates of webhooks and of API servers differ in nothing but what
/// people call them.
fn is_webhook(own: &OwnCertificate) -> bool {
    own.name.contains("webhook") || own.sans.iter().any(|san| san.to_string().contains("webhook"))
}
