//! The odd numbers of a window that no small prime divides.

use crypto_bigint::{WideWord, Word};
use zeroize::Zeroizing;

use crate::lanes::{PairTest, offered};

/// Small primes, and the window that is sieved with them.
pub struct Sieve {
    primes: Vec<f64>,
    inverses: Vec<f64>,
    /// The remainder of the window's start by each prime, between minus half of it and half.
    remainders: Zeroizing<Vec<f64>>,
    composite: Zeroizing<Vec<bool>>,
    pair_test: Option<PairTest>,
}

impl Sieve {
    /// For candidates of `bits` bits, and the fastest test of them that there is.
    ///
    /// The bound of the small primes is where one more costs as much as it spares in tests: measured
    /// in wasm, a prime costs about 40 ns, a test 2.2 ms at 1024 bits and 16 ms at 2048; in vectors
    /// 0.4 and 2.2 ms, for which half the bound would do as well. The window is so wide that the
    /// odds of no prime in it are e^-11.
    pub fn new(bits: u32) -> Self {
        Self::with_test(bits, offered(bits).map(|lanes| lanes.test))
    }

    pub(crate) fn with_test(bits: u32, pair_test: Option<PairTest>) -> Self {
        let bound = if bits <= 1024 { 1 << 18 } else { 1 << 20 };
        let primes = odd_primes(bound);
        Self {
            inverses: primes.iter().map(|prime| 1.0 / prime).collect(),
            remainders: Zeroizing::new(vec![0.0; primes.len()]),
            primes,
            composite: Zeroizing::new(vec![false; 4 * bits as usize]),
            pair_test,
        }
    }

    /// The test of two candidates at once.
    pub(crate) fn pair_test(&self) -> Option<PairTest> {
        self.pair_test
    }

    /// Has all further candidates tested one by one.
    pub(crate) fn distrust(&mut self) {
        self.pair_test = None;
    }

    /// How many numbers the window spans, odd and even.
    pub fn width(&self) -> u32 {
        2 * self.composite.len() as u32
    }

    /// What has to be added to the odd number `base`, lowest word first, for each of the window's odd
    /// numbers that no small prime divides, in ascending order.
    pub fn survivors(&mut self, base: &[Word]) -> Vec<u32> {
        self.divide(base);
        self.composite.fill(false);
        for (prime, remainder) in self.primes.iter().zip(self.remainders.iter()) {
            // base + 2 i is divisible where 2 i is the negative of the remainder.
            let prime = *prime as usize;
            let negative = match *remainder {
                above if above > 0.0 => prime - above as usize,
                below => -below as usize,
            };
            let even = if negative.is_multiple_of(2) { negative } else { negative + prime };
            for composite in self.composite.iter_mut().skip(even / 2).step_by(prime) {
                *composite = true;
            }
        }
        let numbers = (0..).step_by(2).zip(self.composite.iter());
        numbers.filter(|(_, composite)| !**composite).map(|(increment, _)| increment).collect()
    }

    /// The remainders of `base`, 32 bits at a time for all primes, in floating point: every number
    /// on the way is an integer below 2^53, so nothing is rounded but the quotient.
    fn divide(&mut self, base: &[Word]) {
        self.remainders.fill(0.0);
        for word in base.iter().rev() {
            for half in (0..Word::BITS / 32).rev() {
                let half = f64::from((WideWord::from(*word) >> (32 * half)) as u32);
                let primes = self.primes.iter().zip(&self.inverses);
                for (remainder, (prime, inverse)) in self.remainders.iter_mut().zip(primes) {
                    let dividend = *remainder * TWO_32 + half;
                    let quotient = (dividend * inverse + TO_INTEGER) - TO_INTEGER;
                    *remainder = dividend - quotient * prime;
                }
            }
        }
    }
}

const TWO_32: f64 = 4_294_967_296.0;
/// A number of this size has no room for a fraction: adding it rounds to the nearest integer.
const TO_INTEGER: f64 = 6_755_399_441_055_744.0;

/// The odd primes below `bound`, by the sieve of Eratosthenes.
fn odd_primes(bound: usize) -> Vec<f64> {
    // Place i stands for 2 i + 1.
    let mut composite = vec![false; bound / 2];
    let mut primes = Vec::new();
    for index in 1..composite.len() {
        if composite[index] {
            continue;
        }
        let prime = 2 * index + 1;
        primes.push(prime as f64);
        for multiple in composite.iter_mut().skip(prime * prime / 2).step_by(prime) {
            *multiple = true;
        }
    }
    primes
}
