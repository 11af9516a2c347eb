//! Sign: with a CA that is brought along, or that of the PKI generated on this page.

use crate::components::live;
use leptos::prelude::*;
use pki_core::plan::{ItemId, Make, Plan};
use pki_text::en::csr_view as words;

use super::answer::{Panel, answer_view, empty_panel};
use super::field::{blank, bytes_of, check, choice, file_area, text_field};
use super::{ALL, CsrDesk, OUTLOOK, files_of};
use crate::csr::{Ask, SignAsk};
use crate::platform;
use crate::state::Stage;

const PROFILES: [(&str, &str); 3] = [
    ("kubernetes", words::PROFILE_KUBERNETES),
    ("kubeadm", words::PROFILE_KUBEADM),
    ("own", words::PROFILE_OWN),
];

/// What is typed, and the answers.
#[derive(Clone, Copy)]
pub(super) struct Sign {
    request: RwSignal<String>,
    certificate: RwSignal<String>,
    key: RwSignal<String>,
    profile: RwSignal<String>,
    usages: RwSignal<String>,
    duration: RwSignal<String>,
    anyway: RwSignal<bool>,
    /// What would be signed.
    outlook: Panel,
    /// What was signed.
    signed: Panel,
}

impl Sign {
    pub(super) fn new() -> Self {
        Self {
            request: blank(),
            certificate: blank(),
            key: blank(),
            profile: RwSignal::new("kubernetes".to_owned()),
            usages: blank(),
            duration: blank(),
            anyway: RwSignal::new(false),
            outlook: empty_panel(),
            signed: empty_panel(),
        }
    }

    /// What is dropped goes where it belongs; a CA's key beside its certificate is fine.
    pub(super) fn take(self, text: String) {
        let field = if text.contains("-----BEGIN CERTIFICATE-----") {
            self.certificate
        } else if text.contains("PRIVATE KEY-----") {
            self.key
        } else {
            self.request
        };
        field.set(text);
    }

    fn asks(self, really: bool) -> SignAsk {
        SignAsk {
            profile: self.profile.get(),
            usages: self.usages.get(),
            duration: self.duration.get(),
            really,
            anyway: self.anyway.get(),
        }
    }

    /// Shows what would be signed, whenever something is typed.
    pub(super) fn follow(self, desk: CsrDesk) {
        Effect::new(move |_| {
            let ask = self.asks(false);
            let fields = [self.request, self.certificate, self.key];
            let empty = fields.map(|field| field.with(|text| text.trim().is_empty()));
            self.signed.set(None);
            if empty.first() == Some(&true) {
                self.outlook.set(None);
                return;
            }
            desk.ask(OUTLOOK, Ask::Sign(ask), fields.map(bytes_of).to_vec(), self.outlook);
        });
    }

    fn sign(self, desk: CsrDesk) {
        let ask = untrack(|| self.asks(true));
        let fields = [self.request, self.certificate, self.key].map(bytes_of);
        desk.ask(ALL, Ask::Sign(ask), fields.to_vec(), self.signed);
        platform::reveal("csr-signed");
    }
}

pub(super) fn sign_view(desk: CsrDesk) -> AnyView {
    let state = desk.sign;
    // The CAs of the PKI generated on this page whose key is in a file.
    let generated = move || -> Vec<String> {
        desk.generate.stage.with(|stage| {
            let Stage::Made(made) = stage else { return Vec::new() };
            let items = made.plan.items.iter().enumerate();
            let keyed = |id| files_of(&made.plan, ItemId(id)).is_some_and(|(_, key)| key.is_some());
            let cas = items.filter(|(_, item)| matches!(item.make, Make::Authority(_)));
            cas.filter(|(id, _)| keyed(*id)).map(|(_, item)| item.name.clone()).collect()
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.sign(desk);
    };
    let take = move |event| {
        let name = platform::event_value(&event);
        let find = |plan: &Plan| plan.items.iter().position(|item| item.name == name).map(ItemId);
        if desk.take_issuer(find, true, state.certificate, state.outlook) {
            state.key.set(String::new());
            desk.announcer.say(words::ISSUER_TAKEN);
        }
    };
    let own = move || {
        (state.profile.get() == "own").then(|| {
            text_field("csr-own-usages", words::OWN_USAGES, words::USAGES_HINT, state.usages)
        })
    };
    view! {
        <form class="card form" autocomplete="off" aria-label=words::SIGN on:submit=submit>
            {file_area("csr-to-sign", words::INPUT, words::TO_SIGN_HINT, "5", state.request)}
            <div class="pair">
                {file_area("csr-ca-certificate", words::CA_CERTIFICATE,
                    words::CA_CERTIFICATE_HINT, "4", state.certificate)}
                {file_area("csr-ca-key", words::CA_KEY, words::CA_KEY_HINT, "4", state.key)}
            </div>
            <div class="field">
                <label for="csr-generated-ca">{words::OF_GENERATED}</label>
                <select id="csr-generated-ca" aria-describedby="csr-generated-ca-hint"
                    disabled=move || generated().is_empty() on:change=take>
                    <option value="">{words::NO_ROW}</option>
                    {live(move || generated().into_iter().map(|name| view! { <option>{name}</option> })
                        .collect::<Vec<_>>())}
                </select>
                <p class="hint" id="csr-generated-ca-hint">{words::OF_GENERATED_HINT}</p>
            </div>
            <div class="pair">
                {choice("csr-profile", words::PROFILE, words::PROFILE_HINT, &PROFILES,
                    state.profile)}
                {text_field("csr-sign-duration", words::SIGNING_DURATION,
                    words::SIGNING_DURATION_HINT, state.duration)}
                {live(own)}
            </div>
            {check(words::ANYWAY, state.anyway)}
            <div class="actions">
                <button type="submit" class="primary">{words::SIGN_NOW}</button>
                <p class="hint">{words::SIGN_HINT}</p>
            </div>
        </form>
        <section class="answer" id="csr-signed" aria-label=words::ANSWER>
            {live(move || match state.signed.get().or_else(|| state.outlook.get()) {
                Some(answer) => answer_view(desk, answer, None),
                None => view! { <p class="hint">{words::SIGN_EMPTY}</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}
