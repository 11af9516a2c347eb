//! The certificate-related settings of every component on every machine, and the files in which
//! they are handed over.
//!
//! Only these are here: what a component needs beside them (addresses, ports, storage) is its
//! operator's to say. Of an external etcd the URLs are here too: their hosts stand in certificates,
//! and `https` is what makes etcd use them.

use super::Plan;
use super::layout::{Component, Layout, Value};
use crate::design::{Node, Output, PEER_PORT, Settings, member_url};
use crate::plan::Owner;

/// One resolved flag of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Whether the value is the path of a planned file on the same machine.
    pub is_file: bool,
}

/// A file with settings, below `flags/<node>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingsFile {
    /// Whose settings; for kubeadm's configuration those of every component.
    pub component: Component,
    /// In which form.
    pub form: Form,
    /// The member of an external etcd, each of which is told something else; `None` for what is the
    /// same on every machine.
    pub member: Option<usize>,
}

/// The forms in which settings are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Command-line arguments, one a line.
    Arguments,
    /// A drop-in for the component's systemd unit.
    Systemd,
    /// The component's own configuration file.
    Configuration,
    /// kubeadm's configuration for `kubeadm init`; on a machine of etcd for its phase `etcd local`.
    Kubeadm,
    /// kubeadm's configuration for `kubeadm join`.
    Join(Joining),
}

/// A machine that joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The control plane with this index.
    ControlPlane(usize),
    /// The worker with this index.
    Worker(usize),
}

impl SettingsFile {
    /// The path below the machine's folder.
    pub fn path(&self) -> String {
        let name = self.component.name();
        match self.form {
            Form::Arguments => format!("{name}.args"),
            // A unit reads every .conf of the folder that has its name, in the order of theirs:
            // kubeadm's own for kubelet, which starts with 10, comes before.
            Form::Systemd => format!("{name}.service.d/20-pki.conf"),
            Form::Configuration => format!("{name}-config.yaml"),
            Form::Kubeadm | Form::Join(_) => "kubeadm.yaml".to_owned(),
        }
    }
}

/// Whether a component reads a configuration file with certificate-related fields.
fn has_configuration(component: Component) -> bool {
    matches!(component, Component::Kubelet | Component::Scheduler | Component::Proxy)
}

/// The files of a machine.
pub(super) fn files(layout: &Layout, settings: &Settings, owner: &Owner) -> Vec<SettingsFile> {
    let mut files = Vec::new();
    let member = match owner {
        Owner::Etcd(index) => Some(*index),
        _ => None,
    };
    for row in layout.components.iter().filter(|row| row.on.holds(owner, settings)) {
        let component = row.component;
        for form in [Form::Arguments, Form::Systemd, Form::Configuration] {
            if form != Form::Configuration || has_configuration(component) {
                files.push(SettingsFile { component, form, member });
            }
        }
    }
    let starts = *owner == Owner::ControlPlane(0) && !settings.control_planes.is_empty();
    if layout.for_kubeadm && starts {
        let component = Component::Apiserver;
        files.push(SettingsFile { component, form: Form::Kubeadm, member });
    }
    let joining = match owner {
        Owner::ControlPlane(index @ 1..) => Some(Joining::ControlPlane(*index)),
        Owner::Worker(index) => Some(Joining::Worker(*index)),
        _ => None,
    };
    // By the kubeconfig with the bootstrap token.
    if let (true, Some(joining)) =
        (layout.for_kubeadm && settings.wants(Output::Bootstrap), joining)
    {
        let (component, form) = (Component::Kubelet, Form::Join(joining));
        files.push(SettingsFile { component, form, member });
    }
    // There kubelet starts etcd and nothing else, and belongs to no cluster.
    if layout.for_kubeadm && member.is_some() {
        let file = |component, form| SettingsFile { component, form, member };
        files.push(file(Component::Etcd, Form::Kubeadm));
        files.push(file(Component::Kubelet, Form::Configuration));
    }
    files
}

impl Plan {
    /// The components that run on a machine.
    pub fn components(&self, owner: &Owner) -> Vec<Component> {
        let rows = self.layout.components.iter().filter(|row| row.on.holds(owner, &self.settings));
        rows.map(|row| row.component).collect()
    }

    /// The machines that stand for all of their kind: the first of each, where there is one.
    pub fn first_machines(&self) -> impl Iterator<Item = Owner> + '_ {
        let all = [Owner::ControlPlane(0), Owner::Worker(0), Owner::Etcd(0)];
        all.into_iter().filter(|owner| owner.node(&self.settings).is_some())
    }

    /// The flags of a component, in alphabetical order.
    ///
    /// They are the same on every machine that runs it, because files have the same paths there;
    /// only members of an external etcd have each its own name and URLs, and these are the first's.
    pub fn settings_of(&self, component: Component) -> Vec<Setting> {
        self.settings_on(component, 0)
    }

    /// The same on the member of etcd with this index.
    pub fn settings_on(&self, component: Component, member: usize) -> Vec<Setting> {
        let etcd = &self.settings.etcd;
        let member = etcd.members.get(member);
        let row = self.layout.components.iter().find(|row| row.component == component);
        let flags = row.map(|row| &*row.flags).unwrap_or_default();
        flags
            .iter()
            .filter(|flag| flag.when.holds(&self.settings))
            .map(|flag| {
                let (value, is_file) = match flag.value {
                    Value::File(path) => (path.to_owned(), true),
                    Value::Text(text) | Value::Own(text) => (text.to_owned(), false),
                    Value::EtcdEndpoints => (etcd.endpoints.join(","), false),
                    Value::MemberName => {
                        (member.map(|node| node.name.to_string()).unwrap_or_default(), false)
                    }
                    Value::MemberUrl { port, loopback } => {
                        let mut url = member.map(|node| member_url(node, port)).unwrap_or_default();
                        if loopback {
                            url.push_str(&format!(",https://127.0.0.1:{port}"));
                        }
                        (url, false)
                    }
                    Value::Members => {
                        let one =
                            |node: &Node| format!("{}={}", node.name, member_url(node, PEER_PORT));
                        let all: Vec<String> = etcd.members.iter().map(one).collect();
                        (all.join(","), false)
                    }
                    Value::ServiceAccountIssuer => {
                        let domain = &self.settings.dns_domain;
                        (format!("https://kubernetes.default.svc.{domain}"), false)
                    }
                };
                Setting { name: flag.name, value, is_file }
            })
            .collect()
    }
}

/// Who reads a file, and by which flag.
pub type Reader = (Component, &'static str);

impl Plan {
    /// The components that a file of a machine is named to, with the flag.
    pub fn readers(&self, file: &super::PlannedFile) -> Vec<Reader> {
        let Some(path) = file.installed_path() else { return Vec::new() };
        let mut readers = Vec::new();
        for component in self.components(&file.owner) {
            for setting in self.settings_of(component) {
                if setting.is_file && setting.value == path {
                    readers.push((component, setting.name));
                }
            }
        }
        readers
    }
}
