//! The tar.gz itself: the same bytes for the same files on every machine, and back.

use std::fmt;
use std::io::{self, Read};

use flate2::Compression;
use flate2::read::GzDecoder;
use tar::{EntryType, Header};
use zeroize::Zeroizing;

use crate::gzip::{self, Packer, Run};

/// A folder's mode; kubeadm makes its own with it.
const FOLDER: u32 = 0o755;
/// Folders that every machine has already.
const SYSTEM_FOLDERS: [&str; 3] = ["etc", "var", "var/lib"];
/// Folders that belong on no host and hold secrets.
const PRIVATE_FOLDERS: [&str; 4] = ["authorities", "keys", "operator", "vault"];

/// Writes files, and before them the folders that they are in.
///
/// It may be one of several that write an archive side by side, each a run of its files: the bytes
/// depend on where the runs end, and not on who wrote them.
pub(crate) struct Writer {
    tar: tar::Builder<Packer>,
    mtime: u64,
    /// The path of the file before, in whose folders the next may be.
    before: String,
}

impl Writer {
    /// `mtime` is the time of every entry, in seconds since 1970.
    pub(crate) fn new(mtime: i64) -> Self {
        Self::after("", mtime)
    }

    /// Goes on behind the file of this path.
    pub(crate) fn after(before: &str, mtime: i64) -> Self {
        // A time of 0 would show as 1970.
        let mtime = u64::try_from(mtime).unwrap_or(1).max(1);
        let tar = tar::Builder::new(Packer::new(Compression::default()));
        Self { tar, mtime, before: before.to_owned() }
    }

    /// Adds a file. They come by path, so that those of one folder stand together.
    pub(crate) fn file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> io::Result<()> {
        for (slash, _) in path.match_indices('/') {
            let (folder, _) = path.split_at(slash);
            let is_there = self.before.strip_prefix(folder).is_some_and(|at| at.starts_with('/'));
            // `hosts/<node>/etc` is left out: unpacking over `/` must not touch `/etc` itself.
            let on_host = folder.strip_prefix("hosts/").and_then(|rest| rest.split_once('/'));
            let is_systems = on_host.is_some_and(|(_, path)| SYSTEM_FOLDERS.contains(&path));
            if !is_systems && !is_there {
                let mode = if PRIVATE_FOLDERS.contains(&folder) { 0o700 } else { FOLDER };
                self.entry(&format!("{folder}/"), mode, EntryType::Directory, &[])?;
            }
        }
        path.clone_into(&mut self.before);
        self.entry(path, mode, EntryType::Regular, bytes)
    }

    fn entry(&mut self, path: &str, mode: u32, kind: EntryType, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_username("root")?;
        header.set_groupname("root")?;
        header.set_mtime(self.mtime);
        header.set_size(bytes.len() as u64);
        self.tar.append_data(&mut header, path, bytes)
    }

    /// What was added, as a run of an archive that goes on.
    pub(crate) fn run(mut self) -> io::Result<Run> {
        self.tar.get_mut().run()
    }

    /// The same as the last run of an archive.
    pub(crate) fn last_run(self) -> io::Result<Run> {
        self.tar.into_inner()?.last_run()
    }

    /// An archive of one run.
    pub(crate) fn finish(self) -> io::Result<Zeroizing<Vec<u8>>> {
        Ok(gzip::join(&[self.last_run()?]))
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything else: links, devices.
    Other,
}

/// An entry as it stands in an archive.
pub struct ArchivedFile {
    /// Path as written, without the slash at the end of folders.
    pub path: String,
    /// What it is.
    pub kind: EntryKind,
    /// Mode bits.
    pub mode: u32,
    /// Owner and group by number, both 0 for root.
    pub owner: (u64, u64),
    /// Seconds since 1970.
    pub mtime: u64,
    /// Content; empty for folders.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Bytes that are no archive of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveError {
    /// The reader's reason.
    pub reason: String,
}

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a readable tar.gz: {}", self.reason)
    }
}

impl std::error::Error for ArchiveError {}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        Self { reason: error.to_string() }
    }
}

/// Reads every entry of a `tar.gz`.
///
/// For archives that we wrote: it holds all contents in memory and sets no limit on them.
///
/// # Errors
/// [`ArchiveError`] for bytes that are no such archive, or one cut short.
pub fn read(bytes: &[u8]) -> Result<Vec<ArchivedFile>, ArchiveError> {
    read_some(bytes, |_| true)
}

/// Reads the entries whose path is wanted, and holds no others in memory.
pub(crate) fn read_some(
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<ArchivedFile>, ArchiveError> {
    let mut archive = tar::Archive::new(GzDecoder::new(bytes));
    let mut files = Vec::new();
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = String::from_utf8(entry.path_bytes().into_owned())
            .map_err(|_| ArchiveError { reason: "a path is not UTF-8".to_owned() })?;
        let path = path.trim_end_matches('/').to_owned();
        if !wanted(&path) {
            continue;
        }
        let header = entry.header();
        let kind = match header.entry_type() {
            EntryType::Regular => EntryKind::File,
            EntryType::Directory => EntryKind::Folder,
            _ => EntryKind::Other,
        };
        let (mode, mtime) = (header.mode()?, header.mtime()?);
        let owner = (header.uid()?, header.gid()?);
        // Sized beforehand, so that growing leaves no copies of keys behind.
        let size = usize::try_from(header.size()?).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        entry.read_to_end(&mut bytes)?;
        files.push(ArchivedFile { path, kind, mode, owner, mtime, bytes });
    }
    // tar stops at its own end; gzip's checksum stands behind it.
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok(files)
}
