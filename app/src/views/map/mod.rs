//! Map: every connection of the design's cluster, and the CA behind each of its ends.

mod benchmark;
mod geometry;
mod model;
mod panel;
mod picture;
mod table;
mod three;

use std::sync::Arc;

use crate::components::live;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use pki_core::design::LayoutName;
use pki_core::plan::{ItemId, Plan};
use pki_text::en::{compare, layout, map_view as words};

use crate::components::authority::Mark;
use crate::components::{layout_choice, prose, risk_list, step_buttons};
use crate::platform;
use crate::route::Route;
use crate::state::{Announcer, Atlas, Chosen, Editor, Generate, PANEL};
use model::Model;
use panel::Panel;

/// The widths of the picture, as multiples of its place.
const ZOOMS: u8 = 4;

pub(crate) fn map_view() -> AnyView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let chosen = expect_context::<Atlas>().chosen;
    let zoom = RwSignal::new(0u8);
    Effect::watch(
        move || chosen.get(),
        move |what, _, _| {
            announcer.say(if what.is_some() { words::CHOSEN } else { words::CLEARED })
        },
        false,
    );
    let body = move || match editor.checked.with(|checked| checked.latest.clone()) {
        Some(plan) => drawn(plan, chosen, zoom),
        None => view! { <p class="card">{words::NO_PLAN}</p> }.into_any(),
    };
    view! {
        <div class="map">
            <div class="view-head">
                <h1>{words::TITLE}</h1>
                <p class="lead">{words::LEAD}</p>
            </div>
            <div class="map-choice">
                // Ends and CAs of another layout are other ones.
                {layout_choice(move || chosen.set(None))}
                <p><a href=Route::Compare.href()>{compare::LINK}</a></p>
            </div>
            {live(body)}
        </div>
    }
    .into_any()
}

fn drawn(plan: Arc<Plan>, chosen: RwSignal<Option<Chosen>>, zoom: RwSignal<u8>) -> AnyView {
    let generate = expect_context::<Generate>();
    let model = Arc::new(Model::new(Arc::clone(&plan)));
    // It may be of a layout that was chosen elsewhere since.
    if chosen.get_untracked().is_some_and(|what| !model.has(what)) {
        chosen.set(None);
    }
    let known_links = Arc::clone(&model);
    let lit = Memo::new(move |_| known_links.lit(chosen.get()));
    let panel = Panel { model: Arc::clone(&model), chosen, lit, generate };
    let shown = panel.clone();
    let picture = match model.links.is_empty() {
        true if plan.layout.name == LayoutName::Own => view! { <p>{words::NOTHING}</p> }.into_any(),
        true => view! { <p>{words::OWN_WORK}</p> }.into_any(),
        false => framed(&model, chosen, lit, zoom),
    };
    let table = (!model.links.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2>{words::TABLE}</h2>
                {table::table_view(&panel)}
            </section>
        }
    });
    view! {
        <div class="map-desk">
            <section class="card map-card">
                {picture}
                {authorities(&plan, chosen)}
            </section>
            <section class="card map-panel" id=PANEL tabindex="-1">
                {live(move || shown.view(chosen.get()))}
            </section>
        </div>
        {table}
        {known(&plan)}
        {benchmark::benchmark_view(&plan)}
    }
    .into_any()
}

/// The picture in its frame, with what can be done with it.
fn framed(
    model: &Arc<Model>,
    chosen: RwSignal<Option<Chosen>>,
    lit: Memo<Vec<bool>>,
    zoom: RwSignal<u8>,
) -> AnyView {
    let settings = &model.plan.settings;
    let name = words::file_name(settings.cluster_name.as_str(), model.plan.layout.name.name());
    let save = move |_| {
        if let Some(text) = platform::picture(picture::PICTURE, &[".map-", ".in-"]) {
            platform::download(&name, "image/svg+xml", text.as_bytes());
        }
    };
    let frame = move || format!("map-frame zoom-{}", zoom.get());
    let step = move |closer: bool| {
        zoom.update(|zoom| {
            *zoom = if closer { (*zoom + 1).min(ZOOMS - 1) } else { zoom.saturating_sub(1) };
        });
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        _ if event.ctrl_key() || event.meta_key() || event.alt_key() => {}
        "+" | "=" => step(true),
        "-" => step(false),
        "0" => zoom.set(0),
        _ => {}
    };
    let grip = StoredValue::new(platform::Grip::None);
    let pan = move |event: PointerEvent| grip.update_value(|grip| platform::pan(&event, grip));
    view! {
        <div class="actions map-tools">
            {step_buttons()}
            <button type="button" class="small" disabled=move || { zoom.get() + 1 >= ZOOMS }
                on:click=move |_| step(true)>{words::WIDER}</button>
            <button type="button" class="small" disabled=move || { zoom.get() == 0 }
                on:click=move |_| step(false)>{words::NARROWER}</button>
            <button type="button" class="small" disabled=move || chosen.get().is_none()
                on:click=move |_| chosen.set(None)>{words::CLEAR}</button>
            <button type="button" class="small" on:click=save>{words::DOWNLOAD}</button>
        </div>
        <div class=frame tabindex="0" role="region" aria-label=words::PICTURE on:keydown=on_key
            on:pointerdown=pan on:pointermove=pan on:pointerup=pan on:pointercancel=pan>
            {picture::picture_view(model, chosen, lit)}
        </div>
        <p class="hint">{words::HOW_TO_READ}" "<span class="map-keys">{words::HOW_TO_ZOOM}</span></p>
    }
    .into_any()
}

/// Every CA as a button.
fn authorities(plan: &Plan, chosen: RwSignal<Option<Chosen>>) -> AnyView {
    let buttons: Vec<_> = (0..)
        .zip(plan.layout.authorities.iter())
        .map(|(index, row)| {
            let what = Chosen::Authority(ItemId(index));
            let pressed = move || if chosen.get() == Some(what) { "true" } else { "false" };
            view! {
                <button type="button" class="small" aria-pressed=pressed
                    on:click=move |_| what.toggle(chosen)>
                    <Mark authority=Some(row.letter) />" "{layout::called(row).to_owned()}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="map-authorities" role="group" aria-label=words::LETTERS>
            <span>{words::LETTERS}":"</span>{buttons}
        </div>
    }
    .into_any()
}

/// The risks of the layout, and what is other than its original claims.
fn known(plan: &Plan) -> AnyView {
    let notes: Vec<_> = layout::fixes(plan.layout.name)
        .iter()
        .map(|note| view! { <li>{prose(note)}</li> }.into_any())
        .collect();
    let notes = (!notes.is_empty())
        .then(|| view! { <h3>{words::NOTES}</h3> <ul class="map-notes">{notes}</ul> });
    view! {
        <section class="card map-known">
            <h2>{words::RISKS}</h2>
            {risk_list(plan)}
            {notes}
        </section>
    }
    .into_any()
}
