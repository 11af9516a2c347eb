//! Which layout a design has: a word in the document, a table in the plan.

/// A layout: which CAs there are, what each signs, and where every file goes.
///
/// The tables themselves are in `plan/layout`, one file each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayoutName {
    /// What `kubeadm init` makes: three CAs.
    Kubeadm,
}

impl LayoutName {
    /// Every layout, in the order in which they are offered.
    pub const ALL: [Self; 1] = [Self::Kubeadm];

    /// The word for it in the document.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kubeadm => "kubeadm",
        }
    }

    /// The layout of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.name() == name)
    }
}
