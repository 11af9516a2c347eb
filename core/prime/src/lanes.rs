//! The test of two candidates at once, where whoever runs this has one.
//!
//! A browser with vectors that multiply and add in one rounding has it (`core/lanes`, a wasm module
//! of its own). That it has such vectors says nothing of the rounding, so numbers with known
//! answers decide, once, before the first search.

use std::sync::OnceLock;

use crypto_bigint::{WideWord, Word};
use zeroize::Zeroizing;

/// Tells of two odd numbers of the same length, whose words of 32 bits stand side by side, the
/// lowest first, whether 2^(n-1) is 1 modulo n. `None`: it cannot say.
pub type PairTest = fn(&[[u32; 2]]) -> Option<[bool; 2]>;

static OFFERED: OnceLock<PairTest> = OnceLock::new();
static TRUSTED: OnceLock<Option<PairTest>> = OnceLock::new();

/// Has the search use `test`, if it gives right answers. Only the first one counts, and it must
/// come before the first search.
pub fn offer(test: PairTest) {
    // A second one is not needed.
    let _ = OFFERED.set(test);
}

/// The test that was offered, if it gave right answers.
pub fn offered() -> Option<PairTest> {
    *TRUSTED.get_or_init(|| OFFERED.get().copied().filter(|test| answers_rightly(*test)))
}

/// Tries the test on the largest prime below 2^1024, which is 2^1024 - 105, and on its neighbours,
/// which are none.
pub(crate) fn answers_rightly(test: PairTest) -> bool {
    let below = |less: u32| {
        let mut words = [u32::MAX; 32];
        words[0] = less.wrapping_neg();
        words
    };
    let pair = |first: u32, second: u32| {
        let (first, second) = (below(first), below(second));
        let words: Vec<_> = first.into_iter().zip(second).map(|(a, b)| [a, b]).collect();
        test(&words)
    };
    pair(105, 107) == Some([true, false]) && pair(103, 105) == Some([false, true])
}

/// Asks `test` about one candidate or two.
pub(crate) fn ask(test: PairTest, candidates: &[Zeroizing<Vec<Word>>]) -> Option<[bool; 2]> {
    let (first, second) = (candidates.first()?, candidates.last()?);
    let halves = |word: Word| {
        (0..Word::BITS / 32).map(move |half| (WideWord::from(word) >> (32 * half)) as u32)
    };
    let (first, second) = (first.iter().copied(), second.iter().copied());
    let words = first.flat_map(halves).zip(second.flat_map(halves));
    test(&Zeroizing::new(words.map(|(first, second)| [first, second]).collect::<Vec<_>>()))
}
