//! Where etcd runs.

use crate::components::live;
use leptos::prelude::*;
use pki_core::design::{LayoutName, Topology};
use pki_text::en::ui::form as words;

use super::form::{list_of, text_of};
use super::nodes::{Group, Nodes};
use crate::components::field::Choice;
use crate::components::list::ListField;
use crate::state::Editor;

#[component]
pub(super) fn Etcd() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let options =
        [(Topology::Stacked, words::ETCD_STACKED), (Topology::External, words::ETCD_EXTERNAL)]
            .map(|(topology, text)| (topology.name().to_owned(), text.to_owned()))
            .to_vec();
    let external = Memo::new(move |_| {
        editor.design.with(|design| design.etcd.topology == Topology::External.name())
    });
    let members = move || {
        external.get().then(|| {
            view! {
                <Nodes group=Group::Etcd />
                <ListField place="etcd.endpoints" label=words::ETCD_ENDPOINTS
                    hint=words::ETCD_ENDPOINTS_HINT list=list_of(|d| &d.etcd.endpoints)
                    on_input=move |list| editor.edit(|d| d.etcd.endpoints = list) />
            }
        })
    };
    // Where it cannot be, there is no choice, unless it was made before.
    let offered = Memo::new(move |_| {
        let layout = editor.design.with(|design| LayoutName::from_name(&design.layout));
        external.get() || layout.is_some_and(LayoutName::can_have_external_etcd)
    });
    let choice = move || {
        offered.get().then(|| {
            view! {
                <Choice place="etcd.topology" label=words::ETCD options=options.clone()
                    value=text_of(|d| &d.etcd.topology)
                    on_choice=move |text| editor.choose(|d| d.etcd.topology = text) />
            }
        })
    };
    view! { {live(choice)} {live(members)} }
}
