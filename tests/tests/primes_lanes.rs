//! Primes that the lanes let through, and keys of them, against openssl.
//!
//! The lanes' source is the wasm module's, with a multiply-add in software: slow, so few of them.
//! Of the lengths that it does not take, the scalar filter makes primes: a fallback of its own.

use std::sync::atomic::{AtomicUsize, Ordering};

use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, KeyFormat, PrivateKey};
use pki_prime::{Lanes, Sieve, random_prime};
use pki_tests::{primes, tool};
use rand_core::SeedableRng;

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
    let mut rng = ChaCha20Rng::from_seed([43; 32]);
    let mut bases = ChaCha20Rng::from_seed([44; 32]);
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    for (bits, count) in COUNTS {
        let mut sieve = Sieve::new(bits);
        let mut prime = || random_prime(&mut rng, &mut bases, bits, &mut sieve);
        let some: Vec<_> = (0..count).map(|_| prime().expect("a length of ours")).collect();
        keys.extend(primes::keys(&some));
        found.extend(some);
    }
    assert!(keys.len() >= 42, "{}", keys.len());
    let mut rng = ChaCha20Rng::from_seed([60; 32]);
    let key = PrivateKey::generate(Algorithm::Rsa2048, &mut rng).expect("a key");
    keys.push(key.to_pem(KeyFormat::Pkcs8).expect("a key has a form").to_string());
    primes::check(&found);
    primes::check_keys(&keys);
    let [refused, answered] = ASKED.each_ref().map(|count| count.load(Ordering::Relaxed));
    assert!(refused > 300 && answered > 40, "the lanes: {refused} refused, {answered} answered");
}
