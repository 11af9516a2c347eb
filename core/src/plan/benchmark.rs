//! The lines of the CIS Kubernetes benchmark that certificates, files and the flags about them
//! decide, and which of them a layout fails.
//!
//! Numbers move between versions of the benchmark, so each line has two: those of
//! v1.12 (Kubernetes 1.32 to 1.34, `cfg/cis-1.12` of kube-bench) and of v1.5.0 (2019,
//! `cfg/cis-1.5`), which older texts quote.

use super::blast::Power;
use super::flows::Flag;
use super::layout::Component;
use super::{Content, Extra, ItemId, Owner, Plan, PlannedFile};

/// A line of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its number in v1.12.
    pub id: &'static str,
    /// Its number in v1.5.0; `None` where that has no such line.
    pub id_in_1_5: Option<&'static str>,
    /// What it asks.
    pub asks: Ask,
}

/// The files that a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// admin.conf and super-admin.conf on control planes.
    Admin,
    /// Those that a flag of a component names.
    Of(Component, &'static str),
    /// Every certificate and key on control planes.
    Pki,
    /// The certificates of these.
    Certificates,
    /// The private keys of these.
    Keys,
}

/// What a line asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// That each of these flags is set, and not empty.
    Set(Component, &'static [&'static str]),
    /// That a flag is not set.
    Unset(Component, &'static str),
    /// That a flag has a value.
    Is(Component, &'static str, &'static str),
    /// That a flag has this among its values.
    Has(Component, &'static str, &'static str),
    /// That a flag is set, and has not this among its values.
    Lacks(Component, &'static str, &'static str),
    /// That a flag is not `false`, which is not its default.
    NotFalse(Component, &'static str),
    /// That files have no other mode bits than these.
    Mode(Files, u32),
    /// That files belong to root, as each of an archive does.
    RootOwned(Files),
    /// That a feature gate of a component is not off; it is on by default.
    GateOn(Component, &'static str),
    /// That Secrets are encrypted by one of the providers that the benchmark names.
    Encrypted,
    /// That etcd trusts no CA that signs the cluster's other clients.
    OwnEtcdAuthority,
    /// That people do not log in with certificates, which cannot be revoked.
    NoCertificatesForPeople,
    /// That nobody is in system:masters.
    NoMasters,
}

/// A line, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The line.
    pub line: Line,
    /// Whether the plan passes it.
    pub passes: bool,
}

use Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};

/// With it kubelets may ask for serving certificates.
const KUBELET_SERVER: &str = "RotateKubeletServerCertificate";

const fn line(id: &'static str, id_in_1_5: &'static str, asks: Ask) -> Line {
    Line { id, id_in_1_5: Some(id_in_1_5), asks }
}

