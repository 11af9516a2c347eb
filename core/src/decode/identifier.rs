//! Object identifiers and the one table of their names.

use std::fmt;

use const_oid::ObjectIdentifier;

/// The contents octets of an OBJECT IDENTIFIER.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Oid<'a>(pub &'a [u8]);

impl Oid<'_> {
    /// Whether it is this one.
    pub fn is(&self, other: ObjectIdentifier) -> bool {
        self.0 == other.as_bytes()
    }

    /// The name in its RFC, e.g. `sha256WithRSAEncryption`, or else the dotted numbers.
    pub fn name(&self) -> String {
        lookup(*self).map_or_else(|| self.to_string(), |named| named.name.to_owned())
    }

    /// Whether the octets are an identifier at all: whole, and each number as short as can be.
    pub fn is_valid(&self) -> bool {
        let mut first = true;
        for &octet in self.0 {
            if first && octet == 0x80 {
                return false;
            }
            first = octet & 0x80 == 0;
        }
        first && !self.0.is_empty()
    }
}

impl fmt::Display for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut number = 0u128;
        let mut first = true;
        for &octet in self.0 {
            // Numbers beyond 121 bits (UUIDs have up to 128) saturate rather than stop.
            number = number.saturating_mul(128).saturating_add(u128::from(octet & 0x7f));
            if octet & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (number / 40).min(2);
                write!(f, "{root}.{}", number.saturating_sub(root.saturating_mul(40)))?;
                first = false;
            } else {
                write!(f, ".{number}")?;
            }
            number = 0;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

/// An object identifier and what people call it.
#[derive(Debug)]
pub struct Named {
    /// The identifier.
    pub oid: ObjectIdentifier,
    /// Its name in the RFC that defines it.
    pub name: &'static str,
    /// How OpenSSL writes it in its text form; empty where that is the same.
    openssl: &'static str,
}

impl Named {
    /// How OpenSSL writes it in its text form.
    pub fn openssl(&self) -> &'static str {
        if self.openssl.is_empty() { self.name } else { self.openssl }
    }
}

