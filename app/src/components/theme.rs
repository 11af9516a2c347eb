//! The choice of colours. `boot.js` applies it before the first paint at the next start.

use leptos::prelude::*;
use pki_text::en::ui::shell as words;

use crate::platform;

/// What `boot.js` reads.
const STORED_THEME: &str = "pki-workbench.theme";

const THEMES: [(&str, &str); 3] =
    [("auto", words::THEME_AUTO), ("light", words::THEME_LIGHT), ("dark", words::THEME_DARK)];

#[component]
pub(crate) fn ThemeChoice() -> impl IntoView {
    let stored = platform::read_storage(STORED_THEME).unwrap_or_default();
    let choose = |event| {
        let chosen = platform::event_value(&event);
        if chosen == "auto" {
            platform::set_theme(None);
            platform::remove_storage(STORED_THEME);
        } else {
            platform::set_theme(Some(&chosen));
            platform::write_storage(STORED_THEME, &chosen);
        }
    };
    view! {
        <label class="theme">
            <span>{words::THEME}</span>
            <select on:change=choose>
                {THEMES
                    .into_iter()
                    .map(|(value, text)| {
                        view! { <option value=value selected=value == stored>{text}</option> }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}
