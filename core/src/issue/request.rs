//! What is asked of a CA that stays outside: a PKCS#10 request (RFC 2986) for an item of a plan.

use const_oid::db::rfc5912;
use der::Encode;
use rand_core::CryptoRng;
use time::OffsetDateTime;

use super::{IssueError, authority_blank, encode_x509_cert, leaf_subject};
use crate::design::Constraints;
use crate::issue::blank::Blank;
use crate::key::PrivateKey;
use crate::plan::{ItemId, Make, Plan};
use crate::request::sign_request;
use crate::sign::attribute;

/// The request for an item's certificate in DER, signed by its own key. Its extensionRequest holds
/// all that the certificate has to say: usages, constraints and names.
///
/// # Errors
/// [`IssueError::NoSuchItem`] for an item that has no certificate, and the errors of the key.
pub fn request<R: CryptoRng>(
    plan: &Plan,
    id: ItemId,
    key: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, IssueError> {
    let item = plan.item(id).ok_or(IssueError::NoSuchItem(id))?;
    let now = OffsetDateTime::UNIX_EPOCH;
    let blank = match &item.make {
        Make::Authority(authority) => {
            let blank = authority_blank(authority, &plan.settings.subject, key, now, 0, 1)?;
            // Which key identifier it gets is the signer's to say.
            Blank { subject_key_id: None, ..blank }
        }
        Make::Leaf(leaf) => {
            let subject = leaf_subject(plan, leaf)?;
            Blank {
                serial: 1,
                issuer: subject.clone(),
                subject,
                not_before: now,
                not_after: now,
                key: key.public_key().clone(),
                is_ca: false,
                path_length: None,
                usages: leaf.usages,
                critical_usages: plan.settings.critical_usages,
                subject_key_id: None,
                authority_key_id: None,
                sans: leaf.sans.clone(),
                constraints: Constraints::default(),
            }
        }
        Make::KeyPair | Make::Token | Make::Secret => return Err(IssueError::NoSuchItem(id)),
    };
    let extensions = encode_x509_cert::extensions(&blank)?.to_der()?;
    let attributes = attribute(rfc5912::ID_EXTENSION_REQ, extensions);
    Ok(sign_request(&blank.subject.to_der()?, &attributes, key, rng)?)
}
