//! Requests and scripts in the hands of openssl and kubectl.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use pki_core::key::Algorithm;
use pki_core::request;
use pki_core::review::UntrustedRequest;
use serde_json::Value;

use crate::{key, rng, wishes};

fn is_there(tool: &str, argument: &str) -> bool {
    let mut command = Command::new(tool);
    let command = command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null());
    let found = command.status().is_ok();
    if !found {
        assert!(std::env::var_os("PKI_REQUIRE_ALL").is_none(), "{tool} is missing");
        eprintln!("skipped: {tool} is missing");
    }
    found
}

fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

#[test]
fn openssl_and_kubectl_read_what_we_make() {
    if !is_there("openssl", "version") {
        return;
    }
    let with_kubectl = is_there("kubectl", "--help");
    let directory = directory("csr-request");
    for (wish, algorithm) in wishes().into_iter().zip(Algorithm::ALL) {
        let key = key(algorithm);
        let pem = request::to_pem(&request::encode(&wish, &key, &mut rng()).expect("a request"));
        let (csr, yaml) = (directory.join("csr.pem"), directory.join("csr.yaml"));
        std::fs::write(&csr, &pem).expect("csr.pem");
        std::fs::write(&yaml, request::to_yaml(&wish, algorithm, &pem)).expect("csr.yaml");
        let openssl = Command::new("openssl")
            .args(["req", "-noout", "-verify", "-in"])
            .arg(&csr)
            .output()
            .expect("openssl");
        let text = String::from_utf8_lossy(&openssl.stderr);
        assert!(openssl.status.success() && text.contains("verify OK"), "{text}");
        if with_kubectl {
            // Decodes into the typed object and back, without a server.
            let kubectl = Command::new("kubectl")
                .args(["annotate", "--local", "-o", "json", "--overwrite", "a=b", "-f"])
                .arg(&yaml)
                .output()
                .expect("kubectl");
            assert!(kubectl.status.success(), "{}", String::from_utf8_lossy(&kubectl.stderr));
            let read: Value = serde_json::from_slice(&kubectl.stdout).expect("JSON");
            assert_eq!(read["spec"], request::to_value(&wish, algorithm, &pem)["spec"]);
        }
    }
    std::fs::remove_dir_all(&directory).expect("the directory is ours");
}

/// The script for people who make their keys themselves asks for the same.
#[test]
fn the_openssl_way_asks_for_the_same() {
    if !is_there("openssl", "version") {
        return;
    }
    let directory = directory("csr-openssl");
    for wish in wishes() {
        let script = request::openssl_commands(&wish, Algorithm::EcdsaP256);
        // Without the part that talks to the cluster.
        let script = script.split("kubectl").next().expect("a script");
        let status = Command::new("sh")
            .args(["-euc", script])
            .current_dir(&directory)
            .stderr(Stdio::null())
            .status()
            .expect("a shell");
        assert!(status.success(), "{script}");
        let pem = std::fs::read(directory.join("csr.pem")).expect("csr.pem");
        let request = UntrustedRequest::from_pem(&pem).expect("a request");
        request.prove_possession().expect("a proof");
        assert_eq!(request.subject.common_name, wish.common_name.as_bytes());
        let groups: Vec<_> =
            wish.organizations.iter().map(|group| group.as_bytes().to_vec()).collect();
        assert_eq!(request.subject.organizations, groups);
        assert_eq!(request.sans, wish.sans);
    }
    std::fs::remove_dir_all(&directory).expect("the directory is ours");
}
