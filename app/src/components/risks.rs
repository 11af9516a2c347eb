//! What to know about a layout before one trusts it.

use super::live::live;
use leptos::prelude::*;
use pki_core::design::Design;
use pki_core::plan::flows::{Flag, Party};
use pki_core::plan::mend::Remedy;
use pki_core::plan::review::{Risk, Weight};
use pki_core::plan::{Component, Plan};
use pki_text::en::{layout, map_view as words, risks};

use super::{authority_mark, prose};
use crate::state::{Announcer, Atlas, Chosen, Editor};

/// Its risks, each with where it is, what to do, and a button where a press does it.
pub(crate) fn risk_list(plan: &Plan) -> AnyView {
    let editor = expect_context::<Editor>();
    let design = editor.checked.with_untracked(|checked| checked.design.clone());
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
                    {prose(&sentence.what)}" "{prose(&sentence.fix)}
                    {places(plan, risk)}
                    {plan.mend(&design, risk).map(remedy_button)}</li>
            }
            .into_any()
        })
        .collect();
    if found.is_empty() {
        return view! { <p>{words::NO_RISKS}</p> }.into_any();
    }
    view! { <ul class="map-notes">{found}</ul> }.into_any()
}

/// Where on the map it is.
fn places(plan: &Plan, risk: &Risk) -> Vec<AnyView> {
    let atlas = expect_context::<Atlas>();
    let runs = Party::Component;
    let mut places: Vec<(Chosen, Option<char>, String)> = Vec::new();
    for id in risk.authorities() {
        if let Some(authority) = plan.authority_of(id) {
            let row = &authority.row;
            let name = layout::called(row).to_owned();
            places.push((Chosen::Authority(id), Some(row.letter), name));
        }
    }
    let mut flag = |component, name: &'static str| {
        let flag = Flag { component, name };
        places.push((Chosen::Flag(flag), None, words::by_flag(component, name)));
    };
    match risk {
        Risk::HeadersFromAnybody { .. } | Risk::HeadersByNameOnly { .. } => {
            flag(Component::Apiserver, "requestheader-allowed-names");
        }
        Risk::SharedEtcdAuthority { .. } => flag(Component::Etcd, "trusted-ca-file"),
        Risk::StaticTokens => flag(Component::Apiserver, "token-auth-file"),
        Risk::UnverifiedKubelets => {
            let (from, to) = (runs(Component::Apiserver), runs(Component::Kubelet));
            places.push((Chosen::Link(from, to), None, words::pair(from, to)));
        }
        Risk::BothUsages { path } | Risk::Masters { path } => {
            // The flag that names the file; nothing names a person's own.
            for component in Component::ALL {
                let settings = plan.settings_of(component).into_iter();
                for one in settings.filter(|one| one.is_file && one.value == *path) {
                    let flag = Flag { component, name: one.name };
                    places.push((Chosen::Flag(flag), None, words::by_flag(component, one.name)));
                }
            }
            if matches!(risk, Risk::Masters { .. }) {
                let people = Chosen::Party(Party::Operator);
                places.push((people, None, words::short(Party::Operator).to_owned()));
            }
        }
        _ => {}
    }
    let jump = |(to, letter, name): (Chosen, Option<char>, String)| {
        view! {
            " "
            <button type="button" class="link" on:click=move |_| atlas.show(to)>
                {authority_mark(letter)}" "{name}
            </button>
        }
        .into_any()
    };
    places.into_iter().map(jump).collect()
}

/// A button that changes the design, which is one step of undo.
pub(crate) fn remedy_button((remedy, mended): (Remedy, Design)) -> AnyView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let mend = move |_| {
        let mended = mended.clone();
        editor.choose(move |design| *design = mended);
        announcer.say(words::MENDED);
    };
    view! { " "<button type="button" class="small" on:click=mend>{risks::remedy(&remedy)}</button> }
        .into_any()
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
    live(move || {
        is_any.get().then(|| {
            view! {
                <details class="card risks">
                    <summary>{live(move || words::risk_count(count.get()))}</summary>
                    {live(list)}
                    <p><a href="#/map">{words::RISKS_ON_MAP}</a></p>
                </details>
            }
        })
    })
}
