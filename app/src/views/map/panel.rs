//! Everything about what is chosen.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::plan::flows::{Flag, Flow, Party, Proof, Shows};
use pki_core::plan::{Component, ItemId, Make, Owner, Plan, Subject};
use pki_text::en::{flows, layout, map_view as words};

use super::model::{Chosen, Model, checked_by};
use crate::components::authority::Mark;
use crate::platform;
use crate::route::Route;
use crate::state::Generate;

/// Longer lists are cut.
const MOST: usize = 8;

/// What the rows of the panel need.
#[derive(Clone)]
pub(super) struct Panel {
    pub(super) model: Arc<Model>,
    pub(super) chosen: RwSignal<Option<Chosen>>,
    pub(super) generate: Generate,
}

impl Panel {
    pub(super) fn view(&self, chosen: Option<Chosen>) -> AnyView {
        match chosen {
            None => view! { <p class="hint">{words::CHOOSE}</p> }.into_any(),
            Some(Chosen::Party(party)) => self.party(party),
            Some(Chosen::Link(from, to)) => self.link(from, to),
            Some(Chosen::Authority(id)) => self.authority(id),
        }
    }

    fn plan(&self) -> &Plan {
        &self.model.plan
    }

    fn party(&self, party: Party) -> AnyView {
        let explained = words::explained(party);
        let mut rows = Vec::new();
        if let Party::Component(component) = party {
            let runs_on = words::runs_on(self.plan(), component);
            rows.push(row(words::RUNS_ON, runs_on.into_any()));
            rows.push(row(words::FLAGS, self.settings(component)));
        }
        let links = self.model.links.iter().filter(|link| link.from == party || link.to == party);
        let links = links.map(|link| self.jump(Chosen::Link(link.from, link.to))).collect();
        rows.push(row(words::CONNECTIONS, list(links)));
        sheet(flows::party(party).to_owned(), explained, rows)
    }

    fn settings(&self, component: Component) -> AnyView {
        let settings = self.plan().settings_of(component).into_iter().map(|setting| {
            let value = match setting.is_file {
                true => self.file(Some(component), &setting.value),
                false => view! { <code>{setting.value}</code> }.into_any(),
            };
            view! { <code>"--"{setting.name}"="</code>{value} }.into_any()
        });
        list(settings.collect())
    }

    fn link(&self, from: Party, to: Party) -> AnyView {
        let Some(link) = self.model.link(from, to) else {
            // The layout changed under the choice.
            return self.view(None);
        };
        let connections: Vec<_> = link.flows.iter().map(|flow| self.flow(flow)).collect();
        let mut authorities = link.caller.authorities.clone();
        authorities.extend(
            link.callee.authorities.iter().filter(|id| !link.caller.authorities.contains(id)),
        );
        let stolen = (!authorities.is_empty()).then(|| {
            let powers = authorities.iter().map(|id| {
                view! {
                    <h4>{self.jump(Chosen::Authority(*id))}</h4>
                    <p>{words::THIEF}":"</p>
                    {self.powers(*id)}
                }
            });
            view! { <h3>{words::STOLEN}</h3> {powers.collect_view()} }
        });
        view! {
            <h2>{words::pair(from, to)}</h2>
            {connections}
            {stolen}
        }
        .into_any()
    }

    fn flow(&self, flow: &Flow) -> AnyView {
        let component = |party: Party| match party {
            Party::Component(component) => Some(component),
            Party::NewNode => Some(Component::Kubelet),
            _ => None,
        };
        let mut rows = Vec::new();
        if let Some(subject) = &flow.becomes {
            rows.push(row(words::BECOMES, view! { <code>{in_words(subject)}</code> }.into_any()));
        }
        for gap in &flow.gaps {
            let text = view! { <strong class="error">{flows::gap(*gap)}</strong> };
            rows.push(row(words::MISSING, text.into_any()));
        }
        view! {
            <dl class="facts map-facts">{rows}</dl>
            <h3>{words::CALLER_SHOWS}</h3>
            {self.proof(&flow.caller, component(flow.from))}
            <h3>{words::CALLEE_SHOWS}</h3>
            {self.proof(&flow.callee, component(flow.to))}
        }
        .into_any()
    }

