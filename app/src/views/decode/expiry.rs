//! When each certificate expires: kubeadm's columns, to be sorted and copied.

use crate::components::live;
use crate::components::pager::{ROWS, pager};
use leptos::prelude::*;
use leptos::task::spawn_local;
use pki_text::en::decode_view as words;
use pki_text::en::ui::tree as said;

use super::Paste;
use crate::platform;
use crate::sheet::{EXPIRES, Table, TableRow};
use crate::state::Announcer;
use crate::worker::{Ask, Told};

/// From so many certificates on the table is what people look for, and is open at first.
const OPEN_FROM: usize = 3;

pub(super) fn expiry_view(
    paste: Paste,
    table: Table,
    open: impl Fn(usize) + Copy + Send + Sync + 'static,
) -> AnyView {
    let is_open = table.total >= OPEN_FROM;
    let sorted = RwSignal::new((EXPIRES, false));
    let table = RwSignal::new(table);
    let from = RwSignal::new(0);
    // An answer brings all rows; the first ones are there without one.
    let fetch = move |column: usize, descending: bool, first: usize| {
        paste.ask(Ask::Table { column, descending }, move |told, _| {
            if let Told::Table(rows) = told {
                let _ = sorted.try_set((column, descending));
                let _ = table.try_set(rows);
                let _ = from.try_set(first);
            }
        });
    };
    let sort = move |column: usize| {
        let (last, descending) = sorted.get_untracked();
        fetch(column, last == column && !descending, 0);
    };
    let turn = Callback::new(move |(first,)| {
        if table.with_untracked(|table| first < table.rows.len()) {
            from.set(first);
        } else {
            let (column, descending) = sorted.get_untracked();
            fetch(column, descending, first);
        }
    });
    let heads: Vec<_> = words::EXPIRY_COLUMNS
        .into_iter()
        .enumerate()
        .map(|(column, name)| {
            let order = move || match sorted.get() {
                (now, false) if now == column => Some("ascending"),
                (now, true) if now == column => Some("descending"),
                _ => None,
            };
            view! {
                <th scope="col" aria-sort=order>
                    <button type="button" class="sort" on:click=move |_| sort(column)>{name}</button>
                </th>
            }
        })
        .collect();
    let rows = move || {
        let first = from.get();
        table.with(|table| {
            table.rows.iter().skip(first).take(ROWS).map(|r| row_view(r, open)).collect::<Vec<_>>()
        })
    };
    let total = Signal::derive(move || table.with(|table| table.total));
    view! {
        <details class="card expiry" open=is_open>
            <summary><h3>{words::EXPIRY}</h3></summary>
            <div class="expiry-table" tabindex="0" role="region" aria-label=words::EXPIRY>
                <table><thead><tr>{heads}</tr></thead><tbody>{live(rows)}</tbody></table>
            </div>
            {pager(words::EXPIRY, total, from, turn)}
            <div class="actions">
                {copier(paste, false, words::COPY_MARKDOWN)}
                {copier(paste, true, words::COPY_CSV)}
            </div>
            <p class="hint">{words::EXPIRY_HINT}</p>
        </details>
    }
    .into_any()
}

fn row_view(row: &TableRow, open: impl Fn(usize) + Copy + Send + Sync + 'static) -> AnyView {
    let [name, expires, residual, authority] = row.cells.clone();
    let object = row.object;
    let mark = row.is_ca.then(|| view! { <span class="tag">{words::A_CA}</span> });
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="link" on:click=move |_| open(object)>{name}</button>
                " " {mark}
            </th>
            <td>{expires}</td>
            <td class=row.tone.class()>{residual}</td>
            <td>{authority}</td>
            <td>{if row.external { words::YES } else { words::NO }}</td>
        </tr>
    }
    .into_any()
}

/// A button that copies the whole table.
fn copier(paste: Paste, csv: bool, label: &'static str) -> AnyView {
    let announcer = expect_context::<Announcer>();
    let copied = RwSignal::new(false);
    let press = move |_| {
        paste.ask(Ask::TableText { csv }, move |told, _| {
            let Told::Text(text) = told else { return };
            spawn_local(async move {
                let done = platform::copy(text).await;
                announcer.say(if done { said::COPIED } else { said::NOT_COPIED });
                let _ = copied.try_set(done);
                platform::after(1_500, move || {
                    let _ = copied.try_set(false);
                });
            });
        });
    };
    view! {
        <button type="button" class="small" on:click=press>
            {live(move || if copied.get() { said::COPIED } else { label })}
        </button>
    }
    .into_any()
}
