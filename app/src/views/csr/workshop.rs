//! Workshop: requests for a list of people, in one archive.

use crate::components::live;
use leptos::prelude::*;
use pki_text::en::csr_view as words;

use super::answer::{Panel, answer_view, empty_panel, spoken};
use super::field::{algorithm_choice, blank, bytes_of, file_area, text_field};
use super::{ALL, CsrDesk};
use crate::csr::{Ask, CourseAsk};
use crate::platform;

/// What is typed, and the answer.
#[derive(Clone, Copy)]
pub(super) struct Course {
    pub(super) people: RwSignal<String>,
    role: RwSignal<String>,
    namespace: RwSignal<String>,
    expiration: RwSignal<String>,
    algorithm: RwSignal<String>,
    cluster: RwSignal<String>,
    panel: Panel,
    /// Whether there is an archive that was not downloaded.
    pub(super) unsaved: RwSignal<bool>,
}

impl Course {
    pub(super) fn new() -> Self {
        Self {
            people: blank(),
            role: blank(),
            namespace: blank(),
            expiration: blank(),
            algorithm: RwSignal::new("ecdsa-p256".to_owned()),
            cluster: blank(),
            panel: empty_panel(),
            unsaved: RwSignal::new(false),
        }
    }

    fn make(self, desk: CsrDesk) {
        if self.unsaved.get_untracked() && !platform::confirm(words::REPLACE_SURE) {
            return;
        }
        let ask = CourseAsk {
            role: self.role.get_untracked(),
            namespace: self.namespace.get_untracked(),
            expiration: self.expiration.get_untracked(),
            algorithm: self.algorithm.get_untracked(),
            cluster: self.cluster.get_untracked(),
        };
        desk.announcer.say(words::WORKING);
        desk.tell(ALL, Ask::Course(ask), vec![bytes_of(self.people)], move |answer| {
            desk.announcer.say(spoken(&answer));
            if answer.as_ref().is_ok_and(|answer| answer.told.fine) {
                self.unsaved.set(true);
            }
            self.panel.set(Some(answer));
        });
    }
}

pub(super) fn workshop_view(desk: CsrDesk) -> AnyView {
    let state = desk.course;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.make(desk);
    };
    view! {
        <form class="card form" autocomplete="off" aria-label=words::WORKSHOP on:submit=submit>
            {file_area("csr-people", words::PEOPLE, words::PEOPLE_HINT, "8", state.people)}
            <div class="pair">
                {text_field("csr-course-lifetime", words::LIFETIME, words::LIFETIME_HINT,
                    state.expiration)}
                {algorithm_choice("csr-course-algorithm", state.algorithm)}
                {text_field("csr-course-cluster", words::CLUSTER, words::CLUSTER_HINT,
                    state.cluster)}
            </div>
            <div class="pair">
                {text_field("csr-course-role", words::ROLE, words::ROLE_HINT, state.role)}
                {text_field("csr-course-namespace", words::COURSE_NAMESPACE,
                    words::COURSE_NAMESPACE_HINT, state.namespace)}
            </div>
            <div class="actions">
                <button type="submit" class="primary">{words::MAKE_ARCHIVE}</button>
            </div>
        </form>
        <section class="answer" aria-label=words::ANSWER>
            {live(move || match state.panel.get() {
                Some(answer) => answer_view(desk, answer, Some(state.unsaved)),
                None => view! { <p class="hint">{words::WORKSHOP_EMPTY}</p> }.into_any(),
            })}
        </section>
    }
    .into_any()
}
