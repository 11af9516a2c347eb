//! The modules with tests that need no browser, for `cargo test`.
//!
//! Each has its file named: the modules around it belong to the page, which is compiled for wasm only.

#[path = "sheet/colons.rs"]
mod colons;
#[path = "views/generate/folders.rs"]
mod folders;
#[path = "views/map/geometry.rs"]
mod geometry;
#[path = "state/history.rs"]
mod history;
#[path = "components/machines.rs"]
mod machines;
#[path = "sheet/visible.rs"]
mod visible;
