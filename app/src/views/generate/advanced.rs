//! What few clusters change.

use crate::components::live;
use leptos::prelude::*;
use pki_core::design::{CaKeys, Design, DesignSubject, LayoutName};
use pki_core::key::Algorithm;
use pki_text::en::ui::form as words;

use super::bring::Bring;
use super::extra::Extra;
use super::form::{list_of, text_of};
use crate::components::field::{Choice, TextField, check};
use crate::components::list::ListField;
use crate::components::takers;
use crate::state::{DEMO_SEED, Editor};

/// In the order in which they are offered. Ed25519 is not: kubeadm refuses it.
const ALGORITHMS: [Algorithm; 5] = [
    Algorithm::EcdsaP256,
    Algorithm::EcdsaP384,
    Algorithm::Rsa2048,
    Algorithm::Rsa3072,
    Algorithm::Rsa4096,
];

#[component]
pub(super) fn Advanced() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let algorithms = ALGORITHMS
        .map(|algorithm| algorithm.name())
        .map(|name| (name.to_owned(), words::algorithm(name).to_owned()))
        .to_vec();
    let ca_keys = vec![
        (CaKeys::ControlPlanes.name().to_owned(), words::CA_KEYS_HOSTS.to_owned()),
        (CaKeys::Vault.name().to_owned(), words::CA_KEYS_VAULT.to_owned()),
    ];
    let layout = text_of(|d| &d.layout);
    view! {
        <details class="advanced">
            <summary>
                {words::ADVANCED}" "<span class="hint">{words::ADVANCED_HINT}</span>
            </summary>
            <div class="pair">
                <Choice place="keys.algorithm" label=words::ALGORITHM hint=words::ALGORITHM_HINT
                    options=algorithms.clone() value=text_of(|d| &d.keys.algorithm)
                    on_choice=move |text| editor.choose(|d| d.keys.algorithm = text) />
                <Choice place="keys.serviceAccount" label=words::SA_ALGORITHM
                    hint=words::SA_ALGORITHM_HINT options=algorithms
                    value=text_of(|d| &d.keys.service_account)
                    on_choice=move |text| editor.choose(|d| d.keys.service_account = text) />
            </div>
            {takers()}
            <div class="pair">
                <TextField place="validity.ca" label=words::CA_VALIDITY hint=words::DURATION_HINT
                    value=text_of(|d| &d.validity.ca)
                    on_input=move |text| editor.edit(|d| d.validity.ca = text) />
                <TextField place="validity.leaf" label=words::LEAF_VALIDITY
                    hint=words::DURATION_HINT value=text_of(|d| &d.validity.leaf)
                    on_input=move |text| editor.edit(|d| d.validity.leaf = text) />
            </div>
            <div class="pair">
                <TextField place="validity.backdate" label=words::BACKDATE
                    hint=words::BACKDATE_HINT value=text_of(|d| &d.validity.backdate)
                    on_input=move |text| editor.edit(|d| d.validity.backdate = text) />
                <TextField place="bindPort" label=words::BIND_PORT value=text_of(|d| &d.bind_port)
                    on_input=move |text| editor.edit(|d| d.bind_port = text) />
            </div>
            <ListField place="extraSANs.apiserver" label=words::SAN_APISERVER hint=words::SAN_HINT
                list=list_of(|d| &d.extra_sans.apiserver)
                on_input=move |list| editor.edit(|d| d.extra_sans.apiserver = list) />
            <div class="pair">
                <ListField place="extraSANs.etcdServer" label=words::SAN_ETCD_SERVER
                    list=list_of(|d| &d.extra_sans.etcd_server)
                    on_input=move |list| editor.edit(|d| d.extra_sans.etcd_server = list) />
                <ListField place="extraSANs.etcdPeer" label=words::SAN_ETCD_PEER
                    list=list_of(|d| &d.extra_sans.etcd_peer)
                    on_input=move |list| editor.edit(|d| d.extra_sans.etcd_peer = list) />
            </div>
            <Choice place="caKeys" label=words::CA_KEYS options=ca_keys
                value=text_of(|d| &d.ca_keys)
                on_choice=move |text| editor.choose(|d| d.ca_keys = text) />
            {check(
                words::HARDENED,
                move || editor.design.with(|d| d.hardened),
                move |on| editor.choose(|d| d.hardened = on),
            )}
            {check(
                words::CRITICAL_USAGES,
                move || editor.design.with(|d| d.critical_usages),
                move |on| editor.choose(|d| d.critical_usages = on),
            )}
            {check(
                words::KUBECONFIG_FILES,
                move || editor.design.with(|d| d.kubeconfig_files),
                move |on| editor.choose(|d| d.kubeconfig_files = on),
            )}
            {check(
                words::REFUSE_ANONYMOUS,
                move || editor.design.with(|d| d.refuse_anonymous),
                move |on| editor.choose(|d| d.refuse_anonymous = on),
            )}
            {live(move || (layout.get() == LayoutName::FiveFlows.name()).then(|| check(
                words::BOTH_USAGES,
                move || editor.design.with(|d| d.etcd.both_usages),
                move |on| editor.choose(|d| d.etcd.both_usages = on),
            )))}
            <Subject />
            <Extra />
            <Bring />
            <Demo />
        </details>
    }
}

/// What stands in every subject.
#[component]
fn Subject() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let names = DesignSubject::default().parts().map(|(field, _)| field);
    let fields = names.into_iter().zip(words::SUBJECT_PARTS).map(|(field, label)| {
        let read = move |design: &Design| {
            let parts = design.subject.parts();
            let part = parts.into_iter().find(|(name, _)| *name == field);
            part.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let value = Memo::new(move |_| editor.design.with(read));
        let write = move |text: String| {
            editor.edit(|design| {
                if let Some(part) = design.subject.part_mut(field) {
                    *part = text;
                }
            });
        };
        let place = format!("subject.{field}");
        view! { <TextField place=place label=label value=value on_input=write /> }
    });
    view! {
        <details class="subject">
            <summary>{words::SUBJECT}</summary>
            <p class="hint">{words::SUBJECT_HINT}</p>
            <div class="pair">{fields.collect_view()}</div>
        </details>
    }
}

/// Demo mode: public keys on purpose.
#[component]
fn Demo() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let on = move || editor.demo.with(Option::is_some);
    let seed = Signal::derive(move || editor.demo.get().unwrap_or_default());
    let switch = move |on: bool| editor.set_demo(on.then(|| "demo".to_owned()));
    view! {
        <fieldset class="demo">
            <legend>{words::DEMO}</legend>
            {check(words::DEMO_ON, on, switch)}
            <Show when=on>
                <TextField place=DEMO_SEED label=words::DEMO_SEED value=seed
                    on_input=move |text| editor.set_demo(Some(text)) />
            </Show>
            <p class="hint" id="demo-seed-hint">{words::DEMO_HINT}</p>
        </fieldset>
    }
}
