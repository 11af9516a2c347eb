//! English.

pub mod explain;
pub mod findings;
pub mod meaning;
pub mod readme;
pub mod ui;
