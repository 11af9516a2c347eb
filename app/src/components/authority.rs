//! The mark of a CA: its colour and its letter, the same everywhere.

use leptos::prelude::*;
use pki_core::plan::{CaName, Content, ItemId, Make, Plan};
use pki_text::en::ui::tree as words;

/// The mark of a CA, or an empty place of the same width.
#[component]
pub(crate) fn Mark(authority: Option<CaName>) -> impl IntoView {
    match authority {
        Some(name) => {
            let letter = name.letter();
            view! {
                <abbr class=format!("ca ca-{}", letter.to_ascii_lowercase())
                    title=words::authority(letter)>{letter}</abbr>
            }
            .into_any()
        }
        None => view! { <span class="ca ca-none" aria-hidden="true"></span> }.into_any(),
    }
}

/// The key of the marks.
#[component]
pub(crate) fn Legend() -> impl IntoView {
    view! {
        <p class="legend">
            {words::LEGEND}
            {CaName::ALL
                .into_iter()
                .map(|name| {
                    view! {
                        <span><Mark authority=Some(name) /> {words::authority(name.letter())}</span>
                    }
                })
                .collect_view()}
        </p>
    }
}

/// The CA behind what a file holds; none for the service-account keys.
pub(crate) fn of_content(plan: &Plan, content: &Content) -> Option<CaName> {
    match content {
        Content::Certificate(id) | Content::PrivateKey(id) | Content::PublicKey(id) => {
            of_item(plan, *id)
        }
        Content::Kubeconfig(kubeconfig) => of_item(plan, kubeconfig.client),
    }
}

fn of_item(plan: &Plan, id: ItemId) -> Option<CaName> {
    match &plan.item(id)?.make {
        Make::KeyPair => None,
        Make::Authority(authority) => Some(authority.name()),
        Make::Leaf(leaf) => match &plan.item(leaf.issuer)?.make {
            Make::Authority(authority) => Some(authority.name()),
            Make::KeyPair | Make::Leaf(_) => None,
        },
    }
}
