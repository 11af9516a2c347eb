use super::*;
use pki_core::design::{Design, DesignAuthority, DesignNode};

fn trusted(by: &str) -> DesignAuthority {
    let trusted_by = vec![by.to_owned()];
    DesignAuthority { name: "other".to_owned(), trusted_by, ..Default::default() }
}

/// The sentence for the first finding after a change to the default design.
fn first(change: impl FnOnce(&mut Design)) -> (String, Sentence) {
    let mut design = Design::default();
    change(&mut design);
    let findings = design.check().1;
    let found = findings.first().expect("the change is one that has a finding");
    (place(&found.place), finding(found))
}

#[test]
fn a_finding_says_where_what_and_how_to_mend_it() {
    let (place, sentence) = first(|design| design.control_planes[0].name = "CP_1".to_owned());
    assert_eq!(place, "Control plane 1, name");
    assert!(!sentence.what.is_empty() && sentence.fix.contains("cp-1"), "{sentence:?}");

    let (place, sentence) =
        first(|design| design.control_planes[0].addresses[0] = "10.0.0.256".to_owned());
    assert_eq!(place, "Control plane 1, address 1");
    assert!(sentence.what.contains("0 to 255"), "{sentence:?}");

    let (_, sentence) = first(|design| design.service_cidrs[0] = "10.96.0.1/12".to_owned());
    assert_eq!(sentence.fix, "Write 10.96.0.0/12 instead.");

    let (_, sentence) = first(|design| design.validity.backdate = "100000h".to_owned());
    assert!(sentence.what.contains("clock") && sentence.fix.contains("48h"), "{sentence:?}");

    let (_, sentence) =
        first(|design| design.extra_sans.apiserver = vec!["https://k8s.test:6443".to_owned()]);
    assert!(sentence.what.contains("only the host"), "{sentence:?}");
    assert_eq!(sentence.fix, "Write k8s.test instead.");

    let (_, sentence) = first(|design| design.validity.ca = "100y".to_owned());
    assert!(sentence.what.contains("10 years"), "{sentence:?}");
}

#[test]
fn every_finding_on_etcd_has_its_words() {
    let member = |name: &str, address: &str| {
        let addresses = vec![address.to_owned()];
        DesignNode { name: name.to_owned(), addresses }
    };
    let mut design = Design::default();
    design.etcd.topology = "external".to_owned();
    design.etcd.members =
        vec![member("etcd1", "10.0.0.5"), member("cp1", "10.0.0.5"), DesignNode::default()];
    design.etcd.members[2].name = "e".repeat(65);
    design.etcd.endpoints =
        ["http://10.0.0.5:2379", "10.0.0.5", "https://x:y", "https://lb.example:2379"]
            .map(str::to_owned)
            .to_vec();
    let said: Vec<String> = (design.check().1.iter())
        .map(|found| format!("{}: {}", place(&found.place), finding(found)))
        .collect();
    for words in [
        "etcd member 2, name: Control plane 1 has this name already",
        "etcd member 2, address 1: etcd member 1 has this address already",
        "etcd member 3, address: This member of etcd has no address",
        "etcd member 3, name: The name has 65 characters. The common name is longer",
        "etcd endpoint 1: kube-apiserver would speak to etcd without TLS",
        "etcd endpoint 2: This is no URL at which kube-apiserver can reach etcd. Write https://",
        "etcd endpoint 3: This is no URL",
        "etcd endpoint 4: No member's certificate has the name lb.example",
    ] {
        assert!(said.iter().any(|line| line.starts_with(words)), "no {words:?} in {said:#?}");
    }
    design.etcd.members.truncate(1);
    design.etcd.members.push(member("etcd2", "10.0.0.6"));
    let even = design.check().1.into_iter().find(|found| found.place == "etcd.members");
    assert!(finding(&even.expect("a warning")).what.contains("2 bear the loss of no more than 1"));
}

