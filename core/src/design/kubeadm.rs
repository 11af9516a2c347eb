//! kubeadm's configuration read as a design.
//!
//! Source: k/k `cmd/kubeadm/app/apis/kubeadm/v1beta4/types.go`, and `v1beta3` beside it.
//! What says nothing about certificates, and what no version of kubeadm knows, is named in a
//! finding each, so that nothing is lost without a word.

use super::document::DocumentError;
use super::etcd::{self, CLIENT_PORT};
use super::{Design, DesignNode, Finding, KubernetesVersion, Problem, San, Topology};
use crate::key::Algorithm;
use crate::yaml::{self, Node, Value, YamlError, YamlReason};

/// The group of kubeadm's configuration.
pub(super) const GROUP: &str = "kubeadm.k8s.io/";
/// The versions whose fields are known here.
const VERSIONS: [&str; 3] = ["v1beta2", "v1beta3", "v1beta4"];

/// What becomes of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Its own fields decide.
    Inside,
    /// It becomes a part of the design.
    Taken,
    /// It says nothing about certificates.
    Unused,
    /// It changes which certificates there are or what is told about them, and has no place in a
    /// design.
    Lost,
}

use Kind::{Inside, Lost, Taken, Unused};

/// What kube-apiserver shows to an external etcd and whom it trusts, at the paths of the layout.
pub(crate) const EXTERNAL: [(&str, &str); 3] = [
    ("caFile", "/etc/kubernetes/pki/etcd/ca.crt"),
    ("certFile", "/etc/kubernetes/pki/apiserver-etcd-client.crt"),
    ("keyFile", "/etc/kubernetes/pki/apiserver-etcd-client.key"),
];

const CLUSTER: &[(&str, Kind)] = &[
    ("apiVersion", Inside),
    ("kind", Inside),
    ("kubernetesVersion", Taken),
    ("clusterName", Taken),
    ("controlPlaneEndpoint", Taken),
    ("encryptionAlgorithm", Taken),
    ("certificateValidityPeriod", Taken),
    ("caCertificateValidityPeriod", Taken),
    ("certificatesDir", Taken),
    ("networking", Inside),
    ("networking.serviceSubnet", Taken),
    ("networking.dnsDomain", Taken),
    ("networking.podSubnet", Unused),
    ("apiServer", Inside),
    ("apiServer.certSANs", Taken),
    ("apiServer.extraArgs", Taken),
    ("apiServer.extraEnvs", Unused),
    ("apiServer.extraVolumes", Unused),
    ("apiServer.timeoutForControlPlane", Unused),
    ("controllerManager", Inside),
    ("controllerManager.extraArgs", Lost),
    ("controllerManager.extraEnvs", Unused),
    ("controllerManager.extraVolumes", Unused),
    ("scheduler", Inside),
    ("scheduler.extraArgs", Lost),
    ("scheduler.extraEnvs", Unused),
    ("scheduler.extraVolumes", Unused),
    ("etcd", Inside),
    ("etcd.external", Inside),
    ("etcd.external.endpoints", Taken),
    ("etcd.external.caFile", Taken),
    ("etcd.external.certFile", Taken),
    ("etcd.external.keyFile", Taken),
    // Where metrics and health are asked for; v1beta4 of later releases.
    ("etcd.external.httpEndpoints", Unused),
    ("etcd.local", Inside),
    ("etcd.local.serverCertSANs", Taken),
    ("etcd.local.peerCertSANs", Taken),
    ("etcd.local.extraArgs", Lost),
    ("etcd.local.extraEnvs", Unused),
    ("etcd.local.dataDir", Unused),
    ("etcd.local.imageRepository", Unused),
    ("etcd.local.imageTag", Unused),
    ("dns", Unused),
    ("proxy", Unused),
    ("imageRepository", Unused),
    ("featureGates", Unused),
    ("useHyperKubeImage", Unused),
];

const INIT: &[(&str, Kind)] = &[
    ("apiVersion", Inside),
    ("kind", Inside),
    ("localAPIEndpoint", Inside),
    ("localAPIEndpoint.advertiseAddress", Taken),
    ("localAPIEndpoint.bindPort", Taken),
    ("nodeRegistration", Inside),
    ("nodeRegistration.name", Taken),
    ("nodeRegistration.criSocket", Unused),
    ("nodeRegistration.taints", Unused),
    ("nodeRegistration.kubeletExtraArgs", Lost),
    ("nodeRegistration.ignorePreflightErrors", Unused),
    ("nodeRegistration.imagePullPolicy", Unused),
    ("nodeRegistration.imagePullSerial", Unused),
    ("bootstrapTokens", Unused),
    ("certificateKey", Unused),
    ("skipPhases", Unused),
    ("patches", Unused),
    ("timeouts", Unused),
    ("dryRun", Unused),
];

