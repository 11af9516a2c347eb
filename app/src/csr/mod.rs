//! The CSR desk's work, done in a worker of its own: what is asked, and the answers as plain data.
//!
//! The window sends an [`Ask`] and draws the [`Told`] that comes back; it knows no rules. Secrets
//! travel beside the JSON, as bytes that both sides wipe.

mod clerk;
mod message;
mod review;
mod work;

pub(crate) use clerk::{Clerk, Closed};
pub(crate) use message::{Answer, Ask, File, Line, ReviewAsk};
pub(crate) use work::Desk;
