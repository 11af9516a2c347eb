use chacha20::ChaCha20Rng;
use crypto_bigint::{Odd, RandomBits, Resize};
use crypto_primes::hazmat::{MillerRabin, SmallFactorsSieveFactory};
use crypto_primes::{is_prime, sieve_and_find};
use rand_core::SeedableRng;

use super::power::powers_with;
use super::*;

mod many;
mod narrow;
mod pseudoprimes;
mod spread;

/// The scalar filter with this machine's words, and with those that it has in wasm.
const FILTERS: [fn(&[Word]) -> bool; 2] = [passes_base_two, narrow::passes_base_two];

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

fn ours(seed: u8, bits: u32) -> BoxedUint {
    with(None, seed, bits)
}

fn with(test: Option<PairTest>, seed: u8, bits: u32) -> BoxedUint {
    random_prime(&mut rng(seed), &mut rng(99), bits, &mut Sieve::with_test(bits, test))
        .expect("a length of ours")
}

fn library(seed: u8, bits: u32) -> BoxedUint {
    let sieve =
        SmallFactorsSieveFactory::new(Flavor::Any, bits, SetBits::TwoMsb).expect("a length");
    sieve_and_find(&mut rng(seed), sieve, |_, candidate| is_prime(Flavor::Any, candidate))
        .expect("no failing source")
        .expect("a prime")
}

#[test]
fn finds_the_prime_that_the_library_finds() {
    let lengths = [(128, 40), (192, 40), (256, 40), (512, 20), (1024, 6), (1536, 1), (2048, 1)];
    for (bits, seeds) in lengths {
        for seed in 0..seeds {
            assert_eq!(ours(seed, bits), library(seed, bits), "{bits} bits from seed {seed}");
        }
    }
}

/// What the sieve lets through, against trial division.
#[test]
fn sieves_as_trial_division_does() {
    let mut sieve = Sieve::new(128);
    let base = (u128::MAX / 5 * 3) | 1;
    let words = BoxedUint::from(base).as_words().to_vec();
    let expected: Vec<u32> = (0..sieve.width())
        .step_by(2)
        .filter(|increment| {
            let number = base + u128::from(*increment);
            (3_u128..1 << 18).step_by(2).all(|divisor| !number.is_multiple_of(divisor))
        })
        .collect();
    assert_eq!(sieve.survivors(&words), expected);
}

#[test]
fn refuses_lengths_that_it_is_not_made_for() {
    for bits in [0, 64, 100, 1000, 1025] {
        let result = random_prime(&mut rng(0), &mut rng(1), bits, &mut Sieve::new(128));
        assert_eq!(result.err(), Some(UnsupportedLength(bits)));
    }
    for filter in FILTERS {
        assert!(!filter(&[]) && !filter(&[7]) && !filter(&[Word::MAX - 1]));
    }
}

/// The same source as the wasm module's, on this machine: primes and other numbers in either lane.
#[test]
fn the_lanes_say_what_the_filter_says() {
    let mut rng = rng(6);
    for (bits, pairs) in [(1024, 8), (1536, 4), (2048, 4)] {
        let length = NonZeroU32::new(bits).expect("not 0");
        let prime = Zeroizing::new(ours(7, bits).as_words().to_vec());
        for pair in 0..pairs {
            let mut numbers = [0, 1].map(|_| {
                let number: BoxedUint =
                    random_odd_integer::<BoxedUint, _>(&mut rng, length, SetBits::TwoMsb)
                        .expect("a length")
                        .get();
                Zeroizing::new(number.as_words().to_vec())
            });
            if pair % 4 < 2 {
                numbers[pair % 4] = prime.clone();
            }
            let said = lanes::ask(pki_lanes::passes_base_two, &numbers);
            for filter in FILTERS {
                let expected = [0, 1].map(|lane| filter(&numbers[lane]));
                assert_eq!(said, Some(expected), "{numbers:?}");
            }
        }
    }
}

