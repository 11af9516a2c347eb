//! Archives: gzip streams and tar files, as `tar czf pki.tar.gz /etc/kubernetes/pki` makes them.
//!
//! Nothing is ever written to a disk, so paths with `..` and links lead nowhere; they are names.
//! What all the streams of one input unpack to is bounded by [`MOST_UNPACKED`], so a bomb ends
//! early, and files of a tar are read where they stand, without a copy.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use zeroize::Zeroizing;

use super::{Search, Step, Trail};
use crate::decode::{Finding, Problem};

/// The most octets that all the archives of one input unpack to: 64 MiB.
pub const MOST_UNPACKED: usize = 64 << 20;

/// Whether the bytes are a tar file.
///
/// POSIX.1-1988 writes `ustar` there, and so do GNU and pax; older ones have no mark.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

impl Search {
    /// Whether the bytes are an archive: then what it holds has been found, or it has been said
    /// what is wrong with it.
    pub(super) fn archive(&mut self, bytes: &[u8], trail: &Trail, depth: usize) -> bool {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            self.gzip(bytes, trail, depth)
        } else {
            is_tar(bytes) && self.tar(bytes, trail, depth)
        }
    }

    fn gzip(&mut self, bytes: &[u8], trail: &Trail, depth: usize) -> bool {
        let left = MOST_UNPACKED.saturating_sub(self.unpacked);
        let mut inner = Zeroizing::new(Vec::new());
        let limit = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        let read = MultiGzDecoder::new(bytes).take(limit).read_to_end(&mut inner);
        let too_large = inner.len() > left;
        inner.truncate(left);
        self.unpacked = self.unpacked.saturating_add(inner.len());
        if too_large {
            self.finding(Problem::ArchiveTooLarge { limit: MOST_UNPACKED }.into());
        } else if read.is_err() {
            self.finding(Problem::ArchiveDamaged.into());
        }
        // Of a bomb that is no tar there is nothing to be had.
        if too_large && !is_tar(&inner) {
            return true;
        }
        let known = !inner.is_empty() && self.bytes(&inner, &mut trail.with(Step::Gzip), depth);
        if !known && read.is_ok() {
            self.finding(Problem::ArchiveNothing { files: 1 }.into());
        }
        true
    }

    fn tar(&mut self, bytes: &[u8], trail: &Trail, depth: usize) -> bool {
        let mut archive = tar::Archive::new(bytes);
        let Ok(entries) = archive.entries() else { return false };
        let (mut any, mut files) = (false, 0usize);
        for entry in entries {
            let Ok(entry) = entry else {
                self.damaged();
                break;
            };
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if path.starts_with('/') || path.split('/').any(|part| part == "..") {
                self.finding(Problem::ArchivePath { path: path.clone() }.into());
            }
            if let Some(target) = entry.link_name_bytes() {
                let target = String::from_utf8_lossy(&target).into_owned();
                self.finding(Problem::ArchiveLink { path, target }.into());
                continue;
            }
            if !entry.header().entry_type().is_file() {
                continue;
            }
            files = files.saturating_add(1);
            let start = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
            let size = usize::try_from(entry.size()).unwrap_or(usize::MAX);
            let rest = bytes.get(start..).unwrap_or_default();
            if size > rest.len() {
                self.damaged();
            }
            let inner = rest.get(..size).unwrap_or(rest);
            if !inner.is_empty() {
                any |= self.bytes(inner, &mut trail.with(Step::TarEntry { path }), depth);
            }
        }
        if !any {
            self.finding(Problem::ArchiveNothing { files }.into());
        }
        true
    }

    fn damaged(&mut self) {
        let finding = Finding::from(Problem::ArchiveDamaged);
        if !self.found.findings.contains(&finding) {
            self.finding(finding);
        }
    }
}
