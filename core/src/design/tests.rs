//! Designs in and out, and what every kind of bad input gets.

use super::{
    Design, DesignNode, DocumentError, KubernetesVersion, MAX_DOCUMENT_BYTES, NameError, Problem,
    Severity,
};

fn node(name: &str, addresses: &[&str]) -> DesignNode {
    DesignNode {
        name: name.to_owned(),
        addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
    }
}

/// A design with everything set to something other than its default.
fn rich() -> Design {
    Design {
        cluster_name: "prod-west".to_owned(),
        kubernetes_version: "1.30".to_owned(),
        dns_domain: "prod.internal".to_owned(),
        service_cidrs: vec!["172.30.0.0/16".to_owned(), "fd00:1::/112".to_owned()],
        control_plane_endpoint: "k8s.example.test:8443".to_owned(),
        bind_port: "7443".to_owned(),
        control_planes: vec![node("cp-a", &["10.20.0.11"]), node("cp-b", &["10.20.0.12"])],
        workers: vec![node("w-1", &["10.20.1.1", "fd00:2::1"]), node("w-2", &[])],
        extra_sans: super::DesignSans {
            apiserver: vec!["api.example.test".to_owned(), "*.example.test".to_owned()],
            etcd_server: vec!["10.20.0.100".to_owned()],
            etcd_peer: vec!["etcd.example.test".to_owned()],
        },
        keys: super::DesignKeys {
            algorithm: "ecdsa-p384".to_owned(),
            service_account: "rsa-4096".to_owned(),
        },
        validity: super::DesignValidity {
            ca: "5y".to_owned(),
            leaf: "90d".to_owned(),
            backdate: "1h".to_owned(),
        },
        ca_keys: "vault".to_owned(),
        hardened: true,
        refuse_anonymous: true,
        ..Design::default()
    }
}

#[test]
fn documents_read_back_as_they_were_written() {
    for design in [Design::default(), rich()] {
        assert_eq!(Design::from_document(&design.to_yaml()), Ok(design.clone()));
        assert_eq!(Design::from_document(&design.to_json()), Ok(design.clone()));
        let (settings, findings) = design.check();
        assert!(settings.is_some(), "{findings:?}");
    }
}

#[test]
fn a_short_document_gets_the_defaults_and_keeps_the_spelling_of_versions() {
    let text =
        "apiVersion: pki-workbench/v1\nkind: Design\nkubernetesVersion: 1.30\nbindPort: 6444\n";
    let design = Design::from_document(text).expect("a short design");
    assert_eq!(design.kubernetes_version, "1.30");
    assert_eq!(design.bind_port, "6444");
    assert_eq!(design.control_planes, Design::default().control_planes);
}

#[test]
fn bad_documents_are_refused_with_their_place() {
    let line = |text: &str| match Design::from_document(text) {
        Err(DocumentError::Yaml(error)) => error.line,
        other => panic!("{other:?}"),
    };
    let head = "apiVersion: pki-workbench/v1\nkind: Design\n";
    assert_eq!(line(&format!("{head}clustrName: x\n")), 3);
    assert_eq!(line(&format!("{head}workers: [\n")), 3);
    assert_eq!(line("{\n  \"clusterName\": [\"a\"]\n}"), 2);
    assert_eq!(
        Design::from_document(&format!("{head}workers:\n\t- name: a\n")),
        Err(DocumentError::Tab { line: 4, column: 1 })
    );
    let large = format!("{head}clusterName: {}\n", "x".repeat(10 << 20));
    assert_eq!(Design::from_document(&large), Err(DocumentError::TooLarge { bytes: large.len() }));
    assert!(large.len() > MAX_DOCUMENT_BYTES);
}

