//! Bytes as an archive, as the contents of a well-formed one, and as one to be verified.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pki_core::detect::detect;

fuzz_target!(|input: &[u8]| {
    let _ = detect(input);
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(input.len() as u64);
    header.set_mode(0o644);
    if archive.append_data(&mut header, "pki/ca.crt", input).is_ok()
        && let Ok(bytes) = archive.into_inner()
    {
        let _ = detect(&bytes);
        // The header itself, damaged by what the input says.
        let mut damaged = bytes;
        for (place, octet) in damaged.iter_mut().zip(input).take(512) {
            *place ^= octet;
        }
        let _ = detect(&damaged);
    }
});
