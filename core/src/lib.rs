//! The Kubernetes PKI pipelines of PKI Workbench.
//!
//! ```text
//! design → plan → issue → bundle          a layout becomes files
//! detect → decode → explain               a paste becomes an answer
//! ```
