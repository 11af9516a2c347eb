//! Primes that the scalar filter let through, and keys of them, against openssl.
//!
//! Those of the lanes are in `primes_lanes.rs`: the first search of a process decides between them.
//! How the same primes come about in wasm, with and without lanes, is in
//! `tests/browser/primes.test.mjs`.

use chacha20::ChaCha20Rng;
use pki_core::key::{Algorithm, KeyFormat, PrivateKey};
use pki_prime::{Sieve, random_prime};
use pki_tests::{primes, tool};
use rand_core::SeedableRng;

/// How many primes of how many bits: 512 for most, so that it takes seconds.
const COUNTS: [(u32, usize); 3] = [(512, 240), (1024, 40), (1536, 4)];

#[test]
fn openssl_finds_primes_and_keys_of_the_scalar_filter_good() {
    if tool::openssl().is_none() {
        return;
    }
    let mut rng = ChaCha20Rng::from_seed([41; 32]);
    let mut bases = ChaCha20Rng::from_seed([42; 32]);
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    for (bits, count) in COUNTS {
        let mut sieve = Sieve::new(bits);
        let mut prime = || random_prime(&mut rng, &mut bases, bits, &mut sieve);
        let some: Vec<_> = (0..count).map(|_| prime().expect("a length of ours")).collect();
        keys.extend(primes::keys(&some));
        found.extend(some);
    }
    // 1 in 65536 primes makes no key.
    assert!(keys.len() >= 141, "{}", keys.len());
    for seed in 0..4 {
        let mut rng = ChaCha20Rng::from_seed([50 + seed; 32]);
        let key = PrivateKey::generate(Algorithm::Rsa2048, &mut rng).expect("a key");
        keys.push(key.to_pem(KeyFormat::Pkcs8).expect("a key has a form").to_string());
    }
    primes::check(&found);
    primes::check_keys(&keys);
}