    fn proof(&self, proof: &Proof, component: Option<Component>) -> AnyView {
        let mut rows = Vec::new();
        match &proof.shows {
            Shows::Certificate(id) => self.certificate(*id, &mut rows),
            other => rows.push(row(words::SHOWS, words::shows(other).into_any())),
        }
        if let Some(path) = &proof.path {
            let flag = proof.by.map(|flag| view! { <p class="hint"><code>{by(flag)}</code></p> });
            let from = view! { {self.file(component, path)} {flag} };
            rows.push(row(words::IN_FILE, from.into_any()));
        }
        let marks: Vec<_> =
            checked_by(proof).into_iter().map(|id| self.jump(Chosen::Authority(id))).collect();
        let checked = view! { {words::checked(proof)}" "{marks} };
        rows.push(row(words::CHECKED, checked.into_any()));
        view! { <dl class="facts map-facts">{rows}</dl> }.into_any()
    }

    fn certificate(&self, id: ItemId, rows: &mut Vec<AnyView>) {
        let Some(Make::Leaf(leaf)) = self.plan().item(id).map(|item| &item.make) else { return };
        let subject = view! { <code>{in_words(&leaf.subject)}</code> };
        rows.push(row(words::SHOWS, subject.into_any()));
        let usages: Vec<&str> = leaf.usages.iter().map(|usage| usage.name()).collect();
        rows.push(row(words::USAGE, view! { <code>{usages.join(", ")}</code> }.into_any()));
        if !leaf.sans.is_empty() {
            let names =
                leaf.sans.iter().map(|san| view! { <code>{san.to_string()}</code> }.into_any());
            rows.push(row(words::NAMES, list(names.collect())));
        }
    }

    fn authority(&self, id: ItemId) -> AnyView {
        let Some(authority) = self.plan().authority_of(id) else { return self.view(None) };
        let (letter, name) = (authority.row.letter, authority.row.common_name);
        let blast = self.plan().blast(id);
        let needed: Vec<String> = blast.key_needed_by.iter().map(|flag| by(*flag)).collect();
        let machines = |owner: &Owner| match owner.node(&self.plan().settings) {
            Some(node) => node.name.to_string(),
            None => match owner {
                Owner::Operator => "operator/".to_owned(),
                _ => "vault/".to_owned(),
            },
        };
        let key_on =
            blast.key_on.iter().map(|owner| view! { <code>{machines(owner)}</code> }.into_any());
        let trusted = blast.trusted_by.iter().map(|flag| by(*flag));
        let people = (blast.kubeconfigs > 0).then(|| words::kubeconfigs(blast.kubeconfigs));
        let trusted = trusted.chain(people).map(|text| view! { <code>{text}</code> }.into_any());
        let rows = vec![
            row(words::PURPOSE, layout::purpose(letter).into_any()),
            row(words::THIEF, self.powers(id)),
            row(words::KEY_ON, list(key_on.collect())),
            row(words::KEY_NEEDED, words::key_belongs(&needed).into_any()),
            row(words::TRUSTED_BY, list(trusted.collect())),
            row(words::SIGNS, list(self.signed(id))),
        ];
        let rows = view! { <dl class="facts map-facts">{rows}</dl> };
        view! {
            <h2><Mark authority=Some(letter) />" "{layout::called(&authority.row).to_owned()}</h2>
            <p><code>"CN="{name}</code></p>
            {rows}
        }
        .into_any()
    }

