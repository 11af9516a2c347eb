//! The browser application: one WebAssembly module that runs as the window and as each worker.
//!
//! `public/boot.js` compiles the module once, starts the glue in whichever place it finds itself,
//! and calls one of the two exports below. `main` runs at every start, in both personalities, and
//! so does nothing.

#![allow(unreachable_pub, reason = "the macro of components writes `pub` around what is not")]

mod components;
mod csr;
mod platform;
mod route;
mod sheet;
mod shell;
mod state;
mod views;
mod worker;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

fn main() {}

/// Starts the interface in the document.
///
/// `module` is the compiled wasm module, to be posted as `{ module }` to every worker,
/// `worker_url` is the address of the classic script to start workers from, and `first` is a worker
/// that was sent the module already, unless it failed.
#[wasm_bindgen]
pub fn run_window(
    module: js_sys::WebAssembly::Module,
    worker_url: String,
    first: Option<platform::Worker>,
) {
    let source = worker::Source::new(module, worker_url, first);
    mount_to_body(move || view! { <shell::Shell source=source /> });
}

/// Starts a worker: installs its message handler and returns.
#[wasm_bindgen]
pub fn run_worker() {
    worker::serve();
}
