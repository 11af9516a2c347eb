//! Every file that will exist, or that does, machine by machine.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::components::live;
use leptos::prelude::*;
use pki_core::bundle::EXTRAS;
use pki_core::order;
use pki_core::plan::{Owner, Plan};
use pki_text::en::ui::tree as words;

use super::detail::Detail;
use crate::components::authority::{Legend, Mark, of_content};
use crate::state::{Editor, Generate, Made, Stage};

/// How many machines are shown at first, and how many more at a time.
const FIRST_HOSTS: usize = 12;
const MORE_HOSTS: usize = 100;

/// Where what the components of a machine are told stands in the archive.
const FLAGS: &str = "flags/";
/// Where people's own files stand in it.
const OPERATOR: &str = "operator";

/// What a machine or a person gets: a run of the plan's files.
#[derive(Clone)]
struct Folder {
    owner: Owner,
    /// Path in the archive, `hosts/cp1` for example.
    path: String,
    title: String,
    files: Range<usize>,
}

/// The files of a plan stand sorted by path, so each owner's are one run. Control planes first.
fn folders(plan: &Plan) -> Vec<Folder> {
    let mut folders: Vec<Folder> = Vec::new();
    for (index, file) in plan.files.iter().enumerate() {
        match folders.last_mut() {
            // A machine has two: what is told to its components, and what is installed.
            Some(last) if last.owner == file.owner && is_in(&file.path, &last.path) => {
                last.files.end = index + 1;
            }
            _ => folders.push(Folder {
                owner: file.owner.clone(),
                path: folder_path(&file.path).to_owned(),
                title: title(plan, &file.owner, folder_path(&file.path)),
                files: index..index + 1,
            }),
        }
    }
    order::sort_by_key(&mut folders, |folder| {
        let (kind, index) = match folder.owner {
            Owner::Operator => (0, 0),
            Owner::Vault => (1, 0),
            Owner::ControlPlane(index) => (2, index),
            Owner::Etcd(index) => (3, index),
            Owner::Worker(index) => (4, index),
        };
        let later = folder.path.starts_with(FLAGS) || kind == 0 && folder.path != OPERATOR;
        (kind, index, later)
    });
    folders
}

/// The folders of the first owners, and how many owners are left.
fn first(mut folders: Vec<Folder>, limit: usize) -> (Vec<Folder>, usize) {
    let (mut owners, mut end) = (0, folders.len());
    for (index, folder) in folders.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| folders.get(before));
        if before.is_none_or(|before| before.owner != folder.owner) {
            owners += 1;
            if owners == limit + 1 {
                end = index;
            }
        }
    }
    folders.truncate(end);
    (folders, owners.saturating_sub(limit))
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// `hosts/cp1` of a machine's file, `vault` of `vault/pki/…`.
fn folder_path(path: &str) -> &str {
    let parts = match path.split('/').next() {
        Some("hosts" | "flags") => 2,
        _ => 1,
    };
    let end = path.match_indices('/').nth(parts - 1).map_or(path.len(), |(index, _)| index);
    path.get(..end).unwrap_or(path)
}

