//! Who trusts a CA beside those who verify what it signs.

use leptos::prelude::*;
use pki_text::en::ui::own as words;

use crate::components::field::check;
use crate::components::live;
use crate::state::Editor;

/// A tick for each flag that may name it too.
pub(super) fn trust(name: Memo<String>) -> AnyView {
    let editor = expect_context::<Editor>();
    let choices = Memo::new(move |_| {
        let name = name.get();
        editor.design.with(|design| design.trust_choices(&name))
    });
    let tick = move |flag: String| {
        let label = words::trusts(&flag);
        let of_design = flag.clone();
        let is_on = move || {
            let name = name.get();
            editor.design.with(|design| {
                design.authority(&name).is_some_and(|own| own.trusted_by.contains(&of_design))
            })
        };
        check(&label, is_on, move |on| {
            let name = name.get_untracked();
            editor.choose(|design| {
                design.change_authority(&name, &|own| {
                    own.trusted_by.retain(|other| *other != flag);
                    if on {
                        own.trusted_by.push(flag.clone());
                    }
                });
            });
        })
    };
    view! {
        <details class="own-trust">
            <summary>{words::TRUST}</summary>
            <p class="hint">{words::TRUST_HINT}</p>
            {live(move || choices.get().into_iter().map(tick).collect::<Vec<_>>())}
        </details>
    }
    .into_any()
}
