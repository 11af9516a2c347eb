//! The ASN.1 tree beside its bytes: choosing on one side shows the same on the other.

use std::collections::HashSet;
use std::sync::Arc;

use super::live::live;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use pki_text::en::sheet as words;

use super::card::copy_row;
use super::sheet::remark_list;
use crate::platform;
use crate::sheet::{Node, Tab, Tree};
use crate::state::Announcer;

/// Octets in a line of the dump.
const LINE: usize = 16;

/// The two sides and what they share.
#[derive(Clone, Copy)]
struct Sides {
    tree: StoredValue<Arc<Tree>>,
    /// What the ids of its parts begin with.
    id: StoredValue<String>,
    /// The chosen value.
    chosen: RwSignal<usize>,
    /// The octet under the keyboard.
    octet: RwSignal<usize>,
    folded: RwSignal<HashSet<usize>>,
}

pub(super) fn asn1_view(tree: Arc<Tree>, id: &str) -> AnyView {
    let sides = Sides {
        tree: StoredValue::new(Arc::clone(&tree)),
        id: StoredValue::new(id.to_owned()),
        chosen: RwSignal::new(0),
        octet: RwSignal::new(0),
        folded: RwSignal::new(HashSet::new()),
    };
    let said = move || {
        sides.tree.with_value(|tree| {
            let node = tree.nodes.get(sides.chosen.get())?;
            Some(words::chosen(node.offset, node.end(), &node.tag))
        })
    };
    let announcer = expect_context::<Announcer>();
    Effect::watch(said, move |said, _, _| announcer.say(said.clone().unwrap_or_default()), false);
    view! {
        {copy_row(Tab::Asn1, as_text(&tree))}
        <p class="hint">{words::ASN1_HINT}</p>
        {remark_list(tree.remarks.clone())}
        <div class="asn1">
            {tree_side(sides, &tree, format!("{id}-node"))}
            {bytes_side(sides, &tree)}
        </div>
        <p class="hint">{said}</p>
        {words::left_out(tree.left_out.0, tree.left_out.1)
            .map(|text| view! { <p class="hint">{text}</p> })}
    }
    .into_any()
}

impl Sides {
    fn choose(self, node: usize) {
        let offset = self.tree.with_value(|tree| Some(tree.nodes.get(node)?.offset));
        if let Some(offset) = offset {
            self.chosen.set(node);
            self.octet.set(offset);
            self.reveal("octets", offset / LINE);
            self.reveal("node", node);
        }
    }

    /// Scrolls a part of one side into sight.
    fn reveal(self, part: &str, number: usize) {
        platform::reveal_within(&self.id.with_value(|id| format!("{id}-{part}-{number}")));
    }

    /// Chooses the value that an octet is of, and unfolds what it is in.
    fn choose_octet(self, octet: usize) {
        let Some(node) = self.tree.with_value(|tree| tree.at(octet)) else { return };
        let parents = self.parents(node);
        if self.folded.with_untracked(|folded| parents.iter().any(|p| folded.contains(p))) {
            self.folded.update(|folded| folded.retain(|node| !parents.contains(node)));
        }
        self.chosen.set(node);
        self.octet.set(octet);
        self.reveal("octets", octet / LINE);
        self.reveal("node", node);
    }

    /// The values around a value, the innermost first.
    fn parents(self, node: usize) -> Vec<usize> {
        self.tree.with_value(|tree| {
            let mut parents = Vec::new();
            let mut depth = tree.nodes.get(node).map_or(0, |node| node.depth);
            for (index, other) in tree.nodes.iter().enumerate().take(node).rev() {
                if other.depth < depth {
                    depth = other.depth;
                    parents.push(index);
                }
            }
            parents
        })
    }

    /// Which values are not folded away.
    fn visible(self) -> Memo<Vec<bool>> {
        Memo::new(move |_| {
            self.folded.with(|folded| {
                self.tree.with_value(|tree| {
                    let mut below = usize::MAX;
                    let mut visible = Vec::with_capacity(tree.nodes.len());
                    for (index, node) in tree.nodes.iter().enumerate() {
                        let is_visible = node.depth <= below;
                        visible.push(is_visible);
                        if is_visible {
                            below = if folded.contains(&index) { node.depth } else { usize::MAX };
                        }
                    }
                    visible
                })
            })
        })
    }

    fn fold(self, node: usize, fold: bool) {
        self.folded.update(|folded| {
            if fold {
                folded.insert(node);
            } else {
                folded.remove(&node);
            }
        });
    }
}

