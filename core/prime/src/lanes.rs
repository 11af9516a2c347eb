//! Arithmetic for two numbers at once, where whoever runs this has some.
//!
//! A browser with vectors that multiply and add in one rounding has it (`core/lanes`, a wasm module
//! of its own). That it has such vectors says nothing of the rounding, so numbers with known
//! answers decide, once, before the first search.

use std::sync::OnceLock;

use crypto_bigint::{BoxedUint, Odd, Resize, WideWord, Word};
use zeroize::Zeroizing;

use crate::power::powers_with;

/// Tells of two odd numbers of the same length, whose words of 32 bits stand side by side, the
/// lowest first, whether 2^(n-1) is 1 modulo n. `None`: it cannot say.
pub type PairTest = fn(&[[u32; 2]]) -> Option<[bool; 2]>;

/// Powers modulo two odd numbers: base, exponents, moduli, squares of Montgomery's R modulo those,
/// and where the powers go, which have a word more and may be once the modulus too much. `None`: it
/// cannot tell. It must take the same time for all numbers of a length.
pub type PairPower =
    fn(&[[u32; 2]], &[[u32; 2]], &[[u32; 2]], &[[u32; 2]], &mut [[u32; 2]]) -> Option<()>;

/// What can be done for two numbers at once.
#[derive(Clone, Copy)]
pub struct Lanes {
    /// Fermat's test.
    pub test: PairTest,
    /// Powers.
    pub power: PairPower,
}

static OFFERED: OnceLock<Lanes> = OnceLock::new();
static TRUSTED: OnceLock<Option<Lanes>> = OnceLock::new();

/// Has the search and [`crate::powers`] use `lanes`, if they give right answers. Only the first
/// ones count, and they must come before the first search.
pub fn offer(lanes: Lanes) {
    // Second ones are not needed.
    let _ = OFFERED.set(lanes);
}

/// What was offered, if it gave right answers.
pub(crate) fn offered() -> Option<Lanes> {
    *TRUSTED.get_or_init(|| {
        let lanes = OFFERED.get().copied();
        lanes.filter(|lanes| answers_rightly(lanes.test) && computes_rightly(lanes.power))
    })
}

/// Tries it on what Fermat's theorem says of the same prime, and on 5³.
pub(crate) fn computes_rightly(power: PairPower) -> bool {
    let prime = BoxedUint::from(105_u64).resize_unchecked(1024).wrapping_neg();
    let less_one = prime.wrapping_sub(BoxedUint::one_with_precision(1024));
    let Some(prime) = Odd::new(prime).into_option() else { return false };
    let [three, five] = [3_u64, 5].map(|n| BoxedUint::from(n).resize_unchecked(1024));
    let powers = |base, exponent| powers_with(power, base, exponent, [&prime, &prime]);
    let expect = |a: u64, b: u64| Some([a, b].map(|n| BoxedUint::from(n).resize_unchecked(1024)));
    powers([&three, &five], [&less_one, &three]) == expect(1, 125)
        && powers([&five, &three], [&three, &less_one]) == expect(125, 1)
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
