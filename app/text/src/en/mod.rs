//! English.

pub mod findings;
pub mod readme;
pub mod ui;
