//! Addresses, ranges of them, and what can be a name or an address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use super::{DnsName, NameError};

/// Reads an IP address, with a reason where it is none.
pub(super) fn parse_address(text: &str) -> Result<IpAddr, NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(canonical(address));
    }
    Err(excess(text).unwrap_or(NameError::BadAddress))
}

/// What a text has too much that is meant as an address.
fn excess(text: &str) -> Option<NameError> {
    let is_one = |text: &str| text.parse::<IpAddr>().is_ok();
    if text.contains(' ') && text.split_whitespace().all(is_one) {
        return Some(NameError::SeveralAddresses);
    }
    let (host, port) = split_port(text).ok()?;
    let inner = unbracketed(host).unwrap_or(host);
    let suggestion = inner.to_owned();
    if is_one(inner) {
        return Some(match port {
            Some(_) => NameError::AddressWithPort { suggestion },
            None => NameError::Bracketed { suggestion },
        });
    }
    let before = |mark| {
        let (address, _) = inner.split_once(mark)?;
        is_one(address).then(|| address.to_owned())
    };
    if let Some(suggestion) = before('/') {
        return Some(NameError::AddressWithPrefix { suggestion });
    }
    if let Some(suggestion) = before('%') {
        return Some(NameError::AddressWithZone { suggestion });
    }
    let number = |part| match str::trim_start_matches(part, '0') {
        "" if !part.is_empty() => "0",
        rest => rest,
    };
    let suggestion = inner.split('.').map(number).collect::<Vec<_>>().join(".");
    is_one(&suggestion).then_some(NameError::LeadingZeros { suggestion })
}

fn unbracketed(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
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
            Err(_) => {
                let error = parse_address(address).err().unwrap_or(NameError::BadAddress);
                return Err(error.within(|address| format!("{address}/{prefix}")));
            }
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

    /// The network around an address with a prefix, or with the nearest prefix that leaves so many
    /// bits to number addresses.
    pub(super) fn around(text: &str, host_bits: &RangeInclusive<u8>) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (address, prefix): (IpAddr, u8) = (address.parse().ok()?, prefix.parse().ok()?);
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.clamp(bits - host_bits.end(), bits - host_bits.start());
        Some(Self { network: mask(address, prefix), prefix })
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
        let scheme = text.split_once("://");
        if scheme.is_none() && looks_like_address(text) {
            match parse_address(text) {
                // Perhaps a name with the rest of a URL behind it.
                Err(NameError::BadAddress) => {}
                other => return other.map(Self::Ip),
            }
        }
        let host = scheme.map_or(text, |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let host = split_port(host).map_or(host, |(host, _)| host);
        if scheme.is_some() || host != text && !looks_like_address(host) {
            let suggestion = unbracketed(host).unwrap_or(host).to_owned();
            return Err(NameError::IsUrl { suggestion });
        }
        if looks_like_address(text) {
            return Err(NameError::BadAddress);
        }
        match text.strip_prefix("*.") {
            Some(rest) => {
                DnsName::parse(rest).map_err(|error| error.within(|rest| format!("*.{rest}")))
            }
            None => DnsName::parse(text),
        }?;
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
    /// Reads `HOST`, `HOST:PORT`, `[IPv6]` or `[IPv6]:PORT`. The host is one that can be connected
    /// to, and so no wildcard.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong; what it suggests keeps the port.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let bare = rest.split('/').next().unwrap_or_default();
        if bare != text {
            let range = parse_address(text);
            if let Err(error @ NameError::AddressWithPrefix { .. }) = range {
                return Err(error);
            }
            // One step at a time would be refused at each.
            let better = Self::parse(bare).err().and_then(|error| error.suggestion());
            return Err(NameError::IsUrl { suggestion: better.unwrap_or_else(|| bare.to_owned()) });
        }
        let (host, port) = split_port(text)?;
        let number = match port.map(str::parse::<u16>) {
            None => None,
            Some(Ok(number)) if number > 0 => Some(number),
            Some(_) => return Err(NameError::BadPort),
        };
        let v6 = unbracketed(host).and_then(|inner| inner.parse::<Ipv6Addr>().ok());
        let host = match v6 {
            Some(address) => Ok(San::Ip(address.into())),
            None if looks_like_address(host) => parse_address(host).map(San::Ip),
            None => DnsName::parse(host).map(|name| San::Dns(name.to_string())),
        };
        let with_port = |host: &str| match port {
            Some(port) if host.contains(':') => format!("[{host}]:{port}"),
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let host = host.map_err(|error| error.within(with_port))?;
        Ok(Self { host, port: number })
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
