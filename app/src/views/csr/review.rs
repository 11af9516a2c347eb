//! Review: what a cluster would say to a request, before one says it.

use crate::components::live;
use leptos::prelude::*;
use pki_core::design::Node;
use pki_text::en::csr_view as words;

use super::answer::{Panel, answer_view, empty_panel, spoken};
use super::field::{area, file_area, text_field};
use super::table::table_view;
use super::{CsrDesk, LOOK, REVIEW};
use crate::csr::{Ask, ReviewAsk};
use crate::platform;
use crate::platform::Bytes;
use crate::state::Checked;

/// A request by openssl that asks for a group which no cluster gives.
const EXAMPLE: &str = include_str!("../decode/examples/request.pem");

/// What is typed, and the answers.
#[derive(Clone, Copy)]
pub(super) struct Review {
    pub(super) input: RwSignal<String>,
    signer: RwSignal<String>,
    usages: RwSignal<String>,
    expiration: RwSignal<String>,
    ca: RwSignal<String>,
    duration: RwSignal<String>,
    user: RwSignal<String>,
    groups: RwSignal<String>,
    nodes: RwSignal<String>,
    max_lifetime: RwSignal<String>,
    panel: Panel,
    /// One of many.
    look: Panel,
    from: RwSignal<usize>,
}

impl Review {
    pub(super) fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            input: text(),
            signer: text(),
            usages: text(),
            expiration: text(),
            ca: text(),
            duration: text(),
            user: text(),
            groups: text(),
            nodes: text(),
            max_lifetime: text(),
            panel: empty_panel(),
            look: empty_panel(),
            from: RwSignal::new(0),
        }
    }

    fn asks(self) -> ReviewAsk {
        ReviewAsk {
            signer: self.signer.get(),
            usages: self.usages.get(),
            expiration: self.expiration.get(),
            ca: self.ca.get(),
            duration: self.duration.get(),
            user: self.user.get(),
            groups: self.groups.get(),
            nodes: self.nodes.get(),
            max_lifetime: self.max_lifetime.get(),
        }
    }

    /// Has everything judged anew whenever something is typed.
    pub(super) fn follow(self, desk: CsrDesk) {
        Effect::new(move |_| {
            let ask = self.asks();
            let input = self.input.with(|text| text.as_bytes().to_vec());
            self.look.set(None);
            if input.trim_ascii().is_empty() {
                self.panel.set(None);
                return;
            }
            let input = Bytes::new(input);
            desk.tell(REVIEW, Ask::Review(ask), vec![input], move |answer| {
                // The box may have been emptied in the meantime.
                if !self.input.with_untracked(|text| text.trim().is_empty()) {
                    desk.announcer.say(spoken(&answer));
                    self.from.set(0);
                    self.panel.set(Some(answer));
                }
            });
        });
    }

    pub(super) fn look_at(self, desk: CsrDesk, index: usize) {
        desk.tell(LOOK, Ask::Look(index), Vec::new(), move |answer| {
            desk.announcer.say(spoken(&answer));
            self.look.set(Some(answer));
            platform::reveal("csr-look");
        });
    }

    /// Puts the corrected object into the box.
    fn correct(self) {
        let mended = self.panel.with_untracked(|answer| {
            let answer = answer.as_ref()?.as_ref().ok()?;
            let file = answer.files.get(answer.told.mended?)?;
            Some(String::from_utf8_lossy(&file.content).into_owned())
        });
        if let Some(text) = mended {
            self.input.set(text);
        }
    }
}

/// The nodes of a design, a line each: counted out where the design is without errors, and the rows
/// as they stand otherwise.
fn nodes_of(checked: &Checked) -> String {
    if let Some(plan) = &checked.plan {
        let nodes = plan.settings.control_planes.iter().chain(&plan.settings.workers);
        let line = |node: &Node| {
            let addresses: String = node.addresses.iter().map(|one| format!(" {one}")).collect();
            format!("{}{addresses}\n", node.name.as_str())
        };
        return nodes.map(line).collect();
    }
    let nodes = checked.design.control_planes.iter().chain(&checked.design.workers);
    let lines = nodes.filter(|node| !node.name.is_empty());
    lines.map(|node| format!("{} {}\n", node.name, node.addresses.join(" "))).collect()
}

pub(super) fn review_view(desk: CsrDesk) -> AnyView {
    let state = desk.review;
    let take_nodes = move |_| {
        state.nodes.set(nodes_of(&desk.editor.check_now()));
        desk.announcer.say(words::NODES_TAKEN);
    };
    view! {
        {file_area("csr-input", words::INPUT, words::INPUT_HINT, "8", state.input)}
        <div class="examples">
            <button type="button" class="example"
                on:click=move |_| state.input.set(EXAMPLE.to_owned())>{words::EXAMPLE}</button>
        </div>
        <details class="advanced">
            <summary>
                {words::CIRCUMSTANCES}" "<span class="hint">{words::CIRCUMSTANCES_HINT}</span>
            </summary>
            <div class="pair">
                {text_field("csr-signer", words::SIGNER, words::SIGNER_HINT, state.signer)}
                {text_field("csr-usages", words::USAGES, words::USAGES_HINT, state.usages)}
                {text_field("csr-expiration", words::EXPIRATION, words::DURATION_HINT,
                    state.expiration)}
            </div>
            <div class="pair">
                {text_field("csr-user", words::ASKER, words::ASKER_HINT, state.user)}
                {text_field("csr-groups", words::ASKER_GROUPS, words::GROUPS_HINT, state.groups)}
                {text_field("csr-duration", words::SIGNING_DURATION, words::SIGNING_DURATION_HINT,
                    state.duration)}
            </div>
            {file_area("csr-ca", words::SIGNING_CA, words::SIGNING_CA_HINT, "3", state.ca)}
        </details>
        <details class="advanced">
            <summary>{words::POLICY}" "<span class="hint">{words::POLICY_HINT}</span></summary>
            {area("csr-nodes", words::NODES, words::NODES_HINT, "4", state.nodes)}
            <div class="actions">
                <button type="button" on:click=take_nodes>{words::NODES_OF_DESIGN}</button>
            </div>
            <div class="pair">
                {text_field("csr-max", words::MAX_LIFETIME, words::DURATION_HINT,
                    state.max_lifetime)}
            </div>
        </details>
        <section class="answer" aria-label=words::ANSWER>{live(move || review_answer(desk))}</section>
    }
    .into_any()
}

fn review_answer(desk: CsrDesk) -> AnyView {
    let state = desk.review;
    let Some(answer) = state.panel.get() else {
        let empty = state.input.with(|text| text.trim().is_empty());
        let text = if empty { words::REVIEW_EMPTY } else { words::WORKING };
        return view! { <p class="hint">{text}</p> }.into_any();
    };
    let lines = answer.as_ref().map(|answer| answer.told.lines.clone()).unwrap_or_default();
    let mended = answer.as_ref().is_ok_and(|answer| answer.told.mended.is_some());
    let table = (!lines.is_empty()).then(|| table_view(desk, lines, state.from));
    let fix = mended.then(|| {
        view! {
            <div class="card actions">
                <button type="button" class="primary" on:click=move |_| state.correct()>
                    {words::CORRECT}
                </button>
                <p class="hint">{words::CORRECT_HINT}</p>
            </div>
        }
    });
    view! {
        {table}
        <div class="answer" id="csr-look">
            {live(move || state.look.get().map(|answer| answer_view(desk, answer, None)))}
        </div>
        {fix}
        {answer_view(desk, answer, None)}
    }
    .into_any()
}
