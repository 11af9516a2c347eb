//! Powers modulo both primes of an RSA key at once, where whoever runs this has vectors for it.

use crypto_bigint::{BoxedUint, Odd, Resize};
use zeroize::Zeroizing;

use crate::lanes::{PairPower, offered};

/// Bits of a digit in the lanes (`core/lanes`).
const RADIX: u32 = 51;

/// Whether [`powers`] can be had for moduli of so many bits.
pub fn has_powers(bits: u32) -> bool {
    offered(bits).is_some()
}

/// `base` to the `exponent` modulo `modulus`, twice, in a time that depends on the lengths only.
/// `None` where no such arithmetic was [offered](crate::offer()), and for lengths that it does not
/// take. Whoever uses the result checks it: it is not the library's.
pub fn powers(
    base: [&BoxedUint; 2],
    exponent: [&BoxedUint; 2],
    modulus: [&Odd<BoxedUint>; 2],
) -> Option<[BoxedUint; 2]> {
    powers_with(offered(modulus[0].bits_precision())?.power, base, exponent, modulus)
}

/// [`powers`] by arithmetic that nobody has tried yet.
pub fn powers_with(
    power: PairPower,
    base: [&BoxedUint; 2],
    exponent: [&BoxedUint; 2],
    modulus: [&Odd<BoxedUint>; 2],
) -> Option<[BoxedUint; 2]> {
    let bits = modulus[0].bits_precision();
    if modulus[1].bits_precision() != bits {
        return None;
    }
    // R², with R = 2^51d.
    let log = 2 * RADIX * bits.div_ceil(RADIX);
    let square = BoxedUint::one_with_precision((log + 1).next_multiple_of(64)).shl(log);
    let squares = modulus.map(|modulus| Zeroizing::new(square.rem(modulus.as_nz_ref())));
    let bases = [0, 1].map(|lane| Zeroizing::new(base[lane].rem(modulus[lane].as_nz_ref())));
    let count = bits as usize / 32;
    let mut result = Zeroizing::new(vec![[0; 2]; count + 1]);
    power(
        &words([&bases[0], &bases[1]], count),
        &words(exponent, count),
        &words(modulus.map(Odd::as_ref), count),
        &words([&squares[0], &squares[1]], count),
        &mut result,
    )?;
    Some([0, 1].map(|lane| {
        let bytes = result.iter().flat_map(|word| word[lane].to_le_bytes());
        let bytes = Zeroizing::new(bytes.chain([0; 4]).collect::<Vec<_>>());
        let number = Zeroizing::new(BoxedUint::from_le_slice_vartime(&bytes));
        // Once the modulus too much, perhaps.
        number.rem(modulus[lane].as_nz_ref()).resize_unchecked(bits)
    }))
}

/// The words of 32 bits of two numbers side by side, so many of each, lowest first.
fn words(pair: [&BoxedUint; 2], count: usize) -> Zeroizing<Vec<[u32; 2]>> {
    let bytes = pair.map(|number| Zeroizing::new(number.to_le_bytes().into_vec()));
    let word = |lane: usize, index: usize| {
        let bytes = bytes[lane].iter().skip(4 * index).take(4).rev();
        bytes.fold(0, |word, byte| word << 8 | u32::from(*byte))
    };
    Zeroizing::new((0..count).map(|index| [0, 1].map(|lane| word(lane, index))).collect())
}
