//! "Generate PKI" from press to download.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use pki_core::design::Design;
use pki_core::issue::{self, Material};
use pki_core::outside;
use pki_core::plan::{Content, Item, Make, Plan};
use pki_text::en::{bring, outside as waiting, ui};
use time::OffsetDateTime;

use super::editor::Brought;
use super::former::Former;
use super::waiting::Waiting;
use super::{Announcer, DETAIL, Editor};
use crate::platform::{self, Bytes, Held};
use crate::worker::{Event, Failure, Order, Outcome, Pool, Reply, Request, Run, Verified};

/// CAs that were brought along, and what those outside are asked for.
type Around = (Vec<(usize, Rc<Held>)>, Vec<usize>);

/// The clock of a demo run: 2026-01-01T00:00:00Z.
const DEMO_NOW: i64 = 1_767_225_600;

/// Keys made ahead for nothing cost no more than a few seconds of one processor.
const MOST_AHEAD: usize = 16;

/// A run that is over sooner than this, in milliseconds, goes from form to result without a word
/// between: nobody could read it, and drawing it twice would take a third of the time.
const BLINK: u64 = 100;

/// Where the work stands.
#[derive(Clone)]
pub(crate) enum Stage {
    Editing,
    /// How far it is stands in [`Generate::progress`], which changes more often.
    Making,
    Made(Arc<Made>),
    /// Keys are there, and CAs outside have to sign.
    Waiting(Arc<Waiting>),
    Failed(Failure),
}

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) done: usize,
    pub(crate) total: usize,
    pub(crate) making: Vec<String>,
    pub(crate) assembling: bool,
}

/// A finished archive, and what it was made from.
pub(crate) struct Made {
    pub(crate) run: u32,
    pub(crate) name: String,
    pub(crate) verified: Verified,
    pub(crate) design: Arc<Design>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) demo: Option<String>,
    /// The CAs that were brought along when it was finished.
    brought: Arc<Vec<Brought>>,
    pub(crate) milliseconds: f64,
    pub(super) archive: Held,
    pub(super) worker: usize,
}

/// A file of the archive that a person looks at.
#[derive(Clone)]
pub(crate) struct Look {
    pub(crate) path: String,
    /// Comes a moment later than the path.
    pub(crate) content: Option<Arc<Bytes>>,
}

/// A handle on it.
#[derive(Clone, Copy)]
pub(crate) struct Generate {
    pub(crate) stage: RwSignal<Stage, LocalStorage>,
    pub(crate) progress: RwSignal<Progress>,
    pub(crate) look: RwSignal<Option<Look>, LocalStorage>,
    /// Whether the archive that is there was kept.
    pub(crate) downloaded: RwSignal<bool>,
    /// Why a file is not one of keys that wait.
    pub(crate) not_pending: RwSignal<String>,
    pub(super) editor: Editor,
    pub(super) announcer: Announcer,
    pub(super) pool: StoredValue<Pool, LocalStorage>,
    pub(super) run: StoredValue<Option<Run>, LocalStorage>,
    pub(super) former: StoredValue<Option<Former>, LocalStorage>,
    runs: StoredValue<u32>,
    prepared: StoredValue<bool>,
    started: StoredValue<(f64, Option<Order>), LocalStorage>,
}

impl Generate {
    pub(crate) fn new(pool: Pool, editor: Editor, announcer: Announcer) -> Self {
        let generate = Self {
            stage: RwSignal::new_local(Stage::Editing),
            progress: RwSignal::new(Progress::default()),
            look: RwSignal::new_local(None),
            downloaded: RwSignal::new(false),
            not_pending: RwSignal::new(String::new()),
            editor,
            announcer,
            pool: StoredValue::new_local(pool.clone()),
            run: StoredValue::new_local(None),
            former: StoredValue::new_local(None),
            runs: StoredValue::new(0),
            prepared: StoredValue::new(false),
            started: StoredValue::new_local((0.0, None)),
        };
        pool.listen(move |event| generate.on(event));
        platform::on_leave(move || generate.has_unsaved());
        generate
    }

    /// Starts the workers and the keys that are made ahead, when someone comes to where they are of
    /// use: those who only read something keep their processors for that.
    pub(crate) fn prepare(self) {
        if self.prepared.get_value() {
            return;
        }
        self.prepared.set_value(true);
        platform::at_next_idle(move || {
            self.pool.with_value(Pool::warm);
            self.follow_with_keys_ahead();
        });
    }

