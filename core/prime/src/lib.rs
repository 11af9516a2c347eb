//! Primes for RSA keys: the search of [`crypto_primes`], with a faster filter in front of its tests.
//!
//! The search is incremental: a random odd start with its two highest bits set, then the first prime
//! from there. (FIPS 186-5 §A.1.3 draws each candidate anew, which costs a sieve for each.)
//! [`crypto_primes`] searches so too, and `rsa` with it; from the same random bytes both find the
//! same prime, so the distribution is the library's own, with the bias towards primes after long
//! gaps that every incremental search has (Brandt and Damgård, CRYPTO '92, bound what it gives
//! away; it is far below one bit). Both bits are set so that the product of two primes always has
//! twice as many: they come from [1.5, 2)·2^(bits-1), where FIPS 186-5 asks for [√2, 2)·2^(bits-1),
//! which this lies within; it costs a quarter of a bit of what there is to choose from.
//!
//! Nearly all the time goes into candidates that are no primes. Two things make them cheap here:
//!
//! - a sieve over more small primes than the library's 2048 (`sieve`), which leaves about 32
//!   candidates a 1024-bit prime instead of 41;
//! - one Fermat test to base 2 in arithmetic of our own (`fermat`), about three quarters of the cost
//!   of the library's Miller–Rabin test; or, where one was [offered](offer), in vectors that do two
//!   candidates at once (`core/lanes`), about a tenth of it.
//!
//! All can only refuse. What they let through is a prime only if the library says so: Miller–Rabin
//! rounds with random bases as many as FIPS 186-5 table B.1's error bounds ask for, and a strong
//! Lucas test. A fault in the filter can cost time, or a prime that is passed over; never soundness.

mod fermat;
mod lanes;
mod power;
mod sieve;
mod word;

use core::num::NonZeroU32;

use crypto_bigint::{BoxedUint, Word};
use crypto_primes::Flavor;
use crypto_primes::fips::{self, FipsOptions};
use crypto_primes::hazmat::{SetBits, random_odd_integer};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use fermat::passes_base_two;
pub use lanes::{Lanes, PairPower, PairTest, offer};
pub use power::{has_powers, powers, powers_with};
pub use sieve::Sieve;

/// The least length for which the search is made: below, a candidate could be one of the sieve's
/// own primes.
pub const LEAST_BITS: u32 = 128;

/// A length in bits that the search is not made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsupportedLength(pub u32);

impl core::fmt::Display for UnsupportedLength {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(
            f,
            "no primes of {} bits: the length must be a multiple of 64, at least {LEAST_BITS}",
            self.0
        )
    }
}

impl core::error::Error for UnsupportedLength {}

/// The first prime at or after a random odd number of `bits` bits whose two highest bits are set.
///
/// `rng` gives the start, `bases` the bases of the library's Miller–Rabin rounds. They are two,
/// because how many bytes the rounds draw depends on the machine's word, and what `rng` gives next
/// must not.
///
/// # Errors
/// [`UnsupportedLength`] unless `bits` is a multiple of 64 and at least [`LEAST_BITS`].
pub fn random_prime<R: CryptoRng + ?Sized, B: CryptoRng + ?Sized>(
    rng: &mut R,
    bases: &mut B,
    bits: u32,
    sieve: &mut Sieve,
) -> Result<BoxedUint, UnsupportedLength> {
    let length = NonZeroU32::new(bits)
        .filter(|bits| bits.get() >= LEAST_BITS && bits.get().is_multiple_of(64))
        .ok_or(UnsupportedLength(bits))?;
    loop {
        let start = random_odd_integer::<BoxedUint, R>(rng, length, SetBits::TwoMsb)
            .map_err(|_| UnsupportedLength(bits))?;
        let mut base = Zeroizing::new(start.as_ref().as_words().to_vec());
        // A search that runs over the end of the range starts anew, as the library's does.
        while let Some(next) = search(&base, bits, bases, sieve) {
            match next {
                Found::Prime(prime) => return Ok(prime),
                Found::Nothing(end) => base = end,
            }
        }
    }
}

/// How the search of one window ended.
enum Found {
    Prime(BoxedUint),
    /// No prime; the first number behind the window.
    Nothing(Zeroizing<Vec<Word>>),
}

/// Searches the window of the sieve from `base` on; `None` at the end of the range.
fn search<B: CryptoRng + ?Sized>(
    base: &[Word],
    bits: u32,
    bases: &mut B,
    sieve: &mut Sieve,
) -> Option<Found> {
    for increments in sieve.survivors(base).chunks(2) {
        let candidates: Vec<_> =
            increments.iter().map_while(|increment| sum(base, *increment)).collect();
        let answers = sieve.pair_test().and_then(|test| lanes::ask(test, &candidates));
        for (index, candidate) in candidates.iter().enumerate() {
            let passes = match answers {
                Some(answers) => answers[index],
                None => passes_base_two(candidate),
            };
            if !passes {
                continue;
            }
            let number = BoxedUint::from_words(candidate.iter().copied());
            if fips::is_prime(bases, Flavor::Any, &number, options(bits)) {
                return Some(Found::Prime(number));
            }
        }
        if candidates.len() < increments.len() {
            return None;
        }
    }
    // One window in 60,000 has no prime. It is likelier that the test refuses them all.
    sieve.distrust();
    sum(base, sieve.width()).map(Found::Nothing)
}

/// The error bound of FIPS 186-5 table B.1: 2^-112 for RSA-2048, 2^-128 for RSA-3072, 2^-144 for
/// RSA-4096, and a strong Lucas test beside it.
fn options(bits: u32) -> FipsOptions {
    let target = match bits {
        0..=1024 => 112,
        1025..=1536 => 128,
        _ => 144,
    };
    // Forty rounds are enough for any length (error 4^-40 each by itself).
    FipsOptions::with_error_bound(bits, target)
        .unwrap_or(FipsOptions::with_mr_iterations(40))
        .with_lucas_test()
}

/// The sum, unless it has more words.
fn sum(base: &[Word], increment: u32) -> Option<Zeroizing<Vec<Word>>> {
    let mut sum = Zeroizing::new(base.to_vec());
    let mut carry = Word::from(increment);
    for word in sum.iter_mut() {
        let (next, over) = word.overflowing_add(carry);
        *word = next;
        carry = Word::from(over);
    }
    (carry == 0).then_some(sum)
}

#[cfg(test)]
mod tests;
