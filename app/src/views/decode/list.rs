//! Many objects as a list, of which only the lines in sight exist.

use crate::components::live;
use crate::components::window::{self, BESIDE, Window, filter_field};
use leptos::prelude::*;
use pki_text::en::decode_view as words;

use super::Paste;
use crate::components::authority_mark;
use crate::sheet::{Answer, Line, Lines, PAGE, Sheet};
use crate::state::Announcer;
use crate::worker::{Ask, Told};

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
    fn fetch(self, first: usize, last: usize) {
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
    let total = move || listing.lines.with(|lines| lines.total);
    let window = Window {
        id: "objects",
        role: "listbox",
        label: words::LIST,
        total: Signal::derive(total),
        long: Signal::derive(|| true),
        at: listing.at,
        seen: Callback::new(move |(first, last)| listing.fetch(first, last)),
        act: Callback::new(|_| None),
    };
    let lines = move || {
        listing.lines.with(|lines| {
            let rows = lines.lines.iter().enumerate();
            rows.map(|(index, line)| line_view(window, lines.from + index, lines.total, line))
                .collect::<Vec<_>>()
        })
    };
    let filtered = move |text| {
        listing.filter.set(text);
        window.rewind();
        listing.ask(0, PAGE + BESIDE);
    };
    let found = move || match total() {
        0 => words::NONE_FOUND.to_owned(),
        total => words::lines_found(total),
    };
    let announcer = expect_context::<Announcer>();
    // What the filter leaves is said once it is known; the answer itself was said by the paste.
    Effect::watch(total, move |_, _, _| announcer.say(found()), false);
    view! {
        <div class="list-side">
            {filter_field("filter", words::FILTER, Box::new(filtered), live(found))}
            {window.view(live(lines))}
        </div>
    }
    .into_any()
}

fn line_view(window: Window, at: usize, total: usize, line: &Line) -> AnyView {
    let status = line.status.as_ref().map(|status| {
        view! { <span class=status.tone.class()>{status.text.clone()}</span> }
    });
    let body = view! {
        {authority_mark(line.ca)}
        <span class="line-title">{line.title.clone()}</span>
        <span class="line-kind">{line.kind.clone()} " " {status}</span>
    };
    window.line(
        at,
        window::Line {
            class: "line",
            place: at,
            of: total,
            level: 0,
            open: None,
            selected: Box::new(move || window.at.get() == at),
            body: body.into_any(),
        },
    )
}
