//! The files below `flags/`: what each component must be told about certificates, as arguments, as
//! a systemd drop-in, as its own configuration file, and as kubeadm's configuration.

use std::fmt::Write;

use crate::design::{KUBEADM_EXTERNAL, Node, Settings, format_duration};
use crate::plan::{Component, Form, Joining, Plan, Setting, SettingsFile};
use crate::yaml::Yaml;

/// Where units find programs that no package manager put there.
const PROGRAMS: &str = "/usr/local/bin";

/// The text of a settings file.
pub(crate) fn write(plan: &Plan, file: SettingsFile) -> String {
    let component = file.component;
    let settings = plan.settings_on(component, file.member.unwrap_or(0));
    match file.form {
        Form::Arguments => arguments(&settings, "\n") + "\n",
        Form::Systemd if plan.layout.for_kubeadm && component == Component::Kubelet => {
            systemd_beside_kubeadm(&settings)
        }
        Form::Systemd => systemd(component, &settings),
        Form::Configuration if file.member.is_some() => static_pods().to_document(),
        Form::Configuration => configuration(plan, component).to_document(),
        Form::Kubeadm => kubeadm(plan, file.member),
        Form::Join(joining) => join(&plan.settings, joining),
    }
}

fn arguments(settings: &[Setting], between: &str) -> String {
    settings
        .iter()
        .map(|setting| format!("--{}={}", setting.name, setting.value))
        .collect::<Vec<_>>()
        .join(between)
}

/// A drop-in cannot add to `ExecStart`, so it replaces it; everything else that the component is
/// told comes from a variable, as in the units of kubelet.
fn systemd(component: Component, settings: &[Setting]) -> String {
    let name = component.name();
    let variable = name.replace('-', "_").to_uppercase();
    // systemd expands `%`; none of our values has one, but a table may change.
    let arguments = arguments(settings, " \\\n  ").replace('%', "%%");
    let mut unit = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        unit,
        "[Service]\nEnvironmentFile=-/etc/default/{name}\nExecStart=\n\
         ExecStart={PROGRAMS}/{name} ${variable}_ARGS \\\n  {arguments}\n"
    );
    unit
}

/// kubelet's unit as kubeadm's packages have it: all that their drop-in says, and ours behind it,
/// because of a flag that is there twice the last counts.
fn systemd_beside_kubeadm(settings: &[Setting]) -> String {
    let arguments = arguments(settings, " \\\n  ").replace('%', "%%");
    format!(
        "# Comes after 10-kubeadm.conf of the kubeadm packages, and keeps all that it says.\n\
         [Service]\nExecStart=\nExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS \
         $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS \\\n  {arguments}\n"
    )
}

/// Flags that have a field in a component's configuration file.
const KUBELET_FIELDS: &[(&str, &[&str])] = &[
    ("anonymous-auth", &["authentication", "anonymous", "enabled"]),
    ("authentication-token-webhook", &["authentication", "webhook", "enabled"]),
    ("client-ca-file", &["authentication", "x509", "clientCAFile"]),
    ("authorization-mode", &["authorization", "mode"]),
    ("rotate-certificates", &["rotateCertificates"]),
    ("rotate-server-certificates", &["serverTLSBootstrap"]),
    ("tls-cert-file", &["tlsCertFile"]),
    ("tls-private-key-file", &["tlsPrivateKeyFile"]),
];
const CLIENT_FIELDS: &[(&str, &[&str])] = &[("kubeconfig", &["clientConnection", "kubeconfig"])];

fn configuration(plan: &Plan, component: Component) -> Yaml {
    let minor = plan.settings.version.minor;
    let (version, kind, fields) = match component {
        Component::Kubelet => ("kubelet.config.k8s.io/v1beta1", "Kubelet", KUBELET_FIELDS),
        Component::Proxy => ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxy", CLIENT_FIELDS),
        _ => {
            let version = match minor {
                25.. => "kubescheduler.config.k8s.io/v1",
                23..=24 => "kubescheduler.config.k8s.io/v1beta3",
                22 => "kubescheduler.config.k8s.io/v1beta2",
                _ => "kubescheduler.config.k8s.io/v1beta1",
            };
            (version, "KubeScheduler", CLIENT_FIELDS)
        }
    };
    let mut document = vec![
        ("apiVersion", Yaml::text(version)),
        ("kind", Yaml::Text(format!("{kind}Configuration"))),
    ];
    let settings = plan.settings_of(component);
    for (flag, path) in fields {
        if let Some(setting) = settings.iter().find(|setting| setting.name == *flag) {
            let value = match setting.value.as_str() {
                "true" => Yaml::Bool(true),
                "false" => Yaml::Bool(false),
                text => Yaml::text(text),
            };
            set(&mut document, path, value);
        }
    }
    Yaml::Map(document)
}

