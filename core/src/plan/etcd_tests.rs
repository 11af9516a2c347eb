//! An external etcd, etcd's CAs of one's own, and certificates of both usages.

use time::OffsetDateTime;
use time::macros::datetime;

use super::flows::Party;
use super::layout::Component::{Apiserver, Etcd};
use super::review::Risk;
use super::{Component, Content, Make, Owner, Plan};
use crate::bundle::write;
use crate::design::{Design, DesignAuthority, DesignCertificate, DesignNode, LayoutName};
use crate::issue::tests::made;
use crate::verify;

const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);
const PKI: &str = "/etc/kubernetes/pki";

fn node(name: &str, address: &str) -> DesignNode {
    DesignNode { name: name.to_owned(), addresses: vec![address.to_owned()] }
}

fn design(layout: LayoutName, change: impl FnOnce(&mut Design)) -> Design {
    let mut design = Design {
        layout: layout.name().to_owned(),
        control_plane_endpoint: "api.example.com".to_owned(),
        control_planes: vec![node("cp1", "10.0.0.10"), node("cp2", "10.0.0.11")],
        workers: vec![node("w1", "10.0.0.20")],
        ..Design::default()
    };
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    change(&mut design);
    design
}

fn external(design: &mut Design) {
    design.etcd.topology = "external".to_owned();
    design.etcd.members = vec![node("etcd[1-3]", "10.0.0.[5-7]")];
}

/// Makes the files, which must verify, and gives the plan.
fn works(design: &Design) -> Plan {
    let (settings, findings) = design.check();
    let plan = Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")));
    let bundle = write(&plan, design, &made(&plan, NOW, "etcd"), NOW, "readme", false);
    let bundle = bundle.expect("a bundle");
    verify::archive(&plan, &bundle.bytes, NOW).unwrap_or_else(|error| panic!("{error}"));
    plan
}

/// The paths of a machine, without its folder.
fn files(plan: &Plan, node: &str) -> Vec<String> {
    let folder = format!("hosts/{node}");
    let of = |path: &str| path.strip_prefix(&folder).map(str::to_owned);
    plan.files.iter().filter_map(|file| of(&file.path)).collect()
}

fn flag(plan: &Plan, component: Component, member: usize, name: &str) -> String {
    let settings = plan.settings_on(component, member);
    settings.into_iter().find(|setting| setting.name == name).expect("a flag").value
}

/// The names of the CAs in the file of a flag.
fn trusted(plan: &Plan, owner: &Owner, component: Component, name: &str) -> Vec<String> {
    let path = flag(plan, component, 0, name);
    let ids = match &plan.installed(owner, &path).expect("the flag's file").content {
        Content::Certificate(id) => vec![*id],
        Content::Bundle(ids) => ids.clone(),
        other => panic!("{other:?}"),
    };
    ids.into_iter().map(|id| plan.item(id).expect("an item").name.clone()).collect()
}

