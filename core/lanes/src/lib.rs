//! Arithmetic for the search of primes, on two numbers at once: a small wasm module of its own.
//!
//! It needs instructions (`relaxed-simd`) that not every browser has, so it cannot be a part of the
//! application's wasm, which would not load then. And it needs a multiply-add that rounds once,
//! which those instructions only promise "perhaps": whoever loads it must try it first. Nothing
//! rests on it: what it finds to be a prime, `crypto-primes` decides.
//!
//! On other machines than wasm the same source computes with [`f64::mul_add`], slowly: for tests.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(all(target_arch = "wasm32", not(target_feature = "relaxed-simd")))]
compile_error!("this needs -Ctarget-feature=+simd128,+relaxed-simd, as cargo xtask has it");

mod fermat;
mod modulus;
mod vector;

pub use fermat::passes_base_two;

/// The module's exports: one buffer of words, and what to do with it.
#[cfg(target_arch = "wasm32")]
mod exports {
    use core::sync::atomic::{AtomicU32, Ordering};

    const WORDS: usize = 64;
    static BUFFER: [[AtomicU32; 2]; WORDS] = [const { [const { AtomicU32::new(0) }; 2] }; WORDS];

    /// Where the words are written, those of the two numbers in turn, lowest first.
    #[expect(unsafe_code, reason = "an export has a name")]
    #[unsafe(no_mangle)]
    pub(crate) extern "C" fn buffer() -> *const [AtomicU32; 2] {
        BUFFER.as_ptr()
    }

    /// Tests the two numbers of so many words: bit 0 and 1 say which passed; 4 where they are none
    /// of those that the test is made for.
    #[expect(unsafe_code, reason = "an export has a name")]
    #[unsafe(no_mangle)]
    pub(crate) extern "C" fn fermat(words: usize) -> u32 {
        let mut numbers = [[0; 2]; WORDS];
        for (number, place) in numbers.iter_mut().zip(&BUFFER) {
            *number = [0, 1].map(|lane| place[lane].swap(0, Ordering::Relaxed));
        }
        let passed = numbers.get(..words).and_then(crate::passes_base_two);
        numbers = [[0; 2]; WORDS];
        core::hint::black_box(&numbers);
        passed.map_or(4, |[first, second]| u32::from(first) | u32::from(second) << 1)
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
