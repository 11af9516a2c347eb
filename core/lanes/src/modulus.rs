//! Numbers of 51-bit digits in floating point, and Montgomery's multiplication of them
//! (P. Montgomery, Math. Comp. 44, 1985), for two moduli at once.
//!
//! A product of two digits has up to 102 bits. A fused multiply-add rounds once, so adding 3·2^102
//! leaves the upper part, a multiple of 2^51, in the significand; taken away again in a second one,
//! the rest is the lower part, exactly. Both have a fixed exponent then, so their bits are added up
//! as integers, and the exponents' share, known beforehand, is taken off at the start.
//!
//! Digits are signed. Nothing is ever reduced to the range of the modulus: R is so much larger that
//! a result lies between ±(1/2 + 2^-40) times the modulus by itself.

use crate::vector::{
    Vector, and, both, both_float, from_lane_bits, fused_multiply_add, minus_float, or, plus,
    shift_right, times_float,
};

/// Bits of a digit.
pub(crate) const RADIX: usize = 51;
/// Digits of the longest modulus: 2048 bits.
pub(crate) const MOST_DIGITS: usize = 41;

/// Rows of a product that are done in one pass over it.
const ROWS: usize = 2;
/// A number with the zeros above it that a pass of several rows runs into.
pub(crate) type Number = [Vector; MOST_DIGITS + ROWS - 1];
/// The columns of a product.
type Columns = [Vector; 2 * MOST_DIGITS + ROWS];

const HALF: f64 = 1_125_899_906_842_624.0; // 2^50
const TWO_52: f64 = 4.0 * HALF;
const LOW_OFFSET: f64 = 6.0 * HALF; // 3·2^51
const HIGH_OFFSET: f64 = LOW_OFFSET * (2.0 * HALF); // 3·2^102
const LOW_BITS: u64 = LOW_OFFSET.to_bits();
const HIGH_BITS: u64 = HIGH_OFFSET.to_bits();
const MASK: u64 = (1 << RADIX) - 1;
/// Makes a column positive, and its low bits those of the digit plus 2^50.
const LIFT: u64 = (1 << 62) + (1 << 50);
/// What the lift adds to the column above.
const LIFT_CARRIED: u64 = 1 << (62 - RADIX);

/// Zero in both lanes.
pub(crate) fn zero() -> Number {
    [both(0); MOST_DIGITS + ROWS - 1]
}

/// Two odd moduli of the same length, and what multiplying modulo them needs.
pub(crate) struct Moduli {
    /// How many digits they have.
    pub(crate) digits: usize,
    modulus: Number,
    /// Minus the inverse of the lowest digit modulo 2^51.
    inverse: Vector,
    /// What columns begin with, so that the exponents' bits come to nothing: for a square, for a
    /// product, and for a number that is only divided by R.
    for_square: Columns,
    for_product: Columns,
    for_division: Columns,
}

/// The upper and the lower part of the product of two digits, as bits to add up.
#[inline(always)]
fn split(a: Vector, b: Vector) -> (Vector, Vector) {
    let high = fused_multiply_add(a, b, both_float(HIGH_OFFSET));
    let rest = minus_float(both_float(HIGH_OFFSET + LOW_OFFSET), high);
    (high, fused_multiply_add(a, b, rest))
}

/// The digit of a lifted column, between ±2^50.
#[inline(always)]
fn digit(column: Vector) -> Vector {
    let bits = or(and(column, both(MASK)), both(TWO_52.to_bits()));
    minus_float(bits, both_float(TWO_52 + HALF))
}

#[inline(always)]
fn add(column: &mut Vector, value: Vector) {
    *column = plus(*column, value);
}

/// Adds the product of `factors` and `number`, which ends in `B - 1` zeros.
#[inline(always)]
fn add_rows<const B: usize>(columns: &mut [Vector], factors: &[Vector; B], number: &[Vector]) {
    let mut above = both(0);
    for (row, column) in columns.iter_mut().enumerate().take(B - 1) {
        let mut sum = plus(*column, above);
        above = both(0);
        for (factor, digit) in factors.iter().zip(number[..=row].iter().rev()) {
            let (high, low) = split(*factor, *digit);
            sum = plus(sum, low);
            add(&mut above, high);
        }
        *column = sum;
    }
    add_whole_rows(&mut columns[B - 1..], factors, number, above);
}

