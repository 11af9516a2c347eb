//! The two encoders against each other, and every item against the rules of its row.

use std::ops::ControlFlow;

use chacha20::ChaCha20Rng;
use der::{Decode, Encode};
use rand_core::SeedableRng;
use time::OffsetDateTime;
use time::macros::datetime;
use x509_cert::Certificate;

use super::{
    DemoEntropy, Entropy, EntropyError, IssueError, Material, RunError, Seed, SystemEntropy,
    WireError, Wires, encode, encode_rcgen, encode_x509_cert, make, make_all, make_with,
};
use crate::design::{Design, DesignNode};
use crate::hash::HashMap;
use crate::key::{Algorithm, KnownPairs, PrivateKey, PublicKey, SignatureAlgorithm};
use crate::plan::{ItemId, Make, Plan};

const NOW: OffsetDateTime = datetime!(2026-11-23 12:00:00 UTC);

fn plan(change: impl FnOnce(&mut Design)) -> Plan {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    change(&mut design);
    let (settings, findings) = design.check();
    Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")))
}

/// Everything of a plan, from a fixed seed.
pub(crate) fn made(plan: &Plan, now: OffsetDateTime, seed: &str) -> Vec<Material> {
    make_all(plan, now, &mut DemoEntropy::new(seed), |_| ControlFlow::Continue(()))
        .expect("a checked plan and a source that never fails")
}

/// The key of what is no token.
fn key(material: &Material) -> &PrivateKey {
    material.key.as_ref().expect("a key")
}

/// DESIGN: for every row of every layout both encoders give the same TBSCertificate, byte for byte.
/// Signatures are deterministic, so the whole certificate must be the same.
#[test]
fn both_encoders_give_the_same_bytes_for_every_row() {
    for algorithm in ["ecdsa-p256", "ecdsa-p384", "rsa-2048"] {
        for (layout, version, lifetime) in [
            ("kubeadm", "1.20", "24y"),
            ("kubeadm", "1.30", "1y"),
            ("kubeadm", "1.36", "90d"),
            ("five-flows", "1.20", "1y"),
            ("five-flows", "1.36", "30d"),
            ("single-ca", "1.36", "1y"),
            ("hard-way", "1.36", "1y"),
            ("master-etc", "1.36", "1y"),
            ("k3s", "1.36", "1y"),
        ] {
            let plan = plan(|d| {
                d.layout = layout.to_owned();
                d.keys.algorithm = algorithm.to_owned();
                d.kubernetes_version = version.to_owned();
                d.validity.ca = "30y".to_owned();
                d.validity.leaf = lifetime.to_owned();
                d.service_cidrs = vec!["fd00::/108".to_owned()];
                if layout == "five-flows" {
                    d.subject.country = "CH".to_owned();
                    d.subject.province = "Genève".to_owned();
                    d.subject.locality = "GVA_2".to_owned();
                    d.subject.organization = "Exoscale".to_owned();
                    d.subject.organizational_unit = "SKS".to_owned();
                }
                // CAs of every shape: a root with name constraints, and CAs below.
                if version == "1.36" && layout == "kubeadm" {
                    let own = "authorities:\n- {name: root, excluded: [bad.example, fe80::/10]}\n\
                        - name: ca\n  below: root\n  permitted: [kubernetes, default, svc, cp1, \
                        cluster.local, 10.0.0.0/8, 'fd00::/8']\n  excluded: [10.1.0.0/16]\n\
                        - {name: etcd-ca, permitted: [cp1, localhost, 0.0.0.0/0, '::/0']}\n";
                    d.take_own(own).expect("a design");
                }
            });
            let parts = &plan.settings.subject;
            let seeds = [[1; 32], [2; 32]].map(ChaCha20Rng::from_seed);
            let [mut ca_rng, mut leaf_rng] = seeds;
            let kind = algorithm.parse().expect("an algorithm of the list");
            let ca_key = PrivateKey::generate(kind, &mut ca_rng).expect("a key");
            let key = PrivateKey::generate(kind, &mut leaf_rng).expect("a key");
            let mut issuers: HashMap<ItemId, Material> = HashMap::default();
            for (index, item) in plan.items.iter().enumerate() {
                let mut blank = match &item.make {
                    Make::KeyPair | Make::Token | Make::Secret => continue,
                    Make::Authority(authority) => {
                        super::authority_blank(authority, parts, &ca_key, NOW, 300, 7)
                            .expect("a CA")
                    }
                    Make::Leaf(leaf) => {
                        let issuer = &issuers[&leaf.issuer];
                        let subject = super::leaf_subject(&plan, leaf).expect("a name");
                        super::leaf_blank(leaf, subject, issuer, &key, NOW, 300, u64::MAX >> 1)
                            .expect("a leaf")
                    }
                };
                blank.critical_usages = layout == "five-flows";
                let mut rng = ChaCha20Rng::from_seed([3; 32]);
                let names = encode_rcgen::names(&blank).expect("kubeadm's names are plain");
                let one = encode_rcgen::encode(&blank, names, &ca_key, &mut rng).expect("rcgen");
                let two = encode_x509_cert::encode(&blank, &ca_key, &mut rng).expect("x509-cert");
                assert_eq!(one, two, "{algorithm} {version} {}", item.name);
                if matches!(item.make, Make::Authority(_)) {
                    let der = ca_key.to_der(crate::key::KeyFormat::Pkcs8).expect("DER");
                    let again = PrivateKey::from_der(crate::key::KeyFormat::Pkcs8, &der);
                    let material = Material {
                        item: ItemId(index),
                        key: Some(again.expect("our own DER")),
                        certificate: Some(one),
                        token: None,
                    };
                    issuers.insert(ItemId(index), material);
                }
            }
        }
    }
}

