//! The design under the person's hands: edited, checked, kept over a reload.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::design::Design;
use pki_core::plan::{ItemId, Plan};
use pki_text::en::{findings, ui::form as words};
use zeroize::Zeroizing;

use super::Checked;
use super::checked::Checking;
use super::history::History;
use crate::platform;

/// Where the design is kept. Never a key, nor anything else that was made.
const STORED_DESIGN: &str = "pki-workbench.design";

/// Where the text of one is kept that this page refuses: nothing that somebody typed is lost.
const UNREAD_DESIGN: &str = "pki-workbench.design.unread";

/// The check of more machines waits until the typing pauses, and comes in pieces: no key or click
/// waits for it.
const FEW: usize = 200;
const PAUSE_MS: u64 = 250;
/// So many machines are planned between two looks at the clock, and one piece takes so long at most,
/// in milliseconds, but for the last machines of it.
const STEP: usize = 64;
const PIECE_MS: f64 = 12.0;
/// What nobody sees any more is forgotten when what took its place has been drawn.
const FORGET_MS: u64 = 100;
const SAVE_MS: u64 = 400;
/// Typing that pauses for so long is one step of undo.
const STEP_MS: u64 = 800;

/// A handle on the design.
#[derive(Clone, Copy)]
pub(crate) struct Editor {
    pub(crate) design: RwSignal<Design>,
    pub(crate) checked: RwSignal<Checked, LocalStorage>,
    /// The seed text, in demo mode.
    pub(crate) demo: RwSignal<Option<String>>,
    /// CAs that were brought along. They are in memory only: never in the design, never stored.
    pub(crate) brought: RwSignal<Arc<Vec<Brought>>, LocalStorage>,
    /// What became of the last link that carried a design, or of a stored one that was refused:
    /// whether it was read, and what to say.
    pub(crate) link: RwSignal<Option<(bool, String)>>,
    /// Whether there is a step to undo, and one to redo.
    pub(crate) steps: RwSignal<(bool, bool)>,
    history: StoredValue<History>,
    edits: StoredValue<u32>,
    /// The edit up to which the design is stored.
    saved: StoredValue<u32>,
    /// The number of the newest check: an older one that is still going on is given up.
    checks: StoredValue<u32>,
    /// The number of the last one that came to its end.
    ended: StoredValue<u32>,
    /// What is to follow on the check of what stands there now.
    next: StoredValue<Option<Box<dyn FnOnce()>>, LocalStorage>,
}

/// A CA that was brought along: its name in the layout, and certificate and key as PEM.
pub(crate) struct Brought {
    pub(crate) name: String,
    pub(crate) pem: Zeroizing<String>,
}

impl Brought {
    /// Its key, which stands in the same text; none if it stays outside.
    pub(crate) fn key(&self) -> Option<&str> {
        Some(self.pem.as_str()).filter(|pem| pem.contains("PRIVATE KEY"))
    }
}

impl Editor {
    /// With the design of the last visit, or the default one.
    pub(crate) fn new() -> Self {
        let stored = platform::read_storage(STORED_DESIGN);
        let (design, refused) = match stored.as_deref().map(Design::from_document) {
            Some(Ok(design)) => (design, None),
            Some(Err(error)) => {
                // The next edit is stored over it.
                platform::write_storage(UNREAD_DESIGN, &stored.unwrap_or_default());
                let why = findings::unread(&error);
                (start(), Some((false, words::stored_unread(UNREAD_DESIGN, &why))))
            }
            None => (start(), None),
        };
        let checked = Checking::new(design.clone(), None).end(None);
        let editor = Self {
            design: RwSignal::new(design),
            checked: RwSignal::new_local(checked),
            demo: RwSignal::new(None),
            brought: RwSignal::new_local(Arc::default()),
            link: RwSignal::new(refused),
            steps: RwSignal::new((false, false)),
            history: StoredValue::new(History::default()),
            edits: StoredValue::new(0),
            saved: StoredValue::new(0),
            checks: StoredValue::new(0),
            ended: StoredValue::new(0),
            next: StoredValue::new_local(None),
        };
        // A tab that is closed in the middle of typing does not wait for the pause.
        platform::on_hide(move || {
            if editor.saved.get_value() != editor.edits.get_value() {
                editor.save();
            }
        });
        editor
    }

    /// Changes the design as a person types it.
    pub(crate) fn edit(self, change: impl FnOnce(&mut Design)) {
        self.change(false, change);
    }

    fn change(self, at_once: bool, change: impl FnOnce(&mut Design)) {
        self.history.update_value(|history| {
            history.before_edit(|| self.design.get_untracked());
        });
        self.show_steps();
        self.design.update(change);
        self.edits.update_value(|edits| *edits += 1);
        let edit = self.edits.get_value();
        if at_once || self.has_few() {
            self.check();
        } else {
            self.when_still(edit, PAUSE_MS, move || self.check());
        }
        self.when_still(edit, SAVE_MS, move || self.save());
        self.when_still(edit, STEP_MS, move || self.history.update_value(History::pause));
    }

    /// Changes the design by a choice or a button: a step of its own for undo, where typing is one
    /// until it pauses.
    pub(crate) fn choose(self, change: impl FnOnce(&mut Design)) {
        self.pause();
        self.change(true, change);
        self.pause();
    }

    /// Ends the step of undo: what is typed next is another.
    pub(crate) fn pause(self) {
        self.history.update_value(History::pause);
    }

    fn when_still(self, edit: u32, milliseconds: u64, act: impl FnOnce() + 'static) {
        platform::after(milliseconds, move || {
            if self.edits.get_value() == edit {
                act();
            }
        });
    }

