//! Reads anything from the terminal: detect → decode → explain.
//!
//! Exit status: 0 decoded, 1 decoded with errors in the object, 2 not recognised.

use std::error::Error;
use std::io::{Read, Write};
use std::process::ExitCode;
use std::{env, fs, io};

use pki_core::decode::{Finding, Tree, tree};
use pki_core::detect::LARGEST_INPUT;
use pki_core::explain::{self, ExpiryTable, Object, ObjectReport, Report, openssl};
use pki_text::en::{explain as explain_text, meaning};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const USAGE: &str = "\
usage: decode [--format meaning|text|json|expiry|asn1] [--now RFC3339] [FILE]...

Reads the files, or standard input when there are none (or one is called -).
text is what `openssl x509 -noout -text`, `openssl req` and `openssl crl` of OpenSSL 3.0 print for
each certificate, request and revocation list.
expiry is the table of `kubeadm certs check-expiration` over all certificates; asn1 lists every
value of each object with its offset. Several files are read as one, so that keys and chains meet.
Exit status: 0 decoded, 1 decoded with errors in the object, 2 not recognised.";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Meaning,
    Text,
    Json,
    Expiry,
    Asn1,
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
    if let [file] = &files[..] {
        let report = explain::read(&contents(file)?, now);
        complain(file, &report.findings, report.objects.is_empty());
        return show(&report, format);
    }
    let mut inputs = Vec::new();
    for file in &files {
        inputs.push((file.as_str(), contents(file)?));
    }
    let inputs = inputs.iter().map(|(name, bytes)| (*name, bytes.as_slice()));
    let (report, findings) = explain::read_files(inputs, now);
    for file in &findings {
        complain(&file.name, &file.findings, true);
    }
    show(&report, format)
}

fn format_named(name: Option<&str>) -> Result<Format, String> {
    match name {
        Some("meaning") => Ok(Format::Meaning),
        Some("text") => Ok(Format::Text),
        Some("json") => Ok(Format::Json),
        Some("expiry") => Ok(Format::Expiry),
        Some("asn1") => Ok(Format::Asn1),
        Some(other) => Err(format!("unknown format {other}\n\n{USAGE}")),
        None => Err("--format has no value".to_owned()),
    }
}

fn contents(file: &str) -> Result<Vec<u8>, String> {
    // One octet more than is taken, whatever comes: a pipe may have no end.
    let limit = LARGEST_INPUT as u64 + 1;
    let mut input = Vec::new();
    let read = if file == "-" {
        io::stdin().lock().take(limit).read_to_end(&mut input)
    } else {
        fs::File::open(file).and_then(|file| file.take(limit).read_to_end(&mut input))
    };
    read.map_err(|error| format!("cannot read {file}: {error}"))?;
    if input.len() > LARGEST_INPUT {
        let megabytes = LARGEST_INPUT >> 20;
        return Err(format!(
            "{file} is larger than {megabytes} MB, which is the most that is read; give the part \
             of it that matters"
        ));
    }
    Ok(input)
}

/// Says what is wrong with a file as a whole, where the report does not say it.
fn complain(file: &str, findings: &[Finding], unsaid: bool) {
    for finding in findings.iter().filter(|_| unsaid) {
        eprintln!("decode: {file}: {}", meaning::finding(finding));
    }
}

/// Writes a report; gives the exit status that it deserves.
fn show(report: &Report, format: Format) -> Result<u8, Box<dyn Error>> {
    if report.objects.is_empty() {
        return Ok(2);
    }
    let mut out = io::stdout().lock();
    match format {
        Format::Meaning => out.write_all(meaning::meaning(report).as_bytes())?,
        Format::Text => {
            for object in &report.objects {
                match text_of(object) {
                    Some(text) => out.write_all(text.as_bytes())?,
                    None => write!(out, "{}", asn1_of_unknown(object))?,
                }
            }
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, report)?;
            writeln!(out)?;
        }
        Format::Expiry => {
            let table = ExpiryTable::new(report);
            if table.certificates.is_empty() && table.authorities.is_empty() {
                eprintln!("decode: no certificate could be read, so the table would be empty");
            } else {
                out.write_all(table.kubeadm().as_bytes())?;
            }
        }
        Format::Asn1 => {
            for der in report.objects.iter().filter_map(ObjectReport::der) {
                let tree = tree(&der);
                write!(out, "{tree}")?;
                for finding in &tree.findings {
                    writeln!(out, "{}", meaning::finding(finding))?;
                }
            }
        }
    }
    if matches!(format, Format::Text | Format::Expiry | Format::Asn1) {
        // These forms have no place for what is wrong with an object that is none.
        for object in report.objects.iter().filter(|o| matches!(o.object, Object::Unknown(_))) {
            complain(&explain_text::path(&object.path), &object.findings, true);
        }
    }
    Ok(u8::from(report.has_errors()))
}

/// The values of bytes that are no object, as far as they go; nothing of any other object.
fn asn1_of_unknown(object: &ObjectReport) -> Tree {
    let der = matches!(object.object, Object::Unknown(_)).then(|| object.der()).flatten();
    tree(&der.unwrap_or_default())
}

/// The text form of a certificate, a request or a revocation list; other objects have none.
fn text_of(object: &ObjectReport) -> Option<String> {
    openssl::text(&object.der()?)
}
