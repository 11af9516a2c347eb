//! Asking for a certificate: key, PKCS#10, object, and the commands around them.
//!
//! The key never leaves the asker; what leaves is a PKCS#10 request (RFC 2986) inside a
//! CertificateSigningRequest, which somebody else approves and a signer signs.

mod attach;
mod commands;
mod issued;
mod names;
mod object;
mod park;
mod pkcs10;
mod rbac;
mod reminder;
mod template;
mod wish;
mod workshop;

pub use attach::{AttachError, Attached, AttachedServer, attach};
pub use commands::{
    ApproverCommands, AskerCommands, approver_commands, asker_commands, openssl_commands,
};
pub use object::{to_value, to_yaml};
pub use park::{Parked, park};
pub(crate) use pkcs10::sign_request;
pub use pkcs10::{encode, to_pem};
pub use rbac::{RbacNames, one_person as rbac_for_one_person, signer_role};
pub use reminder::{renewal_calendar, renewal_due};
pub use template::{Kind, Template};
pub use wish::{Wish, WishError};
pub use workshop::{
    Invitation, MOST_PEOPLE, Place, Workshop, WorkshopError, invitations, workshop,
};
