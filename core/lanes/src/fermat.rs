//! Fermat's test to base 2, of two numbers at once.
//!
//! R modulo n, which Montgomery's form of a small number is, would have to be divided for. The form
//! of 2^-s is at hand without that: it is 2^(51 digits - s), a power of two below n. So the
//! test asks whether 2^(1-n) is 1, which is the same: s is the upper ten bits of n, and one; what
//! that is too much is given back in doublings.

use crate::modulus::{Moduli, RADIX, zero};
use crate::vector::{from_lane_bits, lane_bits};

/// How many of the highest bits are done without a square.
const FIRST_BITS: usize = 10;

/// Whether 2^(n-1) is 1 modulo n, for two odd numbers n of the same length, lowest words first:
/// so for every odd prime. `None` for lengths other than 1024, 1536 and 2048 bits, and for even
/// numbers and such with leading zeros.
pub fn passes_base_two(words: &[[u32; 2]]) -> Option<[bool; 2]> {
    let top = words.last().filter(|top| top.iter().all(|word| word >> 31 == 1))?;
    let moduli = Moduli::new(words)?;
    let mut power = zero();
    for lane in [0, 1] {
        let start = RADIX * moduli.digits - ((top[lane] >> (32 - FIRST_BITS)) as usize + 1);
        let digit = &mut power[start / RADIX];
        let mut bits = lane_bits(*digit);
        bits[lane] = ((1u64 << (start % RADIX)) as f64).to_bits();
        *digit = from_lane_bits(bits);
    }
    // s 2^m - n, with m bits below the first ten, is n with all those bits turned but the lowest.
    for bit in (0..words.len() * 32 - FIRST_BITS).rev() {
        let bits = words[bit / 32].map(|word| bit == 0 || (word >> (bit % 32)) & 1 == 0);
        let factor = bits.map(|bit| (1.0 + f64::from(u8::from(bit))).to_bits());
        moduli.square(&mut power, from_lane_bits(factor));
    }
    // That was 2^-n. Twice it must be 1, and is not larger than the modulus.
    moduli.leave(&mut power, true);
    let one = |lane: usize| {
        let digits = power.iter().map(|digit| f64::from_bits(lane_bits(*digit)[lane]));
        digits.enumerate().all(|(place, digit)| digit == if place == 0 { 1.0 } else { 0.0 })
    };
    Some([one(0), one(1)])
}
