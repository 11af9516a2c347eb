//! A long list of which only the lines in sight exist, and the keys that move in it.
//!
//! The list has the keyboard, not its lines: whichever of them are drawn anew, the keyboard stays.

use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use crate::platform;

/// Height of a line in CSS pixels, as in the style sheet.
const LINE: usize = 44;
/// Lines that are kept above and below those in sight.
pub(crate) const BESIDE: usize = 10;
/// Lines that a key for a page moves by.
const STRIDE: usize = 8;

/// What a list is made of.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    /// Its id, which those of its lines begin with.
    pub(crate) id: &'static str,
    /// `listbox` or `tree`.
    pub(crate) role: &'static str,
    pub(crate) label: &'static str,
    /// How many lines there are altogether.
    pub(crate) total: Signal<usize>,
    /// Whether they are too many to stand on the page one below the other.
    pub(crate) long: Signal<bool>,
    /// The line that the keyboard is on.
    pub(crate) at: RwSignal<usize>,
    /// Told the numbers of the first line in sight and of the one after the last.
    pub(crate) seen: Callback<(usize, usize)>,
    /// What another key, or a press as `Enter`, does to a line: the line to be on then, if
    /// anything.
    pub(crate) act: Callback<(String, usize), Option<usize>>,
}

impl Window {
    /// The id of a line.
    pub(crate) fn line_id(&self, at: usize) -> String {
        format!("{}-{at}", self.id)
    }

    /// The first line becomes the one that the keyboard is on, and stands at the top.
    pub(crate) fn rewind(self) {
        self.at.set(0);
        platform::scroll_to(self.id, 0);
    }

    fn go(self, at: usize) {
        self.at.set(at);
        // The scroll asks for what is missing, but comes only after the line was looked for.
        platform::scroll_into(self.id, at * LINE, LINE);
        let first = at.saturating_sub(STRIDE);
        self.seen.run((first, first + 2 * STRIDE + 1));
        platform::reveal(&self.line_id(at));
    }

    fn key(self, event: &KeyboardEvent) {
        let last = self.total.get_untracked().saturating_sub(1);
        let now = self.at.get_untracked().min(last);
        let next = match event.key().as_str() {
            "ArrowDown" => now + 1,
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => now + STRIDE,
            "PageUp" => now.saturating_sub(STRIDE),
            "Home" => 0,
            "End" => last,
            other => match self.act.run((other.to_owned(), now)) {
                Some(next) => next,
                None => return,
            },
        };
        event.prevent_default();
        // Whatever was opened stays in sight, too.
        if next != now {
            self.go(next.min(last));
        }
    }

    /// The list; `lines` are those in sight.
    pub(crate) fn view(self, lines: AnyView) -> AnyView {
        let scrolled = move |event: Event| {
            if let Some((top, height)) = platform::event_scroll(&event) {
                let first = top / LINE;
                self.seen.run((first, first + height / LINE + 1));
            }
        };
        let press = move |event: MouseEvent| {
            if let Some(at) = platform::event_number(&event, "data-line") {
                self.at.set(at);
                self.act.run(("Enter".to_owned(), at));
            }
        };
        view! {
            <div
                class="list"
                class:short=move || !self.long.get()
                id=self.id
                role=self.role
                tabindex="0"
                aria-label=self.label
                aria-activedescendant=move || self.line_id(self.at.get())
                on:scroll=scrolled
                on:click=press
                on:keydown=move |event| self.key(&event)
            >
                <div class="list-all" role="presentation"
                    style:--lines=move || self.total.get().to_string()>
                    {lines}
                </div>
            </div>
        }
        .into_any()
    }

    /// One of the lines.
    pub(crate) fn line(self, at: usize, line: Line) -> AnyView {
        let Line { class, place, of, level, open, selected, body } = line;
        view! {
            <div
                class=class
                class:here=move || self.at.get() == at
                role=if level == 0 { "option" } else { "treeitem" }
                id=self.line_id(at)
                data-line=at.to_string()
                attr:aria-level=(level > 0).then(|| level.to_string())
                aria-expanded=open.map(|open| if open { "true" } else { "false" })
                aria-selected=move || if selected() { "true" } else { "false" }
                aria-posinset=(place + 1).to_string()
                aria-setsize=of.to_string()
                style:--at=at.to_string()
            >
                {body}
            </div>
        }
        .into_any()
    }
}

/// What a line is made of.
pub(crate) struct Line {
    /// `line` and more.
    pub(crate) class: &'static str,
    /// Its place among those beside it, from 0.
    pub(crate) place: usize,
    /// How many stand beside each other there.
    pub(crate) of: usize,
    /// How deep it lies in a tree, from 1; 0 in a list.
    pub(crate) level: usize,
    /// Whether it is open, if it can be.
    pub(crate) open: Option<bool>,
    pub(crate) selected: Box<dyn Fn() -> bool + Send>,
    pub(crate) body: AnyView,
}

/// A field for what is looked for in a list, and how much of that there is.
pub(crate) fn filter_field(
    id: &'static str,
    label: &'static str,
    typed: Box<dyn Fn(String)>,
    found: AnyView,
) -> AnyView {
    view! {
        <label for=id>{label}</label>
        <input type="search" id=id autocomplete="off" spellcheck="false"
            on:input=move |event| typed(platform::event_value(&event)) />
        <p class="hint">{found}</p>
    }
    .into_any()
}