#[test]
fn a_yaml_bomb_is_refused_quickly() {
    let mut bomb =
        String::from("apiVersion: pki-workbench/v1\nkind: Design\na: &a [x,x,x,x,x,x,x,x,x]\n");
    let mut last = 'a';
    for next in 'b'..='k' {
        let refs = vec![format!("*{last}"); 9].join(",");
        bomb.push_str(&format!("{next}: &{next} [{refs}]\n"));
        last = next;
    }
    bomb.push_str(&format!("workers: *{last}\n"));
    assert!(matches!(Design::from_document(&bomb), Err(DocumentError::Yaml(_))));
}

/// Changes the default design and gives the findings with their places.
fn findings(change: impl FnOnce(&mut Design)) -> Vec<(String, Problem)> {
    let mut design = Design::default();
    change(&mut design);
    let (settings, findings) = design.check();
    let errors = findings.iter().any(|finding| finding.severity() == Severity::Error);
    assert_eq!(settings.is_none(), errors, "settings exactly when there is no error");
    findings.into_iter().map(|finding| (finding.place, finding.problem)).collect()
}

/// The one problem that a change makes, which is at the given place.
fn problem(place: &str, change: impl FnOnce(&mut Design)) -> Problem {
    let mut all = findings(change);
    assert_eq!(all.len(), 1, "{all:?}");
    let (at, problem) = all.remove(0);
    assert_eq!(at, place);
    problem
}

#[test]
fn the_default_design_has_no_finding() {
    assert_eq!(findings(|_| ()), []);
}

#[test]
fn bad_node_names() {
    let name = |text: &str| {
        problem("controlPlanes[0].name", |d| d.control_planes[0].name = text.to_owned())
    };
    assert_eq!(name(""), Problem::BadNodeName(NameError::Empty));
    assert_eq!(
        name(&"a".repeat(300)),
        Problem::BadNodeName(NameError::TooLong { length: 300, limit: 253 })
    );
    assert_eq!(
        name("CP1"),
        Problem::BadNodeName(NameError::UpperCase { suggestion: "cp1".to_owned() })
    );
    assert_eq!(
        name("cp_1"),
        Problem::BadNodeName(NameError::BadCharacter {
            character: '_',
            position: 3,
            suggestion: Some("cp-1".to_owned())
        })
    );
    assert_eq!(name("cp-"), Problem::BadNodeName(NameError::BadLabel { label: "cp-".to_owned() }));
    assert_eq!(name(&"a".repeat(53)), Problem::CommonNameTooLong { length: 53, limit: 52 });
    assert_eq!(findings(|d| d.control_planes[0].name = "a".repeat(52)), []);
}

#[test]
fn duplicates_name_the_first_place() {
    assert_eq!(
        problem("workers[0].name", |d| d.workers = vec![node("cp1", &[])]),
        Problem::DuplicateName { first: "controlPlanes[0].name".to_owned() }
    );
    assert_eq!(
        problem("workers[0].addresses[0]", |d| d.workers = vec![node("w", &["::ffff:10.0.0.10"])]),
        Problem::DuplicateAddress { first: "controlPlanes[0].addresses[0]".to_owned() }
    );
    assert_eq!(
        problem("extraSANs.apiserver[1]", |d| d.extra_sans.apiserver =
            vec!["a.b".into(), "a.b".into()]),
        Problem::DuplicateSan
    );
}

#[test]
fn bad_addresses() {
    let address = |text: &str| {
        problem("controlPlanes[0].addresses[0]", |d| {
            d.control_planes[0].addresses = vec![text.to_owned()]
        })
    };
    assert_eq!(address("10.96.0.256"), Problem::BadAddress(NameError::BadAddress));
    let suggestion = "10.0.0.1".to_owned();
    let zeros = Problem::BadAddress(NameError::LeadingZeros { suggestion });
    assert_eq!(address("010.0.0.1"), zeros);
    assert_eq!(
        address("[fd00::1]"),
        Problem::BadAddress(NameError::Bracketed { suggestion: "fd00::1".to_owned() })
    );
    assert_eq!(
        address("10.0.0.1/24"),
        Problem::BadAddress(NameError::AddressWithPrefix { suggestion: "10.0.0.1".to_owned() })
    );
    assert_eq!(address("0.0.0.0"), Problem::UnusableAddress);
    assert_eq!(address("127.0.0.1"), Problem::LocalAddress);
    assert_eq!(address("10.96.1.2"), Problem::AddressInServiceCidr { cidr: "10.96.0.0/12".into() });
    assert!(matches!(address("fd00::10"), Problem::FamilyMismatch { .. }));
    assert_eq!(
        problem("controlPlanes[0].addresses", |d| d.control_planes[0].addresses.clear()),
        Problem::NoAddress
    );
}

