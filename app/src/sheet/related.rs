//! What the objects of a paste have to do with each other, as remarks.

use pki_core::explain::Report;
use pki_core::explain::relations::{Chain, ChainEnd, Signature};
use pki_text::en::relations as say;
use pki_text::en::ui::form::more;

use super::{Remark, Tone};

/// More than this nobody reads; what is wrong stands before it.
const MOST: usize = 60;
/// Nor more characters of one sentence: a bundle may hold a thousand copies of one certificate.
const LONGEST: usize = 600;

/// Chains with their faults, keys and what they match, duplicates; what is wrong comes first. Whole
/// chains are told only where they are not drawn.
pub(super) fn related(report: &Report, tell_chains: bool) -> Vec<Remark> {
    let found = &report.relations;
    let remark = |tone, text| Remark { tone, text, place: None };
    let problems = found
        .chains
        .iter()
        .flat_map(|chain| &chain.problems)
        .map(|problem| remark(Tone::Bad, say::chain_problem(report, problem)));
    let mismatches = found
        .mismatches
        .iter()
        .map(|mismatch| remark(Tone::Bad, say::key_mismatch(report, mismatch)));
    let told = |chain: &&Chain| tell_chains && chain.certificates.len() > 1;
    let chains = found.chains.iter().filter(told).map(|chain| {
        let whole = matches!(chain.end, ChainEnd::Root) && chain.problems.is_empty();
        remark(if whole { Tone::Good } else { Tone::Warning }, say::chain(report, chain))
    });
    let keys = found.keys.iter().map(|group| remark(Tone::Note, say::key_group(report, group)));
    let duplicates =
        found.duplicates.iter().map(|indices| remark(Tone::Note, say::duplicate(report, indices)));
    let lists = found.revocations.iter().map(|link| {
        let tone = match link.signature {
            Signature::Invalid => Tone::Bad,
            _ if !link.revoked.is_empty() => Tone::Warning,
            _ => Tone::Note,
        };
        remark(tone, say::revocation(report, link))
    });
    let all = problems.chain(mismatches).chain(lists).chain(chains).chain(keys).chain(duplicates);
    let mut all: Vec<_> = all.map(|remark| Remark { text: cut(remark.text), ..remark }).collect();
    let left = all.len().saturating_sub(MOST);
    if left > 0 {
        all.truncate(MOST);
        all.push(remark(Tone::Note, more(left)));
    }
    all
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}
