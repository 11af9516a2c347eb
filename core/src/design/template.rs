//! CAs and certificates that many clusters have beside those of their layout, ready to be added.

use super::{Design, DesignAuthority, DesignCertificate};

/// Something that is added at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// The serving certificate of metrics-server.
    MetricsServer,
    /// The proxy of an egress selector, its agents, and kube-apiserver as its client.
    Konnectivity,
    /// The serving certificate of an admission webhook.
    Webhook,
    /// The serving certificate of an aggregated API server.
    ExtensionApiserver,
    /// Istio's root, and the CA that goes into its Secret `cacerts`.
    Istio,
    /// Linkerd's trust anchor and issuer.
    Linkerd,
}

/// A CA of a template: its name, its CN, and the CA above it; empty for none.
type Authority = (&'static str, &'static str, &'static str);

/// A certificate of a template.
struct Certificate {
    name: &'static str,
    authority: &'static str,
    usage: &'static str,
    /// A Service, `NAME.NAMESPACE.svc`: kube-apiserver calls it by that name.
    service: &'static str,
    /// Whether it has the names of the control planes.
    at_control_planes: bool,
    on: &'static str,
    path: &'static str,
}

/// One for what only kube-apiserver calls, by way of a `caBundle`: trust in it opens nothing else.
const SERVICES: &[Authority] = &[("services-ca", "", "")];

const fn service(name: &'static str, service: &'static str) -> Certificate {
    Certificate {
        name,
        authority: "services-ca",
        usage: "server",
        service,
        at_control_planes: false,
        on: "",
        path: "",
    }
}

/// Flags of proxy-server and proxy-agent in kubernetes-sigs/apiserver-network-proxy;
/// EgressSelectorConfiguration of kube-apiserver.
const KONNECTIVITY: &[Certificate] = &[
    Certificate {
        at_control_planes: true,
        usage: "server",
        on: "control-planes",
        path: "/etc/kubernetes/pki/konnectivity-server",
        ..konnectivity("konnectivity-server")
    },
    Certificate {
        on: "workers",
        path: "/etc/kubernetes/pki/konnectivity-agent",
        ..konnectivity("konnectivity-agent")
    },
    Certificate {
        on: "control-planes",
        path: "/etc/kubernetes/pki/apiserver-konnectivity-client",
        ..konnectivity("apiserver-konnectivity-client")
    },
];

const fn konnectivity(name: &'static str) -> Certificate {
    Certificate { authority: "konnectivity-ca", usage: "client", ..service(name, "") }
}

impl Template {
    /// Every template, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::MetricsServer,
        Self::Webhook,
        Self::ExtensionApiserver,
        Self::Konnectivity,
        Self::Istio,
        Self::Linkerd,
    ];

    fn authorities(self) -> &'static [Authority] {
        match self {
            Self::MetricsServer | Self::Webhook | Self::ExtensionApiserver => SERVICES,
            Self::Konnectivity => &[("konnectivity-ca", "", "")],
            Self::Istio => {
                &[("istio-root", "Istio Root CA", ""), ("istio-ca", "Istio CA", "istio-root")]
            }
            // The names that Linkerd's documentation gives them.
            Self::Linkerd => &[
                ("linkerd-trust-anchor", "root.linkerd.cluster.local", ""),
                ("linkerd-issuer", "identity.linkerd.cluster.local", "linkerd-trust-anchor"),
            ],
        }
    }

    fn certificates(self) -> &'static [Certificate] {
        match self {
            Self::MetricsServer => {
                const { &[service("metrics-server", "metrics-server.kube-system.svc")] }
            }
            Self::Webhook => const { &[service("webhook", "webhook.webhook-system.svc")] },
            Self::ExtensionApiserver => {
                const { &[service("extension-apiserver", "api.extension-system.svc")] }
            }
            Self::Konnectivity => KONNECTIVITY,
            Self::Istio | Self::Linkerd => &[],
        }
    }
}

