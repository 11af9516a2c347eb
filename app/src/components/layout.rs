//! The choice of the layout, and what the chosen one is for.

use leptos::prelude::*;
use pki_core::design::LayoutName;
use pki_text::en::layout;
use pki_text::en::ui::form as words;

use super::field::Choice;
use crate::state::Editor;

/// `before` runs before the design gets the chosen layout.
pub(crate) fn layout_choice(before: impl Fn() + 'static) -> AnyView {
    let editor = expect_context::<Editor>();
    let layouts = LayoutName::OFFERED
        .map(|name| (name.name().to_owned(), layout::name(name).to_owned()))
        .to_vec();
    let chosen = Memo::new(move |_| editor.design.with(|design| design.layout.clone()));
    let about = move || chosen.with(|name| LayoutName::from_name(name)).map(layout::about);
    view! {
        <Choice place="layout" label=words::LAYOUT options=layouts value=chosen
            on_choice=move |text| {
                before();
                editor.choose(|design| design.layout = text);
            } />
        <p class="hint" id="field-layout-hint">{about}</p>
    }
    .into_any()
}
