//! Pieces that more than one view is made of.

pub(crate) mod authority;
pub(crate) mod copy;
pub(crate) mod field;
mod inspected;
pub(crate) mod list;
mod sheet;
pub(crate) mod theme;

pub(crate) use copy::copy_button;
pub(crate) use inspected::inspected;
pub(crate) use sheet::{remark_list, sheet_card};