    /// Whether the next check is over, as far as anybody knows, before it is noticed.
    fn has_few(self) -> bool {
        self.checked.with_untracked(|checked| {
            checked.latest.as_ref().is_none_or(|plan| plan.settings.machines() <= FEW)
        })
    }

    /// Checks what stands there now; of many machines in pieces, each a task of its own.
    fn check(self) {
        let checking = self.begin_check();
        if checking.machines() <= FEW {
            return self.end_check(checking);
        }
        let number = self.checks.get_value();
        platform::after(0, move || self.go_on(number, checking));
    }

    fn go_on(self, number: u32, mut checking: Checking) {
        if self.checks.get_value() != number {
            return;
        }
        let start = platform::milliseconds();
        while checking.go_on(STEP) {
            if platform::milliseconds() - start > PIECE_MS {
                return platform::after(0, move || self.go_on(number, checking));
            }
        }
        // What is left of the plan, and what it changes on the page, are two pieces more.
        platform::after(0, move || {
            let checked = checking.end(self.latest());
            platform::after(0, move || {
                if self.checks.get_value() == number {
                    self.put_checked(checked);
                }
            });
        });
    }

    fn begin_check(self) -> Checking {
        self.checks.update_value(|checks| *checks = checks.wrapping_add(1));
        let design = self.design.get_untracked();
        self.demo.with_untracked(|demo| Checking::new(design, demo.as_deref()))
    }

    fn end_check(self, checking: Checking) {
        self.put_checked(checking.end(self.latest()));
    }

    fn latest(self) -> Option<Arc<Plan>> {
        self.checked.with_untracked(|checked| checked.latest.clone())
    }

    fn put_checked(self, checked: Checked) {
        let before = self.latest();
        self.ended.set_value(self.checks.get_value());
        self.checked.set(checked);
        // Of thousands of machines it is a piece by itself to forget a plan, too.
        platform::after(FORGET_MS, move || drop(before));
        let mut next = None;
        self.next.update_value(|kept| next = kept.take());
        if let Some(next) = next {
            platform::after(0, next);
        }
    }

    /// Acts once what stands there now is checked.
    pub(super) fn when_checked(self, act: impl FnOnce() + 'static) {
        if self.is_checked() {
            return act();
        }
        self.next.set_value(Some(Box::new(act)));
        self.check();
    }

    /// Whether the last check was of what stands there now.
    pub(crate) fn is_checked(self) -> bool {
        self.ended.get_value() == self.checks.get_value()
            && self.checked.with_untracked(|checked| {
                self.design.with_untracked(|design| *checked.design == *design)
            })
    }

    /// The check of what stands there now, also when the typing has not paused yet.
    pub(crate) fn check_now(self) -> Checked {
        if !self.is_checked() {
            let checking = self.begin_check();
            self.end_check(checking);
        }
        self.checked.get_untracked()
    }

    /// Sets the seed text, or leaves demo mode.
    pub(crate) fn set_demo(self, demo: Option<String>) {
        self.demo.set(demo);
        self.check();
    }

    fn save(self) {
        let text = self.design.with_untracked(Design::to_json);
        platform::write_storage(STORED_DESIGN, &text);
        self.saved.set_value(self.edits.get_value());
    }

    /// Goes back to what stood there before the last change. Gives whether there was one.
    pub(crate) fn undo(self) -> bool {
        self.step(History::undo)
    }

    /// Goes forward again.
    pub(crate) fn redo(self) -> bool {
        self.step(History::redo)
    }

    fn step(self, step: fn(&mut History, Design) -> Option<Design>) -> bool {
        let current = self.design.get_untracked();
        let next = self.history.try_update_value(|history| step(history, current)).flatten();
        let found = next.is_some();
        if let Some(design) = next {
            self.put(design);
        }
        self.show_steps();
        found
    }

    fn show_steps(self) {
        let steps = self.history.with_value(History::steps);
        if self.steps.get_untracked() != steps {
            self.steps.set(steps);
        }
    }

    /// The CAs that were brought along without their keys.
    pub(crate) fn outside(self, plan: &Plan) -> Vec<ItemId> {
        self.brought.with(|all| {
            let outside = all.iter().filter(|own| own.key().is_none());
            let found = outside.filter_map(|own| plan.layout.authority(&own.name));
            found.map(|(index, _)| ItemId(index)).collect()
        })
    }

    /// Puts another design in place.
    pub(crate) fn replace(self, design: Design) {
        let current = self.design.get_untracked();
        self.history.update_value(|history| history.note(current));
        self.show_steps();
        self.put(design);
    }

    /// Puts the design of a link in place, where it is whole. Gives what to say.
    pub(crate) fn open_link(self, link: &str) -> String {
        let (read, said) = match Design::from_link(link) {
            Ok(design) => {
                self.replace(design);
                (true, words::LINK_READ.to_owned())
            }
            Err(error) => (false, findings::document(&error).to_string()),
        };
        self.link.set(Some((read, said.clone())));
        said
    }

    fn put(self, design: Design) {
        self.design.set(design);
        self.check();
        self.save();
    }

    pub(crate) fn start_over(self) {
        self.demo.set(None);
        self.replace(start());
        self.brought.set(Arc::default());
        platform::remove_storage(STORED_DESIGN);
        platform::remove_storage(UNREAD_DESIGN);
    }
}

/// kubeadm's defaults, but with keys that every component takes and that are there at once.
fn start() -> Design {
    let mut design = Design::default();
    "ecdsa-p256".clone_into(&mut design.keys.algorithm);
    design
}
