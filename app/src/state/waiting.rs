//! Keys that wait for the certificates of CAs outside.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use pki_core::design::Design;
use pki_core::plan::{ItemId, Plan};
use pki_text::en::outside as words;
use pki_text::en::ui::generate::downloaded;
use zeroize::Zeroizing;

use super::{Generate, Stage};
use crate::platform::{self, Bytes, Held};
use crate::worker::{Event, Order, Reply, Request, Waits};

/// What waits, and the archives of it.
pub(crate) struct Waiting {
    pub(crate) waits: Waits,
    kept: Bytes,
    /// The requests alone; none if the keys come from a file of another day, which has them.
    sent: Option<Bytes>,
}

impl Waiting {
    /// The file to keep.
    pub(crate) fn kept_name(&self) -> String {
        format!("{}-pending.tar.gz", self.waits.cluster)
    }

    /// The file to send, if it is here.
    pub(crate) fn sent_name(&self) -> Option<String> {
        self.sent.as_ref().map(|_| format!("{}-requests.tar.gz", self.waits.cluster))
    }
}

impl Generate {
    pub(super) fn waits(self, waits: Waits, kept: &Held, sent: &Held) {
        let (kept, sent) = (kept.bytes(), Some(sent.bytes()));
        self.former.set_value(None);
        self.announcer.say(words::waiting(waits.requests));
        self.stage.set(Stage::Waiting(Arc::new(Waiting { waits, kept, sent })));
    }

    /// What a worker says about keys that wait, outside of a run. Gives whether it was that.
    pub(super) fn heard(self, event: &Event) -> bool {
        let Event::Reply { reply, held, .. } = event else { return false };
        match reply {
            Reply::Waiting(waits) => {
                let kept = held.first().map(Held::bytes).unwrap_or_default();
                let before = self.waiting().filter(|_| !waits.opened);
                let sent = before.and_then(|waiting| waiting.sent.clone());
                // From a file, so that there is one.
                if waits.opened {
                    self.downloaded.set(true);
                }
                self.announcer.say(words::missing(waits.missing.len(), waits.requests));
                let waits = waits.clone();
                self.stage.set(Stage::Waiting(Arc::new(Waiting { waits, kept, sent })));
            }
            Reply::NotPending { reason } => {
                self.announcer.say(reason);
                self.not_pending.set(reason.clone());
            }
            Reply::Signed { design, items, outside } => {
                let outside: Vec<_> = outside.iter().copied().map(ItemId).collect();
                let brought = held.iter().map(|wire| Rc::new(wire.copy()));
                self.finish(design, &outside, items.iter().copied().zip(brought).collect());
            }
            _ => return false,
        }
        true
    }

    fn waiting(self) -> Option<Arc<Waiting>> {
        self.stage.with_untracked(|stage| match stage {
            Stage::Waiting(waiting) => Some(Arc::clone(waiting)),
            _ => None,
        })
    }

    /// The second run: everything around the certificates that came back.
    fn finish(self, design: &str, outside: &[ItemId], brought: Vec<(usize, Rc<Held>)>) {
        let Ok(design) = Design::from_document(design) else { return };
        if self.editor.design.with_untracked(|now| *now != design) {
            self.editor.replace(design);
        }
        let checked = self.editor.check_now();
        let Some(plan) = checked.plan else { return };
        self.start_order(Order {
            run: 0,
            design: checked.design,
            plan: Arc::new(Plan::clone(&plan).without_keys_of(outside)),
            demo: None,
            now: platform::now(),
            brought,
            asked: Vec::new(),
        });
    }

    /// Holds certificates against the keys that wait for them.
    pub(crate) fn take_signed(self, pem: &str) {
        if let Some(waiting) = self.waiting() {
            let pem = Zeroizing::new(pem.as_bytes().to_vec());
            let request = Request::Take { now: platform::now().unix_timestamp() };
            self.ask_pending(&request, vec![waiting.kept.clone(), pem]);
        }
    }

    /// Goes on with keys of another day.
    pub(crate) fn open_pending(self, archive: Vec<u8>) {
        if !self.may_replace() {
            return;
        }
        self.not_pending.set(String::new());
        self.ask_pending(&Request::Open, vec![Zeroizing::new(archive)]);
    }

    fn ask_pending(self, request: &Request, bytes: Vec<Bytes>) {
        self.pool.with_value(|pool| {
            pool.warm();
            pool.send(0, request, bytes);
        });
    }

    /// Saves the keys.
    pub(crate) fn keep_waiting(self) {
        if let Some(waiting) = self.waiting() {
            let name = waiting.kept_name();
            if platform::download(&name, "application/gzip", &waiting.kept) {
                self.downloaded.set(true);
                self.announcer.say(downloaded(&name));
            }
        }
    }

    /// Saves the requests.
    pub(crate) fn send_requests(self) {
        let Some(waiting) = self.waiting() else { return };
        if let (Some(name), Some(bytes)) = (waiting.sent_name(), &waiting.sent)
            && platform::download(&name, "application/gzip", bytes)
        {
            self.announcer.say(downloaded(&name));
        }
    }
}
