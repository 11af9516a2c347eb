//! Own CAs: each change of a layout makes files that verify, and says truly what a key is worth.

use time::OffsetDateTime;
use time::macros::datetime;

use super::blast::Power;
use super::review::Risk;
use super::{Component, Content, ItemId, Make, Plan};
use crate::bundle::write;
use crate::design::{Design, DesignAuthority, DesignCertificate, DesignNode, LayoutName, Problem};
use crate::issue::tests::made;
use crate::verify;

const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

fn ca(name: &str) -> DesignAuthority {
    DesignAuthority { name: name.to_owned(), ..DesignAuthority::default() }
}

fn below(name: &str, above: &str) -> DesignAuthority {
    DesignAuthority { below: above.to_owned(), ..ca(name) }
}

fn merged(name: &str, into: &str) -> DesignAuthority {
    DesignAuthority { into: into.to_owned(), ..ca(name) }
}

fn signing(name: &str, rows: &[&str]) -> DesignAuthority {
    DesignAuthority { signs: rows.iter().map(|row| (*row).to_owned()).collect(), ..ca(name) }
}

fn metrics() -> DesignCertificate {
    DesignCertificate {
        name: "metrics-server".to_owned(),
        authority: "metrics-ca".to_owned(),
        sans: vec!["metrics-server.kube-system.svc".to_owned()],
        usages: vec!["server".to_owned()],
        ..DesignCertificate::default()
    }
}

fn design(layout: LayoutName, authorities: Vec<DesignAuthority>) -> Design {
    let mut design = Design { layout: layout.name().to_owned(), authorities, ..Design::default() };
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    design.workers =
        vec![DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] }];
    design
}

/// Makes the files, which must verify, and gives the plan.
fn works(design: &Design) -> Plan {
    let (settings, findings) = design.check();
    let plan = Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")));
    let bundle = write(&plan, design, &made(&plan, NOW, "own"), NOW, "readme", false);
    let bundle = bundle.expect("a bundle");
    verify::archive(&plan, &bundle.bytes, NOW).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Design::from_document(&design.to_yaml()).as_ref(), Ok(design));
    assert_eq!(Design::from_document(&design.to_json()).as_ref(), Ok(design));
    plan
}

fn id(plan: &Plan, name: &str) -> ItemId {
    ItemId(plan.layout.authority(name).unwrap_or_else(|| panic!("no {name}")).0)
}

fn flag(plan: &Plan, component: Component, name: &str) -> String {
    let settings = plan.settings_of(component);
    settings.into_iter().find(|setting| setting.name == name).expect("a flag").value
}

#[test]
fn every_ca_of_every_layout_goes_below_an_offline_root() {
    for layout in LayoutName::ALL {
        let base = Plan::new(design(layout, vec![]).check().0.expect("a design"));
        let mut authorities = vec![ca("example-root")];
        authorities[0].common_name = "Example Root".to_owned();
        authorities
            .extend(base.layout.authorities.iter().map(|row| below(row.name, "example-root")));
        let plan = works(&design(layout, authorities));
        let root = id(&plan, "example-root");
        assert_eq!(root, ItemId(0), "{layout:?}: what signs is made first");
        for row in base.layout.authorities.iter() {
            match &plan.item(id(&plan, row.name)).expect("an item").make {
                Make::Authority(authority) => {
                    assert_eq!((authority.issuer, authority.path_length), (Some(root), Some(0)));
                }
                other => panic!("{other:?}"),
            }
            let chain = plan.file(&format!("operator/ca/{}-chain.crt", row.name)).expect("a chain");
            let expected = vec![id(&plan, row.name), root];
            assert!(matches!(&chain.content, Content::Bundle(ids) if *ids == expected));
        }
        // The root's key is in the vault and on no machine, and nobody trusts the root itself.
        let blast = plan.blast(root);
        assert!(blast.powers.is_empty() && blast.key_needed_by.is_empty(), "{layout:?}: {blast:?}");
        assert!(plan.file("vault/pki/example-root.key").is_some(), "{layout:?}");
        assert_eq!(blast.key_on.len(), 1);
    }
}

