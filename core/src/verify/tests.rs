//! A good archive passes; every kind of damage is found and named.

use time::OffsetDateTime;
use time::macros::datetime;

use super::{
    Share, Verified, VerifyError, VerifyProblem, archive, archive_but_signatures, archive_share,
};
use crate::bundle::{self, write};
use crate::design::{Design, DesignNode, LayoutName};
use crate::issue::tests::made;
use crate::issue::{DemoEntropy, Entropy, Material, make};
use crate::key::{KnownPairs, PrivateKey};
use crate::plan::{Content, Item, ItemId, Make, Plan};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00:00 UTC);

fn design() -> Design {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    design.workers = vec![DesignNode { name: "w1".to_owned(), addresses: vec![] }];
    design
}

fn plan(design: &Design) -> Plan {
    Plan::new(design.check().0.expect("only warnings"))
}

fn index(plan: &Plan, name: &str) -> usize {
    plan.items.iter().position(|item| item.name == name).expect("an item of the plan")
}

/// Verifies the archive of changed material and gives the fault as text.
fn fault(change: impl FnOnce(&Plan, &mut Vec<Material>)) -> String {
    let design = design();
    let plan = plan(&design);
    let mut materials = made(&plan, NOW, "one");
    change(&plan, &mut materials);
    let bundle = write(&plan, &design, &materials, NOW, "readme", false).expect("a bundle");
    for of in [2, 3, 9] {
        shared(&plan, &bundle.bytes, of).expect_err("a fault in a share");
    }
    archive(&plan, &bundle.bytes, NOW).expect_err("a fault").to_string()
}

/// The check in so many shares: the counts of the first one, or a fault of any.
fn shared(plan: &Plan, bytes: &[u8], of: usize) -> Result<Verified, VerifyError> {
    let share = |index| Share::new(index, of).expect("there are more");
    let first = archive_share(plan, &[], bytes, NOW, share(0));
    let others: Result<Vec<_>, _> =
        (1..of).map(|index| archive_share(plan, &[], bytes, NOW, share(index))).collect();
    others.and(first)
}

#[test]
fn a_good_archive_passes_with_its_counts() {
    for version in ["1.20", "1.28", "1.32", "1.36"] {
        for (ca_keys, hardened) in [("control-planes", false), ("vault", true)] {
            let mut design = design();
            design.kubernetes_version = version.to_owned();
            design.ca_keys = ca_keys.to_owned();
            design.hardened = hardened;
            let plan = plan(&design);
            let bundle = write(&plan, &design, &made(&plan, NOW, "one"), NOW, "readme", false)
                .expect("a bundle");
            let verified = archive(&plan, &bundle.bytes, NOW).expect("a good archive");
            assert_eq!(verified.files, plan.files.len() + 4);
            assert_eq!(verified.certificates, plan.items.len() - 2, "all but sa and the token");
            assert_eq!(
                verified.kubeconfigs,
                plan.files
                    .iter()
                    .filter(|file| matches!(file.content, Content::Kubeconfig(_)))
                    .count()
            );
            assert!(verified.names > 15);
        }
    }
}

#[test]
fn a_good_archive_of_every_layout_passes() {
    for layout in LayoutName::ALL {
        for version in ["1.20", "1.36"] {
            let mut design = design();
            design.layout = layout.name().to_owned();
            design.kubernetes_version = version.to_owned();
            design.workers[0].addresses.push("10.0.0.20".to_owned());
            let plan = plan(&design);
            let made = made(&plan, NOW, "one");
            let bundle = write(&plan, &design, &made, NOW, "r", false).expect("a bundle");
            let verified = archive(&plan, &bundle.bytes, NOW)
                .unwrap_or_else(|error| panic!("{}: {error}", layout.name()));
            for of in [2, 3, 9] {
                assert_eq!(shared(&plan, &bundle.bytes, of), Ok(verified), "{}", layout.name());
            }
            let certified = plan.items.iter().filter(|item| item.subject().is_some()).count();
            assert_eq!(verified.certificates, certified, "{}", layout.name());
        }
    }
}

