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

/// C, ST and L, O, OU, and CN; several O values share one multi-valued RDN, whose members DER sorts.
pub(super) fn from_subject(
    parts: &SubjectParts,
    organizations: &[String],
    common_name: &str,
) -> der::Result<Name> {
    let mut sequence = RdnSequence::default();
    let places =
        [(COUNTRY_NAME, &parts.country), (ST, &parts.province), (LOCALITY_NAME, &parts.locality)];
    for (oid, value) in places {
        push(&mut sequence, oid, value.as_deref())?;
    }
    if !organizations.is_empty() {
        let values = organizations
            .iter()
            .map(|value| attribute(ORGANIZATION_NAME, value))
            .collect::<der::Result<Vec<_>>>()?;
        sequence.push(RelativeDistinguishedName::try_from(values)?);
    }
    push(&mut sequence, ORGANIZATIONAL_UNIT_NAME, parts.organizational_unit.as_deref())?;
    push(&mut sequence, COMMON_NAME, Some(common_name))?;
    Ok(Name::hazmat_from_rdn_sequence(sequence))
}

/// The subject of a CA.
pub(super) fn of_authority(parts: &SubjectParts, common_name: &str) -> der::Result<Name> {
    from_subject(parts, parts.organization.as_slice(), common_name)
}

fn push(sequence: &mut RdnSequence, oid: ObjectIdentifier, value: Option<&str>) -> der::Result<()> {
    if let Some(value) = value {
        sequence.push(RelativeDistinguishedName::try_from(vec![attribute(oid, value)?])?);
    }
    Ok(())
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
