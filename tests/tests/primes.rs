//! Primes that the scalar filter let through, and keys of them, against openssl.
//!
//! Those of the lanes are in `primes_lanes.rs`: the first search of a process decides between them.
//! How the same primes come about in wasm, with and without lanes, is in
//! `tests/browser/primes.test.mjs`.

use pki_tests::{primes, tool};

/// How many primes of how many bits: 512 for most, so that it takes seconds.
const COUNTS: [(u32, usize); 4] = [(512, 200), (1024, 60), (1536, 4), (2048, 2)];
const GENERATED: usize = 8;

#[test]
fn openssl_finds_primes_and_keys_of_the_scalar_filter_good() {
    if tool::openssl().is_none() {
        return;
    }
    let (found, keys) = primes::made(&mut primes::rng(), &COUNTS, GENERATED);
    assert_eq!(found.len(), 266);
    // 1 in 65536 primes makes no key.
    assert!((139..=141).contains(&keys.len()), "{}", keys.len());
    primes::check(&found);
    primes::check_keys(&keys);
}
