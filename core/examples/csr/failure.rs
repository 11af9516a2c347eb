//! Why a command comes to nothing, and with which exit status.

use std::fmt;

/// A command that came to nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The review says no: exit status 1.
    Refused(String),
    /// What was given cannot be used: exit status 2.
    Input(String),
    /// The answer could not be written: exit status 2.
    Output(String),
}

impl Failure {
    pub(crate) fn input(what: &str, error: &dyn fmt::Display) -> Self {
        Self::Input(format!("{what}: {error}"))
    }

    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Input(_) | Self::Output(_) => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(reason) | Self::Input(reason) | Self::Output(reason)) = self;
        f.write_str(reason)
    }
}
