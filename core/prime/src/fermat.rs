//! 2^(n-1) mod n, in Montgomery's form (P. Montgomery, Math. Comp. 44, 1985).
//!
//! Base 2 needs no multiplications beside the squarings: a bit of the exponent is one doubling.

use zeroize::Zeroizing;

use super::word::{WideWord, Word};

const BITS: usize = Word::BITS as usize;

/// Whether 2^(n-1) is 1 modulo the odd number n, lowest word first: so for every odd prime, and for
/// hardly any other large number.
///
/// n must fill its words: the highest bit of the last one is set. For other numbers the answer is
/// `false`.
pub(crate) fn passes_base_two(n: &[crypto_bigint::Word]) -> bool {
    let parts = |word: &crypto_bigint::Word| {
        let word = *word;
        (0..crypto_bigint::Word::BITS / Word::BITS)
            .map(move |part| (word >> (part * Word::BITS)) as Word)
    };
    passes(&Zeroizing::new(n.iter().flat_map(parts).collect::<Vec<_>>()))
}

fn passes(n: &[Word]) -> bool {
    let (Some(first), Some(last)) = (n.first(), n.last()) else { return false };
    if first & 1 == 0 || last >> (BITS - 1) == 0 {
        return false;
    }
    let inverse = inverse(*first).wrapping_neg();
    let mut work = Zeroizing::new(vec![0; 2 * n.len()]);
    // 1 in Montgomery's form is R mod n, which is R - n because n fills its words.
    let mut one = Zeroizing::new(vec![0; n.len()]);
    subtract_once(&mut one, &vec![0; n.len()], n, 1);
    let mut power = one.clone();
    double(&mut power, &mut work, n);
    // From the second highest bit of n-1 down; n-1 is n without its lowest bit.
    for bit in (0..n.len() * BITS - 1).rev() {
        square(&mut work, &power);
        reduce(&mut power, &mut work, n, inverse);
        let word = n.get(bit / BITS).copied().unwrap_or_default();
        if bit > 0 && (word >> (bit % BITS)) & 1 == 1 {
            double(&mut power, &mut work, n);
        }
    }
    power == one
}

/// The inverse of an odd word modulo 2^BITS, by Newton's iteration: each round doubles the bits.
fn inverse(odd: Word) -> Word {
    let mut inverse = odd;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul((2 as Word).wrapping_sub(odd.wrapping_mul(inverse)));
    }
    inverse
}

/// `sum + a * b + carry`, which two words always hold.
#[inline(always)]
fn multiply_add(sum: Word, a: Word, b: Word, carry: Word) -> (Word, Word) {
    let wide = WideWord::from(sum) + WideWord::from(a) * WideWord::from(b) + WideWord::from(carry);
    (wide as Word, (wide >> BITS) as Word)
}

/// The square of `a`, into twice as many words.
#[inline(always)]
fn square(square: &mut [Word], a: &[Word]) {
    square.fill(0);
    // The products of different words once,
    for (index, word) in a.iter().enumerate() {
        let others = &a[index + 1..];
        let row = &mut square[2 * index + 1..];
        let mut carry = 0;
        for (sum, other) in row.iter_mut().zip(others) {
            (*sum, carry) = multiply_add(*sum, *word, *other, carry);
        }
        row[others.len()] = carry;
    }
    // then doubled, with the squares of the words.
    let (mut carry, mut top) = (0, 0);
    for (pair, word) in square.chunks_exact_mut(2).zip(a) {
        let (low, high) = (pair[0] << 1 | top, pair[1] << 1 | pair[0] >> (BITS - 1));
        top = pair[1] >> (BITS - 1);
        (pair[0], carry) = multiply_add(low, *word, *word, carry);
        let (sum, over) = high.overflowing_add(carry);
        (pair[1], carry) = (sum, Word::from(over));
    }
}

/// `product / R mod n`, with R = 2^(BITS * words of n).
#[inline(always)]
fn reduce(result: &mut [Word], product: &mut [Word], n: &[Word], inverse: Word) {
    let mut over = 0;
    for index in 0..n.len() {
        let row = &mut product[index..];
        let factor = row[0].wrapping_mul(inverse);
        let mut carry = 0;
        for (sum, word) in row.iter_mut().zip(n) {
            (*sum, carry) = multiply_add(*sum, factor, *word, carry);
        }
        let above = &mut row[n.len()];
        (*above, over) = multiply_add(*above, 1, carry, over);
    }
    subtract_once(result, &product[n.len()..], n, over);
}

/// `2 * x mod n`.
fn double(x: &mut [Word], work: &mut [Word], n: &[Word]) {
    let mut top = 0;
    for (double, word) in work.iter_mut().zip(x.iter()) {
        *double = word << 1 | top;
        top = word >> (BITS - 1);
    }
    subtract_once(x, &work[..n.len()], n, top);
}

/// `x`, with `over` above its words, less n if it is not smaller.
fn subtract_once(result: &mut [Word], x: &[Word], n: &[Word], over: Word) {
    let mut borrow = false;
    for ((result, x), n) in result.iter_mut().zip(x).zip(n) {
        let (difference, first) = x.overflowing_sub(*n);
        let (difference, second) = difference.overflowing_sub(Word::from(borrow));
        (*result, borrow) = (difference, first || second);
    }
    if borrow && over == 0 {
        result.copy_from_slice(x);
    }
}
