//! Gzip (RFC 1952) in runs that are compressed each by itself, so that several can make one file.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use zeroize::Zeroizing;

/// A piece of deflate (RFC 1951) that ends at an octet.
pub(crate) struct Run {
    pub(crate) deflated: Zeroizing<Vec<u8>>,
    /// The checksum of what was compressed.
    pub(crate) crc: u32,
    /// How many octets that was, modulo 2^32.
    pub(crate) length: u32,
}

/// One run as a file.
pub(crate) fn pack(bytes: &[u8], level: Compression) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut packer = Packer::new(level);
    packer.write_all(bytes)?;
    Ok(join(&[packer.last_run()?]))
}

/// Runs, the last of which is an end, as one file.
pub(crate) fn join(runs: &[Run]) -> Zeroizing<Vec<u8>> {
    // §2.3.1: magic, deflate, no flags, no time, no level, and 255 for no known system: the same on
    // every machine.
    let head = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let length = runs.iter().map(|run| run.deflated.len()).sum::<usize>();
    // Sized beforehand, so that growing leaves no copies of keys behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(head.len() + length + 8));
    bytes.extend_from_slice(&head);
    let mut crc = crc32fast::Hasher::new();
    let mut size = 0_u32;
    for run in runs {
        bytes.extend_from_slice(&run.deflated);
        crc.combine(&crc32fast::Hasher::new_with_initial_len(run.crc, run.length.into()));
        size = size.wrapping_add(run.length);
    }
    bytes.extend_from_slice(&crc.finalize().to_le_bytes());
    bytes.extend_from_slice(&size.to_le_bytes());
    bytes
}

/// Compresses, and sums up what it compresses.
pub(crate) struct Packer {
    deflate: DeflateEncoder<Wiped>,
    crc: crc32fast::Hasher,
    length: u32,
}

impl Packer {
    pub(crate) fn new(level: Compression) -> Self {
        let deflate = DeflateEncoder::new(Wiped::default(), level);
        Self { deflate, crc: crc32fast::Hasher::new(), length: 0 }
    }

    /// What was written, as a run behind which there is another.
    pub(crate) fn run(&mut self) -> io::Result<Run> {
        self.deflate.flush()?;
        Ok(self.take())
    }

    /// The same as the last one.
    pub(crate) fn last_run(&mut self) -> io::Result<Run> {
        self.deflate.try_finish()?;
        Ok(self.take())
    }

    /// What is written afterwards, as writers do when they are dropped, belongs to nothing.
    fn take(&mut self) -> Run {
        let deflated = std::mem::take(&mut self.deflate.get_mut().0);
        Run { deflated, crc: self.crc.clone().finalize(), length: self.length }
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.deflate.write(bytes)?;
        self.crc.update(&bytes[..taken]);
        self.length = self.length.wrapping_add(taken as u32);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Grows as a vector does, and wipes what it grew out of: compressed keys are keys.
#[derive(Default)]
struct Wiped(Zeroizing<Vec<u8>>);

impl Write for Wiped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.0.capacity())));
            larger.extend_from_slice(&self.0);
            self.0 = larger;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
