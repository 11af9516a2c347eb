//! Many requests in a table, page by page; a click shows one of them.

use crate::components::live;
use crate::components::pager::{ROWS, pager};
use leptos::prelude::*;
use pki_text::en::csr_view as words;

use super::CsrDesk;
use crate::csr::Line;

/// `from` is the first row shown.
pub(super) fn table_view(desk: CsrDesk, lines: Vec<Line>, from: RwSignal<usize>) -> AnyView {
    let total = lines.len();
    let body = move || {
        let first = from.get();
        let page = lines.iter().enumerate().skip(first).take(ROWS);
        page.map(|(index, line)| row(desk, index, line.clone())).collect::<Vec<_>>()
    };
    let turn = Callback::new(move |(first,)| from.set(first));
    view! {
        <section class="card">
            <h2>{words::requests(total)}</h2>
            <div class="wide-table" tabindex="0" role="region" aria-label=words::TABLE>
                <table>
                    <thead><tr>
                        {words::COLUMNS.map(|name| view! { <th scope="col">{name}</th> })}
                    </tr></thead>
                    <tbody>{live(body)}</tbody>
                </table>
            </div>
            {pager(words::TABLE, Signal::stored(total), from, turn)}
        </section>
    }
    .into_any()
}

fn row(desk: CsrDesk, index: usize, line: Line) -> AnyView {
    let reasons = line.policy.into_iter().map(|reason| view! { <p>{reason}</p> });
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="link"
                    on:click=move |_| desk.review.look_at(desk, index)>
                    {line.name}
                </button>
            </th>
            <td>{line.asker}</td>
            <td>{line.signer}</td>
            <td>{line.asks}</td>
            <td>
                <p class=format!("verdict {}", line.tone.class())>{line.verdict}</p>
                {reasons.collect::<Vec<_>>()}
            </td>
        </tr>
    }
    .into_any()
}
