//! CertificateSigningRequests from the terminal.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

#[path = "csr/failure.rs"]
mod failure;
#[path = "csr/verdicts.rs"]
mod verdicts;

use failure::Failure;

const USAGE: &str = "\
usage: csr verdicts --cases FILE --runs FILE [--now UNIX-SECONDS] [--existing NAME]...

Exit status: 0 fine, 1 refused by review, 2 bad input.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("csr: {failure}");
            ExitCode::from(failure.exit_status())
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    match arguments.split_first() {
        Some((command, options)) if command == "verdicts" => run_verdicts(options),
        _ => Err(Failure::Input(USAGE.to_owned())),
    }
}

fn run_verdicts(options: &[String]) -> Result<(), Failure> {
    let (mut cases, mut runs, mut now, mut existing) = (None, None, None, Vec::new());
    for pair in options.chunks(2) {
        let [name, value] = pair else {
            return Err(Failure::Input(format!("an option has no value\n\n{USAGE}")));
        };
        match name.as_str() {
            "--cases" => cases = Some(read(value)?),
            "--runs" => runs = Some(read(value)?),
            "--now" => {
                now = Some(value.parse().map_err(|error| Failure::input("--now", &error))?);
            }
            "--existing" => existing.push(value.clone()),
            _ => return Err(Failure::Input(format!("unknown option {name}\n\n{USAGE}"))),
        }
    }
    let (Some(cases), Some(runs)) = (cases, runs) else {
        return Err(Failure::Input(USAGE.to_owned()));
    };
    verdicts::predict(&cases, &runs, now, &existing, &mut std::io::stdout().lock())
}

fn read(path: &str) -> Result<String, Failure> {
    fs::read_to_string(Path::new(path)).map_err(|error| Failure::input(path, &error))
}
