//! English.

pub mod readme;
