//! Authentication, integrity and encryption of a connection, default beside chosen.

use leptos::prelude::*;
use pki_core::plan::flows::Flow;
use pki_core::plan::protection::{Against, Authentication, Protection};
use pki_text::en::map_view as words;

/// The three, each with its words and whether it holds in full.
fn said(protection: Option<Protection>) -> [(&'static str, bool); 3] {
    let Some(held) = protection else { return [(words::NO_CONNECTION, true); 3] };
    let against = |one| (words::against(one), one == Against::Everybody);
    let both = held.authentication == Authentication::Both;
    [
        (words::authentication(held.authentication), both),
        against(held.integrity),
        against(held.encryption),
    ]
}

const NAMES: [&str; 3] = [words::AUTHENTICATION, words::INTEGRITY, words::ENCRYPTION];

fn class((_, holds): (&str, bool)) -> &'static str {
    if holds { "" } else { "error" }
}

/// As a table of its own.
pub(super) fn three(flow: &Flow) -> AnyView {
    let sides = said(flow.by_default()).into_iter().zip(said(Some(flow.protection())));
    let rows: Vec<_> = NAMES
        .into_iter()
        .zip(sides)
        .map(|(name, (before, now))| {
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{before.0}</td>
                    <td><span class=class(now)>{now.0}</span></td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <table class="three">
            <thead>
                <tr>
                    <th scope="col">{words::THREE}</th>
                    <th scope="col">{words::BY_DEFAULT}</th>
                    <th scope="col">{words::CHOSEN_FLAGS}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// As two cells of the table of all connections.
pub(super) fn cells(flow: &Flow) -> AnyView {
    let cell = |protection, is_now: bool| {
        let lines: Vec<_> = NAMES
            .into_iter()
            .zip(said(protection))
            .map(|(name, held)| {
                let class = if is_now { class(held) } else { "" };
                view! { <p class=class>{name}": "{held.0}</p> }.into_any()
            })
            .collect();
        view! { <td>{lines}</td> }.into_any()
    };
    (cell(flow.by_default(), false), cell(Some(flow.protection()), true)).into_any()
}