#[test]
fn people_get_a_ca_of_their_own() {
    let plan = works(&design(
        LayoutName::Kubeadm,
        vec![signing("people-ca", &["admin.conf", "super-admin.conf"])],
    ));
    let people = id(&plan, "people-ca");
    let path = flag(&plan, Component::Apiserver, "client-ca-file");
    assert_eq!(path, "/etc/kubernetes/pki/kube-apiserver-client-ca.crt");
    let file = plan.file(&format!("hosts/cp1{path}")).expect("the flag's file");
    let both = [id(&plan, "ca"), people];
    assert!(matches!(&file.content, Content::Bundle(ids) if *ids == both), "{:?}", file.content);
    assert_eq!(plan.blast(people).powers, [Power::AnyUser]);
    // The others read what they read before.
    assert_eq!(flag(&plan, Component::Kubelet, "client-ca-file"), "/etc/kubernetes/pki/ca.crt");
    let signer = flag(&plan, Component::ControllerManager, "cluster-signing-cert-file");
    assert_eq!(signer, "/etc/kubernetes/pki/ca.crt");
    assert!(plan.file("vault/pki/people-ca.key").is_some());
    assert!(plan.file("operator/ca/people-ca.crt").is_some());
}

/// Issue 4 asks for it: the five flows, built from kubeadm's three CAs by hand.
#[test]
fn the_five_flows_can_be_built_from_kubeadm() {
    let mut design = design(
        LayoutName::Kubeadm,
        vec![
            signing("operators-ca", &["admin.conf", "super-admin.conf"]),
            signing("kubelet-ca", &["kubelet", "kubelet.conf", "apiserver-kubelet-client"]),
        ],
    );
    design.outputs = vec!["kubelet-serving".to_owned()];
    let plan = works(&design);
    assert_eq!(plan.layout.authorities.len(), 5);
    let blast = plan.blast(id(&plan, "kubelet-ca"));
    assert_eq!(blast.powers, [Power::AnyUser, Power::Kubelets, Power::BeKubelet]);
    assert_eq!(plan.blast(id(&plan, "operators-ca")).powers, [Power::AnyUser]);
    assert!(!plan.review().contains(&Risk::UnverifiedKubelets));
}

#[test]
fn a_server_of_another_ca_is_verified_by_it() {
    let plan = works(&design(LayoutName::Kubeadm, vec![signing("server-ca", &["apiserver"])]));
    let server = id(&plan, "server-ca");
    for file in &plan.files {
        if let Content::Kubeconfig(kubeconfig) = &file.content {
            assert_eq!(kubeconfig.ca, server, "{}", file.path);
        }
    }
    assert!(plan.blast(server).powers.contains(&Power::BeApiserver));
}

#[test]
fn merging_says_what_it_costs() {
    let plan = works(&design(
        LayoutName::Kubeadm,
        vec![merged("front-proxy-ca", "ca"), merged("etcd-ca", "ca")],
    ));
    assert_eq!(plan.layout.authorities.len(), 1);
    let authority = ItemId(0);
    let review = plan.review();
    assert!(review.contains(&Risk::HeadersByNameOnly { authority }), "{review:?}");
    assert!(review.contains(&Risk::SharedEtcdAuthority { authority }), "{review:?}");
    let bundle =
        works(&design(LayoutName::FiveFlows, vec![merged("operators-ca", "control-plane-ca")]));
    let file = bundle.file("hosts/cp1/etc/kubernetes/pki/client-ca.crt").expect("the bundle");
    assert!(matches!(&file.content, Content::Bundle(ids) if ids.len() == 2), "each once");
}

#[test]
fn certificates_by_hand_are_where_they_should_be() {
    let mut design = design(LayoutName::FiveFlows, vec![ca("metrics-ca")]);
    let agent = DesignCertificate {
        name: "konnectivity".to_owned(),
        authority: "metrics-ca".to_owned(),
        common_name: "system:konnectivity-server".to_owned(),
        organizations: vec!["proxies".to_owned()],
        usages: vec!["client".to_owned()],
        on: "nodes".to_owned(),
        path: "/etc/kubernetes/pki/konnectivity".to_owned(),
        ..DesignCertificate::default()
    };
    let one = DesignCertificate {
        on: "w1".to_owned(),
        name: "one".to_owned(),
        path: "/opt/one".to_owned(),
        ..agent.clone()
    };
    design.certificates = vec![metrics(), agent, one];
    let plan = works(&design);
    for path in [
        "operator/certificates/metrics-server.crt",
        "operator/ca/metrics-ca.crt",
        "hosts/cp1/etc/kubernetes/pki/konnectivity.key",
        "hosts/w1/etc/kubernetes/pki/konnectivity.crt",
        "hosts/w1/opt/one.crt",
    ] {
        assert!(plan.file(path).is_some(), "no {path}");
    }
    assert!(plan.file("hosts/cp1/opt/one.crt").is_none());
}

