//! Every connection of a cluster as data: who calls whom, what each end shows, and who checks it
//! against which CA.
//!
//! One table (`FLOWS`) serves all layouts. Its rows name flags; what a layout's flags name decides
//! what is shown and checked, and a flag that is not set is a gap.

use super::layout::Component;
use super::{Content, ItemId, Kubeconfig, Make, Plan, Subject};
use crate::design::Output;

/// The groups of whoever logs in by the token of a Secret of ours; the second is the one that
/// kubeadm's role bindings name.
pub(crate) const BOOTSTRAP_GROUPS: [&str; 2] =
    ["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"];

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    /// A component.
    Component(Component),
    /// A kubelet that has no certificate yet.
    NewNode,
    /// A person.
    Operator,
    /// A program in a pod.
    Pod,
    /// An API server behind the aggregation layer.
    ExtensionServer,
    /// etcdctl, on a machine that runs etcd.
    Etcdctl,
    /// A server of admission or conversion webhooks.
    Webhook,
    /// The proxy through which kube-apiserver reaches the nodes.
    KonnectivityServer,
    /// What holds the other end of its tunnels.
    KonnectivityAgent,
}

/// What tells somebody outside the plan's flags whom to trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// `caBundle` of an APIService.
    ApiService,
    /// `caBundle` of a webhook configuration, or of a CustomResourceDefinition.
    WebhookConfiguration,
    /// `caBundle` in the EgressSelectorConfiguration of kube-apiserver.
    EgressSelector,
    /// `--kubelet-certificate-authority` of metrics-server.
    MetricsServer,
    /// `--cacert` of etcdctl.
    Etcdctl,
    /// `--server-ca-cert` of Konnectivity's server: whom kube-apiserver's end is checked by.
    ServerCa,
    /// `--cluster-ca-cert` of Konnectivity's server: whom agents are checked by.
    ClusterCa,
    /// `--ca-cert` of Konnectivity's agent.
    AgentCa,
    /// Nothing: both ends are one process.
    Itself,
}

/// A flag of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag {
    /// Whose.
    pub component: Component,
    /// Its name, without the dashes.
    pub name: &'static str,
}

/// What an end shows of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Nothing.
    Nothing,
    /// A certificate of the plan.
    Certificate(ItemId),
    /// A certificate that it made for itself, which nobody can check.
    SelfSigned,
    /// A certificate that the cluster signs for it with this CA.
    Requested(ItemId),
    /// A token of the plan.
    Token(ItemId),
    /// A service-account token.
    ServiceAccountToken,
    /// A certificate from outside the plan.
    Foreign,
}

/// By what an end is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Not at all.
    No,
    /// Against these CAs, which a flag names.
    Flag(Flag, Vec<ItemId>),
    /// Against the CA in a kubeconfig that a flag names, or that a person has.
    Kubeconfig(Option<Flag>, ItemId),
    /// By a key or list that is no CA.
    Other(Flag),
    /// Against these CAs, which no flag of the plan names; none where it is not the plan's to know.
    Means(Means, Vec<ItemId>),
}

/// What one end shows and how the other checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What is shown.
    pub shows: Shows,
    /// The flag that names it.
    pub by: Option<Flag>,
    /// The path of the file, on the machine of whoever shows it.
    pub path: Option<String>,
    /// How the other end checks it.
    pub checked: Checked,
}

/// What is missing from a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The caller is not authenticated: anybody may call.
    Caller,
    /// The callee is not authenticated: whoever stands between can read and change everything,
    /// so neither integrity nor encryption holds against it.
    Callee,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Who calls.
    pub from: Party,
    /// Who answers.
    pub to: Party,
    /// What the caller shows.
    pub caller: Proof,
    /// What the callee shows.
    pub callee: Proof,
    /// Who the caller is to the callee, where that is a Kubernetes user: CN and O, or the token's.
    pub becomes: Option<Subject>,
    /// What is missing.
    pub gaps: Vec<Gap>,
}

/// What a row says about an end: the flags in which the answer stands, the first that is set.
struct Row {
    from: Component,
    to: Component,
    /// Flags of the caller with its certificate or kubeconfig.
    shows: &'static [&'static str],
    /// The flag of the callee with the CAs for it.
    checks: &'static str,
    /// The flag of the callee with its certificate.
    answers: &'static str,
    /// The flag of the caller with the CA for that; for kubeconfigs, the kubeconfig.
    trusts: &'static str,
}

use Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};

