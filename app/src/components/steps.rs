//! Undo and redo of the design.

use leptos::prelude::*;
use pki_text::en::ui::form as words;

use crate::state::{Announcer, Editor};

/// The two buttons, in any view that changes the design.
pub(crate) fn step_buttons() -> AnyView {
    let editor = expect_context::<Editor>();
    let announcer = expect_context::<Announcer>();
    let button = move |label, forward: bool| {
        view! {
            <button type="button" class="small"
                disabled=move || {
                    let (undo, redo) = editor.steps.get();
                    !(if forward { redo } else { undo })
                }
                on:click=move |_| take_step(editor, announcer, forward)>{label}</button>
        }
        .into_any()
    };
    (button(words::UNDO, false), button(words::REDO, true)).into_any()
}

/// One step back or forward, if there is one.
pub(crate) fn take_step(editor: Editor, announcer: Announcer, forward: bool) {
    let (done, said) = match forward {
        true => (editor.redo(), words::REDONE),
        false => (editor.undo(), words::UNDONE),
    };
    if done {
        announcer.say(said);
    }
}
