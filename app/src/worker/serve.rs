//! The inside of a worker: it keeps the plan of the present run and does what it is asked.

use std::borrow::Cow;

use pki_core::bundle::{self, ArchivedFile, Bundle, BundleError};
use pki_core::design::Design;
use pki_core::explain;
use pki_core::issue::{self, Material, Seed, Wires};
use pki_core::key::Signed;
use pki_core::order;
use pki_core::outside::{self, Pending};
use pki_core::plan::{ItemId, Make, Plan};
use pki_core::verify::{self, Share};
use pki_text::en::outside as words;
use time::OffsetDateTime;

use super::answer::{Answer, failed};
use super::message::{Failure, Reply, Request, Verified, Waits};
use super::shelf::Shelf;
use super::wire::Kind;
use super::write::Writing;
use crate::csr::Desk;
use crate::platform::{self, Bytes, Held, Packet};
use crate::sheet;

/// What a worker that reads is warmed with.
const EXAMPLE: &str = include_str!("../views/decode/examples/apiserver.pem");
/// Of a seed, in octets. A key made ahead stands behind it.
const SEED_LENGTH: usize = 32;

/// Serves requests until the window ends this worker.
pub(crate) fn serve() {
    pki_prime::offer(pki_prime::Lanes { test: platform::passes_base_two, power: platform::power });
    let mut work = Work::default();
    let shelf = Shelf::default();
    let mut desk = Desk::default();
    platform::on_request(move |packet| {
        let answer = match Kind::of(&packet) {
            Some(Kind::Run) => {
                Kind::Run.unpack(&packet).and_then(|request| work.answer(request, packet.bytes))
            }
            Some(Kind::Read) => return shelf.answer(packet),
            Some(Kind::Desk) => desk.answer(&packet).map(Answer::from),
            None => None,
        };
        if let Some(answer) = answer {
            answer.send();
        }
    });
}

/// What a worker remembers between requests.
#[derive(Default)]
struct Work {
    job: Option<Job>,
    issuers: Vec<Material>,
    writing: Option<Writing>,
    archive: Option<Archive>,
}

/// The archive of a run. Most are never looked into, so it is taken apart when somebody does.
struct Archive {
    run: u32,
    bytes: Bytes,
    files: Vec<ArchivedFile>,
}

impl Archive {
    fn file(&mut self, path: &str) -> Option<&ArchivedFile> {
        if self.files.is_empty() {
            self.files = bundle::read(&self.bytes).ok()?;
        }
        self.files.iter().find(|file| file.path == path)
    }
}

/// One press of "Generate PKI".
pub(super) struct Job {
    run: u32,
    pub(super) design: Design,
    pub(super) plan: Plan,
    pub(super) now: OffsetDateTime,
}

impl Job {
    /// The plan, when the keys of these CAs are elsewhere.
    pub(super) fn plan_without(&self, outside: &[ItemId]) -> Cow<'_, Plan> {
        match outside {
            [] => Cow::Borrowed(&self.plan),
            _ => Cow::Owned(self.plan.clone().without_keys_of(outside)),
        }
    }
}

