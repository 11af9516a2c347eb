//! Request: a key and a signing request for somebody or something.

use crate::components::live;
use leptos::prelude::*;
use pki_core::plan::Make;
use pki_core::request::Template;
use pki_text::en::csr_view as words;

use super::answer::{Panel, answer_view, empty_panel};
use super::field::{
    algorithm_choice, blank, bytes_of, choice, file_area, secret_field, text_field,
};
use super::{ALL, CsrDesk};
use crate::csr::{Ask, MakeAsk, asked_like};
use crate::platform;

const KINDS: [(&str, &str); 5] = [
    ("user", words::KIND_USER),
    ("node-client", words::KIND_NODE_CLIENT),
    ("node-serving", words::KIND_NODE_SERVING),
    ("service", words::KIND_SERVICE),
    ("other", words::KIND_OTHER),
];

/// What is typed, and the answers.
#[derive(Clone, Copy)]
pub(super) struct Request {
    kind: RwSignal<String>,
    name: RwSignal<String>,
    groups: RwSignal<String>,
    names: RwSignal<String>,
    namespace: RwSignal<String>,
    domain: RwSignal<String>,
    signer: RwSignal<String>,
    usages: RwSignal<String>,
    expiration: RwSignal<String>,
    algorithm: RwSignal<String>,
    object: RwSignal<String>,
    cluster: RwSignal<String>,
    accounts: RwSignal<String>,
    template: RwSignal<String>,
    passphrase: RwSignal<String>,
    panel: Panel,
    /// About the template.
    taken: Panel,
    parked: Panel,
    /// Whether there is a key that was not downloaded.
    pub(super) unsaved: RwSignal<bool>,
}

impl Request {
    pub(super) fn new() -> Self {
        Self {
            kind: RwSignal::new("user".to_owned()),
            name: blank(),
            groups: blank(),
            names: blank(),
            namespace: blank(),
            domain: blank(),
            signer: blank(),
            usages: blank(),
            expiration: blank(),
            algorithm: RwSignal::new("ecdsa-p256".to_owned()),
            object: blank(),
            cluster: blank(),
            accounts: blank(),
            template: blank(),
            passphrase: blank(),
            panel: empty_panel(),
            taken: empty_panel(),
            parked: empty_panel(),
            unsaved: RwSignal::new(false),
        }
    }

    fn asks(self) -> MakeAsk {
        MakeAsk {
            kind: self.kind.get_untracked(),
            name: self.name.get_untracked(),
            groups: self.groups.get_untracked(),
            names: self.names.get_untracked(),
            namespace: self.namespace.get_untracked(),
            domain: self.domain.get_untracked(),
            signer: self.signer.get_untracked(),
            usages: self.usages.get_untracked(),
            expiration: self.expiration.get_untracked(),
            algorithm: self.algorithm.get_untracked(),
            object: self.object.get_untracked(),
            cluster: self.cluster.get_untracked(),
            accounts: self.accounts.get_untracked(),
        }
    }

    fn make(self, desk: CsrDesk) {
        if self.unsaved.get_untracked() && !platform::confirm(words::REPLACE_SURE) {
            return;
        }
        self.parked.set(None);
        desk.tell(ALL, Ask::Make(self.asks()), Vec::new(), move |answer| {
            desk.announcer.say(super::spoken(&answer));
            // A refusal leaves the key before it where it was.
            if answer.as_ref().is_ok_and(|answer| answer.told.fine) {
                self.unsaved.set(true);
            }
            self.panel.set(Some(answer));
            platform::reveal("csr-made");
        });
    }

    fn park(self, desk: CsrDesk) {
        desk.ask(ALL, Ask::Park, vec![bytes_of(self.passphrase)], self.parked);
    }

    /// Takes over what a certificate or request says.
    pub(super) fn take(self, desk: CsrDesk, text: String) {
        self.template.set(text);
        let bytes = vec![bytes_of(self.template)];
        desk.tell(ALL, Ask::Template, bytes, move |answer| {
            let found = answer.as_ref().ok().and_then(|answer| answer.told.template.clone());
            let Some(found) = found else {
                desk.announcer.say(super::spoken(&answer));
                self.taken.set(Some(answer));
                return;
            };
            self.fill(desk, found);
        });
    }

    /// Takes over a certificate that the design plans.
    fn take_row(self, desk: CsrDesk, name: &str) {
        let found = desk.editor.checked.with_untracked(|checked| {
            let plan = checked.latest.as_ref()?;
            let item = plan.items.iter().find(|item| item.name == name)?;
            let Make::Leaf(leaf) = &item.make else { return None };
            let asks = asked_like(Template::of_planned(leaf));
            Some(MakeAsk { algorithm: item.algorithm.name().to_owned(), ..asks })
        });
        if let Some(found) = found {
            self.algorithm.set(found.algorithm.clone());
            self.fill(desk, found);
        }
    }

    fn fill(self, desk: CsrDesk, found: MakeAsk) {
        self.taken.set(None);
        for (field, value) in [
            (self.kind, found.kind),
            (self.name, found.name),
            (self.groups, found.groups),
            (self.names, found.names),
            (self.signer, found.signer),
            (self.usages, found.usages),
            (self.expiration, found.expiration),
        ] {
            field.set(value);
        }
        desk.announcer.say(words::TEMPLATE_TAKEN);
    }
}

