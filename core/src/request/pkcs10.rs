//! PKCS#10 (RFC 2986), in the shape of Go's `CreateCertificateRequest`.

use const_oid::db::{rfc5280, rfc5912};
use der::Encode;
use rand_core::CryptoRng;

use super::Wish;
use crate::key::{KeyError, PrivateKey};
use crate::review::pkcs10::Subject;
use crate::review::subject_der;
use crate::review::tlv::{bit_string, sequence, tlv};
use crate::sign::{attribute, encode_extension, general_names};

/// The request in DER, signed by its own key.
///
/// Several organizations stand in one multi-valued RDN, sorted, as Go writes them; the only
/// extension that is asked for is the subjectAltName, because signers take usages from the object
/// and nothing else from the request.
///
/// # Errors
/// [`KeyError`] if the key cannot sign.
pub fn encode<R: CryptoRng>(
    wish: &Wish,
    key: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, KeyError> {
    let subject = Subject {
        organizations: wish.organizations.iter().map(|name| name.as_bytes().to_vec()).collect(),
        common_name: wish.common_name.as_bytes().to_vec(),
        ..Subject::default()
    };
    let attributes = if wish.sans.is_empty() {
        Vec::new()
    } else {
        let names = general_names(&wish.sans);
        let extension =
            encode_extension(rfc5280::ID_CE_SUBJECT_ALT_NAME, subject.is_empty(), &names);
        attribute(rfc5912::ID_EXTENSION_REQ, sequence(&[&extension]))
    };
    sign_request(&subject_der(&subject), &attributes, key, rng)
}

/// A request for this subject with these attributes, all in DER, signed by its own key.
pub(crate) fn sign_request<R: CryptoRng>(
    subject: &[u8],
    attributes: &[u8],
    key: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, KeyError> {
    let info = sequence(&[
        &tlv(0x02, &[0]),
        subject,
        key.public_key().spki_der(),
        // [0] IMPLICIT: present even when it is empty.
        &tlv(0xa0, attributes),
    ]);
    let algorithm = key.signature_algorithm().identifier();
    // An object identifier and an optional NULL always encode.
    let algorithm = algorithm.to_der().unwrap_or_default();
    let signature = key.sign(&info, rng)?;
    Ok(sequence(&[&info, &algorithm, &bit_string(&signature)]))
}

/// The request as PEM with the one label that the API server takes.
pub fn to_pem(der: &[u8]) -> String {
    pem_rfc7468::encode_string("CERTIFICATE REQUEST", pem_rfc7468::LineEnding::LF, der)
        // The label is a constant in the alphabet of RFC 7468, and the length fits memory.
        .unwrap_or_default()
}
