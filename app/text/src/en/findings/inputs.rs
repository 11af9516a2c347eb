//! What each kind of bad input is told, and the button beside it.

use super::nodes::OWN_NAME;
use super::*;
use pki_core::design::{Design, DesignNode};

/// The first finding after a change to the default design: its place, its sentence, its button.
fn told(change: impl FnOnce(&mut Design)) -> [String; 3] {
    let mut design = Design::default();
    change(&mut design);
    let findings = design.check().1;
    let found = findings.first().expect("a finding");
    let button = design.repair(found).map(|(fix, _)| repair(&fix)).unwrap_or_default();
    [found.place.clone(), finding(found).to_string(), button]
}

/// What is typed somewhere, the words that must be said of it, and what the button writes; empty
/// for no button.
type Case = (&'static str, &'static str, &'static str);

fn each(cases: &[Case], put: fn(&mut Design, &str)) {
    for (typed, words, written) in cases {
        let [_, said, button] = told(|design| put(design, typed));
        assert!(said.contains(words), "{typed}: no {words:?} in {said:?}");
        let wanted = match *written {
            "" => String::new(),
            written => format!("Fix: write {written}"),
        };
        assert_eq!(button, wanted, "{typed}: {said}");
        assert!(said.contains(written), "{typed}: {said:?} does not say {written}");
    }
}

#[test]
fn an_endpoint_keeps_its_port_in_every_suggestion() {
    let cases = [
        ("API.example.com:8443", "no upper-case", "api.example.com:8443"),
        ("API.example.com", "no upper-case", "api.example.com"),
        ("api_x.example.com:8443", "an underscore", "api-x.example.com:8443"),
        ("foo bar:8443", "a space", "foo-bar:8443"),
        ("https://API.example.com:8443/livez", "without scheme", "api.example.com:8443"),
        ("api.example.com/path", "without scheme and path", "api.example.com"),
        ("api.example.com:8443/", "without scheme and path", "api.example.com:8443"),
        ("[10.0.0.5]:8443", "Brackets belong only", "10.0.0.5:8443"),
        ("10.0.0.005:8443", "octal", "10.0.0.5:8443"),
        ("[fe80::1%eth0]:8443", "zone", "[fe80::1]:8443"),
        ("10.0.0.0/24", "not a range", "10.0.0.0"),
        // Nobody can connect to a wildcard.
        ("*.example.com:6443", "cannot contain “*”", ""),
        ("*", "cannot contain “*”", ""),
        ("API.example.com:99999", "1 to 65535", ""),
    ];
    each(&cases, |design, typed| design.control_plane_endpoint = typed.to_owned());
}

#[test]
fn an_address_is_told_what_it_has_too_much() {
    let cases = [
        ("[fd00::1]:6443", "A port does not belong here", "fd00::1"),
        ("10.0.0.11:6443", "A port does not belong here", "10.0.0.11"),
        ("[fd00::1]", "Brackets belong only", "fd00::1"),
        ("10.0.0.11/24", "not a range", "10.0.0.11"),
        ("10.0.0.012", "octal", "10.0.0.12"),
        ("010.000.000.1+", "octal", "10.0.0.1+"),
        ("fe80::1%eth0", "zone", "fe80::1"),
        ("10.0.0.11 10.0.0.12", "more than one address", ""),
        ("10.0.0.256", "0 to 255", ""),
        ("10..0.1", "0 to 255", ""),
    ];
    each(&cases, |design, typed| {
        let addresses = vec![typed.to_owned()];
        design.workers = vec![DesignNode { name: "w1".to_owned(), addresses }];
    });
}

#[test]
fn a_name_in_a_certificate_keeps_its_wildcard_and_loses_its_port() {
    let cases = [
        ("*.Example.com", "no upper-case", "*.example.com"),
        ("https://k8s.test:6443", "only the host", "k8s.test"),
        ("k8s.test:6443", "only the host", "k8s.test"),
        ("k8s.test/api", "only the host", "k8s.test"),
        ("10.0.0.11:6443", "A port does not belong here", "10.0.0.11"),
        ("10.0.0.256", "0 to 255", ""),
    ];
    each(&cases, |design, typed| design.extra_sans.apiserver = vec![typed.to_owned()]);
}

#[test]
fn a_range_is_told_of_one_that_is_accepted() {
    let cases = [
        ("10.96.0.0/8", "bits set beyond", "10.96.0.0/12"),
        ("10.96.0.1/30", "bits set beyond", "10.96.0.0/28"),
        ("fd00:10:96::1/64", "bits set beyond", "fd00:10:96::/108"),
        ("172.16.0.0/8", "bits set beyond", "172.16.0.0/12"),
        ("010.96.0.0/12", "octal", "10.96.0.0/12"),
        ("[fd00:10:96::]/112", "Brackets belong only", "fd00:10:96::/112"),
    ];
    each(&cases, |design, typed| design.service_cidrs = vec![typed.to_owned()]);
}

#[test]
fn a_name_is_told_only_limits_that_are_kept() {
    let said =
        |name: &str| told(|design| design.control_planes[0].name = name.to_owned())[1].clone();
    let edge = said("-cp1");
    assert!(edge.contains("“-cp1” must start and end with a letter or digit."), "{edge}");
    assert!(!edge.contains("63"), "{edge}");
    assert!(said(&"a".repeat(300)).contains("at most 253 characters"));
    // What is wrong with one machine of many is no text for all of them.
    assert_eq!(
        told(|design| design.control_planes[0].name = "CP-[1-1]".to_owned())[2],
        "Fix: write cp-1"
    );
    let many = DesignNode { name: "W-[1-3]".to_owned(), addresses: vec![] };
    assert_eq!(told(|design| design.workers = vec![many])[2], "");
}

#[test]
fn a_bare_number_is_offered_its_unit() {
    let leaf = |typed: &str| told(|design| design.validity.leaf = typed.to_owned());
    for (typed, written) in [("365", "365d"), (" 90 ", "90d"), ("8760", "8760h"), ("0", "8760h")] {
        let [place, said, button] = leaf(typed);
        assert_eq!(
            (&place[..], button),
            ("validity.leaf", format!("Fix: write {written}")),
            "{said}"
        );
    }
    assert!(leaf("365")[1].starts_with("A bare number has no unit."));
    assert!(leaf("1.5")[1].starts_with("This is not a duration."));
    let backdate = told(|design| design.validity.backdate = "5".to_owned());
    assert_eq!(backdate[2], "Fix: write 5m");
}

#[test]
fn a_name_that_everybody_has_is_warned_of() {
    for name in ["localhost", "kubernetes"] {
        let said = &told(|design| design.control_planes[0].name = name.to_owned())[1];
        assert!(said.contains("localhost to itself") && said.ends_with(OWN_NAME), "{said}");
    }
}

#[test]
fn a_family_without_any_range_is_not_told_to_come_first() {
    let said = &told(|design| design.service_cidrs = vec!["fd00:10:96::/112".to_owned()])[1];
    assert!(said.starts_with("10.0.0.10 is not of the family of the first service range."));
    assert!(
        said.contains("put a range of this family first, or an address of the other"),
        "{said}"
    );
}

#[test]
fn findings_come_in_the_order_of_the_form() {
    let mut design = Design::default();
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let node = |name: &str, addresses: &[&str]| DesignNode {
        name: name.to_owned(),
        addresses: list(addresses),
    };
    design.control_planes = vec![node("cp1", &[]), node("CP2", &["x", "10.0.0.256", "[fd00::1]"])];
    design.workers = (1..=11).map(|number| node(&format!("W{number}"), &[])).collect();
    design.service_cidrs = list(&["none"]);
    design.validity.ca = "365".to_owned();
    design.validity.leaf = "2y".to_owned();
    design.users = vec![pki_core::design::DesignUser::default()];
    let places: Vec<String> = design.check().1.into_iter().map(|found| found.place).collect();
    let expected = [
        "controlPlanes[0].addresses",
        "controlPlanes[1].name",
        "controlPlanes[1].addresses[0]",
        "controlPlanes[1].addresses[1]",
        "controlPlanes[1].addresses[2]",
        "workers[0].name",
        "workers[1].name",
    ];
    assert_eq!(places[..expected.len()], expected, "{places:?}");
    let last =
        ["workers[9].name", "workers[10].name", "serviceCIDRs[0]", "validity.ca", "users[0].name"];
    assert!(places.windows(last.len()).any(|places| places == last), "{places:?}");
    // Warnings come after all errors.
    assert_eq!(places.last().map(String::as_str), Some("validity.leaf"));
}
