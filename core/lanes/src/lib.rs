//! Arithmetic on two long numbers at once, for RSA: a small wasm module of its own.
//!
//! It needs instructions (`relaxed-simd`) that not every browser has, so it cannot be a part of the
//! application's wasm, which would not load then. And it needs a multiply-add that rounds once,
//! which those instructions only promise "perhaps": whoever loads it must try it first. Nothing
//! rests on it: what is a prime, `crypto-primes` decides, and a signature counts when `rsa` has
//! verified it.
//!
//! There is nothing between this and scalar arithmetic, which is what a browser without it gets:
//! with the integers of SIMD128 a pair of squarings took 3.5 to 4.2 µs when it was tried, and one
//! in scalar words of 28 bits 2.9, so a third path would have to be kept for little.
//!
//! On other machines than wasm the same source computes with [`f64::mul_add`], slowly: for tests.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
compile_error!("this needs -Ctarget-feature=+simd128,+relaxed-simd, as cargo xtask has it");

mod fermat;
mod modulus;
mod power;
mod vector;

pub use fermat::passes_base_two;
pub use power::power;
#[cfg(not(target_arch = "wasm32"))]
pub use vector::rounding_twice;

/// The module's exports: one buffer of words, and what to do with it.
#[cfg(target_arch = "wasm32")]
mod exports {
    use core::sync::atomic::{AtomicU32, Ordering};

    /// Of the longest number, and one more for a result.
    const WORDS: usize = 65;
    /// What stands in the buffer: base or candidates, exponents, moduli, squares.
    const NUMBERS: usize = 4;
    static BUFFER: [[AtomicU32; 2]; WORDS * NUMBERS] =
        [const { [const { AtomicU32::new(0) }; 2] }; WORDS * NUMBERS];

    /// Where the words are written, those of two numbers in turn, lowest first; numbers follow each
    /// other without a gap.
    #[expect(unsafe_code, reason = "an export has a name")]
    #[unsafe(no_mangle)]
    pub(crate) extern "C" fn buffer() -> *const [AtomicU32; 2] {
        BUFFER.as_ptr()
    }

    /// What stands in the buffer, which is left empty.
    fn taken() -> [[u32; 2]; WORDS * NUMBERS] {
        let mut numbers = [[0; 2]; WORDS * NUMBERS];
        for (number, place) in numbers.iter_mut().zip(&BUFFER) {
            *number = [0, 1].map(|lane| place[lane].swap(0, Ordering::Relaxed));
        }
        numbers
    }

    /// Tests the two numbers of so many words: bit 0 and 1 say which passed; 4 where they are none
    /// of those that the test is made for.
    #[expect(unsafe_code, reason = "an export has a name")]
    #[unsafe(no_mangle)]
    pub(crate) extern "C" fn fermat(words: usize) -> u32 {
        let mut numbers = taken();
        let passed = numbers.get(..words).and_then(crate::passes_base_two);
        numbers.fill([0; 2]);
        core::hint::black_box(&numbers);
        passed.map_or(4, |[first, second]| u32::from(first) | u32::from(second) << 1)
    }

    /// Replaces base, exponents, moduli and squares, each of so many words, by the powers, which
    /// have one more; 0 where they are none of those that it is made for.
    #[expect(unsafe_code, reason = "an export has a name")]
    #[unsafe(no_mangle)]
    pub(crate) extern "C" fn power(words: usize) -> u32 {
        let mut numbers = taken();
        let mut result = [[0; 2]; WORDS];
        let done = (1..WORDS).contains(&words).then(|| {
            let number = |place: usize| &numbers[place * words..][..words];
            crate::power(number(0), number(1), number(2), number(3), &mut result[..=words])
        });
        for (number, place) in result.iter().zip(&BUFFER) {
            place[0].store(number[0], Ordering::Relaxed);
            place[1].store(number[1], Ordering::Relaxed);
        }
        numbers.fill([0; 2]);
        result.fill([0; 2]);
        core::hint::black_box((&numbers, &result));
        u32::from(done.flatten().is_some())
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