/// Reads the documents of a stream, of which at least one is kubeadm's.
pub(super) fn read(documents: &[Node]) -> Result<(Design, Vec<Finding>), DocumentError> {
    let mut reader = Reader { design: Design::default(), left: Vec::new(), named: [false; 2] };
    for document in documents {
        let kind = document.text(&["kind"]).unwrap_or_default();
        let version = document.text(&["apiVersion"]).unwrap_or_default();
        let fields = match (kind, version.strip_prefix(GROUP)) {
            ("ClusterConfiguration", Some(version)) => Some((CLUSTER, version)),
            ("InitConfiguration", Some(version)) => Some((INIT, version)),
            _ => None,
        };
        let Some((fields, version)) = fields else {
            reader.leave(kind, Problem::FieldNotTaken);
            continue;
        };
        if !VERSIONS.contains(&version) {
            reader.leave(&format!("{kind}.apiVersion"), Problem::ApiVersionUnknown);
        }
        reader.walk(document, kind, "", fields).map_err(DocumentError::Yaml)?;
    }
    for (named, field) in reader.named.into_iter().zip(["name", "addresses"]) {
        if !named {
            reader.leave(&format!("controlPlanes[0].{field}"), Problem::HostDecides);
        }
    }
    Ok((reader.design, reader.left))
}

struct Reader {
    design: Design,
    left: Vec<Finding>,
    /// Whether the node's name and its address were there.
    named: [bool; 2],
}

impl Reader {
    fn leave(&mut self, place: &str, problem: Problem) {
        self.left.push(Finding { place: place.to_owned(), problem });
    }

    /// `path` is that of the mapping, with a dot behind it; empty for the document's own.
    fn walk(
        &mut self,
        node: &Node,
        kind: &str,
        path: &str,
        fields: &[(&str, Kind)],
    ) -> Result<(), YamlError> {
        let Value::Mapping(entries) = &node.value else {
            // Nothing at all is an empty mapping.
            return match scalar(node) {
                Some("" | "null" | "~") => Ok(()),
                _ => Err(node.unexpected(&"a mapping")),
            };
        };
        for (index, (key, value)) in entries.iter().enumerate() {
            if entries.iter().take(index).any(|(other, _)| other == key) {
                let (line, column) = value.key.unwrap_or((value.line, value.column));
                let reason = YamlReason::DuplicateField(key.clone());
                return Err(YamlError { line, column, reason });
            }
            let name = format!("{path}{key}");
            let place = format!("{kind}.{name}");
            match fields.iter().find(|(field, _)| *field == name).map(|(_, what)| *what) {
                Some(Inside) if matches!(name.as_str(), "apiVersion" | "kind") => {}
                Some(Inside) => self.walk(value, kind, &format!("{name}."), fields)?,
                Some(Taken) => self.take(&place, &name, value)?,
                Some(Unused) => self.leave(&place, Problem::FieldNotTaken),
                Some(Lost) => self.leave(&place, Problem::FieldMatters),
                None => self.leave(&place, Problem::FieldUnknown),
            }
        }
        Ok(())
    }

    fn take(&mut self, place: &str, name: &str, value: &Node) -> Result<(), YamlError> {
        if name == "etcd.external.endpoints" {
            self.endpoints(texts(value)?);
            return Ok(());
        }
        if name == "apiServer.extraArgs" {
            self.arguments(place, value);
            return Ok(());
        }
        let design = &mut self.design;
        let list = match name {
            "apiServer.certSANs" => Some(&mut design.extra_sans.apiserver),
            "etcd.local.serverCertSANs" => Some(&mut design.extra_sans.etcd_server),
            "etcd.local.peerCertSANs" => Some(&mut design.extra_sans.etcd_peer),
            _ => None,
        };
        if let Some(list) = list {
            *list = texts(value)?;
            return Ok(());
        }
        let text = scalar(value).ok_or_else(|| value.unexpected(&"text"))?.to_owned();
        match name {
            "kubernetesVersion" => match text.parse::<KubernetesVersion>() {
                Ok(version) => design.kubernetes_version = version.to_string(),
                // `stable-1` and the like are looked up on the net by kubeadm.
                Err(_) => self.leave(place, Problem::FieldMatters),
            },
            "clusterName" => design.cluster_name = text,
            "controlPlaneEndpoint" => design.control_plane_endpoint = text,
            "encryptionAlgorithm" => match text.parse::<Algorithm>() {
                Ok(algorithm) => {
                    algorithm.name().clone_into(&mut design.keys.algorithm);
                    // kubeadm makes sa.key with the same.
                    algorithm.name().clone_into(&mut design.keys.service_account);
                }
                Err(_) => design.keys.algorithm = text,
            },
            "certificateValidityPeriod" => design.validity.leaf = text,
            "caCertificateValidityPeriod" => design.validity.ca = text,
            "certificatesDir" if text == "/etc/kubernetes/pki" => {}
            "certificatesDir" => self.leave(place, Problem::FieldMatters),
            "etcd.external.caFile" if text == EXTERNAL[0].1 => {}
            "etcd.external.certFile" if text == EXTERNAL[1].1 => {}
            "etcd.external.keyFile" if text == EXTERNAL[2].1 => {}
            _ if name.starts_with("etcd.external.") => self.leave(place, Problem::FieldMatters),
            "networking.serviceSubnet" => {
                design.service_cidrs = text.split(',').map(|part| part.trim().to_owned()).collect();
            }
            "networking.dnsDomain" => design.dns_domain = text,
            "localAPIEndpoint.bindPort" => design.bind_port = text,
            _ => {
                let index = usize::from(name != "nodeRegistration.name");
                if let (Some(node), Some(named)) =
                    (design.control_planes.first_mut(), self.named.get_mut(index))
                {
                    *named = true;
                    match index {
                        0 => node.name = text,
                        _ => node.addresses = vec![text],
                    }
                }
            }
        }
        Ok(())
    }
}