impl Design {
    /// Adds what of a template is not there yet, and gives the place of its first row.
    pub fn add_template(&mut self, template: Template) -> String {
        for (name, common_name, below) in template.authorities() {
            if !self.authority_names().iter().any(|known| known == name) {
                self.authorities.push(DesignAuthority {
                    name: (*name).to_owned(),
                    common_name: (*common_name).to_owned(),
                    below: (*below).to_owned(),
                    ..DesignAuthority::default()
                });
            }
        }
        let at_control_planes = self.control_plane_names();
        for row in template.certificates() {
            if self.certificates.iter().any(|own| own.name == row.name) {
                continue;
            }
            let sans = match row.service {
                "" if row.at_control_planes => at_control_planes.clone(),
                "" => Vec::new(),
                name => vec![name.to_owned(), format!("{name}.{}", self.dns_domain.trim())],
            };
            self.certificates.push(DesignCertificate {
                name: row.name.to_owned(),
                authority: row.authority.to_owned(),
                sans,
                usages: vec![row.usage.to_owned()],
                on: row.on.to_owned(),
                path: row.path.to_owned(),
                ..DesignCertificate::default()
            });
        }
        let first = template.certificates().first().map(|row| row.name);
        let at = self.certificates.iter().position(|own| Some(own.name.as_str()) == first);
        at.map_or("authorities".to_owned(), |index| format!("certificates[{index}].name"))
    }

    /// Under which the machines and kube-apiserver reach a program on the control planes.
    fn control_plane_names(&self) -> Vec<String> {
        let Some(settings) = self.check().0 else { return Vec::new() };
        let endpoint = settings.endpoint.iter().map(|endpoint| endpoint.host.to_string());
        let machines = settings.control_planes.iter().flat_map(|node| {
            let addresses = node.addresses.iter().map(ToString::to_string);
            std::iter::once(node.name.to_string()).chain(addresses)
        });
        let mut names: Vec<String> = Vec::new();
        for name in endpoint.chain(machines).chain(["127.0.0.1".to_owned()]) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::LayoutName;
    use crate::plan::Plan;

    #[test]
    fn every_template_is_right_in_every_layout() {
        for layout in LayoutName::OFFERED {
            for template in Template::ALL {
                let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
                design.control_plane_endpoint = "api.example.com".to_owned();
                let place = design.add_template(template);
                let (settings, found) = design.check();
                assert!(settings.is_some(), "{layout:?} {template:?}: {found:?}");
                let own = found.iter().filter(|found| {
                    found.place.starts_with("auth") || found.place.starts_with("certificates")
                });
                assert_eq!(own.count(), 0, "{layout:?} {template:?}: {found:?}");
                let again = design.clone();
                assert_eq!(design.add_template(template), place);
                assert_eq!(design, again, "{template:?} is there twice");
            }
        }
    }

    #[test]
    fn they_stand_beside_each_other_and_have_the_names_that_are_called() {
        let mut design = Design { layout: "own".to_owned(), ..Design::default() };
        design.workers = vec![crate::design::DesignNode {
            name: "w1".to_owned(),
            addresses: vec!["10.0.0.20".to_owned()],
        }];
        for template in Template::ALL {
            design.add_template(template);
        }
        let (settings, found) = design.check();
        let plan = Plan::new(settings.unwrap_or_else(|| panic!("{found:?}")));
        let sans = |name: &str| {
            let item = plan.items.iter().find(|item| item.name == name);
            let sans = item.unwrap_or_else(|| panic!("no {name}")).sans();
            sans.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            sans("operator/own/metrics-server"),
            ["metrics-server.kube-system.svc", "metrics-server.kube-system.svc.cluster.local"]
        );
        assert_eq!(sans("cp1/own/konnectivity-server"), ["cp1", "10.0.0.10", "127.0.0.1"]);
        assert!(sans("w1/own/konnectivity-agent").is_empty());
        for path in ["operator/ca/istio-ca-chain.crt", "vault/pki/linkerd-issuer.key"] {
            assert!(plan.file(path).is_some(), "no {path}");
        }
    }
}
