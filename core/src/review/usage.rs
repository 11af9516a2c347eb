//! The usages of `spec.usages` and what each puts into a certificate.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280;

use crate::order;

/// What a usage stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// A bit of keyUsage, counted from the left (RFC 5280 §4.2.1.3).
    Key(u8),
    /// A purpose of extKeyUsage: its place in Go's list, by which they are sorted.
    Purpose(u8),
}

/// Every usage that v1 knows (`k8s.io/api/certificates/v1`).
pub const USAGES: [(&str, Usage); 23] = [
    ("signing", Usage::Key(0)),
    ("digital signature", Usage::Key(0)),
    ("content commitment", Usage::Key(1)),
    ("key encipherment", Usage::Key(2)),
    ("data encipherment", Usage::Key(3)),
    ("key agreement", Usage::Key(4)),
    ("cert sign", Usage::Key(5)),
    ("crl sign", Usage::Key(6)),
    ("encipher only", Usage::Key(7)),
    ("decipher only", Usage::Key(8)),
    ("any", Usage::Purpose(0)),
    ("server auth", Usage::Purpose(1)),
    ("client auth", Usage::Purpose(2)),
    ("code signing", Usage::Purpose(3)),
    ("email protection", Usage::Purpose(4)),
    ("s/mime", Usage::Purpose(4)),
    ("ipsec end system", Usage::Purpose(5)),
    ("ipsec tunnel", Usage::Purpose(6)),
    ("ipsec user", Usage::Purpose(7)),
    ("timestamping", Usage::Purpose(8)),
    ("ocsp signing", Usage::Purpose(9)),
    ("microsoft sgc", Usage::Purpose(10)),
    ("netscape sgc", Usage::Purpose(11)),
];

/// The usage of this name, which is case-sensitive.
pub(super) fn usage(name: &str) -> Option<Usage> {
    USAGES.iter().find_map(|(known, usage)| (*known == name).then_some(*usage))
}

/// Names of the bits of keyUsage, in order.
pub(super) const KEY_USAGE_NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// Name and object identifier of each purpose, in Go's order.
pub(crate) const PURPOSES: [(&str, ObjectIdentifier); 12] = [
    ("anyExtendedKeyUsage", rfc5280::ANY_EXTENDED_KEY_USAGE),
    ("serverAuth", rfc5280::ID_KP_SERVER_AUTH),
    ("clientAuth", rfc5280::ID_KP_CLIENT_AUTH),
    ("codeSigning", rfc5280::ID_KP_CODE_SIGNING),
    ("emailProtection", rfc5280::ID_KP_EMAIL_PROTECTION),
    ("ipsecEndSystem", ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.5")),
    ("ipsecTunnel", ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.6")),
    ("ipsecUser", ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.7")),
    ("timeStamping", rfc5280::ID_KP_TIME_STAMPING),
    ("OCSPSigning", rfc5280::ID_KP_OCSP_SIGNING),
    ("msSGC", ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.3")),
    ("nsSGC", ObjectIdentifier::new_unwrap("2.16.840.1.113730.4.1")),
];

/// Bits and purposes of a list of usages: bits and purposes counted as in the tables, ascending.
pub(super) fn sort(names: &[String]) -> (Vec<u8>, Vec<u8>) {
    let (mut bits, mut purposes) = (Vec::new(), Vec::new());
    for name in names {
        match usage(name) {
            Some(Usage::Key(bit)) => bits.push(bit),
            Some(Usage::Purpose(purpose)) => purposes.push(purpose),
            None => {}
        }
    }
    for list in [&mut bits, &mut purposes] {
        order::sort(list);
        list.dedup();
    }
    (bits, purposes)
}
