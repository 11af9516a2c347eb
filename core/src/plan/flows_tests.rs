//! What the flows of each layout say.

use super::blast::Power;
use super::flows::{Checked, Flow, Gap, Means, Party, Proof, Shows};
use super::layout::Component::{Apiserver, ControllerManager, Etcd, Kubelet, Proxy, Scheduler};
use super::{ItemId, Owner, Plan};
use crate::design::{Design, DesignNode, LayoutName, Template};

fn plan(layout: LayoutName) -> Plan {
    plan_with(layout, &[])
}

fn plan_with(layout: LayoutName, templates: &[Template]) -> Plan {
    let mut design = Design {
        layout: layout.name().to_owned(),
        workers: vec![DesignNode {
            name: "w1".to_owned(),
            addresses: vec!["10.0.0.20".to_owned()],
        }],
        ..Design::default()
    };
    for template in templates {
        design.add_template(*template);
    }
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

/// Every connection that the seeds name, and whether all layouts with components have it.
const SEEDS: &[(Party, Party, bool)] = &[
    // Seed 000: control plane, kubelet, operators, aggregation layer, etcd.
    (Party::Component(ControllerManager), Party::Component(Apiserver), true),
    (Party::Component(Scheduler), Party::Component(Apiserver), true),
    (Party::Component(Kubelet), Party::Component(Apiserver), true),
    (Party::Component(Apiserver), Party::Component(Kubelet), true),
    (Party::Operator, Party::Component(Apiserver), true),
    (Party::Component(Apiserver), Party::ExtensionServer, false),
    (Party::ExtensionServer, Party::Component(Kubelet), false),
    (Party::Component(Apiserver), Party::Component(Etcd), true),
    // Seed 000, TLS bootstrapping.
    (Party::NewNode, Party::Component(Apiserver), true),
    // Seed 001's table; etcd calls no kube-apiserver.
    (Party::Component(Apiserver), Party::Pod, true),
    (Party::Pod, Party::Component(Apiserver), true),
    (Party::Component(Etcd), Party::Component(Etcd), true),
    // Seed 001's list of certificates: kube-etcd-healthcheck-client.
    (Party::Etcdctl, Party::Component(Etcd), false),
    // Seeds 002 to 004.
    (Party::Component(Proxy), Party::Component(Apiserver), false),
];

#[test]
fn every_flow_of_the_seeds_is_there() {
    let all: Vec<(LayoutName, Vec<Flow>)> = LayoutName::ALL
        .into_iter()
        .map(|layout| (layout, plan(layout).flows()))
        .filter(|(_, flows)| !flows.is_empty())
        .collect();
    assert_eq!(all.len(), 5);
    for (from, to, in_all) in SEEDS {
        let has = |flows: &[Flow]| flows.iter().any(|flow| (flow.from, flow.to) == (*from, *to));
        let with = all.iter().filter(|(_, flows)| has(flows)).count();
        let fine = if *in_all { with == all.len() } else { (1..all.len()).contains(&with) };
        assert!(fine, "{from:?} to {to:?} is in {with} layouts");
    }
    for (layout, flows) in &all {
        for flow in flows {
            let known = SEEDS.iter().any(|(from, to, _)| (*from, *to) == (flow.from, flow.to));
            assert!(known, "{layout:?}: {:?} to {:?}", flow.from, flow.to);
        }
    }
}

/// By default kube-apiserver's proxy speaks plain HTTP (seed 001), and no flag changes that.
const PROXIED: (Party, Party, [Gap; 2]) =
    (Party::Component(Apiserver), Party::Pod, [Gap::Caller, Gap::Callee]);

fn without_proxied(layout: LayoutName) -> Vec<(Party, Party, Vec<Gap>)> {
    let mut open = gaps(layout);
    let (from, to, both) = PROXIED;
    let place = open.iter().position(|gap| *gap == (from, to, both.to_vec()));
    open.remove(place.expect("the proxy"));
    open
}

#[test]
fn kubeadm_leaves_one_end_open() {
    // Seed 001's table: "from the API server to the kubelet: unauthenticated TLS". Neither can
    // metrics-server check a certificate that the kubelet signed itself.
    let kubelet = |from| (from, Party::Component(Kubelet), vec![Gap::Callee]);
    let open = [kubelet(Party::Component(Apiserver)), kubelet(Party::ExtensionServer)];
    assert_eq!(without_proxied(LayoutName::Kubeadm), open);
    assert_eq!(without_proxied(LayoutName::MasterEtc), open);
}

#[test]
fn the_others_leave_none() {
    for layout in [LayoutName::FiveFlows, LayoutName::SingleCa, LayoutName::HardWay] {
        assert_eq!(without_proxied(layout), [], "{layout:?}");
    }
}

/// The path, the CA and the means of what an end shows.
fn shown(plan: &Plan, proof: &Proof) -> (String, String, Option<Means>) {
    let Shows::Certificate(id) = proof.shows else { panic!("no certificate: {proof:?}") };
    let authority = plan.authority_of(id).expect("a CA");
    let means = match &proof.checked {
        Checked::Means(means, _) => Some(*means),
        _ => None,
    };
    (proof.path.clone().expect("a path"), authority.row.name.to_owned(), means)
}

#[test]
fn metrics_server_is_a_client_of_kubelets() {
    let plan = plan(LayoutName::FiveFlows);
    let flows = plan.flows();
    let flow = find(&flows, Party::ExtensionServer, Party::Component(Kubelet));
    assert_eq!(flow.caller.shows, Shows::ServiceAccountToken);
    let Checked::Other(flag) = &flow.caller.checked else { panic!("{flow:?}") };
    assert_eq!((flag.component, flag.name), (Kubelet, "authentication-token-webhook"));
    let callee = shown(&plan, &flow.callee);
    assert_eq!((callee.1.as_str(), callee.2), ("kubelet-ca", Some(Means::MetricsServer)));
    let flows = self::plan(LayoutName::Kubeadm).flows();
    let flow = find(&flows, Party::ExtensionServer, Party::Component(Kubelet));
    assert_eq!((&flow.callee.shows, &flow.callee.checked), (&Shows::SelfSigned, &Checked::No));
}

#[test]
fn etcd_is_asked_by_people_and_by_itself() {
    let gateway = |layout| {
        let plan = plan(layout);
        let flows = plan.flows();
        let itself = Checked::Means(Means::Itself, Vec::new());
        let flow = flows.iter().find(|flow| flow.callee.checked == itself)?;
        Some(shown(&plan, &flow.caller).0)
    };
    let own = "/etc/kubernetes/pki/etcd/server-client.crt";
    assert_eq!(gateway(LayoutName::FiveFlows).as_deref(), Some(own));
    let both = "/etc/kubernetes/pki/etcd/server.crt";
    assert_eq!(gateway(LayoutName::Kubeadm).as_deref(), Some(both));
    assert_eq!(gateway(LayoutName::SingleCa), None, "it is off there");
    for layout in [LayoutName::FiveFlows, LayoutName::Kubeadm, LayoutName::SingleCa] {
        let plan = plan(layout);
        let flows = plan.flows();
        let flow = find(&flows, Party::Etcdctl, Party::Component(Etcd));
        assert_eq!(flow.gaps, []);
        let path = "/etc/kubernetes/pki/etcd/healthcheck-client";
        assert_eq!(shown(&plan, &flow.caller).0, format!("{path}.crt"));
        assert_eq!(shown(&plan, &flow.callee).2, Some(Means::Etcdctl));
        let key = plan.file(&format!("hosts/cp1{path}.key")).expect("its key");
        let etcd = (Party::Etcdctl, Party::Component(Etcd));
        assert_eq!(
            (plan.uses_of_file(key).shown, plan.uses_of_file(key).checks),
            (vec![etcd], vec![])
        );
    }
}

#[test]
fn certificates_by_hand_are_shown_where_they_are_used() {
    let templates = [Template::MetricsServer, Template::Webhook, Template::Konnectivity];
    for layout in [LayoutName::Kubeadm, LayoutName::HardWay] {
        let plan = plan_with(layout, &templates);
        let flows = plan.flows();
        let callee = |to| shown(&plan, &find(&flows, Party::Component(Apiserver), to).callee);
        let services = |name: &str, means| {
            (format!("operator/certificates/{name}.crt"), "services-ca".to_owned(), Some(means))
        };
        let extension = callee(Party::ExtensionServer);
        assert_eq!(extension, services("metrics-server", Means::ApiService));
        let webhook = callee(Party::Webhook);
        assert_eq!(webhook, services("webhook", Means::WebhookConfiguration));
        let flow = find(&flows, Party::Component(Apiserver), Party::Webhook);
        assert_eq!(flow.gaps, [Gap::Caller], "nobody asks kube-apiserver who it is");
        let server = callee(Party::KonnectivityServer);
        let path = "/etc/kubernetes/pki/konnectivity-server.crt".to_owned();
        assert_eq!(server, (path, "konnectivity-ca".to_owned(), Some(Means::EgressSelector)));
        for (from, name, means) in [
            (Party::Component(Apiserver), "apiserver-konnectivity-client", Means::ServerCa),
            (Party::KonnectivityAgent, "konnectivity-agent", Means::ClusterCa),
        ] {
            let flow = find(&flows, from, Party::KonnectivityServer);
            let caller = shown(&plan, &flow.caller);
            assert_eq!(
                (caller.0, caller.2),
                (format!("/etc/kubernetes/pki/{name}.crt"), Some(means))
            );
            assert_eq!(flow.gaps, []);
        }
        let file = plan.file("operator/certificates/webhook.crt").expect("the webhook's");
        let ends = (Party::Component(Apiserver), Party::Webhook);
        assert_eq!(plan.uses_of_file(file).shown, [ends]);
    }
    // Agents have certificates on workers, of which there are none here.
    let mut alone = Design::default();
    alone.add_template(Template::Konnectivity);
    let flows = Plan::new(alone.check().0.expect("a default design")).flows();
    assert!(flows.iter().all(|flow| flow.from != Party::KonnectivityAgent));
    // Somebody else starts the components of k3s: there is no map to show them on.
    assert!(plan_with(LayoutName::K3s, &templates).flows().is_empty());
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
    assert_eq!(flow.callee.checked, Checked::Means(Means::ApiService, Vec::new()));
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
