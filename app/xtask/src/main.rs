fn main(){ let _ = wasm_bindgen_cli_support::Bindgen::new(); }
