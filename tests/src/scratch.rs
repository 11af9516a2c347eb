//! Folders for one test each, removed at its end.

use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

/// A fresh folder, only for its owner, which goes with the value.
pub struct Scratch {
    path: PathBuf,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Scratch {
    /// Makes a folder with the test's name in its own.
    ///
    /// # Panics
    /// When the folder cannot be made.
    pub fn new(name: &str) -> Self {
        // A process id is not enough: in a network of its own every test has number 1, and two
        // runs at once would write into one folder, and remove it under each other.
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = env::temp_dir().join(format!("pki-tests-{}-{number}-{name}", process::id()));
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Self { path },
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => panic!("{}: {error}", path.display()),
            }
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path inside.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A server that is still writing its last line may keep the folder; the system's own
        // cleaning takes it then.
        let _ = fs::remove_dir_all(&self.path);
    }
}