/// What a fault in a file of a layout is called.
fn fault_in(layout: LayoutName, change: impl FnOnce(&Plan, &mut Vec<Material>)) -> String {
    let mut design = design();
    design.layout = layout.name().to_owned();
    let plan = plan(&design);
    let mut materials = made(&plan, NOW, "one");
    change(&plan, &mut materials);
    let bundle = write(&plan, &design, &materials, NOW, "r", false).expect("a bundle");
    archive(&plan, &bundle.bytes, NOW).expect_err("a fault").to_string()
}

#[test]
fn a_wrong_token_and_a_wrong_secret_are_found() {
    let text = fault_in(LayoutName::MasterEtc, |plan, materials| {
        let index = index(plan, "bootstrap-token");
        materials[index].token = Some("abcdef.0123456789ABCDEF".to_owned().into());
    });
    assert!(text.ends_with("token is not the planned one"), "{text}");
    let text = fault_in(LayoutName::ClusterApi, |plan, materials| {
        let (a, b) = (index(plan, "ca"), index(plan, "etcd-ca"));
        let [one, two] = materials.get_disjoint_mut([a, b]).expect("two items");
        std::mem::swap(&mut one.key, &mut two.key);
    });
    assert_eq!(text, "operator/cluster-api/ca.yaml: private key belongs to another certificate");
}

#[test]
fn a_certificate_of_another_ca_is_found() {
    let text = fault(|plan, materials| {
        let mut other = made(plan, NOW, "two");
        let index = index(plan, "cp1/apiserver");
        materials[index] = other.swap_remove(index);
    });
    assert!(text.starts_with("hosts/cp1/etc/kubernetes/pki/apiserver.crt: issuer"), "{text}");
}

#[test]
fn swapped_keys_are_found() {
    let text = fault(|plan, materials| {
        let (a, b) = (index(plan, "cp1/apiserver"), index(plan, "cp1/front-proxy-client"));
        let [one, two] = materials.get_disjoint_mut([a, b]).expect("two items");
        std::mem::swap(&mut one.key, &mut two.key);
    });
    assert_eq!(
        text,
        "hosts/cp1/etc/kubernetes/pki/apiserver.key: private key belongs to another certificate"
    );
}

#[test]
fn swapped_certificates_are_found() {
    let text = fault(|plan, materials| {
        let (a, b) = (index(plan, "cp1/etcd-server"), index(plan, "cp1/etcd-healthcheck-client"));
        let [one, two] = materials.get_disjoint_mut([a, b]).expect("two items");
        std::mem::swap(&mut one.certificate, &mut two.certificate);
    });
    assert_eq!(
        text,
        "hosts/cp1/etc/kubernetes/pki/etcd/server.crt: subject is not the planned one"
    );
}

#[test]
fn a_broken_signature_is_found() {
    let text = fault(|plan, materials| {
        let index = index(plan, "cp1/apiserver");
        let der = materials[index].certificate.as_mut().expect("a certificate");
        *der.last_mut().expect("bytes") ^= 1;
    });
    assert_eq!(
        text,
        "hosts/cp1/etc/kubernetes/pki/apiserver.crt: signature is not by the planned CA"
    );
}

#[test]
fn a_wrong_kubeconfig_key_is_found() {
    let text = fault(|plan, materials| {
        let index = index(plan, "w1/kubelet.conf");
        let seed = DemoEntropy::new("stray").seed("x").expect("demo entropy");
        let stray = make(plan, ItemId(0), None, NOW, &seed).expect("a CA");
        materials[index].key = stray.key;
    });
    assert_eq!(
        text,
        "hosts/w1/etc/kubernetes/kubelet.conf: private key belongs to another certificate"
    );
}