const fn by_kubeconfig(from: Component) -> Row {
    Row {
        from,
        to: Apiserver,
        shows: &["kubeconfig"],
        checks: "client-ca-file",
        answers: "tls-cert-file",
        trusts: "kubeconfig",
    }
}

const FLOWS: &[Row] = &[
    Row {
        from: Apiserver,
        to: Etcd,
        shows: &["etcd-certfile"],
        checks: "trusted-ca-file",
        answers: "cert-file",
        trusts: "etcd-cafile",
    },
    Row {
        from: Etcd,
        to: Etcd,
        shows: &["peer-client-cert-file", "peer-cert-file"],
        checks: "peer-trusted-ca-file",
        answers: "peer-cert-file",
        trusts: "peer-trusted-ca-file",
    },
    by_kubeconfig(ControllerManager),
    by_kubeconfig(Scheduler),
    by_kubeconfig(Kubelet),
    by_kubeconfig(Proxy),
    Row {
        from: Apiserver,
        to: Kubelet,
        shows: &["kubelet-client-certificate"],
        checks: "client-ca-file",
        answers: "tls-cert-file",
        trusts: "kubelet-certificate-authority",
    },
];

impl Plan {
    /// Every connection of the layout. Layouts whose components are started by somebody else
    /// (k3s, Cluster API) have none.
    pub fn flows(&self) -> Vec<Flow> {
        let mut flows: Vec<Flow> = FLOWS.iter().filter_map(|row| self.flow(row)).collect();
        flows.extend(self.gateway());
        flows.extend(self.etcdctl());
        if self.runs(Apiserver) {
            flows.extend(self.bootstrap());
            flows.extend(self.operators());
            flows.push(self.pods());
            flows.push(self.proxied());
            flows.extend(self.aggregation());
            flows.extend(self.webhooks());
            flows.extend(self.konnectivity());
        }
        flows
    }

    /// Whether any machine of the design runs it.
    pub(super) fn runs(&self, component: Component) -> bool {
        self.first_machines().any(|owner| self.components(&owner).contains(&component))
    }

    /// The value of a flag that is set, and whether it names a planned file.
    pub(super) fn value(&self, flag: Flag) -> Option<(String, bool)> {
        let settings = self.settings_of(flag.component);
        let setting = settings.into_iter().find(|setting| setting.name == flag.name)?;
        Some((setting.value, setting.is_file))
    }

    /// What stands in the file of a flag. A component's files are the same on all its machines, so
    /// the first will do.
    pub(super) fn content(&self, flag: Flag) -> Option<&Content> {
        let (path, true) = self.value(flag)? else { return None };
        let row = self.layout.components.iter().find(|row| row.component == flag.component)?;
        let owner = self.first_machines().find(|owner| row.on.holds(owner, &self.settings))?;
        self.installed(&owner, &path).map(|file| &file.content)
    }

    pub(super) fn kubeconfig(&self, flag: Flag) -> Option<&Kubeconfig> {
        match self.content(flag)? {
            Content::Kubeconfig(kubeconfig) => Some(kubeconfig),
            _ => None,
        }
    }

