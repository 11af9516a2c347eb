//! From typed text to [`Settings`], with every finding on the way.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv6Addr};

use super::{
    CaKeys, Cidr, ClusterName, Design, DnsName, ExtraSans, Finding, HostPort, KubernetesVersion,
    LayoutName, NameError, Node, NodeName, Output, Problem, San, Settings, Severity,
    parse_duration,
};
use crate::key::Algorithm;
use crate::order;

/// kubeadm's defaults, beyond which it warns (k/k#124652), in seconds.
const DEFAULT_CA_VALIDITY: i64 = 87_600 * 3_600;
const DEFAULT_LEAF_VALIDITY: i64 = 8_760 * 3_600;
/// Certificates cannot end after the year 9999 (RFC 5280 §4.1.2.5); a thousand years are safe.
const LONGEST_VALIDITY: i64 = 1_000 * 365 * 86_400;
/// A cluster signs nothing shorter (`spec.expirationSeconds`), in seconds.
const SHORTEST_VALIDITY: i64 = 600;
/// Backdating is for clocks that run behind, not for certificates of the past.
const LONGEST_BACKDATE: i64 = 48 * 3_600;
/// Where kube-apiserver and load balancers before it listen.
const API_PORTS: [&str; 3] = ["443", "6443", "8443"];
/// kubeadm's limits on service CIDRs (k/k `ValidateServiceSubnet`, `MinimumAddressesInServiceSubnet`).
const SERVICE_HOST_BITS: std::ops::RangeInclusive<u8> = 4..=20;

/// The first service addresses of kubeadm, Kubernetes the Hard Way, k3s and k8s-certs-generator.
const SERVICE_ADDRESSES: [[u8; 4]; 4] =
    [[10, 96, 0, 1], [10, 32, 0, 1], [10, 43, 0, 1], [10, 254, 0, 1]];

/// The form, from top to bottom, by the beginnings of places.
const FORM: [&str; 21] = [
    "layout",
    "clusterName",
    "kubernetesVersion",
    "controlPlanes",
    "workers",
    "etcd.topology",
    "etcd.members",
    "etcd.endpoints",
    "controlPlaneEndpoint",
    "serviceCIDRs",
    "dnsDomain",
    "keys.algorithm",
    "keys",
    "validity.ca",
    "validity.leaf",
    "validity",
    "bindPort",
    "extraSANs.apiserver",
    "extraSANs.etcdServer",
    "extraSANs",
    "caKeys",
];

impl Design {
    /// Reads every field.
    ///
    /// The settings are there exactly when no finding is an error.
    pub fn check(&self) -> (Option<Settings>, Vec<Finding>) {
        let mut check = Check { findings: Vec::new() };
        let settings = check.design(self);
        let is_fine = check.findings.iter().all(|found| found.severity() < Severity::Error);
        if let Some(settings) = settings.as_ref().filter(|_| is_fine) {
            check.constrained(settings);
        }
        let fine = check.findings.iter().all(|finding| finding.severity() < Severity::Error);
        // Errors first; within one severity, the order of the form.
        let place = |found: &Finding| (Reverse(found.severity()), order_of(&found.place));
        let findings = order::sorted_by_cached_key(check.findings, place);
        (settings.filter(|_| fine), findings)
    }
}

/// The number of a field, and those of its row and entry, from 1.
fn order_of(place: &str) -> [usize; 3] {
    let field = FORM.iter().position(|field| place.starts_with(field)).unwrap_or(FORM.len());
    let number = |part: &str| part.split(']').next()?.parse::<usize>().ok();
    let mut numbers = place.split('[').skip(1).map(|part| number(part).map_or(0, |n| n + 1));
    [field, numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()]
}

/// A bare number with the unit that people mean who write it.
fn with_unit(place: &str, number: &str) -> Option<String> {
    let unit = match number.parse::<u32>().ok()? {
        _ if place.ends_with("backdate") => 'm',
        // kubeadm's own lifetimes are 8760 and 87600 hours.
        8_760.. => 'h',
        _ => 'd',
    };
    Some(format!("{number}{unit}"))
}

