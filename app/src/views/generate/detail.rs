//! One file: what it is, where it goes, and what stands in it once it is made.

use leptos::prelude::*;
use pki_core::plan::{Content, PlannedFile};
use pki_text::en::layout;
use pki_text::en::readme;
use pki_text::en::ui::tree as words;

use super::tree::{Shown, shown};
use crate::components::authority::{Mark, of_content};
use crate::components::copy::Copy;
use crate::components::{inspected, prose};
use crate::state::{Editor, Generate, Look, Made};

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
    view! { <div class="detail" id="detail">{body}</div> }
}

fn facts(shown: &Shown, path: &str) -> impl IntoView + use<> {
    match shown.plan.file(path) {
        Some(file) => planned(shown, file).into_any(),
        None => view! { <p>{words::extra(path)}</p> }.into_any(),
    }
}

fn planned(shown: &Shown, file: &PlannedFile) -> impl IntoView + use<> {
    let authority = of_content(&shown.plan, &file.content);
    let signer = authority.map(|letter| {
        view! {
            <dt>{words::SIGNED_BY}</dt>
            <dd><Mark authority=Some(letter) />" "{layout::authority(letter)}</dd>
        }
    });
    let installed = file.installed_path().map(|path| {
        view! { <dt>{words::INSTALLED}</dt><dd><code>{path.to_owned()}</code></dd> }
    });
    view! {
        <p>{prose(&readme::what(&shown.plan, file))}</p>
        <dl class="facts">
            {signer}
            {installed}
            <dt>{words::MODE}</dt>
            <dd><code>{format!("{:04o} root:root", file.mode)}</code></dd>
        </dl>
    }
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
        {decoded}
        {secret.then(|| view! {
            <button type="button" on:click=move |_| asked.update(|on| *on = !*on)>{label}</button>
        })}
        {shown}
    }
}
