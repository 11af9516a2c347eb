//! How much each problem matters.

use super::{Fault, Problem, Severity};

impl Problem {
    pub(crate) fn at(self, offset: usize) -> Fault {
        Fault { offset, problem: self }
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match self {
            Self::BadString { string, character: '*' | '&' } if string == "PrintableString" => {
                // Go takes them.
                Severity::Warning
            }
            Self::InvisibleCharacters
            | Self::NothingInObject { .. }
            | Self::PemIndented
            | Self::PemOneLine
            | Self::PemEscaped
            | Self::PemQuoted
            | Self::PemPrefixed { .. }
            | Self::PemAfterMark
            | Self::PemUtf16
            | Self::PemHeaders { .. }
            | Self::ApiGone { .. }
            | Self::NoSignerName
            | Self::PemLabelRefused { .. }
            | Self::PemLabelWrong { .. }
            | Self::Base64Unpadded
            | Self::Base64Url
            | Self::Base64Twice
            | Self::WrongTimeType
            | Self::TimeForm
            | Self::StringType { .. }
            | Self::DefaultWritten
            | Self::ExtensionsBeforeV3
            | Self::ZeroSerial
            | Self::LongSerial { .. }
            | Self::UnknownCritical { .. }
            | Self::UnknownStructure
            | Self::TooMany { .. }
            | Self::ArchiveNothing { .. }
            | Self::ArchivePath { .. }
            | Self::TokenPresent
            | Self::MappedIpAddress { .. }
            | Self::Revoked { .. }
            | Self::ListExpired
            | Self::PrivateKeyPresent => Severity::Warning,
            Self::PemEmpty
            | Self::LooksLike { .. }
            | Self::ArchiveLink { .. }
            | Self::ListRevokes { .. } => Severity::Info,
            _ => Severity::Error,
        }
    }
}
