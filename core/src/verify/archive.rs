//! The entries of the archive: all that were planned, nothing else, with owner, mode and checksum.

use std::collections::BTreeMap;

use crate::bundle::{self, ArchivedFile, CHECKSUMS, EXTRAS, EntryKind};
use crate::plan::Plan;

use super::{Share, VerifyError, VerifyProblem};

/// The files of an archive by path.
pub(super) struct Files {
    by_path: BTreeMap<String, ArchivedFile>,
}

impl Files {
    /// All files of the archive, or those that a share of the check reads.
    pub(super) fn read(plan: &Plan, bytes: &[u8], share: Share) -> Result<Self, VerifyError> {
        let files = plan.files.iter().filter(|file| share.reads_file(plan, file));
        let extras = EXTRAS.into_iter().filter(|_| share.is_first());
        let planned: BTreeMap<&str, u32> =
            files.map(|file| (file.path.as_str(), file.mode)).chain(extras).collect();
        let is_read = |path: &str| share.is_first() || planned.contains_key(path);
        let entries = bundle::read_some(bytes, is_read)
            .map_err(|error| VerifyProblem::Unreadable(error.reason).at(""))?;
        let mut by_path = BTreeMap::new();
        for entry in entries {
            check_entry(&entry)?;
            if entry.kind == EntryKind::Folder {
                continue;
            }
            let path = entry.path.clone();
            let Some(&mode) = planned.get(path.as_str()) else {
                return Err(VerifyProblem::Unplanned.at(&path));
            };
            if entry.mode != mode {
                let problem = VerifyProblem::Mode { found: entry.mode, planned: mode };
                return Err(problem.at(&path));
            }
            if by_path.insert(path.clone(), entry).is_some() {
                return Err(VerifyProblem::Unplanned.at(&path));
            }
        }
        match planned.keys().find(|path| !by_path.contains_key(**path)) {
            Some(missing) => Err(VerifyProblem::Missing.at(missing)),
            None => Ok(Self { by_path }),
        }
    }

    pub(super) fn count(&self) -> usize {
        self.by_path.len()
    }

    pub(super) fn bytes(&self, path: &str) -> Result<&[u8], VerifyError> {
        match self.by_path.get(path) {
            Some(file) => Ok(&file.bytes),
            None => Err(VerifyProblem::Missing.at(path)),
        }
    }

    pub(super) fn text(&self, path: &str) -> Result<&str, VerifyError> {
        std::str::from_utf8(self.bytes(path)?).map_err(|_| VerifyProblem::NotText.at(path))
    }

    /// Every line of the checksums is recomputed, and every other file has its line.
    pub(super) fn check_checksums(&self) -> Result<(), VerifyError> {
        let mut listed: BTreeMap<&str, &str> = BTreeMap::new();
        for line in self.text(CHECKSUMS)?.lines() {
            let (hash, path) =
                line.split_once("  ").ok_or_else(|| VerifyProblem::Checksum.at(CHECKSUMS))?;
            listed.insert(path, hash);
        }
        for (path, file) in &self.by_path {
            if path == CHECKSUMS {
                continue;
            }
            let line = bundle::checksum(path, &file.bytes);
            let hash = line.split(' ').next();
            if listed.remove(path.as_str()) != hash {
                return Err(VerifyProblem::Checksum.at(path));
            }
        }
        match listed.keys().next() {
            Some(extra) => Err(VerifyProblem::Missing.at(extra)),
            None => Ok(()),
        }
    }
}

fn check_entry(entry: &ArchivedFile) -> Result<(), VerifyError> {
    let escapes = entry.path.starts_with('/')
        || entry.path.is_empty()
        || entry.path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if escapes || entry.kind == EntryKind::Other {
        return Err(VerifyProblem::UnsafeEntry.at(&entry.path));
    }
    if entry.owner != (0, 0) {
        return Err(VerifyProblem::Owner.at(&entry.path));
    }
    Ok(())
}
