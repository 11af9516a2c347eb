//! Text as YAML or JSON: the values, and what Detect and the CSR desk make of them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = pki_core::yaml::values(text);
    let _ = pki_core::detect::detect(format!("apiVersion: v1\nkind: Secret\n{text}").as_bytes());
});
