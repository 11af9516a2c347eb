//! Everything about what is chosen.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::plan::flows::{Flag, Flow, Party, Proof, Shows};
use pki_core::plan::{Component, Content, ItemId, Make, Owner, Plan, Subject};
use pki_text::en::ui::form::more;
use pki_text::en::{flows, layout, map_view as words, why};

use super::model::{Model, checked_by};
use super::three::three;
use crate::components::authority::Mark;
use crate::components::prose;
use crate::platform;
use crate::route::Route;
use crate::state::{Chosen, DETAIL, Generate, PANEL};

/// Longer lists are cut.
const MOST: usize = 8;

/// What the rows of the panel need.
#[derive(Clone)]
pub(super) struct Panel {
    pub(super) model: Arc<Model>,
    pub(super) chosen: RwSignal<Option<Chosen>>,
    /// Which connections have to do with what is chosen.
    pub(super) lit: Memo<Vec<bool>>,
    pub(super) generate: Generate,
}

impl Panel {
    pub(super) fn view(&self, chosen: Option<Chosen>) -> AnyView {
        match chosen {
            None => view! { <p class="hint">{words::CHOOSE}</p> }.into_any(),
            Some(Chosen::Party(party)) => self.party(party),
            Some(Chosen::Link(from, to)) => self.link(from, to),
            Some(Chosen::Authority(id)) => self.authority(id),
            Some(Chosen::Flag(flag)) => self.flag(flag),
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
        let mut authorities: Vec<ItemId> = Vec::new();
        for link in links.clone() {
            authorities.extend(&link.caller.authorities);
            authorities.extend(&link.callee.authorities);
        }
        if let Party::Component(component) = party {
            for setting in self.plan().settings_of(component) {
                let flag = Flag { component, name: setting.name };
                authorities.extend(self.plan().authorities_of_flag(flag));
            }
        }
        rows.extend(self.authorities(authorities));
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
            let flag = Chosen::Flag(Flag { component, name: setting.name });
            view! { {self.button(flag, None, format!("--{}", setting.name))}"="{value} }.into_any()
        });
        list(settings.collect())
    }

    /// CAs to go to, each once; no row where there are none.
    fn authorities(&self, mut ids: Vec<ItemId>) -> Option<AnyView> {
        pki_core::order::sort(&mut ids);
        ids.dedup();
        let jumps: Vec<_> = ids.into_iter().map(|id| self.jump(Chosen::Authority(id))).collect();
        (!jumps.is_empty()).then(|| row(words::LETTERS, list(jumps)))
    }

    fn links(&self, name: &'static str, links: Vec<(Party, Party)>) -> Option<AnyView> {
        let jumps: Vec<_> =
            links.into_iter().map(|(from, to)| self.jump(Chosen::Link(from, to))).collect();
        (!jumps.is_empty()).then(|| row(name, list(jumps)))
    }

    fn flag(&self, flag: Flag) -> AnyView {
        let plan = self.plan();
        let set = plan.settings_of(flag.component).into_iter().find(|one| one.name == flag.name);
        let Some(set) = set else { return self.view(None) };
        let value = match set.is_file {
            true => self.file(Some(flag.component), &set.value),
            false => view! { <code>{set.value}</code> }.into_any(),
        };
        let uses = plan.uses_of_flag(flag);
        let mut rows = vec![
            row(words::VALUE, value),
            row(words::TOLD_TO, self.jump(Chosen::Party(Party::Component(flag.component)))),
        ];
        rows.extend(self.authorities(plan.authorities_of_flag(flag)));
        rows.extend(self.links(words::SHOWN_ON, uses.shown));
        rows.extend(self.links(words::CHECKS_ON, uses.checks));
        sheet(by(flag), "", rows)
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
            Party::NewNode | Party::KonnectivityAgent => Some(Component::Kubelet),
            Party::KonnectivityServer => Some(Component::Apiserver),
            Party::Etcdctl => Some(Component::Etcd),
            Party::Operator | Party::Pod | Party::ExtensionServer | Party::Webhook => None,
        };
        let mut rows = Vec::new();
        if let Some(subject) = &flow.becomes {
            rows.push(row(words::BECOMES, view! { <code>{in_words(subject)}</code> }.into_any()));
        }
        for gap in &flow.gaps {
            let text = view! { <strong class="error">{flows::gap(*gap)}</strong> };
            rows.push(row(words::MISSING, text.into_any()));
        }
        let note = flows::note(flow);
        view! {
            {(!note.is_empty()).then(|| view! { <p>{note}</p> })}
            <dl class="facts map-facts">{rows}</dl>
            {three(flow)}
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
            let flag = proof.by.map(|flag| view! { <p>{self.jump(Chosen::Flag(flag))}</p> });
            let from = view! { {self.file(component, path)} {flag} };
            rows.push(row(words::IN_FILE, from.into_any()));
            let file = archived(self.plan(), component, path).and_then(|at| self.plan().file(&at));
            if let Some(why) = file.map(|file| why::why(self.plan(), file)) {
                let why = view! { {why.reason}" "<span class="hint">{why.source}</span> };
                rows.push(row(words::WHY, why.into_any()));
            }
        }
        let marks: Vec<_> =
            checked_by(proof).into_iter().map(|id| self.jump(Chosen::Authority(id))).collect();
        let (before, after) = words::checked(proof);
        let flag = proof.checking().map(|flag| {
            view! { " "{self.jump(Chosen::Flag(flag))}" " }
        });
        let checked = view! { {before}{flag}{after}" "{marks} };
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
        let files = || self.plan().files.iter();
        let needed = blast.key_needed_by.iter().map(|flag| self.jump(Chosen::Flag(*flag)));
        let needed = view! {
            {words::key_belongs(!blast.key_needed_by.is_empty())}{list(needed.collect())}
        };
        let limits = layout::limits(&authority.constraints);
        let limits = (!limits.is_empty()).then(|| row(words::LIMITS, prose(&limits).into_any()));
        let key_on = blast.key_on.iter().map(|owner| {
            let holds = |content: &Content| match content {
                Content::PrivateKey(key) | Content::Secret { item: key, .. } => *key == id,
                _ => false,
            };
            let file = files().find(|file| file.owner == *owner && holds(&file.content));
            let name = match (owner.node(&self.plan().settings), owner) {
                (Some(node), _) => node.name.to_string(),
                (None, Owner::Operator) => "operator/".to_owned(),
                (None, _) => "vault/".to_owned(),
            };
            match file {
                Some(file) => self.open(name, file.path.clone()),
                None => view! { <code>{name}</code> }.into_any(),
            }
        });
        let trusted = blast.trusted_by.iter().map(|flag| self.jump(Chosen::Flag(*flag)));
        let people = (blast.kubeconfigs > 0)
            .then(|| view! { <code>{words::kubeconfigs(blast.kubeconfigs)}</code> }.into_any());
        let its_own = files()
            .find(|file| matches!(&file.content, Content::Certificate(found) if *found == id))
            .map(|file| {
                let path = file.installed_path().unwrap_or(&file.path).to_owned();
                row(words::CERTIFICATE, self.open(path, file.path.clone()))
            });
        let links = self.model.links.iter().zip(self.model.lit(Some(Chosen::Authority(id))));
        let links = links.filter(|(_, lit)| *lit).map(|(link, _)| (link.from, link.to)).collect();
        let mut rows = vec![
            row(words::PURPOSE, layout::purpose(letter).into_any()),
            row(words::THIEF, self.powers(id)),
            row(words::KEY_ON, list(key_on.collect())),
            row(words::KEY_NEEDED, needed.into_any()),
            row(words::TRUSTED_BY, list(trusted.chain(people).collect())),
            row(words::SIGNS, list(self.signed(id))),
        ];
        rows.extend(limits);
        rows.extend(its_own);
        rows.extend(self.links(words::CONNECTIONS, links));
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
        let mut subjects: Vec<(String, usize, ItemId)> = Vec::new();
        let items = (0..).map(ItemId).zip(self.plan().items.iter());
        for (item, signed) in items.filter(|(_, item)| item.issuer() == Some(id)) {
            let subject = signed.subject().map(|subject| in_words(&subject)).unwrap_or_default();
            // Beyond the first ones their number is enough, which the last place counts.
            let known = subjects.iter().position(|(known, ..)| *known == subject);
            let place = known.unwrap_or_else(|| subjects.len().min(MOST));
            match subjects.get_mut(place) {
                Some((_, count, _)) => *count += 1,
                None => subjects.push((subject, 1, item)),
            }
        }
        let named = subjects.iter().take(MOST).map(|(subject, count, item)| {
            let times = (*count > 1).then(|| format!(" × {count}"));
            let file = self.plan().files.iter().find(|file| match &file.content {
                Content::Certificate(found) => found == item,
                Content::Kubeconfig(kubeconfig) => kubeconfig.client == *item,
                _ => false,
            });
            let subject = match file {
                Some(file) => self.open(subject.clone(), file.path.clone()),
                None => view! { <code>{subject.clone()}</code> }.into_any(),
            };
            view! { {subject}{times} }.into_any()
        });
        let rest = subjects.get(MOST).map(|(_, count, _)| more(*count).into_any());
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
            Chosen::Flag(flag) => (None, by(flag)),
            Chosen::Authority(id) => {
                let row = self.plan().authority_of(id).map(|authority| &authority.row);
                (row.map(|row| row.letter), row.map(layout::called).unwrap_or_default().to_owned())
            }
        };
        self.button(to, mark, name)
    }

    /// The same under a name of its own. The keyboard goes to where the chosen is explained.
    fn button(&self, to: Chosen, mark: Option<char>, name: String) -> AnyView {
        let chosen = self.chosen;
        let go = move |_| {
            chosen.set(Some(to));
            platform::focus(PANEL);
        };
        view! {
            <button type="button" class="link" on:click=go>
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
        self.open(path.to_owned(), found)
    }

    /// A name that leads to a file of the archive in Generate, and takes the keyboard there.
    fn open(&self, name: String, found: String) -> AnyView {
        let generate = self.generate;
        let open = move |_| {
            generate.look_at(found.clone());
            platform::go_to(Route::Generate.href(), DETAIL);
        };
        view! {
            <button type="button" class="link path" on:click=open><code>{name}</code></button>
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
        {(!about.is_empty()).then(|| view! { <p>{about}</p> })}
        <dl class="facts map-facts">{rows}</dl>
    }
    .into_any()
}
