//! What a design has beside its layout: people, and what is made on request.

use leptos::prelude::*;
use pki_core::design::{Design, DesignUser, Output};
use pki_text::en::ui::form as words;

use super::own::Own;
use crate::components::field::{Found, Hint, check, described_by, field_id, findings_at, invalid};
use crate::platform;
use crate::state::Editor;

#[component]
pub(super) fn Extra() -> impl IntoView {
    let boxes = Output::ON_REQUEST.map(output).collect_view();
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
        editor.choose(|design| {
            design.outputs.retain(|other| other != name);
            if on {
                design.outputs.push(name.to_owned());
            }
        });
    };
    check(words::output(output), move || editor.design.with(|d| wanted(d, name)), switch)
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
