//! Everything that the browser does for us: each `web_sys` call of the application is in here.

mod clipboard;
mod document;
mod files;
mod lanes;
mod packet;
mod pan;
mod pick;
mod picture;
mod storage;
mod subtle;
mod thread;

pub(crate) use clipboard::copy;
pub(crate) use document::{
    address, after, at_next_idle, confirm, event_checked, event_number, event_scroll, event_value,
    focus, focus_field, go, go_instead, go_to, hash, is_typing_place, landing, on_hash_change,
    on_hide, on_leave, on_step_keys, processors, put_event_value, reveal, reveal_within,
    scroll_into, scroll_to, set_theme, set_title,
};
pub(crate) use files::{
    download, download_held, dropped, files_of, on_drop, on_page_paste, on_paste, pasted_lines,
    read_chosen,
};
pub(crate) use lanes::{passes_base_two, power};
pub(crate) use packet::{Bytes, Held, Packet};
pub(crate) use pan::{Grip, pan};
pub(crate) use pick::{Found, MOST_FILES, Picked, chosen, is_document, pasted_over, taken_up};
pub(crate) use picture::picture;
pub(crate) use storage::{read_storage, remove_storage, write_storage};
pub(crate) use subtle::not_right;
pub(crate) use thread::{Thread, Worker, on_request, send_reply};

use time::OffsetDateTime;

/// Milliseconds since 1970, to measure by.
pub(crate) fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// The browser's clock, to the second.
pub(crate) fn now() -> OffsetDateTime {
    let seconds = milliseconds() / 1_000.0;
    // The cast saturates; a clock beyond the year 9999 falls back to the epoch.
    OffsetDateTime::from_unix_timestamp(seconds as i64).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
