//! nameConstraints in a report, and whether a name keeps to them as Go asks.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use x509_cert::TbsCertificate;

use super::{SanKind, SanReport};
use crate::decode::{Fault, GeneralName, Reader, hex, tag};
use crate::design::San;

/// nameConstraints (RFC 5280 §4.2.1.10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NameConstraintsReport {
    /// Names of these kinds must be below one of these; addresses are ranges such as
    /// `10.0.0.0/8`.
    pub permitted: Vec<SanReport>,
    /// No name may be below one of these.
    pub excluded: Vec<SanReport>,
}

impl NameConstraintsReport {
    pub(crate) fn read(mut reader: Reader<'_>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let mut lists = reader.expect(tag::SEQUENCE)?.reader();
        faults.extend(reader.end());
        let mut report = Self::default();
        for (number, into) in [(0, &mut report.permitted), (1, &mut report.excluded)] {
            let Some(list) = lists.optional(tag::context_constructed(number))? else { continue };
            for subtree in list.reader() {
                let base = subtree?.reader().any()?;
                into.push(match GeneralName::read(&base, faults)? {
                    GeneralName::Ip(octets) => {
                        SanReport { kind: SanKind::Ip, value: range(octets) }
                    }
                    name => SanReport::new(&name),
                });
            }
        }
        faults.extend(lists.end());
        Ok(report)
    }

    /// Those of a certificate, and whether they are critical.
    ///
    /// # Errors
    /// Where they cannot be read without a doubt.
    pub(crate) fn of(tbs: &TbsCertificate) -> Result<Option<(bool, Self)>, ()> {
        let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
        let is_it = |extension: &&x509_cert::ext::Extension| {
            extension.extn_id == const_oid::db::rfc5280::ID_CE_NAME_CONSTRAINTS
        };
        let Some(extension) = extensions.iter().find(is_it) else { return Ok(None) };
        let mut faults = Vec::new();
        let rules = Self::read(Reader::new(extension.extn_value.as_bytes()), &mut faults);
        let rules = rules.ok().filter(|_| faults.is_empty()).ok_or(())?;
        Ok(Some((extension.critical, rules)))
    }

    /// Whether a planned name keeps to them.
    pub(crate) fn allow(&self, san: &San) -> bool {
        let kind = match san {
            San::Dns(_) => SanKind::Dns,
            San::Ip(_) => SanKind::Ip,
        };
        self.check(&SanReport { kind, value: san.to_string() }).is_ok()
    }

    /// Whether a name keeps to them: `Err` says whether it is excluded, rather than not permitted.
    ///
    /// As Go does, only names of DNS, IP, email and URI are looked at.
    pub(crate) fn check(&self, name: &SanReport) -> Result<(), bool> {
        let host;
        let name = match name.kind {
            SanKind::Dns | SanKind::Ip | SanKind::Email => name,
            SanKind::Uri => {
                host = SanReport { kind: SanKind::Uri, value: host_of(&name.value).to_owned() };
                &host
            }
            _ => return Ok(()),
        };
        let below = |rule: &SanReport| rule.kind == name.kind && matches(name, &rule.value);
        if self.excluded.iter().any(below) {
            return Err(true);
        }
        let mut permitted = self.permitted.iter().filter(|rule| rule.kind == name.kind).peekable();
        if permitted.peek().is_none() || permitted.any(below) { Ok(()) } else { Err(false) }
    }
}

fn matches(name: &SanReport, rule: &str) -> bool {
    match name.kind {
        SanKind::Ip => in_range(&name.value, rule),
        SanKind::Email if rule.contains('@') => name.value.eq_ignore_ascii_case(rule),
        SanKind::Email => {
            let domain = name.value.rsplit_once('@').map_or("", |(_, domain)| domain);
            in_domain(domain, rule)
        }
        _ => in_domain(&name.value, rule),
    }
}

/// The rule itself and every name below it; with a leading dot only those below.
fn in_domain(name: &str, rule: &str) -> bool {
    let (name, rule) = (name.to_ascii_lowercase(), rule.to_ascii_lowercase());
    if rule.is_empty() {
        return true;
    }
    match rule.strip_prefix('.') {
        Some(_) => name.ends_with(&rule),
        None => name == rule || name.strip_suffix(&rule).is_some_and(|left| left.ends_with('.')),
    }
}

fn host_of(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.split_once(':').map_or(host, |(host, _)| host)
}

/// An address and a mask, of as many octets each, as a range.
fn range(octets: &[u8]) -> String {
    let (address, mask) = octets.split_at_checked(octets.len() / 2).unwrap_or((octets, &[]));
    let Some(address) = ip(address).filter(|_| address.len() == mask.len()) else {
        return hex(octets);
    };
    let ones: u32 = mask.iter().map(|octet| octet.leading_ones()).sum();
    let contiguous = mask.iter().map(|octet| octet.count_ones()).sum::<u32>() == ones
        && mask.is_sorted_by(|a, b| a >= b);
    if contiguous { format!("{address}/{ones}") } else { hex(octets) }
}

fn ip(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
        _ => None,
    }
}

fn in_range(address: &str, range: &str) -> bool {
    let bits = |address: &str| {
        let address: IpAddr = address.parse().ok()?;
        Some(match address {
            IpAddr::V4(four) => (u128::from(four.to_bits()) << 96, 32),
            IpAddr::V6(six) => (six.to_bits(), 128),
        })
    };
    let Some((network, length)) = range.split_once('/') else { return false };
    let (Some((network, width)), Some((address, of)), Ok(length)) =
        (bits(network), bits(address), length.parse::<u32>())
    else {
        return false;
    };
    let mask = u128::MAX.checked_shl(128u32.saturating_sub(length)).unwrap_or(0);
    width == of && (network ^ address) & mask == 0
}

#[cfg(test)]
mod tests {
    use super::{host_of, in_domain, in_range, range};

    #[test]
    fn domains_and_ranges_are_those_of_go() {
        assert!(in_domain("a.shop.example", "shop.example"));
        assert!(in_domain("SHOP.example", "shop.example"));
        assert!(!in_domain("myshop.example", "shop.example"));
        assert!(!in_domain("shop.example", ".shop.example"));
        assert!(in_domain("x", ""));
        assert!(in_range("10.1.2.3", &range(&[10, 0, 0, 0, 255, 0, 0, 0])));
        assert!(!in_range("11.1.2.3", "10.0.0.0/8"));
        assert!(in_range("11.1.2.3", "0.0.0.0/0"));
        assert!(!in_range("::1", "0.0.0.0/0"));
        assert!(in_range("fd00::5", "fd00::/8"));
        assert_eq!(range(&[10, 0, 0, 0, 255, 0, 255, 0]), "0a000000ff00ff00");
        assert_eq!(host_of("spiffe://a@b.c:1/x"), "b.c");
    }
}
