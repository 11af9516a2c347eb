//! Bytes to typed objects that borrow from them.
//!
//! The reader here is our own, and more patient than the one that issuing uses: it takes BER where
//! DER is demanded, keeps every offset, and notes a fault instead of stopping, so that a broken
//! certificate is shown as far as it goes with the fault marked where it is.
//! What a strict parser says to the same bytes is a separate question ([`strict`]).
//!
//! No function here panics, indexes, or recurses deeper than [`MAX_DEPTH`], whatever the bytes.

mod certificate;
mod crl;
mod extension;
mod hex;
mod identifier;
mod key;
mod moment;
mod name;
mod problem;
mod reader;
mod request;
mod severity;
mod string;
mod tree;

pub use certificate::{Certificate, CertificateStart, strict};
pub use crl::{RevocationList, Revoked};
pub use extension::{
    AuthorityKeyIdentifier, BasicConstraints, Extension, GeneralName, KEY_USAGES,
    authority_key_identifier, basic_constraints, general_names, key_purposes, key_usage,
    subject_key_identifier,
};
pub use hex::{decimal, hex, joined, magnitude};
pub use identifier::{Named, Oid, lookup, oid};
pub use key::{
    AlgorithmIdentifier, KeyKind, PrivateKeyInfo, PublicKeyInfo, may_be_private_key, private_key,
    public_key_from_pkcs1,
};
pub(crate) use key::{bit_length, curve_bits};
pub use moment::moment;
pub use name::{Attribute, Name};
pub use problem::{Fault, Finding, Problem, Severity};
pub use reader::{Class, MAX_DEPTH, Reader, Tlv, tag};
pub use request::CertificationRequest;
pub use string::{StringKind, text_of};
pub(crate) use tree::whole_tree;
pub use tree::{MOST_ROWS, Tree, TreeRow, tree};
