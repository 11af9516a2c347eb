//! A list as chips: each entry by itself, with what is wrong with it, and a field for one more.

use super::live::{live, live_rows};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use pki_core::design::Finding;
use pki_text::en::ui::form as words;

use super::field::{
    Hint, described_by, field_id, finding_line, has_error, invalid, severity_class,
};
use super::machines::{is_separator, split};
use crate::platform;
use crate::state::{Announcer, Editor};

/// Findings beyond these are not written out; their chips are marked all the same.
const MOST_FINDINGS: usize = 3;

/// A list of names. What is being typed is its last entry already, so that it is checked at once;
/// Enter, a comma or a blank ends it, and Backspace in the empty field takes the last chip away.
///
/// `place` is where the list stands in the design, which may change; `id` is the field's.
#[component]
pub(crate) fn ListField(
    #[prop(into)] place: Signal<String>,
    #[prop(optional, into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional)] hint: &'static str,
    list: Memo<Vec<String>>,
    #[prop(into)] on_input: Callback<(Vec<String>,)>,
) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let id = if id.is_empty() { place.with_untracked(|place| field_id(place)) } else { id };
    let found = Memo::new(move |_| {
        let place = place.get();
        editor.checked.with(|checked| checked.at(&place))
    });
    let draft = RwSignal::new(String::new());
    let has_draft = move || draft.with(|draft| !draft.is_empty());
    // A list that was changed elsewhere does not end with what is being typed here.
    Effect::new(move |_| {
        let ends = list.with(|list| draft.with_untracked(|draft| list.last() == Some(draft)));
        if !ends && has_draft() {
            draft.set(String::new());
        }
    });
    let chips =
        Memo::new(move |_| list.with(|list| list.len().saturating_sub(usize::from(has_draft()))));
    let typed = move |event| {
        let value = platform::event_value(&event);
        let mut all = list.get_untracked();
        all.truncate(chips.get_untracked());
        let parts = split(&value);
        let is_ended = value.ends_with(is_separator);
        let rest = if is_ended { String::new() } else { parts.last().cloned().unwrap_or_default() };
        all.extend(parts);
        // A draft that stays empty would not be written back over a paste that ends in a comma.
        platform::put_event_value(&event, &rest);
        draft.set(rest);
        on_input.run((all,));
        if is_ended {
            editor.pause();
        }
    };
    let field = id.clone();
    let remove = move |index: usize| {
        let mut all = list.get_untracked();
        if index < all.len() {
            let gone = all.remove(index);
            editor.pause();
            on_input.run((all,));
            editor.pause();
            announcer.say(words::chip_removed(&gone));
            platform::focus(&field);
        }
    };
    let last = remove.clone();
    let key = move |event: KeyboardEvent| match event.key().as_str() {
        // The form must not be sent, nor a composition be ended, by it.
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            draft.set(String::new());
            editor.pause();
        }
        "Backspace" if !has_draft() => {
            if let Some(index) = chips.get_untracked().checked_sub(1) {
                event.prevent_default();
                last(index);
            }
        }
        _ => {}
    };
    let ends = move |_| draft.set(String::new());
    let name = label.clone();
    let chip = move |index: usize| {
        let text =
            Memo::new(move |_| list.with(|list| list.get(index).cloned().unwrap_or_default()));
        let here = Memo::new(move |_| {
            let place = place.with(|place| format!("{place}[{index}]"));
            found.with(|found| found.iter().find(|found| found.place == place).cloned())
        });
        let class = move || match here.with(|here| here.as_ref().map(Finding::severity)) {
            Some(severity) => format!("chip {}", severity_class(severity)),
            None => "chip".to_owned(),
        };
        let wrong = move || here.with(|here| here.as_ref().map(words::chip_wrong));
        let (remove, list_name) = (remove.clone(), name.clone());
        view! {
            <li class=class>
                <span>{text}</span>
                {live(move || wrong().map(|wrong| view! { <span class="out-of-sight">{wrong}</span> }))}
                <button type="button"
                    aria-label=move || text.with(|text| words::remove_chip(text, &list_name))
                    on:click=move |_| remove(index)>"×"</button>
            </li>
        }
    };
    let lines = live(move || {
        found.with(|found| {
            let entry = |finding: &Finding| {
                let place = place.get_untracked();
                let index = finding.place.strip_prefix(&place)?.strip_prefix('[')?;
                let index: usize = index.strip_suffix(']')?.parse().ok()?;
                list.with_untracked(|list| list.get(index).cloned())
            };
            let shown = found.iter().take(MOST_FINDINGS);
            shown.map(|one| finding_line(editor, one, entry(one))).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="field">
            <label for=id.clone()>{label.clone()}</label>
            <div class="chips" class:invalid=move || found.with(|found| has_error(found))>
                <ul role="list" aria-label=label>
                    {live_rows(move || chips.get(), move |index| chip(index).into_any())}
                </ul>
                <input type="text" id=id.clone() autocomplete="off" autocapitalize="none"
                    spellcheck="false" aria-describedby=described_by(&id)
                    aria-invalid=invalid(found) prop:value=draft
                    on:input=typed on:keydown=key on:blur=ends />
            </div>
            <Hint id=id.clone() text=hint />
            <div class="found" id=format!("{id}-found")>{lines}</div>
        </div>
    }
}
