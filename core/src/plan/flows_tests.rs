//! What the flows of each layout say.

use super::blast::Power;
use super::flows::{Checked, Flow, Gap, Party, Shows};
use super::layout::Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};
use super::{ItemId, Owner, Plan};
use crate::design::{Design, DesignNode, LayoutName};

fn plan(layout: LayoutName) -> Plan {
    let design = Design {
        layout: layout.name().to_owned(),
        workers: vec![DesignNode {
            name: "w1".to_owned(),
            addresses: vec!["10.0.0.20".to_owned()],
        }],
        ..Design::default()
    };
    let (settings, findings) = design.check();
    Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")))
}

fn find(flows: &[Flow], from: Party, to: Party) -> &Flow {
    let found = flows.iter().find(|flow| flow.from == from && flow.to == to);
    found.unwrap_or_else(|| panic!("no flow from {from:?} to {to:?}"))
}

fn gaps(layout: LayoutName) -> Vec<(Party, Party, Vec<Gap>)> {
    let flows = plan(layout).flows();
    let open = flows.into_iter().filter(|flow| !flow.gaps.is_empty());
    open.map(|flow| (flow.from, flow.to, flow.gaps)).collect()
}

#[test]
fn kubeadm_leaves_one_end_open() {
    // Seed 001's table: "from the API server to the kubelet: unauthenticated TLS".
    let kubelet = (Party::Component(Apiserver), Party::Component(Kubelet), vec![Gap::Callee]);
    assert_eq!(gaps(LayoutName::Kubeadm), std::slice::from_ref(&kubelet));
    assert_eq!(gaps(LayoutName::MasterEtc), [kubelet]);
}

#[test]
fn the_others_leave_none() {
    for layout in [LayoutName::FiveFlows, LayoutName::SingleCa, LayoutName::HardWay] {
        assert_eq!(gaps(layout), [], "{layout:?}");
    }
}

#[test]
fn every_component_of_a_layout_is_on_some_flow() {
    for layout in LayoutName::ALL {
        let plan = plan(layout);
        let flows = plan.flows();
        for row in plan.layout.components.iter() {
            let party = Party::Component(row.component);
            let on = flows.iter().any(|flow| flow.from == party || flow.to == party);
            assert!(on, "{layout:?}: {party:?}");
        }
        let own = plan.layout.components.is_empty();
        assert_eq!(flows.is_empty(), own, "{layout:?}");
    }
}

#[test]
fn both_ends_of_a_flow_name_flags_files_and_cas() {
    let plan = plan(LayoutName::FiveFlows);
    let flows = plan.flows();
    let ca = |name: &str| ItemId(plan.layout.authority(name).expect("a CA of the table").0);
    let flow = find(&flows, Party::Component(Apiserver), Party::Component(Kubelet));
    assert_eq!(
        flow.caller.path.as_deref(),
        Some("/etc/kubernetes/pki/apiserver-kubelet-client.crt")
    );
    let Checked::Flag(flag, cas) = &flow.callee.checked else { panic!("{flow:?}") };
    assert_eq!((flag.component, flag.name), (Apiserver, "kubelet-certificate-authority"));
    assert_eq!(*cas, [ca("kubelet-ca")]);
    let user = flow.becomes.as_ref().expect("a user");
    assert_eq!(user.common_name, "kube-apiserver-kubelet-client");
    let flow = find(&flows, Party::Component(Scheduler), Party::Component(Apiserver));
    let Checked::Flag(_, cas) = &flow.caller.checked else { panic!("{flow:?}") };
    assert_eq!(*cas, ["control-plane-ca", "operators-ca", "kubelet-ca"].map(ca));
    let people: Vec<&Flow> = flows.iter().filter(|flow| flow.from == Party::Operator).collect();
    let user = people[0].becomes.as_ref().expect("a user");
    assert_eq!((user.common_name.as_str(), people.len()), ("operator", 2));
    assert_eq!(user.organizations, ["cluster-operators"]);
    let first = find(&flows, Party::NewNode, Party::Component(Apiserver));
    assert!(first.gaps.is_empty(), "{first:?}");
    assert_eq!(first.caller.path.as_deref(), Some("operator/bootstrap-kubelet.conf"));
    let Checked::Other(flag) = &first.caller.checked else { panic!("{first:?}") };
    assert_eq!(flag.name, "enable-bootstrap-token-auth");
    let user = first.becomes.as_ref().expect("a user");
    assert_eq!(user.organizations, super::flows::BOOTSTRAP_GROUPS);
    assert_eq!(
        find(&flows, Party::Component(Etcd), Party::Component(Etcd)).caller.path.as_deref(),
        Some("/etc/kubernetes/pki/etcd/peer-client.crt")
    );
}

