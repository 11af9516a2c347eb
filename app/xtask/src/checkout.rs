//! Where things are in this checkout, so that commands work from any folder inside it.

use std::fs;
use std::path::{Path, PathBuf};

/// The root folder of the repository, and the places that the build reads and writes.
pub(crate) struct Checkout {
    root: PathBuf,
}

impl Checkout {
    /// Finds the checkout that this tool was built from: cargo names it when it runs the tool.
    pub(crate) fn find() -> Result<Self, String> {
        let crate_folder = std::env::var("CARGO_MANIFEST_DIR")
            .map_err(|_| "start this tool as `cargo xtask`, from inside the repository")?;
        let root = Path::new(&crate_folder)
            .ancestors()
            .find(|folder| folder.join("Cargo.lock").is_file())
            .ok_or_else(|| format!("no Cargo.lock in any folder above {crate_folder}"))?;
        Ok(Self { root: root.to_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    pub(crate) fn browser_tests(&self) -> PathBuf {
        self.root.join("tests/browser")
    }

    /// Reads a text file of `public/`, with line ends as a browser will see them.
    ///
    /// HTML parsers turn CR LF into LF before a hash in the content security policy is checked, so
    /// a checkout with CR LF would otherwise make a page that refuses its own scripts.
    pub(crate) fn public_text(&self, name: &str) -> Result<String, String> {
        let path = self.root.join("public").join(name);
        let text =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(text.replace("\r\n", "\n"))
    }
}

/// Writes a file and the folders above it, naming the path if that fails.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(path, content).map_err(|error| format!("{}: {error}", path.display()))
}
