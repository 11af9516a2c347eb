//! What came out: what was checked, the download, and what to do with it.

use std::sync::Arc;

use leptos::prelude::*;
use pki_text::en::layout;
use pki_text::en::readme::install_line;
use pki_text::en::ui::generate as words;

use crate::components::copy::Copy;
use crate::platform;
use crate::state::{Editor, Generate, Made};

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
    let names: Vec<String> = settings
        .control_planes
        .iter()
        .chain(&settings.workers)
        .chain(&settings.etcd.members)
        .map(|node| node.name.to_string())
        .collect();
    let chosen = RwSignal::new(names.first().cloned().unwrap_or_default());
    let archive = made.name.clone();
    let line = Memo::new(move |_| install_line(&archive, &chosen.get()));
    let options = names
        .into_iter()
        .map(|name| view! { <option value=name.clone()>{name.clone()}</option> })
        .collect_view();
    view! {
        <h3>{words::NEXT}</h3>
        <p>{words::NEXT_COPY}</p>
        <div class="field host">
            <label for="host">{words::NEXT_HOST}</label>
            <select id="host" on:change=move |event| chosen.set(platform::event_value(&event))>
                {options}
            </select>
        </div>
        <div class="command">
            <pre tabindex="0">{line}</pre>
            <Copy what=words::NEXT_COMMAND text=line />
        </div>
        <p class="hint">{start}</p>
    }
}
