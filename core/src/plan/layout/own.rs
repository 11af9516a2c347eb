//! Nothing: no CA, no certificate and no component, for designs that have only their own.

use std::borrow::Cow;

use super::Layout;
use crate::design::LayoutName;

pub(super) static LAYOUT: Layout = Layout {
    name: LayoutName::Own,
    authorities: Cow::Borrowed(&[]),
    certificates: Cow::Borrowed(&[]),
    kubeconfigs: Cow::Borrowed(&[]),
    files: Cow::Borrowed(&[]),
    components: Cow::Borrowed(&[]),
    below: Cow::Borrowed(&[]),
    bindings: &[],
    for_kubeadm: false,
};