/// Every line, in the benchmark's order.
pub const LINES: &[Line] = &[
    line("1.1.13", "1.1.13", Ask::Mode(Files::Admin, 0o600)),
    line("1.1.14", "1.1.14", Ask::RootOwned(Files::Admin)),
    line("1.1.15", "1.1.15", Ask::Mode(Files::Of(Scheduler, "kubeconfig"), 0o600)),
    line("1.1.16", "1.1.16", Ask::RootOwned(Files::Of(Scheduler, "kubeconfig"))),
    line("1.1.17", "1.1.17", Ask::Mode(Files::Of(ControllerManager, "kubeconfig"), 0o600)),
    line("1.1.18", "1.1.18", Ask::RootOwned(Files::Of(ControllerManager, "kubeconfig"))),
    line("1.1.19", "1.1.19", Ask::RootOwned(Files::Pki)),
    line("1.1.20", "1.1.20", Ask::Mode(Files::Certificates, 0o644)),
    line("1.1.21", "1.1.21", Ask::Mode(Files::Keys, 0o600)),
    line("1.2.1", "1.2.1", Ask::Is(Apiserver, "anonymous-auth", "false")),
    line("1.2.2", "1.2.3", Ask::Unset(Apiserver, "token-auth-file")),
    line(
        "1.2.4",
        "1.2.5",
        Ask::Set(Apiserver, &["kubelet-client-certificate", "kubelet-client-key"]),
    ),
    line("1.2.5", "1.2.6", Ask::Set(Apiserver, &["kubelet-certificate-authority"])),
    line("1.2.6", "1.2.7", Ask::Lacks(Apiserver, "authorization-mode", "AlwaysAllow")),
    line("1.2.7", "1.2.8", Ask::Has(Apiserver, "authorization-mode", "Node")),
    line("1.2.8", "1.2.9", Ask::Has(Apiserver, "authorization-mode", "RBAC")),
    line("1.2.14", "1.2.17", Ask::Has(Apiserver, "enable-admission-plugins", "NodeRestriction")),
    line("1.2.22", "1.2.28", Ask::Set(Apiserver, &["service-account-key-file"])),
    line("1.2.23", "1.2.29", Ask::Set(Apiserver, &["etcd-certfile", "etcd-keyfile"])),
    line("1.2.24", "1.2.30", Ask::Set(Apiserver, &["tls-cert-file", "tls-private-key-file"])),
    line("1.2.25", "1.2.31", Ask::Set(Apiserver, &["client-ca-file"])),
    line("1.2.26", "1.2.32", Ask::Set(Apiserver, &["etcd-cafile"])),
    line("1.2.27", "1.2.33", Ask::Set(Apiserver, &["encryption-provider-config"])),
    line("1.2.28", "1.2.34", Ask::Encrypted),
    line("1.3.3", "1.3.3", Ask::Is(ControllerManager, "use-service-account-credentials", "true")),
    line("1.3.4", "1.3.4", Ask::Set(ControllerManager, &["service-account-private-key-file"])),
    line("1.3.5", "1.3.5", Ask::Set(ControllerManager, &["root-ca-file"])),
    line("1.3.6", "1.3.6", Ask::GateOn(ControllerManager, KUBELET_SERVER)),
    line("2.1", "2.1", Ask::Set(Etcd, &["cert-file", "key-file"])),
    line("2.2", "2.2", Ask::Is(Etcd, "client-cert-auth", "true")),
    line("2.3", "2.3", Ask::Unset(Etcd, "auto-tls")),
    line("2.4", "2.4", Ask::Set(Etcd, &["peer-cert-file", "peer-key-file"])),
    line("2.5", "2.5", Ask::Is(Etcd, "peer-client-cert-auth", "true")),
    line("2.6", "2.6", Ask::Unset(Etcd, "peer-auto-tls")),
    line("2.7", "2.7", Ask::OwnEtcdAuthority),
    line("3.1.1", "3.1.1", Ask::NoCertificatesForPeople),
    line("4.1.3", "4.1.3", Ask::Mode(Files::Of(Proxy, "kubeconfig"), 0o600)),
    line("4.1.4", "4.1.4", Ask::RootOwned(Files::Of(Proxy, "kubeconfig"))),
    line("4.1.5", "4.1.5", Ask::Mode(Files::Of(Kubelet, "kubeconfig"), 0o600)),
    line("4.1.6", "4.1.6", Ask::RootOwned(Files::Of(Kubelet, "kubeconfig"))),
    line("4.1.7", "4.1.7", Ask::Mode(Files::Of(Kubelet, "client-ca-file"), 0o644)),
    line("4.1.8", "4.1.8", Ask::RootOwned(Files::Of(Kubelet, "client-ca-file"))),
    line("4.2.1", "4.2.1", Ask::Is(Kubelet, "anonymous-auth", "false")),
    line("4.2.2", "4.2.2", Ask::Lacks(Kubelet, "authorization-mode", "AlwaysAllow")),
    line("4.2.3", "4.2.3", Ask::Set(Kubelet, &["client-ca-file"])),
    line("4.2.9", "4.2.10", Ask::Set(Kubelet, &["tls-cert-file", "tls-private-key-file"])),
    line("4.2.10", "4.2.11", Ask::NotFalse(Kubelet, "rotate-certificates")),
    line("4.2.11", "4.2.12", Ask::GateOn(Kubelet, KUBELET_SERVER)),
    Line { id: "5.1.7", id_in_1_5: None, asks: Ask::NoMasters },
];

impl Plan {
    /// Every line that is about something of this plan. Layouts whose components are started by
    /// somebody else (k3s, Cluster API) have none.
    pub fn benchmark(&self) -> Vec<Judged> {
        if self.layout.components.is_empty() {
            return Vec::new();
        }
        let judge = |line: &Line| Some(Judged { line: *line, passes: self.passes(line.asks)? });
        LINES.iter().filter_map(judge).collect()
    }

