//! The views.

pub(crate) mod compare;
pub(crate) mod csr;
pub(crate) mod decode;
pub(crate) mod generate;
pub(crate) mod map;
