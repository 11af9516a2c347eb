//! Attach: the certificate that came back, its key, and the cluster, to a kubeconfig.

use crate::components::live;
use leptos::prelude::*;
use pki_core::plan::{Content, Plan};
use pki_text::en::csr_view as words;

use super::answer::{Panel, answer_view, empty_panel, spoken};
use super::field::{blank, bytes_of, check, file_area, secret_field, text_field};
use super::{ALL, CsrDesk};
use crate::csr::{Ask, AttachAsk};
use crate::platform;

/// What is typed, and the answer.
#[derive(Clone, Copy)]
pub(super) struct Attach {
    certificate: RwSignal<String>,
    key: RwSignal<String>,
    passphrase: RwSignal<String>,
    server: RwSignal<String>,
    cluster: RwSignal<String>,
    ca: RwSignal<String>,
    signing_ca: RwSignal<String>,
    kubeconfig: RwSignal<String>,
    by_path: RwSignal<bool>,
    panel: Panel,
    /// About the kubeconfig that server and CA come from.
    read: Panel,
}

impl Attach {
    pub(super) fn new() -> Self {
        Self {
            certificate: blank(),
            key: blank(),
            passphrase: blank(),
            server: blank(),
            cluster: blank(),
            ca: blank(),
            signing_ca: blank(),
            kubeconfig: blank(),
            by_path: RwSignal::new(false),
            panel: empty_panel(),
            read: empty_panel(),
        }
    }

    /// What is dropped goes where it belongs.
    pub(super) fn take(self, text: String) {
        let field = if text.contains("PRIVATE KEY-----") {
            self.key
        } else if text.contains("kind: Config") {
            self.kubeconfig
        } else {
            self.certificate
        };
        field.set(text);
    }

    fn attach(self, desk: CsrDesk) {
        let ask = AttachAsk {
            server: self.server.get_untracked(),
            cluster: self.cluster.get_untracked(),
            by_path: self.by_path.get_untracked(),
        };
        let fields = [self.certificate, self.key, self.passphrase, self.ca, self.signing_ca];
        desk.ask(ALL, Ask::Attach(ask), fields.map(bytes_of).to_vec(), self.panel);
        platform::reveal("csr-attached");
    }

    fn take_server(self, desk: CsrDesk) {
        desk.tell(ALL, Ask::Server, vec![bytes_of(self.kubeconfig)], move |answer| {
            let found = answer.as_ref().ok().and_then(|answer| {
                let (server, cluster) = answer.told.server.clone()?;
                let ca = answer.files.first()?.content.clone();
                Some((server, cluster, String::from_utf8_lossy(&ca).into_owned()))
            });
            match found {
                Some((server, cluster, ca)) => {
                    self.server.set(server);
                    self.cluster.set(cluster);
                    self.ca.set(ca);
                    self.read.set(None);
                    desk.announcer.say(words::SERVER_TAKEN);
                }
                None => {
                    desk.announcer.say(spoken(&answer));
                    self.read.set(Some(answer));
                }
            }
        });
    }

    /// Server and cluster of the design; the CA too, once it was generated.
    fn take_design(self, desk: CsrDesk) {
        // What people get, and not what a component on the same machine gets.
        let config = |plan: &Plan| {
            let people = plan.files.iter().filter(|file| file.path.starts_with("operator/"));
            people.chain(&plan.files).find_map(|file| match &file.content {
                Content::Kubeconfig(config) => Some(config.clone()),
                _ => None,
            })
        };
        if let Some(found) = desk.editor.check_now().plan.and_then(|plan| config(&plan)) {
            self.server.set(found.server);
            self.cluster.set(found.cluster);
        }
        let with_ca = desk.take_issuer(|plan| Some(config(plan)?.ca), false, self.ca, self.read);
        self.signing_ca.set(String::new());
        let signer = |plan: &Plan| {
            let config = config(plan)?;
            plan.item(config.client)?.issuer().filter(|issuer| *issuer != config.ca)
        };
        desk.take_issuer(signer, false, self.signing_ca, self.read);
        desk.announcer.say(if with_ca { words::SERVER_TAKEN } else { words::NO_CA_YET });
    }
}

pub(super) fn attach_view(desk: CsrDesk) -> AnyView {
    let state = desk.attach;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.attach(desk);
    };
    view! {
        <form class="card form" autocomplete="off" aria-label=words::ATTACH on:submit=submit>
            {file_area("csr-certificate", words::CERTIFICATE, words::CERTIFICATE_HINT, "5",
                state.certificate)}
            <details class="advanced">
                <summary>
                    {words::OTHER_KEY}" "<span class="hint">{words::OTHER_KEY_HINT}</span>
                </summary>
                {file_area("csr-key", words::KEY, words::KEY_HINT, "4", state.key)}
                <div class="pair">
                    {secret_field("csr-unlock", words::PASSPHRASE, words::UNLOCK_HINT,
                        state.passphrase)}
                </div>
            </details>
            <div class="pair">
                {text_field("csr-server", words::SERVER, words::SERVER_HINT, state.server)}
                {text_field("csr-cluster-name", words::CLUSTER, words::CLUSTER_HINT,
                    state.cluster)}
            </div>
            {file_area("csr-cluster-ca", words::CLUSTER_CA, words::CLUSTER_CA_HINT, "3", state.ca)}
            <div class="actions">
                <button type="button" on:click=move |_| state.take_design(desk)>
                    {words::OF_DESIGN}
                </button>
            </div>
            <details class="advanced">
                <summary>
                    {words::SIGNING_CA_ELSE}" "
                    <span class="hint">{words::SIGNING_CA_ELSE_HINT}</span>
                </summary>
                {file_area("csr-signing-ca", words::CLIENT_CA, words::CLIENT_CA_HINT, "3",
                    state.signing_ca)}
            </details>
            <details class="advanced">
                <summary>
                    {words::OF_KUBECONFIG}" "
                    <span class="hint">{words::OF_KUBECONFIG_HINT}</span>
                </summary>
                {file_area("csr-kubeconfig", words::KUBECONFIG, words::KUBECONFIG_HINT, "4",
                    state.kubeconfig)}
                <div class="actions">
                    <button type="button" on:click=move |_| state.take_server(desk)>
                        {words::TAKE_SERVER}
                    </button>
                </div>
            </details>
            {live(move || state.read.get().map(|answer| answer_view(desk, answer, None)))}
            {check(words::BY_PATH, state.by_path)}
            <div class="actions">
                <button type="submit" class="primary">{words::ATTACH_NOW}</button>
            </div>
        </form>
        <section class="answer" id="csr-attached" aria-label=words::ANSWER>
            {live(move || match state.panel.get() {
                Some(answer) => answer_view(desk, answer, None),
                None => view! { <p class="hint">{words::ATTACH_EMPTY}</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}
