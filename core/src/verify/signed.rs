//! The signatures of an archive, which may be checked by someone else than this library.

use der::Encode;
use x509_cert::Certificate;

use super::certificate::{Verified, malformed};
use super::{VerifyError, VerifyProblem};
use crate::key::{SignatureAlgorithm, Signed};

/// The signature that the CA of the plan has to have made.
pub(super) fn signed(
    certificate: &Certificate,
    signer: &Verified,
) -> Result<Signed, VerifyProblem> {
    let algorithm = certificate.signature_algorithm();
    if algorithm != certificate.tbs_certificate().signature() {
        return Err(VerifyProblem::Signature);
    }
    Ok(Signed {
        key: signer.key.clone(),
        algorithm: SignatureAlgorithm::from_oid(algorithm.oid).ok_or(VerifyProblem::Signature)?,
        message: certificate.tbs_certificate().to_der().map_err(malformed)?,
        signature: certificate.signature().raw_bytes().to_vec(),
    })
}

/// Who checks the signatures.
pub(super) enum Signatures {
    /// This library, each as it is met.
    Here,
    /// Someone else, afterwards: the file with its path in the archive, and what is signed.
    Later(Vec<(String, Signed)>),
}

impl Signatures {
    pub(super) fn take(&mut self, path: &str, signed: Signed) -> Result<(), VerifyError> {
        match self {
            Self::Here => signed.check().map_err(|_| VerifyProblem::Signature.at(path)),
            Self::Later(all) => {
                all.push((path.to_owned(), signed));
                Ok(())
            }
        }
    }
}