    /// The files on machines that a line is about; `None` where there are none.
    fn judged(&self, files: Files) -> Option<impl Iterator<Item = &PlannedFile>> {
        let named: Vec<String> = match files {
            Files::Of(component, flag) => {
                let of_flag = |setting: &super::Setting| setting.name == flag && setting.is_file;
                let settings = self.settings_of(component);
                settings.into_iter().filter(of_flag).map(|setting| setting.value).collect()
            }
            _ => Vec::new(),
        };
        let is_it = move |file: &&PlannedFile| {
            let on_control_plane = matches!(file.owner, Owner::ControlPlane(_));
            let is_key = matches!(file.content, Content::PrivateKey(_));
            let is_certificate =
                matches!(file.content, Content::Certificate(_) | Content::Bundle(_));
            let Some(path) = file.installed_path() else { return false };
            match files {
                Files::Admin => on_control_plane && path.ends_with("admin.conf"),
                Files::Of(..) => named.iter().any(|one| one == path),
                Files::Pki => on_control_plane && (is_key || is_certificate),
                Files::Certificates => on_control_plane && is_certificate,
                Files::Keys => on_control_plane && is_key,
            }
        };
        let mut found = self.files.iter().filter(is_it).peekable();
        found.peek().is_some().then_some(found)
    }