#[test]
fn finds_the_same_primes_with_the_lanes() {
    for (bits, seed) in [(1024, 2), (1024, 3)] {
        let found = with(Some(pki_lanes::passes_base_two), seed, bits);
        assert_eq!(found, ours(seed, bits), "{bits} bits from seed {seed}");
    }
    // A length that the lanes are not made for.
    assert_eq!(with(Some(pki_lanes::passes_base_two), 3, 256), ours(3, 256));
}

/// What a browser may hand over: a module that computes wrongly, or none.
#[test]
fn trusts_only_what_answers_rightly() {
    let wrong: [PairTest; 4] =
        [|_| None, |_| Some([false; 2]), |_| Some([true; 2]), |_| Some([true, false])];
    for (bits, below) in lanes::LARGEST_PRIMES {
        let answers_rightly = |test| lanes::answers_rightly(test, bits, below);
        let computes_rightly = |power| lanes::computes_rightly(power, bits, below);
        assert!(answers_rightly(pki_lanes::passes_base_two), "{bits} bits");
        assert!(computes_rightly(pki_lanes::power), "{bits} bits");
        assert!(!wrong.into_iter().any(answers_rightly), "{bits} bits");
        assert!(!computes_rightly(|_, _, _, _, _| None), "{bits} bits");
        assert!(!computes_rightly(|_, _, _, _, _| Some(())), "{bits} bits");
        // Vectors whose multiply-add rounds twice, which `relaxed_madd` allows.
        pki_lanes::rounding_twice(|| {
            assert!(!answers_rightly(pki_lanes::passes_base_two), "{bits} bits");
            assert!(!computes_rightly(pki_lanes::power), "{bits} bits");
        });
    }
    // One that goes wrong later, and refuses everything, passes over the primes of a window.
    let found = with(Some(|_| Some([false; 2])), 1, 128);
    assert!(is_prime(Flavor::Any, &found) && found > ours(1, 128));
}

/// The known answers are the library's too: a prime, and none between it and the end of the range.
#[test]
fn the_library_knows_the_same_largest_primes() {
    for (bits, below) in lanes::LARGEST_PRIMES {
        let start = BoxedUint::from(below).resize_unchecked(bits).wrapping_neg();
        let survivors = Sieve::with_test(bits, None).survivors(start.as_words());
        assert_eq!(survivors.first(), Some(&0));
        for increment in survivors.into_iter().take_while(|increment| *increment < below) {
            let number = start.wrapping_add(BoxedUint::from(increment));
            assert_eq!(is_prime(Flavor::Any, &number), increment == 0, "{number}");
        }
    }
}

/// Powers in the lanes, against the library's.
#[test]
fn powers_are_those_of_the_library() {
    use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
    let mut rng = rng(8);
    for bits in [1024, 1536, 2048] {
        let mut random = || BoxedUint::random_bits_with_precision(&mut rng, bits, bits);
        let zero = BoxedUint::zero_with_precision(bits);
        let one = BoxedUint::one_with_precision(bits);
        let moduli = [0, 1].map(|_| Odd::new(random().bitor(&one)).expect("odd"));
        let cases = [
            ([random(), random()], [random(), random()]),
            ([random(), zero.clone()], [one.clone(), random()]),
            ([moduli[0].as_ref().wrapping_sub(&one), one.clone()], [zero.clone(), random()]),
        ];
        for (bases, exponents) in &cases {
            let expected = [0, 1].map(|lane: usize| {
                let modulus = &moduli[lane];
                let base = bases[lane].rem(modulus.as_nz_ref());
                let params = BoxedMontyParams::new(modulus.clone());
                BoxedMontyForm::new(base, &params).pow(&exponents[lane]).retrieve()
            });
            let found = powers_with(
                pki_lanes::power,
                [&bases[0], &bases[1]],
                [&exponents[0], &exponents[1]],
                [&moduli[0], &moduli[1]],
            );
            assert_eq!(found, Some(expected), "{bits} bits");
        }
    }
}
