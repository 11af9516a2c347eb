//! The files below `flags/`: there for every component of every layout, and nothing in them but
//! what concerns certificates.

use serde_json::Value;

use super::settings::write;
use crate::design::{Design, DesignNode, LayoutName};
use crate::plan::{Component, Content, Form, Owner, Plan, SettingsFile};
use crate::yaml;

fn design(layout: LayoutName, minor: u16) -> Design {
    let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
    design.kubernetes_version = format!("1.{minor}");
    design.workers =
        vec![DesignNode { name: "w1".to_owned(), addresses: vec!["10.0.0.20".to_owned()] }];
    design
}

fn plan(design: &Design) -> Plan {
    let (settings, findings) = design.check();
    Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")))
}

/// Certificates, keys, tokens and who may do what: the words of which every flag's name has one.
const WORDS: [&str; 19] = [
    "cert",
    "ca-file",
    "cafile",
    "cacert",
    "key-file",
    "keyfile",
    "client-key",
    "client-ca",
    "kubeconfig",
    "requestheader",
    "service-account",
    "signing",
    "token",
    "anonymous-auth",
    "authorization-mode",
    "enable-admission-plugins",
    "controllers",
    "encryption-provider-config",
    // It logs in to its own server, and with which certificate.
    "grpc-gateway",
];

#[test]
fn every_component_of_every_layout_has_its_files() {
    use Component::{Kubelet, Proxy, Scheduler};
    for layout in LayoutName::ALL {
        let plan = plan(&design(layout, 36));
        for (owner, node) in [(Owner::ControlPlane(0), "cp1"), (Owner::Worker(0), "w1")] {
            for component in plan.components(&owner) {
                let name = component.name();
                let there = |file: &str| plan.file(&format!("flags/{node}/{file}")).is_some();
                assert!(there(&format!("{name}.args")), "{layout:?} {node}: {name}");
                assert!(there(&format!("{name}.service.d/20-pki.conf")), "{layout:?}: {name}");
                let has_file = matches!(component, Kubelet | Scheduler | Proxy);
                assert_eq!(there(&format!("{name}-config.yaml")), has_file, "{layout:?}: {name}");
                for setting in plan.settings_of(component) {
                    let concerns = WORDS.iter().any(|word| setting.name.contains(word));
                    assert!(concerns, "{layout:?} {name}: --{}", setting.name);
                }
            }
        }
        let is_kubeadm = layout == LayoutName::Kubeadm;
        assert_eq!(plan.file("flags/cp1/kubeadm.yaml").is_some(), is_kubeadm, "{layout:?}");
        assert_eq!(plan.file("flags/w1/kubeadm.yaml").is_some(), is_kubeadm, "{layout:?}");
    }
}

/// What the arguments say, the drop-in says too, and the configuration file as far as it has a
/// field for it.
#[test]
fn the_forms_agree() {
    for layout in LayoutName::ALL {
        let plan = plan(&design(layout, 36));
        for component in plan.layout.components.iter().map(|row| row.component) {
            let text = |form| write(&plan, SettingsFile { component, form, member: None });
            let (arguments, unit) = (text(Form::Arguments), text(Form::Systemd));
            for line in arguments.lines() {
                assert!(unit.contains(line), "{layout:?}: {line}\n{unit}");
            }
            assert_eq!(unit.matches(" --").count(), arguments.lines().count(), "{unit}");
            if !matches!(component, Component::Kubelet | Component::Scheduler | Component::Proxy) {
                continue;
            }
            let document = yaml::values(&text(Form::Configuration)).expect("YAML").remove(0);
            let mut leaves = Vec::new();
            values(&document, &mut leaves);
            for value in leaves.iter().filter(|value| value.starts_with('/')) {
                assert!(arguments.contains(&format!("={value}\n")), "{layout:?}: {value}");
            }
            assert!(leaves.len() > 2, "{layout:?} {component:?}: {document}");
        }
    }
}

fn values(value: &Value, to: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| values(value, to)),
        Value::Array(list) => list.iter().for_each(|value| values(value, to)),
        Value::String(text) => to.push(text.clone()),
        other => to.push(other.to_string()),
    }
}

