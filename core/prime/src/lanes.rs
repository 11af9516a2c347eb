//! Arithmetic for two numbers at once, where whoever runs this has some.
//!
//! A browser with vectors that multiply and add in one rounding has it (`core/lanes`, a wasm module
//! of its own). That it has such vectors says nothing of the rounding, so numbers with known
//! answers decide, once for each length, before the first search of that length: 2 ms for the primes
//! of RSA-2048, 10 for those of RSA-4096, which only those wait for who make such a key.

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

/// The lengths of primes of RSA keys, and how far below 2^length the largest prime of each is.
pub(crate) const LARGEST_PRIMES: [(u32, u32); 3] = [(1024, 105), (1536, 3453), (2048, 1557)];

static OFFERED: OnceLock<Lanes> = OnceLock::new();
/// Whether what was offered gave right answers, by length.
static TRUSTED: [OnceLock<bool>; LARGEST_PRIMES.len()] = [const { OnceLock::new() }; _];

/// Has searches and [`crate::powers`] use `lanes` for the primes of RSA-2048, RSA-3072 and RSA-4096,
/// as far as they give right answers. Only the first ones count.
pub fn offer(lanes: Lanes) {
    // Second ones are not needed.
    let _ = OFFERED.set(lanes);
}

/// What was offered, if it gives right answers for numbers of so many bits.
pub(crate) fn offered(bits: u32) -> Option<Lanes> {
    let lanes = OFFERED.get()?;
    let known = LARGEST_PRIMES.iter().zip(&TRUSTED);
    let (&(_, below), trusted) = known.into_iter().find(|((length, _), _)| *length == bits)?;
    let right =
        || answers_rightly(lanes.test, bits, below) && computes_rightly(lanes.power, bits, below);
    trusted.get_or_init(right).then_some(*lanes)
}

/// Tries the test on the largest prime of so many bits, which is 2^bits - `below`, and on its odd
/// neighbours, which are none.
pub(crate) fn answers_rightly(test: PairTest, bits: u32, below: u32) -> bool {
    let pair = |first: u32, second: u32| {
        let mut words = vec![[u32::MAX; 2]; bits as usize / 32];
        words[0] = [first.wrapping_neg(), second.wrapping_neg()];
        test(&words)
    };
    pair(below, below + 2) == Some([true, false]) && pair(below - 2, below) == Some([false, true])
}

/// Tries it on what Fermat's theorem says of the same prime, and on 5³.
pub(crate) fn computes_rightly(power: PairPower, bits: u32, below: u32) -> bool {
    let number = |n: u32| BoxedUint::from(n).resize_unchecked(bits);
    let prime = number(below).wrapping_neg();
    let less_one = prime.wrapping_sub(number(1));
    let Some(prime) = Odd::new(prime).into_option() else { return false };
    let (three, five) = (number(3), number(5));
    let powers = |base, exponent| powers_with(power, base, exponent, [&prime, &prime]);
    powers([&three, &five], [&less_one, &three]) == Some([1, 125].map(number))
        && powers([&five, &three], [&three, &less_one]) == Some([125, 1].map(number))
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
