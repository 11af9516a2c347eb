use super::*;
use pki_core::design::Design;

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

    let (_, sentence) = first(|design| design.validity.ca = "100y".to_owned());
    assert!(sentence.what.contains("10 years"), "{sentence:?}");
}

#[test]
fn no_sentence_is_a_debug_text() {
    let changes: [fn(&mut Design); 17] = [
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
        |d| d.keys.algorithm = "ed25519".to_owned(),
        |d| d.kubernetes_version = "2".to_owned(),
        |d| d.control_plane_endpoint = "https://api.example.com:6443/".to_owned(),
    ];
    for change in changes {
        let (place, sentence) = first(change);
        let text = sentence.to_string();
        assert!(!text.contains('{') && text.ends_with('.'), "{place}: {text}");
    }
}
