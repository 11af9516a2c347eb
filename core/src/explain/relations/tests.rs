//! Relations of what we make, and of what is wrong with it on purpose.

use std::ops::ControlFlow;

use time::OffsetDateTime;
use time::macros::datetime;

use super::{Chain, ChainEnd, ChainProblem, KeyMismatch, Relations, Signature};
use crate::design::Design;
use crate::explain::read;
use crate::issue::{DemoEntropy, Material, make_all};
use crate::plan::{Make, Plan};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00:00 UTC);

/// kubeadm's files, from a seed.
fn made(seed: &str) -> (Plan, Vec<Material>) {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    let plan = Plan::new(design.check().0.expect("the defaults have no errors"));
    let made = make_all(&plan, NOW, &mut DemoEntropy::new(seed), |_| ControlFlow::Continue(()))
        .expect("a checked plan");
    (plan, made)
}

fn certificate(material: &Material) -> String {
    let der = material.certificate.as_ref().expect("a certificate");
    pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, der).expect("PEM")
}

fn key(material: &Material) -> String {
    material.key.as_ref().expect("a key").kubernetes_pem().expect("PEM").to_string()
}

fn relations(input: &str, now: OffsetDateTime) -> Relations {
    read(input.as_bytes(), now).relations
}

/// The first certificate authority of the plan, and the first leaf that it signed.
fn pair(plan: &Plan, made: &[Material]) -> (usize, usize) {
    let is_ca = |index: &usize| matches!(plan.items[*index].make, Make::Authority(_));
    let ca = (0..made.len()).find(is_ca).expect("a CA");
    let subject = |index: usize| {
        let report = read(certificate(&made[index]).as_bytes(), NOW);
        match &report.objects[0].object {
            crate::explain::Object::Certificate(one) => {
                (one.subject.rfc4514.clone(), one.issuer.rfc4514.clone())
            }
            other => panic!("{other:?}"),
        }
    };
    let name = subject(ca).0;
    let leaf = (0..made.len())
        .filter(|index| made[*index].certificate.is_some() && !is_ca(index))
        .find(|index| subject(*index).1 == name)
        .expect("a leaf");
    (ca, leaf)
}

#[test]
fn every_certificate_of_a_layout_has_a_sound_chain() {
    let (plan, made) = made("one");
    let mut input = String::new();
    for material in made.iter().filter(|material| material.certificate.is_some()) {
        input.push_str(&certificate(material));
    }
    let found = relations(&input, NOW);
    let leaves = plan.items.iter().filter(|item| matches!(item.make, Make::Leaf(_))).count();
    assert_eq!(found.chains.len(), leaves);
    for chain in &found.chains {
        assert_eq!(chain.certificates.len(), 2, "{chain:?}");
        assert_eq!((&chain.end, &chain.problems[..]), (&ChainEnd::Root, &[][..]));
    }
    assert!(found.issuers.iter().all(|link| link.signature == Signature::Valid));
    assert!(found.duplicates.is_empty() && found.mismatches.is_empty() && found.keys.is_empty());
}

#[test]
fn what_is_missing_is_named() {
    let (plan, made) = made("one");
    let (_, leaf) = pair(&plan, &made);
    let found = relations(&certificate(&made[leaf]), NOW);
    match &found.chains[..] {
        [Chain { end: ChainEnd::Missing { subject, key_id: Some(_) }, .. }] => {
            assert_eq!(subject, "CN=kubernetes");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_namesake_is_no_issuer() {
    let (plan, ours) = made("one");
    let (_, theirs) = made("two");
    let (ca, leaf) = pair(&plan, &ours);
    let input = certificate(&ours[leaf]) + &certificate(&theirs[ca]);
    let found = relations(&input, NOW);
    let problems = &found.chains[0].problems;
    assert!(problems.contains(&ChainProblem::SignatureInvalid { certificate: 0, issuer: 1 }));
    assert!(problems.contains(&ChainProblem::KeyIdDiffers { certificate: 0, issuer: 1 }));
    // With the right one beside it, the wrong one does no harm.
    let found = relations(&(input + &certificate(&ours[ca])), NOW);
    assert_eq!(found.chains[0].certificates, [0, 2]);
    assert_eq!(found.chains[0].problems, []);
}

#[test]
fn time_and_a_broken_signature_are_problems() {
    let (plan, made) = made("one");
    let (ca, leaf) = pair(&plan, &made);
    let input = certificate(&made[leaf]) + &certificate(&made[ca]);
    let late = datetime!(2029-01-01 00:00:00 UTC);
    assert_eq!(
        relations(&input, late).chains[0].problems,
        [ChainProblem::Expired { certificate: 0 }]
    );
    let mut der = made[leaf].certificate.clone().expect("a certificate");
    *der.last_mut().expect("octets") ^= 1;
    let broken = pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, &der);
    let found = relations(&(broken.expect("PEM") + &certificate(&made[ca])), NOW);
    assert_eq!(
        found.chains[0].problems,
        [ChainProblem::SignatureInvalid { certificate: 0, issuer: 1 }]
    );
}

#[test]
fn keys_find_their_certificates() {
    let (plan, made) = made("one");
    let (ca, leaf) = pair(&plan, &made);
    let found = relations(&(certificate(&made[leaf]) + &key(&made[leaf])), NOW);
    assert_eq!(found.keys[0].objects, [0, 1]);
    assert!(found.keys[0].has_private_key && found.mismatches.is_empty());
    let found = relations(&(certificate(&made[leaf]) + &key(&made[ca])), NOW);
    assert_eq!(found.mismatches, [KeyMismatch { key: 1, certificate: 0 }]);
    assert!(found.keys.is_empty());
}

#[test]
fn key_of_a_kubeconfig_is_held_against_its_own_certificate() {
    let (plan, made) = made("one");
    let (ca, leaf) = pair(&plan, &made);
    let base64 = |text: String| {
        use base64ct::{Base64, Encoding};
        Base64::encode_string(text.as_bytes())
    };
    let kubeconfig = |key: String| {
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster:\n    \
             certificate-authority-data: {}\nusers:\n- name: u\n  user:\n    \
             client-certificate-data: {}\n    client-key-data: {}\n",
            base64(certificate(&made[ca])),
            base64(certificate(&made[leaf])),
            base64(key)
        )
    };
    let found = relations(&kubeconfig(key(&made[leaf])), NOW);
    assert_eq!((found.mismatches.len(), found.keys.len()), (0, 1), "{found:?}");
    assert_eq!(found.chains[0].end, ChainEnd::Root);
    let found = relations(&kubeconfig(key(&made[ca])), NOW);
    assert_eq!(found.mismatches.len(), 1, "{found:?}");
}

#[test]
fn the_same_twice_is_told() {
    let (_, made) = made("one");
    let one = certificate(&made[0]);
    let found = relations(&(one.clone() + &one), NOW);
    assert_eq!(found.duplicates, [[0, 1]]);
    assert_eq!(found.chains.len(), 1);
}

#[test]
fn copies_of_a_certificate_cost_one_signature() {
    let (plan, made) = made("copies");
    let (ca, leaf) = pair(&plan, &made);
    let both = certificate(&made[ca]) + &certificate(&made[leaf]);
    let found = relations(&both.repeat(super::MOST_SIGNATURES), NOW);
    assert_eq!(found.issuers.len(), 2 * super::MOST_SIGNATURES);
    assert!(found.issuers.iter().all(|link| link.signature == Signature::Valid));
}
