//! The scalar filter with the words that it has in wasm, so that it can be asked natively.

/// As `crate::word` in wasm.
mod word {
    pub(crate) type Word = u32;
    pub(crate) type WideWord = u64;
}

#[path = "../fermat.rs"]
#[expect(clippy::duplicate_mod, reason = "the same source with other words")]
mod fermat;

pub(super) use fermat::passes_base_two;
