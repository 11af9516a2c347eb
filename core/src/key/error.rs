//! What can go wrong with a key.

use std::fmt;

/// A key could not be made, read, written or used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The library refused to generate a key; the text is its reason.
    Generation(String),
    /// The bytes are no key in the form that was expected.
    Malformed(&'static str),
    /// A key of an algorithm that the workbench does not handle; the text is its OID or name.
    Unsupported(String),
    /// The key has no encoding in the requested form (an ECDSA key in PKCS#1, say).
    NoSuchFormat,
    /// The signature operation failed inside the library.
    Signing,
    /// The signature does not belong to the message and the key.
    BadSignature,
    /// The signature algorithm does not go with this kind of key.
    AlgorithmMismatch,
    /// There is no private key in the text.
    NoKey,
    /// The key is under a passphrase, and none was given.
    Passphrase,
    /// The key is under another passphrase.
    WrongPassphrase,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Generation(reason) => write!(f, "key generation failed: {reason}"),
            Self::Malformed(form) => write!(f, "malformed {form}"),
            Self::Unsupported(algorithm) => write!(f, "unsupported key algorithm {algorithm}"),
            Self::NoSuchFormat => f.write_str("the key has no encoding in that format"),
            Self::Signing => f.write_str("signing failed"),
            Self::BadSignature => f.write_str("signature verification failed"),
            Self::AlgorithmMismatch => {
                f.write_str("the signature algorithm does not match the key")
            }
            Self::NoKey => f.write_str("there is no private key in it"),
            Self::Passphrase => f.write_str("the key needs a passphrase"),
            Self::WrongPassphrase => f.write_str("the passphrase is another one"),
        }
    }
}

impl std::error::Error for KeyError {}