/// kubelet as the service manager of etcd, from kubeadm's guide: it takes its pods from files, has no
/// kube-apiserver to ask, and so answers nobody.
fn static_pods() -> Yaml {
    let off = || Yaml::Map(vec![("enabled", Yaml::Bool(false))]);
    Yaml::Map(vec![
        ("apiVersion", Yaml::text("kubelet.config.k8s.io/v1beta1")),
        ("kind", Yaml::text("KubeletConfiguration")),
        ("address", Yaml::text("127.0.0.1")),
        ("authentication", Yaml::Map(vec![("anonymous", off()), ("webhook", off())])),
        ("authorization", Yaml::Map(vec![("mode", Yaml::text("AlwaysAllow"))])),
        ("staticPodPath", Yaml::text("/etc/kubernetes/manifests")),
    ])
}

/// Puts a value at a path of a mapping.
fn set(map: &mut Vec<(&'static str, Yaml)>, path: &[&'static str], value: Yaml) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        map.push((first, value));
        return;
    }
    if let Some((_, Yaml::Map(inner))) = map.iter_mut().find(|(key, _)| key == first) {
        set(inner, rest, value);
        return;
    }
    let mut inner = Vec::new();
    set(&mut inner, rest, value);
    map.push((first, Yaml::Map(inner)));
}

fn kubeadm_version(settings: &Settings) -> &'static str {
    match settings.version.minor {
        31.. => "kubeadm.k8s.io/v1beta4",
        22..=30 => "kubeadm.k8s.io/v1beta3",
        _ => "kubeadm.k8s.io/v1beta2",
    }
}

/// What kubeadm looks for before a machine joins, because it makes it itself otherwise: both are
/// files of ours, which it then takes as they are.
const JOIN_CHECKS: [&str; 2] =
    ["FileAvailable--etc-kubernetes-kubelet.conf", "FileAvailable--etc-kubernetes-pki-ca.crt"];

fn join(settings: &Settings, joining: Joining) -> String {
    let (node, is_plane) = match joining {
        Joining::ControlPlane(index) => (settings.control_planes.get(index), true),
        Joining::Worker(index) => (settings.workers.get(index), false),
    };
    let Some(node) = node else { return String::new() };
    let mut document = vec![
        ("apiVersion", Yaml::text(kubeadm_version(settings))),
        ("kind", Yaml::text("JoinConfiguration")),
    ];
    if let (true, Some(endpoint)) = (is_plane, local_endpoint(settings, node)) {
        document.push(("controlPlane", Yaml::Map(vec![endpoint])));
    }
    let file = vec![("kubeConfigPath", Yaml::text("bootstrap-kubelet.conf"))];
    document.push(("discovery", Yaml::Map(vec![("file", Yaml::Map(file))])));
    // On a control plane kubeadm wants ca.crt to be there.
    let ignored = if is_plane { &JOIN_CHECKS[..1] } else { &JOIN_CHECKS[..] };
    let registration = vec![
        ("ignorePreflightErrors", Yaml::texts(ignored.iter().copied())),
        ("name", Yaml::text(node.name.as_str())),
    ];
    document.push(("nodeRegistration", Yaml::Map(registration)));
    Yaml::Map(document).to_document()
}

/// Where kube-apiserver of a control plane listens.
fn local_endpoint(settings: &Settings, node: &Node) -> Option<(&'static str, Yaml)> {
    let address = node.addresses.first()?;
    let endpoint = vec![
        ("advertiseAddress", Yaml::Text(address.to_string())),
        ("bindPort", Yaml::Number(settings.bind_port.into())),
    ];
    Some(("localAPIEndpoint", Yaml::Map(endpoint)))
}

