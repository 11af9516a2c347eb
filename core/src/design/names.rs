//! Text that has an alphabet: names, addresses and ranges, each in a type of its own.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a text is no name of the kind that was asked for. Suggestions are texts that would pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing was typed.
    Empty,
    /// More characters than the limit allows.
    TooLong {
        /// How many there are.
        length: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A character outside the alphabet.
    BadCharacter {
        /// The first such character.
        character: char,
        /// Its place, counted in characters from 1.
        position: usize,
        /// The text with such characters replaced, where that gives a name.
        suggestion: Option<String>,
    },
    /// Upper-case letters, which node and DNS names in Kubernetes do not have.
    UpperCase {
        /// The text in lower case.
        suggestion: String,
    },
    /// A label (the part between dots) is empty, or starts or ends with a character that may
    /// only stand inside.
    BadLabel {
        /// The label.
        label: String,
    },
    /// An IPv4 or IPv6 address that is none: `10.96.0.256`, say.
    BadAddress,
    /// An IPv6 address in the brackets that only URLs want.
    Bracketed {
        /// The address without them.
        suggestion: String,
    },
    /// An address with a prefix length where a bare address is wanted.
    AddressWithPrefix {
        /// The address without it.
        suggestion: String,
    },
    /// A CIDR without `/` and prefix length.
    NoPrefixLength,
    /// A prefix length that is no number or longer than the address.
    BadPrefixLength {
        /// The longest possible.
        limit: u8,
    },
    /// A CIDR whose address has bits set beyond the prefix.
    HostBits {
        /// The network that contains it.
        suggestion: String,
    },
    /// A port that is no number from 1 to 65535.
    BadPort,
    /// A URL where `HOST[:PORT]` is wanted.
    IsUrl {
        /// The host and port inside.
        suggestion: String,
    },
}

/// Characters that RFC 1123 allows in a DNS name: lower-case letters, digits, `-` and dots.
fn check_dns(text: &str, limit: usize) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    let length = text.chars().count();
    if length > limit {
        return Err(NameError::TooLong { length, limit });
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if let Some((index, character)) =
        text.chars().enumerate().find(|(_, c)| !allowed(*c) && !c.is_ascii_uppercase())
    {
        let replaced: String =
            text.to_lowercase().chars().map(|c| if allowed(c) { c } else { '-' }).collect();
        let suggestion = check_dns(&replaced, limit).is_ok().then_some(replaced);
        return Err(NameError::BadCharacter { character, position: index + 1, suggestion });
    }
    if text.chars().any(|c| c.is_ascii_uppercase()) {
        return Err(NameError::UpperCase { suggestion: text.to_lowercase() });
    }
    match text
        .split('.')
        .find(|label| label.is_empty() || label.starts_with('-') || label.ends_with('-'))
    {
        Some(label) => Err(NameError::BadLabel { label: label.to_owned() }),
        None => Ok(()),
    }
}

macro_rules! text_type {
    ($name:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// An RFC 1123 subdomain: what Kubernetes takes as DNS name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DnsName(String);
text_type!(DnsName);

impl DnsName {
    /// Reads a DNS name.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_dns(text, 253).map(|()| Self(text.to_owned()))
    }
}

/// The name of a node: an RFC 1123 subdomain, in lower case (k/k `ValidateNodeName`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeName(String);
text_type!(NodeName);

impl NodeName {
    /// The longest name with which `system:node:<name>` stays within the 64 characters that
    /// RFC 5280 (ub-common-name) allows a CN. Go signs longer ones, OpenSSL refuses them.
    pub const COMMON_NAME_LIMIT: usize = 52;

    /// Reads a node name.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_dns(text, 253).map(|()| Self(text.to_owned()))
    }
}

/// The name of a cluster in kubeconfigs and file names.
///
/// Kubernetes sets no rule; this one keeps it a single safe path segment on every system.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClusterName(String);
text_type!(ClusterName);

impl ClusterName {
    /// Reads a cluster name: up to 63 letters, digits, `.`, `_` and `-`, with a letter or digit
    /// at both ends.
    ///
    /// # Errors
    /// A [`NameError`] that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        const LIMIT: usize = 63;
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let length = text.chars().count();
        if length > LIMIT {
            return Err(NameError::TooLong { length, limit: LIMIT });
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if let Some((index, character)) = text.chars().enumerate().find(|(_, c)| !allowed(*c)) {
            let replaced: String = text.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
            let suggestion = Self::parse(&replaced).is_ok().then_some(replaced);
            return Err(NameError::BadCharacter { character, position: index + 1, suggestion });
        }
        let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if !edge(text.chars().next()) || !edge(text.chars().last()) {
            return Err(NameError::BadLabel { label: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }
}

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