#[test]
fn several_organizations_go_to_the_encoder_that_can_hold_them() {
    let plan = plan(|_| ());
    let all = made(&plan, NOW, "tests");
    let index = plan.items.iter().position(|item| item.name == "cp1/admin.conf").expect("a row");
    let Make::Leaf(mut leaf) = plan.items[index].make.clone() else { panic!("a leaf") };
    leaf.subject.organizations = vec!["zoë".to_owned(), "ops".to_owned(), "dev".to_owned()];
    let ca = &all[leaf.issuer.0];
    let subject = super::leaf_subject(&plan, &leaf).expect("a name");
    let blank =
        super::leaf_blank(&leaf, subject, ca, key(&all[index]), NOW, 300, 1).expect("a leaf");
    assert!(encode_rcgen::names(&blank).is_none());
    let mut rng = ChaCha20Rng::from_seed([3; 32]);
    let der = encode::encode(&blank, key(ca), &mut rng).expect("x509-cert");
    let certificate = Certificate::from_der(&der).expect("our own DER");
    assert_eq!(
        certificate.tbs_certificate().subject().to_string(),
        "CN=kubernetes-admin,O=dev+O=ops+O=zoë",
        "one RDN, its members sorted by DER"
    );
}

#[test]
fn every_leaf_is_signed_by_its_ca_and_by_no_other() {
    let plan = plan(|d| {
        d.workers = vec![DesignNode { name: "w1".to_owned(), addresses: vec![] }];
    });
    let all = made(&plan, NOW, "tests");
    let mut serials = Vec::new();
    for material in &all {
        let item = &plan.items[material.item.0];
        let Some(der) = &material.certificate else { continue };
        let certificate = Certificate::from_der(der).expect("our own DER");
        let tbs = certificate.tbs_certificate();
        let bytes = tbs.to_der().expect("our own certificate");
        let algorithm = SignatureAlgorithm::from_oid(certificate.signature_algorithm().oid)
            .expect("an algorithm of ours");
        let signer = item.issuer().unwrap_or(material.item);
        for ca in &all[..3] {
            let ok = key(ca)
                .public_key()
                .verify(algorithm, &bytes, certificate.signature().raw_bytes())
                .is_ok();
            assert_eq!(ok, ca.item == signer, "{}", item.name);
        }
        let spki = tbs.subject_public_key_info().to_der().expect("our own key");
        assert_eq!(
            &PublicKey::from_spki_der(&spki).expect("our own key"),
            key(material).public_key()
        );
        let serial = tbs.serial_number().as_bytes().to_vec();
        assert!(serial.len() <= 8 && serial[0] < 0x80, "positive and short");
        serials.push(serial);
    }
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), all.len() - 2, "serial numbers differ; sa and the token have none");
}

