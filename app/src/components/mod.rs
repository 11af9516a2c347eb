//! Pieces that more than one view is made of.

mod asn1;
pub(crate) mod authority;
mod card;
pub(crate) mod copy;
pub(crate) mod field;
mod inspected;
mod layout;
pub(crate) mod list;
mod live;
pub(crate) mod machines;
pub(crate) mod pager;
mod prose;
mod risks;
mod sheet;
mod steps;
mod takers;
pub(crate) mod theme;
pub(crate) mod window;

pub(crate) use authority::authority_mark;
pub(crate) use card::object_card;
pub(crate) use copy::copy_button;
pub(crate) use inspected::inspected;
pub(crate) use layout::layout_choice;
pub(crate) use live::{live, live_rows};
pub(crate) use prose::prose;
pub(crate) use risks::{folded_risks, remedy_button, risk_list};
pub(crate) use sheet::{remark_list, sheet_card};
pub(crate) use steps::{step_buttons, take_step};
pub(crate) use takers::takers;
