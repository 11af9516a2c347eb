//! Layouts as tables: each is one declaration of CAs, certificates, kubeconfigs, files and flags.
//!
//! What the tables are made of stands in `row.rs`; what is done with them, in the plan's `mod.rs`
//! and in `flags.rs`. A table holds paths as they are on the machine, so it reads like the notes
//! of whoever set the cluster up.

mod apiserver;
mod cluster_api;
mod etcd;
mod five_flows;
mod hard_way;
mod k3s;
mod kubeadm;
mod master_etc;
mod own;
mod row;
mod single_ca;

pub(crate) use row::organizations;
pub use row::{
    AuthorityRow, Binding, CertificateRow, CommonName, Component, ComponentRow, Credential,
    FileContent, FileRow, FlagRow, KubeconfigRow, NO_ORGANIZATION, On, Server, Since, SubjectKind,
    Value, When,
};

use std::borrow::Cow;
use std::slice;

use crate::design::LayoutName;

/// A layout.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Its name in the design.
    pub name: LayoutName,
    /// The CAs, in the order in which they are made.
    pub authorities: Cow<'static, [AuthorityRow]>,
    /// Certificates that lie on disk as certificate and key.
    pub certificates: Cow<'static, [CertificateRow]>,
    /// Kubeconfigs, each with a credential of its own.
    pub kubeconfigs: Cow<'static, [KubeconfigRow]>,
    /// Copies of CA certificates and keys, bundles, service-account keys, token lists.
    pub files: Cow<'static, [FileRow]>,
    /// The certificate-related settings of every component.
    pub components: Cow<'static, [ComponentRow]>,
    /// CAs that do not sign themselves, each with the one above it, which stands before it.
    pub below: Cow<'static, [(&'static str, &'static str)]>,
    /// The RBAC without which the files can do less than they should.
    pub bindings: &'static [Binding],
    /// Whether `kubeadm init` can start from these files.
    pub for_kubeadm: bool,
}

/// The table of a layout.
pub fn of(name: LayoutName) -> &'static Layout {
    match name {
        LayoutName::Kubeadm => &kubeadm::LAYOUT,
        LayoutName::FiveFlows => &five_flows::LAYOUT,
        LayoutName::SingleCa => &single_ca::LAYOUT,
        LayoutName::HardWay => &hard_way::LAYOUT,
        LayoutName::MasterEtc => &master_etc::LAYOUT,
        LayoutName::K3s => &k3s::LAYOUT,
        LayoutName::ClusterApi => &cluster_api::LAYOUT,
        LayoutName::Own => &own::LAYOUT,
    }
}

impl Layout {
    /// The CA of this name, with its place in the table.
    pub fn authority(&self, name: &str) -> Option<(usize, &AuthorityRow)> {
        self.authorities.iter().enumerate().find(|(_, row)| row.name == name)
    }

    /// The flags by which components trust CAs, each with the CAs that its file has in this table.
    pub(crate) fn trusting_flags(
        &self,
    ) -> impl Iterator<Item = (Component, &'static str, &[&'static str])> {
        let of_flag = |component, flag: &FlagRow| {
            let names = self.files.iter().find_map(|file| match &file.content {
                _ if Value::File(file.path) != flag.value => None,
                FileContent::Authority(name) => Some(slice::from_ref(name)),
                FileContent::Bundle(names) => Some(*names),
                _ => None,
            })?;
            // What a component signs with is no trust.
            (!flag.name.starts_with("cluster-signing-")).then_some((component, flag.name, names))
        };
        self.components.iter().flat_map(move |row| {
            row.flags.iter().filter_map(move |flag| of_flag(row.component, flag))
        })
    }

    /// The one that a text like `etcd/trusted-ca-file` names.
    pub(crate) fn trusting_flag(&self, text: &str) -> Option<(Component, &'static str)> {
        let (component, name) = text.split_once('/')?;
        self.trusting_flags()
            .map(|(of, flag, _)| (of, flag))
            .find(|(of, flag)| of.name() == component && *flag == name)
    }

    /// The name of the CA above a CA; `None` for one that signs itself.
    pub fn above(&self, name: &str) -> Option<&'static str> {
        self.below.iter().find(|(own, _)| *own == name).map(|(_, above)| *above)
    }

    /// All CAs above one, its root last.
    pub fn all_above(&self, name: &str) -> impl Iterator<Item = &'static str> {
        std::iter::successors(self.above(name), |name| self.above(name))
    }
}

#[cfg(test)]
mod tests;
