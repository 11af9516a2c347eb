//! What is asked for: the four kinds of certificates that people ask a cluster for.

use std::net::IpAddr;

use super::names::{add_dns, add_name};
use crate::design::NodeName;
use crate::key::Algorithm;
use crate::review::pkcs10::SubjectAltNames;
use crate::review::{
    KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, MIN_EXPIRATION,
    NODE_PREFIX, SYSTEM_MASTERS, SYSTEM_NODES, USAGES,
};

/// A certificate to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// `metadata.name` of the object.
    pub name: String,
    /// Common name: the user name.
    pub common_name: String,
    /// Organizations: the groups.
    pub organizations: Vec<String>,
    /// Names and addresses.
    pub sans: SubjectAltNames,
    /// `spec.signerName`.
    pub signer_name: String,
    /// `spec.usages` besides `key encipherment`, which depends on the key.
    pub usages: Vec<&'static str>,
    /// `spec.expirationSeconds`.
    pub expiration_seconds: Option<i32>,
}

/// Why a wish cannot be granted by any cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WishError {
    /// A name is empty.
    EmptyName,
    /// The name is no segment of a path: `/`, `%`, `.`, `..`.
    ObjectName(String),
    /// `system:masters` is refused at create.
    SystemMasters,
    /// Less than 600 seconds.
    Expiration(i32),
    /// Not the name of a node.
    NodeName(String),
    /// A serving certificate needs a name or an address.
    NoNames,
    /// Not a DNS name.
    DnsName(String),
    /// A Service's name or namespace is no DNS label.
    ServiceName(String),
    /// A text is longer than any name should be.
    TooLong,
    /// No DNS name, address, e-mail address or URI.
    San(String),
    /// A signer must be named: no built-in one makes such certificates.
    NoSigner,
    /// No usage of v1, or none at all.
    Usage(String),
}

/// The longest text that is taken as a name, in octets.
const MAX_TEXT: usize = 3000;

impl Wish {
    /// A person or a program, by `kubernetes.io/kube-apiserver-client`.
    ///
    /// # Errors
    /// A [`WishError`].
    pub fn user(name: &str, groups: &[String]) -> Result<Self, WishError> {
        if groups.iter().any(|group| group == SYSTEM_MASTERS) {
            return Err(WishError::SystemMasters);
        }
        check_texts(groups.iter().map(String::as_str).chain([name]))?;
        // As the container.training course names them: what is legal in a path may stay.
        let name_in_path: String =
            name.chars().map(|c| if matches!(c, '/' | '%') { '-' } else { c }).collect();
        Ok(Self {
            name: format!("user={name_in_path}"),
            common_name: name.to_owned(),
            organizations: groups.to_vec(),
            sans: SubjectAltNames::default(),
            signer_name: KUBE_APISERVER_CLIENT.to_owned(),
            usages: vec!["digital signature", "client auth"],
            expiration_seconds: None,
        })
    }

    /// A kubelet's client certificate, by `kubernetes.io/kube-apiserver-client-kubelet`.
    ///
    /// # Errors
    /// A [`WishError`].
    pub fn node_client(node: &str) -> Result<Self, WishError> {
        let node = NodeName::parse(node).map_err(|_| WishError::NodeName(node.to_owned()))?;
        Ok(Self {
            name: format!("node-client={}", node.as_str()),
            common_name: format!("{NODE_PREFIX}{}", node.as_str()),
            organizations: vec![SYSTEM_NODES.to_owned()],
            sans: SubjectAltNames::default(),
            signer_name: KUBE_APISERVER_CLIENT_KUBELET.to_owned(),
            usages: vec!["digital signature", "client auth"],
            expiration_seconds: None,
        })
    }

    /// A kubelet's serving certificate, by `kubernetes.io/kubelet-serving`.
    ///
    /// # Errors
    /// A [`WishError`].
    pub fn node_serving(
        node: &str,
        dns: &[String],
        addresses: &[IpAddr],
    ) -> Result<Self, WishError> {
        let mut wish = Self::node_client(node)?;
        wish.name = format!("node-serving={node}");
        add_dns(&mut wish.sans, dns)?;
        wish.sans.addresses.extend(addresses.iter().map(IpAddr::to_canonical));
        if wish.sans.is_empty() {
            return Err(WishError::NoNames);
        }
        wish.signer_name = KUBELET_SERVING.to_owned();
        wish.usages = vec!["digital signature", "server auth"];
        Ok(wish)
    }