#[test]
fn another_plan_or_moment_is_found() {
    let original = design();
    let first = plan(&original);
    let materials = made(&first, NOW, "one");
    let bundle = write(&first, &original, &materials, NOW, "r", false).expect("a bundle");
    let problem = |change: &dyn Fn(&mut Design)| {
        let mut changed = original.clone();
        change(&mut changed);
        archive(&plan(&changed), &bundle.bytes, NOW).expect_err("a fault").problem
    };
    assert_eq!(
        problem(&|d| d.hardened = true),
        VerifyProblem::Mode { found: 0o644, planned: 0o600 }
    );
    assert_eq!(problem(&|d| d.workers.clear()), VerifyProblem::Unplanned);
    assert_eq!(
        problem(&|d| d.extra_sans.apiserver = vec!["new.example".to_owned()]),
        VerifyProblem::DesignDiffers
    );
    // The names themselves are compared too, were the design to agree.
    let mut renamed = original.clone();
    renamed.extra_sans.apiserver = vec!["new.example".to_owned()];
    let forged = write(&first, &renamed, &materials, NOW, "r", false).expect("a bundle");
    let error = archive(&plan(&renamed), &forged.bytes, NOW).expect_err("a fault");
    assert_eq!(error.problem, VerifyProblem::Names);
    let later = NOW + time::Duration::hours(1);
    let error = archive(&first, &bundle.bytes, later).expect_err("a fault");
    assert_eq!(error.problem, VerifyProblem::Validity);
}

#[test]
fn a_damaged_archive_is_found_and_never_panics() {
    let design = design();
    let plan = plan(&design);
    let materials = made(&plan, NOW, "one");
    let bundle = write(&plan, &design, &materials, NOW, "r", false).expect("a bundle");
    assert!(archive(&plan, &[], NOW).is_err());
    assert!(archive(&plan, &bundle.bytes[..bundle.bytes.len() / 2], NOW).is_err());
    for position in (0..bundle.bytes.len()).step_by(bundle.bytes.len() / 60) {
        let mut damaged = bundle.bytes.to_vec();
        damaged[position] ^= 0x55;
        // Bytes of the gzip header's time and system say nothing about the content.
        let harmless = (4..10).contains(&position);
        assert!(archive(&plan, &damaged, NOW).is_err() || harmless, "byte {position}");
    }
}

#[test]
fn the_plan_covers_what_the_checks_rely_on() {
    let design = design();
    let plan = plan(&design);
    assert!(plan.items.iter().any(|item| matches!(item.make, Make::KeyPair)));
    assert!(bundle::EXTRAS.iter().all(|(path, _)| plan.file(path).is_none()));
    assert!(PrivateKey::from_pem("").is_err());
}

/// A leaf's damaged signature and its swapped key are each found by exactly one share, whichever
/// leaf it is.
#[test]
fn each_leaf_is_checked_by_one_share() {
    let design = design();
    let plan = plan(&design);
    assert_eq!(Share::new(2, 2), None);
    let leaf = |item: &Item| matches!(item.make, Make::Leaf(_));
    // Also the keys that are swapped in are pairs in themselves.
    let all: Vec<_> = made(&plan, NOW, "one").into_iter().chain(made(&plan, NOW, "two")).collect();
    let known = KnownPairs::of(all.iter().filter_map(|material| material.key.as_ref()));
    for (index, item) in plan.items.iter().enumerate().filter(|(_, item)| leaf(item)) {
        for swapped in [false, true] {
            let mut materials = made(&plan, NOW, "one");
            if swapped {
                materials[index].key = made(&plan, NOW, "two").swap_remove(index).key;
            } else {
                let certificate = materials[index].certificate.as_mut();
                *certificate.expect("a leaf").last_mut().expect("not empty") ^= 1;
            }
            let bundle = write(&plan, &design, &materials, NOW, "r", false).expect("a bundle");
            for of in [1, 2, 3, 9] {
                let finds = |share: &usize| {
                    let share = Share::new(*share, of).expect("there are more");
                    let at_once = archive_share(&plan, &[], &bundle.bytes, NOW, share);
                    let bytes = &bundle.bytes;
                    let later = archive_but_signatures(&plan, &[], bytes, NOW, share, &known)
                        .and_then(|(counts, signed)| {
                            let wrong = signed.iter().find(|(_, signed)| signed.check().is_err());
                            match wrong {
                                Some((path, _)) => Err(VerifyProblem::Signature.at(path)),
                                None => Ok(counts),
                            }
                        });
                    assert_eq!(at_once, later, "{} in {of}", item.name);
                    at_once.is_err()
                };
                assert_eq!((0..of).filter(finds).count(), 1, "{} in {of}", item.name);
            }
        }
    }
}
