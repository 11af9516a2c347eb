//! Generate: the form, the files that it leads to, and the work.

mod advanced;
mod bring;
mod by_hand;
mod detail;
mod document;
mod etcd;
mod extra;
mod folders;
mod form;
mod nodes;
mod own;
mod panel;
mod result;
mod tree;
mod trust;
mod waiting;

use leptos::prelude::*;
use pki_text::en::ui::generate as words;

use crate::components::folded_risks;

#[component]
pub(crate) fn View() -> impl IntoView {
    view! {
        <div class="view-head">
            <h1>{words::TITLE}</h1>
            <p class="lead">{words::LEAD}</p>
        </div>
        <div class="bench">
            <form::Form />
            <div class="bench-side">
                <panel::Panel />
                {folded_risks()}
                <tree::Tree />
            </div>
        </div>
    }
}