    /// A Service's serving certificate, by a signer of one's own: no built-in signer makes them.
    ///
    /// # Errors
    /// A [`WishError`].
    pub fn service(
        service: &str,
        namespace: &str,
        cluster_domain: &str,
        signer_name: &str,
    ) -> Result<Self, WishError> {
        for label in [service, namespace] {
            let is_label = NodeName::parse(label).is_ok() && !label.contains('.');
            if !is_label || label.len() > 63 {
                return Err(WishError::ServiceName(label.to_owned()));
            }
        }
        if signer_name.is_empty() {
            return Err(WishError::NoSigner);
        }
        let short = format!("{service}.{namespace}");
        let names = [
            service.to_owned(),
            short.clone(),
            format!("{short}.svc"),
            format!("{short}.svc.{cluster_domain}"),
        ];
        let mut sans = SubjectAltNames::default();
        add_dns(&mut sans, &names)?;
        Ok(Self {
            name: format!("service={short}"),
            common_name: format!("{short}.svc"),
            organizations: Vec::new(),
            sans,
            signer_name: signer_name.to_owned(),
            usages: vec!["digital signature", "server auth"],
            expiration_seconds: None,
        })
    }

    /// Anything, by any signer. Names are as [`Self::with_names`] takes them; `key encipherment`
    /// follows from the key.
    ///
    /// # Errors
    /// A [`WishError`].
    pub fn other(
        common_name: &str,
        organizations: &[String],
        names: &[String],
        signer_name: &str,
        usages: &[String],
    ) -> Result<Self, WishError> {
        if signer_name.is_empty() {
            return Err(WishError::NoSigner);
        }
        let wish = Self::user(common_name, organizations)?;
        let mut wish = wish.with_names(names)?;
        let known = |usage: &String| {
            let found = USAGES.iter().find(|(known, _)| known == usage).map(|(known, _)| *known);
            found.ok_or_else(|| WishError::Usage(usage.clone()))
        };
        wish.usages = usages.iter().map(known).collect::<Result<_, _>>()?;
        wish.usages.retain(|usage| *usage != "key encipherment");
        if wish.usages.is_empty() {
            return Err(WishError::Usage(String::new()));
        }
        wish.name = wish.name.replacen("user=", "csr=", 1);
        signer_name.clone_into(&mut wish.signer_name);
        Ok(wish)
    }

    /// With further names: DNS names, addresses, e-mail addresses and URIs. The kind follows from
    /// the form, or from openssl's prefix (`DNS:`, `IP:`, `email:`, `URI:`). Names of other kinds
    /// cannot be asked for, because no signer of Kubernetes copies them.
    ///
    /// # Errors
    /// [`WishError::San`] for a text that is none of these.
    pub fn with_names(mut self, names: &[String]) -> Result<Self, WishError> {
        for name in names {
            add_name(&mut self.sans, name)?;
        }
        Ok(self)
    }

    /// With a lifetime in seconds.
    ///
    /// # Errors
    /// [`WishError::Expiration`] below 600, which the API server refuses.
    pub fn with_expiration(mut self, seconds: Option<i32>) -> Result<Self, WishError> {
        if let Some(seconds) = seconds.filter(|seconds| *seconds < MIN_EXPIRATION) {
            return Err(WishError::Expiration(seconds));
        }
        self.expiration_seconds = seconds;
        Ok(self)
    }

    /// With another name of the object.
    ///
    /// # Errors
    /// [`WishError::ObjectName`] for a name that the API server refuses.
    pub fn with_name(mut self, name: &str) -> Result<Self, WishError> {
        if name.is_empty() || name.contains(['/', '%']) || matches!(name, "." | "..") {
            return Err(WishError::ObjectName(name.to_owned()));
        }
        check_texts([name].into_iter())?;
        self.name = name.to_owned();
        Ok(self)
    }

    /// `spec.usages` for a key: `key encipherment` for RSA only (RFC 5480 §3, RFC 8410 §5).
    pub fn usages_for(&self, algorithm: Algorithm) -> Vec<String> {
        let mut usages: Vec<String> = self.usages.iter().map(|usage| (*usage).to_owned()).collect();
        if algorithm.can_encipher_keys() {
            usages.insert(usages.len().min(1), "key encipherment".to_owned());
        }
        usages
    }
}

fn check_texts<'a>(texts: impl Iterator<Item = &'a str>) -> Result<(), WishError> {
    for text in texts {
        if text.is_empty() {
            return Err(WishError::EmptyName);
        }
        if text.len() > MAX_TEXT {
            return Err(WishError::TooLong);
        }
    }
    Ok(())
}
