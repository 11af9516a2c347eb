//! Compare: the design beside another layout or another design, as tables.
//!
//! A page of its own below the map, like the steps of the CSR desk: the navigation stays as short
//! as it is, "back" leads to the map, and the page can be printed by itself.

mod table;

use std::sync::Arc;

use crate::components::live;
use leptos::prelude::*;
use pki_core::compare::compare;
use pki_core::design::{Design, LINK_KEY, LayoutName, Severity};
use pki_core::plan::Plan;
use pki_text::en::{compare as words, findings, map_view};

use crate::components::copy::Copy;
use crate::components::field::Choice;
use crate::platform;
use crate::route::Route;
use crate::state::{Announcer, Atlas, Editor};

/// Stands for a design from elsewhere in the list of layouts.
const IMPORTED: &str = "";

/// Why there is nothing to compare with.
type Reasons = Vec<String>;

pub(crate) fn compare_view() -> AnyView {
    let editor = expect_context::<Editor>();
    let atlas = expect_context::<Atlas>();
    let announcer = expect_context::<Announcer>();
    let mut options: Vec<(String, String)> =
        LayoutName::ALL.iter().map(|name| (name.name().to_owned(), words::preset(*name))).collect();
    options.push((IMPORTED.to_owned(), words::IMPORTED.to_owned()));
    let chosen = Memo::new(move |_| atlas.other.get());
    platform::on_drop(
        |_| {},
        move |event| {
            if platform::is_document(&event) {
                platform::dropped(&event, move |bytes| {
                    atlas.pasted.set(String::from_utf8_lossy(&bytes).into_owned());
                    atlas.other.set(IMPORTED.to_owned());
                    announcer.say(words::TAKEN);
                });
            }
        },
    );
    let markdown = RwSignal::new(String::new());
    let body = move || {
        let mine = editor.checked.with(|checked| checked.latest.clone());
        let Some(mine) = mine else {
            return view! { <p class="card">{map_view::NO_PLAN}</p> }.into_any();
        };
        let other = atlas.other.get();
        let other = match LayoutName::from_name(&other) {
            Some(layout) => {
                planned(&editor.checked.with(|checked| checked.design.in_layout(layout)))
            }
            None => atlas.pasted.with(|text| read(text)),
        };
        match other {
            Ok(other) => compared(&mine, &other, markdown),
            Err(reasons) => refused(reasons),
        }
    };
    view! {
        <div class="compare">
            <div class="view-head">
                <h1>{words::TITLE}</h1>
                <p class="lead">{words::LEAD}</p>
                <p><a href=Route::Map.href()>{words::BACK}</a></p>
            </div>
            <div class="map-choice">
                <Choice place="other" label=words::WITH options=options value=chosen
                    on_choice=move |name| atlas.other.set(name) />
                <p class="hint" id="field-other-hint">{words::WITH_HINT}</p>
                {live(move || (chosen.get() == IMPORTED).then(|| pasted(atlas)))}
            </div>
            {live(body)}
        </div>
    }
    .into_any()
}

fn pasted(atlas: Atlas) -> AnyView {
    view! {
        <div class="field">
            <label for="other-design">{words::PASTE}</label>
            <textarea id="other-design" rows="6" spellcheck="false" aria-describedby="other-hint"
                prop:value=move || atlas.pasted.get()
                on:input=move |event| atlas.pasted.set(platform::event_value(&event))></textarea>
            <p class="hint" id="other-hint">{words::PASTE_HINT}</p>
        </div>
    }
    .into_any()
}

/// What was pasted as a plan.
fn read(text: &str) -> Result<Plan, Reasons> {
    if text.trim().is_empty() {
        return Err(vec![words::NO_OTHER.to_owned()]);
    }
    let design = match text.contains(LINK_KEY) {
        true => Design::from_link(text),
        false => Design::read(text).map(|(design, _)| design),
    };
    design
        .map_err(|error| vec![findings::document(&error).to_string()])
        .and_then(|design| planned(&design))
}

fn planned(design: &Design) -> Result<Plan, Reasons> {
    let (settings, found) = design.check();
    settings.map(Plan::new).ok_or_else(|| {
        let errors = found.iter().filter(|found| found.severity() == Severity::Error);
        errors.map(|found| format!("{}: {}", found.place, findings::finding(found))).collect()
    })
}

fn refused(reasons: Reasons) -> AnyView {
    let reasons: Vec<_> =
        reasons.into_iter().map(|reason| view! { <li>{reason}</li> }.into_any()).collect();
    view! { <div class="card" role="status"><ul class="map-notes">{reasons}</ul></div> }.into_any()
}

fn compared(mine: &Arc<Plan>, other: &Plan, markdown: RwSignal<String>) -> AnyView {
    let names = (words::named(words::MINE, mine), words::named(words::OTHER, other));
    let tables = words::tables(mine, other, &compare(mine, other));
    markdown.set(words::markdown((&names.0, &names.1), &tables));
    let empty = tables.is_empty().then(|| view! { <p class="card">{words::EQUAL}</p> });
    let tables: Vec<_> =
        tables.into_iter().map(|table| table::table_view(table, (&names.0, &names.1))).collect();
    view! {
        <div class="actions"><Copy what=words::COPY text=markdown /></div>
        {empty}
        {tables}
    }
    .into_any()
}
