//! A button that copies a value, and says so.

use leptos::prelude::*;
use leptos::task::spawn_local;
use pki_text::en::ui::tree as words;

use crate::platform;
use crate::state::Announcer;

/// `what` completes the accessible name: "Copy fingerprint".
#[component]
pub(crate) fn Copy(
    #[prop(into)] what: String,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = copier(text, copied);
    let label = move || if copied.get() { words::COPIED } else { words::COPY };
    view! {
        <button type="button" class="small" aria-label=words::copy(&what) on:click=copy>
            {label}
        </button>
    }
}

/// The small form beside a value, for a text that does not change.
pub(crate) fn copy_button(what: &str, text: String) -> AnyView {
    let copied = RwSignal::new(false);
    let copy = copier(Signal::stored(text), copied);
    view! {
        <button
            type="button"
            class="copy"
            class:copied=move || copied.get()
            aria-label=words::copy(what)
            title=words::COPY
            on:click=copy
        >
            <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />
                <path class="tick" d="M3 8.5l3 3 6-7" />
            </svg>
        </button>
    }
    .into_any()
}

/// What a press does: copies, tells the screen reader, and sets `copied` for a moment.
fn copier<E>(text: Signal<String>, copied: RwSignal<bool>) -> impl FnMut(E) + 'static {
    let announcer = expect_context::<Announcer>();
    move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            if platform::copy(text).await {
                announcer.say(words::COPIED);
                // The button may be gone by then, and later too.
                let _ = copied.try_set(true);
                platform::after(1_500, move || {
                    let _ = copied.try_set(false);
                });
            } else {
                announcer.say(words::NOT_COPIED);
            }
        });
    }
}
