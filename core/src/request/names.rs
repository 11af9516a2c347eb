//! Names as they are typed, sorted into the four kinds that Kubernetes sees.

use super::WishError;
use crate::design::{DnsName, San};
use crate::review::pkcs10::{SubjectAltNames, rewrite_uri};

/// Takes a name of any kind.
///
/// A URI stands there as Go writes it again, because that is what a certificate will hold. A comma
/// or a blank in a name is refused: openssl's `subjectAltName` would take it for the end.
pub(super) fn add_name(sans: &mut SubjectAltNames, text: &str) -> Result<(), WishError> {
    let refused = || WishError::San(text.to_owned());
    if !text.chars().all(|c| c.is_ascii_graphic() && c != ',') {
        return Err(refused());
    }
    let (kind, name) = kind_of(text);
    match kind {
        "uri" => {
            sans.uris.push(rewrite_uri(name).filter(|uri| !uri.is_empty()).ok_or_else(refused)?)
        }
        "email" => {
            let (user, host) = name.rsplit_once('@').ok_or_else(refused)?;
            if user.is_empty() || DnsName::parse(host).is_err() {
                return Err(refused());
            }
            sans.emails.push(name.to_owned());
        }
        _ => match (kind, San::parse(name).map_err(|_| refused())?) {
            ("" | "dns", San::Dns(name)) => sans.dns.push(name),
            ("" | "ip", San::Ip(address)) => sans.addresses.push(address.to_canonical()),
            _ => return Err(refused()),
        },
    }
    Ok(())
}

/// The kind that openssl's prefix names, or that the form shows; empty for DNS names and addresses.
fn kind_of(text: &str) -> (&'static str, &str) {
    for kind in ["dns", "ip", "email", "uri"] {
        // Two colons at once begin an IPv6 address.
        let prefix = text.split_once(':').filter(|(prefix, _)| prefix.eq_ignore_ascii_case(kind));
        if let Some((_, name)) = prefix {
            return (kind, name);
        }
    }
    let kind = match text {
        _ if text.contains("://") || text.starts_with("urn:") => "uri",
        _ if text.contains('@') => "email",
        _ => "",
    };
    (kind, text)
}

/// Takes DNS names alone.
pub(super) fn add_dns(sans: &mut SubjectAltNames, names: &[String]) -> Result<(), WishError> {
    for name in names {
        let parsed = DnsName::parse(name).map_err(|_| WishError::DnsName(name.clone()))?;
        sans.dns.push(parsed.as_str().to_owned());
    }
    Ok(())
}
