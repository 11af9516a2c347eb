//! The design as a document: out, in, and back to the start.

use crate::components::live;
use leptos::prelude::*;
use pki_core::design::{Design, Finding, LINK_KEY};
use pki_text::en::{findings, ui::form as words};

use crate::components::copy::Copy;
use crate::platform;
use crate::route::Route;
use crate::state::{Announcer, Editor};

/// Beyond this many characters, mail programs and chats begin to cut links. (Internet Explorer's
/// 2,083, which many of them still hold to.)
const LONG_LINK: usize = 2_000;

#[component]
pub(super) fn Document() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let problem = RwSignal::new(None::<(String, String)>);
    let name = move |ending: &str| {
        editor.design.with_untracked(|design| format!("{}-design.{ending}", design.cluster_name))
    };
    let yaml = move |_| {
        let text = editor.design.with_untracked(Design::to_yaml);
        platform::download(&name("yaml"), "application/yaml", text.as_bytes());
    };
    let json = move |_| {
        let text = editor.design.with_untracked(Design::to_json);
        platform::download(&name("json"), "application/json", text.as_bytes());
    };
    let left = RwSignal::new(Vec::<Finding>::new());
    let take = move |file: String, bytes: Vec<u8>| match Design::read_file(&bytes) {
        Ok((design, found)) => {
            problem.set(None);
            left.set(found);
            editor.replace(design);
            announcer.say(words::imported(&file));
        }
        Err(error) => {
            let sentence = findings::document(&error).to_string();
            announcer.say(words::not_imported(&file));
            left.set(Vec::new());
            problem.set(Some((words::not_imported(&file), sentence)));
            platform::focus_field("import");
        }
    };
    let import = move |event| platform::read_chosen(&event, take);
    // A design can be dropped anywhere; the shell sends everything else to Decode.
    platform::on_drop(
        |_| {},
        move |event| {
            if platform::is_document(&event) {
                platform::dropped(&event, move |bytes| take(words::DROPPED.to_owned(), bytes));
            }
        },
    );
    let start_over = move |_| {
        if platform::confirm(words::START_OVER_SURE) {
            editor.start_over();
        }
    };
    let shown = RwSignal::new(false);
    let link = Memo::new(move |_| {
        let data = editor.checked.with(|checked| checked.design.to_link());
        format!("{}{}?{LINK_KEY}{data}", platform::address(), Route::Generate.href())
    });
    let make_link = move |_| {
        shown.set(true);
        platform::focus_field("design-link");
    };
    view! {
        <details class="advanced">
            <summary>{words::DOCUMENT}</summary>
            <p class="hint" id="document-hint">{words::DOCUMENT_HINT}</p>
            <div class="actions">
                <button type="button" on:click=yaml>{words::EXPORT_YAML}</button>
                <button type="button" on:click=json>{words::EXPORT_JSON}</button>
                <button type="button" on:click=make_link>{words::MAKE_LINK}</button>
                <button type="button" class="quiet" on:click=start_over>
                    {words::START_OVER}
                </button>
            </div>
            {live(move || shown.get().then(|| link_field(link)))}
            <div class="field">
                <label for="import">{words::IMPORT}</label>
                <input type="file" id="import" accept=".yaml,.yml,.json,.gz"
                    aria-describedby="document-hint import-found" on:change=import />
                <div class="found" id="import-found">
                    {live(move || problem.get().map(|(what, why)| view! {
                        <p class="error"><strong>{what}</strong>" "{why}</p>
                    }))}
                    {live(move || left.with(|left| left.iter().map(not_taken).collect_view()))}
                </div>
            </div>
        </details>
    }
}

/// The link as it follows the design, to be copied.
fn link_field(link: Memo<String>) -> AnyView {
    let length = move || link.with(String::len);
    view! {
        <div class="field">
            <label for="design-link">{words::LINK}</label>
            <input type="text" id="design-link" readonly=true prop:value=link
                aria-describedby="design-link-hint" />
            <p class="hint" id="design-link-hint">{words::LINK_HINT}</p>
            {live(move || (length() > LONG_LINK).then(|| view! {
                <p class="warning">{words::long_link(length())}</p>
            }))}
            <div class="actions"><Copy what=words::LINK text=link /></div>
        </div>
    }
    .into_any()
}

/// What of kubeadm's configuration has no place in a design.
fn not_taken(finding: &Finding) -> AnyView {
    let sentence = findings::finding(finding).to_string();
    view! { <p class="warning"><code>{finding.place.clone()}</code>" "{sentence}</p> }.into_any()
}
