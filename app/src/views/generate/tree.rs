//! Every file that will exist, or that does, machine by machine.

use std::collections::HashSet;
use std::sync::Arc;

use crate::components::live;
use crate::components::window::{BESIDE, Line, Window, filter_field};
use leptos::prelude::*;
use pki_core::plan::{Owner, Plan};
use pki_text::en::ui::tree as words;

use super::detail::Detail;
use super::folders::{FLAGS, Folder, Found, Row, entry, find};
use crate::components::authority::{Legend, Mark, of_content};
use crate::state::{Announcer, Editor, Generate, Made, Stage};

/// Beyond so many machines and people there is a field to find one.
const FEW: usize = 12;
/// Beyond so many lines the list scrolls by itself.
const SHORT: usize = 60;
/// Lines of a long list that are drawn at once: more than its height, with some on both sides.
const DRAWN: usize = 20 + 2 * BESIDE;

/// The plan to show, and the archive if it is of this plan.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) plan: Arc<Plan>,
    pub(super) made: Option<Arc<Made>>,
}

/// The same ones: what stands in them is never changed.
impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        let same_made = match (&self.made, &other.made) {
            (Some(made), Some(other)) => Arc::ptr_eq(made, other),
            (made, other) => made.is_none() && other.is_none(),
        };
        same_made && Arc::ptr_eq(&self.plan, &other.plan)
    }
}

pub(super) fn shown(editor: Editor, generate: Generate) -> Option<Shown> {
    let made = generate.stage.with(|stage| match stage {
        Stage::Made(made) if made.is_of(editor) => Some(made.clone()),
        _ => None,
    });
    match made {
        Some(made) => Some(Shown { plan: made.plan.clone(), made: Some(made) }),
        None => {
            let plan = editor.checked.with(|checked| checked.latest.clone())?;
            let outside = editor.outside(&plan);
            let plan = match outside.is_empty() {
                true => plan,
                false => Arc::new(Plan::clone(&plan).without_keys_of(&outside)),
            };
            Some(Shown { plan, made: None })
        }
    }
}

#[component]
pub(super) fn Tree() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let generate = expect_context::<Generate>();
    let announcer = expect_context::<Announcer>();
    // A run that begins, or fails, changes nothing here.
    let shown = Memo::new(move |_| shown(editor, generate));
    let plan = move || shown.with(|shown| shown.as_ref().map(|shown| shown.plan.clone()));
    let planned = Memo::new(move |_| shown.with(Option::is_some));
    let many = Memo::new(move |_| {
        plan().is_some_and(|plan| plan.settings.machines() + plan.settings.users.len() > FEW)
    });
    let filter = RwSignal::new(String::new());
    let toggled = RwSignal::new(HashSet::new());
    let found = Memo::new(move |last: Option<&Option<Found>>| {
        // What was typed counts no more once its field is gone.
        let wanted = if many.get() { filter.get() } else { String::new() };
        let last = last.and_then(Option::as_ref);
        plan().map(|plan| toggled.with(|toggled| find(plan, &wanted, toggled, last)))
    });
    let row = move |at: usize| found.with_untracked(|found| found.as_ref()?.rows.get(at).copied());
    let total = move || found.with(|found| found.as_ref().map_or(0, |found| found.rows.len()));
    let drawn = RwSignal::new(0);
    let long = move || total() > SHORT;
    // A short list has no place that it is scrolled to.
    Effect::new(move |_| {
        if !long() {
            drawn.set(0);
        }
    });
    let window = Window {
        id: "files",
        role: "tree",
        label: words::FILES,
        total: Signal::derive(total),
        long: Signal::derive(long),
        at: RwSignal::new(0),
        seen: Callback::new(move |(first, last): (usize, usize)| {
            let from = drawn.get_untracked();
            if first < from || last > from + DRAWN {
                drawn.set(first.saturating_sub(BESIDE));
            }
        }),
        act: Callback::new(move |(key, at): (String, usize)| {
            let row = row(at)?;
            let closes = row.file.is_none() && row.open;
            match key.as_str() {
                "ArrowRight" if closes => return Some(at + 1),
                "ArrowLeft" if row.file.is_some() => return at.checked_sub(row.place + 1),
                "ArrowLeft" if closes => {}
                "ArrowRight" if row.file.is_none() => {}
                "Enter" | " " => {}
                _ => return None,
            }
            match row.file {
                Some(file) => generate.look_at(entry(plan()?.as_ref(), file)?.0.to_owned()),
                None => toggled.update(|toggled| {
                    if !toggled.remove(&row.key) {
                        toggled.insert(row.key);
                    }
                }),
            }
            Some(at)
        }),
    };
    let lines = move || {
        let (from, count) = if long() { (drawn.get(), DRAWN) } else { (0, SHORT) };
        found.with(|found| {
            let found = found.as_ref()?;
            let rows = found.rows.iter().enumerate().skip(from).take(count);
            let drawn = rows.filter_map(|(at, row)| row_view(generate, window, found, at, *row));
            Some(drawn.collect::<Vec<_>>())
        })
    };
    let files = move || found.with(|found| found.as_ref().map_or(0, |found| found.files));
    let typed = move |text| {
        filter.set(text);
        toggled.update(|toggled| toggled.retain(|key| key % 2 == 0));
        drawn.set(0);
        window.rewind();
        announcer.say(words::found(untrack(files)));
    };
    let head = move || match shown.get() {
        None => view! { <p class="hint">{words::NONE}</p> }.into_any(),
        Some(Shown { plan, made }) => {
            let heading = if made.is_some() { words::MADE } else { words::PLANNED };
            let old = editor.checked.with(|checked| checked.plan.is_none());
            let old = old.then(|| view! { <p class="error">{words::OLD}</p> });
            view! { <h2>{heading}</h2> {old} <Legend plan=plan /> }.into_any()
        }
    };
    let field = move || {
        many.get().then(|| {
            // A field that comes back is empty.
            filter.set(String::new());
            let found = live(move || words::found(files()));
            filter_field("find-file", words::FIND, Box::new(typed), found)
        })
    };
    view! {
        <section class="card tree">
            <div class="tree-files">
                {live(head)}
                <div class="list-side">
                    {live(field)}
                    {live(move || planned.get().then(|| window.view(live(lines))))}
                </div>
            </div>
            <Detail />
        </section>
    }
}

