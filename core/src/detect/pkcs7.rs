//! PKCS#7 bundles (RFC 2315 §9, RFC 5652 §5): the certificates and CRLs of a SignedData.

use crate::decode::{Oid, Reader, oid, tag};

/// The bytes of every certificate and CRL in a bundle; `None` for anything else.
pub(super) fn members(der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut info = Reader::new(der).expect(tag::SEQUENCE).ok()?.reader();
    if !Oid(info.expect(tag::OID).ok()?.content).is(oid::SIGNED_DATA) {
        return None;
    }
    let content = info.expect(tag::context_constructed(0)).ok()?;
    let mut fields = content.reader().expect(tag::SEQUENCE).ok()?.reader();
    fields.expect(tag::INTEGER).ok()?;
    fields.expect(tag::SET).ok()?;
    fields.expect(tag::SEQUENCE).ok()?;
    let mut members = Vec::new();
    for number in [0, 1] {
        if let Some(list) = fields.optional(tag::context_constructed(number)).ok()? {
            // Attribute certificates and other choices have other tags.
            let values = list.reader().filter_map(Result::ok);
            members.extend(
                values.filter(|value| value.identifier == tag::SEQUENCE).map(|value| value.bytes),
            );
        }
    }
    Some(members)
}