#[test]
fn leaves_end_with_their_ca_at_the_latest() {
    let plan = plan(|d| {
        d.validity.ca = "30d".to_owned();
        d.validity.leaf = "1y".to_owned();
    });
    let ends = |name: &str| {
        let all = made(&plan, NOW, "tests");
        let index = plan.items.iter().position(|item| item.name == name).expect("an item");
        let der = all[index].certificate.clone().expect("a certificate");
        let certificate = Certificate::from_der(&der).expect("our own DER");
        certificate.tbs_certificate().validity().not_after.to_string()
    };
    assert_eq!(ends("ca"), ends("cp1/apiserver"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let plan = plan(|_| ());
    let wire = |material: &Material| material.to_wire().expect("our own key").to_vec();
    let one: Vec<_> = made(&plan, NOW, "tests").iter().map(wire).collect();
    let two: Vec<_> = made(&plan, NOW, "tests").iter().map(wire).collect();
    assert_eq!(one, two);
    let seed = DemoEntropy::new("other").seed("ca").expect("demo entropy");
    let other = make(&plan, ItemId(0), None, NOW, &seed).expect("a CA");
    assert_ne!(wire(&other), one[0]);
}

#[test]
fn a_key_made_ahead_is_used_if_it_is_of_the_algorithm() {
    let plan = plan(|_| ());
    let [seed, other] = [7, 8].map(|byte| Seed::new([byte; 32]));
    let alone = make(&plan, ItemId(0), None, NOW, &seed).expect("a CA");
    let ahead = |seed| make(&plan, ItemId(0), None, NOW, seed).expect("a CA").key;
    let with = |key| make_with(&plan, ItemId(0), None, NOW, &seed, key).expect("a CA");
    // Everything but the key is of the item's own seed.
    assert_eq!(with(ahead(&seed)).certificate, alone.certificate);
    let made = with(ahead(&other));
    assert_eq!(
        made.key.as_ref().map(|key| key.public_key().spki_der().to_vec()),
        ahead(&other).map(|key| key.public_key().spki_der().to_vec())
    );
    assert_ne!(made.certificate, alone.certificate);
    let wrong = PrivateKey::generate(Algorithm::Ed25519, &mut ChaCha20Rng::from_seed([9; 32]));
    assert_eq!(with(wrong.ok()).certificate, alone.certificate);
}

#[test]
fn material_survives_the_wire() {
    for material in made(&plan(|_| ()), NOW, "tests") {
        let wire = material.to_wire().expect("our own key");
        let again = Material::from_wire(&wire).expect("our own bytes");
        assert_eq!(again.item, material.item);
        assert_eq!(again.certificate, material.certificate);
        let public =
            |material: &Material| material.key.as_ref().map(|key| key.public_key().clone());
        assert_eq!(public(&again), public(&material));
        assert_eq!(again.token, material.token);
        assert!(Material::from_wire(&wire[..7]).is_err());
        // Half a token is a token.
        assert!(material.token.is_some() || Material::from_wire(&wire[..20]).is_err());
    }
}

/// The key of one item with the certificate of another is for the check of the archive; halves of
/// two keys are not even read.
#[test]
fn a_key_on_the_wire_is_the_pair_that_was_made() {
    let plan = plan(|design| design.keys.algorithm = "ecdsa-p256".to_owned());
    let made = made(&plan, NOW, "tests");
    let mut found = 0;
    for material in made.iter().filter(|made| made.key.is_some()) {
        let wire = material.to_wire().expect("our own key");
        let key = material.key.as_ref().expect("they have one");
        let known = Wires::new([(ItemId(0), wire.clone())]).known_pairs();
        assert_eq!(known, KnownPairs::of([key]), "{:?}", material.item);
        if known == KnownPairs::default() {
            continue;
        }
        found += 1;
        let half = key.public_key().subject_public_key().expect("our own key");
        let place =
            wire.windows(half.len()).position(|octets| octets == half).expect("it is in it");
        let other = PrivateKey::generate(key.algorithm(), &mut ChaCha20Rng::from_seed([3; 32]));
        let other = other.expect("a key").public_key().subject_public_key().expect("our own key");
        let mut mixed = wire.clone();
        mixed[place..place + half.len()].copy_from_slice(&other);
        assert!(matches!(Material::from_wire(&mixed), Err(WireError::Key(_))));
        // With another digest it is only slower.
        let mut unknown = wire.clone();
        unknown[8] ^= 1;
        let again = Material::from_wire(&unknown).expect("our own key");
        assert_eq!(again.key.expect("it has one").public_key(), key.public_key());
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_failing_source_of_randomness_is_an_error() {
    let mut broken = SystemEntropy(|_: &mut [u8]| Err("no randomness here"));
    assert_eq!(broken.seed("ca"), Err(EntropyError { reason: "no randomness here".to_owned() }));
    let mut lazy = SystemEntropy(|_: &mut [u8]| Ok::<(), String>(()));
    assert!(lazy.seed("ca").is_err(), "a source that does nothing is caught");
    let run = make_all(&plan(|_| ()), NOW, &mut broken, |_| ControlFlow::Continue(()));
    assert!(matches!(run, Err(RunError::Entropy(_))));
}

#[test]
fn a_run_stops_in_the_middle_when_told() {
    let mut count = 0;
    let run = make_all(&plan(|_| ()), NOW, &mut DemoEntropy::new("x"), |_| {
        count += 1;
        if count == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(run.err(), Some(RunError::Stopped));
    assert_eq!(count, 5);
}

#[test]
fn a_missing_or_wrong_issuer_is_refused() {
    let plan = plan(|_| ());
    let all = made(&plan, NOW, "tests");
    let seed = DemoEntropy::new("x").seed("x").expect("demo entropy");
    let leaf = plan.items.iter().position(|item| item.name == "cp1/apiserver").expect("a row");
    let missing = IssueError::MissingIssuer { issuer: ItemId(0) };
    assert_eq!(make(&plan, ItemId(leaf), None, NOW, &seed).err(), Some(missing.clone()));
    assert_eq!(make(&plan, ItemId(leaf), Some(&all[1]), NOW, &seed).err(), Some(missing));
    assert_eq!(
        make(&plan, ItemId(999), None, NOW, &seed).err(),
        Some(IssueError::NoSuchItem(ItemId(999)))
    );
    let late = datetime!(9999-06-01 0:00 UTC);
    assert_eq!(make(&plan, ItemId(0), None, late, &seed).err(), Some(IssueError::TimeOutOfRange));
}

#[test]
fn years_from_2050_are_generalized_time() {
    let plan = plan(|d| d.validity.ca = "100y".to_owned());
    let all = made(&plan, NOW, "tests");
    let der = all[0].certificate.as_ref().expect("a certificate");
    // Tag 0x17 UTCTime for 2026, tag 0x18 GeneralizedTime for 2126.
    let text = |needle: &[u8]| der.windows(needle.len()).any(|window| window == needle);
    assert!(text(b"\x17\x0d261123115500Z"));
    assert!(text(b"\x18\x0f21261030120000Z"));
}

/// The subjects that the talk behind the five flows shows.
#[test]
fn subjects_say_country_place_company_and_unit() {
    let plan = plan(|d| {
        d.layout = "five-flows".to_owned();
        d.keys.algorithm = "ecdsa-p256".to_owned();
        d.subject.country = "CH".to_owned();
        d.subject.locality = "GVA2".to_owned();
        d.subject.organization = "Exoscale".to_owned();
        d.subject.organizational_unit = "SKS".to_owned();
        d.users = vec![crate::design::DesignUser {
            name: "mathieu".to_owned(),
            groups: vec!["system:masters".to_owned()],
            ttl: "1d".to_owned(),
        }];
    });
    let made = made(&plan, NOW, "talk");
    let subject = |name: &str| {
        let index = plan.items.iter().position(|item| item.name.ends_with(name));
        let der = made[index.expect("an item")].certificate.as_deref().expect("a certificate");
        let read = crate::decode::Certificate::read(der).expect("our own DER");
        read.subject.rfc4514()
    };
    assert_eq!(subject("operators-ca"), "CN=operators-ca,OU=SKS,O=Exoscale,L=GVA2,C=CH");
    assert_eq!(subject("mathieu"), "CN=mathieu,OU=SKS,O=system:masters,L=GVA2,C=CH");
}
