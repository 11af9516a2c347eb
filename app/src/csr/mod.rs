//! The CSR desk's work, done in a worker of its own: what is asked, and the answers as plain data.
//!
//! The window sends an [`Ask`] and draws the [`Answer`] that comes back; it knows no rules. Secrets
//! travel beside the JSON, as bytes that both sides wipe.

mod attach;
mod card;
mod circumstances;
mod clerk;
mod course;
mod message;
mod request;
mod review;
mod sign;
mod work;

pub(crate) use clerk::{Clerk, Closed};
pub(crate) use message::{
    Answer, Ask, AttachAsk, CourseAsk, File, Line, MakeAsk, ReviewAsk, SignAsk,
};
pub(crate) use request::asked_like;
pub(crate) use work::Desk;
