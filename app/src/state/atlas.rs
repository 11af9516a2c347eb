//! What a person looks at on the map and beside it, kept while other views are open.

use leptos::prelude::*;
use pki_core::plan::ItemId;
use pki_core::plan::flows::{Flag, Party};

use crate::platform;
use crate::route::Route;

/// What a person chose on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    Party(Party),
    Link(Party, Party),
    Authority(ItemId),
    Flag(Flag),
}

impl Chosen {
    /// Chooses this, or nothing if it is chosen already.
    pub(crate) fn toggle(self, chosen: RwSignal<Option<Self>>) {
        chosen.update(|chosen| *chosen = (*chosen != Some(self)).then_some(self));
    }
}

/// Id of the place where the map tells about what is chosen.
pub(crate) const PANEL: &str = "map-panel";

/// Id of the place where Generate tells about a file.
pub(crate) const DETAIL: &str = "detail";

/// A handle on it.
#[derive(Clone, Copy)]
pub(crate) struct Atlas {
    pub(crate) chosen: RwSignal<Option<Chosen>>,
    /// The name of the layout to compare with; empty for what was pasted.
    pub(crate) other: RwSignal<String>,
    /// The design to compare with, as it was pasted.
    pub(crate) pasted: RwSignal<String>,
}

impl Atlas {
    /// Nothing is chosen. Compared is with the layout that the design is least like.
    pub(crate) fn new() -> Self {
        let other = pki_core::design::LayoutName::FiveFlows.name().to_owned();
        Self {
            chosen: RwSignal::new(None),
            other: RwSignal::new(other),
            pasted: RwSignal::new(String::new()),
        }
    }

    /// Shows something on the map, and takes the keyboard there.
    pub(crate) fn show(self, what: Chosen) {
        self.chosen.set(Some(what));
        platform::go_to(Route::Map.href(), PANEL);
    }
}
