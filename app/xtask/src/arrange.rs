//! The order of the functions in the wasm: those that resemble each other stand together.
//!
//! Gzip finds what repeats within 32 KiB only. The linker's order puts copies of one generic function
//! (for two types, or from two crates) megabytes apart, and each is packed as if it were alone. A
//! chain in which each function is the one that shares most with those just before it makes the
//! gzipped wasm 8 % smaller, and what Brotli makes of it 1 %. Functions keep what they do: only
//! their numbers change, and wasm-opt is the one who writes them.

use std::collections::BTreeSet;
use std::collections::VecDeque;

use wasm_encoder::{Encode as _, NameMap, NameSection, Section as _};
use wasmparser::{Parser, Payload, TypeRef};

/// The octets that two functions must have in common somewhere to count as alike: a call with its
/// arguments, say.
const RUN: usize = 6;
/// A run that more functions have than this says nothing about any of them.
const COMMON: usize = 60;
/// How far back gzip sees, a little less.
const WINDOW: usize = 30_000;
/// Added to a function's length when it is held against what it shares, so that the smallest ones
/// do not go first whatever they share.
const HEAD: usize = 100;

/// The module with a name section in which each function is called by its place in the new order,
/// as wasm-opt's `--reorder-functions-by-name` takes it.
pub(crate) fn name_by_place(mut wasm: Vec<u8>) -> Result<Vec<u8>, String> {
    let (imported, bodies) = functions(&wasm).map_err(|error| format!("wasm: {error}"))?;
    let mut places = vec![0; bodies.len()];
    for (place, function) in order(&bodies).into_iter().enumerate() {
        places[function] = place;
    }
    let mut names = NameMap::new();
    for (index, place) in (imported..).zip(&places) {
        names.append(index, &format!("{place:08}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    wasm.push(section.id());
    section.encode(&mut wasm);
    Ok(wasm)
}

/// How many functions are imported, and the bodies of the others.
pub(crate) fn functions(wasm: &[u8]) -> wasmparser::Result<(u32, Vec<&[u8]>)> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// Every function once, each after those that it shares most runs with.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let shared = Shared::of(bodies);
    let mut chain = Chain {
        shared: &shared,
        bodies,
        score: vec![0; bodies.len()],
        taken: vec![false; bodies.len()],
        near: BTreeSet::new(),
        window: VecDeque::new(),
        held: 0,
        seen: vec![0; shared.holders.len()],
    };
    let mut order = Vec::with_capacity(bodies.len());
    for start in 0..bodies.len() {
        let mut next = (!chain.taken[start]).then_some(start);
        while let Some(function) = next {
            chain.take(function);
            order.push(function);
            next = chain.nearest();
        }
    }
    order
}

/// The runs that some functions share: who has each of them, and which ones each has.
struct Shared {
    holders: Vec<Vec<usize>>,
    runs: Vec<Vec<usize>>,
}

impl Shared {
    fn of(bodies: &[&[u8]]) -> Self {
        let mut all: Vec<(&[u8], usize)> = Vec::new();
        for (function, body) in bodies.iter().enumerate() {
            all.extend(body.windows(RUN).map(|run| (run, function)));
        }
        all.sort_unstable();
        all.dedup();
        let mut shared = Self { holders: Vec::new(), runs: vec![Vec::new(); bodies.len()] };
        for same in all.chunk_by(|one, other| one.0 == other.0) {
            if (2..=COMMON).contains(&same.len()) {
                for &(_, function) in same {
                    shared.runs[function].push(shared.holders.len());
                }
                shared.holders.push(same.iter().map(|&(_, function)| function).collect());
            }
        }
        shared
    }
}

struct Chain<'a> {
    shared: &'a Shared,
    bodies: &'a [&'a [u8]],
    /// The runs that each function shares with the window.
    score: Vec<usize>,
    taken: Vec<bool>,
    /// Those not taken that share any.
    near: BTreeSet<usize>,
    /// What gzip would still see, and its octets.
    window: VecDeque<usize>,
    held: usize,
    /// How many functions of the window have each run.
    seen: Vec<u32>,
}

impl Chain<'_> {
    fn take(&mut self, function: usize) {
        self.taken[function] = true;
        self.near.remove(&function);
        self.window.push_back(function);
        self.held += self.bodies[function].len();
        for &run in &self.shared.runs[function] {
            self.seen[run] += 1;
            if self.seen[run] == 1 {
                for &other in &self.shared.holders[run] {
                    self.score[other] += 1;
                    if !self.taken[other] {
                        self.near.insert(other);
                    }
                }
            }
        }
        while self.held > WINDOW && self.window.len() > 1 {
            self.forget();
        }
    }

    /// The oldest function leaves the window.
    fn forget(&mut self) {
        let Some(old) = self.window.pop_front() else { return };
        self.held -= self.bodies[old].len();
        for &run in &self.shared.runs[old] {
            self.seen[run] -= 1;
            if self.seen[run] == 0 {
                for &other in &self.shared.holders[run] {
                    self.score[other] -= 1;
                    if self.score[other] == 0 {
                        self.near.remove(&other);
                    }
                }
            }
        }
    }

    /// The one that shares most for its length; of equal ones the first, so that every machine
    /// makes the same file.
    fn nearest(&self) -> Option<usize> {
        let mut best: Option<(usize, usize, usize)> = None;
        for &function in &self.near {
            let (score, length) = (self.score[function], self.bodies[function].len() + HEAD);
            if best.is_none_or(|(_, most, over)| score * over > most * length) {
                best = Some((function, score, length));
            }
        }
        best.map(|(function, ..)| function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_together_and_nothing_is_lost() {
        let (first, other): (Vec<u8>, Vec<u8>) = ((0..90).collect(), (100..190).collect());
        let mut like = first.clone();
        like[40] = 255;
        let bodies: [&[u8]; 5] = [&first, &other, b"short", &like, b""];
        assert_eq!(order(&bodies), [0, 3, 1, 2, 4]);
    }

    #[test]
    fn functions_are_named_by_their_place() {
        // One imported function, two of its own: `nop` and an empty one.
        let wasm = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x07\x01\x01e\x01f\0\0\
            \x03\x03\x02\0\0\x0a\x08\x02\x03\0\x01\x0b\x02\0\x0b";
        let named = name_by_place(wasm.to_vec()).expect("a module");
        let (before, section) = named.split_at(wasm.len());
        assert_eq!(before, wasm);
        assert_eq!(
            section,
            b"\0\x1c\x04name\x01\x15\x02\x01\x0800000000\x02\x0800000001".as_slice()
        );
        assert!(name_by_place(b"no module".to_vec()).is_err());
    }
}
