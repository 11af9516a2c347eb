//! openssl as a second pair of eyes.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Outcome, run, run_with};

/// `openssl` with arguments.
pub fn openssl(arguments: &[&str]) -> Outcome {
    run(Command::new("openssl").args(arguments))
}

/// `openssl verify` of a certificate for a purpose against one CA and no other.
pub fn verify(ca: &Path, certificate: &Path, purpose: &str) -> Outcome {
    run(Command::new("openssl")
        .args(["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-purpose", purpose])
        .arg("-CAfile")
        .arg(ca)
        .arg(certificate))
}

/// The same of many certificates by one openssl: for each, whether it verifies.
pub fn verify_each(ca: &Path, certificates: &[PathBuf], purpose: &str) -> Vec<bool> {
    let outcome = run(Command::new("openssl")
        .args(["verify", "-x509_strict", "-no-CApath", "-no-CAstore", "-purpose", purpose])
        .arg("-CAfile")
        .arg(ca)
        .args(certificates));
    let is_ok = |path: &PathBuf| {
        let line = format!("{}: OK", path.display());
        outcome.stdout.lines().any(|found| found == line)
    };
    let verified: Vec<bool> = certificates.iter().map(is_ok).collect();
    // It says so by its exit status too, so that no line was misread.
    assert_eq!(outcome.ok, verified.iter().all(|ok| *ok), "{}{}", outcome.stdout, outcome.stderr);
    verified
}

/// `openssl x509 -noout -text`.
pub fn text(pem: &str) -> String {
    run_with(Command::new("openssl").args(["x509", "-noout", "-text"]), pem.as_bytes())
        .expect_ok("openssl x509 -text")
}

/// The same of many certificates, in order, by one openssl: starting it takes the longest.
///
/// # Panics
/// When openssl does not show as many as were given.
pub fn texts(pems: &[String]) -> Vec<String> {
    const START: &str = "Certificate:\n    Data:\n";
    let all = run_with(
        Command::new("openssl").args(["storeutl", "-noout", "-text", "-certs", "/dev/stdin"]),
        pems.concat().as_bytes(),
    )
    .expect_ok("openssl storeutl -text");
    let texts: Vec<String> =
        all.split(START).skip(1).map(|text| format!("{START}{text}")).collect();
    assert_eq!(texts.len(), pems.len(), "{all}");
    texts
}

/// `openssl rsa -check` of a private key: both primes, and how the parts belong together.
pub fn check_rsa(pem: &str) -> String {
    run_with(Command::new("openssl").args(["rsa", "-check", "-noout"]), pem.as_bytes())
        .expect_ok("openssl rsa -check")
}

/// The public key of a certificate, as PEM.
pub fn certificate_key(certificate: &str) -> String {
    run_with(Command::new("openssl").args(["x509", "-noout", "-pubkey"]), certificate.as_bytes())
        .expect_ok("openssl x509 -pubkey")
}

/// The public half of a private key, as PEM.
pub fn public_half(key: &str) -> String {
    run_with(Command::new("openssl").args(["pkey", "-pubout"]), key.as_bytes())
        .expect_ok("openssl pkey -pubout")
}

/// `openssl asn1parse` of a PEM block.
pub fn asn1(pem: &str) -> String {
    run_with(Command::new("openssl").arg("asn1parse"), pem.as_bytes())
        .expect_ok("openssl asn1parse")
}
