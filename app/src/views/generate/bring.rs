//! CAs that are brought along: pasted, checked at once, and kept in memory only.

use std::sync::Arc;

use crate::components::live;
use leptos::prelude::*;
use pki_core::issue;
use pki_text::en::ui::form as words;
use pki_text::en::{bring, outside};
use zeroize::{Zeroize, Zeroizing};

use crate::platform;
use crate::state::{Announcer, Brought, Editor, Generate};

#[component]
pub(super) fn Bring() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let generate = expect_context::<Generate>();
    let chosen = RwSignal::new(String::new());
    let text = RwSignal::new(String::new());
    let said = RwSignal::new((false, String::new()));
    let names = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let rows = checked.latest.as_ref().map(|plan| plan.layout.authorities.to_vec());
            rows.unwrap_or_default().into_iter().map(|row| row.name).collect::<Vec<_>>()
        })
    });
    let options = move || {
        let names = names.get();
        if !names.iter().any(|name| chosen.with_untracked(|chosen| chosen == name)) {
            chosen.set(names.first().map(|name| (*name).to_owned()).unwrap_or_default());
        }
        names.into_iter().map(|name| view! { <option value=name>{name}</option> }).collect_view()
    };
    let over = RwSignal::new(false);
    let take = move || {
        let Some(plan) = editor.check_now().plan else {
            said.set((true, words::BRING_NO_PLAN.to_owned()));
            return;
        };
        let (name, pem) = (chosen.get_untracked(), Zeroizing::new(text.get_untracked()));
        let own = Brought { name, pem };
        match issue::bring(&plan, &own.name, &own.pem, own.key(), &[], platform::now()) {
            Err(error) => said.set((true, bring::refused(&error).to_string())),
            Ok(brought) => {
                said.set((false, bring::taken(&brought).join(" ")));
                announcer.say(label(&own));
                text.update(Zeroize::zeroize);
                keep(editor, own.name, Some(own.pem));
            }
        }
    };
    let take_files = move |files: Vec<Vec<u8>>| {
        let mut pem = Zeroizing::new(String::new());
        for bytes in files.into_iter().map(Zeroizing::new) {
            match issue::as_pem(&bytes) {
                Ok(found) => pem.push_str(&format!("{}\n", found.trim_end())),
                Err(error) => {
                    said.set((true, bring::refused(&error).to_string()));
                    return;
                }
            }
        }
        // A key that comes alone belongs to the certificate that is there already.
        if !pem.contains(CERTIFICATE) {
            let before = text.with_untracked(|text| certificate_in(text)).or_else(|| {
                let all = editor.brought.get_untracked();
                let own = all.iter().find(|own| own.name == chosen.get_untracked())?;
                certificate_in(&own.pem)
            });
            pem.insert_str(0, &before.unwrap_or_default());
        }
        text.update(|text| {
            text.zeroize();
            text.push_str(&pem);
        });
        take();
    };
    let list = move || {
        let all = editor.brought.get();
        let rows = all.iter().map(|own| {
            let (name, label) = (own.name.clone(), label(own));
            view! {
                <li>{label}" "<button type="button" class="quiet"
                    on:click=move |_| keep(editor, name.clone(), None)>{words::BRING_REMOVE}</button></li>
            }
        });
        rows.collect_view()
    };
    view! {
        <fieldset class="demo drop-place" class:over=move || over.get()
            on:dragover=move |event| {
                event.prevent_default();
                over.set(true);
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                over.set(false);
                platform::files_of(&event, take_files);
            }>
            <legend>{words::BRING}</legend>
            <div class="field">
                <label for="bring-ca">{words::BRING_CA}</label>
                <select id="bring-ca" prop:value=chosen
                    on:change=move |event| chosen.set(platform::event_value(&event))>
                    {live(options)}
                </select>
            </div>
            <div class="field">
                <label for="bring-pem">{words::BRING_PEM}</label>
                <textarea id="bring-pem" rows="3" spellcheck="false" autocomplete="off"
                    aria-describedby="bring-hint bring-found" prop:value=text
                    on:input=move |event| text.set(platform::event_value(&event))></textarea>
                <p class="hint" id="bring-hint">{words::BRING_HINT}</p>
                <div class="found" id="bring-found">
                    {live(move || said.with(|(error, said)| {
                        let class = if *error { "error" } else { "warning" };
                        (!said.is_empty()).then(|| view! { <p class=class>{said.clone()}</p> })
                    }))}
                </div>
            </div>
            <button type="button" on:click=move |_| take()>{words::BRING_TAKE}</button>
            <div class="field">
                <label for="bring-file">{words::BRING_FILE}</label>
                <input type="file" id="bring-file" multiple=true
                    aria-describedby="bring-file-hint bring-found"
                    on:change=move |event| platform::files_of(&event, take_files) />
                <p class="hint" id="bring-file-hint">{words::BRING_FILE_HINT}</p>
            </div>
            <ul>{live(list)}</ul>
            <div class="field">
                <label for="pending">{outside::PENDING}</label>
                <input type="file" id="pending" accept=".gz,.tgz"
                    aria-describedby="pending-hint pending-found" on:change=move |event| {
                        platform::read_chosen(&event, move |_, bytes| generate.open_pending(bytes));
                    } />
                <p class="hint" id="pending-hint">{outside::PENDING_HINT}</p>
                <div class="found" id="pending-found">
                    {live(move || generate.not_pending.with(|why| {
                        (!why.is_empty()).then(|| view! { <p class="error">{why.clone()}</p> })
                    }))}
                </div>
            </div>
        </fieldset>
    }
}

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The first certificate of a text, without a key that may stand beside it.
fn certificate_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(CERTIFICATE)?;
    let (inner, _) = rest.split_once(END)?;
    Some(format!("{CERTIFICATE}{inner}{END}\n"))
}

fn label(own: &Brought) -> String {
    match own.key() {
        Some(_) => words::brought(&own.name),
        None => outside::brought(&own.name),
    }
}

/// Puts a CA in the place of the one of the same name, or takes it away.
fn keep(editor: Editor, name: String, pem: Option<Zeroizing<String>>) {
    editor.brought.update(|all| {
        let others = all.iter().filter(|own| own.name != name);
        let mut kept: Vec<Brought> =
            others.map(|own| Brought { name: own.name.clone(), pem: own.pem.clone() }).collect();
        kept.extend(pem.map(|pem| Brought { name: name.clone(), pem }));
        *all = Arc::new(kept);
    });
}
