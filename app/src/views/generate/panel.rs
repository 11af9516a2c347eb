//! The work: what will be made, the button, the progress, and how it ended.

use crate::components::live;
use leptos::prelude::*;
use pki_core::plan::{Item, Make};
use pki_text::en::findings;
use pki_text::en::ui::{form, generate as words};

use super::result::Result;
use super::waiting::Waits;
use crate::components::field::{field_id, severity_class};
use crate::platform;
use crate::state::{Editor, Generate, Stage};
use crate::worker::Failure;

/// How many findings the summary names.
const MOST_FINDINGS: usize = 8;

#[component]
pub(super) fn Panel() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let generate = expect_context::<Generate>();
    let errors = Memo::new(move |_| editor.checked.with(|checked| checked.errors()));
    let making = Memo::new(move |_| generate.stage.with(|s| matches!(s, Stage::Making)));
    let made = Memo::new(move |_| {
        generate.stage.with(|stage| matches!(stage, Stage::Made(_) | Stage::Waiting(_)))
    });
    let press = move |_: leptos::ev::MouseEvent| generate.start();
    let cancel = move |_: leptos::ev::MouseEvent| {
        generate.cancel();
        platform::focus("generate");
    };
    view! {
        <section class="card panel" aria-label=words::PANEL>
            <Show when=move || editor.demo.with(Option::is_some)>
                <p class="demo-mark">{words::DEMO_MARK}</p>
            </Show>
            <div class="actions">
                <button type="button" id="generate" class:primary=move || !made.get()
                    disabled=move || { errors.get() > 0 || making.get() }
                    aria-describedby="blocked" on:click=press>{words::START}</button>
                <Show when=move || making.get()>
                    <button type="button" on:click=cancel>{words::CANCEL}</button>
                </Show>
                <p class="outlook">{outlook(editor)}</p>
            </div>
            <p class="blocked" id="blocked">
                {live(move || Some(errors.get()).filter(|count| *count > 0).map(words::blocked))}
            </p>
            <Summary />
            {live(move || generate.stage.with(|stage| match stage {
                Stage::Editing => ().into_any(),
                Stage::Making => view! { <Making /> }.into_any(),
                Stage::Made(made) => view! { <Result made=made.clone() /> }.into_any(),
                Stage::Waiting(waiting) => {
                    view! { <Waits waiting=waiting.clone() /> }.into_any()
                }
                Stage::Failed(failure) => failed(failure).into_any(),
            }))}
        </section>
    }
}

fn outlook(editor: Editor) -> impl Fn() -> Option<String> {
    move || {
        let demo = editor.demo.with(Option::is_some);
        editor.checked.with(|checked| {
            let plan = checked.plan.as_ref()?;
            let files = plan.files.len() + pki_core::bundle::EXTRAS.len();
            let has_key = |item: &&Item| !matches!(item.make, Make::Token | Make::Secret);
            let keys = plan.items.iter().filter(has_key).count();
            Some(words::outlook(keys, files, &plan.archive_name(demo)))
        })
    }
}

/// Every finding in one list; each leads to its field.
#[component]
fn Summary() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let found = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let first: Vec<_> = checked.findings.iter().take(MOST_FINDINGS).cloned().collect();
            (first, checked.errors(), checked.warnings())
        })
    });
    move || {
        let (first, errors, warnings) = found.get();
        let more = (errors + warnings).saturating_sub(first.len());
        (errors + warnings > 0).then(|| {
            let lines = first.into_iter().map(|finding| {
                let id = field_id(&finding.place);
                let lead = move |_| platform::focus_field(&id);
                let sentence = findings::finding(&finding);
                view! {
                    <li class=severity_class(finding.severity())>
                        <button type="button" class="link" on:click=lead>
                            {findings::place(&finding.place)}
                        </button>
                        " "{sentence.what}
                    </li>
                }
            });
            view! {
                <details class="summary" open=true>
                    <summary>{form::FINDINGS}": "{form::summary(errors, warnings)}</summary>
                    <ul>{lines.collect_view()}</ul>
                    {(more > 0).then(|| view! { <p class="hint">{form::more(more)}</p> })}
                </details>
            }
        })
    }
}

#[component]
fn Making() -> impl IntoView {
    let generate = expect_context::<Generate>();
    let progress = generate.progress;
    let total = progress.with_untracked(|progress| progress.total);
    let done = move || progress.with(|progress| progress.done);
    let assembling = move || progress.with(|progress| progress.assembling);
    // Nobody knows how far the archive is: the bar says then only that something goes on.
    let value = move || (!assembling()).then(|| done().to_string());
    let made = move || words::progress(done(), total);
    let label = move || if assembling() { words::ASSEMBLING.to_owned() } else { made() };
    let now = move || match assembling() {
        true => made(),
        false => progress.with(|progress| words::making(&progress.making)),
    };
    view! {
        <div class="making">
            <label for="progress">{live(label)}</label>
            <progress id="progress" max=total value=value></progress>
            <p class="hint">{live(now)}</p>
        </div>
    }
}

fn failed(failure: &Failure) -> impl IntoView + use<> {
    let sentence = match failure {
        Failure::Randomness(reason) => words::no_randomness(reason),
        Failure::Item { name, reason } => words::item_failed(name, reason),
        Failure::Archive(reason) => words::archive_failed(reason),
        Failure::Verify { path, reason } => words::verify_failed(path, reason),
        Failure::Worker(reason) => words::worker_failed(reason),
        Failure::NoWorker => words::NO_WORKER.to_owned(),
        Failure::Authority(reason) => reason.clone(),
    };
    let title = words::failure_title(matches!(failure, Failure::Verify { .. }));
    view! {
        <div class="failed" role="alert">
            <h2>{title}</h2>
            <p>{sentence}</p>
        </div>
    }
}
