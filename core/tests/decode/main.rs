//! Pasting: every wrapping that people's clipboards know gives the same object, and no bytes make
//! the readers panic.

mod broken;
mod cut;
mod later;
mod meaning;
mod pasted;
mod properties;
mod prose;
mod refusals;
mod revoked;
mod wrapped;

use std::ops::ControlFlow;
use std::sync::LazyLock;

use pki_core::bundle::certificate_pem;
use pki_core::design::Design;
use pki_core::explain::{CertificateReport, Object, Report, read};
use pki_core::issue::{DemoEntropy, Material, make_all};
use pki_core::plan::Plan;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

/// kubeadm's default cluster.
static MADE: LazyLock<Vec<(String, Material)>> = LazyLock::new(|| {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    let plan = Plan::new(design.check().0.expect("the default design"));
    let made = make_all(&plan, NOW, &mut DemoEntropy::new("decode"), |_| ControlFlow::Continue(()))
        .expect("a checked plan");
    made.into_iter().zip(&plan.items).map(|(made, item)| (item.name.clone(), made)).collect()
});

/// Its certificates by the name of their items.
static CATALOG: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    MADE.iter().filter_map(|(name, made)| Some((name.clone(), made.certificate.clone()?))).collect()
});

/// The cluster's CA.
fn ca() -> &'static [u8] {
    &CATALOG.first().expect("a CA").1
}

fn ca_pem() -> String {
    certificate_pem(ca())
}

fn certificates(report: &Report) -> Vec<&CertificateReport> {
    let objects = report.objects.iter();
    objects
        .filter_map(|entry| match &entry.object {
            Object::Certificate(certificate) => Some(certificate.as_ref()),
            _ => None,
        })
        .collect()
}

fn report(input: impl AsRef<[u8]>) -> Report {
    read(input.as_ref(), NOW)
}