    /// Keeps `sa.key` and what else is slow in the making while the form is filled in.
    fn follow_with_keys_ahead(self) {
        Effect::new(move |_| {
            let demo = self.editor.demo.with(Option::is_some);
            let idle = self.stage.with(|stage| match stage {
                Stage::Making => false,
                // Nobody will want the same once more.
                Stage::Made(made) => !made.is_of(self.editor),
                _ => true,
            });
            // With an error in the form there is no plan; keys of the last one are kept.
            let wanted = self.editor.checked.with(|checked| checked.plan.as_deref().map(slow_keys));
            match wanted {
                _ if !idle => {}
                _ if demo => self.pool.with_value(|pool| pool.make_ahead(Vec::new())),
                Some(wanted) => self.pool.with_value(|pool| pool.make_ahead(wanted)),
                None => {}
            }
        });
    }

    pub(crate) fn start(self) {
        self.editor.when_checked(move || self.start_checked());
    }

    fn start_checked(self) {
        if self.run.with_value(Option::is_some) {
            // Pressed twice.
            return;
        }
        let checked = self.editor.check_now();
        let Some(plan) = checked.plan else { return };
        if !self.may_replace() {
            return;
        }
        let demo = self.editor.demo.get_untracked();
        let demo_now = OffsetDateTime::from_unix_timestamp(DEMO_NOW).ok();
        let now = demo_now.filter(|_| demo.is_some()).unwrap_or_else(platform::now);
        let design = checked.design;
        let (brought, asked) = match self.brought(&plan, now) {
            Ok(found) => found,
            Err(failure) => return self.fail(failure),
        };
        if demo.is_some() && !asked.is_empty() {
            return self.fail(Failure::Authority(waiting::NO_DEMO.to_owned()));
        }
        self.start_order(Order { run: 0, design, plan, demo, now, brought, asked });
    }

    /// Starts a run, and gives it its number.
    pub(super) fn start_order(self, order: Order) {
        self.runs.update_value(|runs| *runs += 1);
        let order = Order { run: self.runs.get_value(), ..order };
        let pool = self.pool.get_value();
        pool.warm();
        self.started.set_value((platform::milliseconds(), Some(order.clone())));
        self.look.set(None);
        let total = order.total();
        self.progress.set(Progress { total, ..Progress::default() });
        if self.put_aside() {
            // What is offered for download is never that of another run.
            self.stage.set(Stage::Making);
        } else {
            let run = order.run;
            platform::after(BLINK, move || {
                if self.runs.get_value() == run && self.run.with_value(Option::is_some) {
                    self.stage.set(Stage::Making);
                }
            });
        }
        self.downloaded.set(false);
        self.announcer.say(ui::generate::started(total));
        match Run::start(pool, order) {
            Ok(run) => {
                self.run.set_value(Some(run));
                self.show_progress();
            }
            Err(failure) => self.fail(failure),
        }
    }

    /// The CAs that were brought along, each held against the plan as it is now.
    /// Beside them, what those that stay outside are asked for.
    fn brought(self, plan: &Plan, now: OffsetDateTime) -> Result<Around, Failure> {
        let mut taken: Vec<Material> = Vec::new();
        let mut wires = Vec::new();
        for own in self.editor.brought.get_untracked().iter() {
            let brought = issue::bring(plan, &own.name, &own.pem, own.key(), &taken, now);
            let failure = |reason: String| Failure::Authority(format!("{}: {reason}", own.name));
            let brought = brought.map_err(|error| failure(bring::refused(&error).to_string()))?;
            let wire = brought.material.to_wire().map_err(|error| failure(error.to_string()))?;
            wires.push((brought.material.item.0, Rc::new(Held::new(&wire))));
            taken.push(brought.material);
        }
        let asked = outside::waiting(plan, &taken).into_iter().map(|id| id.0).collect();
        Ok((wires, asked))
    }

    pub(crate) fn cancel(self) {
        self.run.set_value(None);
        self.pool.with_value(Pool::restart);
        let back = self.has_former();
        self.go_back();
        self.announcer.say(if back { ui::generate::BACK } else { ui::generate::CANCELLED });
    }

    pub(super) fn fail(self, failure: Failure) {
        self.run.set_value(None);
        // It may come before the run that would have put it aside.
        self.put_aside();
        self.pool.with_value(Pool::restart);
        self.announcer.say(ui::generate::failure_title(matches!(failure, Failure::Verify { .. })));
        self.stage.set(Stage::Failed(failure));
    }

