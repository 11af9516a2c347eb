//! Certificates by hand, and the same together with the CAs as text.

use crate::components::{live, live_rows};
use leptos::prelude::*;
use pki_core::design::{Design, DesignCertificate, Template};
use pki_text::en::findings;
use pki_text::en::ui::{form, own as words};

use super::own::{Options, all, select};
use crate::components::field::{
    Found, Hint, TextField, check, described_by, field_id, findings_at, invalid,
};
use crate::components::list::ListField;
use crate::components::prose;
use crate::platform;
use crate::state::Editor;

/// The rows, a button for one more, and the text.
pub(super) fn by_hand(names: Memo<Vec<String>>) -> AnyView {
    let editor = expect_context::<Editor>();
    let count = Memo::new(move |_| editor.design.with(|design| design.certificates.len()));
    let add = move |_| {
        let authority = names.with_untracked(|names| names.first().cloned().unwrap_or_default());
        let usages = vec!["server".to_owned()];
        let one = DesignCertificate { authority, usages, ..DesignCertificate::default() };
        editor.choose(|design| design.certificates.push(one));
        let last = count.get_untracked().saturating_sub(1);
        platform::focus(&field_id(&format!("certificates[{last}].name")));
    };
    view! {
        <fieldset class="nodes" id=field_id("certificates") tabindex="-1">
            <legend>{words::BY_HAND}</legend>
            <p class="hint">{words::BY_HAND_HINT}</p>
            {live_rows(move || count.get(), move |index| certificate_row(index, names).into_any())}
            <div class="actions">
                <button type="button" on:click=add>{words::ADD_CERTIFICATE}</button>
            </div>
            {templates()}
        </fieldset>
        <details>
            <summary>{words::AS_TEXT}</summary>
            <AsText />
        </details>
    }
    .into_any()
}

/// What many clusters have, each with the reason for how it is filled in.
fn templates() -> AnyView {
    let editor = expect_context::<Editor>();
    let row = |template: Template| {
        let add = move |_| {
            let mut place = String::new();
            editor.choose(|design| place = design.add_template(template));
            platform::focus_field(&field_id(&place));
        };
        let (name, why) = words::template(template);
        view! {
            <li>
                <button type="button" class="small" on:click=add>{name}</button>
                <p class="hint">{prose(why)}</p>
            </li>
        }
    };
    view! {
        <details>
            <summary>{words::TEMPLATES}</summary>
            <ul class="templates">{Template::ALL.map(row).collect_view()}</ul>
        </details>
    }
    .into_any()
}

fn certificate_row(index: usize, names: Memo<Vec<String>>) -> AnyView {
    let editor = expect_context::<Editor>();
    let place = move |field: &str| format!("certificates[{index}].{field}");
    let own = Memo::new(move |_| {
        let own = editor.design.with(|design| design.certificates.get(index).cloned());
        own.unwrap_or_default()
    });
    let text = move |of: fn(&DesignCertificate) -> &String| {
        Memo::new(move |_| own.with(|own| of(own).clone()))
    };
    let list = move |of: fn(&DesignCertificate) -> &Vec<String>| {
        Memo::new(move |_| own.with(|own| of(own).clone()))
    };
    let change = move |change: &dyn Fn(&mut DesignCertificate)| {
        editor.edit(|design| {
            if let Some(own) = design.certificates.get_mut(index) {
                change(own);
            }
        });
    };
    let usage = move |name: &'static str, label: &'static str| {
        let is_on = move || own.with(|own| own.usages.iter().any(|usage| usage == name));
        check(label, is_on, move |on| {
            change(&|own| {
                own.usages.retain(|usage| usage != name);
                if on {
                    own.usages.push(name.to_owned());
                }
            });
        })
    };
    let authorities = all(names);
    let places = Memo::new(move |_| {
        let mut places: Options = [
            ("", words::ON_PEOPLE),
            ("control-planes", words::ON_CONTROL_PLANES),
            ("workers", words::ON_WORKERS),
            ("nodes", words::ON_NODES),
            ("etcd", words::ON_ETCD),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .to_vec();
        editor.design.with(|design| {
            let machines = design.control_planes.iter().chain(&design.workers);
            let machines = machines.chain(&design.etcd.members).take(50);
            places.extend(machines.map(|node| (node.name.clone(), node.name.clone())));
        });
        places
    });
    let remove = move |_| {
        editor.choose(|design| {
            if index < design.certificates.len() {
                design.certificates.remove(index);
            }
        });
    };
    let on = text(|own| &own.on);
    let on_machine = Memo::new(move |_| on.with(|on| !on.is_empty()));
    let of_usages = findings_at(place("usages"));
    let of_place = findings_at(place("on"));
    let of_authority = findings_at(place("authority"));
    view! {
        <fieldset class="own-row">
            <legend class="out-of-sight">{live(move || own.with(|own| own.name.clone()))}</legend>
            <div class="pair">
                <TextField place=place("name") label=words::CERTIFICATE
                    value=text(|own| &own.name)
                    on_input=move |text| change(&|own| own.name.clone_from(&text)) />
                {select(field_id(&place("authority")), words::AUTHORITY, authorities,
                    text(|own| &own.authority),
                    move |text| change(&|own| own.authority.clone_from(&text)))}
            </div>
            <Found id=field_id(&place("authority")) found=of_authority />
            <div class="actions" id=field_id(&place("usages")) tabindex="-1">
                {usage("server", words::SERVER)}
                {usage("client", words::CLIENT)}
            </div>
            <Found id=field_id(&place("usages")) found=of_usages />
            <ListField place=place("SANs") label=words::SANS list=list(|own| &own.sans)
                on_input=move |list| change(&|own| own.sans.clone_from(&list)) />
            <div class="pair">
                <TextField place=place("commonName") label=words::CLIENT_NAME
                    value=text(|own| &own.common_name)
                    on_input=move |text| change(&|own| own.common_name.clone_from(&text)) />
                <ListField place=place("organizations") label=words::GROUPS
                    list=list(|own| &own.organizations)
                    on_input=move |list| change(&|own| own.organizations.clone_from(&list)) />
                {select(field_id(&place("on")), words::ON, places, on,
                    move |text| change(&|own| own.on.clone_from(&text)))}
                <Show when=move || on_machine.get()>
                    <TextField place=place("path") label=words::PATH
                        value=text(|own| &own.path)
                        on_input=move |text| change(&|own| own.path.clone_from(&text)) />
                </Show>
            </div>
            <Found id=field_id(&place("on")) found=of_place />
            <div class="actions">
                <button type="button" class="quiet"
                    aria-label=move || own.with(|own| words::of(&own.name, words::REMOVE))
                    on:click=remove>{words::REMOVE}</button>
            </div>
        </fieldset>
    }
    .into_any()
}

/// CAs and certificates of one's own, as YAML: what was typed stays while it is none.
#[component]
fn AsText() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let id = "own-text".to_owned();
    let found = findings_at("authorities".to_owned());
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
            <label for=id.clone()>{form::OWN}</label>
            <textarea id=id.clone() rows="4" spellcheck="false" aria-describedby=described_by(&id)
                aria-invalid=invalid(found) prop:value=text on:input=typed></textarea>
            <Hint id=id.clone() text=form::OWN_HINT />
            <pre class="hint">{form::OWN_EXAMPLE}</pre>
            {live(move || problem.get().map(|problem| view! { <p class="error">{problem}</p> }))}
        </div>
    }
}
