//! The build tool: compiles, packs, serves, tests and measures PKI Workbench.
//!
//! It is started with `cargo xtask` (an alias in `.cargo/config.toml`), so that a machine with Rust
//! and nothing else can build and try the workbench with one command.
#![forbid(unsafe_code)]

mod arrange;
mod base93;
mod bench;
mod checkout;
mod compile;
mod deps;
mod dist;
mod hosted;
mod http;
mod install;
mod optimize;
mod packed;
mod page;
mod parts;
mod process;
mod serve;
mod size;
mod test;
mod tidy;
mod trunk;

use std::process::ExitCode;

use checkout::Checkout;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<ExitCode, String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let checkout = Checkout::find()?;
    let (command, options) = words.split_first().unwrap_or((&"help", &[]));
    match *command {
        "serve" => serve::run(&checkout, options),
        "dist" => dist::run(&checkout, options),
        "test" => return test::run(&checkout, options),
        "bench" => bench::run(&checkout, options),
        "pack" => trunk::run(&checkout, options),
        "size" => size::run(&checkout, options),
        "deps" => deps::run(&checkout, options),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no command {other:?}\n\n{HELP}")),
    }
    .map(|()| ExitCode::SUCCESS)
}

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--open]   build quickly, serve on 127.0.0.1 and print the address
  dist                        write dist/: the packed file, the hosted folder, SHA256SUMS
  test [--no-run]             install what is missing, build, and run every test
  bench [--runs N] [--only WORD]
                              measure natively and in Chromium, beside openssl, kubeadm,
                              WebCrypto and JavaScript; WORD: only rows named so
  size                        print the sizes of what dist wrote; fail over budget
  deps                        hold licences, sources and advisories against deny.toml
  pack                        fill Trunk's staging folder (`trunk serve` calls it)";
