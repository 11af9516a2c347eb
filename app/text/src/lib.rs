//! Every sentence that a person reads in PKI Workbench, in one place by language.
//!
//! The core answers in codes and data; this crate turns them into sentences for the page, for the
//! examples in the terminal and for the README inside the tarball.
//! A further language is a folder beside [`en`] with the same functions.

pub mod en;
