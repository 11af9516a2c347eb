//! Distinguished names as Go's `pkix.Name` writes them.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc4519::{
    COMMON_NAME, COUNTRY_NAME, LOCALITY_NAME, ORGANIZATION_NAME, ORGANIZATIONAL_UNIT_NAME, ST,
};
use der::Tag;
use der::asn1::Any;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

use crate::design::SubjectParts;

/// Several O values share one multi-valued RDN, whose members DER sorts.
pub(super) fn from_subject(
    parts: &SubjectParts,
    organizations: &[String],
    common_name: &str,
) -> der::Result<Name> {
    let mut sequence = RdnSequence::default();
    for (name, values) in parts.around(organizations, common_name) {
        let oid = match name {
            "C" => COUNTRY_NAME,
            "ST" => ST,
            "L" => LOCALITY_NAME,
            "O" => ORGANIZATION_NAME,
            "OU" => ORGANIZATIONAL_UNIT_NAME,
            _ => COMMON_NAME,
        };
        let values = values.into_iter().map(|value| attribute(oid, value));
        let values = values.collect::<der::Result<Vec<_>>>()?;
        sequence.push(RelativeDistinguishedName::try_from(values)?);
    }
    Ok(Name::hazmat_from_rdn_sequence(sequence))
}

/// The subject of a CA.
pub(super) fn of_authority(parts: &SubjectParts, common_name: &str) -> der::Result<Name> {
    from_subject(parts, parts.of_authority(), common_name)
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
