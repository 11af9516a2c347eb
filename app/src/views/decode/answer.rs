//! The answer to a paste: a card for each object, page by page.

use std::sync::Arc;

use leptos::prelude::*;
use pki_text::en::decode_view as words;

use super::Paste;
use crate::components::{remark_list, sheet_card};
use crate::sheet::{Answer, PAGE};
use crate::worker::Stopped;

pub(super) fn answer_view(paste: Paste, answer: Result<Arc<Answer>, Stopped>) -> AnyView {
    let Ok(answer) = answer else {
        return view! { <p class="remark tone-bad">{words::FAILED}</p> }.into_any();
    };
    if answer.total == 0 {
        return not_recognised(&answer);
    }
    let cards: Vec<_> = answer.sheets.iter().cloned().map(sheet_card).collect();
    view! {
        <h2 class="out-of-sight">{words::ANSWER}</h2>
        {(answer.total > 1).then(|| view! { <p class="found">{words::found(answer.total)}</p> })}
        {remark_list(answer.remarks.clone())}
        {related_view(&answer)}
        {pager(paste, &answer)}
        {cards}
        {pager(paste, &answer)}
    }
    .into_any()
}

/// What the objects have to do with each other.
fn related_view(answer: &Answer) -> Option<AnyView> {
    let list = remark_list(answer.related.clone())?;
    Some(
        view! { <section class="card related"><h3>{words::RELATED}</h3>{list}</section> }
            .into_any(),
    )
}

/// The way to the earlier and later objects, where one page does not hold all.
fn pager(paste: Paste, answer: &Answer) -> Option<AnyView> {
    let (from, total) = (answer.from, answer.total);
    let until = from + answer.sheets.len();
    if total <= PAGE {
        return None;
    }
    Some(
        view! {
            <div class="pager">
                <button
                    type="button"
                    disabled=from == 0
                    on:click=move |_| paste.turn_to(from.saturating_sub(PAGE))
                >
                    {words::EARLIER}
                </button>
                <p>{words::shown(from, until, total)}</p>
                <button
                    type="button"
                    disabled={until >= total}
                    on:click=move |_| paste.turn_to(until)
                >
                    {words::LATER}
                </button>
            </div>
        }
        .into_any(),
    )
}

fn not_recognised(answer: &Answer) -> AnyView {
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
