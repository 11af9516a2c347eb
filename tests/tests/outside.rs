//! CAs whose key is elsewhere: openssl signs the requests, and wrong answers are refused.

use std::path::Path;
use std::process::Command;

use pki_tests::openssl;
use pki_tests::process::{Outcome, run};
use pki_tests::scratch::Scratch;
use pki_tests::terminal::{example, issue};
use pki_tests::tool;

const WITH: [&str; 6] = ["--algorithm", "ecdsa-p256", "--ca-keys", "vault", "--worker", "w1"];

fn shell(folder: &Path, script: &str) {
    run(Command::new("sh").args(["-ec", script]).current_dir(folder)).expect_ok(script);
}

/// Makes `NAME.crt` and `NAME.key`.
fn ca(folder: &Path, name: &str) {
    shell(
        folder,
        &format!(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
             -keyout {name}.key -out {name}.crt -subj '/O=Acme/CN={name}' \
             -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null"
        ),
    );
}

fn finish(folder: &Path, signed: &[&str], more: &[&str]) -> Outcome {
    let mut words = vec!["--pending", "keys.tgz", "--out", "out.tgz"];
    for file in signed {
        words.extend(["--signed", *file]);
    }
    run(Command::new(example()).current_dir(folder).args(words).args(more))
}

#[test]
fn openssl_signs_what_the_cluster_ca_is_asked_for() {
    if tool::openssl().is_none() {
        return;
    }
    let scratch = Scratch::new("outside");
    let folder = scratch.path();
    ca(folder, "corporate");
    ca(folder, "other");
    let asked = ["--ca", "ca=corporate.crt", "--out", "keys.tgz", "--requests", "send.tgz"];
    let now = run(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])).expect_ok("date");
    let seeded = ["--demo-seed", "x", "--now", now.trim()];
    let demo = issue(folder, &[&WITH[..], &asked, &seeded].concat());
    assert_eq!(demo.status, Some(2));
    assert!(demo.stderr.contains("A demo makes everything itself"), "{}", demo.stderr);
    let outcome = issue(folder, &[&WITH[..], &asked].concat());
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    shell(folder, "mkdir send && tar -xzf send.tgz -C send && ! grep -r PRIVATE send");
    shell(folder, "for f in send/*/*.csr; do openssl req -verify -noout -in $f; done 2>/dev/null");
    // A request says by itself what it needs, for CAs that copy it.
    shell(
        folder,
        "openssl req -noout -text -in send/cp1/apiserver.csr | grep -q 'IP Address:10.96.0.1'",
    );
    shell(folder, "sh send/sign.sh ca corporate.crt corporate.key 2>/dev/null");

    // Not all, signed by another, without the names, a stranger's, no certificate at all.
    shell(
        folder,
        "sed s/serverAuth/clientAuth/ send/extensions.cnf > wrong.cnf
         sign() { openssl x509 -req -days 9 -in send/cp1/apiserver.csr \"$@\" 2>/dev/null; }
         sign -CA other.crt -CAkey other.key > other-signed.pem
         sign -CA corporate.crt -CAkey corporate.key > bare.pem
         sign -CA corporate.crt -CAkey corporate.key -extfile wrong.cnf -extensions r0 \
           > usage.pem
         printf -- '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' > broken.pem",
    );
    for (file, says) in [
        ("send/signed/cp1/apiserver.crt", "no certificate yet for cp1/apiserver-kubelet-client"),
        ("other-signed.pem", "not signed by the CA"),
        ("bare.pem", "lacks names"),
        ("usage.pem", "other usages"),
        ("other.crt", "for none of the keys"),
        ("broken.pem", "cannot be read"),
    ] {
        let outcome = finish(folder, &[file], &[]);
        assert_eq!(outcome.status, Some(2), "{file}");
        assert!(outcome.stderr.contains(says), "{file}: {}", outcome.stderr);
        assert!(!folder.join("out.tgz").exists(), "{file}");
    }
    // What is made was said in the first run.
    let outcome = finish(folder, &["send/signed/ca.pem"], &["--worker", "w2"]);
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.contains("--worker has no place beside --pending"));
    let late = finish(folder, &["send/signed/ca.pem"], &["--now", "2040-01-01T00:00:00Z"]);
    assert!(late.stderr.contains("not valid now"), "{}", late.stderr);

    let outcome = finish(folder, &["send/signed/ca.pem", "corporate.crt"], &[]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    shell(folder, "mkdir out && tar -xzf out.tgz -C out && test ! -e out/vault/pki/ca.key");
    let pki = folder.join("out/hosts/cp1/etc/kubernetes/pki");
    let authority = folder.join("corporate.crt");
    openssl::verify(&authority, &pki.join("apiserver.crt"), "sslserver").expect_ok("server");
    openssl::verify(&authority, &pki.join("apiserver-kubelet-client.crt"), "sslclient")
        .expect_ok("client");
    shell(
        folder,
        "cmp corporate.crt out/hosts/w1/etc/kubernetes/pki/ca.crt
         openssl x509 -pubkey -noout -in out/hosts/cp1/etc/kubernetes/pki/apiserver.crt > one
         openssl pkey -pubout -in out/hosts/cp1/etc/kubernetes/pki/apiserver.key | cmp - one",
    );
}

#[test]
fn an_outside_root_signs_the_ca_below_it() {
    if tool::openssl().is_none() {
        return;
    }
    let scratch = Scratch::new("outside-root");
    let folder = scratch.path();
    ca(folder, "root");
    let design = "apiVersion: pki-workbench/v1\nkind: Design\nauthorities:\n\
                  - {name: root, commonName: Acme Root}\n- {name: ca, below: root}\n";
    std::fs::write(folder.join("design.yaml"), design).expect("a file in the test's folder");
    let asked = ["--design", "design.yaml", "--ca", "root=root.crt", "--out", "keys.tgz"];
    let outcome = issue(folder, &[&asked[..], &WITH].concat());
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    shell(
        folder,
        "mkdir kept && tar -xzf keys.tgz -C kept && ls kept/requests/*.csr | grep -qx kept/requests/ca.csr
         sh kept/requests/sign.sh root root.crt root.key 2>/dev/null",
    );
    let outcome = finish(folder, &["kept/requests/signed/root.pem"], &[]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    shell(
        folder,
        "mkdir out && tar -xzf out.tgz -C out && test -e out/vault/pki/ca.key
         test ! -e out/vault/pki/root.key
         openssl verify -CAfile root.crt -untrusted kept/requests/signed/ca.crt \
           out/hosts/cp1/etc/kubernetes/pki/apiserver.crt",
    );
}
