//! The kubeadm layout natively, beside openssl making as many keys and certificates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::figures::{Peer, Row};
use crate::checkout::{self, Checkout};
use crate::process;

/// Measures the library's example, from the start of its process to the verified archive.
pub(crate) fn rows(checkout: &Checkout, runs: usize) -> Result<Vec<Row>, String> {
    let program = build_example(checkout, "issue")?;
    let folder = std::env::temp_dir().join(format!("pki-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let rows = ALGORITHMS
        .iter()
        .map(|(name, option, openssl)| {
            println!("Measuring the kubeadm layout natively, {name} ...");
            let ours = sampled(runs, || {
                let mut command = Command::new(&program);
                command.args(["--algorithm", option, "--out"]).arg(folder.join("pki.tar.gz"));
                quiet(&mut command)
            })?;
            let row = Row::time(&format!("kubeadm layout, {name}, native"), ours, None);
            Ok(row.beside(openssl_peer(&folder, runs, openssl)?))
        })
        .collect();
    // Left behind they are only some test keys in the folder for passing things.
    let _ = fs::remove_dir_all(&folder);
    rows
}

/// Builds an example of the library as it is released; gives its program.
pub(super) fn build_example(checkout: &Checkout, name: &str) -> Result<PathBuf, String> {
    let mut cargo = process::cargo();
    cargo.current_dir(checkout.root()).args(["build", "--release", "--locked"]);
    cargo.args(["--package", "pki-core", "--example", name]);
    cargo.args(["--message-format", "json-render-diagnostics"]);
    process::output(&mut cargo)?
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo built the example but named no program".to_owned())
}

/// What people write instead: one openssl process for each key with its certificate.
fn openssl_peer(folder: &Path, runs: usize, key: &[&str]) -> Result<Option<Peer>, String> {
    let Some(openssl) = process::on_path("openssl") else { return Ok(None) };
    let extensions = folder.join("peer.cnf");
    checkout::write(&extensions, EXTENSIONS.as_bytes())?;
    let certificate = |name: &str, section: &str, issuer: Option<&str>| {
        let mut command = Command::new(&openssl);
        command.args(["req", "-x509", "-nodes", "-days", "365", "-sha256"]).args(key);
        command.args(["-config", "peer.cnf", "-extensions", section, "-subj"]);
        command.arg(format!("/CN={name}"));
        command.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")]);
        if let Some(issuer) = issuer {
            command.args(["-CA", &format!("{issuer}.crt"), "-CAkey", &format!("{issuer}.key")]);
        }
        quiet(command.current_dir(folder))
    };
    let samples = sampled(runs, || {
        for authority in 0..AUTHORITIES {
            certificate(&format!("ca{authority}"), "authority", None)?;
        }
        for leaf in 0..LEAVES {
            let issuer = format!("ca{}", leaf % AUTHORITIES);
            certificate(&format!("leaf{leaf}"), "leaf", Some(&issuer))?;
        }
        let mut service_accounts = Command::new(&openssl);
        service_accounts.args(["genrsa", "-out", "sa.key", "2048"]).current_dir(folder);
        quiet(&mut service_accounts)
    })?;
    Ok(Some(Peer { name: "openssl, one process each".to_owned(), samples }))
}

/// The time of each run, in milliseconds.
pub(super) fn sampled(
    runs: usize,
    mut work: impl FnMut() -> Result<(), String>,
) -> Result<Vec<f64>, String> {
    (0..runs)
        .map(|_| {
            let start = Instant::now();
            work()?;
            Ok(start.elapsed().as_secs_f64() * 1000.0)
        })
        .collect()
}

/// Runs a command whose output is not wanted.
pub(super) fn quiet(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{:?} ended with {}: {said}", command.get_program(), output.status))
}

/// What people call it, what our example calls it, and what openssl does.
type Algorithm = (&'static str, &'static str, &'static [&'static str]);

const ALGORITHMS: [Algorithm; 2] = [
    ("P-256", "ecdsa-p256", &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("RSA-2048", "rsa-2048", &["-newkey", "rsa:2048"]),
];

/// kubeadm's layout for one control plane: three CAs; seven certificates and five kubeconfigs;
/// and the key for service accounts, which is RSA-2048 in both of ours too.
const AUTHORITIES: usize = 3;
const LEAVES: usize = 12;

const EXTENSIONS: &str = "\
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
[leaf]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth
";