fn tree_side(sides: Sides, tree: &Tree, id: String) -> AnyView {
    let visible = sides.visible();
    let key = move |event: KeyboardEvent| {
        let now = sides.chosen.get_untracked();
        let holds = sides.tree.with_value(|t| t.nodes.get(now).is_some_and(|node| node.holds));
        let folded = sides.folded.with_untracked(|folded| folded.contains(&now));
        let seen = visible.get_untracked();
        let step = |mut all: Box<dyn Iterator<Item = usize>>| {
            all.find(|index| seen.get(*index).copied().unwrap_or_default())
        };
        let next = match event.key().as_str() {
            "ArrowDown" => step(Box::new(now + 1..seen.len())),
            "ArrowUp" => step(Box::new((0..now).rev())),
            "Home" => Some(0),
            "End" => step(Box::new((0..seen.len()).rev())),
            "ArrowRight" if holds && folded => {
                sides.fold(now, false);
                None
            }
            "ArrowRight" => Some(now + 1).filter(|next| holds && *next < seen.len()),
            "ArrowLeft" if holds && !folded => {
                sides.fold(now, true);
                None
            }
            "ArrowLeft" => sides.parents(now).first().copied(),
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = next {
            sides.choose(next);
        }
    };
    let press = move |event: leptos::ev::MouseEvent| {
        if let Some(node) = platform::event_number(&event, "data-fold") {
            let fold = sides.folded.with_untracked(|folded| !folded.contains(&node));
            sides.fold(node, fold);
        }
        if let Some(node) = platform::event_number(&event, "data-node") {
            sides.choose(node);
        }
    };
    let rows: Vec<_> = tree
        .nodes
        .iter()
        .enumerate()
        .map(|(index, node)| node_view(sides, visible, &id, index, node))
        .collect();
    let active = move || format!("{id}-{}", sides.chosen.get());
    view! {
        <ul
            class="asn1-tree"
            role="tree"
            tabindex="0"
            aria-label=words::ASN1_TREE
            aria-activedescendant=active
            on:keydown=key
            on:click=press
        >
            {rows}
        </ul>
    }
    .into_any()
}

fn node_view(
    sides: Sides,
    visible: Memo<Vec<bool>>,
    id: &str,
    index: usize,
    node: &Node,
) -> AnyView {
    let hidden = move || visible.with(|all| !all.get(index).copied().unwrap_or_default());
    let selected = move || if sides.chosen.get() == index { "true" } else { "false" };
    let holds = node.holds;
    let expanded = move || {
        let folded = sides.folded.with(|folded| folded.contains(&index));
        holds.then_some(if folded { "false" } else { "true" })
    };
    let fold = holds.then(|| {
        view! { <span class="asn1-fold" data-fold=index.to_string() aria-hidden="true"></span> }
    });
    let problems: Vec<_> = node
        .problems
        .iter()
        .map(|problem| view! { <span class="asn1-problem">{problem.clone()}</span> })
        .collect();
    view! {
        <li
            role="treeitem"
            id=format!("{id}-{index}")
            class="asn1-node"
            data-node=index.to_string()
            attr:aria-level=(node.depth + 1).to_string()
            aria-selected=selected
            aria-expanded=expanded
            hidden=hidden
            style:--depth=node.depth.min(12).to_string()
        >
            {fold}
            <span class="asn1-tag">{node.tag.clone()}</span>
            {node.value.clone().map(|value| view! { <code>{value}</code> })}
            <span class="asn1-place">{words::octets(node.offset, node.header, node.length)}</span>
            {problems}
        </li>
    }
    .into_any()
}

fn bytes_side(sides: Sides, tree: &Tree) -> AnyView {
    let octets: Vec<String> = pairs(&tree.hex);
    let count = octets.len();
    let key = move |event: KeyboardEvent| {
        let now = sides.octet.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => now + 1,
            "ArrowLeft" => now.saturating_sub(1),
            "ArrowDown" => now + LINE,
            "ArrowUp" => now.checked_sub(LINE).unwrap_or(now),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        if next < count {
            sides.choose_octet(next);
        }
    };
    let press = move |event: leptos::ev::MouseEvent| {
        if let Some(octet) = platform::event_number(&event, "data-at") {
            sides.choose_octet(octet);
        }
    };
    let lines: Vec<_> = octets
        .chunks(LINE)
        .enumerate()
        .map(|(line, octets)| line_view(sides, line * LINE, octets.to_vec()))
        .collect();
    view! {
        <div
            class="asn1-bytes"
            role="group"
            tabindex="0"
            aria-label=words::ASN1_BYTES
            on:keydown=key
            on:click=press
        >
            {lines}
        </div>
    }
    .into_any()
}

/// A line of the dump; it is drawn again only when what is chosen in it changes.
fn line_view(sides: Sides, start: usize, octets: Vec<String>) -> AnyView {
    let end = start + octets.len();
    let id = sides.id.with_value(|id| format!("{id}-octets-{}", start / LINE));
    let marks = Memo::new(move |_| {
        let (chosen, octet) = (sides.chosen.get(), sides.octet.get());
        sides.tree.with_value(|tree| {
            let node = tree.nodes.get(chosen)?;
            let content = node.offset.saturating_add(node.header);
            let clip = |at: usize| at.clamp(start, end);
            let marks = [clip(node.offset), clip(content), clip(node.end())];
            let octet = (start..end).contains(&octet).then_some(octet);
            (marks[0] < marks[2]).then_some((marks, octet))
        })
    });
    let cells = move || {
        let marks = marks.get();
        let cell = |(index, octet): (usize, &String)| {
            let at = start + index;
            let class = match marks {
                Some(([from, content, _], _)) if (from..content).contains(&at) => "octet header",
                Some(([_, content, end], _)) if (content..end).contains(&at) => "octet content",
                _ => "octet",
            };
            let here = marks.is_some_and(|(_, octet)| octet == Some(at));
            view! {
                <span class=class class:here=here data-at=at.to_string()>{octet.clone()}</span>
            }
        };
        octets.iter().enumerate().map(cell).collect::<Vec<_>>()
    };
    view! {
        <div class="octets" id=id><span class="octets-at">{format!("{start:>5}")}</span>{live(cells)}</div>
    }
    .into_any()
}

fn pairs(hex: &str) -> Vec<String> {
    let letters: Vec<char> = hex.chars().collect();
    letters.chunks(2).map(|pair| pair.iter().collect()).collect()
}

/// The tree in lines, as it is copied.
fn as_text(tree: &Tree) -> String {
    let mut text = String::new();
    for node in &tree.nodes {
        let indent = "  ".repeat(node.depth);
        let value = node.value.as_deref().unwrap_or_default();
        let Node { offset, header, length, tag, .. } = node;
        let line = format!("{offset:>5} {header}+{length:<5} {indent}{tag} {value}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