/// The columns from that on to which every one of the factors contributes.
#[inline(always)]
fn add_whole_rows<const B: usize>(
    columns: &mut [Vector],
    factors: &[Vector; B],
    number: &[Vector],
    mut above: Vector,
) {
    let whole = number.array_windows::<B>();
    let (columns, rest) = columns.split_at_mut(whole.len());
    for (column, digits) in columns.iter_mut().zip(whole) {
        let mut sum = plus(*column, above);
        above = both(0);
        for (factor, digit) in factors.iter().zip(digits.iter().rev()) {
            let (high, low) = split(*factor, *digit);
            sum = plus(sum, low);
            add(&mut above, high);
        }
        *column = sum;
    }
    if let Some(column) = rest.first_mut() {
        add(column, above);
    }
}

/// What [`add_rows`] leaves in the columns beside the product, taken off.
fn take_off(columns: &mut [u64], rows: usize, length: usize) {
    for place in 0..length {
        let count = rows.min(place + 1) as u64;
        columns[place] = columns[place].wrapping_sub(count * LOW_BITS);
        columns[place + 1] = columns[place + 1].wrapping_sub(count * HIGH_BITS);
    }
}

/// The places at which passes over a number of so many digits begin, and their rows.
fn passes(digits: usize) -> impl Iterator<Item = (usize, usize)> {
    let whole = digits - digits % ROWS;
    let single = (whole..digits).map(|row| (row, 1));
    (0..whole).step_by(ROWS).map(|row| (row, ROWS)).chain(single)
}

impl Drop for Moduli {
    fn drop(&mut self) {
        // They may be half of a key.
        self.modulus = zero();
        core::hint::black_box(&self.modulus);
    }
}

