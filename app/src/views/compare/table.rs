//! One table of a comparison.

use leptos::prelude::*;
use pki_text::en::compare::{Cell, Row, Table};

use crate::components::authority::Mark;
use crate::components::live;
use crate::components::pager::{ROWS, pager};

pub(super) fn table_view(table: Table, names: (&str, &str)) -> AnyView {
    let Table { title, about, what, rows } = table;
    let from = RwSignal::new(0);
    let turn = Callback::new(move |(first,)| from.set(first));
    let total = Signal::stored(rows.len());
    let body = move || {
        let first = from.get();
        // A page that begins amid a group says whose its rows are, too.
        let group = rows.iter().take(first + 1).rev().find_map(|row| row.group);
        let page = rows.iter().enumerate().skip(first).take(ROWS);
        page.map(|(at, row)| row_view(row, if at == first { group } else { row.group }))
            .collect::<Vec<_>>()
    };
    let heads = [what, names.0, names.1]
        .map(|name| view! { <th scope="col">{name.to_owned()}</th> }.into_any());
    let about = (!about.is_empty()).then(|| view! { <p class="hint">{about}</p> }.into_any());
    view! {
        <section class="card">
            <h2>{title}</h2>
            {about}
            <div class="wide-table" tabindex="0" role="region" aria-label=title>
                <table>
                    <thead><tr>{Vec::from(heads)}</tr></thead>
                    <tbody>{live(body)}</tbody>
                </table>
            </div>
            {pager(title, total, from, turn)}
        </section>
    }
    .into_any()
}

fn row_view(row: &Row, group: Option<&'static str>) -> AnyView {
    let group = group.map(|group| {
        view! { <tr class="group"><th scope="colgroup" colspan="3">{group}</th></tr> }.into_any()
    });
    view! {
        {group}
        <tr>
            <th scope="row">{cell_view(&row.what)}</th>
            <td>{cell_view(&row.left)}</td>
            <td>{cell_view(&row.right)}</td>
        </tr>
    }
    .into_any()
}

/// Each letter stands before its line where there are as many; else all before the first.
fn cell_view(cell: &Cell) -> AnyView {
    let mut letters = cell.letters.iter();
    let one_each = cell.letters.len() == cell.lines.len();
    let lines: Vec<_> = cell
        .lines
        .iter()
        .map(|line| {
            let many = if one_each { 1 } else { usize::MAX };
            let marks: Vec<_> = letters
                .by_ref()
                .take(many)
                .map(|letter| view! { <Mark authority=Some(*letter) />" " }.into_any())
                .collect();
            let line = line.clone();
            let line = match cell.is_code {
                true => view! { <code>{line}</code> }.into_any(),
                false => line.into_any(),
            };
            view! { <p>{marks}{line}</p> }.into_any()
        })
        .collect();
    lines.into_any()
}