impl Reader {
    /// A list of names and values, before v1beta4 a mapping. A design has a place for one of them.
    fn arguments(&mut self, place: &str, value: &Node) {
        let all: Vec<(&str, &str)> = match &value.value {
            Value::Mapping(entries) => entries
                .iter()
                .map(|(name, value)| (name.as_str(), scalar(value).unwrap_or_default()))
                .collect(),
            Value::Sequence(items) => items
                .iter()
                .map(|item| {
                    let text = |key| item.text(&[key]).unwrap_or_default();
                    (text("name"), text("value"))
                })
                .collect(),
            Value::Scalar(_) => Vec::new(),
        };
        let mut is_left = false;
        for argument in all {
            match argument {
                ("anonymous-auth", "false") => self.design.refuse_anonymous = true,
                // The default.
                ("anonymous-auth", "true") => self.design.refuse_anonymous = false,
                _ => is_left = true,
            }
        }
        if is_left {
            self.leave(place, Problem::FieldMatters);
        }
    }

    /// Each endpoint is a member. Of one that is an address the machine knows the name, of one that
    /// is a name the address.
    fn endpoints(&mut self, endpoints: Vec<String>) {
        Topology::External.name().clone_into(&mut self.design.etcd.topology);
        let mut plain = true;
        let mut members = Vec::with_capacity(endpoints.len());
        for endpoint in &endpoints {
            let Ok((host, port)) = etcd::endpoint(endpoint) else {
                // The findings of the design name it.
                plain = false;
                continue;
            };
            let place = format!("etcd.members[{}]", members.len());
            let number = members.len() + 1;
            plain &= port == CLIENT_PORT && matches!(host, San::Ip(_));
            members.push(match host {
                San::Ip(address) => {
                    self.leave(&format!("{place}.name"), Problem::HostDecides);
                    let (name, addresses) = (format!("etcd{number}"), vec![address.to_string()]);
                    DesignNode { name, addresses }
                }
                San::Dns(name) => {
                    self.leave(&format!("{place}.addresses"), Problem::HostDecides);
                    DesignNode { name, addresses: Vec::new() }
                }
            });
        }
        self.design.etcd.members = members;
        if !plain {
            self.design.etcd.endpoints = endpoints;
        }
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(text) => Some(text),
        _ => None,
    }
}

fn texts(node: &Node) -> Result<Vec<String>, YamlError> {
    let Value::Sequence(items) = &node.value else { return Err(node.unexpected(&"a list")) };
    let text =
        |item: &Node| scalar(item).map(str::to_owned).ok_or_else(|| item.unexpected(&"text"));
    items.iter().map(text).collect()
}

impl Design {
    /// Reads a design, or kubeadm's configuration as one; the findings name what of it has no
    /// place in a design.
    ///
    /// # Errors
    /// A [`DocumentError`] with line and column.
    pub fn read(text: &str) -> Result<(Self, Vec<Finding>), DocumentError> {
        if text.contains(GROUP) && text.len() <= super::MAX_DOCUMENT_BYTES {
            if let Some(tab) = super::document::indenting_tab(text) {
                return Err(tab);
            }
            let documents = yaml::read_all(text).map_err(DocumentError::Yaml)?;
            let is_kubeadm = |document: &Node| {
                document.text(&["apiVersion"]).is_some_and(|version| version.starts_with(GROUP))
            };
            if documents.iter().any(is_kubeadm) {
                return read(&documents);
            }
        }
        Self::from_document(text).map(|design| (design, Vec::new()))
    }
}
