//! Distinguished names as Go's `pkix.Name` writes them.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{COMMON_NAME, ORGANIZATION_NAME};
use der::Tag;
use der::asn1::Any;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

/// O before CN; several O values share one multi-valued RDN, whose members DER sorts.
pub(super) fn from_subject(organizations: &[String], common_name: &str) -> der::Result<Name> {
    let mut sequence = RdnSequence::default();
    if !organizations.is_empty() {
        let values = organizations
            .iter()
            .map(|value| attribute(ORGANIZATION_NAME, value))
            .collect::<der::Result<Vec<_>>>()?;
        sequence.push(RelativeDistinguishedName::try_from(values)?);
    }
    let values = vec![attribute(COMMON_NAME, common_name)?];
    sequence.push(RelativeDistinguishedName::try_from(values)?);
    Ok(Name::hazmat_from_rdn_sequence(sequence))
}

fn attribute(oid: ObjectIdentifier, value: &str) -> der::Result<AttributeTypeAndValue> {
    let tag = if is_printable(value) { Tag::PrintableString } else { Tag::Utf8String };
    Ok(AttributeTypeAndValue { oid, value: Any::new(tag, value.as_bytes())? })
}

/// The alphabet of PrintableString (X.680 §41.4). Go refuses a whole certificate over one `_` or
/// `@` in it.
pub(super) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte))
}
