//! Machines, as rows or as text.

use crate::components::{live, live_rows};
use leptos::prelude::*;
use pki_core::design::{Design, DesignNode, Settings};
use pki_text::en::{findings, ui::form as words};

use crate::components::field::{
    Found, described_by, field_id, findings_at, has_error, invalid, severity_class,
};
use crate::components::list::ListField;
use crate::components::machines;
use crate::platform;
use crate::state::Editor;

/// Beyond this many, rows are slow to draw and slow to read.
const MOST_ROWS: usize = 40;
/// How many findings are shown below a text.
const MOST_FINDINGS: usize = 5;

/// Which machines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    ControlPlanes,
    Workers,
    Etcd,
}

impl Group {
    fn place(self) -> &'static str {
        match self {
            Self::ControlPlanes => "controlPlanes",
            Self::Workers => "workers",
            Self::Etcd => "etcd.members",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::ControlPlanes => words::CONTROL_PLANES,
            Self::Workers => words::WORKERS,
            Self::Etcd => words::ETCD_MEMBERS,
        }
    }

    fn of(self, design: &Design) -> &Vec<DesignNode> {
        match self {
            Self::ControlPlanes => &design.control_planes,
            Self::Workers => &design.workers,
            Self::Etcd => &design.etcd.members,
        }
    }

    fn machines(self, settings: &Settings) -> usize {
        match self {
            Self::ControlPlanes => settings.control_planes.len(),
            Self::Workers => settings.workers.len(),
            Self::Etcd => settings.etcd.members.len(),
        }
    }

    fn of_mut(self, design: &mut Design) -> &mut Vec<DesignNode> {
        match self {
            Self::ControlPlanes => &mut design.control_planes,
            Self::Workers => &mut design.workers,
            Self::Etcd => &mut design.etcd.members,
        }
    }
}

#[component]
pub(super) fn Nodes(group: Group) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let count = Memo::new(move |_| editor.design.with(|design| group.of(design).len()));
    let as_text = RwSignal::new(false);
    let many = Memo::new(move |_| count.get() > MOST_ROWS);
    let text = move || as_text.get() || many.get();
    let add = move |_| {
        editor.choose(|design| group.of_mut(design).push(DesignNode::default()));
        let last = count.get_untracked().saturating_sub(1);
        platform::focus(&field_id(&format!("{}[{last}].name", group.place())));
    };
    let add_label = match group {
        Group::ControlPlanes => words::ADD_CONTROL_PLANE,
        Group::Workers => words::ADD_WORKER,
        Group::Etcd => words::ADD_MEMBER,
    };
    // The findings of the group as a whole; those of its nodes stand beside the nodes.
    let whole = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let here = checked.findings.iter().filter(|found| found.place == group.place());
            here.cloned().collect::<Vec<_>>()
        })
    });
    // Where rows stand for more machines than there are rows.
    let machines = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let plan = checked.plan.as_ref()?;
            let machines = group.machines(&plan.settings);
            (machines > group.of(&checked.design).len()).then_some(machines)
        })
    });
    view! {
        <fieldset class="nodes">
            <legend>{group.title()}</legend>
            {live(move || if text() {
                view! { <NodeText group=group /> }.into_any()
            } else {
                view! { <NodeRows group=group count=count /> }.into_any()
            })}
            <Found id=format!("{}-whole", group.place()) found=whole />
            // Control planes are few: they need no word about many, unless there are.
            {live(move || {
                let count = machines.get();
                (group == Group::Workers || count.is_some()).then(|| view! {
                    <p class="hint">{words::PATTERN_HINT}" "{count.map(words::machines)}</p>
                })
            })}
            <div class="actions">
                <Show when=move || !text()>
                    <button type="button" on:click=add>{add_label}</button>
                </Show>
                <Show when=move || !many.get()
                    fallback=|| view! { <p class="hint">{words::MANY}</p> }>
                    <button type="button" class="quiet"
                        on:click=move |_| as_text.update(|on| *on = !*on)>
                        {live(move || if as_text.get() { words::AS_ROWS } else { words::AS_TEXT })}
                    </button>
                </Show>
            </div>
        </fieldset>
    }
}

#[component]
fn NodeRows(group: Group, count: Memo<usize>) -> impl IntoView {
    view! {
        <Show when=move || count.get() != 0
            fallback=move || {
                let none = match group {
                    Group::ControlPlanes => return None,
                    Group::Workers => words::NO_WORKERS,
                    Group::Etcd => words::NO_MEMBERS,
                };
                Some(view! { <p class="hint">{none}</p> })
            }>
            <div class="node-row node-head" aria-hidden="true">
                <span>{words::NODE_NAME}</span>
                <span>{words::NODE_ADDRESSES}</span>
            </div>
            {live_rows(move || count.get(), move |index| {
                view! { <NodeRow group=group index=index /> }.into_any()
            })}
        </Show>
    }
}

