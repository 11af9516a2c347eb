//! Reads anything from the terminal: detect → decode → explain.
//!
//! Exit status: 0 decoded, 1 decoded with errors in the object, 2 not recognised.

use std::error::Error;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::{env, fs, io};

use pki_core::explain::{self, ObjectReport, Report, openssl};
use pki_text::en::meaning;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const USAGE: &str = "\
usage: decode [--format meaning|text|json] [--now RFC3339] [FILE]...

Reads the files, or standard input when there are none (or one is called -).
text is what `openssl x509 -noout -text` or `openssl req -noout -text` of OpenSSL 3.0 prints for
each certificate and request.
Exit status: 0 decoded, 1 decoded with errors in the object, 2 not recognised.";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Meaning,
    Text,
    Json,
}

fn main() -> ExitCode {
    match run(env::args().skip(1)) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("decode: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<u8, Box<dyn Error>> {
    let mut format = Format::Meaning;
    // The clock is read here and nowhere in the library.
    let mut now = OffsetDateTime::from(std::time::SystemTime::now());
    let mut files = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => {
                println!("{USAGE}");
                return Ok(0);
            }
            "--format" => format = format_named(arguments.next().as_deref())?,
            "--now" => {
                let text = arguments.next().ok_or("--now has no value")?;
                now = OffsetDateTime::parse(&text, &Rfc3339).map_err(|error| {
                    format!("--now {text}: {error}; write it as 2026-01-31T12:00:00Z")
                })?;
            }
            option if option.starts_with("--") => {
                return Err(format!("unknown option {option}\n\n{USAGE}").into());
            }
            _ => files.push(argument),
        }
    }
    if files.is_empty() {
        files.push("-".to_owned());
    }
    let mut status = 0;
    for file in &files {
        let input = contents(file)?;
        let report = explain::read(&input, now);
        status = status.max(show(file, &report, format)?);
    }
    Ok(status)
}

fn format_named(name: Option<&str>) -> Result<Format, String> {
    match name {
        Some("meaning") => Ok(Format::Meaning),
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        Some(other) => Err(format!("unknown format {other}\n\n{USAGE}")),
        None => Err("--format has no value".to_owned()),
    }
}

fn contents(file: &str) -> Result<Vec<u8>, String> {
    let mut input = Vec::new();
    let read = if file == "-" {
        io::stdin().lock().read_to_end(&mut input).map(drop)
    } else {
        fs::read(file).map(|bytes| input = bytes)
    };
    read.map_err(|error| format!("cannot read {file}: {error}"))?;
    Ok(input)
}

/// Writes a report; gives the exit status that it deserves.
fn show(file: &str, report: &Report, format: Format) -> Result<u8, Box<dyn Error>> {
    if report.objects.is_empty() {
        for finding in &report.findings {
            eprintln!("decode: {file}: {}", meaning::finding(finding));
        }
        return Ok(2);
    }
    let mut out = io::stdout().lock();
    match format {
        Format::Meaning => out.write_all(meaning::meaning(report).as_bytes())?,
        Format::Text => {
            for text in report.objects.iter().filter_map(text_of) {
                out.write_all(text.as_bytes())?;
            }
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, report)?;
            writeln!(out)?;
        }
    }
    Ok(u8::from(report.has_errors()))
}

/// The text form of a certificate or a request; other objects have none.
fn text_of(object: &ObjectReport) -> Option<String> {
    let (_, der) = pem_rfc7468::decode_vec(object.pem.as_deref()?.as_bytes()).ok()?;
    openssl::text(&der)
}
