//! Many objects as a list, of which only the lines in sight exist.

use crate::components::live;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use pki_text::en::decode_view as words;

use super::Paste;
use crate::components::authority_mark;
use crate::platform;
use crate::sheet::{Answer, Line, Lines, PAGE, Sheet};
use crate::state::Announcer;
use crate::worker::{Ask, Told};

/// Height of a line in CSS pixels, as in the style sheet.
const LINE: usize = 44;
/// Lines that are kept above and below those in sight.
const BESIDE: usize = 10;
/// Lines that a key for a page moves by.
const STRIDE: usize = 8;
/// Id of the list.
const LIST: &str = "objects";

/// What the list shows.
#[derive(Clone, Copy)]
struct Listing {
    paste: Paste,
    filter: RwSignal<String>,
    lines: RwSignal<Lines>,
    /// The chosen line.
    at: RwSignal<usize>,
}

impl Listing {
    /// Asks for the lines around those in sight, if they are not there.
    fn fetch(self, first: usize, height: usize) {
        let last = first + height / LINE + 1;
        let there = self.lines.with_untracked(|lines| {
            let until = lines.from + lines.lines.len();
            lines.from <= first && (last <= until || until >= lines.total)
        });
        if there {
            return;
        }
        let from = first.saturating_sub(BESIDE);
        self.ask(from, last + BESIDE - from);
    }

    fn ask(self, from: usize, count: usize) {
        let ask = Ask::Lines { filter: self.filter.get_untracked(), from, count };
        self.paste.ask(ask, move |told, _| {
            if let Told::Lines(lines) = told {
                let _ = self.lines.try_set(lines);
            }
        });
    }

    /// The object of the chosen line, once its line is there.
    fn chosen(self) -> Option<usize> {
        let at = self.at.get();
        self.lines.with(|lines| {
            let line = at.checked_sub(lines.from).and_then(|index| lines.lines.get(index));
            line.map(|line| line.index)
        })
    }
}

pub(super) fn list_view(
    paste: Paste,
    answer: &Answer,
    opened: RwSignal<Option<Sheet>>,
    open: impl Fn(usize) + Copy + 'static,
) -> AnyView {
    let listing = Listing {
        paste,
        filter: RwSignal::new(String::new()),
        lines: RwSignal::new(answer.lines.clone()),
        at: RwSignal::new(0),
    };
    let chosen = Memo::new(move |_| listing.chosen());
    Effect::new(move |_| {
        if let Some(object) = chosen.get()
            && opened.with_untracked(|sheet| sheet.as_ref().map(|s| s.index) != Some(object))
        {
            open(object);
        }
    });
    let filtered = move |event| {
        listing.filter.set(platform::event_value(&event));
        listing.at.set(0);
        platform::scroll_to(LIST, 0);
        listing.ask(0, PAGE + BESIDE);
    };
    let total = move || listing.lines.with(|lines| lines.total);
    let found = move || match total() {
        0 => words::NONE_FOUND.to_owned(),
        total => words::lines_found(total),
    };
    let announcer = expect_context::<Announcer>();
    // What the filter leaves is said once it is known; the answer itself was said by the paste.
    Effect::watch(total, move |_, _, _| announcer.say(found()), false);
    view! {
        <div class="list-side">
            <label for="filter">{words::FILTER}</label>
            <input type="search" id="filter" autocomplete="off" spellcheck="false"
                on:input=filtered />
            <p class="hint">{live(found)}</p>
            {lines_view(listing)}
        </div>
    }
    .into_any()
}

fn lines_view(listing: Listing) -> AnyView {
    let total = move || listing.lines.with(|lines| lines.total);
    let scrolled = move |event: leptos::ev::Event| {
        if let Some((top, height)) = platform::event_scroll(&event) {
            listing.fetch(top / LINE, height);
        }
    };
    let press = move |event: leptos::ev::MouseEvent| {
        if let Some(at) = platform::event_number(&event, "data-line") {
            listing.at.set(at);
        }
    };
    let key = move |event: KeyboardEvent| {
        let last = listing.lines.with_untracked(|lines| lines.total).saturating_sub(1);
        let now = listing.at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowDown" => now + 1,
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => now + STRIDE,
            "PageUp" => now.saturating_sub(STRIDE),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        let next = next.min(last);
        listing.at.set(next);
        // Two lines stay in sight above it; the scroll asks for what is missing.
        platform::scroll_into(LIST, next * LINE, LINE);
        listing.fetch(next.saturating_sub(STRIDE), 2 * STRIDE * LINE);
    };
    let active = move || format!("line-{}", listing.at.get());
    let rows = move || {
        listing.lines.with(|lines| {
            let rows = lines.lines.iter().enumerate();
            rows.map(|(index, line)| line_view(listing, lines.from + index, lines.total, line))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div
            class="list"
            id=LIST
            role="listbox"
            tabindex="0"
            aria-label=words::LIST
            aria-activedescendant=active
            on:scroll=scrolled
            on:click=press
            on:keydown=key
        >
            <div class="list-all" role="presentation" style:--lines=move || total().to_string()>
                {live(rows)}
            </div>
        </div>
    }
    .into_any()
}

fn line_view(listing: Listing, at: usize, total: usize, line: &Line) -> AnyView {
    let selected = move || if listing.at.get() == at { "true" } else { "false" };
    let status = line.status.as_ref().map(|status| {
        view! { <span class=status.tone.class()>{status.text.clone()}</span> }
    });
    view! {
        <div
            class="line"
            role="option"
            id=format!("line-{at}")
            data-line=at.to_string()
            aria-selected=selected
            aria-posinset=(at + 1).to_string()
            aria-setsize=total.to_string()
            style:--at=at.to_string()
        >
            {authority_mark(line.ca)}
            <span class="line-title">{line.title.clone()}</span>
            <span class="line-kind">{line.kind.clone()} " " {status}</span>
        </div>
    }
    .into_any()
}