#[component]
fn NodeRow(group: Group, index: usize) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let name = Memo::new(move |_| {
        let read = |design: &Design| group.of(design).get(index).map(|node| node.name.clone());
        editor.design.with(read).unwrap_or_default()
    });
    let addresses = Memo::new(move |_| {
        let read = |design: &Design| group.of(design).get(index).map(|node| node.addresses.clone());
        editor.design.with(read).unwrap_or_default()
    });
    let change = move |change: &dyn Fn(&mut DesignNode)| {
        editor.edit(|design| {
            if let Some(node) = group.of_mut(design).get_mut(index) {
                change(node);
            }
        });
    };
    let name_place = format!("{}[{index}].name", group.place());
    let addresses_place = format!("{}[{index}].addresses", group.place());
    let name_id = field_id(&name_place);
    let name_found = findings_at(name_place);
    let remove = move |_| {
        editor.choose(|design| {
            let nodes = group.of_mut(design);
            if index < nodes.len() {
                nodes.remove(index);
            }
        });
    };
    let paste = move |event| {
        // Many lines at once become many rows.
        let Some(pasted) = platform::pasted_lines(&event) else { return };
        editor.choose(|design| {
            let nodes = group.of_mut(design);
            let empty = nodes.get(index).is_some_and(|node| *node == DesignNode::default());
            let end = (index + usize::from(!empty)).min(nodes.len());
            let start = if empty { index } else { end };
            let read = read_nodes(&pasted);
            nodes.splice(start..(index + 1).max(end).min(nodes.len()), read);
        });
    };
    let number = index + 1;
    let title = group.title();
    view! {
        <div class="node-row">
            <input type="text" id=name_id.clone() autocomplete="off" autocapitalize="none"
                spellcheck="false"
                aria-label=words::node_field(title, number, words::NODE_NAME)
                aria-describedby=described_by(&name_id) aria-invalid=invalid(name_found)
                prop:value=name on:paste=paste
                on:input=move |event| {
                    let value = platform::event_value(&event);
                    change(&|node| node.name.clone_from(&value));
                } />
            <ListField place=addresses_place
                label=words::node_field(title, number, words::NODE_ADDRESSES) list=addresses
                on_input=move |list| change(&|node| node.addresses.clone_from(&list)) />
            <button type="button" class="icon"
                aria-label=move || name.with(|name| words::remove(name, number))
                on:click=remove>"×"</button>
            <Found id=name_id found=name_found />
        </div>
    }
}

/// All machines of a group in one text; the only way for very many.
#[component]
fn NodeText(group: Group) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let nodes = Memo::new(move |_| editor.design.with(|design| group.of(design).clone()));
    let text = RwSignal::new(nodes.with_untracked(|nodes| machines::write_nodes(nodes)));
    Effect::new(move |_| {
        nodes.with(|nodes| {
            if text.with_untracked(|text| read_nodes(text)) != *nodes {
                text.set(machines::write_nodes(nodes));
            }
        });
    });
    let id = field_id(group.place());
    let found = findings_at(group.place().to_owned());
    let inner = Memo::new(move |_| {
        editor.checked.with(|checked| {
            let within = |place: &str| {
                place.strip_prefix(group.place()).is_some_and(|rest| rest.starts_with('['))
            };
            let mut here = checked.findings.iter().filter(|found| within(&found.place));
            let first: Vec<_> = here.by_ref().take(MOST_FINDINGS).cloned().collect();
            (first, here.count())
        })
    });
    let lines = move || {
        inner.with(|(first, more)| {
            // Read again only where there is a finding.
            let read = match first.is_empty() {
                true => Vec::new(),
                false => text.with(|text| machines::read_nodes(text)),
            };
            let lines = first.iter().map(|finding| {
                let sentence = findings::finding(finding);
                let place = findings::place(&finding.place);
                let line = row_of(&finding.place).and_then(|row| read.get(row));
                view! {
                    <p class=severity_class(finding.severity())>
                        <strong>{match line {
                            Some((line, _)) => words::at_line(*line, &place),
                            None => place,
                        }}": "</strong>
                        {sentence.what}" "{sentence.fix}
                    </p>
                }
            });
            let more = (*more > 0).then(|| view! { <p>{words::more(*more)}</p> });
            (lines.collect_view(), more)
        })
    };
    let bad =
        move || inner.with(|(first, _)| has_error(first)) || found.with(|found| has_error(found));
    view! {
        <textarea id=id.clone() rows="8" spellcheck="false" class="code" aria-label=group.title()
            aria-describedby=described_by(&id) aria-invalid=move || bad().then_some("true")
            prop:value=text
            on:input=move |event| {
                let value = platform::event_value(&event);
                let nodes = read_nodes(&value);
                text.set(value);
                editor.edit(|design| *group.of_mut(design) = nodes);
            }></textarea>
        <p class="hint" id=format!("{id}-hint")>{words::TEXT_HINT}</p>
        <div class="found" id=format!("{id}-found")>{live(lines)}</div>
    }
}

fn read_nodes(text: &str) -> Vec<DesignNode> {
    machines::read_nodes(text).into_iter().map(|(_, node)| node).collect()
}

/// The row that a place names: 3 of `workers[3].name`.
fn row_of(place: &str) -> Option<usize> {
    place.split_once('[')?.1.split_once(']')?.0.parse().ok()
}
