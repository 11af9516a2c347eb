//! The build tool: compiles, packs, serves, tests and measures PKI Workbench.
//!
//! It is started with `cargo xtask` (an alias in `.cargo/config.toml`), so that a machine with Rust
//! and nothing else can build and try the workbench with one command.
#![forbid(unsafe_code)]

mod checkout;
mod compile;
mod deps;
mod dist;
mod hosted;
mod http;
mod optimize;
mod packed;
mod page;
mod process;
mod serve;
mod size;
mod trunk;

use std::process::ExitCode;

use checkout::Checkout;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let checkout = Checkout::find()?;
    match words.split_first() {
        Some((&"serve", options)) => serve::run(&checkout, options),
        Some((&"dist", options)) => dist::run(&checkout, options),
        Some((&"pack", options)) => trunk::run(&checkout, options),
        Some((&"size", options)) => size::run(&checkout, options),
        Some((&"deps", options)) => deps::run(&checkout, options),
        Some((&("help" | "--help" | "-h"), _)) | None => {
            println!("{HELP}");
            Ok(())
        }
        Some((other, _)) => Err(format!("there is no command {other:?}\n\n{HELP}")),
    }
}

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--open]   build quickly, serve on 127.0.0.1 and print the address
  dist                        write dist/: the packed file, the hosted folder, SHA256SUMS
  size                        print the sizes of what dist wrote; fail over budget
  deps                        hold licences, sources and advisories against deny.toml
  pack                        fill Trunk's staging folder (`trunk serve` calls it)";
