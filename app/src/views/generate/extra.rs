//! What a design has beside its layout: people, and what is made on request.

use leptos::prelude::*;
use pki_core::design::{Design, DesignUser, Output};
use pki_text::en::findings;
use pki_text::en::ui::form as words;

use crate::components::field::{Found, Hint, check, described_by, field_id, findings_at, invalid};
use crate::platform;
use crate::state::Editor;

#[component]
pub(super) fn Extra() -> impl IntoView {
    let boxes = Output::ALL.map(output).collect_view();
    let found = findings_at("outputs".to_owned());
    view! {
        <Users />
        <fieldset class="demo" id="field-outputs" tabindex="-1">
            <legend>{words::OUTPUTS}</legend>
            {boxes}
            <Found id="field-outputs".to_owned() found=found />
        </fieldset>
        <Own />
    }
}

fn output(output: Output) -> AnyView {
    let editor = expect_context::<Editor>();
    let name = output.name();
    let wanted = |design: &Design, name: &str| design.outputs.iter().any(|other| other == name);
    let switch = move |on: bool| {
        editor.edit(|design| {
            design.outputs.retain(|other| other != name);
            if on {
                design.outputs.push(name.to_owned());
            }
        });
    };
    check(words::output(output), move || editor.design.with(|d| wanted(d, name)), switch)
}

/// CAs and certificates of one's own, as YAML: what was typed stays while it is none.
#[component]
fn Own() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let id = field_id("authorities");
    let found = findings_at("authorities".to_owned());
    let of_certificates = findings_at("certificates".to_owned());
    let text = RwSignal::new(editor.design.with_untracked(Design::own_to_yaml));
    let problem = RwSignal::new(None::<String>);
    let own = Memo::new(move |_| editor.design.with(Design::own_to_yaml));
    Effect::new(move |_| {
        own.with(|own| {
            let mut typed = Design::default();
            let same = text.with_untracked(|text| typed.take_own(text)).is_ok()
                && typed.own_to_yaml() == *own;
            // A half-typed text means nothing yet; it gives way when the design comes from elsewhere.
            if !same && problem.with_untracked(Option::is_none) {
                text.set(own.clone());
            }
        });
    });
    let typed = move |event| {
        let value = platform::event_value(&event);
        let mut design = Design::default();
        match design.take_own(&value) {
            Ok(()) => {
                problem.set(None);
                editor.edit(|to| {
                    to.authorities = design.authorities;
                    to.certificates = design.certificates;
                });
            }
            Err(error) => problem.set(Some(findings::own_document(&error).to_string())),
        }
        text.set(value);
    };
    view! {
        <div class="field">
            <label for=id.clone()>{words::OWN}</label>
            <textarea id=id.clone() rows="4" spellcheck="false" aria-describedby=described_by(&id)
                aria-invalid=invalid(found) prop:value=text on:input=typed></textarea>
            <Hint id=id.clone() text=words::OWN_HINT />
            <pre class="hint">{words::OWN_EXAMPLE}</pre>
            {move || problem.get().map(|problem| view! { <p class="error">{problem}</p> })}
            <Found id=id found=found />
            <div id="field-certificates" tabindex="-1">
                <Found id="field-certificates".to_owned() found=of_certificates />
            </div>
        </div>
    }
}

/// A person a line; what was typed stays while it means what the design says.
#[component]
fn Users() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let id = field_id("users");
    let found = findings_at("users".to_owned());
    let users = Memo::new(move |_| editor.design.with(|design| design.users.clone()));
    let text = RwSignal::new(users.with_untracked(|users| write(users)));
    Effect::new(move |_| {
        users.with(|users| {
            if text.with_untracked(|text| read(text)) != *users {
                text.set(write(users));
            }
        });
    });
    let typed = move |event| {
        let value = platform::event_value(&event);
        let users = read(&value);
        text.set(value);
        editor.edit(|design| design.users = users);
    };
    view! {
        <div class="field">
            <label for=id.clone()>{words::USERS}</label>
            <textarea id=id.clone() rows="2" spellcheck="false" aria-describedby=described_by(&id)
                aria-invalid=invalid(found) prop:value=text on:input=typed></textarea>
            <Hint id=id.clone() text=words::USERS_HINT />
            <Found id=id found=found />
        </div>
    }
}

/// Name, groups, lifetime; a dash stands for no groups.
fn read(text: &str) -> Vec<DesignUser> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap_or_default().trim_end_matches([',', ';']).to_owned();
            let groups = words.next().unwrap_or_default().split([',', ';']);
            let groups = groups.filter(|group| !group.is_empty() && *group != "-");
            let groups = groups.map(str::to_owned).collect();
            DesignUser { name, groups, ttl: words.collect::<Vec<_>>().join(" ") }
        })
        .collect()
}

fn write(users: &[DesignUser]) -> String {
    let mut text = String::new();
    for DesignUser { name, groups, ttl } in users {
        text.push_str(name);
        if !groups.is_empty() || !ttl.is_empty() {
            text.push(' ');
            text.push_str(if groups.is_empty() { "-" } else { "" });
            text.push_str(&groups.join(","));
        }
        if !ttl.is_empty() {
            text.push(' ');
            text.push_str(ttl);
        }
        text.push('\n');
    }
    text
}