    fn on(self, event: Event) {
        if let Event::Reply { reply: Reply::File { run, path }, held, .. } = event {
            self.looked(run, &path, held);
            return;
        }
        if self.run.with_value(Option::is_none) && self.heard(&event) {
            return;
        }
        let mut outcome = None;
        self.run.update_value(|run| outcome = run.as_mut().map(|run| run.on(event)));
        match outcome {
            Some(Outcome::Going) => self.show_progress(),
            Some(Outcome::Failed(failure)) => self.fail(failure),
            Some(Outcome::Waiting { waits, kept, sent }) => {
                self.run.set_value(None);
                self.waits(waits, &kept, &sent);
            }
            Some(Outcome::Made { worker, name, verified, archive }) => {
                self.run.set_value(None);
                self.made(worker, name, verified, archive);
            }
            None => {}
        }
    }

    fn show_progress(self) {
        let progress = self.run.with_value(|run| {
            run.as_ref().map(|run| Progress {
                done: run.done(),
                total: run.total(),
                making: run.making(),
                assembling: run.is_assembling(),
            })
        });
        if let Some(progress) = progress {
            self.progress.set(progress);
        }
    }

    fn made(self, worker: usize, name: String, verified: Verified, archive: Held) {
        let (started, order) = self.started.get_value();
        let Some(order) = order else { return };
        let milliseconds = platform::milliseconds() - started;
        self.former.set_value(None);
        self.announcer.say(ui::generate::made(verified.files, verified.certificates));
        self.stage.set(Stage::Made(Arc::new(Made {
            run: order.run,
            name,
            verified,
            design: order.design,
            plan: order.plan,
            demo: order.demo,
            brought: self.editor.brought.get_untracked(),
            milliseconds,
            archive,
            worker,
        })));
    }

    pub(crate) fn download(self) {
        let Stage::Made(made) = self.stage.get_untracked() else { return };
        if platform::download_held(&made.name, "application/gzip", &made.archive) {
            self.downloaded.set(true);
            self.announcer.say(ui::generate::downloaded(&made.name));
        }
    }

    /// Looks at a file: of the archive if there is one, else at what is planned for it.
    pub(crate) fn look_at(self, path: String) {
        if let Stage::Made(made) = self.stage.get_untracked() {
            let request = Request::File { run: made.run, path: path.clone() };
            self.pool.with_value(|pool| pool.send(made.worker, &request, Vec::new()));
        }
        self.look.set(Some(Look { path, content: None }));
        platform::reveal(DETAIL);
    }

    fn looked(self, run: u32, path: &str, mut held: Vec<Held>) {
        let shown = |stage: &Stage| matches!(stage, Stage::Made(made) if made.run == run);
        let present = self.stage.with_untracked(shown);
        self.look.update(|look| {
            if let Some(look) = look.as_mut().filter(|look| present && look.path == path) {
                look.content = held.pop().map(|held| Arc::new(held.bytes()));
            }
        });
    }
}

/// The algorithms of the keys that are worth making ahead: `sa.key`, and RSA keys.
fn slow_keys(plan: &Plan) -> Vec<&'static str> {
    let pair = |item: &&Item| matches!(item.make, Make::KeyPair);
    let rsa = |item: &&Item| {
        matches!(item.make, Make::Authority(_) | Make::Leaf(_))
            && item.algorithm.rsa_bits().is_some()
    };
    let items = plan.items.iter().filter(pair).chain(plan.items.iter().filter(rsa));
    items.take(MOST_AHEAD).map(|item| item.algorithm.name()).collect()
}

impl Made {
    /// Whether it was made from what stands in the form now.
    pub(crate) fn is_of(&self, editor: Editor) -> bool {
        let same_demo = editor.demo.with(|demo| *demo == self.demo);
        let same_cas = editor.brought.with(|brought| Arc::ptr_eq(brought, &self.brought));
        same_demo && same_cas && editor.checked.with(|checked| *checked.design == *self.design)
    }

    /// The archive. It holds keys.
    pub(crate) fn archive(&self) -> Bytes {
        self.archive.bytes()
    }

    /// Whether what a file holds is secret.
    pub(crate) fn is_secret(content: &Content) -> bool {
        content.is_secret()
    }
}
