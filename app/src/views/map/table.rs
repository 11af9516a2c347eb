//! The connections as a table, for those who do not use pictures, and for paper.

use leptos::prelude::*;
use pki_core::plan::flows::{Proof, Shows};
use pki_text::en::{flows, map_view as words};

use super::model::checked_by;
use super::panel::{Panel, in_words};
use super::three;
use crate::components::authority::Mark;
use crate::state::Chosen;

pub(super) fn table_view(panel: &Panel) -> AnyView {
    let rows: Vec<_> = (0..panel.model.links.len()).map(|index| rows(panel, index)).collect();
    let heads = [
        words::CONNECTIONS,
        words::CALLER_SHOWS,
        words::CALLEE_SHOWS,
        words::BECOMES,
        words::MISSING,
        words::BY_DEFAULT,
        words::CHOSEN_FLAGS,
    ];
    let heads: Vec<_> =
        heads.into_iter().map(|head| view! { <th scope="col">{head}</th> }.into_any()).collect();
    view! {
        <div class="wide-table" tabindex="0" role="region" aria-label=words::TABLE>
            <table>
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="hint">{flows::ETCD_CALLS_NOBODY}</p>
    }
    .into_any()
}

/// The rows of all connections between two ends.
fn rows(panel: &Panel, index: usize) -> AnyView {
    let Some(link) = panel.model.links.get(index) else { return ().into_any() };
    let lines: Vec<_> = link
        .flows
        .iter()
        .map(|flow| {
            let name = panel.jump(Chosen::Link(link.from, link.to));
            let becomes = flow.becomes.as_ref().map(in_words);
            let missing: Vec<_> = flow.gaps.iter().map(|gap| flows::gap(*gap)).collect();
            let missing = if missing.is_empty() {
                words::NOTHING_MISSING.to_owned()
            } else {
                missing.join(" ")
            };
            let (caller, callee) = (end(panel, &flow.caller), end(panel, &flow.callee));
            let lit = panel.lit;
            let hidden = move || lit.with(|lit| lit.get(index) == Some(&false));
            view! {
                <tr hidden=hidden>
                    <th scope="row">{name}</th>
                    <td>{caller}</td>
                    <td>{callee}</td>
                    <td>{becomes}</td>
                    <td>{missing}</td>
                    {three::cells(flow)}
                </tr>
            }
            .into_any()
        })
        .collect();
    lines.into_any()
}

fn end(panel: &Panel, proof: &Proof) -> AnyView {
    let plan = &panel.model.plan;
    let shown = match &proof.shows {
        Shows::Certificate(id) => plan.item(*id).and_then(pki_core::plan::Item::subject),
        _ => None,
    };
    let shown = shown.as_ref().map_or_else(|| words::shows(&proof.shows).to_owned(), in_words);
    let letters = checked_by(proof)
        .into_iter()
        .filter_map(|id| plan.authority_of(id).map(|authority| authority.row.letter));
    let marks: Vec<_> =
        letters.map(|letter| view! { " "<Mark authority=Some(letter) /> }.into_any()).collect();
    view! {
        <p>{shown}</p>
        <p class="hint">{words::CHECKED}" "{words::checked_in_words(proof)}{marks}</p>
    }
    .into_any()
}
