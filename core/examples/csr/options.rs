//! The options of a command: names with values, in any order, some of them more than once.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use pki_core::key::PrivateKey;
use pki_core::review::MAX_INPUT;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::failure::Failure;

/// Options as they were given.
pub(crate) struct Options {
    given: Vec<(String, String)>,
    /// What stands alone.
    pub(crate) files: Vec<String>,
}

impl Options {
    /// `flags` take no value.
    pub(crate) fn read(
        arguments: &[String],
        known: &[&str],
        flags: &[&str],
    ) -> Result<Self, Failure> {
        let mut options = Self { given: Vec::new(), files: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if !argument.starts_with("--") {
                options.files.push(argument.clone());
            } else if flags.contains(&argument.as_str()) {
                options.given.push((argument.clone(), String::new()));
            } else if known.contains(&argument.as_str()) {
                let value = arguments.next();
                let value =
                    value.ok_or_else(|| Failure::Input(format!("{argument} has no value")))?;
                options.given.push((argument.clone(), value.clone()));
            } else {
                return Err(Failure::Input(format!("unknown option {argument}")));
            }
        }
        Ok(options)
    }

    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let wanted = self.given.iter().filter(|(given, _)| given == name);
        wanted.map(|(_, value)| value.clone()).collect()
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.one(name).ok_or_else(|| Failure::Input(format!("{name} is missing")))
    }

    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Failure>
    where
        T::Err: std::fmt::Display,
    {
        match self.one(name) {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|error| Failure::input(name, &error)),
        }
    }

    /// The clock, which is read here and nowhere in the library; Unix seconds.
    pub(crate) fn now(&self) -> Result<i64, Failure> {
        match self.one("--now") {
            None => Ok(OffsetDateTime::from(std::time::SystemTime::now()).unix_timestamp()),
            Some(text) => OffsetDateTime::parse(text, &Rfc3339)
                .map(OffsetDateTime::unix_timestamp)
                .map_err(|error| Failure::input("--now", &error)),
        }
    }

    /// The one file that stands alone, or standard input.
    pub(crate) fn input(&self) -> Result<Vec<u8>, Failure> {
        match self.files.as_slice() {
            [] => read_file("-"),
            [file] => read_file(file),
            _ => Err(Failure::Input("more than one file".to_owned())),
        }
    }
}

/// `-` is standard input. No more is read than the review takes.
pub(crate) fn read_file(path: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = MAX_INPUT as u64 + 1;
    let read = if path == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::input(path, &error))?;
    Ok(bytes)
}

pub(crate) fn read_text(path: &str) -> Result<String, Failure> {
    String::from_utf8(read_file(path)?).map_err(|error| Failure::input(path, &error))
}

/// The private key in a PEM file; `EC PARAMETERS` in front of it is passed over.
pub(crate) fn read_key(path: &str) -> Result<PrivateKey, Failure> {
    let text = zeroize::Zeroizing::new(read_text(path)?);
    PrivateKey::find_in_pem(&text, "").map_err(|error| Failure::input(path, &error))
}

/// The first line of a file, or of standard input.
pub(crate) fn read_passphrase(path: &str) -> Result<zeroize::Zeroizing<String>, Failure> {
    let text = zeroize::Zeroizing::new(read_text(path)?);
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::Input(format!("{path}: the first line is empty")));
    }
    Ok(zeroize::Zeroizing::new(line.to_owned()))
}

/// Writes a file; only its owner may read a secret one, from its first byte on.
pub(crate) fn write_file(path: &Path, text: &str, secret: bool) -> Result<(), Failure> {
    write_bytes(path, text.as_bytes(), secret)
}

/// As [`write_file`].
pub(crate) fn write_bytes(path: &Path, content: &[u8], secret: bool) -> Result<(), Failure> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let written = options.open(path).and_then(|mut file| file.write_all(content));
    written.map_err(|error| Failure::Output(format!("{}: {error}", path.display())))
}

/// To standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let written = std::io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| Failure::Output(error.to_string()))
}
