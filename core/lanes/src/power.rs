//! Powers modulo two numbers at once, in a time that does not depend on what is computed.
//!
//! The exponent goes by four bits from its highest: four squares, then a product with one of the
//! sixteen lowest powers. All sixteen are read each time, and all but one masked out. Arithmetic in
//! floating point takes the same time for all normal numbers and zero, and there are no others.

use crate::modulus::{Moduli, Number, RADIX, digits_of, zero};
use crate::vector::{and, both, both_float, from_lane_bits, lane_bits, or};

/// Bits of the exponent that are done at once.
const WINDOW: usize = 4;

/// Two powers, words lowest first: `base` to the `exponent` modulo the odd `modulus`, each of as
/// many words. `square` is R² modulo `modulus`, with R = 2^51d for moduli of d digits of 51 bits.
///
/// The result has a word more. It is the power or the power and once the modulus.
/// `None` for lengths other than 1024, 1536 and 2048 bits, and for even moduli.
pub fn power(
    base: &[[u32; 2]],
    exponent: &[[u32; 2]],
    modulus: &[[u32; 2]],
    square: &[[u32; 2]],
    result: &mut [[u32; 2]],
) -> Option<()> {
    let length = modulus.len();
    if [base.len(), exponent.len(), square.len(), result.len() - 1].iter().any(|l| *l != length) {
        return None;
    }
    let moduli = Moduli::new(modulus)?;
    let mut powers = [zero(); 1 << WINDOW];
    let square = digits_of(square);
    // Montgomery's form of 1, of the base, and of its powers.
    powers[0][0] = both_float(1.0);
    moduli.multiply(&mut powers[0], &square);
    let mut factor = digits_of(base);
    moduli.multiply(&mut factor, &square);
    for place in 1..powers.len() {
        let mut next = powers[place - 1];
        moduli.multiply(&mut next, &factor);
        powers[place] = next;
    }
    let mut power = powers[0];
    for bit in (0..length * 32).step_by(WINDOW).rev() {
        for _ in 0..WINDOW {
            moduli.square(&mut power, both_float(1.0));
        }
        let window = exponent[bit / 32].map(|word| u64::from(word >> (bit % 32)) % (1 << WINDOW));
        select(&powers, window, &mut factor);
        moduli.multiply(&mut power, &factor);
    }
    moduli.leave(&mut power, false);
    let modulus = digits_of(modulus);
    for lane in [0, 1] {
        write_sum(&power, &modulus, moduli.digits, lane, result);
    }
    for secret in powers.iter_mut().chain([&mut power, &mut factor]) {
        *secret = zero();
    }
    core::hint::black_box((&powers, &power, &factor));
    Some(())
}

/// The power of this number in each lane, found by reading all.
fn select(powers: &[Number; 1 << WINDOW], window: [u64; 2], selected: &mut Number) {
    *selected = zero();
    for (place, power) in (0..).zip(powers) {
        // All ones where the numbers are equal.
        let mask = window.map(|window| ((window ^ place).wrapping_sub(1) >> 63).wrapping_neg());
        let mask = core::hint::black_box(from_lane_bits(mask));
        for (selected, digit) in selected.iter_mut().zip(power) {
            *selected = or(*selected, and(*digit, mask));
        }
    }
}

/// The words of the sum of two numbers, which is not negative.
fn write_sum(a: &Number, b: &Number, digits: usize, lane: usize, words: &mut [[u32; 2]]) {
    let (mut carry, mut bits, mut count) = (0_i64, 0_u128, 0);
    let mut words = words.iter_mut();
    for place in 0..=digits {
        let digit = |number: &Number| {
            let vector = number.get(place).copied().unwrap_or(both(0));
            f64::from_bits(lane_bits(vector)[lane]) as i64
        };
        let sum = carry + digit(a) + digit(b);
        carry = sum >> RADIX;
        bits |= ((sum & ((1 << RADIX) - 1)) as u128) << count;
        count += RADIX;
        while count >= 32 {
            if let Some(word) = words.next() {
                word[lane] = bits as u32;
            }
            bits >>= 32;
            count -= 32;
        }
    }
    if let Some(word) = words.next() {
        word[lane] = bits as u32;
    }
}
