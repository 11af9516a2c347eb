//! Bytes as the DER of an object: openssl's text form, and the request as Go reads it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pki_core::explain::openssl;
use pki_core::review::UntrustedRequest;

fuzz_target!(|input: &[u8]| {
    let _ = openssl::text(input);
    if let Ok(request) = UntrustedRequest::from_der(input) {
        let _ = request.prove_possession();
    }
    let _ = UntrustedRequest::from_pem(input);
});
