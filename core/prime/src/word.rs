//! The words of the scalar filter.
//!
//! As wide as the machine multiplies by itself. Wasm has no product of 128 bits, so there they are
//! half as wide as those of the big-number library, whose curves are faster with wide ones.

#[cfg(target_pointer_width = "32")]
pub(crate) type Word = u32;
#[cfg(target_pointer_width = "32")]
pub(crate) type WideWord = u64;
#[cfg(not(target_pointer_width = "32"))]
pub(crate) type Word = u64;
#[cfg(not(target_pointer_width = "32"))]
pub(crate) type WideWord = u128;
