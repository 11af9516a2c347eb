//! Sentences with names in them.

use leptos::prelude::*;

/// Text in which names stand between backticks, as in the README.
pub(crate) fn prose(text: &str) -> AnyView {
    let parts = text.split('`').enumerate().map(|(index, part)| {
        let part = part.to_owned();
        if index % 2 == 1 { view! { <code>{part}</code> }.into_any() } else { part.into_any() }
    });
    parts.collect_view().into_any()
}