    /// The CAs in the file of a flag.
    pub(super) fn authorities_in(&self, flag: Flag) -> Vec<ItemId> {
        match self.content(flag) {
            Some(Content::Certificate(id)) => vec![*id],
            Some(Content::Bundle(ids)) => ids.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn checked(&self, component: Component, name: &'static str) -> Checked {
        let flag = Flag { component, name };
        if let Some(kubeconfig) = self.kubeconfig(flag) {
            return Checked::Kubeconfig(Some(flag), kubeconfig.ca);
        }
        match self.authorities_in(flag) {
            none if none.is_empty() => Checked::No,
            authorities => Checked::Flag(flag, authorities),
        }
    }

    fn flow(&self, row: &Row) -> Option<Flow> {
        if !self.runs(row.from) || !self.runs(row.to) {
            return None;
        }
        let flags = row.shows.iter().map(|name| Flag { component: row.from, name });
        let by = flags.into_iter().find(|flag| self.value(*flag).is_some());
        let shows = by.map_or(Shows::Nothing, |flag| self.shown(flag));
        let caller = Proof {
            path: by.and_then(|flag| self.value(flag)).map(|(path, _)| path),
            by,
            checked: match shows {
                Shows::Nothing => Checked::No,
                _ => self.checked(row.to, row.checks),
            },
            shows,
        };
        let answers = Flag { component: row.to, name: row.answers };
        let callee = self.server(answers, self.trusted(row, by));
        Some(self.finish(Party::Component(row.from), Party::Component(row.to), caller, callee))
    }

    /// How the caller checks the callee.
    fn trusted(&self, row: &Row, by: Option<Flag>) -> Checked {
        match self.checked(row.from, row.trusts) {
            // The kubeconfig that the kubelet writes after its first request has the CA of the one
            // that it started from.
            Checked::No if by.is_some_and(|flag| flag.name == "kubeconfig") => {
                self.checked(row.from, "bootstrap-kubeconfig")
            }
            checked => checked,
        }
    }

    /// What the file of a flag shows.
    pub(super) fn shown(&self, flag: Flag) -> Shows {
        match self.content(flag) {
            Some(Content::Certificate(id)) => Shows::Certificate(*id),
            Some(Content::Kubeconfig(kubeconfig)) => self.credential(kubeconfig.client),
            // A kubeconfig that the kubelet makes for itself: the cluster signs for it.
            _ => match self.signer_of_kubelets() {
                Some(signer) if flag.name == "kubeconfig" => Shows::Requested(signer),
                _ => Shows::Nothing,
            },
        }
    }

    pub(super) fn credential(&self, id: ItemId) -> Shows {
        match self.item(id).map(|item| &item.make) {
            Some(Make::Token) => Shows::Token(id),
            Some(_) => Shows::Certificate(id),
            None => Shows::Nothing,
        }
    }

    /// The CA with which kube-controller-manager signs the client certificates of kubelets.
    fn signer_of_kubelets(&self) -> Option<ItemId> {
        ["cluster-signing-kubelet-client-cert-file", "cluster-signing-cert-file"]
            .into_iter()
            .flat_map(|name| self.authorities_in(Flag { component: ControllerManager, name }))
            .next()
    }

    pub(super) fn finish(&self, from: Party, to: Party, caller: Proof, callee: Proof) -> Flow {
        let mut gaps = Vec::new();
        if !self.holds(&caller) {
            gaps.push(Gap::Caller);
        }
        if !self.holds(&callee) {
            gaps.push(Gap::Callee);
        }
        // etcd knows no users here, and extension servers take the user from headers.
        let has_users = matches!(to, Party::Component(Apiserver | Kubelet));
        let becomes = match &caller.shows {
            Shows::Certificate(id) if has_users => self.item(*id).and_then(super::Item::subject),
            // A token of a Secret, by kubeadm's group, or of the static list.
            Shows::Token(_) if self.settings.wants(Output::Bootstrap) => Some(Subject {
                organizations: BOOTSTRAP_GROUPS.map(str::to_owned).to_vec(),
                common_name: "system:bootstrap:ID".to_owned(),
            }),
            Shows::Token(_) => Some(Subject {
                organizations: vec!["system:bootstrappers".to_owned()],
                common_name: "system:bootstrapper".to_owned(),
            }),
            Shows::Requested(_) => Some(Subject {
                organizations: vec!["system:nodes".to_owned()],
                common_name: "system:node:NAME".to_owned(),
            }),
            _ => None,
        };
        Flow { from, to, caller, callee, becomes, gaps }
    }

    /// Whether what is shown passes what it is checked by.
    fn holds(&self, proof: &Proof) -> bool {
        let signed_by = |id: ItemId| self.item(id).and_then(super::Item::issuer);
        match (&proof.shows, &proof.checked) {
            (Shows::Nothing | Shows::SelfSigned, _) | (_, Checked::No) => false,
            (Shows::Certificate(id), Checked::Flag(_, cas)) => {
                signed_by(*id).is_some_and(|issuer| cas.contains(&issuer))
            }
            (Shows::Certificate(id), Checked::Kubeconfig(_, ca)) => signed_by(*id) == Some(*ca),
            (Shows::Certificate(id), Checked::Means(_, cas)) => {
                cas.is_empty() || signed_by(*id).is_some_and(|issuer| cas.contains(&issuer))
            }
            (Shows::Requested(signer), Checked::Flag(_, cas)) => cas.contains(signer),
            _ => true,
        }
    }

    /// What a server shows by a flag.
    pub(super) fn server(&self, answers: Flag, checked: Checked) -> Proof {
        match self.value(answers) {
            Some((path, _)) => {
                let (shows, by) = (self.shown(answers), Some(answers));
                Proof { shows, by, path: Some(path), checked }
            }
            // A kubelet without certificate makes one for itself; etcd speaks without TLS.
            None => Proof {
                shows: if answers.component == Etcd { Shows::Nothing } else { Shows::SelfSigned },
                by: None,
                path: None,
                checked,
            },
        }
    }
}
