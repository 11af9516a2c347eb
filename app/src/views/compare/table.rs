//! One table of a comparison.

use leptos::prelude::*;
use pki_text::en::compare::{Cell, Row, Table};

use crate::components::authority::Mark;

pub(super) fn table_view(table: &Table, names: (&str, &str)) -> AnyView {
    let rows: Vec<_> = table.rows.iter().map(row_view).collect();
    let heads = [table.what, names.0, names.1]
        .map(|name| view! { <th scope="col">{name.to_owned()}</th> }.into_any());
    let about = (!table.about.is_empty())
        .then(|| view! { <p class="hint">{table.about.clone()}</p> }.into_any());
    view! {
        <section class="card">
            <h2>{table.title}</h2>
            {about}
            <div class="wide-table" tabindex="0" role="region" aria-label=table.title>
                <table>
                    <thead><tr>{Vec::from(heads)}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row_view(row: &Row) -> AnyView {
    let group = row.group.map(|group| {
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