/// kubeadm's configuration is of the version's own API, and read back it is the same design.
#[test]
fn kubeadms_configuration_follows_the_version_and_reads_back() {
    for (minor, version) in
        [(20, "v1beta2"), (22, "v1beta3"), (30, "v1beta3"), (31, "v1beta4"), (36, "v1beta4")]
    {
        let mut design = design(LayoutName::Kubeadm, minor);
        design.cluster_name = "prod".to_owned();
        design.control_plane_endpoint = "k8s.example.test:8443".to_owned();
        design.bind_port = "7443".to_owned();
        design.dns_domain = "prod.internal".to_owned();
        design.service_cidrs = vec!["172.30.0.0/16".to_owned(), "fd00::/108".to_owned()];
        design.extra_sans.apiserver = vec!["api.example.test".to_owned()];
        design.extra_sans.etcd_server = vec!["etcd.example.test".to_owned()];
        design.extra_sans.etcd_peer = vec!["10.0.0.9".to_owned()];
        design.workers.clear();
        let plan = plan(&design);
        let file =
            SettingsFile { component: Component::Apiserver, form: Form::Kubeadm, member: None };
        let text = write(&plan, file);
        let documents = yaml::values(&text).expect("YAML");
        let kinds: Vec<&str> = documents.iter().filter_map(|d| d["kind"].as_str()).collect();
        assert_eq!(kinds, ["ClusterConfiguration", "InitConfiguration", "KubeletConfiguration"]);
        for document in &documents[..2] {
            assert_eq!(document["apiVersion"], format!("kubeadm.k8s.io/{version}"), "1.{minor}");
        }
        // Since v1beta4 a list of names and values, before that a mapping.
        let arguments = &documents[0]["apiServer"]["extraArgs"];
        assert_eq!(arguments.is_array(), minor >= 31, "1.{minor}");
        let planned = plan.settings_of(Component::Apiserver);
        for setting in &planned {
            let found = match arguments {
                Value::Array(list) => {
                    list.iter().find(|entry| entry["name"] == setting.name).map(|e| &e["value"])
                }
                map => map.get(setting.name),
            };
            assert_eq!(found.and_then(Value::as_str), Some(setting.value.as_str()), "{setting:?}");
        }
        let has_algorithm = documents[0].get("encryptionAlgorithm").is_some();
        assert_eq!(has_algorithm, minor >= 31, "1.{minor}");
        let (read, _) = Design::read(&text).expect("kubeadm's configuration");
        let (ours, theirs) = (&plan.settings, read.check().0.expect("a design"));
        assert_eq!(theirs.version, ours.version);
        assert_eq!(theirs.cluster_name, ours.cluster_name);
        assert_eq!(theirs.endpoint, ours.endpoint);
        assert_eq!(theirs.bind_port, ours.bind_port);
        assert_eq!(theirs.dns_domain, ours.dns_domain);
        assert_eq!(theirs.service_cidrs, ours.service_cidrs);
        assert_eq!(theirs.extra_sans, ours.extra_sans);
        assert_eq!(theirs.control_planes, ours.control_planes);
    }
}

/// Each other machine joins by its own name, and a control plane at its own address.
#[test]
fn machines_join_by_a_file_each() {
    for (minor, version) in [(21, "v1beta2"), (30, "v1beta3"), (36, "v1beta4")] {
        let mut design = design(LayoutName::Kubeadm, minor);
        let second = DesignNode { name: "cp2".to_owned(), addresses: vec!["10.0.0.11".to_owned()] };
        design.control_planes.push(second);
        design.control_plane_endpoint = "k8s.example.test".to_owned();
        let plan = plan(&design);
        assert_eq!(plan.settings.control_planes.len(), 2);
        let text = |name: &str| {
            let file = plan.file(&format!("flags/{name}/kubeadm.yaml")).expect("a file");
            match file.content {
                Content::Settings(settings) => write(&plan, settings),
                _ => panic!("{name}"),
            }
        };
        for node in plan.settings.control_planes.iter().skip(1) {
            let text = text(node.name.as_str());
            let value = yaml::values(&text).expect("YAML").remove(0);
            assert_eq!(value["apiVersion"], format!("kubeadm.k8s.io/{version}"));
            assert_eq!(value["nodeRegistration"]["name"], node.name.as_str());
            let address = &value["controlPlane"]["localAPIEndpoint"]["advertiseAddress"];
            assert_eq!(*address, node.addresses[0].to_string());
            assert!(!text.contains("ca.crt"), "kubeadm wants it on a control plane: {text}");
        }
        for node in &plan.settings.workers {
            let value = yaml::values(&text(node.name.as_str())).expect("YAML").remove(0);
            assert_eq!(value["nodeRegistration"]["name"], node.name.as_str());
            assert!(value.get("controlPlane").is_none());
            let ignored = &value["nodeRegistration"]["ignorePreflightErrors"];
            assert_eq!(ignored[1], "FileAvailable--etc-kubernetes-pki-ca.crt");
        }
    }
}

/// Behind kubeadm's drop-in, whose variables are kept; elsewhere one of our own.
#[test]
fn a_drop_in_keeps_what_kubeadms_says() {
    let unit = |layout| {
        let plan = plan(&design(layout, 36));
        let file =
            SettingsFile { component: Component::Kubelet, form: Form::Systemd, member: None };
        assert!(file.path().as_str() > "kubelet.service.d/10-kubeadm.conf");
        write(&plan, file)
    };
    let kept = "$KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS \
                $KUBELET_EXTRA_ARGS";
    assert!(unit(LayoutName::Kubeadm).contains(kept));
    assert!(!unit(LayoutName::HardWay).contains("KUBELET_CONFIG_ARGS"));
}