/// A machine, or one of its files.
fn row_view(
    generate: Generate,
    window: Window,
    found: &Found,
    at: usize,
    row: Row,
) -> Option<AnyView> {
    let (plan, folder) = (&found.plan, found.folders.get(row.folder)?);
    let (class, body, path) = match row.file {
        None => {
            let [title, hint] = title(plan, folder);
            let body = view! { <span>{title}</span><span class="hint">{hint}</span> };
            ("line folder-head", body.into_any(), None)
        }
        Some(file) => {
            ("line file", file_view(plan, folder, file)?, Some(entry(plan, file)?.0.to_owned()))
        }
    };
    let is_head = path.is_none();
    let selected = move || {
        let looked = generate.look.with(|look| look.as_ref().map(|look| look.path.clone()));
        !is_head && looked == path
    };
    let line = Line {
        class,
        place: row.place,
        of: row.of,
        level: if is_head { 1 } else { 2 },
        open: is_head.then_some(row.open),
        selected: Box::new(selected),
        body,
    };
    Some(window.line(at, line))
}

fn file_view(plan: &Plan, folder: &Folder, file: usize) -> Option<AnyView> {
    let (path, mode, content) = entry(plan, file)?;
    let secret = content.is_some_and(Made::is_secret);
    let authority = content.and_then(|content| of_content(plan, content));
    // A long name breaks between its words.
    let words = folder.name(plan, path).split_inclusive(['/', '-', '.']);
    let name: Vec<_> = words.map(|word| view! { {word.to_owned()}<wbr /> }).collect();
    let body = view! {
        <Mark authority=authority />
        <span class="file-name">{name}</span>
        {secret.then(|| view! { <span class="tag">{words::SECRET}</span> })}
        <span class="mode">{format!("{mode:04o}")}</span>
    };
    Some(body.into_any())
}

/// Whose a folder is, and what is in it.
fn title(plan: &Plan, folder: &Folder) -> [String; 2] {
    let path = folder.path(plan);
    let Some(owner) = &folder.owner else { return [words::ROOT.to_owned(), String::new()] };
    let name = owner.node(&plan.settings).map(|node| node.name.as_str()).unwrap_or_default();
    let title = match owner {
        Owner::Operator => words::of_people(path).to_owned(),
        Owner::Vault => words::VAULT.to_owned(),
        _ if path.starts_with(FLAGS) => words::flags(name),
        Owner::ControlPlane(_) => words::control_plane(name),
        Owner::Worker(_) => words::worker(name),
        Owner::Etcd(_) => words::etcd_member(name),
    };
    [title, words::files(folder.files.len(), path)]
}