    /// The subjects of the certificates of a CA, each once, with how often it is there.
    fn signed(&self, id: ItemId) -> Vec<AnyView> {
        let mut subjects: Vec<(String, usize)> = Vec::new();
        for item in self.plan().items.iter().filter(|item| item.issuer() == Some(id)) {
            let subject = item.subject().map(|subject| in_words(&subject)).unwrap_or_default();
            // Beyond the first ones their number is enough, which the last place counts.
            let known = subjects.iter().position(|(known, _)| *known == subject);
            let place = known.unwrap_or_else(|| subjects.len().min(MOST));
            match subjects.get_mut(place) {
                Some((_, count)) => *count += 1,
                None => subjects.push((subject, 1)),
            }
        }
        let named = subjects.iter().take(MOST).map(|(subject, count)| {
            let times = (*count > 1).then(|| format!(" × {count}"));
            view! { <code>{subject.clone()}</code>{times} }.into_any()
        });
        let rest = subjects.get(MOST).map(|(_, count)| words::more(*count).into_any());
        named.chain(rest).collect()
    }

    fn powers(&self, id: ItemId) -> AnyView {
        let powers = self.plan().blast(id).powers;
        list(powers.into_iter().map(|power| flows::power(power).into_any()).collect())
    }

    /// A button that chooses something else.
    pub(super) fn jump(&self, to: Chosen) -> AnyView {
        let (mark, name) = match to {
            Chosen::Party(party) => (None, flows::party(party).to_owned()),
            Chosen::Link(from, to) => (None, words::pair(from, to)),
            Chosen::Authority(id) => {
                let row = self.plan().authority_of(id).map(|authority| &authority.row);
                (row.map(|row| row.letter), row.map(layout::called).unwrap_or_default().to_owned())
            }
        };
        let chosen = self.chosen;
        view! {
            <button type="button" class="link"
                on:click=move |_| chosen.set(Some(to))>
                {mark.map(|letter| view! { <Mark authority=Some(letter) />" " })}{name}
            </button>
        }
        .into_any()
    }

    /// A path, which leads to the file in Generate if it is one of the plan's.
    fn file(&self, component: Option<Component>, path: &str) -> AnyView {
        let Some(found) = archived(self.plan(), component, path) else {
            return view! { <code>{path.to_owned()}</code> }.into_any();
        };
        let generate = self.generate;
        let open = move |_| {
            platform::go(Route::Generate.href());
            generate.look_at(found.clone());
        };
        view! {
            <button type="button" class="link path" on:click=open><code>{path.to_owned()}</code></button>
        }
        .into_any()
    }
}

/// Where in the archive the file is, on the first machine that has it.
fn archived(plan: &Plan, component: Option<Component>, path: &str) -> Option<String> {
    if let Some(file) = plan.file(path) {
        return Some(file.path.clone());
    }
    let mut running = plan
        .first_machines()
        .filter(|owner| component.is_some_and(|runs| plan.components(owner).contains(&runs)));
    running.find_map(|owner| plan.installed(&owner, path)).map(|file| file.path.clone())
}

pub(super) fn by(flag: Flag) -> String {
    words::by_flag(flag.component, flag.name)
}

/// "CN=jane, O=dev".
pub(super) fn in_words(subject: &Subject) -> String {
    let groups = subject.organizations.iter().map(|group| format!(", O={group}"));
    format!("CN={}{}", subject.common_name, groups.collect::<String>())
}

fn row(name: &'static str, value: AnyView) -> AnyView {
    view! { <dt>{name}</dt><dd>{value}</dd> }.into_any()
}

fn list(items: Vec<AnyView>) -> AnyView {
    let items: Vec<_> =
        items.into_iter().map(|item| view! { <li>{item}</li> }.into_any()).collect();
    view! { <ul class="map-list">{items}</ul> }.into_any()
}

fn sheet(title: String, about: &'static str, rows: Vec<AnyView>) -> AnyView {
    view! {
        <h2>{title}</h2>
        <p>{about}</p>
        <dl class="facts map-facts">{rows}</dl>
    }
    .into_any()
}
