//! Requests for a whole course, in one archive.

use pki_core::request::{Place, Workshop, WorkshopError, invitations, workshop};
use pki_text::en::{csr as words, review as text};

use super::message::{CourseAsk, Made, remark};
use super::request::{algorithm, expiration};
use super::work::rng;
use crate::sheet::Tone;

pub(super) fn course(ask: &CourseAsk, list: &str, now: i64) -> Result<Made, String> {
    let said = |error: WorkshopError| text::workshop_error(&error);
    let people = invitations(list).map_err(said)?;
    let or = |typed: &str, usual: &str| match typed.trim() {
        "" => usual.to_owned(),
        typed => typed.to_owned(),
    };
    let course = Workshop {
        place: match ask.namespace.trim() {
            "" => Place::OwnNamespace,
            name => Place::Namespace(name.to_owned()),
        },
        role: or(&ask.role, "edit"),
        expiration_seconds: expiration(&ask.expiration)?,
        algorithm: algorithm(&ask.algorithm),
        cluster: or(&ask.cluster, "kubernetes"),
    };
    let archive = workshop(&people, &course, text::WORKSHOP_README, now, &mut rng()?);
    let archive = archive.map_err(said)?;
    let mut made = Made::fine();
    made.told.remarks.push(remark(Tone::Good, words::course_made(people.len())));
    made.bytes("workshop.tar.gz", words::COURSE_FILE, true, archive);
    Ok(made)
}