/// Every reference that leads nowhere is found where it stands, and nothing is made.
#[test]
fn bad_references_are_found() {
    let problems = |authorities: Vec<DesignAuthority>, certificates: Vec<DesignCertificate>| {
        let mut design = design(LayoutName::Kubeadm, authorities);
        design.certificates = certificates;
        let (settings, findings) = design.check();
        let said: Vec<String> =
            findings.iter().map(|f| format!("{} {:?}", f.place, f.problem)).collect();
        (settings.is_some(), said.join("\n"))
    };
    let refused = |authorities, certificates, says: &[&str]| {
        let (fine, said) = problems(authorities, certificates);
        assert!(!fine, "{said}");
        for words in says {
            assert!(said.contains(words), "no {words:?} in\n{said}");
        }
    };
    refused(vec![below("ca", "ca")], vec![], &["authorities[0].below AuthorityCircle"]);
    let circle = vec![below("ca", "etcd-ca"), below("etcd-ca", "a"), below("a", "ca")];
    refused(circle, vec![], &["authorities[0].below AuthorityCircle", "authorities[2].below"]);
    refused(vec![below("ca", "none")], vec![], &["below NoSuchAuthority"]);
    let gone = vec![merged("etcd-ca", "ca"), merged("front-proxy-ca", "etcd-ca")];
    refused(gone, vec![], &["authorities[1].into AuthorityGone"]);
    refused(vec![merged("ca", "etcd-ca"), below("etcd-ca", "ca")], vec![], &["AuthorityGone"]);
    let both = DesignAuthority { below: "etcd-ca".to_owned(), ..merged("ca", "etcd-ca") };
    refused(vec![both], vec![], &["into GoneAndUsed"]);
    let same = DesignAuthority { common_name: "etcd-ca".to_owned(), ..ca("other") };
    refused(vec![same], vec![], &["commonName SameSubject"]);
    refused(vec![ca("A B"), ca("x"), ca("x")], vec![], &["BadAuthorityName", "[2].name Dup"]);
    refused(vec![signing("x", &["sa", "nobody.conf"])], vec![], &["signs[1] NoSuchRow"]);
    let twice = vec![signing("x", &["apiserver"]), signing("y", &["apiserver"])];
    refused(twice, vec![], &["authorities[1].signs[0] SignedTwice"]);
    let merged_away = vec![ca("metrics-ca"), merged("metrics-ca2", "ca")];
    let of = |authority: &str| DesignCertificate { authority: authority.to_owned(), ..metrics() };
    refused(merged_away, vec![of("metrics-ca2")], &["certificates[0].authority AuthorityGone"]);
    refused(vec![], vec![of("metrics-ca")], &["authority NoSuchAuthority"]);
    let place = |on: &str, path: &str| DesignCertificate {
        on: on.to_owned(),
        path: path.to_owned(),
        ..of("ca")
    };
    refused(vec![], vec![place("w9", "/a")], &["certificates[0].on NoSuchMachine"]);
    refused(vec![], vec![place("w1", "/a/../b")], &["certificates[0].path BadPath"]);
    let taken = place("nodes", "/etc/kubernetes/pki/ca");
    refused(vec![], vec![taken], &["certificates[0].path PathTaken"]);
    refused(vec![], vec![of("ca"), of("ca")], &["certificates[1].name DuplicateOwn"]);
    let usage = DesignCertificate { usages: vec!["email".to_owned()], ..of("ca") };
    refused(vec![], vec![usage], &["certificates[0].usages BadUsage"]);
    let both = ["server", "client"].map(str::to_owned).to_vec();
    let both = DesignCertificate { usages: both, sans: vec![], ..of("ca") };
    let (fine, said) = problems(vec![], vec![both]);
    assert!(fine && said.contains("BothUsages") && said.contains("ServerWithoutName"), "{said}");
    assert!(matches!(Problem::BothUsages.severity(), crate::design::Severity::Warning));
}
