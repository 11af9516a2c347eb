//! The lines of the CIS benchmark: those that the layout fails, and how many it passes.

use leptos::prelude::*;
use pki_core::plan::Plan;
use pki_text::en::{benchmark as lines, map_view as words};

use crate::components::remedy_button;
use crate::state::Editor;

pub(super) fn benchmark_view(plan: &Plan) -> AnyView {
    let editor = expect_context::<Editor>();
    let design = editor.checked.with_untracked(|checked| checked.design.clone());
    let judged = plan.benchmark();
    if judged.is_empty() {
        return ().into_any();
    }
    let passed = judged.iter().filter(|one| one.passes).count();
    let (failed, rest): (Vec<_>, Vec<_>) = judged.iter().partition(|one| !one.passes);
    let row = |one: &pki_core::plan::benchmark::Judged| {
        let line = one.line;
        let remedy = (!one.passes).then(|| plan.mend_line(&design, line)).flatten();
        let verdict = if one.passes { words::PASSED } else { words::FAILED };
        let advice = if one.passes { "" } else { lines::remedy(line.id) };
        view! {
            <tr>
                <th scope="row">{line.id}</th>
                <td>{line.id_in_1_5.unwrap_or(words::NO_LINE)}</td>
                <td>{lines::asks(line.asks)}</td>
                <td class=if one.passes { "" } else { "warning" }>{verdict}</td>
                <td>{advice}{remedy.map(remedy_button)}</td>
            </tr>
        }
        .into_any()
    };
    let table = |rows: Vec<AnyView>, name: &'static str| {
        let heads: Vec<_> = words::LINE_HEADS
            .into_iter()
            .map(|head| view! { <th scope="col">{head}</th> }.into_any())
            .collect();
        view! {
            <div class="wide-table" tabindex="0" role="region" aria-label=name>
                <table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        }
        .into_any()
    };
    let failed: Vec<_> = failed.into_iter().map(row).collect();
    let rest: Vec<_> = rest.into_iter().map(row).collect();
    view! {
        <section class="card map-known" id="benchmark">
            <h2>{words::BENCHMARK}</h2>
            <p class="hint">{words::BENCHMARK_ABOUT}</p>
            {table(failed, words::BENCHMARK)}
            <details>
                <summary>{words::passed(passed)}</summary>
                {table(rest, words::PASSED)}
            </details>
        </section>
    }
    .into_any()
}
