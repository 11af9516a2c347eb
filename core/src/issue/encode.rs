//! The one door to the two encoders.

use rand_core::CryptoRng;

use super::blank::Blank;
use super::{IssueError, encode_rcgen, encode_x509_cert};
use crate::key::PrivateKey;

/// Encodes and signs a certificate.
///
/// rcgen writes whatever its model of names can hold; multi-valued names and imported issuers go
/// to x509-cert. A test shows that for every row of every layout both give the same bytes.
pub(super) fn encode<R: CryptoRng>(
    blank: &Blank,
    signer: &PrivateKey,
    rng: &mut R,
) -> Result<Vec<u8>, IssueError> {
    match encode_rcgen::names(blank) {
        Some(names) => encode_rcgen::encode(blank, names, signer, rng),
        None => encode_x509_cert::encode(blank, signer, rng),
    }
}
