//! What can be wrong with an archive.

use std::fmt;

use crate::bundle::KubeconfigError;
use crate::key::KeyError;

/// A fault, and the file that it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// Path in the archive; empty for the archive as a whole.
    pub path: String,
    /// What is wrong.
    pub problem: VerifyProblem,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return self.problem.fmt(f);
        }
        write!(f, "{}: {}", self.path, self.problem)
    }
}

impl std::error::Error for VerifyError {}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyProblem {
    /// The archive itself cannot be read; the text is the reader's reason.
    Unreadable(String),
    /// A planned file is missing.
    Missing,
    /// A file that nobody planned.
    Unplanned,
    /// A path that could escape the folder it is unpacked in, or an entry that is no file.
    UnsafeEntry,
    /// Mode bits differ from the plan's.
    Mode {
        /// What stands in the archive.
        found: u32,
        /// What the plan says.
        planned: u32,
    },
    /// Owner or group is not root.
    Owner,
    /// The checksum does not match.
    Checksum,
    /// Not UTF-8.
    NotText,
    /// The design leads to another plan.
    DesignDiffers,
    /// No single PEM block of the expected label.
    Pem,
    /// The certificate cannot be parsed.
    Malformed,
    /// The plan names no certificate for this file's item.
    NoCertificate,
    /// Subject or issuer is not the planned one.
    Subject,
    /// The issuer's name or key identifier is not that of the CA.
    Issuer,
    /// The signature is not by the CA.
    Signature,
    /// Not valid at the moment of issue, or for longer than its CA.
    Validity,
    /// The key's algorithm is not the planned one.
    Algorithm,
    /// keyUsage, extendedKeyUsage or basicConstraints are not those of the profile.
    Usage,
    /// The subject alternative names are not the planned ones.
    Names,
    /// The name constraints are not the planned ones.
    Constraints,
    /// The name constraints of a CA above forbid one of its names.
    Forbidden(String),
    /// A copy of a certificate or key differs from the others.
    CopyDiffers,
    /// The CAs between a certificate and its root do not stand behind it.
    Intermediates,
    /// The private key cannot be read.
    Key(KeyError),
    /// The private key is not in the form that Kubernetes components read.
    KeyForm,
    /// The private key is another certificate's.
    KeyMismatch,
    /// The token is none, or copies of it differ.
    Token,
    /// The serial number is not the CA's.
    Serial,
    /// The Secret is not the planned one.
    Secret,
    /// The settings are not those of the plan.
    Settings,
    /// What was made on request is not what was planned, or not of the keys in the archive.
    Extra,
    /// A setting names a file that the machine does not get.
    SettingFile {
        /// The setting's name.
        setting: String,
    },
    /// A setting's key is not that of the certificate beside it.
    SettingPair {
        /// The name of the key's setting.
        setting: String,
    },
    /// The kubeconfig cannot be read.
    Kubeconfig(KubeconfigError),
    /// The kubeconfig's CA is not `ca.crt`, byte for byte.
    KubeconfigCa,
    /// The kubeconfig's server, cluster or user is not the planned one.
    KubeconfigFields,
}

impl VerifyProblem {
    pub(super) fn at(self, path: &str) -> VerifyError {
        VerifyError { path: path.to_owned(), problem: self }
    }
}

impl fmt::Display for VerifyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Unreadable(reason) => return write!(f, "the archive cannot be read: {reason}"),
            Self::Mode { found, planned } => {
                return write!(f, "mode {found:o} instead of {planned:o}");
            }
            Self::Key(error) => return error.fmt(f),
            Self::Kubeconfig(error) => return error.fmt(f),
            Self::SettingFile { setting } => {
                return write!(f, "--{setting} names a file that the machine does not get");
            }
            Self::SettingPair { setting } => {
                return write!(f, "--{setting} names another key than its certificate's");
            }
            Self::Forbidden(name) => {
                return write!(f, "name constraints of a CA above forbid {name}");
            }
            Self::Constraints => "name constraints are not the planned ones",
            Self::Token => "token is not the planned one",
            Self::Serial => "serial number is not the CA's",
            Self::Secret => "Secret is not the planned one",
            Self::Settings => "settings are not the planned ones",
            Self::Extra => "not what was asked for, or of other keys than those in the archive",
            Self::Missing => "file is missing",
            Self::Unplanned => "file is not in the plan",
            Self::UnsafeEntry => "not a plain file at a relative path",
            Self::Owner => "owner is not root",
            Self::Checksum => "checksum does not match",
            Self::NotText => "not UTF-8",
            Self::DesignDiffers => "leads to another plan",
            Self::Pem => "not one PEM block of the expected label",
            Self::Malformed => "malformed certificate",
            Self::NoCertificate => "no certificate is planned for it",
            Self::Subject => "subject is not the planned one",
            Self::Issuer => "issuer is not the planned CA",
            Self::Signature => "signature is not by the planned CA",
            Self::Validity => "validity is not the planned one",
            Self::Algorithm => "key algorithm is not the planned one",
            Self::Usage => "key usages are not the planned ones",
            Self::Names => "subject alternative names are not the planned ones",
            Self::CopyDiffers => "copies of one object differ",
            Self::Intermediates => {
                "the CAs between the certificate and its root do not stand behind it"
            }
            Self::KeyForm => "private key is not in the form that Kubernetes reads",
            Self::KeyMismatch => "private key belongs to another certificate",
            Self::KubeconfigCa => "certificate-authority-data is not ca.crt",
            Self::KubeconfigFields => "server, cluster or user is not the planned one",
        };
        f.write_str(text)
    }
}