#[test]
fn bad_service_cidrs() {
    let cidr = |text: &str| problem("serviceCIDRs[0]", |d| d.service_cidrs = vec![text.to_owned()]);
    assert_eq!(
        cidr("10.96.0.1/12"),
        Problem::BadCidr(NameError::HostBits { suggestion: "10.96.0.0/12".to_owned() })
    );
    assert_eq!(cidr("172.30.0.0/32"), Problem::CidrTooSmall);
    assert_eq!(cidr("172.30.0.0/29"), Problem::CidrTooSmall);
    assert_eq!(cidr("172.0.0.0/8"), Problem::CidrTooLarge { shortest: 12 });
    assert_eq!(cidr("172.30.0.0"), Problem::BadCidr(NameError::NoPrefixLength));
    assert_eq!(cidr("172.30.0.0/33"), Problem::BadCidr(NameError::BadPrefixLength { limit: 32 }));
    assert_eq!(problem("serviceCIDRs", |d| d.service_cidrs.clear()), Problem::ServiceCidrCount);
    assert_eq!(
        problem("serviceCIDRs[1]", |d| d.service_cidrs.push("172.30.0.0/16".to_owned())),
        Problem::SameFamily
    );
    assert_eq!(findings(|d| d.service_cidrs.push("fd00::/108".to_owned())), []);
}

#[test]
fn bad_lifetimes() {
    let leaf = |text: &str| findings(|d| d.validity.leaf = text.to_owned());
    let at = |problem| ("validity.leaf".to_owned(), problem);
    assert_eq!(leaf("0h"), [at(Problem::NotPositive)]);
    assert_eq!(leaf("-1h"), [at(Problem::NotPositive)]);
    assert_eq!(leaf("soon"), [at(Problem::BadDuration)]);
    assert_eq!(
        leaf("100y"),
        [at(Problem::LongerThanDefault { default: 31_536_000 }), at(Problem::LeafBeyondCa)]
    );
    assert!(matches!(leaf("1001y")[..], [(_, Problem::TooLong { .. }), ..]));
    let limit = 600;
    assert_eq!(leaf("9m"), [at(Problem::TooShort { limit })]);
    assert_eq!(leaf("10m"), []);
    let user = super::DesignUser { name: "jane".into(), ttl: "1m".into(), ..Default::default() };
    assert_eq!(problem("users[0].ttl", |d| d.users = vec![user]), Problem::TooShort { limit });
    let backdate = |text: &str| findings(|d| d.validity.backdate = text.to_owned());
    let at = |problem| ("validity.backdate".to_owned(), problem);
    assert_eq!(backdate("-5m"), [at(Problem::NegativeBackdate)]);
    assert_eq!(backdate("100000h"), [at(Problem::BackdateTooLong { limit: 172_800 })]);
    assert_eq!(backdate("0"), []);
    let (settings, _) = Design {
        validity: super::DesignValidity { leaf: "20y".to_owned(), ..Default::default() },
        ..Design::default()
    }
    .check();
    let settings = settings.expect("only warnings");
    assert_eq!(settings.leaf_validity, settings.ca_validity, "a leaf never outlives its CA");
}