impl Work {
    fn answer(&mut self, request: Request, bytes: Vec<Bytes>) -> Option<Answer> {
        let reply = match request {
            Request::Warm => {
                let signed = warm().map(|answer| answer.signed).unwrap_or_default();
                let reply = Reply::Warmed.packet(Vec::new());
                return Some(Answer { reply, run: 0, signed });
            }
            Request::WarmReader => {
                warm_reader();
                None
            }
            Request::KeyAhead { algorithm } => key_ahead(algorithm, &bytes),
            Request::Plan { run, design, now } => {
                self.issuers.clear();
                (self.writing, self.archive) = (None, None);
                self.job = job(run, &design, now);
                None
            }
            Request::Issuer { run } => {
                if self.job.as_ref().is_some_and(|job| job.run == run) {
                    self.issuers.extend(read_all(&bytes));
                }
                None
            }
            Request::Make { run, items } => {
                Some(self.make(run, items, &bytes).unwrap_or_else(|f| failed(run, f)))
            }
            Request::Write { run, items, demo, brought, share, shares } => {
                let wires = Wires::new(items.into_iter().map(ItemId).zip(bytes));
                let written = self.write(run, demo.as_deref(), &brought, share, shares, &wires);
                return written.unwrap_or_else(|failure| Some(failed(run, failure).into()));
            }
            Request::Join { run, pieces, shares } => {
                self.writing.as_mut()?.take(&pieces, &bytes);
                let joined = self.join(run, Share::new(0, shares)?);
                return Some(joined.unwrap_or_else(|failure| failed(run, failure).into()));
            }
            Request::Check { run, share, shares } => {
                let checked = self.check(run, Share::new(share, shares)?, bytes.first()?);
                let reply = Reply::Checked { run }.packet(Vec::new());
                return Some(match checked {
                    Ok((_, signed)) => Answer { reply, run, signed },
                    Err(failure) => failed(run, failure).into(),
                });
            }
            Request::Ask { run, items, brought } => {
                let asked = self.ask(run, &items, &brought, &bytes);
                Some(asked.unwrap_or_else(|f| failed(run, f)))
            }
            Request::Take { now } => Some(take(now, &bytes)),
            Request::Open => Some(open(&bytes)),
            Request::Keep { run } => {
                let bytes = bytes.into_iter().next()?;
                self.archive = Some(Archive { run, bytes, files: Vec::new() });
                None
            }
            Request::File { run, path } => {
                let archive = self.archive.as_mut().filter(|archive| archive.run == run)?;
                let file = archive.file(&path)?;
                let content = Bytes::new(file.bytes.to_vec());
                Some(Reply::File { run, path }.packet(vec![content]))
            }
        };
        reply.map(Answer::from)
    }

    fn make(&self, run: u32, items: Vec<usize>, bytes: &[Bytes]) -> Result<Packet, Failure> {
        let job = self.job(run)?;
        let mut made = Vec::with_capacity(items.len());
        for (&item, seed) in items.iter().zip(bytes) {
            let id = ItemId(item);
            let planned = job.plan.item(id);
            let name = || planned.map(|item| item.name.clone()).unwrap_or_default();
            let issuer = planned
                .and_then(|item| item.issuer())
                .and_then(|issuer| self.issuers.iter().find(|kept| kept.item == issuer));
            let (seed, ahead) = seed.split_at(seed.len().min(SEED_LENGTH));
            let ahead = Material::from_wire(ahead).ok().and_then(|material| material.key);
            let wire = seed_of(seed)
                .ok_or_else(|| Failure::Randomness(String::new()))
                .and_then(|seed| {
                    issue::make_with(&job.plan, id, issuer, job.now, &seed, ahead)
                        .map_err(|error| Failure::Item { name: name(), reason: error.to_string() })
                })?
                .to_wire()
                .map_err(|error| Failure::Item { name: name(), reason: error.to_string() })?;
            made.push(wire);
        }
        Ok(Reply::Made { run, items }.packet(made))
    }

    /// Writes a share of the archive. The only one is put together and checked at once.
    fn write(
        &mut self,
        run: u32,
        demo: Option<&str>,
        brought: &[usize],
        share: usize,
        shares: usize,
        wires: &Wires,
    ) -> Result<Option<Answer>, Failure> {
        let mut writing = Writing::begin(self.job(run)?, demo, brought, share, shares, wires)?;
        self.issuers.clear();
        // The first share waits here for the others.
        let answer = (share > 0).then(|| writing.hand_over(run).into());
        self.writing = Some(writing);
        if shares == 1 { self.join(run, Share::WHOLE).map(Some) } else { Ok(answer) }
    }

