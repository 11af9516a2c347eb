//! What a design has beside its layout: people's kubeconfigs, what every archive has for others,
//! and what is made on request.

use super::layout::{Credential, Layout, On, Server};
use super::{
    Content, ExtendedKeyUsage, Item, ItemId, Kubeconfig, Leaf, Make, Maker, Owner, SECRET, Subject,
    address,
};
use crate::design::{Output, San, Settings};

/// The user in the kubeconfig of machines that have no certificate yet, as kubeadm calls it.
const BOOTSTRAP_USER: &str = "tls-bootstrap-token-user";

/// A file beside keys, certificates, kubeconfigs and settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    /// The JSON Web Key Set of a public key.
    KeySet(ItemId),
    /// The discovery document of the issuer of service-account tokens.
    Discovery,
    /// The Secret of a bootstrap token, and the role bindings of whoever has it.
    BootstrapToken(ItemId),
    /// What the service accounts of extension API servers may do.
    Aggregation,
    /// The configuration by which kube-apiserver encrypts Secrets, with its key.
    Encryption(ItemId),
    /// A CA as Secret and ClusterIssuer of cert-manager.
    Issuer(ItemId),
    /// The certificate and key of a CA in one file, as Vault reads it.
    PemBundle(ItemId),
    /// The commands that bring the CAs into Vault.
    VaultCommands,
    /// The commands that bring the CAs into step-ca.
    StepCommands,
    /// The script that makes the same layout with openssl.
    Script,
}

impl Extra {
    /// The item whose key, certificate or secret it holds.
    pub fn item(self) -> Option<ItemId> {
        match self {
            Self::KeySet(id)
            | Self::BootstrapToken(id)
            | Self::Encryption(id)
            | Self::Issuer(id)
            | Self::PemBundle(id) => Some(id),
            Self::Discovery
            | Self::Aggregation
            | Self::VaultCommands
            | Self::StepCommands
            | Self::Script => None,
        }
    }

    /// Whether it holds something that only its owner may read.
    pub fn is_secret(self) -> bool {
        !matches!(self, Self::KeySet(_) | Self::Discovery | Self::Aggregation) && !self.is_script()
    }

    /// Whether it is to be run.
    fn is_script(self) -> bool {
        matches!(self, Self::VaultCommands | Self::StepCommands | Self::Script)
    }

    /// The CA whose key it holds.
    pub(super) fn authority_key(self) -> Option<ItemId> {
        match self {
            Self::Issuer(id) | Self::PemBundle(id) => Some(id),
            _ => None,
        }
    }
}

impl Layout {
    /// The names of the CA that signs people, and of the CA against which they verify the server.
    pub fn people(&self) -> (&'static str, &'static str) {
        let by_certificate = self.kubeconfigs.iter().find_map(|row| match row.credential {
            Credential::Certificate { issuer, .. }
                if row.operator_copy || row.on == On::Operator =>
            {
                Some((issuer, row.ca))
            }
            _ => None,
        });
        // Where whoever starts from the CAs makes all kubeconfigs, their letters say it.
        let by_letter = |letter: char| {
            let found = self.authorities.iter().find(|row| row.letter == letter);
            found.or(self.authorities.first()).map_or("", |row| row.name)
        };
        by_certificate.unwrap_or_else(|| (by_letter('L'), by_letter('S')))
    }
}

/// The Services, with their namespaces, that the design's own server certificates name: each may be
/// an extension API server.
pub(crate) fn services(settings: &Settings) -> Vec<(&str, &str)> {
    let mut services = Vec::new();
    let servers = settings.certificates.iter().filter(|own| own.server);
    for san in servers.flat_map(|own| &own.sans) {
        let San::Dns(name) = san else { continue };
        let found = name.strip_suffix(".svc").and_then(|name| name.split_once('.'));
        // Two labels and no more: `<service>.<namespace>.svc`.
        services.extend(
            found.filter(|(service, namespace)| *service != "*" && !namespace.contains('.')),
        );
    }
    crate::order::sort(&mut services);
    services.dedup();
    services
}

