//! `csr workshop`: requests for a list of people, in one archive.

use std::path::Path;

use pki_core::request::{Place, Workshop, WorkshopError, invitations, workshop};
use pki_text::en::review as text;

use crate::failure::Failure;
use crate::new::{algorithm, rng};
use crate::options::{Options, print, write_bytes};

const KNOWN: &[&str] =
    &["--role", "--namespace", "--expiration", "--algorithm", "--cluster", "--now", "--out"];

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments, KNOWN, &[])?;
    let said = |error: WorkshopError| Failure::Refused(text::workshop_error(&error));
    let list = options.input()?;
    let people = invitations(&String::from_utf8_lossy(&list)).map_err(said)?;
    let course = Workshop {
        place: match options.one("--namespace") {
            None => Place::OwnNamespace,
            Some(name) => Place::Namespace(name.to_owned()),
        },
        role: options.one("--role").unwrap_or("edit").to_owned(),
        expiration_seconds: options.number("--expiration")?,
        algorithm: algorithm(&options)?,
        cluster: options.one("--cluster").unwrap_or("kubernetes").to_owned(),
    };
    let out = options.required("--out")?;
    let readme = text::WORKSHOP_README;
    let archive = workshop(&people, &course, readme, options.now()?, &mut rng()?).map_err(said)?;
    write_bytes(Path::new(out), &archive, true)?;
    print(&format!("{out}: {} people\n", people.len()))
}
