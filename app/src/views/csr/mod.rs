//! The CSR desk: what becomes of a signing request, step by step.

mod answer;
mod attach;
mod field;
mod request;
mod review;
mod sign;
mod table;
mod workshop;

use leptos::prelude::*;
use pki_core::plan::{Content, ItemId, Plan};
use pki_text::en::csr_view as words;

use crate::csr::{Answer, Ask, Clerk, Closed};
use crate::platform;
use crate::platform::Bytes;
use crate::route::Step;
use crate::state::{Announcer, Editor, Generate, Stage};
use answer::{Panel, spoken};
use attach::{Attach, attach_view};
use request::{Request, request_view};
use review::{Review, review_view};
use sign::{Sign, sign_view};
use workshop::{Course, workshop_view};

/// Questions of which only the newest counts; [`ALL`] is for those that all count.
const ALL: u8 = 0;
const REVIEW: u8 = 1;
const LOOK: u8 = 2;
const OUTLOOK: u8 = 3;

/// The state of the desk. It outlives the view; a reload forgets it.
#[derive(Clone, Copy)]
pub(crate) struct CsrDesk {
    clerk: StoredValue<Clerk, LocalStorage>,
    announcer: Announcer,
    editor: Editor,
    generate: Generate,
    review: Review,
    request: Request,
    attach: Attach,
    sign: Sign,
    course: Course,
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
            request: Request::new(),
            attach: Attach::new(),
            sign: Sign::new(),
            course: Course::new(),
        };
        desk.review.follow(desk);
        desk.sign.follow(desk);
        platform::on_leave(move || {
            desk.request.unsaved.get_untracked() || desk.course.unsaved.get_untracked()
        });
        desk
    }

    fn tell(
        self,
        place: u8,
        ask: Ask,
        bytes: Vec<Bytes>,
        tell: impl FnOnce(Result<Answer, Closed>) + 'static,
    ) {
        self.clerk.with_value(|clerk| clerk.ask(place, ask, bytes, tell));
    }

    /// Asks, and puts the answer into a panel.
    fn ask(self, place: u8, ask: Ask, bytes: Vec<Bytes>, panel: Panel) {
        self.tell(place, ask, bytes, move |answer| {
            self.announcer.say(spoken(&answer));
            panel.set(Some(answer));
        });
    }

    /// Has a CA of the PKI that was generated on this page kept in mind, and its certificate put
    /// into a field; whether there is one. `choose` finds it in the plan; only a CA `to_sign`
    /// brings its key.
    fn take_issuer(
        self,
        choose: impl FnOnce(&Plan) -> Option<ItemId>,
        to_sign: bool,
        certificate: RwSignal<String>,
        panel: Panel,
    ) -> bool {
        let Stage::Made(made) = self.generate.stage.get_untracked() else { return false };
        let Some((path, key)) = choose(&made.plan).and_then(|id| files_of(&made.plan, id)) else {
            return false;
        };
        let ask = Ask::TakeIssuer(path, key.filter(|_| to_sign));
        self.tell(ALL, ask, vec![made.archive()], move |answer| {
            match answer.as_ref().ok().and_then(|answer| answer.files.first()) {
                Some(file) => {
                    certificate.set(String::from_utf8_lossy(&file.content).into_owned());
                }
                None => panel.set(Some(answer)),
            }
        });
        true
    }
}

/// The paths of a CA's certificate and of its key, if that stands in a file.
fn files_of(plan: &Plan, id: ItemId) -> Option<(String, Option<String>)> {
    let path = |wanted: fn(&Content) -> Option<ItemId>| {
        let file = plan.files.iter().find(|file| wanted(&file.content) == Some(id));
        file.map(|file| file.path.clone())
    };
    let certificate = path(|content| match content {
        Content::Certificate(id) => Some(*id),
        _ => None,
    })?;
    let key = path(|content| match content {
        Content::PrivateKey(id) => Some(*id),
        _ => None,
    });
    Some((certificate, key))
}

/// The whole view, at one of its steps.
pub(crate) fn csr_view(desk: CsrDesk, step: Step) -> AnyView {
    desk.clerk.with_value(Clerk::warm);
    let over = RwSignal::new(false);
    let dragged = move |is_over| {
        // Only changes: the event comes many times a second.
        if over.get_untracked() != is_over {
            over.set(is_over);
        }
    };
    let take = move |text: String| match step {
        Step::Review => desk.review.input.set(text),
        Step::Request => desk.request.take(desk, text),
        Step::Attach => desk.attach.take(text),
        Step::Sign => desk.sign.take(text),
        Step::Workshop => desk.course.people.set(text),
    };
    platform::on_drop(dragged, move |event| {
        platform::dropped(&event, move |bytes| take(field::text_of(bytes)));
    });
    platform::on_paste(take);
    let body = match step {
        Step::Review => review_view(desk),
        Step::Request => request_view(desk),
        Step::Attach => attach_view(desk),
        Step::Sign => sign_view(desk),
        Step::Workshop => workshop_view(desk),
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
        Step::Request => words::REQUEST,
        Step::Attach => words::ATTACH,
        Step::Sign => words::SIGN,
        Step::Workshop => words::WORKSHOP,
    }
}
