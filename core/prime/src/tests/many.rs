//! The filter, with the words of this machine and with those of wasm, against the library on a
//! million odd numbers.

use std::sync::atomic::{AtomicUsize, Ordering};

use crypto_bigint::{BitOps, Odd, RandomBits};

use super::*;

/// How many random numbers of each length, all odd and with the highest bit set: a million. Nearly
/// all are short, because one of 1024 bits takes a hundred times as long, and one of 2048 a thousand.
const NUMBERS: [(u32, usize); 7] = [
    (64, 503_680),
    (128, 441_400),
    (192, 30_000),
    (256, 24_000),
    (1024, 800),
    (1536, 80),
    (2048, 40),
];
/// How many of the sieve's windows of each length, and each of their odd numbers is asked about:
/// 102,400 of 128 bits (512 in a window), 20,480 of 256 (1,024), and 4,096 of 1024.
const WINDOWS: [(u32, usize); 3] = [(128, 200), (256, 20), (1024, 1)];
/// The work is done in so many parts, each from a seed of its own, whatever the number of cores.
const PARTS: usize = 8;

/// What was counted, so that a loop that does nothing is seen.
#[derive(Default)]
pub(super) struct Counts {
    asked: usize,
    passed: usize,
}

/// Does all parts on all cores.
pub(super) fn on_all_cores<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores.min(PARTS))
            .map(|_| {
                scope.spawn(|| {
                    let parts = || next.fetch_add(1, Ordering::Relaxed);
                    std::iter::repeat_with(parts)
                        .take_while(|part| *part < PARTS)
                        .map(|part| (part, work(part)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let mut done: Vec<_> =
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect();
        done.sort_by_key(|(part, _)| *part);
        done.into_iter().map(|(_, result)| result).collect()
    })
}

fn random_odd(rng: &mut ChaCha20Rng, bits: u32) -> BoxedUint {
    let mut number = BoxedUint::random_bits(rng, bits);
    for bit in [0, bits - 1] {
        number.set_bit_vartime(bit, true);
    }
    number
}

/// Miller and Rabin's test to base 2.
pub(super) fn passes_in_the_library(number: &BoxedUint) -> bool {
    let odd = Odd::new(number.clone()).expect("odd");
    !MillerRabin::new(odd).test_base_two().is_composite()
}

/// Fermat's test to base 2 is weaker than Miller and Rabin's, so it must pass whatever that passes.
/// And random numbers that pass the one and not the other are so rare that none is among these.
#[test]
fn the_filter_says_of_a_million_numbers_what_the_library_says() {
    let counts = on_all_cores(|part| {
        let mut rng = rng(60 + part as u8);
        let mut counts = Counts::default();
        for (bits, count) in NUMBERS {
            for _ in 0..count / PARTS {
                let number = random_odd(&mut rng, bits);
                let passes = passes_in_the_library(&number);
                for filter in FILTERS {
                    assert_eq!(filter(number.as_words()), passes, "{number}");
                }
                counts.asked += 1;
                counts.passed += usize::from(passes);
                if passes {
                    let accepted = fips::is_prime(&mut rng, Flavor::Any, &number, options(bits));
                    assert_eq!(accepted, is_prime(Flavor::Any, &number), "{number}");
                }
            }
        }
        counts
    });
    let (asked, passed) =
        counts.iter().fold((0, 0), |sum, part| (sum.0 + part.asked, sum.1 + part.passed));
    assert_eq!(asked, 1_000_000);
    // Of odd numbers about 2^b one in b ln 2 / 2 is a prime: 1 in 22, 44, 67, 89, 355, 532 and 710.
    assert!((32_700..34_500).contains(&passed), "{passed} of {asked}");
}

/// Sieve and filter together, as the search uses them: what both let through of a window is what
/// the library calls a prime, no more and no less.
#[test]
fn a_window_loses_no_prime() {
    let counts = on_all_cores(|part| {
        let mut rng = rng(40 + part as u8);
        let mut counts = Counts::default();
        for (bits, windows) in WINDOWS {
            let mut sieve = Sieve::with_test(bits, None);
            for _ in (part..windows).step_by(PARTS) {
                let base = random_odd(&mut rng, bits);
                let survivors = sieve.survivors(base.as_words());
                for increment in (0..sieve.width()).step_by(2) {
                    let Some(words) = sum(base.as_words(), increment) else { break };
                    let number = BoxedUint::from_words(words.iter().copied());
                    let passes = is_prime(Flavor::Any, &number);
                    let survives = survivors.binary_search(&increment).is_ok();
                    for filter in FILTERS {
                        assert_eq!(survives && filter(&words), passes, "{number}");
                    }
                    counts.asked += 1;
                    counts.passed += usize::from(passes);
                }
            }
        }
        counts
    });
    let (asked, passed) =
        counts.iter().fold((0, 0), |sum, part| (sum.0 + part.asked, sum.1 + part.passed));
    assert!(asked > 126_000, "{asked}");
    // 2,310 of 128 bits, 230 of 256 and 12 of 1024 are to be expected.
    assert!((2_300..2_800).contains(&passed), "{passed} of {asked}");
}
