//! Labelled fields over one signal each.

use leptos::prelude::*;
use pki_text::en::csr_view as words;

use crate::components::field;
use crate::platform;
use crate::platform::Bytes;

/// One line of text.
pub(super) fn text_field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    line_field(id, label, hint, value, "text")
}

/// One line of which only dots are shown.
pub(super) fn secret_field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    line_field(id, label, hint, value, "password")
}

fn line_field(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    value: RwSignal<String>,
    kind: &'static str,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input type=kind id=id autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-describedby=hint_id(id) prop:value=value
                on:input=move |event| value.set(platform::event_value(&event)) />
            <p class="hint" id=hint_id(id)>{hint}</p>
        </div>
    }
    .into_any()
}

/// Several lines of text.
pub(super) fn area(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    rows: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea id=id rows=rows spellcheck="false" autocomplete="off" autocapitalize="off"
                aria-describedby=hint_id(id) prop:value=value
                on:input=move |event| value.set(platform::event_value(&event))></textarea>
            <p class="hint" id=hint_id(id)>{hint}</p>
        </div>
    }
    .into_any()
}

/// An area that files can be opened into, with a button that empties it.
pub(super) fn file_area(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    rows: &'static str,
    value: RwSignal<String>,
) -> AnyView {
    let choose = move |event| {
        platform::read_chosen(&event, move |_, bytes| value.set(text_of(bytes)));
    };
    let clear = move |_| {
        value.set(String::new());
        platform::focus(id);
    };
    view! {
        <div class="paste">
            {area(id, label, hint, rows, value)}
            <div class="paste-tools">
                <label class="button file-button">
                    {words::OPEN}
                    <input type="file" class="out-of-sight" aria-label=words::open(label)
                        on:change=choose />
                </label>
                <button type="button" on:click=clear aria-label=words::clear(label)
                    disabled=move || value.with(String::is_empty)>{words::CLEAR}</button>
            </div>
        </div>
    }
    .into_any()
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

/// What was opened or dropped, as text; bytes that are none are shown in hexadecimal, which every
/// reader of the desk takes.
pub(super) fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut digits = String::new();
        for octet in error.as_bytes() {
            for digit in [octet >> 4, octet & 15] {
                digits.extend(char::from_digit(u32::from(digit), 16));
            }
        }
        digits
    })
}

/// One of several choices: what it stands for, and its words.
pub(super) fn choice(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    options: &[(&'static str, &'static str)],
    value: RwSignal<String>,
) -> AnyView {
    let options: Vec<_> = options
        .iter()
        .map(|(name, text)| {
            let selected = value.with_untracked(|value| value == name);
            view! { <option value=*name selected=selected>{*text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id aria-describedby=hint_id(id) prop:value=move || value.get()
                on:change=move |event| value.set(platform::event_value(&event))>
                {options}
            </select>
            <p class="hint" id=hint_id(id)>{hint}</p>
        </div>
    }
    .into_any()
}

/// Keys that the desk makes, the quick ones first.
pub(super) fn algorithm_choice(id: &'static str, value: RwSignal<String>) -> AnyView {
    let options = ["ecdsa-p256", "ecdsa-p384", "ed25519", "rsa-2048", "rsa-3072", "rsa-4096"]
        .map(|name| (name, pki_text::en::ui::form::algorithm(name)));
    choice(id, words::ALGORITHM, words::ALGORITHM_HINT, &options, value)
}

pub(super) fn check(label: &'static str, value: RwSignal<bool>) -> AnyView {
    field::check(label, move || value.get(), move |on| value.set(on))
}

/// An empty field.
pub(super) fn blank() -> RwSignal<String> {
    RwSignal::new(String::new())
}

/// What is typed, for the worker.
pub(super) fn bytes_of(value: RwSignal<String>) -> Bytes {
    value.with_untracked(|text| Bytes::new(text.as_bytes().to_vec()))
}
