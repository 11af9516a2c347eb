//! One file: what it is, where it goes, and what stands in it once it is made.

use crate::components::live;
use leptos::prelude::*;
use pki_core::plan::flows::{Flag, Party};
use pki_core::plan::{Content, ItemId, Plan, PlannedFile, SettingsFile};
use pki_text::en::ui::tree as words;
use pki_text::en::{layout, map_view, readme, why};

use super::tree::{Shown, shown};
use crate::components::authority::Mark;
use crate::components::copy::Copy;
use crate::components::{inspected, prose};
use crate::platform;
use crate::state::{Atlas, Chosen, DETAIL, Editor, Generate, Look, Made};

#[component]
pub(super) fn Detail() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let generate = expect_context::<Generate>();
    let path = Memo::new(move |_| generate.look.with(|l| l.as_ref().map(|l| l.path.clone())));
    let body = move || {
        let Some(path) = path.get() else {
            return view! { <p class="hint">{words::SELECT}</p> }.into_any();
        };
        let Some(shown) = shown(editor, generate) else { return ().into_any() };
        let secret = shown.plan.file(&path).is_some_and(|file| Made::is_secret(&file.content));
        let certificate = shown
            .plan
            .file(&path)
            .is_some_and(|file| !matches!(file.content, Content::PrivateKey(_)));
        let facts = facts(&shown, &path).into_any();
        let content = match shown.made {
            Some(_) => view! { <FileContent secret=secret certificate=certificate /> }.into_any(),
            None => view! { <p class="hint">{words::LATER}</p> }.into_any(),
        };
        view! { <h2 class="path">{path}</h2> {facts} {content} }.into_any()
    };
    view! { <div class="detail" id=DETAIL tabindex="-1">{live(body)}</div> }
}

fn facts(shown: &Shown, path: &str) -> impl IntoView + use<> {
    match shown.plan.file(path) {
        Some(file) => planned(shown, file).into_any(),
        None => view! { <p>{words::extra(path)}</p> }.into_any(),
    }
}

fn planned(shown: &Shown, file: &PlannedFile) -> impl IntoView + use<> {
    let plan = &shown.plan;
    let called = |id: ItemId| {
        let authority = plan.authority_of(id)?;
        Some((Some(authority.row.letter), layout::called(&authority.row).to_owned()))
    };
    let signers = plan.authorities_of(&file.content).into_iter().filter_map(|id| {
        let (letter, name) = called(id)?;
        Some(to_map(Chosen::Authority(id), letter, name))
    });
    let by_name = |flag: Flag| map_view::by_flag(flag.component, flag.name);
    let flags = plan.readers(file).into_iter().map(|(component, name)| {
        let flag = Flag { component, name };
        to_map(Chosen::Flag(flag), None, by_name(flag))
    });
    let uses = plan.uses_of_file(file);
    let links = |ends: Vec<(Party, Party)>| {
        let link = |(from, to)| to_map(Chosen::Link(from, to), None, map_view::pair(from, to));
        ends.into_iter().map(link).collect::<Vec<_>>()
    };
    let told = match &file.content {
        Content::Settings(settings) => told(plan, file, *settings),
        _ => Vec::new(),
    };
    let rows = [
        (words::SIGNED_BY, signers.collect()),
        (map_view::NAMED_BY, flags.collect()),
        (map_view::SHOWN_ON, links(uses.shown)),
        (map_view::CHECKS_ON, links(uses.checks)),
        (map_view::FLAGS, told),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(_, jumps): &(_, Vec<AnyView>)| !jumps.is_empty())
        .map(|(name, jumps)| {
            let jumps: Vec<_> =
                jumps.into_iter().map(|jump| view! { <li>{jump}</li> }.into_any()).collect();
            view! { <dt>{name}</dt><dd><ul class="map-list">{jumps}</ul></dd> }.into_any()
        })
        .collect();
    let why = why::why(plan, file);
    let installed = file.installed_path().map(|path| {
        view! { <dt>{words::INSTALLED}</dt><dd><code>{path.to_owned()}</code></dd> }
    });
    view! {
        <p>{prose(&readme::holds(&shown.plan, &file.content))}</p>
        <dl class="facts">
            <dt>{words::WHY}</dt>
            <dd>{why.reason}" "<span class="hint">{words::SOURCE}{why.source}</span></dd>
            {rows}
            {installed}
            <dt>{words::MODE}</dt>
            <dd><code>{format!("{:04o} root:root", file.mode)}</code></dd>
        </dl>
    }
}

/// A button that leads to the map.
fn to_map(what: Chosen, letter: Option<char>, name: String) -> AnyView {
    let atlas = expect_context::<Atlas>();
    view! {
        <button type="button" class="link" on:click=move |_| atlas.show(what)>
            {letter.map(|letter| view! { <Mark authority=Some(letter) />" " })}{name}
        </button>
    }
    .into_any()
}

/// What a component is told, each flag with the file that it names on the same machine.
fn told(plan: &Plan, file: &PlannedFile, settings: SettingsFile) -> Vec<AnyView> {
    let generate = expect_context::<Generate>();
    let component = settings.component;
    let all = plan.settings_on(component, settings.member.unwrap_or_default());
    let settings = all.into_iter().map(|setting| {
        let flag = Chosen::Flag(Flag { component, name: setting.name });
        let named = setting.is_file.then(|| plan.installed(&file.owner, &setting.value)).flatten();
        let value = match named.map(|file| file.path.clone()) {
            Some(path) => {
                let look = move |_| {
                    generate.look_at(path.clone());
                    platform::focus(DETAIL);
                };
                view! {
                    <button type="button" class="link path" on:click=look>
                        <code>{setting.value}</code>
                    </button>
                }
                .into_any()
            }
            None => view! { <code>{setting.value}</code> }.into_any(),
        };
        view! { {to_map(flag, None, format!("--{}", setting.name))}"="{value} }.into_any()
    });
    settings.collect()
}

/// The text of the file; a secret one only when asked for.
#[component]
fn FileContent(secret: bool, certificate: bool) -> impl IntoView {
    let generate = expect_context::<Generate>();
    let asked = RwSignal::new(!secret);
    let text = move || {
        generate.look.with(|look| {
            let Look { content, .. } = look.as_ref()?;
            content.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned())
        })
    };
    let copied = Signal::derive(move || text().unwrap_or_default());
    let shown = move || match (asked.get(), text()) {
        (false, _) => view! { <p>{words::HIDDEN}</p> }.into_any(),
        (true, None) => view! { <p class="hint">{words::LOADING}</p> }.into_any(),
        (true, Some(text)) => view! {
            <div class="command">
                <pre tabindex="0">{text}</pre>
                <Copy what=words::FILE text=copied />
            </div>
        }
        .into_any(),
    };
    let label = move || if asked.get() { words::HIDE } else { words::REVEAL };
    let decoded = move || {
        let content = generate.look.with(|look| look.as_ref()?.content.clone())?;
        certificate.then(|| inspected(content))
    };
    view! {
        {live(decoded)}
        {secret.then(|| view! {
            <button type="button" on:click=move |_| asked.update(|on| *on = !*on)>{label}</button>
        })}
        {live(shown)}
    }
}
