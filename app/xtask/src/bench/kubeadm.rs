//! The same layout by kubeadm itself, where it is installed: `init phase certs all` and
//! `init phase kubeconfig all`, which is two processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::ways::{quiet, said};
use crate::checkout;

/// What the row is called.
pub(super) const NAME: &str = "kubeadm init phase certs all, kubeconfig all";

/// kubeadm of some version.
pub(super) struct Kubeadm {
    program: PathBuf,
    /// `v1.36.2`: it makes clusters of its own version without asking the network for another.
    version: String,
}

impl Kubeadm {
    /// Asks a program for its version.
    pub(super) fn new(program: PathBuf) -> Result<Self, String> {
        let version = said(Command::new(&program).args(["version", "-o", "short"]))?;
        Ok(Self { program, version: version.trim().to_owned() })
    }

    /// Makes the layout for one control plane from nothing.
    pub(super) fn layout(&self, folder: &Path, algorithm: &str) -> Result<(), String> {
        let pki = folder.join("kubeadm");
        // What is there is taken over instead of made.
        if pki.exists() {
            fs::remove_dir_all(&pki).map_err(|error| format!("{}: {error}", pki.display()))?;
        }
        let config = folder.join("kubeadm.yaml");
        checkout::write(&config, self.config(&pki, algorithm)?.as_bytes())?;
        let phase = |name: &str| {
            let mut command = Command::new(&self.program);
            command.args(["init", "phase", name, "all", "--config"]).arg(&config);
            command
        };
        quiet(&mut phase("certs"))?;
        quiet(phase("kubeconfig").arg("--kubeconfig-dir").arg(&pki))
    }

    fn config(&self, pki: &Path, algorithm: &str) -> Result<String, String> {
        let minor = self.version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
        let minor = minor.ok_or_else(|| format!("kubeadm calls its version {:?}", self.version))?;
        // v1beta4 came with 1.31, and with it other keys than RSA-2048.
        let (form, keys) = match (minor >= 31, algorithm) {
            (true, "P-256") => ("v1beta4", "encryptionAlgorithm: ECDSA-P256\n"),
            (true, _) => ("v1beta4", "encryptionAlgorithm: RSA-2048\n"),
            (false, "RSA-2048") => ("v1beta3", ""),
            (false, other) => return Err(format!("kubeadm {} has no {other} keys", self.version)),
        };
        Ok(format!(
            "apiVersion: kubeadm.k8s.io/{form}\nkind: InitConfiguration\n\
             localAPIEndpoint:\n  advertiseAddress: 10.0.0.10\n\
             nodeRegistration:\n  name: cp1\n---\n\
             apiVersion: kubeadm.k8s.io/{form}\nkind: ClusterConfiguration\n\
             kubernetesVersion: {}\ncertificatesDir: {}\n{keys}",
            self.version,
            pki.display(),
        ))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::ways::Scratch;
    use super::*;

    /// A program in kubeadm's place: it notes how it was called, and insists on what kubeadm does.
    const STAND_IN: &str = r#"#!/bin/sh
cd "$(dirname "$0")" || exit 9
echo "$*" | sed "s|$PWD|HERE|g" >> calls
[ -e broken ] && { echo "I am broken" >&2; exit 1; }
case "$*" in
"version -o short") echo v1.MINOR.2 ;;
"init phase certs all --config "*)
    [ -e kubeadm ] && { echo "keys of another run are there" >&2; exit 1; }
    mkdir kubeadm && cp kubeadm.yaml kubeadm/ca.key ;;
"init phase kubeconfig all --config "*) [ -e kubeadm/ca.key ] && touch kubeadm/admin.conf ;;
*) echo "unknown: $*" >&2; exit 2 ;;
esac
"#;

    fn stand_in(folder: &Path, minor: &str) -> Kubeadm {
        let program = folder.join("stand-in");
        fs::write(&program, STAND_IN.replace("MINOR", minor)).expect("a folder to write in");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("our own file");
        // Another test may be about to start a program, with this file still open for writing.
        let mut tries = (0..100).map(|_| Kubeadm::new(program.clone()).inspect_err(|_| pause()));
        tries.find_map(Result::ok).expect("it tells its version")
    }

    fn pause() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }

    #[test]
    fn is_called_for_both_phases_each_time_from_nothing() {
        let scratch = Scratch::new("kubeadm-test").expect("a folder");
        let kubeadm = stand_in(scratch.path(), "36");
        for algorithm in ["P-256", "RSA-2048"] {
            kubeadm.layout(scratch.path(), algorithm).expect("the stand-in is content");
        }
        let read = |name: &str| fs::read_to_string(scratch.path().join(name)).expect("is there");
        let phases = "init phase certs all --config HERE/kubeadm.yaml\n\
                      init phase kubeconfig all --config HERE/kubeadm.yaml \
                      --kubeconfig-dir HERE/kubeadm\n";
        assert_eq!(read("calls"), format!("version -o short\n{phases}{phases}"));
        assert!(scratch.path().join("kubeadm/admin.conf").exists());
        let config = read("kubeadm.yaml");
        for line in [
            "kubeadm.k8s.io/v1beta4",
            "kubernetesVersion: v1.36.2",
            "encryptionAlgorithm: RSA-2048",
        ] {
            assert!(config.contains(line), "{config}");
        }
    }

    #[test]
    fn tells_why_it_cannot() {
        let scratch = Scratch::new("kubeadm-old").expect("a folder");
        let old = stand_in(scratch.path(), "29");
        let error = old.layout(scratch.path(), "P-256").expect_err("1.29 has none");
        assert_eq!(error, "kubeadm v1.29.2 has no P-256 keys");
        old.layout(scratch.path(), "RSA-2048").expect("1.29 has these");
        fs::write(scratch.path().join("broken"), "").expect("a folder to write in");
        let error = old.layout(scratch.path(), "RSA-2048").expect_err("it fails");
        assert!(error.contains("I am broken"), "{error}");
    }
}