#[test]
fn no_sentence_is_a_debug_text() {
    let changes: [fn(&mut Design); 24] = [
        |d| d.cluster_name.clear(),
        |d| d.control_planes[0].name = "x".repeat(300),
        |d| d.control_planes[0].name = "x".repeat(60),
        |d| d.control_planes[0].addresses[0] = "[2001:db8::1]".to_owned(),
        |d| d.control_planes[0].name = "cp[3-1]".to_owned(),
        |d| d.control_planes[0].name = "cp[1-3]".to_owned(),
        |d| d.control_planes[0].name = "cp[1-9000]".to_owned(),
        |d| d.control_planes.clear(),
        |d| d.control_planes.push(d.control_planes[0].clone()),
        |d| d.service_cidrs[0] = "10.96.0.0/32".to_owned(),
        |d| d.service_cidrs[0] = "10.0.0.0/8".to_owned(),
        |d| d.service_cidrs.clear(),
        |d| d.validity.leaf = "0".to_owned(),
        |d| d.validity.leaf = "-1h".to_owned(),
        |d| d.validity.leaf = "1m".to_owned(),
        |d| d.validity.backdate = "-1h".to_owned(),
        |d| d.extra_sans.apiserver = vec!["http://".to_owned()],
        |d| d.control_plane_endpoint = "fd00::1:6443".to_owned(),
        |d| d.keys.algorithm = "ed25519".to_owned(),
        |d| d.kubernetes_version = "2".to_owned(),
        |d| d.control_plane_endpoint = "https://api.example.com:6443/".to_owned(),
        |d| d.etcd.topology = "external".to_owned(),
        |d| d.etcd.topology = "elsewhere".to_owned(),
        |d| d.authorities = vec![trusted("etcd/none")],
    ];
    for change in changes {
        let (place, sentence) = first(change);
        let text = sentence.to_string();
        assert!(!text.contains('{') && text.ends_with('.'), "{place}: {text}");
    }
}

#[test]
fn constraints_name_the_name_and_the_certificate() {
    let said = |own: &str| {
        let mut design = Design::default();
        design.take_own(&format!("authorities: [{own}]")).expect("a list of CAs");
        let found = design.check().1;
        let all = found.iter().map(|found| finding(found).to_string()).collect::<Vec<_>>();
        assert!(all.iter().all(|text| !text.contains('{')), "{all:?}");
        let repairs = found.iter().filter_map(|found| design.repair(found));
        let buttons: Vec<_> = repairs.map(|(fix, _)| repair(&fix)).collect();
        (all.join("\n"), buttons.join("\n"))
    };
    let (text, fix) = said("{name: etcd-ca, permitted: [cp1, 10.0.0.0/8]}");
    assert!(text.contains("localhost in the certificate cp1/etcd-server is not permitted"));
    assert!(text.contains("2 other names") && fix == "Fix: add localhost, 127.0.0.1/32, ::1/128");
    let (text, fix) = said("{name: ca, excluded: [svc, 192.0.2.0/24]}");
    assert!(text.contains("excludes kubernetes.default.svc in the certificate cp1/apiserver"));
    assert_eq!(fix, "Fix: remove it");
    let (text, _) = said("{name: etcd-ca, permitted: [cp1, localhost]}");
    assert!(text.contains("may still sign any IP address"), "{text}");
    let (text, fix) = said("{name: ca, permitted: ['*.example.com']}");
    assert!(text.contains("cannot contain") && fix == "Fix: write example.com", "{text} {fix}");
}

#[test]
fn a_misspelt_field_is_answered_with_the_one_that_was_meant() {
    let said = |line: &str| {
        let text = format!("apiVersion: pki-workbench/v1\nkind: Design\n{line}\n");
        unread(&Design::from_document(&text).expect_err("a field that is none")).to_string()
    };
    for (line, meant) in [
        ("clustername: a", "clusterName"),
        ("cluster-name: a", "clusterName"),
        ("bindPrt: 6443", "bindPort"),
        ("authorities: [{name: a, sings: []}]", "signs"),
    ] {
        assert!(said(line).contains(&format!("Did you mean {meant}?")), "{}", said(line));
    }
    assert!(said("colour: red").contains("Known here are apiVersion"), "{}", said("colour: red"));
}

#[test]
fn a_tab_is_answered_with_spaces() {
    let text = "authorities:\n- name: a\n\tbelow: b\n";
    let error = Design::default().take_own(text).expect_err("a tab");
    assert!(own_document(&error).fix.contains("spaces"), "{error:?}");
}
