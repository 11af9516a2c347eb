//! The workers: what they are asked, how they answer, and the pool that the window keeps of them.

mod answer;
mod message;
mod pool;
mod reader;
mod run;
mod serve;
mod shelf;
mod source;
mod team;
mod wire;
mod write;

pub(crate) use message::{Failure, Reply, Request, Verified, Waits};
pub(crate) use pool::{Event, Pool};
pub(crate) use reader::{Ask, Desk, Reader, Stopped, Told};
pub(crate) use run::{Order, Outcome, Run};
pub(crate) use serve::serve;
pub(crate) use source::Source;
pub(crate) use wire::Kind;
