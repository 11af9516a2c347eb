//! Primes and RSA keys, judged by openssl, many at once.

use std::thread;

use chacha20::ChaCha20Rng;
use crypto_bigint::BoxedUint;
use pki_core::key::{Algorithm, KeyFormat, PrivateKey};
use pki_prime::{Sieve, random_prime};
use rand_core::SeedableRng;
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, LineEnding};

use crate::openssl;

/// A generator from a random seed, so that every run is new evidence. The seed is printed, which is
/// seen when the test fails; `PKI_SEED` repeats that run.
///
/// # Panics
/// When the system has no randomness, or `PKI_SEED` is not what was printed.
pub fn rng() -> ChaCha20Rng {
    let seed = match std::env::var("PKI_SEED") {
        Ok(seed) => seed.parse().expect("PKI_SEED: a number"),
        Err(_) => getrandom::u64().expect("randomness"),
    };
    eprintln!("the numbers of PKI_SEED={seed}");
    ChaCha20Rng::seed_from_u64(seed)
}

/// Primes and keys of this process's filter: so many primes of so many bits, a key of each two, and
/// so many RSA-2048 keys as the product makes them.
///
/// # Panics
/// When a search or a key fails.
pub fn made(
    rng: &mut ChaCha20Rng,
    counts: &[(u32, usize)],
    generated: usize,
) -> (Vec<BoxedUint>, Vec<String>) {
    let mut bases = ChaCha20Rng::from_rng(rng);
    let (mut found, mut pems) = (Vec::new(), Vec::new());
    for &(bits, count) in counts {
        let mut sieve = Sieve::new(bits);
        let mut prime = || random_prime(rng, &mut bases, bits, &mut sieve);
        let some: Vec<_> = (0..count).map(|_| prime().expect("a length of ours")).collect();
        pems.extend(keys(&some));
        found.extend(some);
    }
    for _ in 0..generated {
        let key = PrivateKey::generate(Algorithm::Rsa2048, rng).expect("a key");
        pems.push(key.to_pem(KeyFormat::Pkcs8).expect("a key has a form").to_string());
    }
    (found, pems)
}

/// `openssl prime`, in few processes: it takes many numbers.
///
/// # Panics
/// When openssl calls one of them no prime.
pub fn check(primes: &[BoxedUint]) {
    for primes in primes.chunks(200) {
        let numbers: Vec<String> = primes.iter().map(|prime| format!("{prime:X}")).collect();
        let mut arguments = vec!["prime", "-hex"];
        arguments.extend(numbers.iter().map(String::as_str));
        let said = openssl::openssl(&arguments).expect_ok("openssl prime");
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines.len(), primes.len(), "{said}");
        for line in lines {
            assert!(line.ends_with(" is prime"), "{line}");
        }
    }
}

/// A key from each two primes, with 65537 as its exponent, for openssl. Pairs that make none,
/// because 65537 divides a prime's predecessor, are passed over.
///
/// # Panics
/// When a key cannot be put together for another reason.
fn keys(primes: &[BoxedUint]) -> Vec<String> {
    let pairs = primes.chunks_exact(2);
    pairs
        .filter_map(|pair| match RsaPrivateKey::from_primes(pair.to_vec(), 65537_u64.into()) {
            Err(rsa::Error::InvalidPrime) => None,
            key => Some(key.expect("two primes")),
        })
        .map(|key| key.to_pkcs1_pem(LineEnding::LF).expect("a key has a form").to_string())
        .collect()
}

/// `openssl rsa -check` of each key, on all cores: it takes one.
///
/// # Panics
/// When openssl finds anything wrong.
pub fn check_keys(keys: &[String]) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for keys in keys.chunks(keys.len().div_ceil(cores).max(1)) {
            scope.spawn(move || {
                for key in keys {
                    let said = openssl::check_rsa(key);
                    assert!(said.contains("RSA key ok"), "{said}\n{key}");
                }
            });
        }
    });
}
