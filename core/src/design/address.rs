//! Addresses, ranges of them, and what can be a name or an address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{DnsName, NameError};

/// Reads an IP address, with a reason where it is none.
pub(super) fn parse_address(text: &str) -> Result<IpAddr, NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(canonical(address));
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        && inner.parse::<Ipv6Addr>().is_ok()
    {
        return Err(NameError::Bracketed { suggestion: inner.to_owned() });
    }
    if let Some((address, _)) = text.split_once('/')
        && address.parse::<IpAddr>().is_ok()
    {
        return Err(NameError::AddressWithPrefix { suggestion: address.to_owned() });
    }
    Err(NameError::BadAddress)
}

/// IPv4-mapped IPv6 becomes IPv4, as Go prints and encodes it.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Whether a text is meant as an address, so that `10.96.0.256` is not taken for a DNS name.
pub(super) fn looks_like_address(text: &str) -> bool {
    text.contains(':')
        || text.starts_with('[')
        || text.contains('/')
        || text.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// An address range in CIDR notation, with no bits set beyond the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Reads `ADDRESS/PREFIX`.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let Some((address, prefix)) = text.split_once('/') else {
            parse_address(text)?;
            return Err(NameError::NoPrefixLength);
        };
        let address: IpAddr = match address.parse() {
            Ok(address) => address,
            Err(_) => return Err(parse_address(address).err().unwrap_or(NameError::BadAddress)),
        };
        let limit = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.parse::<u8>() {
            Ok(length) if length <= limit => length,
            _ => return Err(NameError::BadPrefixLength { limit }),
        };
        let network = mask(address, prefix);
        if network != address {
            return Err(NameError::HostBits { suggestion: format!("{network}/{prefix}") });
        }
        Ok(Self { network, prefix })
    }

    /// The first address.
    pub fn network(&self) -> IpAddr {
        self.network
    }

    /// The prefix length in bits.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the range is of IPv4 addresses.
    pub fn is_ipv4(&self) -> bool {
        self.network.is_ipv4()
    }

    /// How many bits are left to number addresses.
    pub fn host_bits(&self) -> u8 {
        (if self.is_ipv4() { 32 } else { 128 }) - self.prefix
    }

    /// The prefix as a mask: 255.0.0.0 for `/8`.
    pub(crate) fn netmask(&self) -> IpAddr {
        let all: IpAddr = if self.is_ipv4() {
            Ipv4Addr::BROADCAST.into()
        } else {
            Ipv6Addr::from([255; 16]).into()
        };
        mask(all, self.prefix)
    }

    /// The network and its mask, as name constraints have them (RFC 5280 §4.2.1.10).
    pub(crate) fn octets(&self) -> Vec<u8> {
        let octets = |address| match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        [octets(self.network), octets(self.netmask())].concat()
    }

    /// Whether an address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_ipv4() && mask(address, self.prefix) == self.network
    }

    /// The address with number 1, which Kubernetes gives the Service `kubernetes`
    /// (k/k `GetIndexedIP`); `None` for a range of one address.
    pub fn first_service_address(&self) -> Option<IpAddr> {
        if self.host_bits() == 0 {
            return None;
        }
        Some(match self.network {
            IpAddr::V4(network) => Ipv4Addr::from_bits(network.to_bits() + 1).into(),
            IpAddr::V6(network) => Ipv6Addr::from_bits(network.to_bits() + 1).into(),
        })
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.network, self.prefix)
    }
}

fn mask(address: IpAddr, prefix: u8) -> IpAddr {
    let keep = u32::from(prefix);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32_u32.saturating_sub(keep)).unwrap_or(0);
            Ipv4Addr::from_bits(v4.to_bits() & mask).into()
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128_u32.saturating_sub(keep)).unwrap_or(0);
            Ipv6Addr::from_bits(v6.to_bits() & mask).into()
        }
    }
}

/// A subject alternative name of the kinds that kubeadm makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum San {
    /// A DNS name, which may start with `*.`.
    Dns(String),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
}

impl San {
    /// Reads an extra SAN as kubeadm does: an address, an RFC 1123 subdomain, or one with a
    /// wildcard as its leftmost label.
    ///
    /// # Errors
    /// A [`NameError`]; kubeadm would drop such an entry with no more than a warning.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if let Some((_, rest)) = text.split_once("://") {
            let host = rest.split('/').next().unwrap_or_default();
            let host = split_port(host).map_or(host, |(host, _)| host);
            let suggestion = host.trim_start_matches('[').trim_end_matches(']').to_owned();
            return Err(NameError::IsUrl { suggestion });
        }
        if looks_like_address(text) {
            return parse_address(text).map(Self::Ip);
        }
        match text.strip_prefix("*.") {
            Some(rest) => DnsName::parse(rest)?,
            None => DnsName::parse(text)?,
        };
        Ok(Self::Dns(text.to_owned()))
    }

    /// As openssl's configuration has it: `DNS:` or `IP:`, and the name.
    pub fn openssl(&self) -> String {
        match self {
            Self::Dns(name) => format!("DNS:{name}"),
            Self::Ip(address) => format!("IP:{address}"),
        }
    }
}

impl fmt::Display for San {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(address) => address.fmt(f),
        }
    }
}

/// A host, by name or address, and a port that may be left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    /// The host.
    pub host: San,
    /// The port, where one was given.
    pub port: Option<u16>,
}

impl HostPort {
    /// Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if let Some((_, rest)) = text.split_once("://") {
            let suggestion = rest.split('/').next().unwrap_or_default().to_owned();
            return Err(NameError::IsUrl { suggestion });
        }
        let (host, port) = split_port(text)?;
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => San::Ip(
                inner.parse::<Ipv6Addr>().map_err(|_| NameError::BadAddress).map(IpAddr::V6)?,
            ),
            None => San::parse(host)?,
        };
        let port = match port {
            Some(port) => match port.parse::<u16>() {
                Ok(port) if port > 0 => Some(port),
                _ => return Err(NameError::BadPort),
            },
            None => None,
        };
        Ok(Self { host, port })
    }
}

fn split_port(text: &str) -> Result<(&str, Option<&str>), NameError> {
    if let Some(end) = text.strip_prefix('[').and_then(|rest| rest.find(']')) {
        // `end` counts from after the bracket.
        let (host, rest) = text.split_at(end + 2);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(NameError::BadPort),
        };
    }
    // More than one colon is an IPv6 address without brackets, and so without a port.
    match text.split_once(':') {
        Some((host, port)) if !port.contains(':') => Ok((host, Some(port))),
        _ => Ok((text, None)),
    }
}

/// Writes `host:port` as a URL wants it, IPv6 addresses in brackets.
pub(crate) fn url_authority(host: &San, port: u16) -> String {
    match host {
        San::Ip(IpAddr::V6(address)) => format!("[{address}]:{port}"),
        other => format!("{other}:{port}"),
    }
}
