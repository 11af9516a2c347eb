//! Numbers that were found or built because they pass tests for primes, and are none.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{Odd, Resize};

use super::*;

/// Each with its source, and those that were built with their factors.
const LIST: &str = include_str!("../../../../tests/fixtures/pseudoprimes.txt");

/// The numbers, each in as many words as it needs.
fn numbers() -> Vec<BoxedUint> {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let factors = line.split(" * ").map(|factor| {
                BoxedUint::from_str_radix_with_precision_vartime(factor, 10, 2048)
                    .expect("a decimal number")
            });
            let number = factors.reduce(|product, factor| product.wrapping_mul(&factor));
            let number = number.expect("at least one factor");
            let bits = number.bits().next_multiple_of(64);
            number.resize_unchecked(bits)
        })
        .collect()
}

/// Whether it has the form that the filter is made for.
fn fills_its_words(number: &BoxedUint) -> bool {
    number.bits() == number.bits_precision()
}

/// 2^(n-1) mod n by the library.
fn fermat(number: &BoxedUint) -> bool {
    let params = BoxedMontyParams::new(Odd::new(number.clone()).expect("odd"));
    let one = BoxedUint::one_with_precision(number.bits_precision());
    let two = BoxedMontyForm::new(one.shl(1), &params);
    two.pow(&number.wrapping_sub(&one)).retrieve() == one
}

/// Of every length, those too that no search of ours could meet.
#[test]
fn the_last_word_is_no_for_each() {
    for number in numbers() {
        let bits = number.bits();
        assert!(!fips::is_prime(&mut rng(5), Flavor::Any, &number, options(bits)), "{number}");
        assert!(!is_prime(Flavor::Any, &number), "{number}");
    }
}

/// The filter must not know better than Fermat: whatever refused these would refuse primes.
#[test]
fn the_filter_passes_those_that_fermat_passes() {
    let all: Vec<_> = numbers().into_iter().filter(fills_its_words).collect();
    let mut passed = 0;
    let mut strong = [0; 3];
    for number in &all {
        let expected = fermat(number);
        for filter in FILTERS {
            assert_eq!(filter(number.as_words()), expected, "{number}");
        }
        passed += usize::from(expected);
        let length = [1024, 1536, 2048].iter().position(|bits| *bits == number.bits());
        if let Some(length) = length {
            strong[length] += usize::from(many::passes_in_the_library(number));
            let words = [0, 1].map(|_| Zeroizing::new(number.as_words().to_vec()));
            let said = lanes::ask(pki_lanes::passes_base_two, &words);
            assert_eq!(said, Some([expected; 2]), "{number}");
        }
    }
    assert!(passed > 100, "{passed} of {}", all.len());
    assert!(strong.iter().all(|count| *count >= 6), "of the lengths of RSA's primes: {strong:?}");
}

/// A search that begins at one, or a little below, goes on to the next prime.
#[test]
fn no_search_ends_at_one() {
    let mut met = 0;
    for (index, number) in numbers().into_iter().filter(fills_its_words).enumerate() {
        let bits = number.bits();
        // Here the lanes compute slowly, so a few numbers must do.
        let lanes = bits == 1024 && index % 4 == 0;
        let test = lanes.then_some(pki_lanes::passes_base_two as PairTest);
        let mut sieve = Sieve::with_test(bits, test);
        let starts: &[u32] = if bits < 1024 { &[0, 2, 32] } else { &[2] };
        for below in starts.iter().copied() {
            let start = number.wrapping_sub(BoxedUint::from(below as u64));
            met += usize::from(sieve.survivors(start.as_words()).contains(&below));
            let mut base = Zeroizing::new(start.as_words().to_vec());
            // At the end of the range there is no next one.
            while let Some(next) = search(&base, bits, &mut rng(5), &mut sieve) {
                match next {
                    Found::Prime(prime) => {
                        assert!(prime != number && is_prime(Flavor::Any, &prime), "{number}");
                        assert!(prime >= start);
                        break;
                    }
                    Found::Nothing(end) => base = end,
                }
            }
        }
    }
    // Others have a factor that the sieve knows.
    assert!(met > 200, "{met}");
}
