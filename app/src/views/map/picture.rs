//! The picture: boxes and lines, each of which can be chosen.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use pki_core::plan::flows::Party;
use pki_core::plan::{Component, ItemId};
use pki_text::en::map_view as words;

use super::geometry::{self, HEAD, PARTIES, Point, Rect};
use super::model::{End, Link, Model, NOBODY, TOKEN, checked_by};
use crate::state::Chosen;

/// Id of the picture.
pub(super) const PICTURE: &str = "map-picture";

/// What all parts of the picture need.
#[derive(Clone)]
struct Scene {
    model: Arc<Model>,
    chosen: RwSignal<Option<Chosen>>,
    /// Which connections have to do with what is chosen.
    lit: Memo<Vec<bool>>,
}

pub(super) fn picture_view(
    model: &Arc<Model>,
    chosen: RwSignal<Option<Chosen>>,
    lit: Memo<Vec<bool>>,
) -> AnyView {
    let scene = Scene { model: Arc::clone(model), chosen, lit };
    let plan = &model.plan;
    let machines = words::plural(plan.settings.control_planes.len(), "machine");
    let count = plan.settings.control_planes.len() + plan.settings.workers.len();
    let more = PARTIES.iter().any(|party| geometry::is_below(*party) && is_there(model, *party));
    let (nodes, size) = match more {
        true => (geometry::NODES_MORE, geometry::SIZE_MORE),
        false => (geometry::NODES, geometry::SIZE),
    };
    // Lines come into the nodes from above: their name stands below.
    let members = plan.settings.etcd.members.len();
    let plane = if members > 0 { geometry::WITHOUT_ETCD } else { geometry::CONTROL_PLANE };
    let around = [
        (plane, 22, words::CONTROL_PLANE, machines),
        (geometry::ETCD, 22, words::ETCD_HOSTS, words::plural(members, "machine")),
        (nodes, nodes.height - 10, words::NODES, words::plural(count, "machine")),
    ];
    let around: Vec<_> = around
        .into_iter()
        .filter(|(at, ..)| members > 0 || *at != geometry::ETCD)
        .map(|(at, down, name, count)| region(at, down, name, &count))
        .collect();
    let lines: Vec<_> = (0..model.links.len()).map(|index| link_view(&scene, index)).collect();
    let drawn = PARTIES.into_iter().filter(|party| is_there(model, *party));
    let boxes: Vec<_> = drawn.map(|party| party_view(&scene, party)).collect();
    let view_box = format!("0 0 {} {}", size.0, size.1);
    view! {
        <svg id=PICTURE class="map-picture" viewBox=view_box role="group" aria-label=words::PICTURE
            xmlns="http://www.w3.org/2000/svg">
            <rect class="map-back" width=size.0 height=size.1 rx="8" />
            {around}
            {boxes}
            {lines}
        </svg>
    }
    .into_any()
}

fn is_there(model: &Model, party: Party) -> bool {
    let joined = model.links.iter().any(|link| link.from == party || link.to == party);
    let runs = matches!(party, Party::Component(component)
        if !words::runs_on(&model.plan, component).is_empty());
    joined || runs
}

fn region(at: Rect, down: i32, name: &str, count: &str) -> AnyView {
    view! {
        <g class="map-region">
            <rect x=at.x y=at.y width=at.width height=at.height rx="10" />
            <text x=at.x + 16 y=at.y + down>{format!("{name}, {count}")}</text>
        </g>
    }
    .into_any()
}

impl Scene {
    /// A group with a button in it, which has a name where its own text is none; letters that are no
    /// name stand beside it.
    fn button(
        &self,
        class: &'static str,
        name: Option<String>,
        what: Chosen,
        drawn: AnyView,
        beside: Option<Vec<AnyView>>,
    ) -> AnyView {
        let (state, chosen) = (self.clone(), self.chosen);
        let classes = move || {
            let lit = state.lit.with(|lit| match what {
                Chosen::Party(party) => state.model.touches(chosen.get(), lit, party),
                Chosen::Link(from, to) => {
                    let mut links = state.model.links.iter().zip(lit);
                    links.any(|(link, lit)| *lit && (link.from, link.to) == (from, to))
                }
                Chosen::Authority(_) | Chosen::Flag(_) => true,
            });
            let here = if chosen.get() == Some(what) { " chosen" } else { "" };
            format!("{class}{}{here}", if lit { "" } else { " dim" })
        };
        let pressed = move || if chosen.get() == Some(what) { "true" } else { "false" };
        view! {
            <g class=classes>
                <g role="button" tabindex="0" aria-label=name aria-pressed=pressed
                    on:click=move |_| what.toggle(chosen)
                    on:keydown=move |event: KeyboardEvent| {
                        if matches!(event.key().as_str(), "Enter" | " ") {
                            event.prevent_default();
                            what.toggle(chosen);
                        }
                    }>
                    {drawn}
                </g>
                <g class="map-beside" aria-hidden="true">{beside}</g>
            </g>
        }
        .into_any()
    }
}

