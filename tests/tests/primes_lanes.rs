//! Primes that the lanes let through, and keys of them, against openssl.
//!
//! The lanes' source is the wasm module's, with a multiply-add in software: slow, so few of them. Of
//! the lengths that it does not take, the scalar filter makes primes: a fallback of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use pki_prime::Lanes;
use pki_tests::{primes, tool};

const COUNTS: [(u32, usize); 3] = [(512, 80), (1024, 6), (1536, 1)];
const GENERATED: usize = 2;
/// Each of two lengths is tried with two questions of each kind before it is trusted.
const TRIALS: usize = 2 * 2;

static TESTS: AtomicUsize = AtomicUsize::new(0);
static POWERS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn openssl_finds_primes_and_keys_of_the_lanes_good() {
    if tool::openssl().is_none() {
        return;
    }
    pki_prime::offer(Lanes {
        test: |words| {
            TESTS.fetch_add(1, Ordering::Relaxed);
            pki_lanes::passes_base_two(words)
        },
        power: |base, exponent, modulus, square, result| {
            POWERS.fetch_add(1, Ordering::Relaxed);
            pki_lanes::power(base, exponent, modulus, square, result)
        },
    });
    let (found, keys) = primes::made(&mut primes::rng(), &COUNTS, GENERATED);
    assert_eq!(found.len(), 87);
    assert!((43..=45).contains(&keys.len()), "{}", keys.len());
    primes::check(&found);
    primes::check_keys(&keys);
    let [tests, powers] = [&TESTS, &POWERS].map(|count| count.load(Ordering::Relaxed));
    // 11 primes of these lengths, after some sixteen questions each.
    assert!(tests > TRIALS + 20, "the lanes were asked about {tests} pairs");
    // Each new key signs once.
    assert_eq!(powers, TRIALS + GENERATED);
}
