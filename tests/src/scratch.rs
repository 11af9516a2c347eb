//! Folders for one test each, removed at its end.

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
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("pki-tests-{}-{number}-{name}", process::id()));
        fs::create_dir_all(&path).expect("a folder in the temporary folder");
        Self { path }
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