#[test]
fn a_new_node_comes_with_a_token_and_then_with_a_requested_certificate() {
    let plan = plan(LayoutName::MasterEtc);
    let flows = plan.flows();
    let first = find(&flows, Party::NewNode, Party::Component(Apiserver));
    assert!(matches!(first.caller.shows, Shows::Token(_)));
    let user = first.becomes.as_ref().expect("a user");
    assert_eq!(user.common_name, "system:bootstrapper");
    let then = find(&flows, Party::Component(Kubelet), Party::Component(Apiserver));
    assert_eq!(then.caller.shows, Shows::Requested(ItemId(0)));
    find(&flows, Party::Component(Proxy), Party::Component(Apiserver));
}

#[test]
fn the_hard_way_has_no_aggregation_layer() {
    let flows = plan(LayoutName::HardWay).flows();
    assert!(flows.iter().all(|flow| flow.to != Party::ExtensionServer));
    let flows = plan(LayoutName::Kubeadm).flows();
    let flow = find(&flows, Party::Component(Apiserver), Party::ExtensionServer);
    assert_eq!(flow.callee.checked, Checked::Object);
}

fn powers(plan: &Plan, ca: &str) -> Vec<Power> {
    let (index, _) = plan.layout.authority(ca).expect("a CA of the table");
    plan.blast(ItemId(index)).powers
}

/// Separate CAs isolate servers, not clients: each CA of the bundle can make any user
/// (kubernetes-pki.md §4, "what the talk claims and what is true").
#[test]
fn three_of_five_cas_can_make_any_user() {
    let plan = plan(LayoutName::FiveFlows);
    let any = |ca: &str| powers(&plan, ca).contains(&Power::AnyUser);
    let cas = ["etcd-ca", "control-plane-ca", "operators-ca", "kubelet-ca", "aggregation-ca"];
    assert_eq!(cas.map(any), [false, true, true, true, false]);
    assert_eq!(powers(&plan, "etcd-ca"), [Power::Etcd, Power::EtcdMember, Power::BeEtcd]);
    assert_eq!(powers(&plan, "aggregation-ca"), [Power::AnyUserByHeader]);
    assert_eq!(powers(&plan, "operators-ca"), [Power::AnyUser]);
}

#[test]
fn one_ca_can_do_everything() {
    let plan = plan(LayoutName::SingleCa);
    assert_eq!(powers(&plan, "ca").len(), 8);
    let blast = plan.blast(ItemId(0));
    assert_eq!(blast.key_on, [Owner::ControlPlane(0)]);
    assert!(blast.key_needed_by.iter().all(|flag| flag.component == ControllerManager));
}

#[test]
fn keys_that_nothing_needs_at_run_time_are_told_apart() {
    let plan = plan(LayoutName::Kubeadm);
    let needed = |index: usize| !plan.blast(ItemId(index)).key_needed_by.is_empty();
    assert_eq!([0, 1, 2].map(needed), [true, false, false], "only ca.key signs");
    let plan = self::plan(LayoutName::FiveFlows);
    for (index, row) in plan.layout.authorities.iter().enumerate() {
        let blast = plan.blast(ItemId(index));
        let on_host = blast.key_on.contains(&Owner::ControlPlane(0));
        assert_eq!(on_host, !blast.key_needed_by.is_empty(), "{}", row.name);
    }
}
