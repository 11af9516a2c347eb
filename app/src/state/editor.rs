//! The design under the person's hands: edited, checked, kept over a reload.

use std::sync::Arc;

use leptos::prelude::*;
use pki_core::design::Design;
use pki_core::plan::{ItemId, Plan};
use pki_text::en::{findings, ui::form as words};
use zeroize::Zeroizing;

use super::Checked;
use super::history::History;
use crate::platform;

/// Where the design is kept. Never a key, nor anything else that was made.
const STORED_DESIGN: &str = "pki-workbench.design";

/// Where the text of one is kept that this page refuses: nothing that somebody typed is lost.
const UNREAD_DESIGN: &str = "pki-workbench.design.unread";

/// A check that took longer, as that of thousands of machines does, waits until the typing pauses.
const QUICK_MS: f64 = 8.0;
const PAUSE_MS: u64 = 250;
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
    /// How long the last check took, in milliseconds.
    took: StoredValue<f64>,
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
        let checked = Checked::new(design.clone(), None, None);
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
            took: StoredValue::new(0.0),
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
        self.change(self.took.get_value() <= QUICK_MS, change);
    }

    fn change(self, at_once: bool, change: impl FnOnce(&mut Design)) {
        self.history.update_value(|history| {
            history.before_edit(|| self.design.get_untracked());
        });
        self.show_steps();
        self.design.update(change);
        self.edits.update_value(|edits| *edits += 1);
        let edit = self.edits.get_value();
        if at_once {
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

    pub(super) fn check(self) {
        let before = self.checked.with_untracked(|checked| checked.latest.clone());
        let start = platform::milliseconds();
        let checked = self.demo.with_untracked(|demo| {
            Checked::new(self.design.get_untracked(), demo.as_deref(), before)
        });
        self.took.set_value(platform::milliseconds() - start);
        self.checked.set(checked);
    }

    /// Whether the last check was of what stands there now.
    pub(crate) fn is_checked(self) -> bool {
        self.checked.with_untracked(|c| self.design.with_untracked(|design| *c.design == *design))
    }

    /// The check of what stands there now, also when the typing has not paused yet.
    pub(crate) fn check_now(self) -> Checked {
        if !self.is_checked() {
            self.check();
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
