//! Two lanes of 64 bits, each an integer or a floating point number, and the few operations that
//! the arithmetic needs.

#[cfg(not(target_arch = "wasm32"))]
pub use lanes::rounding_twice;
pub(crate) use lanes::{Vector, and, fused_multiply_add, or, plus, shift_right};
pub(crate) use lanes::{from_lane_bits, lane_bits, minus_float, times_float};

/// The same integer in both lanes.
pub(crate) fn both(bits: u64) -> Vector {
    from_lane_bits([bits; 2])
}

/// The same number in both lanes.
pub(crate) fn both_float(number: f64) -> Vector {
    both(number.to_bits())
}

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::{
        f64x2_mul, f64x2_relaxed_madd, f64x2_sub, i64x2_add, u64x2, u64x2_extract_lane, u64x2_shr,
        v128, v128_and, v128_or,
    };

    pub(crate) type Vector = v128;

    /// `a * b + c`, rounded once where the browser has it so; the test at load tells.
    pub(crate) fn fused_multiply_add(a: Vector, b: Vector, c: Vector) -> Vector {
        f64x2_relaxed_madd(a, b, c)
    }

    pub(crate) fn minus_float(a: Vector, b: Vector) -> Vector {
        f64x2_sub(a, b)
    }

    pub(crate) fn times_float(a: Vector, b: Vector) -> Vector {
        f64x2_mul(a, b)
    }

    pub(crate) fn plus(a: Vector, b: Vector) -> Vector {
        i64x2_add(a, b)
    }

    pub(crate) fn and(a: Vector, b: Vector) -> Vector {
        v128_and(a, b)
    }

    pub(crate) fn or(a: Vector, b: Vector) -> Vector {
        v128_or(a, b)
    }

    pub(crate) fn shift_right(a: Vector, bits: u32) -> Vector {
        u64x2_shr(a, bits)
    }

    pub(crate) fn from_lane_bits([first, second]: [u64; 2]) -> Vector {
        u64x2(first, second)
    }

    pub(crate) fn lane_bits(vector: Vector) -> [u64; 2] {
        [u64x2_extract_lane::<0>(vector), u64x2_extract_lane::<1>(vector)]
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    use core::cell::Cell;

    pub(crate) type Vector = [u64; 2];

    std::thread_local! {
        static ROUNDS_TWICE: Cell<bool> = const { Cell::new(false) };
    }

    /// What `work` gives on a machine that rounds a product before it adds to it, as a browser may
    /// that has no fused multiply-add.
    pub fn rounding_twice<T>(work: impl FnOnce() -> T) -> T {
        ROUNDS_TWICE.set(true);
        let done = work();
        ROUNDS_TWICE.set(false);
        done
    }

    fn lanes<const N: usize>(from: [Vector; N], one: impl Fn([u64; N]) -> u64) -> Vector {
        [0, 1].map(|lane| one(from.map(|vector| vector[lane])))
    }

    fn floats<const N: usize>(from: [Vector; N], one: impl Fn([f64; N]) -> f64) -> Vector {
        lanes(from, |bits| one(bits.map(f64::from_bits)).to_bits())
    }

    pub(crate) fn fused_multiply_add(a: Vector, b: Vector, c: Vector) -> Vector {
        let twice = ROUNDS_TWICE.get();
        floats([a, b, c], |[a, b, c]| if twice { a * b + c } else { a.mul_add(b, c) })
    }

    pub(crate) fn minus_float(a: Vector, b: Vector) -> Vector {
        floats([a, b], |[a, b]| a - b)
    }

    pub(crate) fn times_float(a: Vector, b: Vector) -> Vector {
        floats([a, b], |[a, b]| a * b)
    }

    pub(crate) fn plus(a: Vector, b: Vector) -> Vector {
        lanes([a, b], |[a, b]| a.wrapping_add(b))
    }

    pub(crate) fn and(a: Vector, b: Vector) -> Vector {
        lanes([a, b], |[a, b]| a & b)
    }

    pub(crate) fn or(a: Vector, b: Vector) -> Vector {
        lanes([a, b], |[a, b]| a | b)
    }

    pub(crate) fn shift_right(a: Vector, bits: u32) -> Vector {
        lanes([a], |[a]| a >> bits)
    }

    pub(crate) fn from_lane_bits(bits: [u64; 2]) -> Vector {
        bits
    }

    pub(crate) fn lane_bits(vector: Vector) -> [u64; 2] {
        vector
    }
}
