//! What every kube-apiserver is told about the users that certificates name.
//!
//! kubeadm sets the last two by itself (k/k `cmd/kubeadm/app/phases/controlplane/manifests.go`). A
//! kube-apiserver that is started by hand without `--authorization-mode` allows everything to
//! everybody, and then no CN and no O says anything.

use super::{FlagRow, When};

/// Whoever shows no credential is refused, and not taken for `system:anonymous`.
pub(super) const ANONYMOUS: FlagRow =
    FlagRow::text("anonymous-auth", "false").when(When::AnonymousRefused);
/// What a node may do follows from its name, what others may from the roles bound to theirs.
pub(super) const AUTHORIZATION: FlagRow = FlagRow::text("authorization-mode", "Node,RBAC");
/// A node may change itself and its own pods only.
pub(super) const ADMISSION: FlagRow = FlagRow::text("enable-admission-plugins", "NodeRestriction");