/// The entry of the table for an identifier.
pub fn lookup(oid: Oid<'_>) -> Option<&'static Named> {
    let place = NAMES.binary_search_by(|named| named.oid.as_bytes().cmp(oid.0)).ok()?;
    NAMES.get(place)
}

/// The identifiers that the code asks for by name.
pub mod oid {
    #![allow(missing_docs, reason = "the names are those of the RFCs")]
    use const_oid::ObjectIdentifier as O;

    pub const RSA_ENCRYPTION: O = O::new_unwrap("1.2.840.113549.1.1.1");
    pub const RSASSA_PSS: O = O::new_unwrap("1.2.840.113549.1.1.10");
    pub const EC_PUBLIC_KEY: O = O::new_unwrap("1.2.840.10045.2.1");
    pub const ED25519: O = O::new_unwrap("1.3.101.112");
    pub const COMMON_NAME: O = O::new_unwrap("2.5.4.3");
    pub const ORGANIZATION: O = O::new_unwrap("2.5.4.10");
    pub const KUBERNETES_UID: O = O::new_unwrap("1.3.6.1.4.1.57683.2");
    pub const EXTENSION_REQUEST: O = O::new_unwrap("1.2.840.113549.1.9.14");
    pub const CHALLENGE_PASSWORD: O = O::new_unwrap("1.2.840.113549.1.9.7");
    pub const SUBJECT_KEY_IDENTIFIER: O = O::new_unwrap("2.5.29.14");
    pub const KEY_USAGE: O = O::new_unwrap("2.5.29.15");
    pub const SUBJECT_ALT_NAME: O = O::new_unwrap("2.5.29.17");
    pub const ISSUER_ALT_NAME: O = O::new_unwrap("2.5.29.18");
    pub const BASIC_CONSTRAINTS: O = O::new_unwrap("2.5.29.19");
    pub const REASON_CODE: O = O::new_unwrap("2.5.29.21");
    pub const CERTIFICATE_ISSUER: O = O::new_unwrap("2.5.29.29");
    pub const NAME_CONSTRAINTS: O = O::new_unwrap("2.5.29.30");
    pub const AUTHORITY_KEY_IDENTIFIER: O = O::new_unwrap("2.5.29.35");
    pub const EXT_KEY_USAGE: O = O::new_unwrap("2.5.29.37");
    pub const ANY_EXT_KEY_USAGE: O = O::new_unwrap("2.5.29.37.0");
    pub const SERVER_AUTH: O = O::new_unwrap("1.3.6.1.5.5.7.3.1");
    pub const CLIENT_AUTH: O = O::new_unwrap("1.3.6.1.5.5.7.3.2");
    pub const SIGNED_DATA: O = O::new_unwrap("1.2.840.113549.1.7.2");
}

const fn row(oid: &'static str, name: &'static str, openssl: &'static str) -> Named {
    Named { oid: ObjectIdentifier::new_unwrap(oid), name, openssl }
}

/// Sorted by the octets of the encoding, which is not the order of the dotted numbers.
static NAMES: &[Named] = &[
    row("0.9.2342.19200300.100.1.1", "UID", ""),
    row("0.9.2342.19200300.100.1.25", "DC", ""),
    row("1.2.156.10197.1.301", "SM2", ""),
    row("1.2.156.10197.1.501", "SM2-with-SM3", ""),
    row("1.2.840.113549.1.1.1", "rsaEncryption", ""),
    row("1.2.840.113549.1.1.4", "md5WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.8", "mgf1", ""),
    row("1.2.840.113549.1.1.10", "rsassaPss", ""),
    row("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.14", "sha224WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.15", "sha512-224WithRSAEncryption", ""),
    row("1.2.840.113549.1.1.16", "sha512-256WithRSAEncryption", ""),
    row("1.2.840.113549.1.5.13", "PBES2", ""),
    row("1.2.840.113549.1.7.1", "data", "pkcs7-data"),
    row("1.2.840.113549.1.7.2", "signedData", "pkcs7-signedData"),
    row("1.2.840.113549.1.7.3", "envelopedData", "pkcs7-envelopedData"),
    row("1.2.840.113549.1.7.6", "encryptedData", "pkcs7-encryptedData"),
    row("1.2.840.113549.1.9.1", "emailAddress", ""),
    row("1.2.840.113549.1.9.2", "unstructuredName", ""),
    row("1.2.840.113549.1.9.7", "challengePassword", ""),
    row("1.2.840.113549.1.9.8", "unstructuredAddress", ""),
    row("1.2.840.113549.1.9.14", "extensionRequest", "Requested Extensions"),
    row("1.2.840.113549.1.9.15", "smimeCapabilities", "S/MIME Capabilities"),
    row("1.2.840.113549.1.9.20", "friendlyName", ""),
    row("1.2.840.113549.1.9.21", "localKeyID", ""),
    row("1.2.840.10040.4.1", "dsa", "dsaEncryption"),
    row("1.2.840.10040.4.3", "dsa-with-sha1", "dsaWithSHA1"),
    row("1.2.840.10045.2.1", "id-ecPublicKey", ""),
    row("1.2.840.10045.3.1.1", "secp192r1", "prime192v1"),
    row("1.2.840.10045.3.1.7", "secp256r1", "prime256v1"),
    row("1.2.840.10045.4.1", "ecdsa-with-SHA1", ""),
    row("1.2.840.10045.4.3.1", "ecdsa-with-SHA224", ""),
    row("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", ""),
    row("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", ""),
    row("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", ""),
    row("1.3.6.1.4.1.311.2.1.14", "msExtReq", "Microsoft Extension Request"),
    row("1.3.6.1.4.1.311.2.1.21", "msCodeInd", "Microsoft Individual Code Signing"),
    row("1.3.6.1.4.1.311.2.1.22", "msCodeCom", "Microsoft Commercial Code Signing"),
    row("1.3.6.1.4.1.311.10.3.1", "msCTLSign", "Microsoft Trust List Signing"),
    row("1.3.6.1.4.1.311.10.3.3", "msSGC", "Microsoft Server Gated Crypto"),
    row("1.3.6.1.4.1.311.10.3.4", "msEFS", "Microsoft Encrypted File System"),
    row("1.3.6.1.4.1.311.20.2.2", "msSmartcardLogin", "Microsoft Smartcard Login"),
    row("1.3.6.1.4.1.311.20.2.3", "msUPN", "Microsoft User Principal Name"),
    row("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", ""),
    row("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", ""),
    row("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", ""),
    row("1.3.6.1.4.1.57683.2", "kubernetesUserUid", "1.3.6.1.4.1.57683.2"),
    row("1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestamps", "CT Precertificate SCTs"),
    row("1.3.6.1.4.1.11129.2.4.3", "ctPoison", "CT Precertificate Poison"),
    row("1.3.6.1.5.2.3.5", "pkInitKDC", "Signing KDC Response"),
    row("1.3.6.1.5.5.7.1.1", "authorityInfoAccess", "Authority Information Access"),
    row("1.3.6.1.5.5.7.1.7", "sbgp-ipAddrBlock", ""),
    row("1.3.6.1.5.5.7.1.8", "sbgp-autonomousSysNum", ""),
    row("1.3.6.1.5.5.7.1.11", "subjectInfoAccess", "Subject Information Access"),
    row("1.3.6.1.5.5.7.1.14", "proxyCertInfo", "Proxy Certificate Information"),
    row("1.3.6.1.5.5.7.1.24", "tlsFeature", "TLS Feature"),
    row("1.3.6.1.5.5.7.2.1", "cps", "Policy Qualifier CPS"),
    row("1.3.6.1.5.5.7.2.2", "unotice", "Policy Qualifier User Notice"),
    row("1.3.6.1.5.5.7.3.1", "serverAuth", "TLS Web Server Authentication"),
    row("1.3.6.1.5.5.7.3.2", "clientAuth", "TLS Web Client Authentication"),
    row("1.3.6.1.5.5.7.3.3", "codeSigning", "Code Signing"),
    row("1.3.6.1.5.5.7.3.4", "emailProtection", "E-mail Protection"),
    row("1.3.6.1.5.5.7.3.5", "ipsecEndSystem", "IPSec End System"),
    row("1.3.6.1.5.5.7.3.6", "ipsecTunnel", "IPSec Tunnel"),
    row("1.3.6.1.5.5.7.3.7", "ipsecUser", "IPSec User"),
    row("1.3.6.1.5.5.7.3.8", "timeStamping", "Time Stamping"),
    row("1.3.6.1.5.5.7.3.9", "OCSPSigning", "OCSP Signing"),
    row("1.3.6.1.5.5.7.3.17", "ipsecIKE", "ipsec Internet Key Exchange"),
    row("1.3.6.1.5.5.7.8.5", "id-on-xmppAddr", "XmppAddr"),
    row("1.3.6.1.5.5.7.8.7", "id-on-dnsSRV", "SRVName"),
    row("1.3.6.1.5.5.7.8.9", "id-on-SmtpUTF8Mailbox", "SmtpUTF8Mailbox"),
    row("1.3.6.1.5.5.7.21.0", "anyLanguage", "Any language"),
    row("1.3.6.1.5.5.7.21.1", "inheritAll", "Inherit all"),
    row("1.3.6.1.5.5.7.21.2", "independent", "Independent"),
    row("1.3.6.1.5.5.7.48.1", "OCSP", ""),
    row("1.3.6.1.5.5.7.48.1.2", "ocspNonce", "OCSP Nonce"),
    row("1.3.6.1.5.5.7.48.1.5", "ocspNoCheck", "OCSP No Check"),
    row("1.3.6.1.5.5.7.48.2", "caIssuers", "CA Issuers"),
    row("1.3.6.1.5.5.7.48.3", "timeStampingAccess", "AD Time Stamping"),
    row("1.3.6.1.5.5.7.48.5", "caRepository", "CA Repository"),
    row("1.3.14.3.2.26", "sha1", ""),
    row("1.3.36.3.3.1.2", "ripemd160WithRSA", ""),
    row("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1", ""),
    row("1.3.36.3.3.2.8.1.1.2", "brainpoolP160t1", ""),
    row("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", ""),
    row("1.3.36.3.3.2.8.1.1.4", "brainpoolP192t1", ""),
    row("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", ""),
    row("1.3.36.3.3.2.8.1.1.6", "brainpoolP224t1", ""),
    row("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", ""),
    row("1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1", ""),
    row("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", ""),
    row("1.3.36.3.3.2.8.1.1.10", "brainpoolP320t1", ""),
    row("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", ""),
    row("1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1", ""),
    row("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", ""),
    row("1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1", ""),
    row("1.3.101.110", "X25519", ""),
    row("1.3.101.111", "X448", ""),
    row("1.3.101.112", "Ed25519", "ED25519"),
    row("1.3.101.113", "Ed448", "ED448"),
    row("1.3.132.0.10", "secp256k1", ""),
    row("1.3.132.0.33", "secp224r1", ""),
    row("1.3.132.0.34", "secp384r1", ""),
    row("1.3.132.0.35", "secp521r1", ""),
    row("2.5.4.3", "CN", ""),
    row("2.5.4.4", "SN", ""),
    row("2.5.4.5", "serialNumber", ""),
    row("2.5.4.6", "C", ""),
    row("2.5.4.7", "L", ""),
    row("2.5.4.8", "ST", ""),
    row("2.5.4.9", "street", ""),
    row("2.5.4.10", "O", ""),
    row("2.5.4.11", "OU", ""),
    row("2.5.4.12", "title", ""),
    row("2.5.4.13", "description", ""),
    row("2.5.4.15", "businessCategory", ""),
    row("2.5.4.17", "postalCode", ""),
    row("2.5.4.41", "name", ""),
    row("2.5.4.42", "GN", ""),
    row("2.5.4.43", "initials", ""),
    row("2.5.4.44", "generationQualifier", ""),
    row("2.5.4.46", "dnQualifier", ""),
    row("2.5.4.65", "pseudonym", ""),
    row("2.5.4.97", "organizationIdentifier", ""),
    row("2.5.29.9", "subjectDirectoryAttributes", "X509v3 Subject Directory Attributes"),
    row("2.5.29.14", "subjectKeyIdentifier", "X509v3 Subject Key Identifier"),
    row("2.5.29.15", "keyUsage", "X509v3 Key Usage"),
    row("2.5.29.16", "privateKeyUsagePeriod", "X509v3 Private Key Usage Period"),
    row("2.5.29.17", "subjectAltName", "X509v3 Subject Alternative Name"),
    row("2.5.29.18", "issuerAltName", "X509v3 Issuer Alternative Name"),
    row("2.5.29.19", "basicConstraints", "X509v3 Basic Constraints"),
    row("2.5.29.20", "cRLNumber", "X509v3 CRL Number"),
    row("2.5.29.21", "reasonCode", "X509v3 CRL Reason Code"),
    row("2.5.29.24", "invalidityDate", "Invalidity Date"),
    row("2.5.29.27", "deltaCRLIndicator", "X509v3 Delta CRL Indicator"),
    row("2.5.29.28", "issuingDistributionPoint", "X509v3 Issuing Distribution Point"),
    row("2.5.29.29", "certificateIssuer", "X509v3 Certificate Issuer"),
    row("2.5.29.30", "nameConstraints", "X509v3 Name Constraints"),
    row("2.5.29.31", "cRLDistributionPoints", "X509v3 CRL Distribution Points"),
    row("2.5.29.32", "certificatePolicies", "X509v3 Certificate Policies"),
    row("2.5.29.32.0", "anyPolicy", "X509v3 Any Policy"),
    row("2.5.29.33", "policyMappings", "X509v3 Policy Mappings"),
    row("2.5.29.35", "authorityKeyIdentifier", "X509v3 Authority Key Identifier"),
    row("2.5.29.36", "policyConstraints", "X509v3 Policy Constraints"),
    row("2.5.29.37", "extKeyUsage", "X509v3 Extended Key Usage"),
    row("2.5.29.37.0", "anyExtendedKeyUsage", "Any Extended Key Usage"),
    row("2.5.29.46", "freshestCRL", "X509v3 Freshest CRL"),
    row("2.5.29.54", "inhibitAnyPolicy", "X509v3 Inhibit Any Policy"),
    row("2.16.840.1.101.3.4.2.1", "sha256", ""),
    row("2.16.840.1.101.3.4.2.2", "sha384", ""),
    row("2.16.840.1.101.3.4.2.3", "sha512", ""),
    row("2.16.840.1.101.3.4.2.4", "sha224", ""),
    row("2.16.840.1.101.3.4.3.2", "dsa-with-sha256", "dsa_with_SHA256"),
    row("2.16.840.1.101.3.4.3.9", "ecdsa-with-SHA3-224", "ecdsa_with_SHA3-224"),
    row("2.16.840.1.101.3.4.3.10", "ecdsa-with-SHA3-256", "ecdsa_with_SHA3-256"),
    row("2.16.840.1.101.3.4.3.11", "ecdsa-with-SHA3-384", "ecdsa_with_SHA3-384"),
    row("2.16.840.1.101.3.4.3.12", "ecdsa-with-SHA3-512", "ecdsa_with_SHA3-512"),
    row("2.16.840.1.101.3.4.3.13", "RSA-SHA3-224", ""),
    row("2.16.840.1.101.3.4.3.14", "RSA-SHA3-256", ""),
    row("2.16.840.1.101.3.4.3.15", "RSA-SHA3-384", ""),
    row("2.16.840.1.101.3.4.3.16", "RSA-SHA3-512", ""),
    row("2.16.840.1.101.3.4.3.17", "ML-DSA-44", "2.16.840.1.101.3.4.3.17"),
    row("2.16.840.1.101.3.4.3.18", "ML-DSA-65", "2.16.840.1.101.3.4.3.18"),
    row("2.16.840.1.101.3.4.3.19", "ML-DSA-87", "2.16.840.1.101.3.4.3.19"),
    row("2.16.840.1.113730.1.1", "nsCertType", "Netscape Cert Type"),
    row("2.16.840.1.113730.1.2", "nsBaseUrl", "Netscape Base Url"),
    row("2.16.840.1.113730.1.3", "nsRevocationUrl", "Netscape Revocation Url"),
    row("2.16.840.1.113730.1.4", "nsCaRevocationUrl", "Netscape CA Revocation Url"),
    row("2.16.840.1.113730.1.7", "nsRenewalUrl", "Netscape Renewal Url"),
    row("2.16.840.1.113730.1.8", "nsCaPolicyUrl", "Netscape CA Policy Url"),
    row("2.16.840.1.113730.1.12", "nsSslServerName", "Netscape SSL Server Name"),
    row("2.16.840.1.113730.1.13", "nsComment", "Netscape Comment"),
    row("2.16.840.1.113730.4.1", "nsSGC", "Netscape Server Gated Crypto"),
    row("2.23.42.7.0", "setCext-hashedRoot", ""),
];

#[cfg(test)]
mod tests {
    use super::{NAMES, Oid, lookup};

    #[test]
    fn table_is_sorted_by_encoding() {
        for pair in NAMES.windows(2) {
            assert!(
                pair[0].oid.as_bytes() < pair[1].oid.as_bytes(),
                "{} before {}",
                pair[0].oid,
                pair[1].oid
            );
        }
    }

    #[test]
    fn every_row_is_found_and_written_as_it_stands() {
        for named in NAMES {
            let oid = Oid(named.oid.as_bytes());
            assert_eq!(lookup(oid).map(|found| found.name), Some(named.name));
            assert_eq!(oid.to_string(), named.oid.to_string());
            assert!(oid.is_valid());
        }
    }
}
