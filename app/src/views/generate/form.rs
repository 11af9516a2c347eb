//! The form: what every cluster needs first, the rest behind "Advanced".

use crate::components::live;
use leptos::prelude::*;
use pki_core::design::{Design, KubernetesVersion};
use pki_text::en::ui::form as words;

use super::advanced::Advanced;
use super::document::Document;
use super::etcd::Etcd;
use super::nodes::{Group, Nodes};
use crate::components::field::{Choice, TextField};
use crate::components::list::ListField;
use crate::components::{layout_choice, step_buttons};
use crate::state::Editor;

/// The text of one field, again only when it changes.
pub(super) fn text_of(read: fn(&Design) -> &String) -> Signal<String> {
    let editor = expect_context::<Editor>();
    Memo::new(move |_| editor.design.with(|design| read(design).clone())).into()
}

/// A list of the design.
pub(super) fn list_of(read: fn(&Design) -> &Vec<String>) -> Memo<Vec<String>> {
    let editor = expect_context::<Editor>();
    Memo::new(move |_| editor.design.with(|design| read(design).clone()))
}

#[component]
pub(super) fn Form() -> impl IntoView {
    let editor = expect_context::<Editor>();
    let versions = (KubernetesVersion::OLDEST.minor..=KubernetesVersion::NEWEST.minor)
        .rev()
        .map(|minor| KubernetesVersion::new(minor).to_string())
        .map(|version| (version.clone(), version))
        .collect::<Vec<_>>();
    view! {
        <form class="card form" aria-label=words::TITLE autocomplete="off"
            on:submit=|event| event.prevent_default()>
            <div class="actions steps-back">{step_buttons()}</div>
            {live(move || editor.link.get().map(|(read, said)| view! {
                <p id="link-read" class=if read { "hint" } else { "error" }>{said}</p>
            }))}
            {layout_choice(|| {})}
            <div class="pair">
                <TextField place="clusterName" label=words::CLUSTER_NAME
                    hint=words::CLUSTER_NAME_HINT value=text_of(|d| &d.cluster_name)
                    on_input=move |text| editor.edit(|d| d.cluster_name = text) />
                <Choice place="kubernetesVersion" label=words::VERSION hint=words::VERSION_HINT
                    options=versions value=text_of(|d| &d.kubernetes_version)
                    on_choice=move |text| editor.choose(|d| d.kubernetes_version = text) />
            </div>
            <Nodes group=Group::ControlPlanes />
            <Nodes group=Group::Workers />
            <Etcd />
            <TextField place="controlPlaneEndpoint" label=words::ENDPOINT hint=words::ENDPOINT_HINT
                value=text_of(|d| &d.control_plane_endpoint)
                on_input=move |text| editor.edit(|d| d.control_plane_endpoint = text) />
            <div class="pair">
                <ListField place="serviceCIDRs" label=words::SERVICE_CIDRS
                    hint=words::SERVICE_CIDRS_HINT list=list_of(|d| &d.service_cidrs)
                    on_input=move |list| editor.edit(|d| d.service_cidrs = list) />
                <TextField place="dnsDomain" label=words::DNS_DOMAIN hint=words::DNS_DOMAIN_HINT
                    value=text_of(|d| &d.dns_domain)
                    on_input=move |text| editor.edit(|d| d.dns_domain = text) />
            </div>
            <Advanced />
            <Document />
        </form>
    }
}