    /// `None` where the layout leaves the component to somebody else.
    fn passes(&self, ask: Ask) -> Option<bool> {
        let value = |component: Component, name: &str| -> Option<Option<String>> {
            let settings = self.settings_of(component);
            if settings.is_empty() {
                return None;
            }
            let found = settings.into_iter().find(|setting| setting.name == name);
            Some(found.map(|setting| setting.value))
        };
        let leaf = |id: ItemId| self.item(id).and_then(super::Item::subject);
        let mut kubeconfigs = self.files.iter().filter_map(|file| match &file.content {
            Content::Kubeconfig(kubeconfig) => Some((file, leaf(kubeconfig.client)?)),
            _ => None,
        });
        Some(match ask {
            Ask::Set(component, names) => {
                let mut all = true;
                for name in names {
                    all &= value(component, name)?.is_some_and(|value| !value.is_empty());
                }
                all
            }
            Ask::Unset(component, name) => value(component, name)?.is_none(),
            Ask::Is(component, name, wanted) => value(component, name)?.as_deref() == Some(wanted),
            Ask::Has(component, name, wanted) => {
                value(component, name)?.is_some_and(|list| list.split(',').any(|one| one == wanted))
            }
            Ask::Lacks(component, name, bad) => {
                value(component, name)?.is_some_and(|list| list.split(',').all(|one| one != bad))
            }
            Ask::NotFalse(component, name) => value(component, name)?.as_deref() != Some("false"),
            Ask::Mode(files, most) => self.judged(files)?.all(|file| file.mode & !most == 0),
            // Every file of an archive does; a line about none of them is no line.
            Ask::RootOwned(files) => self.judged(files)?.count() > 0,
            Ask::GateOn(component, gate) => !value(component, "feature-gates")?
                .is_some_and(|gates| gates.split(',').any(|one| one == format!("{gate}=false"))),
            Ask::Encrypted => {
                value(Apiserver, "")?;
                // What we make has secretbox.
                let is_it = |file: &PlannedFile| {
                    matches!(file.content, Content::Extra(Extra::Encryption(_)))
                };
                self.files.iter().any(is_it)
            }
            Ask::OwnEtcdAuthority => {
                value(Etcd, "")?;
                let trusted = |component, name| self.authorities_in(Flag { component, name });
                let clients = trusted(Apiserver, "client-ca-file");
                let mut etcd = trusted(Etcd, "trusted-ca-file").into_iter();
                etcd.all(|id| {
                    !clients.contains(&id) && self.blast(id).powers.contains(&Power::Etcd)
                })
            }
            Ask::NoCertificatesForPeople => {
                !kubeconfigs.any(|(file, _)| file.owner == Owner::Operator)
            }
            Ask::NoMasters => !kubeconfigs.any(|(_, subject)| {
                subject.organizations.iter().any(|group| group == "system:masters")
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Design, LayoutName};

    fn failed(layout: LayoutName, change: impl FnOnce(&mut Design)) -> Vec<&'static str> {
        let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
        change(&mut design);
        let plan = Plan::new(design.check().0.expect("a default design"));
        let failed = plan.benchmark().into_iter().filter(|judged| !judged.passes);
        failed.map(|judged| judged.line.id).collect()
    }

    #[test]
    fn each_layout_fails_its_known_lines() {
        use LayoutName::{ClusterApi, FiveFlows, HardWay, K3s, Kubeadm, MasterEtc, SingleCa};
        let found = LayoutName::ALL.map(|layout| (layout, failed(layout, |_| {})));
        let expected: [(LayoutName, &[&str]); 7] = [
            (Kubeadm, &["1.2.1", "1.2.5", "1.2.27", "1.2.28", "3.1.1", "4.2.9", "5.1.7"]),
            (FiveFlows, &["1.2.1", "1.2.27", "1.2.28", "3.1.1", "5.1.7"]),
            (SingleCa, &["1.2.1", "1.2.27", "1.2.28", "2.7", "3.1.1", "5.1.7"]),
            (HardWay, &["1.2.1", "1.2.27", "1.2.28", "3.1.1", "5.1.7"]),
            (
                MasterEtc,
                &["1.2.1", "1.2.2", "1.2.5", "1.2.27", "1.2.28", "3.1.1", "4.2.9", "5.1.7"],
            ),
            (K3s, &[]),
            (ClusterApi, &[]),
        ];
        assert_eq!(found, expected.map(|(layout, ids)| (layout, ids.to_vec())));
    }

    #[test]
    fn what_is_made_on_request_passes_its_lines() {
        let outputs = |design: &mut Design| {
            design.outputs = vec!["kubelet-serving".to_owned(), "encryption".to_owned()];
            design.refuse_anonymous = true;
        };
        assert_eq!(failed(LayoutName::Kubeadm, outputs), ["3.1.1", "5.1.7"]);
    }

    #[test]
    fn files_that_others_can_read_fail_their_lines() {
        let mut plan = Plan::new(Design::default().check().0.expect("a default design"));
        for (path, mode) in [
            ("hosts/cp1/etc/kubernetes/super-admin.conf", 0o640),
            ("hosts/cp1/etc/kubernetes/pki/etcd/ca.key", 0o644),
            ("hosts/cp1/etc/kubernetes/pki/ca.crt", 0o664),
            ("hosts/cp1/etc/kubernetes/kubelet.conf", 0o644),
        ] {
            let file = plan.files.iter_mut().find(|file| file.path == path).expect(path);
            file.mode = mode;
        }
        let found = plan.benchmark();
        let failed: Vec<_> =
            found.iter().filter(|one| !one.passes).map(|one| one.line.id).collect();
        let files: Vec<_> = failed.iter().filter(|id| id.split('.').nth(1) == Some("1")).collect();
        assert_eq!(
            files,
            [&"1.1.13", &"1.1.20", &"1.1.21", &"3.1.1", &"4.1.5", &"4.1.7", &"5.1.7"]
        );
        // kubeadm's kube-proxy has no kubeconfig on disk: nothing to judge.
        assert!(found.iter().all(|one| !one.line.id.starts_with("4.1.3")));
        assert!(found.iter().any(|one| one.line.id == "1.1.19" && one.passes));
    }

    #[test]
    fn a_gate_that_is_off_fails_its_line() {
        use crate::plan::layout::FlagRow;
        let mut plan = Plan::new(Design::default().check().0.expect("a default design"));
        let gates = "AllAlpha=true,RotateKubeletServerCertificate=false";
        for row in plan.layout.to_mut().components.to_mut() {
            row.flags.to_mut().push(FlagRow::text("feature-gates", gates));
        }
        let judged = plan.benchmark();
        let passes = |id: &str| judged.iter().find(|one| one.line.id == id).map(|one| one.passes);
        assert_eq!((passes("1.3.6"), passes("4.2.11")), (Some(false), Some(false)));
    }

    #[test]
    fn lines_stand_in_order_and_once() {
        let parts = |id: &str| -> Vec<u8> {
            id.split('.').map(|part| part.parse().expect("a number")).collect()
        };
        let ids: Vec<Vec<u8>> = LINES.iter().map(|line| parts(line.id)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }
}
