//! kubeadm's configuration in and out.

use super::{Design, DocumentError, KubernetesVersion, Output, Problem, Settings};
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
        let file = SettingsFile { component: Component::Apiserver, form: Form::Kubeadm };
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
  external: {endpoints: [\"https://etcd.example.test:2379\"]}
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
            "ClusterConfiguration.etcd.external FieldMatters",
            "KubeletConfiguration FieldNotTaken",
            "controlPlanes[0].name HostDecides",
            "controlPlanes[0].addresses HostDecides",
        ]
    );
    assert!(!settings(&design).wants(Output::Encryption));
}

#[test]
fn bad_configurations_are_refused_with_their_place() {
    let head = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n";
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
