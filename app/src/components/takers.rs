//! Which component takes which keys, folded.

use leptos::prelude::*;
use pki_core::key::Taker;
use pki_text::en::takers as words;

pub(crate) fn takers() -> AnyView {
    let heads: Vec<_> = words::KINDS
        .into_iter()
        .map(|(name, _)| view! { <th scope="col">{name}</th> }.into_any())
        .collect();
    let rows: Vec<_> = Taker::ALL
        .into_iter()
        .map(|taker| {
            let cells: Vec<_> = words::KINDS
                .into_iter()
                .map(|(_, algorithm)| match taker.takes(algorithm) {
                    true => view! { <td>{words::TAKES}</td> }.into_any(),
                    false => view! { <td class="error">{words::REFUSES}</td> }.into_any(),
                })
                .collect();
            view! { <tr><th scope="row">{words::taker(taker)}</th>{cells}</tr> }.into_any()
        })
        .collect();
    view! {
        <details class="advanced">
            <summary>{words::TITLE}</summary>
            <p class="hint">{words::ABOUT}</p>
            <table class="three">
                <thead><tr><th scope="col">{words::WHO}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}
