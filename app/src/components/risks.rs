//! What to know about a layout before one trusts it.

use leptos::prelude::*;
use pki_core::plan::Plan;
use pki_core::plan::review::Weight;
use pki_text::en::{map_view as words, risks};

use super::prose;
use crate::state::Editor;

/// Its risks, each with what to do.
pub(crate) fn risk_list(plan: &Plan) -> AnyView {
    let found: Vec<_> = plan
        .review()
        .iter()
        .map(|risk| {
            let sentence = risks::risk(plan, risk);
            let class = match risk.weight() {
                Weight::Critical => "error",
                Weight::Warning => "warning",
                Weight::Note => "hint",
            };
            view! {
                <li><strong class=class>{words::weight(risk.weight())}": "</strong>
                    {prose(&sentence.what)}" "{prose(&sentence.fix)}</li>
            }
            .into_any()
        })
        .collect();
    if found.is_empty() {
        return view! { <p>{words::NO_RISKS}</p> }.into_any();
    }
    view! { <ul class="map-notes">{found}</ul> }.into_any()
}

/// The same folded, with their number; nothing where there are none.
pub(crate) fn folded_risks() -> AnyView {
    let editor = expect_context::<Editor>();
    let plan = move || editor.checked.with(|checked| checked.latest.clone());
    let count = Memo::new(move |_| {
        let risks = plan().map(|plan| plan.review()).unwrap_or_default();
        let critical = risks.iter().filter(|risk| risk.weight() == Weight::Critical).count();
        (risks.len(), critical)
    });
    let list = move || plan().map(|plan| risk_list(&plan));
    let is_any = Memo::new(move |_| count.get().0 > 0);
    (move || {
        is_any.get().then(|| {
            view! {
                <details class="card risks">
                    <summary>{move || words::risk_count(count.get())}</summary>
                    {list}
                    <p><a href="#/map">{words::RISKS_ON_MAP}</a></p>
                </details>
            }
        })
    })
    .into_any()
}