/// Since 1.31 flags are a list of names and values, before that a mapping.
fn kubeadm(plan: &Plan, member: Option<usize>) -> String {
    let settings = &plan.settings;
    let (minor, version) = (settings.version.minor, kubeadm_version(settings));
    let extra = |component: Component| {
        let flags = plan.settings_on(component, member.unwrap_or(0));
        let value = if minor >= 31 {
            Yaml::List(flags.into_iter().map(name_and_value).collect())
        } else {
            Yaml::Map(flags.into_iter().map(|flag| (flag.name, Yaml::Text(flag.value))).collect())
        };
        ("extraArgs", value)
    };
    let texts = |texts: &[crate::design::San]| Yaml::texts(texts.iter().map(ToString::to_string));
    let mut cluster = vec![
        ("apiVersion", Yaml::text(version)),
        ("kind", Yaml::text("ClusterConfiguration")),
        ("clusterName", Yaml::Text(settings.cluster_name.to_string())),
        ("kubernetesVersion", Yaml::Text(format!("v{}.0", settings.version))),
        ("certificatesDir", Yaml::text("/etc/kubernetes/pki")),
    ];
    let local = || {
        Yaml::Map(vec![
            ("dataDir", Yaml::text("/var/lib/etcd")),
            extra(Component::Etcd),
            ("peerCertSANs", texts(&settings.extra_sans.etcd_peer)),
            ("serverCertSANs", texts(&settings.extra_sans.etcd_server)),
        ])
    };
    if let Some(member) = member {
        cluster.push(("etcd", Yaml::Map(vec![("local", local())])));
        let mut documents = vec![Yaml::Map(cluster)];
        documents.extend(init(settings, settings.etcd.members.get(member), version));
        return stream(&documents);
    }
    cluster.push(("networking", networking(settings)));
    if let Some(endpoint) = &settings.endpoint {
        let port = endpoint.port.unwrap_or(settings.bind_port);
        let host = crate::design::url_authority(&endpoint.host, port);
        cluster.push(("controlPlaneEndpoint", Yaml::Text(host)));
    }
    if let (31.., Some(algorithm)) = (minor, settings.algorithm.kubeadm_name()) {
        cluster.push(("encryptionAlgorithm", Yaml::text(algorithm)));
        let period = |seconds| Yaml::Text(format_duration(seconds));
        cluster.push(("certificateValidityPeriod", period(settings.leaf_validity)));
        cluster.push(("caCertificateValidityPeriod", period(settings.ca_validity)));
    }
    cluster.extend([
        (
            "apiServer",
            Yaml::Map(vec![
                ("certSANs", texts(&settings.extra_sans.apiserver)),
                extra(Component::Apiserver),
            ]),
        ),
        ("controllerManager", Yaml::Map(vec![extra(Component::ControllerManager)])),
        ("scheduler", Yaml::Map(vec![extra(Component::Scheduler)])),
        (
            "etcd",
            Yaml::Map(vec![match settings.etcd.is_external() {
                true => ("external", external(settings)),
                false => ("local", local()),
            }]),
        ),
    ]);
    let mut documents = vec![Yaml::Map(cluster)];
    documents.extend(init(settings, settings.control_planes.first(), version));
    documents.push(configuration(plan, Component::Kubelet));
    stream(&documents)
}

fn stream(documents: &[Yaml]) -> String {
    documents.iter().map(Yaml::to_document).collect::<Vec<_>>().join("---\n")
}

/// Where kube-apiserver finds an etcd that kubeadm does not start, and by what it lets itself in.
fn external(settings: &Settings) -> Yaml {
    let files = KUBEADM_EXTERNAL.map(|(name, path)| (name, Yaml::text(path)));
    let endpoints = [("endpoints", Yaml::texts(&settings.etcd.endpoints))];
    Yaml::Map(endpoints.into_iter().chain(files).collect())
}

fn name_and_value(setting: Setting) -> Yaml {
    Yaml::Map(vec![("name", Yaml::text(setting.name)), ("value", Yaml::Text(setting.value))])
}

fn networking(settings: &Settings) -> Yaml {
    let ranges: Vec<String> = settings.service_cidrs.iter().map(ToString::to_string).collect();
    Yaml::Map(vec![
        ("dnsDomain", Yaml::Text(settings.dns_domain.to_string())),
        ("serviceSubnet", Yaml::Text(ranges.join(","))),
    ])
}

fn init(settings: &Settings, node: Option<&Node>, version: &str) -> Option<Yaml> {
    let node = node?;
    Some(Yaml::Map(vec![
        ("apiVersion", Yaml::text(version)),
        ("kind", Yaml::text("InitConfiguration")),
        local_endpoint(settings, node)?,
        ("nodeRegistration", Yaml::Map(vec![("name", Yaml::text(node.name.as_str()))])),
    ]))
}
