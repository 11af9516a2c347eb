//! The Decode view: paste anything, read what it is and what it means to Kubernetes.

mod ancestry;
mod answer;
mod empty;
mod examples;
mod expiry;
mod list;
mod paste;
mod tools;

pub(crate) use paste::Paste;

use crate::components::live;
use leptos::prelude::*;
use pki_text::en::decode_view as words;

use crate::platform;
use answer::answer_view;
use empty::empty_view;

/// Id of the text box, for the skip link and the keyboard.
const BOX: &str = "paste";

/// The whole view. What is pasted or dropped beside the box comes from the shell.
pub(crate) fn decode_view(paste: Paste) -> AnyView {
    let choose = move |event: leptos::ev::Event| {
        let files = platform::chosen(&event);
        if !files.is_empty() {
            paste.take_files(files);
        }
    };
    let clear = move |_| {
        paste.clear();
        platform::focus(BOX);
    };
    let pasted = move |event: leptos::ev::ClipboardEvent| {
        // Browsers lay out long texts slowly.
        if let Some(text) = platform::pasted_over(&event) {
            paste.take(text);
        }
    };
    let folder = view! { <input type="file" class="out-of-sight" on:change=choose /> };
    let folder = folder.attr("webkitdirectory", "");
    view! {
        <div class="decode">
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
                    on:paste=pasted
                    on:input=move |event| paste.typed(platform::event_value(&event))
                ></textarea>
                <div class="paste-tools">
                    <label class="button file-button">
                        {words::OPEN}
                        <input type="file" multiple class="out-of-sight" on:change=choose />
                    </label>
                    <label class="button file-button">
                        {words::OPEN_FOLDER}
                        {folder}
                    </label>
                    <button
                        type="button"
                        on:click=clear
                        disabled=move || paste.is_empty() && paste.problem().is_none()
                    >
                        {words::CLEAR}
                    </button>
                    <p id="paste-hint" class="hint">{words::HINT}</p>
                </div>
                <p class="hint source" hidden=move || paste.source().is_none()>
                    {live(move || paste.source())}
                </p>
                <p class="remark tone-bad" hidden=move || paste.problem().is_none()>
                    {live(move || paste.problem())}
                </p>
                {examples::examples_view(paste)}
            </div>
            <section class="answer" aria-label=words::ANSWER>
                {live(move || match paste.answer() {
                    Some(answer) => answer_view(paste, answer),
                    None if paste.is_empty() => empty_view(),
                    None => view! { <p class="hint">{words::READING}</p> }.into_any(),
                })}
            </section>
        </div>
    }
    .into_any()
}
