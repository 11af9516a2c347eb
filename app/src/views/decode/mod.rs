//! The Decode view: paste anything, read what it is and what it means to Kubernetes.

mod answer;
mod empty;
mod examples;
mod paste;

pub(crate) use paste::Paste;

use leptos::prelude::*;
use pki_text::en::decode_view as words;

use crate::platform;
use answer::answer_view;
use empty::empty_view;

/// Id of the text box, for the skip link and the keyboard.
const BOX: &str = "paste";

/// The whole view.
pub(crate) fn decode_view(paste: Paste) -> AnyView {
    paste.warm();
    let over = RwSignal::new(false);
    platform::on_drop(
        move |is_over| {
            // Only changes: the event comes many times a second.
            if over.get_untracked() != is_over {
                over.set(is_over);
            }
        },
        move |event| platform::dropped(&event, move |bytes| paste.take(bytes)),
    );
    platform::on_paste(move |text| paste.take(text.into_bytes()));
    let choose = move |event| platform::read_chosen(&event, move |_, bytes| paste.take(bytes));
    let clear = move |_| {
        paste.clear();
        platform::focus(BOX);
    };
    view! {
        <div class="decode" class:drop-over=move || over.get()>
            <h1>{words::HEADING}</h1>
            <p class="lead">{words::LEAD}</p>
            <div class="paste">
                <label for=BOX>{words::PASTE}</label>
                <textarea
                    id=BOX
                    rows="7"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    aria-describedby="paste-hint"
                    prop:value=move || paste.text()
                    on:input=move |event| paste.typed(platform::event_value(&event))
                ></textarea>
                <div class="paste-tools">
                    <label class="button file-button">
                        {words::OPEN}
                        <input type="file" class="out-of-sight" on:change=choose />
                    </label>
                    <button
                        type="button"
                        on:click=clear
                        disabled=move || paste.is_empty()
                    >
                        {words::CLEAR}
                    </button>
                    <p id="paste-hint" class="hint">{words::HINT}</p>
                </div>
                <p class="hint" hidden=move || paste.dropped_length().is_none()>
                    {move || paste.dropped_length().map(words::dropped)}
                </p>
                {examples::examples_view(paste)}
            </div>
            <section class="answer" aria-label=words::ANSWER>
                {move || match paste.answer() {
                    Some(answer) => answer_view(paste, answer),
                    None if paste.is_empty() => empty_view(),
                    None => view! { <p class="hint">{words::READING}</p> }.into_any(),
                }}
            </section>
            <div class="drop-sign" aria-hidden="true">{words::DROP}</div>
        </div>
    }
    .into_any()
}
