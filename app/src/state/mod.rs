//! What the page remembers: signals that views read, and the acts that change them.

mod atlas;
mod checked;
mod editor;
mod former;
mod generate;
mod history;
mod waiting;

pub(crate) use atlas::{Atlas, Chosen, DETAIL, PANEL};
pub(crate) use checked::{Checked, DEMO_SEED};
pub(crate) use editor::{Brought, Editor};
pub(crate) use generate::{Generate, Look, Made, Stage};
pub(crate) use waiting::Waiting;

use leptos::prelude::*;

/// The one place from which a screen reader is told what changed.
#[derive(Clone, Copy)]
pub(crate) struct Announcer(pub(crate) RwSignal<String>);

impl Announcer {
    pub(crate) fn say(self, text: impl Into<String>) {
        self.0.set(text.into());
    }
}
