//! English.

mod anonymous;
pub mod benchmark;
pub mod bring;
pub mod compare;
pub mod csr;
pub mod csr_view;
pub mod decode_view;
pub mod explain;
pub mod findings;
pub mod flows;
pub mod layout;
pub mod map_view;
pub mod meaning;
pub mod outside;
pub mod readme;
pub mod relations;
pub mod review;
pub mod risks;
pub mod sheet;
pub mod takers;
pub mod ui;
pub mod why;
