//! Own CAs: each change of a layout makes files that verify, and says truly what a key is worth.

use time::OffsetDateTime;
use time::macros::datetime;

use super::blast::Power;
use super::review::Risk;
use super::{Component, Content, ItemId, Make, Plan, PlannedFile};
use crate::bundle::write;
use crate::design::{
    Design, DesignAuthority, DesignCertificate, DesignNode, LayoutName, Problem, Template,
};
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
        // The root's key is in the vault and on no machine, and nobody trusts the root itself but
        // programs in pods, some of which would trust nothing else.
        let blast = plan.blast(root);
        let by: Vec<_> = blast.trusted_by.iter().map(|flag| flag.name).collect();
        assert!(by.iter().all(|flag| *flag == "root-ca-file"), "{layout:?}: {blast:?}");
        assert!(blast.key_needed_by.is_empty(), "{layout:?}: {blast:?}");
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

fn limited(name: &str, permitted: &[&str], excluded: &[&str]) -> DesignAuthority {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
    DesignAuthority { permitted: texts(permitted), excluded: texts(excluded), ..ca(name) }
}

/// Everything that kubeadm's cluster CA signs, on the machines of the design here.
const KUBEADM_NAMES: [&str; 6] =
    ["kubernetes", "kubernetes.default", "svc", "cluster.local", "cp1", "w1"];

#[test]
fn a_ca_below_a_root_with_constraints_has_no_name_that_they_forbid() {
    let mut names = KUBEADM_NAMES.to_vec();
    names.retain(|name| *name != "kubernetes");
    names.extend(["kubernetes.default", "10.0.0.0/8", "localhost", "127.0.0.0/8"]);
    let mut design = design(
        LayoutName::Kubeadm,
        vec![
            limited("root", &["example.com", "192.0.2.0/24"], &[]),
            below("front-proxy-ca", "root"),
        ],
    );
    // The aggregation layer's client has no names, so that its CA may be below such a root; with
    // the common name `front-proxy-ca` as alternative name, as kubeadm has it, it might not.
    let plan = works(&design);
    let front = plan.item(id(&plan, "front-proxy-ca")).expect("a CA");
    assert!(front.sans().is_empty(), "{:?}", front.sans());
    assert_eq!(plan.item(id(&plan, "root")).expect("a CA").sans().len(), 1);
    assert_eq!(plan.item(id(&plan, "ca")).expect("a CA").sans().len(), 1);
    assert_eq!(plan.refused_names(), []);
    // The cluster's CA cannot, and each certificate that stands in the way is said once.
    design.authorities.push(below("ca", "root"));
    let said = |design: &Design| {
        let all = design.check().1.into_iter().map(|found| (found.place, found.problem));
        all.filter(|(place, _)| place.starts_with("authorities")).collect::<Vec<_>>()
    };
    let found = said(&design);
    let [(place, Problem::NameNotPermitted { name, certificate, all })] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(place, "authorities[0].permitted");
    assert_eq!((name.as_str(), certificate.as_str()), ("cp1", "cp1/apiserver"));
    assert_eq!(all[1..3], ["kubernetes", "kubernetes.default"]);
    assert!(all.contains(&"10.96.0.1/32".to_owned()), "{all:?}");
    // The button permits them all.
    let finding = design.check().1.into_iter().find(|found| found.place == *place);
    let (_, mended) = design.repair(&finding.expect("found above")).expect("a button");
    assert_eq!(said(&mended), []);
    works(&mended);
}

#[test]
fn constraints_name_what_they_forbid_and_what_they_leave_open() {
    let said = |own: DesignAuthority, change: &dyn Fn(&mut Design)| {
        let mut design = design(LayoutName::Kubeadm, vec![own]);
        change(&mut design);
        let (settings, found) = design.check();
        let lines = found.iter().map(|found| format!("{} {:?}", found.place, found.problem));
        (settings.is_some(), lines.collect::<Vec<_>>().join("\n"))
    };
    let everything = [&KUBEADM_NAMES[..], &["10.0.0.0/8"]].concat();
    assert_eq!(said(limited("ca", &everything, &[]), &|_| {}), (true, String::new()));
    // Without ranges addresses are free, which is said and no error.
    let (fine, text) = said(limited("ca", &KUBEADM_NAMES, &[]), &|_| {});
    assert!(fine && text == "authorities[0].permitted KindOpen { addresses: true }", "{text}");
    let (fine, text) = said(limited("ca", &["10.0.0.0/8"], &[]), &|_| {});
    assert!(fine && text == "authorities[0].permitted KindOpen { addresses: false }", "{text}");
    let (fine, text) = said(limited("ca", &everything, &["svc", "10.96.0.0/16"]), &|_| {});
    assert!(!fine && text.contains("excluded[0] NameExcluded { name: \"kubernetes.default.svc\""));
    assert!(text.contains("excluded[1] NameExcluded { name: \"10.96.0.1\""), "{text}");
    let (fine, text) =
        said(limited("ca", &[".x", "*.x", "10.0.0.1", "1.2.3.4/8"], &["A"]), &|_| {});
    assert!(!fine && text.matches("BadSubtree").count() == 5, "{text}");
    // A user whose name looks like a host's.
    let jane = |design: &mut Design| {
        design.users =
            vec![crate::design::DesignUser { name: "jane.doe".to_owned(), ..Default::default() }];
    };
    let (fine, text) = said(limited("ca", &everything, &[]), &jane);
    assert!(fine && text.contains("CommonNameRefused { name: \"jane.doe\""), "{text}");
    let merged = DesignAuthority { into: "etcd-ca".to_owned(), ..limited("ca", &["x"], &[]) };
    assert!(said(merged, &|_| {}).1.contains("into GoneAndUsed"));
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

/// Proxy, agent and kube-apiserver check each other by the CA of their certificates.
#[test]
fn konnectivity_has_its_ca_wherever_it_has_a_certificate() {
    let mut design = design(LayoutName::Kubeadm, vec![]);
    design.add_template(Template::Konnectivity);
    let plan = works(&design);
    let ca = id(&plan, "konnectivity-ca");
    for host in ["cp1", "w1"] {
        let of = |file: &&PlannedFile| {
            file.path.starts_with(&format!("hosts/{host}/"))
                && matches!(file.content, Content::Certificate(id) if id == ca)
        };
        let path = format!("hosts/{host}/etc/kubernetes/pki/konnectivity-ca.crt");
        let found: Vec<_> = plan.files.iter().filter(of).map(|file| &file.path).collect();
        assert_eq!(found, [&path], "once, though there are two certificates");
    }
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
    let design = Design { authorities: vec![below("ca", "ca")], ..Design::default() };
    assert_eq!(design.check().1.len(), 1, "one fault is found once");
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
