//! Any bytes: what is found in them, and the whole report of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

fuzz_target!(|input: &[u8]| {
    let _ = pki_core::explain::read(input, datetime!(2026-06-01 12:00 UTC));
});
