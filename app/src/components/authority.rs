//! The mark of a CA: its colour and its letter, the same everywhere.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::plan::{Content, Plan};
use pki_text::en::layout;
use pki_text::en::ui::tree as words;

/// The mark of the CA with this letter, or an empty place of the same width.
#[component]
pub(crate) fn Mark(authority: Option<char>) -> impl IntoView {
    match authority {
        Some(letter) => view! {
            <abbr class=format!("ca ca-{}", letter.to_ascii_lowercase())
                title=layout::authority(letter)>{letter}</abbr>
        }
        .into_any(),
        None => view! { <span class="ca ca-none" aria-hidden="true"></span> }.into_any(),
    }
}

/// The mark of the CA with this letter, if it has one.
pub(crate) fn authority_mark(letter: Option<char>) -> Option<AnyView> {
    letter.map(|letter| view! { <Mark authority=Some(letter) /> }.into_any())
}

/// The key of a plan's marks.
#[component]
pub(crate) fn Legend(plan: Arc<Plan>) -> impl IntoView {
    let marks = plan.layout.authorities.iter().map(|row| {
        let letter = row.letter;
        view! { <span><Mark authority=Some(letter) /> {layout::authority(letter)}</span> }
    });
    view! { <p class="legend">{words::LEGEND} {marks.collect_view()}</p> }
}

/// The letter of the CA behind what a file holds; none for the service-account keys and settings.
pub(crate) fn of_content(plan: &Plan, content: &Content) -> Option<char> {
    let id = match content {
        Content::Certificate(id) | Content::PrivateKey(id) | Content::PublicKey(id) => *id,
        Content::Kubeconfig(kubeconfig) => kubeconfig.client,
        Content::Serial(id) | Content::Secret { item: id, .. } => *id,
        Content::Extra(extra) => extra.item()?,
        Content::Bundle(_) | Content::TokenList(_) | Content::Settings(_) => return None,
    };
    plan.authority_of(id).map(|authority| authority.row.letter)
}