    /// Puts the pieces together, and does the first share of the check.
    fn join(&mut self, run: u32, share: Share) -> Result<Answer, Failure> {
        let job = self.job.as_ref().filter(|job| job.run == run).ok_or_else(no_plan)?;
        let writing = self.writing.as_mut().ok_or_else(no_plan)?;
        let Bundle { name, bytes } = writing.end(job)?;
        let out = vec![Held::new(&bytes)];
        let is_whole = share == Share::WHOLE;
        let held = if is_whole {
            out
        } else {
            platform::send_reply(Reply::Written { run }.packet(Vec::new()).holding(out));
            Vec::new()
        };
        let (counts, signed) = writing.check(job, share, &bytes)?;
        self.archive = Some(Archive { run, bytes, files: Vec::new() });
        let verified = Verified {
            files: counts.files,
            certificates: counts.certificates,
            names: counts.names,
            key_pairs: counts.key_pairs,
            kubeconfigs: counts.kubeconfigs,
        };
        let reply = Reply::Bundle { run, name, verified }.packet(Vec::new()).holding(held);
        Ok(Answer { reply, run, signed })
    }

    fn check(
        &self,
        run: u32,
        share: Share,
        archive: &[u8],
    ) -> Result<(verify::Verified, Vec<(String, Signed)>), Failure> {
        self.writing.as_ref().ok_or_else(no_plan)?.check(self.job(run)?, share, archive)
    }

    fn ask(
        &self,
        run: u32,
        items: &[usize],
        brought: &[usize],
        bytes: &[Bytes],
    ) -> Result<Packet, Failure> {
        let job = self.job(run)?;
        let randomness = || Failure::Randomness(String::new());
        let (seed, wires) = bytes.split_last().ok_or_else(randomness)?;
        let seed = seed_of(seed).ok_or_else(randomness)?;
        let read = |(item, wire): (&usize, &Bytes)| {
            Some(Material { item: ItemId(*item), ..Material::from_wire(wire).ok()? })
        };
        let mut all: Vec<_> = items.iter().zip(wires).filter_map(read).collect();
        order::sort_by_key(&mut all, |made| made.item);
        let is_brought = |made: &Material| brought.contains(&made.item.0);
        let (brought, made) = all.into_iter().partition(is_brought);
        let pending = Pending::new(job.design.clone(), job.plan.clone(), brought, made, &seed);
        let pending = pending.map_err(|error| Failure::Archive(error.to_string()))?;
        let failure = |error: BundleError| Failure::Archive(error.to_string());
        let kept = pending.write(job.now, &words::pending_readme(&pending)).map_err(failure)?;
        let sent = pending.requests(job.now, &words::requests_readme(&pending)).map_err(failure)?;
        Ok(Reply::Waiting(waits(&pending, Vec::new())).packet(vec![kept.bytes, sent.bytes]))
    }

    fn job(&self, run: u32) -> Result<&Job, Failure> {
        self.job.as_ref().filter(|job| job.run == run).ok_or_else(no_plan)
    }
}

/// Of a request that came before what it builds on.
fn no_plan() -> Failure {
    Failure::Worker("the plan is missing".to_owned())
}

fn pending(bytes: &[Bytes]) -> Result<Pending, Packet> {
    Pending::read(bytes.first().map(|archive| archive.as_slice()).unwrap_or_default()).map_err(
        |error| {
            let reason = words::unreadable(&error).to_string();
            Reply::NotPending { reason }.packet(Vec::new())
        },
    )
}

/// Looks at keys of another day.
fn open(bytes: &[Bytes]) -> Packet {
    match pending(bytes) {
        Ok(pending) => {
            let waits = Waits { opened: true, ..waits(&pending, Vec::new()) };
            Reply::Waiting(waits).packet(bytes.to_vec())
        }
        Err(packet) => packet,
    }
}

