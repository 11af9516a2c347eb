//! A CA that was brought along: certificate and key that belong together.

use std::fmt;

use crate::key::{KeyError, PrivateKey};
use crate::review::{Authority, AuthorityError};

/// A CA that signs.
pub struct Issuer {
    authority: Authority,
    key: PrivateKey,
}

/// Why a certificate and a key are no issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssuerError {
    /// The certificate cannot be read, or is not the only one.
    Certificate(AuthorityError),
    /// The key cannot be read, or is of a kind that we do not sign with.
    Key(KeyError),
    /// The key is not the certificate's.
    KeyMismatch,
}

impl fmt::Display for IssuerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(AuthorityError::Count(count)) => {
                write!(f, "expected 1 certificate, found {count}")
            }
            Self::Certificate(_) => f.write_str("malformed certificate"),
            Self::Key(error) => error.fmt(f),
            Self::KeyMismatch => f.write_str("private key does not match public key"),
        }
    }
}

impl std::error::Error for IssuerError {}

impl Issuer {
    /// Takes a PEM file with one certificate, and a key.
    ///
    /// # Errors
    /// An [`IssuerError`]: kube-controller-manager does not start with these either. A CA that has
    /// expired is found by the review.
    pub fn new(certificate: &str, key: PrivateKey) -> Result<Self, IssuerError> {
        let authority = Authority::from_pem(certificate).map_err(IssuerError::Certificate)?;
        Self::from_parts(authority, key)
    }

    /// Takes the facts of a certificate that is still to be made, and its key: for a CA that signs
    /// itself.
    ///
    /// # Errors
    /// [`IssuerError::KeyMismatch`].
    pub fn from_parts(authority: Authority, key: PrivateKey) -> Result<Self, IssuerError> {
        if authority.spki != key.public_key().spki_der() {
            return Err(IssuerError::KeyMismatch);
        }
        Ok(Self { authority, key })
    }

    /// What the review needs to know of it.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    pub(super) fn key(&self) -> &PrivateKey {
        &self.key
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").field("authority", &self.authority).finish_non_exhaustive()
    }
}
