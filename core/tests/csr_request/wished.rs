//! What may be wished, and what a cluster makes of it.

use pki_core::design::{Design, DesignNode};
use pki_core::key::Algorithm;
use pki_core::plan::{Make, Plan};
use pki_core::request::{self, Template, Wish, WishError};
use serde_json::Value;

use crate::{ca, key, review_with, rng, wishes};

#[test]
fn every_wish_passes_the_review_and_is_signed_as_asked() {
    let (_, issuer) = ca();
    for wish in wishes() {
        for algorithm in [Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::Ed25519] {
            let key = key(algorithm);
            let der = request::encode(&wish, &key, &mut rng()).expect("a request");
            let object = request::to_value(&wish, algorithm, &request::to_pem(&der));
            let review = review_with(&object, issuer.authority(), &wish.signer_name);
            let content = review.content().unwrap_or_else(|| panic!("{:?}", review.findings));
            assert_eq!(content.subject().common_name, wish.common_name.as_bytes());
            assert_eq!(content.subject().organizations.len(), wish.organizations.len());
            assert_eq!(content.sans(), &wish.sans);
            let yaml: Value =
                serde_saphyr::from_str(&request::to_yaml(&wish, algorithm, &request::to_pem(&der)))
                    .expect("YAML");
            assert_eq!(yaml, object);
        }
    }
}

#[test]
fn wishes_that_no_cluster_grants_are_named() {
    let masters = Wish::user("x", &["system:masters".to_owned()]);
    assert_eq!(masters.err(), Some(WishError::SystemMasters));
    assert_eq!(Wish::user("", &[]).err(), Some(WishError::EmptyName));
    let user = Wish::user("x", &[]).expect("a user");
    assert_eq!(user.clone().with_expiration(Some(599)).err(), Some(WishError::Expiration(599)));
    assert!(user.clone().with_expiration(Some(600)).is_ok());
    assert!(matches!(user.with_name("a/b").err(), Some(WishError::ObjectName(_))));
    assert_eq!(Wish::node_serving("n1", &[], &[]).err(), Some(WishError::NoNames));
    let service = Wish::service("web", "shop", "cluster.local", "");
    assert_eq!(service.err(), Some(WishError::NoSigner));
    assert_eq!(Wish::other("x", &[], &[], "", &[]).err(), Some(WishError::NoSigner));
    assert!(matches!(Wish::node_client("N 1").err(), Some(WishError::NodeName(_))));
}

#[test]
fn names_are_sorted_by_their_form_or_prefix() {
    let user = Wish::user("x", &[]).expect("a user");
    let named = |text: &str| {
        let wish = user.clone().with_names(&[text.to_owned()]);
        wish.map(|wish| wish.sans.to_texts().join(" "))
    };
    for (typed, meant) in [
        ("web.example.org", "DNS:web.example.org"),
        ("*.example.org", "DNS:*.example.org"),
        ("dns:web", "DNS:web"),
        ("10.0.0.7", "IP:10.0.0.7"),
        ("IP:fd00::7", "IP:fd00::7"),
        ("::ffff:10.0.0.7", "IP:10.0.0.7"),
        ("jane@example.org", "email:jane@example.org"),
        ("ssh://git@example.org/x", "URI:ssh://git@example.org/x"),
        ("URI:tel:+4912", "URI:tel:+4912"),
        ("urn:a:b", "URI:urn:a:b"),
    ] {
        assert_eq!(named(typed), Ok(meant.to_owned()));
    }
    let bad = [
        "",
        "a b",
        "a,b",
        "a_b",
        "10.0.0",
        "@example.org",
        "jane@",
        "a@b@",
        "https://a b/",
        "uri:",
        "https://[::1/",
        "dns:10.0.0.7",
        "ip:web",
        "email:web",
        "jané@example.org",
        "URI:%zz",
    ];
    for typed in bad {
        assert_eq!(named(typed), Err(WishError::San(typed.to_owned())));
    }
}

/// Every certificate of a design is a template; asked for again, it has the same subject and names.
#[test]
fn every_planned_certificate_is_a_template() {
    let worker = DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] };
    let design = Design {
        workers: vec![worker],
        outputs: vec!["kubelet-serving".to_owned()],
        ..Design::default()
    };
    let (settings, findings) = design.check();
    let plan = Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")));
    let mut by_kind = [0; 4];
    for item in &plan.items {
        let Make::Leaf(leaf) = &item.make else { continue };
        let template = Template::of_planned(leaf);
        by_kind[template.kind as usize] += 1;
        let own = (template.signer.is_empty()).then_some("example.com/own");
        let wish = match template.wish(own) {
            Err(WishError::SystemMasters) => {
                assert_eq!(leaf.subject.organizations, ["system:masters"]);
                continue;
            }
            wish => wish.unwrap_or_else(|error| panic!("{}: {error:?}", item.name)),
        };
        assert_eq!(wish.common_name, leaf.subject.common_name);
        assert_eq!(wish.organizations, leaf.subject.organizations);
        let (mut asked, mut planned): (Vec<_>, Vec<_>) = (
            wish.sans
                .to_texts()
                .iter()
                .filter_map(|n| Some(n.split_once(':')?.1.to_owned()))
                .collect(),
            leaf.sans.iter().map(ToString::to_string).collect(),
        );
        asked.sort();
        planned.sort();
        assert_eq!(asked, planned, "{}", item.name);
    }
    // admin.conf and other people, kubelet.conf, kubelet serving, and servers.
    assert!(by_kind.iter().all(|count| *count > 0), "{by_kind:?}");
}
