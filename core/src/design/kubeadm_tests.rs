//! kubeadm's configuration in and out.

use super::{Design, DesignNode, DocumentError, KubernetesVersion, Problem, Settings};
use crate::bundle::settings_text;
use crate::key::Algorithm;
use crate::plan::{Component, Form, Plan, SettingsFile};

const RICH: &str = "\
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
localAPIEndpoint: {advertiseAddress: 10.20.0.11, bindPort: 6444}
nodeRegistration: {name: cp-a.example.test}
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: v1.36.2
clusterName: prod-west
controlPlaneEndpoint: k8s.example.test:8443
networking: {serviceSubnet: \"172.30.0.0/16, fd00::/108\", dnsDomain: prod.internal}
apiServer:
  certSANs: [10.20.0.100, api.example.test]
etcd:
  local: {serverCertSANs: [etcd.example.test], peerCertSANs: [peer.example.test]}
encryptionAlgorithm: ECDSA-P256
certificateValidityPeriod: 4380h0m0s
caCertificateValidityPeriod: 43800h0m0s
";

fn settings(design: &Design) -> Settings {
    let (settings, findings) = design.check();
    settings.unwrap_or_else(|| panic!("{findings:?}"))
}

#[test]
fn every_field_about_certificates_is_taken() {
    let (design, left) = Design::read(RICH).expect("kubeadm's configuration");
    assert_eq!(left, []);
    let settings = settings(&design);
    assert_eq!(settings.cluster_name.as_str(), "prod-west");
    assert_eq!(settings.version, KubernetesVersion::new(36));
    assert_eq!(settings.service_cidrs.len(), 2);
    assert_eq!(settings.bind_port, 6444);
    assert_eq!(settings.control_planes[0].name.as_str(), "cp-a.example.test");
    assert_eq!(settings.algorithm, Algorithm::EcdsaP256);
    assert_eq!(settings.service_account_algorithm, Algorithm::EcdsaP256);
    assert_eq!((settings.leaf_validity, settings.ca_validity), (4380 * 3600, 43_800 * 3600));
    let count = |sans: &[super::San]| sans.len();
    let sans = &settings.extra_sans;
    let counts = (count(&sans.apiserver), count(&sans.etcd_server), count(&sans.etcd_peer));
    assert_eq!(counts, (2, 1, 1));
}

#[test]
fn what_is_written_reads_back() {
    let (mut design, _) = Design::read(RICH).expect("kubeadm's configuration");
    for version in ["1.36", "1.30"] {
        design.kubernetes_version = version.to_owned();
        let plan = Plan::new(settings(&design));
        let file =
            SettingsFile { component: Component::Apiserver, form: Form::Kubeadm, member: None };
        let (again, left) = Design::read(&settings_text(&plan, file)).expect("our own file");
        if version == "1.36" {
            assert_eq!(settings(&again), plan.settings);
        }
        // v1beta3 has no algorithm and no lifetimes: those are kubeadm's defaults there.
        assert_eq!(again.extra_sans, design.extra_sans);
        let arguments = left.iter().filter(|f| f.problem == Problem::FieldMatters).count();
        assert_eq!(arguments, 4, "the arguments of four components: {left:?}");
    }
}

#[test]
fn a_version_that_is_not_known_is_no_field_that_is_not_known() {
    for (version, known) in [("v1beta4", true), ("v1beta5", false), ("v1beta1", false)] {
        let text = format!("apiVersion: kubeadm.k8s.io/{version}\nkind: ClusterConfiguration\n");
        let (_, left) = Design::read(&text).expect("kubeadm's configuration");
        let found = left.iter().find(|found| found.place == "ClusterConfiguration.apiVersion");
        let expected = (!known).then_some(&Problem::ApiVersionUnknown);
        assert_eq!(found.map(|found| &found.problem), expected, "{version}");
    }
}

#[test]
fn anonymous_requests_are_refused_where_the_arguments_say_so() {
    let read = |version: &str, arguments: &str| {
        let text = format!(
            "apiVersion: kubeadm.k8s.io/{version}\nkind: ClusterConfiguration\napiServer:\n  \
             extraArgs: {arguments}\n"
        );
        let (design, left) = Design::read(&text).expect("kubeadm's configuration");
        let lost = left.iter().any(|found| found.problem == Problem::FieldMatters);
        (design.refuse_anonymous, lost)
    };
    assert_eq!(read("v1beta3", "{anonymous-auth: \"false\"}"), (true, false));
    assert_eq!(read("v1beta4", "[{name: anonymous-auth, value: \"false\"}]"), (true, false));
    assert_eq!(read("v1beta3", "{anonymous-auth: \"true\"}"), (false, false));
    assert_eq!(read("v1beta3", "{anonymous-auth: \"false\", v: \"4\"}"), (true, true));

    let (mut design, _) = Design::read(RICH).expect("kubeadm's configuration");
    design.refuse_anonymous = true;
    for version in ["1.36", "1.30"] {
        design.kubernetes_version = version.to_owned();
        let plan = Plan::new(settings(&design));
        let file =
            SettingsFile { component: Component::Apiserver, form: Form::Kubeadm, member: None };
        let (again, _) = Design::read(&settings_text(&plan, file)).expect("our own file");
        assert!(again.refuse_anonymous, "{version}");
    }
}

#[test]
fn nothing_is_lost_without_a_word() {
    let text = "\
apiVersion: kubeadm.k8s.io/v1beta3
kind: ClusterConfiguration
kubernetesVersion: stable-1
certificatesDir: /opt/pki
imageRepository: registry.example.test
apiServer:
  certSans: [typo.example.test]
etcd:
  external: {caFile: /opt/ca.crt, endpoints: [\"https://etcd.example.test:2379\"]}
scheduler:
---
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
";
    let (design, left) = Design::read(text).expect("kubeadm's configuration");
    let left: Vec<String> =
        left.into_iter().map(|f| format!("{} {:?}", f.place, f.problem)).collect();
    assert_eq!(
        left,
        [
            "ClusterConfiguration.kubernetesVersion FieldMatters",
            "ClusterConfiguration.certificatesDir FieldMatters",
            "ClusterConfiguration.imageRepository FieldNotTaken",
            "ClusterConfiguration.apiServer.certSans FieldUnknown",
            "ClusterConfiguration.etcd.external.caFile FieldMatters",
            "etcd.members[0].addresses HostDecides",
            "KubeletConfiguration FieldNotTaken",
            "controlPlanes[0].name HostDecides",
            "controlPlanes[0].addresses HostDecides",
        ]
    );
    assert!(design.outputs.is_empty(), "the configuration has no encryption provider");
}

#[test]
fn bad_configurations_are_refused_with_their_place() {
    let head = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";
    let tab = Design::read(&format!("{head}networking:\n\tdnsDomain: a\n"));
    assert_eq!(tab.err(), Some(DocumentError::Tab { line: 4, column: 1 }));
    for (text, line) in [
        ("clusterName: a\nclusterName: b\n", 4),
        ("clusterName: [a]\n", 3),
        ("apiServer: {certSANs: x}\n", 3),
        ("networking: [a]\n", 3),
        ("apiServer:\n  certSANs: [\n", 4),
    ] {
        match Design::read(&format!("{head}{text}")) {
            Err(DocumentError::Yaml(error)) => assert_eq!(error.line, line, "{text}: {error}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn an_external_etcd_is_taken() {
    for version in ["v1beta2", "v1beta3", "v1beta4"] {
        let text = format!(
            "apiVersion: kubeadm.k8s.io/{version}
kind: ClusterConfiguration
etcd:
  external:
    endpoints: [https://10.0.0.5:2379, \"https://[fd00::6]:2379\", https://10.0.0.7:2379]
    caFile: /etc/kubernetes/pki/etcd/ca.crt
    certFile: /etc/kubernetes/pki/apiserver-etcd-client.crt
    keyFile: /etc/kubernetes/pki/apiserver-etcd-client.key
---
apiVersion: kubeadm.k8s.io/{version}
kind: InitConfiguration
localAPIEndpoint: {{advertiseAddress: 10.20.0.11}}
nodeRegistration: {{name: cp1}}
"
        );
        let (design, left) = Design::read(&text).expect("kubeadm's configuration");
        let left: Vec<String> =
            left.into_iter().map(|f| format!("{} {:?}", f.place, f.problem)).collect();
        // Only the machines know their names.
        let names = [0, 1, 2].map(|index| format!("etcd.members[{index}].name HostDecides"));
        assert_eq!(left, names);
        let etcd = settings(&design).etcd;
        assert_eq!(design.etcd.endpoints, [""; 0], "they are the members' own");
        let names: Vec<&str> = etcd.members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["etcd1", "etcd2", "etcd3"]);
        assert_eq!(etcd.members[1].addresses[0].to_string(), "fd00::6");
    }
}

#[test]
fn an_external_etcd_is_written_as_it_is_read() {
    for version in ["1.36", "1.30", "1.20"] {
        let mut design = Design { kubernetes_version: version.to_owned(), ..Design::default() };
        design.etcd.topology = "external".to_owned();
        design.etcd.members = (1..=3)
            .map(|number| DesignNode {
                name: format!("etcd{number}"),
                addresses: vec![format!("10.0.0.{number}")],
            })
            .collect();
        design.extra_sans.etcd_server = vec!["etcd.example.test".to_owned()];
        for endpoints in [vec![], vec!["https://etcd.example.test:12379".to_owned()]] {
            design.etcd.endpoints = endpoints;
            let plan = Plan::new(settings(&design));
            let file =
                SettingsFile { component: Component::Apiserver, form: Form::Kubeadm, member: None };
            let (again, _) = Design::read(&settings_text(&plan, file)).expect("our own file");
            assert_eq!(again.etcd.topology, "external");
            if design.etcd.endpoints.is_empty() {
                assert_eq!(again.etcd, design.etcd, "{version}");
            } else {
                // A name in the place of all members says nothing about them.
                assert_eq!(again.etcd.endpoints, design.etcd.endpoints);
                let place = "etcd.members[0].addresses";
                assert!(again.check().1.iter().any(|found| found.place == place));
            }
        }
    }
}

#[test]
fn endpoints_that_are_none_stay_to_be_mended() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  external:
    endpoints: [http://10.0.0.5:2379, https://10.0.0.6:2379]
    httpEndpoints: [http://10.0.0.5:2381]
";
    let (design, left) = Design::read(text).expect("kubeadm's configuration");
    let place = "ClusterConfiguration.etcd.external.httpEndpoints";
    assert!(left.iter().any(|found| found.place == place), "{left:?}");
    assert_eq!(design.etcd.endpoints.len(), 2);
    let found = design.check().1;
    let plain = |found: &super::Finding| matches!(found.problem, Problem::PlainEtcd { .. });
    assert!(found.iter().any(|f| f.place == "etcd.endpoints[0]" && plain(f)), "{found:?}");
}
