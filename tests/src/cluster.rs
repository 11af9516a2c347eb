//! A cluster's files, made by the core and unpacked as its README says.

use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use pki_core::design::{Design, DesignNode};
use pki_core::issue::{SystemEntropy, make_all};
use pki_core::plan::Plan;
use pki_core::{bundle, verify};
use pki_text::en::readme::{install_line, readme};
use time::OffsetDateTime;

use crate::process::run;
use crate::scratch::Scratch;

/// A made and unpacked cluster.
pub struct Cluster {
    /// What it was made from.
    pub design: Design,
    /// What was to be made.
    pub plan: Plan,
    /// When it was made.
    pub now: OffsetDateTime,
    scratch: Scratch,
}

/// A node of a design.
pub fn node(name: &str, addresses: &[&str]) -> DesignNode {
    DesignNode {
        name: name.to_owned(),
        addresses: addresses.iter().map(|address| (*address).to_owned()).collect(),
    }
}

/// The default design with P-256 keys and a change.
pub fn design(change: impl FnOnce(&mut Design)) -> Design {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    change(&mut design);
    design
}

impl Cluster {
    /// Makes a cluster's files, verifies the archive as the page does, writes it to disk.
    ///
    /// # Panics
    /// When any step fails.
    pub fn make(name: &str, design: Design) -> Self {
        let (settings, findings) = design.check();
        let plan = Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}")));
        let now = OffsetDateTime::now_utc();
        let mut entropy = SystemEntropy(getrandom::fill);
        let made = make_all(&plan, now, &mut entropy, |_| ControlFlow::Continue(()))
            .expect("a checked design");
        let text = readme(&plan, now, None);
        let bundle = bundle::write(&plan, &design, &made, now, &text, false).expect("a bundle");
        verify::archive(&plan, &bundle.bytes, now).expect("an archive that verifies");
        let scratch = Scratch::new(name);
        fs::write(scratch.join(&bundle.name), &*bundle.bytes).expect("the archive on disk");
        let cluster = Self { design, plan, now, scratch };
        run(Command::new("tar").arg("-xpzf").arg(&bundle.name).current_dir(cluster.folder()))
            .expect_ok("tar -x");
        cluster
    }

    /// The folder with the archive and everything in it.
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// A file or folder of the archive.
    pub fn path(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    /// A file or folder below `/etc/kubernetes` of a node, as unpacked in the archive's folder.
    pub fn host(&self, node: &str, name: &str) -> PathBuf {
        self.scratch.join(format!("hosts/{node}/etc/kubernetes/{name}"))
    }

    /// Runs the README's own line for a node, with another root than `/` and without sudo. Only
    /// root may give files away, so for everybody else they stay their own.
    ///
    /// # Panics
    /// When tar refuses.
    pub fn install(&self, node: &str, root: &Path) {
        let line = install_line(&self.plan.archive_name(false), node);
        let line = line
            .strip_prefix("sudo ")
            .expect("the README installs by sudo")
            .replace(" -C / ", &format!(" -C {} ", root.display()));
        let is_root = fs::metadata(root).is_ok_and(|metadata| metadata.uid() == 0);
        let line = if is_root { line } else { line.replace("--same-owner", "--no-same-owner") };
        run(Command::new("sh").args(["-c", &line]).current_dir(self.folder())).expect_ok(&line);
    }
}

/// Reads a file of a test as text.
///
/// # Panics
/// When it is not there.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