fn text(plan: &Plan, path: &str) -> String {
    match plan.file(path).unwrap_or_else(|| panic!("no {path}")).content {
        Content::Settings(file) => crate::bundle::settings_text(plan, file),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn each_machine_has_what_kubeadms_guide_gives_it() {
    let plan = works(&design(LayoutName::Kubeadm, external));
    let etcd = |rest: &[&str]| {
        let mut all: Vec<String> = rest.iter().map(|name| format!("{PKI}/etcd/{name}")).collect();
        all.sort();
        all
    };
    let own = [
        "ca.crt",
        "healthcheck-client.crt",
        "healthcheck-client.key",
        "peer.crt",
        "peer.key",
        "server.crt",
        "server.key",
    ];
    assert_eq!(files(&plan, "etcd2"), etcd(&own));
    assert_eq!(files(&plan, "etcd3"), etcd(&own));
    assert_eq!(files(&plan, "etcd1"), etcd(&[&own[..], &["ca.key"]].concat()));
    for plane in ["cp1", "cp2"] {
        let about_etcd = files(&plan, plane).into_iter().filter(|path| path.contains("etcd"));
        let expected = [
            format!("{PKI}/apiserver-etcd-client.crt"),
            format!("{PKI}/apiserver-etcd-client.key"),
            format!("{PKI}/etcd/ca.crt"),
        ];
        assert_eq!(about_etcd.collect::<Vec<_>>(), expected, "{plane}");
    }
    assert!(files(&plan, "w1").iter().all(|path| !path.contains("etcd")));
    let told: Vec<&str> =
        plan.files.iter().filter_map(|file| file.path.strip_prefix("flags/etcd2/")).collect();
    let expected =
        ["etcd.args", "etcd.service.d/20-pki.conf", "kubeadm.yaml", "kubelet-config.yaml"];
    assert_eq!(told, expected);
    assert!(plan.file("flags/cp1/etcd.args").is_none());
}

#[test]
fn the_ca_key_is_in_the_vault_where_it_is_asked_for() {
    for layout in [LayoutName::Kubeadm, LayoutName::FiveFlows] {
        let plan = works(&design(layout, |design| {
            external(design);
            design.ca_keys = "vault".to_owned();
        }));
        let is_key = |path: &str| path.starts_with("hosts/") && path.ends_with("ca.key");
        assert!(!plan.files.iter().any(|file| is_key(&file.path)), "{layout:?}");
        assert!(plan.file("vault/pki/etcd/ca.key").is_some(), "{layout:?}");
    }
}

#[test]
fn names_are_those_of_the_member_and_nobody_elses() {
    let plan = works(&design(LayoutName::Kubeadm, |design| {
        external(design);
        design.extra_sans.etcd_server = vec!["etcd.example.com".to_owned()];
    }));
    let sans = |item: &str| {
        let item = plan.items.iter().find(|i| i.name == item).expect("an item of the plan");
        item.sans().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let server = "etcd.example.com etcd2 localhost 10.0.0.6 127.0.0.1 ::1";
    assert_eq!(sans("etcd2/etcd-server"), server);
    assert_eq!(sans("etcd2/etcd-peer"), "etcd2 localhost 10.0.0.6 127.0.0.1 ::1");
    assert!(!sans("cp1/apiserver").contains("etcd"));
    // 3 CAs, sa, the bootstrap token, 4 certificates and 5 kubeconfigs of cp1, one fewer of cp2, 1 of w1, 3 of a member.
    assert_eq!(plan.items.len(), 3 + 1 + 1 + 9 + 8 + 1 + 3 * 3);
}

#[test]
fn members_are_told_who_they_are() {
    for layout in [LayoutName::Kubeadm, LayoutName::FiveFlows] {
        let plan = works(&design(layout, |design| {
            external(design);
            design.etcd.members[0].addresses = vec!["fd00::[5-7]".to_owned()];
        }));
        let of = |member: usize, name: &str| flag(&plan, Etcd, member, name);
        assert_eq!(of(1, "name"), "etcd2");
        assert_eq!(of(1, "advertise-client-urls"), "https://[fd00::6]:2379");
        assert_eq!(of(1, "listen-client-urls"), "https://[fd00::6]:2379,https://127.0.0.1:2379");
        assert_eq!(of(2, "initial-advertise-peer-urls"), "https://[fd00::7]:2380");
        assert_eq!(of(2, "listen-peer-urls"), "https://[fd00::7]:2380");
        let all = "etcd1=https://[fd00::5]:2380,etcd2=https://[fd00::6]:2380,\
            etcd3=https://[fd00::7]:2380";
        assert_eq!(of(0, "initial-cluster"), all);
        let servers = flag(&plan, Apiserver, 0, "etcd-servers");
        assert_eq!(servers.matches("https://[fd00::").count(), 3, "{servers}");
        let args = text(&plan, "flags/etcd3/etcd.args");
        assert!(args.contains("--name=etcd3\n"), "{args}");
        // Where it is stacked, addresses are the operator's to say, as for every other component.
        let stacked = works(&design(layout, |_| ()));
        let args = text(&stacked, "flags/cp1/etcd.args");
        assert!(!args.contains("urls") && !args.contains("--name"), "{args}");
        let apiserver = text(&stacked, "flags/cp1/kube-apiserver.args");
        assert!(!apiserver.contains("--etcd-servers"), "{apiserver}");
    }
}

#[test]
fn the_map_has_no_gap_and_the_ca_lies_where_it_is() {
    for layout in [LayoutName::Kubeadm, LayoutName::FiveFlows] {
        let plan = works(&design(layout, external));
        let ends = (Party::Component(Apiserver), Party::Component(Etcd));
        let flows = plan.flows();
        let flow = flows.iter().find(|flow| (flow.from, flow.to) == ends).expect("a connection");
        assert_eq!(flow.gaps, [], "{layout:?}");
        assert!(flows.iter().any(|flow| (flow.from, flow.to) == (ends.1, ends.1)));
        assert_eq!(plan.components(&Owner::Etcd(2)), [Etcd]);
        assert!(!plan.components(&Owner::ControlPlane(0)).contains(&Etcd));
        let (ca, _) = plan.layout.authority("etcd-ca").expect("etcd's CA");
        let on = match layout {
            LayoutName::Kubeadm => Owner::Etcd(0),
            _ => Owner::Vault,
        };
        assert_eq!(plan.blast(super::ItemId(ca)).key_on, [on]);
    }
}

#[test]
fn kubeadm_starts_each_member() {
    let plan = works(&design(LayoutName::Kubeadm, external));
    let member = text(&plan, "flags/etcd2/kubeadm.yaml");
    for line in [
        "kind: ClusterConfiguration\n",
        "certificatesDir: /etc/kubernetes/pki\n",
        "  local:\n",
        "    - name: initial-cluster\n",
        "  advertiseAddress: \"10.0.0.6\"\n",
        "  name: etcd2\n",
    ] {
        assert!(member.contains(line), "no {line:?} in\n{member}");
    }
    assert!(!member.contains("apiServer"), "{member}");
    let kubelet = text(&plan, "flags/etcd2/kubelet-config.yaml");
    for line in ["address: \"127.0.0.1\"\n", "staticPodPath: ", "mode: AlwaysAllow\n"] {
        assert!(kubelet.contains(line), "no {line:?} in\n{kubelet}");
    }
    let first = text(&plan, "flags/cp1/kubeadm.yaml");
    for line in [
        "  external:\n    endpoints:\n    - https://10.0.0.5:2379\n",
        "    caFile: /etc/kubernetes/pki/etcd/ca.crt\n",
        "    certFile: /etc/kubernetes/pki/apiserver-etcd-client.crt\n",
        "    keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key\n",
    ] {
        assert!(first.contains(line), "no {line:?} in\n{first}");
    }
    assert!(!first.contains("  local:"), "{first}");
}

fn signing(name: &str, rows: &[&str], trusted_by: &[&str]) -> DesignAuthority {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
    let (signs, trusted_by) = (texts(rows), texts(trusted_by));
    DesignAuthority { name: name.to_owned(), signs, trusted_by, ..Default::default() }
}

/// Seed 000's "two CAs possible": whoever is a client of etcd is no peer for that.
#[test]
fn peers_have_a_ca_of_their_own() {
    for layout in [LayoutName::Kubeadm, LayoutName::FiveFlows] {
        for is_external in [false, true] {
            let peers = ["etcd-peer", "etcd-peer-client"];
            let peers = if layout == LayoutName::Kubeadm { &peers[..1] } else { &peers[..] };
            let plan = works(&design(layout, |design| {
                design.authorities = vec![signing("etcd-peer-ca", peers, &[])];
                if is_external {
                    external(design);
                }
            }));
            let owner = if is_external { Owner::Etcd(1) } else { Owner::ControlPlane(1) };
            let of = |flag| trusted(&plan, &owner, Etcd, flag);
            assert_eq!(of("peer-trusted-ca-file"), ["etcd-peer-ca"], "{layout:?}");
            assert_eq!(of("trusted-ca-file"), ["etcd-ca"], "{layout:?}");
            let server = trusted(&plan, &Owner::ControlPlane(0), Apiserver, "etcd-cafile");
            assert_eq!(server, ["etcd-ca"], "{layout:?}");
            assert!(
                plan.flows()
                    .iter()
                    .all(|flow| flow.to != Party::Component(Etcd) || flow.gaps.is_empty())
            );
        }
    }
    // As long as one of them shows a certificate of the other CA, that is trusted too.
    let half = works(&design(LayoutName::FiveFlows, |design| {
        design.authorities = vec![signing("etcd-peer-ca", &["etcd-peer"], &[])];
    }));
    let both = trusted(&half, &Owner::ControlPlane(0), Etcd, "peer-trusted-ca-file");
    assert_eq!(both, ["etcd-ca", "etcd-peer-ca"]);
}

#[test]
fn a_second_consumer_of_etcd_has_a_ca_of_its_own() {
    let plan = works(&design(LayoutName::Kubeadm, |design| {
        external(design);
        design.authorities = vec![signing("cilium-ca", &[], &["etcd/trusted-ca-file"])];
        design.certificates = vec![DesignCertificate {
            name: "cilium-etcd-client".to_owned(),
            authority: "cilium-ca".to_owned(),
            usages: vec!["client".to_owned()],
            on: "nodes".to_owned(),
            path: "/var/lib/cilium/etcd-client".to_owned(),
            ..Default::default()
        }];
    }));
    let of = |flag| trusted(&plan, &Owner::Etcd(0), Etcd, flag);
    assert_eq!(of("trusted-ca-file"), ["etcd-ca", "cilium-ca"]);
    assert_eq!(of("peer-trusted-ca-file"), ["etcd-ca"]);
    let server = trusted(&plan, &Owner::ControlPlane(0), Apiserver, "etcd-cafile");
    assert_eq!(server, ["etcd-ca"], "it vouches for no server");
    assert!(plan.file("hosts/w1/var/lib/cilium/etcd-client.key").is_some());
}

#[test]
fn clients_of_etcd_can_leave_its_ca_altogether() {
    let rows = ["apiserver-etcd-client", "etcd-healthcheck-client", "etcd-server-client"];
    let design = |by_hand: bool| {
        design(LayoutName::FiveFlows, |design| {
            design.authorities = vec![signing("etcd-clients-ca", &rows, &[])];
            if by_hand {
                design.certificates = vec![DesignCertificate {
                    name: "backup".to_owned(),
                    authority: "etcd-ca".to_owned(),
                    usages: vec!["client".to_owned()],
                    ..Default::default()
                }];
            }
        })
    };
    let of = |plan: &Plan| trusted(plan, &Owner::ControlPlane(0), Etcd, "trusted-ca-file");
    assert_eq!(of(&works(&design(false))), ["etcd-clients-ca"]);
    // A client by hand goes on to be let in.
    assert_eq!(of(&works(&design(true))), ["etcd-ca", "etcd-clients-ca"]);
}

#[test]
fn trust_is_given_by_flags_that_exist() {
    for (text, fine) in [
        ("etcd/trusted-ca-file", true),
        ("kube-apiserver/client-ca-file", true),
        ("etcd/cert-file", false),
        ("etcd/none", false),
        ("trusted-ca-file", false),
        ("kube-controller-manager/cluster-signing-cert-file", false),
    ] {
        let design = design(LayoutName::Kubeadm, |design| {
            design.authorities = vec![signing("other-ca", &[], &[text])];
        });
        let found = design.check().1;
        let here = found.iter().any(|found| found.place == "authorities[0].trustedBy[0]");
        assert_eq!(here, !fine, "{text}: {found:?}");
        assert_eq!(Design::from_document(&design.to_yaml()).as_ref(), Ok(&design));
        assert_eq!(Design::from_document(&design.to_json()).as_ref(), Ok(&design));
    }
}

#[test]
fn the_five_flows_have_both_usages_where_they_are_chosen() {
    for (both_usages, version, whole) in
        [(false, "1.36", false), (true, "1.36", true), (false, "1.21", true), (true, "1.21", true)]
    {
        let plan = works(&design(LayoutName::FiveFlows, |design| {
            design.etcd.both_usages = both_usages;
            design.kubernetes_version = version.to_owned();
        }));
        let usages = |name: &str| {
            let item = plan.items.iter().find(|item| item.name == name)?;
            match &item.make {
                Make::Leaf(leaf) => Some(leaf.usages.len()),
                _ => None,
            }
        };
        let expected = if whole { Some(2) } else { Some(1) };
        assert_eq!(usages("cp1/etcd-server"), expected);
        assert_eq!(usages("cp1/etcd-peer"), expected);
        let own = if whole { None } else { Some(1) };
        assert_eq!(usages("cp1/etcd-server-client"), own);
        assert_eq!(usages("cp1/etcd-peer-client"), own);
        let flags: Vec<&str> = plan.settings_of(Etcd).iter().map(|setting| setting.name).collect();
        assert_eq!(flags.contains(&"client-cert-file"), !whole);
        assert_eq!(flags.contains(&"peer-client-key-file"), !whole);
        let risks = plan.review();
        let said = risks.iter().filter(|risk| matches!(risk, Risk::BothUsages { .. })).count();
        assert_eq!(said, if whole { 2 } else { 0 }, "{risks:?}");
    }
}
