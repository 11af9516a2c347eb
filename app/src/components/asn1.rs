//! The ASN.1 tree beside its bytes: choosing on one side shows the same on the other.

use std::collections::HashSet;
use std::sync::Arc;

use super::live::{live, live_some};
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
/// Height of such a line in CSS pixels, as in the style sheet.
const HIGH: usize = 20;
/// Lines of it that exist at once: a certificate whole, and more than are in sight.
const DRAWN: usize = 128;
/// Of those, the ones above what is in sight; below it stand at least as many.
const ABOVE: usize = 50;
/// With more values than this, what lies deep is folded away at first: nobody reads thousands.
const MOST_OPEN: usize = 200;
/// Below this depth, then.
const DEEP: usize = 2;

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
    /// The first line of the dump that exists.
    line: RwSignal<usize>,
}

pub(super) fn asn1_view(tree: Arc<Tree>, id: &str) -> AnyView {
    let long = tree.nodes.len() > MOST_OPEN;
    let folded = tree.nodes.iter().enumerate();
    let folded = folded.filter(|(_, node)| long && node.holds && node.depth >= DEEP);
    let folded = folded.map(|(index, _)| index).collect();
    let sides = Sides {
        tree: StoredValue::new(Arc::clone(&tree)),
        id: StoredValue::new(id.to_owned()),
        chosen: RwSignal::new(0),
        octet: RwSignal::new(0),
        folded: RwSignal::new(folded),
        line: RwSignal::new(0),
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
            {tree_side(sides, format!("{id}-node"))}
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
            self.reveal(node, offset);
        }
    }

    /// Scrolls both sides to what is chosen.
    fn reveal(self, node: usize, octet: usize) {
        let line = octet / LINE;
        self.seen(line);
        // Half a line more for the margin around them all.
        platform::scroll_into(&self.octets_id(), line * HIGH, HIGH + HIGH / 2);
        let id = self.id.with_value(|id| format!("{id}-node-{node}"));
        // What it is in may just have been unfolded.
        platform::at_next_idle(move || platform::reveal_within(&id));
    }

    fn octets_id(self) -> String {
        self.id.with_value(|id| format!("{id}-octets"))
    }

    /// Has the lines around this one exist.
    fn seen(self, line: usize) {
        let from = self.line.get_untracked();
        if line < from || line + ABOVE > from + DRAWN {
            self.line.set(line.saturating_sub(ABOVE));
        }
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
        self.reveal(node, octet);
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

    /// The values that are not folded away.
    fn visible(self) -> Memo<Vec<usize>> {
        Memo::new(move |_| {
            self.folded.with(|folded| {
                self.tree.with_value(|tree| {
                    let mut below = usize::MAX;
                    let is_visible = |(index, node): (usize, &Node)| {
                        let is_visible = node.depth <= below;
                        if is_visible {
                            below = if folded.contains(&index) { node.depth } else { usize::MAX };
                        }
                        is_visible.then_some(index)
                    };
                    tree.nodes.iter().enumerate().filter_map(is_visible).collect()
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

fn tree_side(sides: Sides, id: String) -> AnyView {
    let visible = sides.visible();
    let key = move |event: KeyboardEvent| {
        let now = sides.chosen.get_untracked();
        let holds = sides.tree.with_value(|t| t.nodes.get(now).is_some_and(|node| node.holds));
        let folded = sides.folded.with_untracked(|folded| folded.contains(&now));
        let seen = visible.get_untracked();
        let after = seen.partition_point(|index| *index <= now);
        let before = seen.partition_point(|index| *index < now);
        let next = match event.key().as_str() {
            "ArrowDown" => seen.get(after).copied(),
            "ArrowUp" => before.checked_sub(1).and_then(|place| seen.get(place).copied()),
            "Home" => Some(0),
            "End" => seen.last().copied(),
            "ArrowRight" if holds && folded => {
                sides.fold(now, false);
                None
            }
            "ArrowRight" => seen.get(after).copied().filter(|_| holds),
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
    let of = id.clone();
    // Each exists only from when it is unfolded.
    let row = move |index| {
        let node = sides.tree.with_value(|tree| tree.nodes.get(index).cloned());
        node.map(|node| node_view(sides, &of, index, &node)).into_any()
    };
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
            {live_some(visible.into(), Arc::new(row))}
        </ul>
    }
    .into_any()
}

fn node_view(sides: Sides, id: &str, index: usize, node: &Node) -> AnyView {
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
    let all = count.div_ceil(LINE);
    let lines = move || {
        let lines = octets.chunks(LINE).enumerate().skip(sides.line.get()).take(DRAWN);
        lines
            .map(|(line, octets)| line_view(sides, line * LINE, octets.to_vec()))
            .collect::<Vec<_>>()
    };
    let scrolled = move |event| {
        if let Some((top, _)) = platform::event_scroll(&event) {
            sides.seen(top / HIGH);
        }
    };
    view! {
        <div
            class="asn1-bytes"
            id=sides.octets_id()
            role="group"
            tabindex="0"
            aria-label=words::ASN1_BYTES
            on:scroll=scrolled
            on:keydown=key
            on:click=press
        >
            <div
                style:height=format!("{}px", all * HIGH)
                style:padding-top=move || format!("{}px", sides.line.get() * HIGH)
            >
                {live(lines)}
            </div>
        </div>
    }
    .into_any()
}

/// A line of the dump; it is drawn again only when what is chosen in it changes.
fn line_view(sides: Sides, start: usize, octets: Vec<String>) -> AnyView {
    let end = start + octets.len();
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
        <div class="octets"><span class="octets-at">{format!("{start:>5}")}</span>{live(cells)}</div>
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
