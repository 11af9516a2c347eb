//! The CSR desk: what becomes of a signing request, step by step.

mod answer;
mod field;
mod review;
mod table;

use leptos::prelude::*;
use pki_text::en::csr_view as words;

use crate::csr::Clerk;
use crate::platform;
use crate::route::Step;
use crate::state::{Announcer, Editor, Generate};
use review::{Review, review_view};

/// The state of the desk. It outlives the view; a reload forgets it.
#[derive(Clone, Copy)]
pub(crate) struct CsrDesk {
    clerk: StoredValue<Clerk, LocalStorage>,
    announcer: Announcer,
    editor: Editor,
    #[expect(dead_code, reason = "the steps that sign come next")]
    generate: Generate,
    review: Review,
}

impl CsrDesk {
    pub(crate) fn new(
        clerk: Clerk,
        editor: Editor,
        generate: Generate,
        announcer: Announcer,
    ) -> Self {
        let desk = Self {
            clerk: StoredValue::new_local(clerk),
            announcer,
            editor,
            generate,
            review: Review::new(),
        };
        desk.review.follow(desk);
        desk
    }

    /// A file was handed over.
    fn kept(self, _secret: bool, name: &str) {
        self.announcer.say(words::downloaded(name));
    }
}

/// The whole view, at one of its steps.
pub(crate) fn csr_view(desk: CsrDesk, step: Step) -> AnyView {
    desk.clerk.with_value(Clerk::warm);
    // Only changes: the event comes many times a second.
    let over = RwSignal::new(false);
    let dragged = move |is_over| {
        if over.get_untracked() != is_over {
            over.set(is_over);
        }
    };
    let drop_into = move |bytes: Vec<u8>| match step {
        Step::Review => desk.review.take(bytes),
    };
    platform::on_drop(dragged, move |event| platform::dropped(&event, drop_into));
    let body = match step {
        Step::Review => review_view(desk),
    };
    let links: Vec<_> = Step::ALL
        .into_iter()
        .map(|to| {
            let current = (to == step).then_some("step");
            view! { <li><a href=to.href() aria-current=current>{label(to)}</a></li> }
        })
        .collect();
    view! {
        <div class="csr" class:drop-over=move || over.get()>
            <h1>{words::NAME}</h1>
            <p class="lead">{words::LEAD}</p>
            <nav class="steps" aria-label=words::STEPS><ol>{links}</ol></nav>
            {body}
            <div class="drop-sign" aria-hidden="true">{words::DROP}</div>
        </div>
    }
    .into_any()
}

fn label(step: Step) -> &'static str {
    match step {
        Step::Review => words::REVIEW,
    }
}
