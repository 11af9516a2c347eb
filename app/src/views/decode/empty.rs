//! Before anything is pasted: what can be, and the commands that print it.

use leptos::prelude::*;
use pki_text::en::decode_view as words;

use crate::components::copy_button;

pub(super) fn empty_view() -> AnyView {
    let rows: Vec<_> = words::EMPTY
        .iter()
        .map(|(what, command)| {
            view! {
                <div class="sheet-row">
                    <dt>{*what}</dt>
                    <dd class="value">
                        <code>{*command}</code>
                        {copy_button(what, (*command).to_owned())}
                    </dd>
                </div>
            }
        })
        .collect();
    view! {
        <div class="empty">
            <h2>{words::EMPTY_HEADING}</h2>
            <dl>{rows}</dl>
            <p class="hint">{words::EMPTY_FORMS}</p>
        </div>
    }
    .into_any()
}
