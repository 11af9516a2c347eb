//! The requested subjectAltName (RFC 5280 §4.2.1.6): the four kinds of names that Kubernetes sees.

use std::net::{IpAddr, Ipv6Addr};

use super::asn1::Reader;
use super::uri;

/// The names of the four kinds that are read; a certificate has them in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectAltNames {
    /// dNSName values.
    pub dns: Vec<String>,
    /// rfc822Name values.
    pub emails: Vec<String>,
    /// iPAddress values; an IPv4-mapped IPv6 address is the IPv4 address.
    pub addresses: Vec<IpAddr>,
    /// uniformResourceIdentifier values, as Go writes them.
    pub uris: Vec<String>,
    /// How many names of other kinds (otherName, directoryName, registeredID) were passed over.
    pub dropped: usize,
}

/// Why the names cannot be read, so that the API server refuses the request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SanFault {
    /// Not the DER of a list of names.
    Malformed,
    /// An rfc822Name that is not ASCII.
    Email,
    /// A dNSName that is not ASCII.
    Dns,
    /// A URI that is not ASCII, or that Go's `net/url` refuses; the text as far as it is one.
    Uri(String),
    /// An address of this many octets, which are neither 4 nor 16.
    AddressLength(usize),
}

impl SubjectAltNames {
    /// Reads the value of the extension.
    pub(crate) fn read(value: &[u8]) -> Result<Self, SanFault> {
        let malformed = |_| SanFault::Malformed;
        let mut list = Reader::new(value).sequence().map_err(malformed)?;
        let mut names = Self::default();
        while !list.is_empty() {
            let name = list.any().map_err(malformed)?;
            if name.number > 30 {
                return Err(SanFault::Malformed);
            }
            let kind = match (name.class, name.constructed) {
                (super::asn1::CONTEXT, false) => Some(name.number),
                _ => None,
            };
            let text = || {
                let text = std::str::from_utf8(name.content).ok().filter(|text| text.is_ascii());
                text.map(str::to_owned)
            };
            match kind {
                Some(1) => names.emails.push(text().ok_or(SanFault::Email)?),
                Some(2) => names.dns.push(text().ok_or(SanFault::Dns)?),
                Some(6) => {
                    let uri = text().as_deref().and_then(uri::rewrite);
                    let shown = || String::from_utf8_lossy(name.content).into_owned();
                    names.uris.push(uri.ok_or_else(|| SanFault::Uri(shown()))?);
                }
                Some(7) => names.addresses.push(address(name.content)?),
                _ => names.dropped += 1,
            }
        }
        Ok(names)
    }

    /// Whether there is none of the four kinds.
    pub fn is_empty(&self) -> bool {
        self.dns.is_empty()
            && self.emails.is_empty()
            && self.addresses.is_empty()
            && self.uris.is_empty()
    }

    /// Each name with its kind, in the order of a certificate: `DNS:`, `email:`, `IP:`, `URI:`.
    pub fn to_texts(&self) -> Vec<String> {
        let dns = self.dns.iter().map(|name| format!("DNS:{name}"));
        let emails = self.emails.iter().map(|name| format!("email:{name}"));
        let addresses = self.addresses.iter().map(|address| format!("IP:{address}"));
        let uris = self.uris.iter().map(|uri| format!("URI:{uri}"));
        dns.chain(emails).chain(addresses).chain(uris).collect()
    }
}

fn address(octets: &[u8]) -> Result<IpAddr, SanFault> {
    if let Ok(v4) = <[u8; 4]>::try_from(octets) {
        return Ok(v4.into());
    }
    match <[u8; 16]>::try_from(octets) {
        Ok(v6) => Ok(Ipv6Addr::from(v6).to_canonical()),
        Err(_) => Err(SanFault::AddressLength(octets.len())),
    }
}
