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
    let announcer = expect_context::<Announcer>();
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text.get_untracked();
        spawn_local(async move {
            if platform::copy(text).await {
                announcer.say(words::COPIED);
                copied.set(true);
                platform::after(1_500, move || {
                    // The button may be gone by then.
                    let _ = copied.try_set(false);
                });
            } else {
                announcer.say(words::NOT_COPIED);
            }
        });
    };
    let label = move || if copied.get() { words::COPIED } else { words::COPY };
    view! {
        <button type="button" class="small" aria-label=words::copy(&what) on:click=copy>{label}</button>
    }
}

/// The same for a text that does not change.
pub(crate) fn copy_button(what: &str, text: String) -> AnyView {
    view! { <Copy what=what.to_owned() text=Signal::stored(text) /> }.into_any()
}