/// Holds certificates against the keys that wait for them.
fn take(now: i64, bytes: &[Bytes]) -> Packet {
    let mut pending = match pending(bytes) {
        Ok(pending) => pending,
        Err(packet) => return packet,
    };
    let text = bytes.get(1).map(|text| String::from_utf8_lossy(text)).unwrap_or_default();
    let now = OffsetDateTime::from_unix_timestamp(now).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let refused = pending.take(&text, now);
    let refused: Vec<_> = refused.iter().map(|one| words::refused(one).to_string()).collect();
    if !refused.is_empty() || !pending.missing().is_empty() {
        // With those that were taken.
        let kept = pending.write(now, &words::pending_readme(&pending));
        let kept = kept
            .map(|bundle| bundle.bytes)
            .unwrap_or_else(|_| bytes.first().cloned().unwrap_or_default());
        return Reply::Waiting(waits(&pending, refused)).packet(vec![kept]);
    }
    let outside = outside::authorities(&pending.brought).into_iter().map(|id| id.0).collect();
    let (design, _, there) = pending.into_parts();
    let items = there.iter().map(|material| material.item.0).collect();
    // Keys that were just read can be written.
    let wires = there.iter().filter_map(|material| material.to_wire().ok()).collect();
    Reply::Signed { design: design.to_json(), items, outside }.packet(wires)
}

fn waits(pending: &Pending, refused: Vec<String>) -> Waits {
    let name = |id: ItemId| pending.plan.item(id).map(|item| item.name.clone());
    Waits {
        cluster: pending.plan.settings.cluster_name.to_string(),
        authorities: outside::authorities(&pending.brought).into_iter().filter_map(name).collect(),
        requests: pending.items.len(),
        missing: pending.missing().into_iter().map(str::to_owned).collect(),
        refused,
        opened: false,
    }
}

fn job(run: u32, design: &str, now: i64) -> Option<Job> {
    let design = Design::from_document(design).ok()?;
    let plan = Plan::new(design.check().0?);
    let now = OffsetDateTime::from_unix_timestamp(now).ok()?;
    Some(Job { run, design, plan, now })
}

fn seed_of(bytes: &[u8]) -> Option<Seed> {
    let mut seed = Seed::default();
    if bytes.len() != seed.len() {
        return None;
    }
    seed.copy_from_slice(bytes);
    Some(seed)
}

fn read_all(bytes: &[Bytes]) -> Vec<Material> {
    bytes.iter().filter_map(|wire| Material::from_wire(wire).ok()).collect()
}

/// The bare key pair is the same item in every plan, and depends on nothing but its algorithm.
fn key_ahead(algorithm: String, bytes: &[Bytes]) -> Option<Packet> {
    let mut design = Design::default();
    design.keys.service_account.clone_from(&algorithm);
    let plan = Plan::new(design.check().0?);
    let item = plan.items.iter().position(|item| matches!(item.make, Make::KeyPair))?;
    let seed = seed_of(bytes.first()?)?;
    let made = issue::make(&plan, ItemId(item), None, OffsetDateTime::UNIX_EPOCH, &seed).ok()?;
    Some(Reply::KeyAhead { algorithm }.packet(vec![made.to_wire().ok()?]))
}

/// Makes a small PKI from a constant seed, all the way to its checked archive.
fn warm() -> Option<Answer> {
    let mut design = Design::default();
    for algorithm in [&mut design.keys.algorithm, &mut design.keys.service_account] {
        "ecdsa-p256".clone_into(algorithm);
    }
    let run = 0;
    let seed = Bytes::new(Seed::default().to_vec());
    let mut work = Work { job: job(run, &design.to_json(), 0), ..Work::default() };
    let count = work.job.as_ref().map_or(0, |job| job.plan.items.len());
    let mut wires = Vec::with_capacity(count);
    for item in 0..count {
        let made = work.make(run, vec![item], std::slice::from_ref(&seed));
        let mut made = made.ok()?;
        // Most of them sign nothing; that they are kept does no harm.
        work.issuers.extend(read_all(&made.bytes));
        wires.append(&mut made.bytes);
    }
    let wires = Wires::new((0..count).map(ItemId).zip(wires));
    work.write(run, None, &[], 0, 1, &wires).ok().flatten()
}

/// Reads a certificate, and forgets it.
fn warm_reader() {
    let report = explain::read(EXAMPLE.as_bytes(), OffsetDateTime::UNIX_EPOCH);
    // As an answer would be: in the sentences of the page.
    let _ = Kind::Read.pack(&sheet::Answer::new(&report, 0), Vec::new());
}