pub(super) struct Check {
    pub(super) findings: Vec<Finding>,
}

impl Check {
    pub(super) fn find(&mut self, place: impl Into<String>, problem: Problem) {
        self.findings.push(Finding { place: place.into(), problem });
    }

    /// Keeps the value, or notes why there is none.
    pub(super) fn take<T>(
        &mut self,
        place: impl Into<String>,
        result: Result<T, NameError>,
        problem: fn(NameError) -> Problem,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.find(place, problem(error));
                None
            }
        }
    }

    /// Every field is read, so that all findings come at once; `None` if any has no value.
    fn design(&mut self, design: &Design) -> Option<Settings> {
        let layout = LayoutName::from_name(design.layout.trim());
        if layout.is_none() {
            self.find("layout", Problem::BadLayout);
        }
        let cluster_name = self.take(
            "clusterName",
            ClusterName::parse(design.cluster_name.trim()),
            Problem::BadClusterName,
        );
        let version = self.version(&design.kubernetes_version);
        let dns_domain =
            self.take("dnsDomain", DnsName::parse(design.dns_domain.trim()), Problem::BadDnsName);
        let service_cidrs = self.service_cidrs(&design.service_cidrs);
        let endpoint = self.endpoint(&design.control_plane_endpoint, design.bind_port.trim());
        let bind_port = match design.bind_port.trim().parse::<u16>() {
            Ok(port) if port > 0 => Some(port),
            _ => {
                self.find("bindPort", Problem::BadPort);
                None
            }
        };
        let external = self.topology(design, layout);
        let [control_planes, workers, members] =
            self.nodes(design, layout, &service_cidrs, external);
        if control_planes.len() > 1 && design.control_plane_endpoint.trim().is_empty() {
            self.find("controlPlaneEndpoint", Problem::NoEndpoint);
        }
        let extra_sans = ExtraSans {
            apiserver: self.sans("extraSANs.apiserver", &design.extra_sans.apiserver),
            etcd_server: self.sans("extraSANs.etcdServer", &design.extra_sans.etcd_server),
            etcd_peer: self.sans("extraSANs.etcdPeer", &design.extra_sans.etcd_peer),
        };
        let etcd = self.etcd(design, members, &extra_sans.etcd_server);
        self.service_addresses(&extra_sans.apiserver, &service_cidrs, &control_planes);
        let algorithm = self.algorithm("keys.algorithm", &design.keys.algorithm);
        let service_account_algorithm =
            self.algorithm("keys.serviceAccount", &design.keys.service_account);
        let ca_validity = self.validity("validity.ca", &design.validity.ca, DEFAULT_CA_VALIDITY);
        let leaf_validity =
            self.validity("validity.leaf", &design.validity.leaf, DEFAULT_LEAF_VALIDITY);
        if let (Some(ca), Some(leaf)) = (ca_validity, leaf_validity)
            // A CA without any lifetime has a finding of its own.
            && ca > 0
            && leaf > ca
        {
            self.find("validity.leaf", Problem::LeafBeyondCa);
        }
        let backdate = self.backdate(&design.validity.backdate);
        let ca_keys = match design.ca_keys.trim() {
            name if name == CaKeys::ControlPlanes.name() => Some(CaKeys::ControlPlanes),
            name if name == CaKeys::Vault.name() => Some(CaKeys::Vault),
            _ => {
                self.find("caKeys", Problem::BadCaKeys);
                None
            }
        };
        if ca_keys == Some(CaKeys::Vault) && layout.is_some_and(LayoutName::needs_ca_keys) {
            self.find("caKeys", Problem::CaKeysNeeded);
        }
        let serving =
            design.outputs.iter().any(|name| name.trim() == Output::KubeletServing.name());
        let serving = |layout: LayoutName| {
            layout.has_kubelet_servers() || serving && Output::KubeletServing.fits(layout)
        };
        if layout.is_some_and(serving) {
            for (index, node) in design.workers.iter().enumerate() {
                if node.addresses.iter().all(|address| address.trim().is_empty()) {
                    let place = format!("workers[{index}].addresses");
                    self.find(place, Problem::NoServingAddress);
                }
            }
        }
        let outputs = self.outputs(&design.outputs, layout);
        let subject = self.subject(&design.subject);
        let users = self.users(&design.users, leaf_validity, ca_validity);
        let authorities =
            layout.map(|layout| self.authorities(&design.authorities, layout)).unwrap_or_default();
        let machines: Vec<&NodeName> = control_planes
            .iter()
            .chain(&workers)
            .chain(&etcd.members)
            .map(|node| &node.name)
            .collect();
        let certificates = layout
            .map(|layout| self.certificates(&design.certificates, layout, &authorities, &machines))
            .unwrap_or_default();
        let ca_validity = ca_validity?;
        Some(Settings {
            layout: layout?,
            cluster_name: cluster_name?,
            version: version?,
            dns_domain: dns_domain?,
            service_cidrs,
            endpoint,
            bind_port: bind_port?,
            control_planes,
            workers,
            etcd,
            extra_sans,
            algorithm: algorithm?,
            service_account_algorithm: service_account_algorithm?,
            ca_validity,
            leaf_validity: leaf_validity?.min(ca_validity),
            backdate: backdate?,
            ca_keys: ca_keys?,
            hardened: design.hardened,
            critical_usages: design.critical_usages,
            kubeconfig_files: design.kubeconfig_files,
            refuse_anonymous: design.refuse_anonymous,
            subject,
            users,
            outputs,
            authorities,
            certificates,
        })
    }

    fn version(&mut self, text: &str) -> Option<KubernetesVersion> {
        let place = "kubernetesVersion";
        let Ok(version) = text.parse::<KubernetesVersion>() else {
            self.find(place, Problem::BadVersion);
            return None;
        };
        if version < KubernetesVersion::OLDEST {
            let oldest = KubernetesVersion::OLDEST.minor;
            self.find(place, Problem::VersionTooOld { oldest });
        } else if version > KubernetesVersion::NEWEST {
            let newest = KubernetesVersion::NEWEST.minor;
            self.find(place, Problem::VersionUnknown { newest });
        }
        Some(version)
    }

    fn service_cidrs(&mut self, texts: &[String]) -> Vec<Cidr> {
        if texts.is_empty() || texts.len() > 2 {
            self.find("serviceCIDRs", Problem::ServiceCidrCount);
        }
        let mut cidrs: Vec<Cidr> = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            let place = format!("serviceCIDRs[{index}]");
            let cidr = Cidr::parse(text.trim()).map_err(|error| match error {
                NameError::HostBits { .. } => error.within(|network| {
                    // The network itself may be too large or too small.
                    let fitting = Cidr::around(text.trim(), &SERVICE_HOST_BITS);
                    fitting.map_or_else(|| network.to_owned(), |cidr| cidr.to_string())
                }),
                other => other,
            });
            let cidr = self.take(place.clone(), cidr, Problem::BadCidr);
            let Some(cidr) = cidr else { continue };
            if cidr.host_bits() < *SERVICE_HOST_BITS.start() {
                self.find(place, Problem::CidrTooSmall);
            } else if cidr.host_bits() > *SERVICE_HOST_BITS.end() {
                let shortest = cidr.prefix() + cidr.host_bits() - SERVICE_HOST_BITS.end();
                self.find(place, Problem::CidrTooLarge { shortest });
            } else if cidrs.iter().any(|other| other.is_ipv4() == cidr.is_ipv4()) {
                self.find(place, Problem::SameFamily);
            }
            cidrs.push(cidr);
        }
        cidrs
    }

    fn endpoint(&mut self, text: &str, bind_port: &str) -> Option<HostPort> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some((address, port)) = text.rsplit_once(':')
            && (API_PORTS.contains(&port) || port == bind_port)
            && address.parse::<Ipv6Addr>().is_ok()
        {
            let suggestion = format!("[{address}]:{port}");
            self.find("controlPlaneEndpoint", Problem::PortInAddress { suggestion });
        }
        self.take("controlPlaneEndpoint", HostPort::parse(text), Problem::BadEndpoint)
    }

    /// Names of kube-apiserver that were its service address elsewhere, and are nobody's here.
    fn service_addresses(&mut self, sans: &[San], cidrs: &[Cidr], control_planes: &[Node]) {
        let Some(expected) = cidrs.first().and_then(Cidr::first_service_address) else { return };
        for (index, san) in sans.iter().enumerate() {
            let San::Ip(IpAddr::V4(address)) = san else { continue };
            let ip = IpAddr::V4(*address);
            let ours = cidrs.iter().any(|cidr| cidr.contains(ip))
                || control_planes.iter().any(|node| node.addresses.contains(&ip));
            if !ours && SERVICE_ADDRESSES.contains(&address.octets()) {
                let place = format!("extraSANs.apiserver[{index}]");
                self.find(place, Problem::ServiceAddressOutside { expected });
            }
        }
    }

    pub(super) fn sans(&mut self, list: &str, texts: &[String]) -> Vec<San> {
        let mut sans = Vec::with_capacity(texts.len());
        for (index, text) in texts.iter().enumerate() {
            let place = format!("{list}[{index}]");
            let san = self.take(place.clone(), San::parse(text.trim()), Problem::BadSan);
            let Some(san) = san else { continue };
            if sans.contains(&san) {
                self.find(place, Problem::DuplicateSan);
            } else {
                sans.push(san);
            }
        }
        sans
    }

    fn algorithm(&mut self, place: &str, text: &str) -> Option<Algorithm> {
        match text.trim().parse::<Algorithm>() {
            Ok(Algorithm::Ed25519) => {
                self.find(place, Problem::Ed25519Refused);
                None
            }
            Ok(algorithm) => Some(algorithm),
            Err(_) => {
                self.find(place, Problem::BadAlgorithm);
                None
            }
        }
    }

    fn validity(&mut self, place: &str, text: &str, default: i64) -> Option<i64> {
        let seconds = self.duration(place, text)?;
        if seconds <= 0 {
            self.find(place, Problem::NotPositive);
        } else if seconds > LONGEST_VALIDITY {
            self.find(place, Problem::TooLong { limit: LONGEST_VALIDITY });
        } else if seconds > default {
            self.find(place, Problem::LongerThanDefault { default });
        }
        self.shortest(place, seconds);
        Some(seconds)
    }

    /// Of CAs, of what they sign, and of people.
    pub(super) fn shortest(&mut self, place: &str, seconds: i64) {
        if (1..SHORTEST_VALIDITY).contains(&seconds) {
            self.find(place, Problem::TooShort { limit: SHORTEST_VALIDITY });
        }
    }

    fn backdate(&mut self, text: &str) -> Option<i64> {
        let place = "validity.backdate";
        let seconds = self.duration(place, text)?;
        if seconds < 0 {
            self.find(place, Problem::NegativeBackdate);
        } else if seconds > LONGEST_BACKDATE {
            self.find(place, Problem::BackdateTooLong { limit: LONGEST_BACKDATE });
        }
        Some(seconds)
    }

    pub(super) fn duration(&mut self, place: &str, text: &str) -> Option<i64> {
        match parse_duration(text) {
            Ok(seconds) => Some(seconds),
            Err(_) => {
                let suggestion = with_unit(place, text.trim());
                let problem = suggestion.map(|suggestion| Problem::NoUnit { suggestion });
                self.find(place, problem.unwrap_or(Problem::BadDuration));
                None
            }
        }
    }
}