fn party_view(scene: &Scene, party: Party) -> AnyView {
    let at = geometry::place(party);
    let name = words::short(party);
    let below = match party {
        Party::Component(component) => words::runs_on(&scene.model.plan, component),
        other => words::about(other).to_owned(),
    };
    let (mark, letters) = marks(&scene.model, party);
    let marked = (!letters.is_empty()).then(|| {
        let badges: Vec<_> = (0..)
            .zip(letters)
            .map(|(place, letter)| badge((at.x + 100 + place * 24, at.y + 64), letter))
            .collect();
        view! { <text class="map-small" x=at.x + 14 y=at.y + 69>{mark}" "</text> {badges} }
    });
    let drawn = view! {
        <rect x=at.x y=at.y width=at.width height=at.height rx="6" />
        <text class="map-name" x=at.x + 14 y=at.y + 27>{name}" "</text>
        <text class="map-small" x=at.x + 14 y=at.y + 46>{below}" "</text>
        {marked}
    };
    scene.button("map-party", None, Chosen::Party(party), drawn.into_any(), None)
}

/// The CAs whose keys a component signs with, or whose clients it takes.
fn marks(model: &Model, party: Party) -> (&'static str, Vec<char>) {
    let letter = |id: ItemId| model.plan.authority_of(id).map(|authority| authority.row.letter);
    if party == Party::Component(Component::ControllerManager) {
        let authorities = (0..model.plan.layout.authorities.len()).map(ItemId);
        let signing = authorities.filter(|id| !model.plan.blast(*id).key_needed_by.is_empty());
        return (words::SIGNS_WITH, signing.filter_map(letter).collect());
    }
    let mut letters = Vec::new();
    for link in model.links.iter().filter(|link| link.to == party) {
        for id in link.flows.iter().flat_map(|flow| checked_by(&flow.caller)) {
            letters.extend(letter(id).filter(|letter| !letters.contains(letter)));
        }
    }
    (words::CLIENTS_OF, letters)
}

fn link_view(scene: &Scene, index: usize) -> AnyView {
    let Some(link) = scene.model.links.get(index) else { return ().into_any() };
    let Some(line) = geometry::line(link.from, link.to) else { return ().into_any() };
    let length = geometry::length(line);
    let (hit, first) = (geometry::cut(line, 0, length), geometry::cut(line, 0, length / 2));
    let second = geometry::cut(line, length / 2, length - HEAD + 2);
    let head = geometry::head(line);
    let badges: Vec<_> =
        badges(line, link, length).into_iter().map(|(at, letter)| badge(at, letter)).collect();
    let broken = if link.gaps() > 0 { " broken" } else { "" };
    let first_class = format!("map-half {}{broken}", ink(&link.caller));
    let second_class = format!("map-half {}{broken}", ink(&link.callee));
    let head_class = format!("map-head {}", ink(&link.callee));
    let drawn = view! {
        <path class="map-hit" d=hit />
        <path class=first_class d=first />
        <path class=second_class d=second />
        <path class=head_class d=head />
    };
    let said =
        |end: &End| end.letters.iter().map(|letter| said(*letter)).collect::<Vec<_>>().join(", ");
    let (caller, callee) = (said(&link.caller), said(&link.callee));
    let spoken = words::spoken(link.from, link.to, (&caller, &callee), link.gaps());
    scene.button(
        "map-link",
        Some(spoken),
        Chosen::Link(link.from, link.to),
        drawn.into_any(),
        Some(badges),
    )
}

/// A letter, for those who do not see it.
fn said(letter: char) -> &'static str {
    match letter {
        NOBODY => "nobody",
        TOKEN => "a token",
        '?' => "something from outside",
        letter => pki_text::en::layout::authority(letter),
    }
}

/// Where the letters of both ends stand.
fn badges(line: &'static [Point], link: &Link, length: i32) -> Vec<(Point, char)> {
    const STEP: i32 = 24;
    let mut badges = Vec::new();
    for (place, letter) in (0..).zip(&link.caller.letters) {
        badges.push((geometry::along(line, 20 + place * STEP).0, *letter));
    }
    for (place, letter) in (0..).zip(&link.callee.letters) {
        badges.push((geometry::along(line, length - HEAD - 14 - place * STEP).0, *letter));
    }
    badges
}

fn badge(at: Point, letter: char) -> AnyView {
    view! {
        <rect class=format!("map-badge {}", ink_of(letter)) x=at.0 - 10 y=at.1 - 10 width="20"
            height="20" rx="4" />
        <text class="map-letter" x=at.0 y=at.1 + 5>{letter.to_string()}</text>
    }
    .into_any()
}

/// The class that colours an end.
fn ink(end: &End) -> String {
    if end.open {
        return ink_of(NOBODY);
    }
    end.letters.first().map_or_else(String::new, |letter| ink_of(*letter))
}

fn ink_of(letter: char) -> String {
    match letter {
        NOBODY => "in-nobody".to_owned(),
        letter if letter.is_ascii_alphabetic() => format!("in-{}", letter.to_ascii_lowercase()),
        _ => "in-other".to_owned(),
    }
}
