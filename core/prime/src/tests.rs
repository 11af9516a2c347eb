use chacha20::ChaCha20Rng;
use crypto_bigint::{BitOps, Odd, RandomBits};
use crypto_primes::hazmat::{MillerRabin, SmallFactorsSieveFactory};
use crypto_primes::{is_prime, sieve_and_find};
use rand_core::SeedableRng;

use super::power::powers_with;
use super::*;

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

/// The filter and the library's Miller–Rabin test to base 2 on random odd numbers. Fermat's test is
/// the weaker one: it must pass whatever the library passes.
#[test]
fn refuses_nothing_that_the_library_passes() {
    let count = match std::env::var("PKI_MANY") {
        Ok(many) => many.parse().expect("PKI_MANY is a number"),
        Err(_) => 20_000,
    };
    let mut rng = rng(1);
    let mut passed = 0;
    for _ in 0..count {
        let mut number = BoxedUint::random_bits(&mut rng, 128);
        for bit in [0, 127] {
            number.set_bit_vartime(bit, true);
        }
        let odd = Odd::new(number.clone()).expect("odd");
        let library = !MillerRabin::new(odd).test_base_two().is_composite();
        let filter = passes_base_two(number.as_words());
        assert_eq!(filter, library, "{number}");
        passed += u64::from(filter);
    }
    // One odd number of this size in 44 is a prime.
    assert!(passed > count / 60 && passed < count / 30, "{passed} of {count}");
}

/// Numbers that pass tests to base 2 and are no primes. The filter passes the first ones, as it must
/// by Fermat's theorem; the library refuses them.
#[test]
fn the_library_has_the_last_word() {
    // (6k+1)(12k+1)(18k+1) is a Carmichael number when all three are primes (Chernick 1939).
    let is_prime = |number: u128| {
        (2..).take_while(|divisor| divisor * divisor <= number).all(|d| !number.is_multiple_of(d))
    };
    let mut found = 0;
    // So large that the product fills 64 bits.
    for k in 192_300_u128.. {
        let factors = [6 * k + 1, 12 * k + 1, 18 * k + 1];
        let product = factors.iter().product::<u128>();
        if product >> 64 != 0 {
            break;
        }
        if product >> 63 != 1 || !factors.into_iter().all(is_prime) {
            continue;
        }
        found += 1;
        let number = BoxedUint::from(product as u64);
        assert!(passes_base_two(number.as_words()), "{product} is a Carmichael number");
        assert!(!fips::is_prime(&mut rng(5), Flavor::Any, &number, options(64)), "{product}");
        if found == 5 {
            break;
        }
    }
    assert!(found > 0);
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

/// The distribution of short primes beside the library's: the same start gives the same prime, so
/// this looks at what both share, the two highest bits and the classes modulo small numbers.
#[test]
fn short_primes_are_spread_as_primes_are() {
    const COUNT: u32 = 3_000;
    let (mut rng, mut bases, mut sieve) = (rng(3), rng(4), Sieve::new(128));
    let mut classes = [[0_u32; 7]; 2];
    for _ in 0..COUNT {
        let prime = random_prime(&mut rng, &mut bases, 128, &mut sieve).expect("a length of ours");
        assert_eq!(prime.bits(), 128);
        assert!(prime.bit_vartime(126), "the second highest bit");
        let value = prime
            .to_be_bytes()
            .iter()
            .fold(0_u32, |sum, byte| (sum * 256 + u32::from(*byte)) % 105);
        classes[0][(value % 5) as usize] += 1;
        classes[1][(value % 7) as usize] += 1;
    }
    for (modulus, counts) in [(5, classes[0]), (7, classes[1])] {
        let share = COUNT / (modulus - 1);
        for (class, count) in (0..modulus).zip(counts) {
            match class {
                0 => assert_eq!(count, 0, "divisible by {modulus}"),
                // Six standard deviations.
                _ => assert!(
                    count.abs_diff(share) < 6 * share.isqrt(),
                    "{class} of {modulus}: {counts:?}"
                ),
            }
        }
    }
}

#[test]
fn refuses_lengths_that_it_is_not_made_for() {
    for bits in [0, 64, 100, 1000, 1025] {
        let result = random_prime(&mut rng(0), &mut rng(1), bits, &mut Sieve::new(128));
        assert_eq!(result.err(), Some(UnsupportedLength(bits)));
    }
    assert!(!passes_base_two(&[]) && !passes_base_two(&[7]) && !passes_base_two(&[Word::MAX - 1]));
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
            let expected = [0, 1].map(|lane| passes_base_two(&numbers[lane]));
            let said = lanes::ask(pki_lanes::passes_base_two, &numbers);
            assert_eq!(said, Some(expected), "{numbers:?}");
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
    assert!(lanes::answers_rightly(pki_lanes::passes_base_two));
    let wrong: [PairTest; 4] =
        [|_| None, |_| Some([false; 2]), |_| Some([true; 2]), |_| Some([true, false])];
    assert!(!wrong.into_iter().any(lanes::answers_rightly));
    // One that goes wrong later, and refuses everything, passes over the primes of a window.
    let found = with(Some(|_| Some([false; 2])), 1, 128);
    assert!(is_prime(Flavor::Any, &found) && found > ours(1, 128));
}

/// p (2p - 1) with both factors prime and 2p - 1 a neighbour of a multiple of 8 passes the tests to
/// base 2, some Miller and Rabin's too: so do filter and lanes, and the library refuses it.
#[test]
fn strong_pseudoprimes_pass_in_the_lanes_too() {
    for (above, strong) in [(11337, false), (696_357, true)] {
        let one = BoxedUint::one_with_precision(1024);
        let p = one.shl(511).wrapping_add(one.shl(509)).wrapping_add(BoxedUint::from(above as u64));
        let number = p.wrapping_mul(p.shl(1).wrapping_sub(&one));
        let words = [0, 1].map(|_| Zeroizing::new(number.as_words().to_vec()));
        assert!(passes_base_two(&words[0]));
        assert_eq!(lanes::ask(pki_lanes::passes_base_two, &words), Some([true; 2]));
        let odd = Odd::new(number.clone()).expect("odd");
        assert_eq!(!MillerRabin::new(odd).test_base_two().is_composite(), strong);
        assert!(!fips::is_prime(&mut rng(5), Flavor::Any, &number, options(1024)));
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
    assert!(lanes::computes_rightly(pki_lanes::power));
    assert!(!lanes::computes_rightly(|_, _, _, _, _| None));
    assert!(!lanes::computes_rightly(|_, _, _, _, _| Some(())));
}
