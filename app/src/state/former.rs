//! What was made last: it is there until there is something newer, whatever becomes of the run.

use leptos::prelude::*;
use pki_text::en::ui::generate as words;

use super::{Generate, Made, Stage};
use crate::platform;
use crate::worker::Request;

/// A result, and whether it was downloaded.
#[derive(Clone)]
pub(super) struct Former {
    stage: Stage,
    downloaded: bool,
}

impl Generate {
    /// Whether leaving the page, or a newer result, would lose keys.
    pub(super) fn has_unsaved(self) -> bool {
        let kept = |stage: &Stage, downloaded| match stage {
            // Everybody can make these keys again.
            Stage::Made(made) if made.demo.is_some() => true,
            Stage::Made(_) | Stage::Waiting(_) => downloaded,
            Stage::Editing | Stage::Making | Stage::Failed(_) => true,
        };
        let former = self.former.with_value(|former| {
            former.as_ref().is_some_and(|former| !kept(&former.stage, former.downloaded))
        });
        let downloaded = self.downloaded.get_untracked();
        former || self.stage.with_untracked(|stage| !kept(stage, downloaded))
    }

    /// Whether a run may begin, which a person is asked if its result would take the place of keys
    /// that stand nowhere else.
    pub(super) fn may_replace(self) -> bool {
        !self.has_unsaved() || platform::confirm(words::REPLACE_SURE)
    }

    /// Puts the result that is shown aside while a run goes on. Gives whether there is one.
    pub(super) fn put_aside(self) -> bool {
        let stage = self.stage.get_untracked();
        let is_result = matches!(stage, Stage::Made(_) | Stage::Waiting(_));
        if is_result {
            let downloaded = self.downloaded.get_untracked();
            self.former.set_value(Some(Former { stage, downloaded }));
        }
        is_result
    }

    /// Whether there is a result to go back to.
    pub(crate) fn has_former(self) -> bool {
        self.former.with_value(Option::is_some)
    }

    /// Shows what was put aside, or where there is nothing, the form.
    pub(crate) fn go_back(self) {
        let mut former = None;
        self.former.update_value(|kept| former = kept.take());
        let Some(Former { stage, downloaded }) = former else {
            return self.stage.set(Stage::Editing);
        };
        self.downloaded.set(downloaded);
        if let Stage::Made(made) = &stage {
            let made = made.clone();
            // The worker that had it may have been ended; a fresh one comes in a moment.
            platform::after(0, move || self.give_back(&made));
        }
        self.stage.set(stage);
    }

    /// Gives the archive to the worker that is asked for its files.
    fn give_back(self, made: &Made) {
        let request = Request::Keep { run: made.run };
        let archive = made.archive.copy();
        self.pool.with_value(|pool| pool.pass_on(made.worker, &request, vec![archive]));
    }
}
