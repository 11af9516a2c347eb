//! The answer to a paste: what can be done with it, and a card for each object or a list of them.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::design::LINK_KEY;
use pki_text::en::decode_view as words;

use super::Paste;
use super::ancestry::ancestry_view;
use super::expiry::expiry_view;
use super::list::list_view;
use super::tools::tools_view;
use crate::components::{live, object_card, remark_list};
use crate::platform;
use crate::route::Route;
use crate::sheet::{Answer, PAGE, Sheet};
use crate::worker::{Ask, Desk, Stopped, Told};

pub(super) fn answer_view(paste: Paste, answer: Result<Arc<Answer>, Stopped>) -> AnyView {
    let Ok(answer) = answer else {
        return view! { <p class="remark tone-bad">{words::FAILED}</p> }.into_any();
    };
    if answer.total == 0 {
        return not_recognised(&answer);
    }
    let opened = RwSignal::new(answer.sheets.first().cloned());
    let is_list = answer.total > PAGE;
    // In the list the object takes the place of the open one; else it is further down.
    let open = move |object: usize| {
        if !is_list {
            platform::focus(&format!("object-{object}-panel"));
            return;
        }
        paste.ask(Ask::Object(object), move |told, _| {
            if let Told::Sheet(sheet) = told {
                let _ = opened.try_set(Some(*sheet));
            }
        });
    };
    let cards = if is_list {
        let card = move || opened.get().map(card);
        view! { <div class="listed">{list_view(paste, &answer, opened, open)} <div>{live(card)}</div></div> }
            .into_any()
    } else {
        cards_view(Arc::clone(&answer))
    };
    view! {
        <h2 class="out-of-sight">{words::ANSWER}</h2>
        {tools_view(paste, answer.total)}
        {design_view(&answer)}
        {remark_list(answer.remarks.clone())}
        {related_view(&answer, open)}
        {answer.expiry.clone().map(|table| expiry_view(paste, table, open))}
        {cards}
    }
    .into_any()
}

/// Cards that are drawn in one go; twice as many would be felt while typing.
const AT_ONCE: usize = 4;

/// All cards, a few before each frame.
fn cards_view(answer: Arc<Answer>) -> AnyView {
    let drawn = RwSignal::new(AT_ONCE);
    draw_more(drawn, answer.sheets.len());
    let batches = (0..answer.sheets.len()).step_by(AT_ONCE).map(|first| {
        let answer = Arc::clone(&answer);
        let is_due = Memo::new(move |_| first < drawn.get());
        move || {
            let due = if is_due.get() { AT_ONCE } else { 0 };
            let sheets = answer.sheets.iter().skip(first).take(due);
            sheets.cloned().map(card).collect::<Vec<_>>()
        }
    });
    batches.collect::<Vec<_>>().into_any()
}

fn draw_more(drawn: RwSignal<usize>, count: usize) {
    if drawn.try_get_untracked().is_some_and(|drawn| drawn < count) {
        platform::at_next_idle(move || {
            // None when another answer has taken the place of this one.
            let _ = drawn.try_update(|drawn| *drawn += AT_ONCE);
            draw_more(drawn, count);
        });
    }
}

fn card(sheet: Sheet) -> AnyView {
    object_card(sheet, Desk::Paste)
}

/// So many lines of how objects belong together are shown at once: below them are the objects.
const SHOWN: usize = 8;

/// What the objects have to do with each other.
fn related_view(
    answer: &Answer,
    open: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> Option<AnyView> {
    let drawing = ancestry_view(answer.ancestry.clone(), open);
    let mut first = answer.related.clone();
    // One line is not worth a fold.
    let rest = if first.len() > SHOWN + 1 { first.split_off(SHOWN) } else { Vec::new() };
    let count = rest.len();
    let rest = remark_list(rest).map(|rest| {
        view! { <details><summary>{words::more_remarks(count)}</summary>{rest}</details> }
    });
    let list = remark_list(first);
    (drawing.is_some() || list.is_some()).then(|| {
        let heading = view! { <h3>{words::RELATED}</h3> };
        view! { <section class="card related">{heading} {drawing} {list} {rest}</section> }
            .into_any()
    })
}

/// The way to the design that was pasted, alone or in an archive.
fn design_view(answer: &Answer) -> Option<AnyView> {
    let href = format!("{}?{LINK_KEY}{}", Route::Generate.href(), answer.design.as_ref()?);
    Some(view! { <p>{words::HOLDS_DESIGN}" "<a href=href>{words::OPEN_DESIGN}</a></p> }.into_any())
}

fn not_recognised(answer: &Answer) -> AnyView {
    if answer.design.is_some() {
        return view! { <div class="not-recognised">{design_view(answer)}</div> }.into_any();
    }
    let next: Vec<_> = words::TRY_NEXT.iter().map(|text| view! { <li>{*text}</li> }).collect();
    view! {
        <div class="not-recognised">
            <h2>{words::NOT_RECOGNISED}</h2>
            {remark_list(answer.remarks.clone())}
            <ul>{next}</ul>
        </div>
    }
    .into_any()
}