impl Maker<'_> {
    /// Secrets that are no keys.
    pub(super) fn secrets(&mut self) {
        let algorithm = self.settings.algorithm;
        if self.settings.wants(Output::Encryption) {
            let name = "encryption".to_owned();
            self.made.encryption = self.add(Item { name, algorithm, make: Make::Secret });
        }
        if self.settings.wants(Output::Bootstrap) {
            let name = "bootstrap-token".to_owned();
            self.made.token = self.add(Item { name, algorithm, make: Make::Token });
        }
    }

    /// A kubeconfig for each person of the design.
    pub(super) fn users(&mut self) {
        let (issuer, ca) = self.layout.people();
        let issuer = self.authority_id(issuer);
        for user in &self.settings.users {
            let client = self.add(Item {
                name: format!("operator/users/{}", user.name),
                algorithm: self.settings.algorithm,
                make: Make::Leaf(Leaf {
                    issuer,
                    subject: Subject {
                        organizations: user.groups.clone(),
                        common_name: user.name.clone(),
                    },
                    usages: &[ExtendedKeyUsage::ClientAuth],
                    sans: Vec::new(),
                    validity: user.validity,
                }),
            });
            let path = format!("operator/users/{}.conf", user.name);
            self.people_kubeconfig(path, ca, client, user.name.clone());
        }
    }

    fn people_kubeconfig(&mut self, path: String, ca: &str, client: ItemId, user: String) {
        let content = Content::Kubeconfig(Kubeconfig {
            ca: self.authority_id(ca),
            above: self.above(ca),
            client,
            cluster: self.settings.cluster_name.to_string(),
            user,
            server: address::server(Server::Endpoint, self.settings, &Owner::Operator),
            files: None,
        });
        self.file(&Owner::Operator, path, SECRET, content);
    }

    fn extra(&mut self, path: String, extra: Extra) {
        let mode = match extra {
            _ if extra.is_script() => 0o755,
            _ if extra.is_secret() => SECRET,
            _ => 0o644,
        };
        self.file(&Owner::Operator, path, mode, Content::Extra(extra));
    }

    /// Everything of these that is on no machine.
    pub(super) fn extras(&mut self) {
        let wants = |output| self.settings.wants(output);
        let (openid, bootstrap) = (wants(Output::OpenId), wants(Output::Bootstrap));
        let (cert_manager, vault, step) =
            (wants(Output::CertManager), wants(Output::VaultPki), wants(Output::StepCa));
        if openid {
            // The paths at which a web server answers for the issuer.
            let keys = Extra::KeySet(self.service_account_id());
            self.extra("openid/openid/v1/jwks".to_owned(), keys);
            let path = "openid/.well-known/openid-configuration".to_owned();
            self.extra(path, Extra::Discovery);
        }
        if !services(self.settings).is_empty() {
            self.extra("manifests/aggregation.yaml".to_owned(), Extra::Aggregation);
        }
        if bootstrap {
            let (ca, token) = (self.layout.people().1, self.token_id());
            let path = "manifests/bootstrap.yaml".to_owned();
            self.extra(path, Extra::BootstrapToken(token));
            let path = "operator/bootstrap-kubelet.conf".to_owned();
            self.people_kubeconfig(path, ca, token, BOOTSTRAP_USER.to_owned());
        }
        for (index, row) in self.layout.authorities.iter().enumerate() {
            let (id, name) = (ItemId(index), row.name);
            if cert_manager {
                self.extra(format!("handover/cert-manager/{name}.yaml"), Extra::Issuer(id));
            }
            if vault {
                self.extra(format!("handover/vault/{name}.pem"), Extra::PemBundle(id));
            }
            if step {
                let path = format!("handover/step-ca/{name}");
                let owner = &Owner::Operator;
                self.file(owner, format!("{path}.crt"), 0o644, Content::Certificate(id));
                self.file(owner, format!("{path}.key"), SECRET, Content::PrivateKey(id));
            }
        }
        if vault {
            self.extra("handover/vault/commands.sh".to_owned(), Extra::VaultCommands);
        }
        if step {
            self.extra("handover/step-ca/commands.sh".to_owned(), Extra::StepCommands);
        }
        if self.settings.wants(Output::Openssl) {
            self.extra("operator/openssl.sh".to_owned(), Extra::Script);
        }
    }
}
