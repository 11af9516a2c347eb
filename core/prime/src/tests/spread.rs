//! Whether the primes are spread as the library's are.
//!
//! From the same random bytes both find the same prime; here both draw from other ones, 10,000
//! primes of 256 bits each, and are counted into classes. The seeds are fixed, so that the outcome
//! is, too.

use super::many::on_all_cores;
use super::*;

const BITS: u32 = 256;
/// Of each: a part of the work makes an eighth.
const COUNT: usize = 10_000;

/// A way to sort primes into classes: what it is called, how many there are, and which it is.
type Sorting = (&'static str, usize, fn(&BoxedUint) -> usize);

const SORTINGS: [Sorting; 8] = [
    // The two highest bits are always set.
    ("the four bits below the two highest", 16, |n| (n.as_words()[3] >> 58 & 15) as usize),
    ("modulo 3", 3, |n| modulo(n, 3)),
    ("modulo 5", 5, |n| modulo(n, 5)),
    ("modulo 7", 7, |n| modulo(n, 7)),
    ("modulo 11", 11, |n| modulo(n, 11)),
    ("modulo 13", 13, |n| modulo(n, 13)),
    ("modulo 16", 16, |n| modulo(n, 16)),
    // The start's lowest bits, and how far the search went from it, mix here.
    ("the ninth and tenth bit", 4, |n| (n.as_words()[0] >> 8 & 3) as usize),
];

fn modulo(number: &BoxedUint, modulus: usize) -> usize {
    number.to_be_bytes().iter().fold(0, |sum, byte| (sum * 256 + usize::from(*byte)) % modulus)
}

fn primes(first_seed: u8, find: impl Fn(&mut ChaCha20Rng) -> BoxedUint + Sync) -> Vec<BoxedUint> {
    on_all_cores(|part| {
        let mut rng = rng(first_seed + part as u8);
        (0..COUNT / 8).map(|_| find(&mut rng)).collect::<Vec<_>>()
    })
    .concat()
}

fn counted(primes: &[BoxedUint], (_, classes, class): Sorting) -> Vec<f64> {
    let mut counts = vec![0.0; classes];
    for prime in primes {
        counts[class(prime)] += 1.0;
    }
    counts
}

/// Chi-squared of two samples of the same size, and its degrees of freedom.
fn distance(ours: &[f64], theirs: &[f64]) -> (f64, f64) {
    let pairs = || ours.iter().zip(theirs).filter(|(ours, theirs)| **ours + **theirs > 0.0);
    let terms = pairs().map(|(ours, theirs)| (ours - theirs).powi(2) / (ours + theirs));
    (terms.sum(), pairs().count() as f64 - 1.0)
}

/// What chi-squared exceeds once in 10,000 samples of the same distribution (Wilson and Hilferty,
/// Proc. Natl. Acad. Sci. 17, 1931: its cube root is nearly normal).
fn bound(freedom: f64) -> f64 {
    let ninth = 2.0 / (9.0 * freedom);
    freedom * (1.0 - ninth + 3.719 * ninth.sqrt()).powi(3)
}

fn agree(ours: &[BoxedUint], theirs: &[BoxedUint], sorting: Sorting) -> Result<(), String> {
    let (ours, theirs) = (counted(ours, sorting), counted(theirs, sorting));
    let (found, freedom) = distance(&ours, &theirs);
    // A class that only one of both has is a term as large as itself.
    if found < bound(freedom) {
        return Ok(());
    }
    Err(format!("{}: {found} over {}: {ours:?} and {theirs:?}", sorting.0, bound(freedom)))
}

#[test]
fn ten_thousand_primes_are_spread_as_the_librarys() {
    let ours = primes(60, |rng| {
        thread_local! {
            static SIEVE: std::cell::RefCell<Sieve> = Sieve::with_test(BITS, None).into();
        }
        SIEVE.with_borrow_mut(|sieve| {
            let mut bases = ChaCha20Rng::from_rng(rng);
            random_prime(rng, &mut bases, BITS, sieve).expect("a length of ours")
        })
    });
    let theirs = primes(80, |rng| {
        let sieve = SmallFactorsSieveFactory::new(Flavor::Any, BITS, SetBits::TwoMsb);
        sieve_and_find(rng, sieve.expect("a length"), |_, n| is_prime(Flavor::Any, n))
            .expect("no failing source")
            .expect("a prime")
    });
    for primes in [&ours, &theirs] {
        assert_eq!(primes.len(), COUNT);
        assert!(primes.iter().all(|prime| prime.bits() == BITS && prime.bit_vartime(BITS - 2)));
    }
    for sorting in SORTINGS {
        agree(&ours, &theirs, sorting).unwrap_or_else(|difference| panic!("{difference}"));
    }
    let distinct: std::collections::BTreeSet<_> = ours.iter().chain(&theirs).collect();
    assert_eq!(distinct.len(), 2 * COUNT, "none comes twice");

    // What the bound is worth: it notices a class that is chosen once more in ten.
    for sorting in SORTINGS {
        let favourite = sorting.2(&ours[0]);
        let mut others = theirs.iter().filter(|prime| sorting.2(prime) == favourite);
        let biased: Vec<_> = ours
            .iter()
            .enumerate()
            .map(|(index, prime)| match index % 10 {
                0 => others.next().unwrap_or(&ours[0]).clone(),
                _ => prime.clone(),
            })
            .collect();
        assert!(agree(&biased, &theirs, sorting).is_err(), "{}", sorting.0);
    }
}
