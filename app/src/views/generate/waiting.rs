//! Keys are there, and somebody else has to sign: what to send, what to keep, and what came back.

use std::sync::Arc;

use leptos::prelude::*;
use pki_text::en::outside as words;
use pki_text::en::ui::form;

use crate::platform;
use crate::state::{Generate, Waiting};

/// How many of the missing are named.
const NAMED: usize = 12;

#[component]
pub(super) fn Waits(waiting: Arc<Waiting>) -> impl IntoView {
    let generate = expect_context::<Generate>();
    let waits = &waiting.waits;
    let text = RwSignal::new(String::new());
    let take = move |_: leptos::ev::MouseEvent| generate.take_signed(&text.get_untracked());
    let chosen = move |event| {
        platform::read_chosen(&event, move |_, bytes| {
            generate.take_signed(&String::from_utf8_lossy(&bytes));
        });
    };
    let refused = waits.refused.iter();
    let refused = refused.map(|why| view! { <p class="error">{why.clone()}</p> }).collect_view();
    let named: Vec<_> = waits.missing.iter().take(NAMED).cloned().collect();
    let more = waits.missing.len().saturating_sub(NAMED);
    let missing = words::missing(waits.missing.len(), waits.requests);
    let send = waiting.sent_name().map(|name| {
        view! {
            <li>
                <p>{words::SEND}</p>
                <div class="actions">
                    <button type="button" class="primary"
                        on:click=move |_| generate.send_requests()>{words::SEND_BUTTON}</button>
                    <code>{name}</code>
                </div>
            </li>
        }
    });
    view! {
        <div class="result">
            <h2>{words::waits(waits.requests, &waits.authorities.join(", "))}</h2>
            <ol class="to-do">
                {send}
                <li>
                    <p>{words::KEEP}</p>
                    <div class="actions">
                        <button type="button" on:click=move |_| generate.keep_waiting()>
                            {words::KEEP_BUTTON}
                        </button>
                        <code>{waiting.kept_name()}</code>
                    </div>
                </li>
                <li>
                    <div class="field">
                        <label for="signed">{words::SIGNED}</label>
                        <textarea id="signed" rows="4" spellcheck="false" autocomplete="off"
                            aria-describedby="signed-found" prop:value=text
                            on:input=move |event| text.set(platform::event_value(&event))>
                        </textarea>
                        <div class="actions">
                            <button type="button" on:click=take>{words::SIGNED_BUTTON}</button>
                            <label class="hint" for="signed-file">{words::SIGNED_FILE}</label>
                            <input type="file" id="signed-file" on:change=chosen />
                        </div>
                        <div class="found" id="signed-found">
                            {refused}
                            <p>{missing}</p>
                        </div>
                    </div>
                    <ul class="checks">
                        {named
                            .into_iter()
                            .map(|name| view! { <li><code>{name}</code></li> })
                            .collect_view()}
                        {(more > 0).then(|| view! { <li>{form::more(more)}</li> })}
                    </ul>
                </li>
            </ol>
        </div>
    }
}
