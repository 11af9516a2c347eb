//! The browser application: one WebAssembly module that runs as the window and as each worker.
//!
//! `public/boot.js` compiles the module once, starts the glue in whichever place it finds itself,
//! and calls one of the two exports below. `main` runs at every start, in both personalities, and
//! so does nothing.
//!
//! All of it is compiled for wasm only: natively it would be Leptos and a hundred crates more, for
//! nothing but the tests of a few modules that need no browser. Those are in `native`.

#![allow(unreachable_pub, reason = "the macro of components writes `pub` around what is not")]

#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod csr;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod native;
#[cfg(target_arch = "wasm32")]
mod platform;
#[cfg(target_arch = "wasm32")]
mod route;
#[cfg(target_arch = "wasm32")]
mod run;
#[cfg(target_arch = "wasm32")]
mod sheet;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod state;
#[cfg(target_arch = "wasm32")]
mod views;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    eprintln!("This program runs in a browser: `cargo xtask serve --open` builds and opens it.");
    std::process::ExitCode::from(2)
}
