//! The Kubernetes PKI pipelines of PKI Workbench.
//!
//! ```text
//! design → plan → issue → bundle          a layout becomes files
//!                   outside               … signed by a CA whose key is elsewhere
//! detect → decode → explain               a paste becomes an answer
//! request → review → sign                 a CSR becomes a certificate
//! ```

pub mod bundle;
pub mod compare;
pub mod decode;
pub mod design;
pub mod detect;
pub mod explain;
mod gzip;
mod hash;
pub mod issue;
pub mod key;
pub mod order;
pub mod outside;
pub mod plan;
pub mod request;
pub mod review;
pub mod sign;
pub mod verify;
pub mod yaml;
