//! The views.

pub(crate) mod decode;
pub(crate) mod generate;
