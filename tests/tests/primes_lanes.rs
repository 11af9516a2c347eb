//! Primes that the lanes let through, and keys of them, against openssl.
//!
//! The lanes' source is the wasm module's, with a multiply-add in software: slow, so few of them.
//! Of the lengths that it does not take, the scalar filter makes primes: a fallback of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use pki_prime::Lanes;
use pki_tests::{primes, tool};

const COUNTS: [(u32, usize); 2] = [(512, 80), (1024, 6)];

static ASKED: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

#[test]
fn openssl_finds_primes_and_keys_of_the_lanes_good() {
    if tool::openssl().is_none() {
        return;
    }
    pki_prime::offer(Lanes {
        test: |words| {
            let said = pki_lanes::passes_base_two(words);
            ASKED[usize::from(said.is_some())].fetch_add(1, Ordering::Relaxed);
            said
        },
        power: pki_lanes::power,
    });
    let (found, keys) = primes::made([43, 44], &COUNTS, 60..61);
    assert!(keys.len() >= 43, "{}", keys.len());
    primes::check(&found);
    primes::check_keys(&keys);
    let [refused, answered] = ASKED.each_ref().map(|count| count.load(Ordering::Relaxed));
    assert!(refused > 300 && answered > 40, "the lanes: {refused} refused, {answered} answered");
}
