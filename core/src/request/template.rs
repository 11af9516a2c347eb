//! What an existing certificate or request says, as a start for another one.

use std::net::IpAddr;

use super::issued::Issued;
use super::{Wish, WishError};
use crate::design::San;
use crate::plan::{ExtendedKeyUsage, Leaf};
use crate::review::pkcs10::{Subject, SubjectAltNames};
use crate::review::{
    KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, MIN_EXPIRATION,
    NODE_PREFIX, UntrustedRequest,
};

/// Less than a year, with some room for backdating.
const SHORT: i64 = 360 * 24 * 3600;

/// The kinds of wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person or program.
    User,
    /// A kubelet as a client.
    NodeClient,
    /// A kubelet as a server.
    NodeServing,
    /// Anything else.
    Other,
}

/// What to ask for again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its kind.
    pub kind: Kind,
    /// The user, the node's name, or the common name.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// DNS names, e-mail addresses, addresses and URIs, as [`Wish::with_names`] takes them.
    pub names: Vec<String>,
    /// The signer that gives such certificates, where a built-in one does.
    pub signer: &'static str,
    /// `spec.usages`.
    pub usages: Vec<&'static str>,
    /// The lifetime, in seconds, where it is known.
    pub lifetime: Option<i64>,
}

impl Template {
    /// Reads the first certificate or request in an input of any form that is detected; `None`
    /// without one.
    pub fn find(input: &[u8]) -> Option<Self> {
        let found = crate::detect::detect(input).candidates;
        found.iter().find_map(|candidate| {
            let der = &candidate.bytes;
            match UntrustedRequest::from_der(der) {
                Ok(request) => Some(Self::new(&request.subject, &request.sans, None, None)),
                Err(_) => Issued::read(der).ok().map(|issued| {
                    let purposes = (issued.client_auth, issued.server_auth);
                    let lifetime = issued.not_after.checked_sub(issued.not_before);
                    Self::new(&issued.subject, &issued.sans, Some(purposes), lifetime)
                }),
            }
        })
    }

    /// Takes over a certificate that a design plans: a row of its layout, for one machine.
    pub fn of_planned(leaf: &Leaf) -> Self {
        let octets = |text: &String| text.as_bytes().to_vec();
        let subject = Subject {
            organizations: leaf.subject.organizations.iter().map(octets).collect(),
            common_name: octets(&leaf.subject.common_name),
            ..Subject::default()
        };
        let mut sans = SubjectAltNames::default();
        for san in &leaf.sans {
            match san {
                San::Dns(name) => sans.dns.push(name.clone()),
                San::Ip(address) => sans.addresses.push(*address),
            }
        }
        let has = |usage| leaf.usages.contains(&usage);
        let purposes = (has(ExtendedKeyUsage::ClientAuth), has(ExtendedKeyUsage::ServerAuth));
        Self::new(&subject, &sans, Some(purposes), Some(leaf.validity))
    }

    /// The same again, by this signer or the built-in one. A lifetime is asked for only where it is
    /// shorter than the year that signers give anyway.
    ///
    /// # Errors
    /// A [`WishError`]: it may name what no built-in signer gives, without a signer of its own.
    pub fn wish(&self, signer: Option<&str>) -> Result<Wish, WishError> {
        let usages: Vec<String> = self.usages.iter().map(|usage| (*usage).to_owned()).collect();
        let mut wish = match (self.kind, signer) {
            (Kind::User, None) => Wish::user(&self.name, &self.groups)?,
            (Kind::NodeClient, None) => Wish::node_client(&self.name)?,
            (Kind::NodeServing, None) => {
                let addresses = self.names.iter().filter_map(|name| name.parse().ok());
                let addresses: Vec<IpAddr> = addresses.collect();
                let dns = self.names.iter().filter(|name| name.parse::<IpAddr>().is_err());
                let dns: Vec<String> = dns.cloned().collect();
                Wish::node_serving(&self.name, &dns, &addresses)?
            }
            (_, signer) => {
                let signer = signer.unwrap_or(self.signer);
                let of_node = matches!(self.kind, Kind::NodeClient | Kind::NodeServing);
                let prefix = if of_node { NODE_PREFIX } else { "" };
                let name = format!("{prefix}{}", self.name);
                Wish::other(&name, &self.groups, &self.names, signer, &usages)?
            }
        };
        let seconds = self.short_lifetime().and_then(|seconds| i32::try_from(seconds).ok());
        wish.expiration_seconds = seconds.map(|seconds| seconds.max(MIN_EXPIRATION));
        Ok(wish)
    }

    /// The lifetime, if it is shorter than the year that signers give anyway.
    pub fn short_lifetime(&self) -> Option<i64> {
        self.lifetime.filter(|seconds| *seconds < SHORT)
    }

    fn new(
        subject: &Subject,
        sans: &SubjectAltNames,
        purposes: Option<(bool, bool)>,
        lifetime: Option<i64>,
    ) -> Self {
        let text = |octets: &Vec<u8>| String::from_utf8_lossy(octets).into_owned();
        let common_name = text(&subject.common_name);
        let names: Vec<String> = sans.to_texts().iter().map(|name| plain(name)).collect();
        let (client, server) = purposes.unwrap_or((names.is_empty(), !names.is_empty()));
        let node = common_name.strip_prefix(NODE_PREFIX);
        let (kind, signer) = match (node.is_some(), client, server) {
            (true, _, true) => (Kind::NodeServing, KUBELET_SERVING),
            (true, ..) => (Kind::NodeClient, KUBE_APISERVER_CLIENT_KUBELET),
            (false, true, false) if names.is_empty() => (Kind::User, KUBE_APISERVER_CLIENT),
            (false, true, false) => (Kind::Other, KUBE_APISERVER_CLIENT),
            (false, ..) => (Kind::Other, ""),
        };
        let mut usages = vec!["digital signature"];
        usages.extend(client.then_some("client auth"));
        usages.extend(server.then_some("server auth"));
        Self {
            kind,
            name: node.unwrap_or(&common_name).to_owned(),
            groups: subject.organizations.iter().map(text).collect(),
            names,
            signer,
            usages,
            lifetime,
        }
    }
}

/// A name without its prefix, where its form shows the kind.
fn plain(name: &str) -> String {
    let is_plain = !name.starts_with("URI:") || name.contains("://");
    let bare = name.split_once(':').filter(|_| is_plain).map(|(_, bare)| bare);
    bare.unwrap_or(name).to_owned()
}