#[test]
fn bad_endpoints_and_names() {
    let endpoint = |text: &str| {
        problem("controlPlaneEndpoint", |d| d.control_plane_endpoint = text.to_owned())
    };
    assert_eq!(
        endpoint("https://k8s.example.test:6443/"),
        Problem::BadEndpoint(NameError::IsUrl { suggestion: "k8s.example.test:6443".to_owned() })
    );
    for (text, port) in [("fd00::1:6443", "6443"), ("fd00::1:7443", "7443")] {
        let suggestion = format!("[fd00::1]:{port}");
        let found = findings(|d| {
            d.control_plane_endpoint = text.to_owned();
            d.bind_port = port.to_owned();
        });
        let problem = Problem::PortInAddress { suggestion };
        assert_eq!(found, [("controlPlaneEndpoint".to_owned(), problem)]);
    }
    for text in ["http://k8s.example.test", "https://k8s.example.test:6443/livez"] {
        let suggestion = "k8s.example.test".to_owned();
        assert_eq!(
            problem("extraSANs.apiserver[0]", |d| d.extra_sans.apiserver = vec![text.to_owned()]),
            Problem::BadSan(NameError::IsUrl { suggestion })
        );
    }
    assert_eq!(
        problem("extraSANs.etcdPeer[0]", |d| d.extra_sans.etcd_peer =
            vec!["https://[fd00::1]:2380".to_owned()]),
        Problem::BadSan(NameError::IsUrl { suggestion: "fd00::1".to_owned() })
    );
    assert_eq!(endpoint("k8s.example.test:0"), Problem::BadEndpoint(NameError::BadPort));
    assert_eq!(endpoint("10.96.0.256:6443"), Problem::BadEndpoint(NameError::BadAddress));
    for fine in [
        "k8s",
        "k8s.example.test:8443",
        "10.0.0.5",
        "[fd00::5]:6443",
        "fd00::5",
        "[fd00::5]",
        "[fd00::1:6443]",
    ] {
        assert_eq!(findings(|d| d.control_plane_endpoint = fine.to_owned()), [], "{fine}");
    }
    assert!(matches!(
        problem("clusterName", |d| d.cluster_name = "a/b".into()),
        Problem::BadClusterName(_)
    ));
    assert!(matches!(problem("dnsDomain", |d| d.dns_domain = "-".into()), Problem::BadDnsName(_)));
    assert_eq!(problem("bindPort", |d| d.bind_port = "65536".into()), Problem::BadPort);
    assert_eq!(
        problem("keys.algorithm", |d| d.keys.algorithm = "ed25519".into()),
        Problem::Ed25519Refused
    );
    assert_eq!(
        problem("keys.serviceAccount", |d| d.keys.service_account = "dsa".into()),
        Problem::BadAlgorithm
    );
    assert_eq!(problem("caKeys", |d| d.ca_keys = "usb".into()), Problem::BadCaKeys);
    assert_eq!(problem("controlPlanes", |d| d.control_planes.clear()), Problem::NoControlPlane);
    assert_eq!(
        problem("controlPlaneEndpoint", |d| d.control_planes.push(node("cp2", &["10.0.0.11"]))),
        Problem::NoEndpoint
    );
}

#[test]
fn versions() {
    for (text, minor) in [("1.36", 36), ("v1.29", 29), ("v1.36.2", 36), ("1.20.0-rc.1+x", 20)] {
        assert_eq!(text.parse(), Ok(KubernetesVersion::new(minor)), "{text}");
    }
    for text in ["", "2.0", "1", "1.x", "1.36.x", "latest", "1.+3"] {
        assert!(text.parse::<KubernetesVersion>().is_err(), "{text}");
    }
    assert_eq!(
        problem("kubernetesVersion", |d| d.kubernetes_version = "1.19".into()),
        Problem::VersionTooOld { oldest: 20 }
    );
    assert_eq!(
        problem("kubernetesVersion", |d| d.kubernetes_version = "1.99".into()),
        Problem::VersionUnknown { newest: 37 }
    );
}
