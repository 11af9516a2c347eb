//! The designs before and after, for undo and redo. Kept in memory; a reload forgets them.

use pki_core::design::Design;

/// More steps are forgotten, the oldest first.
const MOST: usize = 100;

/// The steps from the design as it stands.
#[derive(Default)]
pub(super) struct History {
    past: Vec<Design>,
    future: Vec<Design>,
    /// Whether the next edit belongs to the step of the last one.
    goes_on: bool,
}

impl History {
    /// Notes what stands there before an edit, unless the edit goes on with the last one.
    pub(super) fn before_edit(&mut self, current: impl FnOnce() -> Design) {
        if !self.goes_on {
            self.note(current());
        }
        self.goes_on = true;
    }

    /// Ends the step: the typing has paused.
    pub(super) fn pause(&mut self) {
        self.goes_on = false;
    }

    /// Notes what stands there before it is replaced as a whole.
    pub(super) fn note(&mut self, current: Design) {
        self.goes_on = false;
        self.future.clear();
        // Two equal ones in a row would be a step that changes nothing.
        if self.past.last() != Some(&current) {
            self.past.push(current);
        }
        if self.past.len() > MOST {
            self.past.remove(0);
        }
    }

    /// One step back: what to put in the place of `current`.
    pub(super) fn undo(&mut self, current: Design) -> Option<Design> {
        self.goes_on = false;
        while let Some(before) = self.past.pop() {
            if before != current {
                self.future.push(current);
                return Some(before);
            }
        }
        None
    }

    /// One step forward again.
    pub(super) fn redo(&mut self, current: Design) -> Option<Design> {
        self.goes_on = false;
        let after = self.future.pop()?;
        self.past.push(current);
        Some(after)
    }

    /// Whether there is a step back, and one forward.
    pub(super) fn steps(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Design {
        Design { cluster_name: name.to_owned(), ..Design::default() }
    }

    #[test]
    fn goes_back_and_forth() {
        let mut history = History::default();
        history.before_edit(|| named("a"));
        history.pause();
        history.before_edit(|| named("b"));
        assert_eq!(history.undo(named("c")), Some(named("b")));
        assert_eq!(history.undo(named("b")), Some(named("a")));
        assert_eq!(history.undo(named("a")), None);
        assert_eq!(history.redo(named("a")), Some(named("b")));
        assert_eq!(history.redo(named("b")), Some(named("c")));
        assert_eq!(history.redo(named("c")), None);
        assert_eq!(history.steps(), (true, false));
    }

    #[test]
    fn typing_is_one_step_and_a_change_forgets_what_was_undone() {
        let mut history = History::default();
        history.before_edit(|| named("a"));
        history.before_edit(|| named("ab"));
        history.before_edit(|| named("abc"));
        assert_eq!(history.undo(named("abcd")), Some(named("a")));
        history.before_edit(|| named("a"));
        assert_eq!(history.steps(), (true, false));
    }
}