pub(super) fn request_view(desk: CsrDesk) -> AnyView {
    let state = desk.request;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.make(desk);
    };
    let take = move |_| state.take(desk, state.template.get_untracked());
    view! {
        <form class="card form" autocomplete="off" aria-label=words::REQUEST on:submit=submit>
            <details class="advanced">
                <summary>
                    {words::TEMPLATE}" "<span class="hint">{words::TEMPLATE_HINT}</span>
                </summary>
                {rows_of_design(desk)}
                {file_area("csr-template", words::TEMPLATE_INPUT, words::TEMPLATE_INPUT_HINT, "4",
                    state.template)}
                <div class="actions">
                    <button type="button" on:click=take>{words::TAKE_OVER}</button>
                </div>
                {live(move || state.taken.get().map(|answer| answer_view(desk, answer, None)))}
            </details>
            <div class="pair">
                {choice("csr-kind", words::KIND, words::KIND_HINT, &KINDS, state.kind)}
                {algorithm_choice("csr-algorithm", state.algorithm)}
                {text_field("csr-lifetime", words::LIFETIME, words::LIFETIME_HINT,
                    state.expiration)}
            </div>
            {live(move || fields(state))}
            <details class="advanced">
                <summary>
                    {words::NAMES_OF_THINGS}" "
                    <span class="hint">{words::NAMES_OF_THINGS_HINT}</span>
                </summary>
                <div class="pair">
                    {text_field("csr-object", words::OBJECT, words::OBJECT_HINT, state.object)}
                    {text_field("csr-cluster", words::CLUSTER, words::CLUSTER_HINT, state.cluster)}
                    {text_field("csr-accounts", words::ACCOUNTS, words::ACCOUNTS_HINT,
                        state.accounts)}
                </div>
            </details>
            <div class="actions">
                <button type="submit" class="primary">{words::MAKE}</button>
                <p class="hint">{words::MAKE_HINT}</p>
            </div>
        </form>
        <section class="answer" id="csr-made" aria-label=words::ANSWER>
            {live(move || made_view(desk))}
        </section>
    }
    .into_any()
}

/// The certificates that the design plans, one of which fills in the fields.
fn rows_of_design(desk: CsrDesk) -> AnyView {
    let plan = desk.editor.check_now().latest;
    let items = plan.iter().flat_map(|plan| &plan.items);
    let rows: Vec<_> = items
        .filter(|item| matches!(item.make, Make::Leaf(_)))
        .map(|item| view! { <option>{item.name.clone()}</option> })
        .collect();
    view! {
        <div class="field">
            <label for="csr-row">{words::ROW}</label>
            <select id="csr-row" aria-describedby="csr-row-hint" on:change=move |event| {
                desk.request.take_row(desk, &platform::event_value(&event));
            }>
                <option value="">{words::NO_ROW}</option>
                {rows}
            </select>
            <p class="hint" id="csr-row-hint">{words::ROW_HINT}</p>
        </div>
    }
    .into_any()
}

/// The fields of the kind that is chosen.
fn fields(state: Request) -> AnyView {
    let name = |label, hint| text_field("csr-name", label, hint, state.name);
    let groups = |label| text_field("csr-asked-groups", label, words::GROUPS_HINT, state.groups);
    let names = || text_field("csr-names", words::SANS, words::SANS_HINT, state.names);
    let any_names = || text_field("csr-names", words::ANY_SANS, words::ANY_SANS_HINT, state.names);
    let signer =
        || text_field("csr-asked-signer", words::OWN_SIGNER, words::OWN_SIGNER_HINT, state.signer);
    let usages =
        || text_field("csr-asked-usages", words::ASKED_USAGES, words::USAGES_HINT, state.usages);
    let rows = match state.kind.get().as_str() {
        "node-client" => vec![vec![name(words::NODE_NAME, words::NODE_NAME_HINT)]],
        "node-serving" => vec![vec![name(words::NODE_NAME, words::NODE_NAME_HINT), names()]],
        "service" => vec![
            vec![
                name(words::SERVICE_NAME, words::SERVICE_NAME_HINT),
                text_field(
                    "csr-namespace",
                    words::NAMESPACE,
                    words::NAMESPACE_HINT,
                    state.namespace,
                ),
                text_field("csr-domain", words::DOMAIN, words::DOMAIN_HINT, state.domain),
            ],
            vec![any_names(), signer()],
        ],
        "other" => vec![
            vec![name(words::COMMON_NAME, words::COMMON_NAME_HINT), groups(words::ORGANIZATIONS)],
            vec![any_names()],
            vec![signer(), usages()],
        ],
        _ => vec![vec![name(words::USER_NAME, words::USER_NAME_HINT), groups(words::GROUPS)]],
    };
    let rows: Vec<_> =
        rows.into_iter().map(|row| view! { <div class="pair">{row}</div> }).collect();
    rows.into_any()
}

fn made_view(desk: CsrDesk) -> AnyView {
    let state = desk.request;
    let Some(answer) = state.panel.get() else {
        return view! { <p class="hint">{words::REQUEST_EMPTY}</p> }.into_any();
    };
    let made = answer.as_ref().is_ok_and(|answer| answer.told.fine);
    let park = made.then(|| {
        let submit = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            state.park(desk);
        };
        view! {
            <form class="card form" autocomplete="off" aria-label=words::PARK on:submit=submit>
                <h2>{words::PARK}</h2>
                <div class="pair">
                    {secret_field("csr-passphrase", words::PASSPHRASE, words::PASSPHRASE_HINT,
                        state.passphrase)}
                </div>
                <div class="actions">
                    <button type="submit">{words::PARK_KEY}</button>
                </div>
                {live(move || {
                    state.parked.get().map(|answer| answer_view(desk, answer, Some(state.unsaved)))
                })}
            </form>
        }
    });
    view! {
        {live(move || state.unsaved.get().then(|| view! {
            <p class="demo-mark">{words::KEY_UNSAVED}</p>
        }))}
        {answer_view(desk, answer, Some(state.unsaved))}
        {park}
    }
    .into_any()
}