impl Moduli {
    /// `None` for even numbers and for other lengths than 1024, 1536 and 2048 bits, the only ones
    /// whose bounds were looked at.
    pub(crate) fn new(words: &[[u32; 2]]) -> Option<Self> {
        let lowest = words.first()?;
        if !matches!(words.len(), 32 | 48 | 64) || lowest.iter().any(|word| word % 2 == 0) {
            return None;
        }
        let digits = (words.len() * 32).div_ceil(RADIX);
        let modulus = digits_of(words);
        let second = words.get(1)?;
        let inverse = [0, 1].map(|lane| {
            let odd = u64::from(second[lane]) << 32 | u64::from(lowest[lane]);
            // Newton's iteration: each round doubles the bits that are right, 3 at first.
            let inverse = (0..5).fold(odd, |inverse, _| {
                inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)))
            });
            ((inverse.wrapping_neg() & MASK) as f64).to_bits()
        });
        let mut off = [[0u64; 2 * MOST_DIGITS + ROWS]; 3];
        for (row, rows) in passes(digits) {
            for columns in &mut off {
                take_off(&mut columns[row..], rows, digits + rows - 1);
            }
            take_off(&mut off[1][row..], rows, digits + rows - 1);
            // A square has the products of different digits, twice,
            for _ in 0..2 {
                take_off(&mut off[0][2 * row + rows..], rows, digits - row - 1);
                for (first, second) in pairs(rows) {
                    take_off(&mut off[0][2 * row + first + second..], 1, 1);
                }
            }
        }
        for row in 0..digits {
            // and the squares of the digits once.
            take_off(&mut off[0][2 * row..], 1, 1);
        }
        for columns in &mut off {
            // The lowest column has no carry from below.
            columns[0] = columns[0].wrapping_add(LIFT_CARRIED);
            for column in columns.iter_mut() {
                *column = column.wrapping_add(LIFT - LIFT_CARRIED);
            }
            // A digit is read before its own multiple of the modulus is added.
            for column in &mut columns[..digits] {
                *column = column.wrapping_add(LOW_BITS);
            }
        }
        let [for_square, for_product, for_division] = off.map(|columns| columns.map(both));
        let inverse = from_lane_bits(inverse);
        Some(Self { digits, modulus, inverse, for_square, for_product, for_division })
    }

    /// `number² / R`, each lane of it times the lane of `factor`, which is 1 or 2.
    pub(crate) fn square(&self, number: &mut Number, factor: Vector) {
        let mut columns = [both(0); 2 * MOST_DIGITS + ROWS];
        for (row, rows) in passes(self.digits) {
            match rows {
                ROWS => self.square_rows::<ROWS>(&mut columns, number, row),
                _ => self.square_rows::<1>(&mut columns, number, row),
            }
        }
        for (column, start) in columns.iter_mut().zip(&self.for_square) {
            *column = plus(plus(*column, *column), *start);
        }
        for (row, digit) in number[..self.digits].iter().enumerate() {
            let (high, low) = split(*digit, *digit);
            add(&mut columns[2 * row], low);
            add(&mut columns[2 * row + 1], high);
        }
        self.divide(&mut columns, number, factor);
    }

    /// The products of the digits from `row` on with later ones.
    #[inline(always)]
    fn square_rows<const B: usize>(&self, columns: &mut Columns, number: &Number, row: usize) {
        let Some(factors) = number[row..].first_chunk::<B>() else { return };
        for (first, second) in pairs(B) {
            let (high, low) = split(factors[first], factors[second]);
            let place = 2 * row + first + second;
            add(&mut columns[place], low);
            add(&mut columns[place + 1], high);
        }
        let others = &number[row + B..self.digits + B - 1];
        add_rows(&mut columns[2 * row + B..], factors, others);
    }

    /// `first * second / R`.
    pub(crate) fn multiply(&self, first: &mut Number, second: &Number) {
        let mut columns = self.for_product;
        for (row, rows) in passes(self.digits) {
            let (columns, number) = (&mut columns[row..], &second[..self.digits + rows - 1]);
            match (first[row..].first_chunk::<ROWS>(), first.get(row)) {
                (Some(factors), _) if rows == ROWS => add_rows(columns, factors, number),
                (_, Some(factor)) => add_rows(columns, &[*factor], number),
                _ => {}
            }
        }
        self.divide(&mut columns, first, both_float(1.0));
    }

    /// `number / R`, or twice as much.
    pub(crate) fn leave(&self, number: &mut Number, doubled: bool) {
        let mut columns = self.for_division;
        for (column, digit) in columns.iter_mut().zip(number[..self.digits].iter()) {
            let offset = minus_float(*digit, both_float(-LOW_OFFSET));
            let value = plus(offset, both(LOW_BITS.wrapping_neg()));
            add(column, value);
            if doubled {
                add(column, value);
            }
        }
        self.divide(&mut columns, number, both_float(1.0));
    }

    /// Adds the multiple of the modulus that clears the lower half, and takes the upper one.
    #[inline(never)]
    fn divide(&self, columns: &mut Columns, quotient: &mut Number, factor: Vector) {
        let mut carry = both(0);
        for (row, rows) in passes(self.digits) {
            carry = match rows {
                ROWS => self.clear::<ROWS>(&mut columns[row..], carry),
                _ => self.clear::<1>(&mut columns[row..], carry),
            };
        }
        let upper = &columns[self.digits..2 * self.digits];
        for (digits, column) in quotient.iter_mut().zip(upper) {
            let column = plus(*column, carry);
            carry = shift_right(column, RADIX as u32);
            *digits = times_float(digit(column), factor);
        }
    }

    /// Clears the first `B` columns; the carry out of them is returned.
    #[inline(always)]
    fn clear<const B: usize>(&self, columns: &mut [Vector], mut carry: Vector) -> Vector {
        let modulus = &self.modulus[..self.digits + B - 1];
        let mut factors = [both(0); B];
        let mut above = both(0);
        for row in 0..B {
            let mut sum = plus(plus(columns[row], carry), above);
            above = both(0);
            for (factor, digit) in factors[..row].iter().zip(modulus[1..=row].iter().rev()) {
                let (high, low) = split(*factor, *digit);
                sum = plus(sum, low);
                add(&mut above, high);
            }
            let (_, low) = split(digit(sum), self.inverse);
            let factor = minus_float(low, both_float(LOW_OFFSET));
            let (high, low) = split(factor, modulus[0]);
            factors[row] = factor;
            add(&mut above, high);
            let low = plus(low, both(LOW_BITS.wrapping_neg()));
            carry = shift_right(plus(sum, low), RADIX as u32);
        }
        add_whole_rows(&mut columns[B..], &factors, &modulus[1..], above);
        carry
    }
}

/// Each two of so many.
#[inline(always)]
fn pairs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..count).flat_map(move |first| (first + 1..count).map(move |second| (first, second)))
}

/// The digits of two numbers, whose words come lowest first.
pub(crate) fn digits_of(words: &[[u32; 2]]) -> Number {
    let mut number = zero();
    for (place, digit) in number.iter_mut().enumerate().take((words.len() * 32).div_ceil(RADIX)) {
        let (first, shift) = (place * RADIX / 32, place * RADIX % 32);
        *digit = from_lane_bits([0, 1].map(|lane| {
            let words = words.iter().skip(first).take(3).rev();
            let bits = words.fold(0, |bits, word| bits << 32 | u128::from(word[lane]));
            (((bits >> shift) as u64 & MASK) as f64).to_bits()
        }));
    }
    number
}