fn title(plan: &Plan, owner: &Owner, path: &str) -> String {
    let flags = path.starts_with(FLAGS);
    let settings = &plan.settings;
    let name = owner.node(settings).map(|node| node.name.as_str()).unwrap_or_default();
    match owner {
        Owner::ControlPlane(_) | Owner::Worker(_) | Owner::Etcd(_) if flags => words::flags(name),
        Owner::ControlPlane(_) => words::control_plane(name),
        Owner::Worker(_) => words::worker(name),
        Owner::Etcd(_) => words::etcd_member(name),
        Owner::Operator => words::of_people(path).to_owned(),
        Owner::Vault => words::VAULT.to_owned(),
    }
}

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
    let limit = RwSignal::new(FIRST_HOSTS);
    // What is open is remembered by place, because the names change while they are typed.
    let toggled = RwSignal::new(BTreeSet::<usize>::new());
    // A run that begins, or fails, changes nothing here.
    let shown = Memo::new(move |_| shown(editor, generate));
    let body = move || match shown.get() {
        None => view! { <p class="hint">{words::NONE}</p> }.into_any(),
        Some(Shown { plan, made }) => {
            let (folders, hidden) = first(folders(&plan), limit.get());
            let heading = if made.is_some() { words::MADE } else { words::PLANNED };
            let folders = folders
                .into_iter()
                .enumerate()
                .map(|(index, folder)| folder_view(plan.clone(), folder, index, toggled))
                .collect_view();
            let more = (hidden > 0).then(|| {
                view! {
                    <p class="hint">{words::hidden(hidden)}</p>
                    <button type="button" on:click=move |_| limit.update(|l| *l += MORE_HOSTS)>
                        {words::MORE}
                    </button>
                }
            });
            let old = editor.checked.with(|checked| checked.plan.is_none());
            let old = old.then(|| view! { <p class="error">{words::OLD}</p> });
            view! { <h2>{heading}</h2> {old} <Legend plan=plan.clone() /> {folders} {more} {extras(generate)} }
                .into_any()
        }
    };
    view! {
        <section class="card tree">
            <div class="tree-files">{live(body)}</div>
            <Detail />
        </section>
    }
}

/// A folder that opens; its files are drawn only then.
fn folder_view(
    plan: Arc<Plan>,
    folder: Folder,
    index: usize,
    toggled: RwSignal<BTreeSet<usize>>,
) -> impl IntoView {
    let generate = expect_context::<Generate>();
    // People's own folder and the first machine's are open at first.
    let is_first_machine = matches!(folder.owner, Owner::ControlPlane(0));
    let first = index == 0 || is_first_machine && !folder.path.starts_with(FLAGS);
    let open = Memo::new(move |_| toggled.with(|set| set.contains(&index)) != first);
    let flip = move |_| {
        toggled.update(|set| {
            if !set.remove(&index) {
                set.insert(index);
            }
        });
    };
    let count = folder.files.len();
    let prefix = format!("{}/", folder.path);
    let files = move || {
        open.get().then(|| {
            let files = plan.files.get(folder.files.clone()).unwrap_or_default();
            let rows = files.iter().map(|file| {
                let name = file.path.strip_prefix(&prefix).unwrap_or(&file.path).to_owned();
                let secret = Made::is_secret(&file.content);
                let authority = of_content(&plan, &file.content);
                view! {
                    <li>
                        <FileButton path=file.path.clone() name=name generate=generate
                            mode=file.mode secret=secret>
                            <Mark authority=authority />
                        </FileButton>
                    </li>
                }
            });
            view! { <ul class="files">{rows.collect_view()}</ul> }
        })
    };
    view! {
        <div class="folder">
            <button type="button" class="folder-head"
                aria-expanded=move || if open.get() { "true" } else { "false" } on:click=flip>
                <span>{folder.title}</span>
                <span class="hint">{words::files(count, &folder.path)}</span>
            </button>
            {live(files)}
        </div>
    }
}

#[component]
fn FileButton(
    path: String,
    name: String,
    generate: Generate,
    mode: u32,
    secret: bool,
    children: Children,
) -> impl IntoView {
    let here = path.clone();
    let selected = Memo::new(move |_| {
        generate.look.with(|look| look.as_ref().is_some_and(|look| look.path == here))
    });
    view! {
        <button type="button" class="file" class:secret=secret
            aria-pressed=move || if selected.get() { "true" } else { "false" }
            on:click=move |_| generate.look_at(path.clone())>
            {children()}
            <span class="file-name">{name}</span>
            {secret.then(|| view! { <span class="tag">{words::SECRET}</span> })}
            <span class="mode">{format!("{mode:04o}")}</span>
        </button>
    }
}

/// The files beside the plan's.
fn extras(generate: Generate) -> impl IntoView {
    let rows = EXTRAS.into_iter().map(|(path, mode)| {
        view! {
            <li>
                <FileButton path=path.to_owned() name=path.to_owned() generate=generate mode=mode
                    secret=false>
                    <Mark authority=None />
                </FileButton>
            </li>
        }
    });
    view! {
        <div class="folder">
            <p class="folder-head">{words::ROOT}</p>
            <ul class="files">{rows.collect_view()}</ul>
        </div>
    }
}
