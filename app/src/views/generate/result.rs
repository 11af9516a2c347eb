//! What came out: what was checked, the download, and what to do with it.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::plan::Owner;
use pki_text::en::layout;
use pki_text::en::readme::install_line;
use pki_text::en::ui::generate as words;

use crate::components::copy::Copy;
use crate::platform;
use crate::state::{Editor, Generate, Made};

/// More machines are not listed.
const MOST_CHOICES: usize = 100;

#[component]
pub(super) fn Result(made: Arc<Made>) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let generate = expect_context::<Generate>();
    let counts = made.verified;
    let checks = words::checks(
        counts.certificates,
        counts.names,
        counts.key_pairs,
        counts.kubeconfigs,
        counts.files,
    );
    let stale = {
        let made = made.clone();
        move || !made.is_of(editor)
    };
    let kept = move || if generate.downloaded.get() { words::KEPT } else { words::NOT_KEPT };
    view! {
        <div class="result">
            <h2>{words::READY}" "<span class="hint">{words::took(made.milliseconds)}</span></h2>
            {made.demo.is_some().then(|| view! { <p class="demo-mark">{words::DEMO_MARK}</p> })}
            <Show when=stale><p class="warning">{words::STALE}</p></Show>
            <div class="actions">
                <button type="button" class="primary" on:click=move |_| generate.download()>
                    {words::DOWNLOAD}
                </button>
                <code>{made.name.clone()}</code>
            </div>
            <p class="hint">{kept}</p>
            <ul class="checks">
                {checks
                    .into_iter()
                    .map(|(count, what)| view! { <li><strong>{count}</strong>" "{what}</li> })
                    .collect_view()}
            </ul>
            <Next made=made />
        </div>
    }
}

/// The line that installs a machine's files, for one machine at a time.
#[component]
fn Next(made: Arc<Made>) -> impl IntoView {
    let settings = &made.plan.settings;
    let start = match made.plan.layout.for_kubeadm {
        true => words::NEXT_KUBEADM,
        false => layout::start(settings.layout),
    };
    let machines = made.plan.machines();
    let (etcd, others): (Vec<_>, Vec<_>) =
        machines.partition(|(owner, _)| matches!(owner, Owner::Etcd(_)));
    let names: Vec<String> =
        others.into_iter().chain(etcd).map(|(_, node)| node.name.to_string()).collect();
    let has_machines = !names.is_empty();
    let first = names.first().cloned().unwrap_or_default();
    let chosen = RwSignal::new(first.clone());
    let archive = made.name.clone();
    let line = Memo::new(move |_| install_line(&archive, &chosen.get()));
    let choice = match names.len() <= MOST_CHOICES {
        true => choice(names, chosen).into_any(),
        false => named(names, first, chosen).into_any(),
    };
    let install = view! {
        <p>{words::NEXT_COPY}</p>
        <div class="field host">
            <label for="host">{words::NEXT_HOST}</label>
            {choice}
        </div>
        <div class="command">
            <pre tabindex="0">{line}</pre>
            <Copy what=words::NEXT_COMMAND text=line />
        </div>
    };
    view! {
        <h3>{words::NEXT}</h3>
        {has_machines.then_some(install)}
        <p class="hint">{start}</p>
    }
}

/// One of a few machines.
fn choice(names: Vec<String>, chosen: RwSignal<String>) -> impl IntoView {
    let options = names
        .into_iter()
        .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
        .collect_view();
    view! {
        <select id="host" on:change=move |event| chosen.set(platform::event_value(&event))>
            {options}
        </select>
    }
}

/// One of thousands, by its name: a list of them all would take the page longer than a frame.
fn named(names: Vec<String>, first: String, chosen: RwSignal<String>) -> impl IntoView {
    let known = RwSignal::new(true);
    let typed = move |event| {
        let name = platform::event_value(&event);
        known.set(names.contains(&name));
        if known.get_untracked() {
            chosen.set(name);
        }
    };
    let unknown = move || (!known.get()).then_some(words::NO_HOST);
    view! {
        <input type="text" id="host" autocomplete="off" autocapitalize="none" spellcheck="false"
            aria-describedby="host-found" aria-invalid=move || (!known.get()).then_some("true")
            value=first on:input=typed />
        <p class="error" id="host-found">{unknown}</p>
    }
}
