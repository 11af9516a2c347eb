//! A field that holds a list as text: what was typed stays as it was typed.

use leptos::prelude::*;

use super::field::{Found, Hint, described_by, field_id, findings_at, invalid};
use crate::platform;

/// Takes a list apart: commas, semicolons and white space are all the same.
pub(crate) fn split(text: &str) -> Vec<String> {
    text.split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The text of a list that is edited in place: as typed while it means what the design says, and
/// anew from the design when that was changed elsewhere.
pub(crate) fn typed_list(list: Memo<Vec<String>>) -> RwSignal<String> {
    let text = RwSignal::new(list.with_untracked(|list| list.join(", ")));
    Effect::new(move |_| {
        list.with(|list| {
            if text.with_untracked(|text| split(text)) != *list {
                text.set(list.join(", "));
            }
        });
    });
    text
}

/// A list in one line, or in several.
#[component]
pub(crate) fn ListField(
    #[prop(into)] place: String,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] lines: bool,
    list: Memo<Vec<String>>,
    on_input: impl Fn(Vec<String>) + 'static,
) -> impl IntoView {
    let id = field_id(&place);
    let found = findings_at(place);
    let text = typed_list(list);
    let typed = move |event| {
        let value = platform::event_value(&event);
        let list = split(&value);
        text.set(value);
        on_input(list);
    };
    let described = described_by(&id);
    let input = if lines {
        view! {
            <textarea id=id.clone() rows="2" spellcheck="false" aria-describedby=described
                aria-invalid=invalid(found) prop:value=text on:input=typed></textarea>
        }
        .into_any()
    } else {
        view! {
            <input type="text" id=id.clone() autocomplete="off" spellcheck="false"
                aria-describedby=described aria-invalid=invalid(found)
                prop:value=text on:input=typed />
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            {input}
            <Hint id=id.clone() text=hint />
            <Found id=id found=found />
        </div>
    }
}
