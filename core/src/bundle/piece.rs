//! The archive in pieces, which several workers can write side by side.
//!
//! A piece is a run of the archive's files. Where it begins and ends depends on the plan alone, so
//! that the same material gives the same archive however many wrote it.

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::archive::Writer;
use super::{Bundle, BundleError, ByItem, CHECKSUMS, DESIGN, EXTRAS, RBAC, README, checksum};
use crate::design::Design;
use crate::gzip::{self, Run};
use crate::issue::Material;
use crate::order;
use crate::plan::{Content, ItemId, Plan, rbac};

/// The files of one piece: so many that what a compressor loses by a fresh start is nothing beside
/// them, and so few that a thousand machines are shared evenly by eight workers.
const FILES: usize = 256;

/// Everything that an archive will hold but for the checksums of it, in its order.
pub struct Contents<'p> {
    plan: &'p Plan,
    now: OffsetDateTime,
    texts: [String; 3],
    files: Vec<(&'p str, u32, Source<'p>)>,
}

/// Where a file's bytes come from.
#[derive(Clone, Copy)]
enum Source<'p> {
    Plan(&'p Content),
    /// The text of this number.
    Text(usize),
}

impl<'p> Contents<'p> {
    /// The arguments are those of [`super::write`].
    pub fn new(plan: &'p Plan, design: &Design, now: OffsetDateTime, readme: &str) -> Self {
        let paths = [README, DESIGN, RBAC];
        let texts = [readme.to_owned(), design.to_yaml(), rbac(&plan.layout, &plan.settings)];
        let planned = plan.files.iter();
        let planned =
            planned.map(|file| (file.path.as_str(), file.mode, Source::Plan(&file.content)));
        let mode =
            |path: &str| EXTRAS.iter().find(|(extra, _)| *extra == path).map(|found| found.1);
        let texts_of = paths.iter().enumerate();
        let texts_of =
            texts_of.map(|(text, path)| (*path, mode(path).unwrap_or(0o644), Source::Text(text)));
        let mut files: Vec<_> = planned.chain(texts_of).collect();
        order::sort_by_key(&mut files, |file| file.0);
        Self { plan, now, texts, files }
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        self.files.len().div_ceil(FILES)
    }

    /// Writes one, counted from 0. `find` gives the material of an item.
    ///
    /// # Errors
    /// A [`BundleError`]; of a piece that there is not, [`BundleError::Archive`].
    pub fn piece<'m>(
        &self,
        index: usize,
        find: &'m dyn Fn(ItemId) -> Option<&'m Material>,
    ) -> Result<Piece, BundleError> {
        let mut files = self.files.chunks(FILES);
        let files =
            files.nth(index).ok_or_else(|| BundleError::Archive(format!("no piece {index}")))?;
        let before = index.checked_mul(FILES).and_then(|first| first.checked_sub(1));
        let before = before.and_then(|before| self.files.get(before)).map_or("", |file| file.0);
        let mut writer = Writer::after(before, time(self.plan, self.now));
        let by_item = ByItem { find };
        let mut sums = String::new();
        // Each file is made, summed up and written before the next: of thousands of machines, only
        // what is compressed is ever there as a whole.
        for (path, mode, source) in files {
            let bytes = match *source {
                Source::Plan(content) => by_item.content(self.plan, content, self.now)?,
                Source::Text(text) => Zeroizing::new(self.texts[text].as_bytes().to_vec()),
            };
            sums.push_str(&checksum(path, &bytes));
            writer.file(path, *mode, &bytes).map_err(failed)?;
        }
        Ok(Piece { run: writer.run().map_err(failed)?, sums })
    }
}

/// A piece of the archive. It contains private keys.
pub struct Piece {
    run: Run,
    /// The checksums of its files.
    sums: String,
}

impl Piece {
    /// The piece as bytes for another worker: checksum and length of what is compressed, length of
    /// the lines of [`CHECKSUMS`], these, and what is compressed. Numbers are 32 bits, big-endian.
    pub fn to_wire(&self) -> Zeroizing<Vec<u8>> {
        let (run, sums) = (&self.run, self.sums.as_bytes());
        let length = u32::try_from(sums.len()).unwrap_or(u32::MAX);
        let numbers = [run.crc, run.length, length].map(u32::to_be_bytes).concat();
        Zeroizing::new([&numbers[..], sums, &run.deflated[..]].concat())
    }

    /// Reads what [`Self::to_wire`] wrote; `None` for anything else.
    pub fn from_wire(bytes: &[u8]) -> Option<Self> {
        let (crc, rest) = bytes.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (sums_length, rest) = rest.split_first_chunk()?;
        let [crc, length, sums_length] =
            [crc, length, sums_length].map(|number| u32::from_be_bytes(*number));
        let (sums, deflated) = rest.split_at_checked(sums_length as usize)?;
        let sums = std::str::from_utf8(sums).ok()?.to_owned();
        Some(Self { run: Run { deflated: Zeroizing::new(deflated.to_vec()), crc, length }, sums })
    }
}

/// Puts the pieces together, in their order, and ends the archive.
///
/// # Errors
/// [`BundleError::Archive`]; there is no partial archive.
pub fn join(
    plan: &Plan,
    pieces: Vec<Piece>,
    now: OffsetDateTime,
    demo: bool,
) -> Result<Bundle, BundleError> {
    let mut last = Writer::after("", time(plan, now));
    let sums: String = pieces.iter().map(|piece| piece.sums.as_str()).collect();
    last.file(CHECKSUMS, 0o644, sums.as_bytes()).map_err(failed)?;
    let mut runs: Vec<_> = pieces.into_iter().map(|piece| piece.run).collect();
    runs.push(last.last_run().map_err(failed)?);
    Ok(Bundle { name: plan.archive_name(demo), bytes: gzip::join(&runs) })
}

fn time(plan: &Plan, now: OffsetDateTime) -> i64 {
    now.unix_timestamp() - plan.settings.backdate
}

fn failed(error: std::io::Error) -> BundleError {
    BundleError::Archive(error.to_string())
}
