//! CAs that were made elsewhere, by openssl, in the place of ours.

use std::fs;
use std::path::Path;
use std::process::Command;

use pki_tests::openssl;
use pki_tests::process::run;
use pki_tests::scratch::Scratch;
use pki_tests::terminal::issue;
use pki_tests::tool;

const CA: &[&str] = &[
    "basicConstraints=critical,CA:TRUE",
    "keyUsage=critical,keyCertSign,cRLSign",
    "subjectKeyIdentifier=hash",
];

/// Makes `NAME.crt` and `NAME.key`, with P-256 unless the arguments say otherwise.
fn ca(folder: &Path, name: &str, subject: &str, extensions: &[&str], key: &[&str]) {
    fs::write(folder.join("config"), "[req]\ndistinguished_name=n\n[n]\n").expect("a file");
    let key = match key {
        [] => &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
        other => other,
    };
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(["req", "-x509", "-config", "config", "-nodes", "-utf8"]);
    command.args(["-days", "3650", "-subj", subject]).args(key);
    command.args(["-keyout", &format!("{name}.key"), "-out", &format!("{name}.crt")]);
    for extension in extensions {
        command.args(["-addext", extension]);
    }
    run(&mut command).expect_ok(name);
}

#[test]
fn a_ca_of_openssl_takes_the_place_of_ours() {
    if tool::openssl().is_none() {
        return;
    }
    let scratch = Scratch::new("bring");
    let folder = scratch.path();
    // Another kind of key than the leaves have, text of UTF8String, and more attributes in its
    // name; and one that another CA of the company signed.
    let subject = "/C=CH/O=Example Örg/OU=PKI+OU=Ops/CN=Corporate CA";
    ca(folder, "own", subject, CA, &["-newkey", "rsa:3072"]);
    ca(folder, "etcd", "/CN=Corporate etcd CA", &CA[..2], &[]);
    let arguments = ["--out", "out.tgz", "--algorithm", "ecdsa-p256", "--worker", "w1"];
    let brought = ["--ca", "ca=own.crt,own.key", "--ca", "etcd-ca=etcd.crt,etcd.key"];
    let outcome = issue(folder, &[&arguments[..], &brought].concat());
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    run(Command::new("tar").args(["-xzf", "out.tgz"]).current_dir(folder)).expect_ok("tar");
    let pki = folder.join("hosts/cp1/etc/kubernetes/pki");
    let public = |path: &Path| openssl::certificate_key(&fs::read_to_string(path).expect("PEM"));
    assert_eq!(public(&pki.join("ca.crt")), public(&folder.join("own.crt")));
    for (leaf, authority, purpose) in [
        ("apiserver.crt", "own.crt", "sslserver"),
        ("apiserver-kubelet-client.crt", "own.crt", "sslclient"),
        ("apiserver-etcd-client.crt", "etcd.crt", "sslclient"),
    ] {
        let (authority, leaf) = (folder.join(authority), pki.join(leaf));
        // The CA without key identifier is fine for Go, but not by the letter of RFC 5280.
        run(Command::new("openssl")
            .args(["verify", "-no-CApath", "-no-CAstore", "-purpose", purpose, "-CAfile"])
            .args([&authority, &leaf]))
        .expect_ok("openssl verify");
    }
    openssl::verify(&folder.join("own.crt"), &pki.join("apiserver.crt"), "sslserver")
        .expect_ok("strictly too");
}

/// Whatever a component would refuse later is refused, with what to do, and nothing is written.
#[test]
fn bad_cas_are_refused() {
    if tool::openssl().is_none() {
        return;
    }
    let scratch = Scratch::new("bring-bad");
    let folder = scratch.path();
    let with = |more: &[&'static str]| [&CA[..1], more].concat();
    ca(folder, "good", "/CN=good", CA, &[]);
    ca(folder, "other", "/CN=other", CA, &[]);
    ca(folder, "leaf", "/CN=leaf", &["basicConstraints=critical,CA:FALSE"], &[]);
    ca(folder, "nosign", "/CN=nosign", &with(&["keyUsage=critical,cRLSign"]), &[]);
    ca(folder, "path0", "/CN=path0", &["basicConstraints=critical,CA:TRUE,pathlen:0"], &[]);
    ca(folder, "eku", "/CN=eku", &with(&["extendedKeyUsage=clientAuth"]), &[]);
    let constraints = "nameConstraints=critical,permitted;IP:192.168.0.0/255.255.0.0";
    ca(folder, "names", "/CN=names", &with(&[constraints]), &[]);
    ca(folder, "ed", "/CN=ed", CA, &["-newkey", "ed25519"]);
    ca(folder, "etcdname", "/CN=etcd-ca", CA, &[]);
    let sh = |line: &str| {
        run(Command::new("sh").args(["-ec", line]).current_dir(folder)).expect_ok(line);
    };
    sh("openssl pkey -in good.key -aes256 -passout pass:x -out locked.key");
    sh("openssl ec -in good.key -aes128 -passout pass:x -out legacy.key 2>/dev/null");
    ca(folder, "rsa", "/CN=rsa", CA, &["-newkey", "rsa:2048"]);
    sh("openssl rsa -in rsa.key -aes128 -traditional -passout pass:x -out rsa-legacy.key \
        2>/dev/null && grep -q Proc-Type rsa-legacy.key legacy.key");
    sh("openssl req -new -config config -key good.key -subj /CN=v1 -out v1.csr && \
        openssl x509 -req -in v1.csr -signkey good.key -out v1.crt 2>/dev/null");
    sh("cat good.crt other.crt > two.crt; echo x > broken.crt");
    let design = "apiVersion: pki-workbench/v1\nkind: Design\nauthorities:\n\
                  - {name: front-proxy-ca, below: ca}\n";
    fs::write(folder.join("below.yaml"), design).expect("a file in the test's folder");
    let design = "apiVersion: pki-workbench/v1\nkind: Design\nauthorities:\n\
                  - {name: ca, permitted: [0.0.0.0/0]}\n";
    fs::write(folder.join("limits.yaml"), design).expect("a file in the test's folder");
    let below: &[&str] = &["--design", "below.yaml"];
    let limits: &[&str] = &["--design", "limits.yaml"];
    let later: &[&str] = &["--now", "2050-01-01T00:00:00Z"];
    for (option, more, says) in [
        ("ca=good.crt,other.key", &[][..], "not that of the certificate"),
        ("ca=good.crt,locked.key", &[], "under a passphrase"),
        ("ca=good.crt,legacy.key", &[], "under a passphrase. Take it off first: openssl pkey"),
        ("ca=rsa.crt,rsa-legacy.key", &[], "under a passphrase. Take it off first: openssl pkey"),
        ("ca=good.crt,good.crt", &[], "key cannot be read"),
        ("ca=good.crt,good.key", later, "not now"),
        ("ca=v1.crt,good.key", &[], "old version"),
        ("ca=leaf.crt,leaf.key", &[], "CA:TRUE"),
        ("ca=nosign.crt,nosign.key", &[], "keyCertSign"),
        ("ca=path0.crt,path0.key", below, "allows 0 CAs below"),
        ("ca=eku.crt,eku.key", &[], "extendedKeyUsage"),
        ("ca=names.crt,names.key", &[], "forbid 10.96.0.1"),
        ("ca=ed.crt,ed.key", &[], "Ed25519"),
        ("ca=etcdname.crt,etcdname.key", &[], "same subject"),
        ("ca=two.crt,good.key", &[], "2 certificates"),
        ("ca=broken.crt,good.key", &[], "0 certificates"),
        ("front-proxy-ca=good.crt,good.key", below, "below"),
        ("ca=good.crt,good.key", limits, "gives this CA name constraints"),
        ("nobody=good.crt,good.key", &[], "front-proxy-ca"),
        ("ca", &[], "NAME=CERT.pem,KEY.pem"),
        ("ca=good.crt", &[], "into hosts/cp1/etc/kubernetes/pki/ca.key"),
        ("ca=none.crt,good.key", &[], "cannot read none.crt"),
    ] {
        let arguments = [&["--out", "no.tgz", "--algorithm", "ecdsa-p256", "--ca", option], more];
        let outcome = issue(folder, &arguments.concat());
        assert_eq!(outcome.status, Some(2), "{option}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(says), "{option}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("panicked"), "{option}: {}", outcome.stderr);
        assert!(!folder.join("no.tgz").exists(), "{option}: a file was left behind");
    }
    let both = ["--ca", "ca=good.crt,good.key", "--ca", "etcd-ca=good.crt,good.key"];
    let outcome = issue(folder, &[&["--out", "no.tgz"], &both[..]].concat());
    assert!(outcome.stderr.contains("same subject as the CA ca"), "{}", outcome.stderr);
    // A CA with room for one below is taken, and one that ends soon is said.
    let fine =
        [&["--out", "ok.tgz", "--algorithm", "ecdsa-p256", "--ca", "ca=good.crt,good.key"], below];
    assert_eq!(issue(folder, &fine.concat()).status, Some(0));
    assert_eq!(issue(folder, &fine.concat()).stderr.matches("extended key usage").count(), 0);
    // What an extended key usage of a CA allows today it may forbid tomorrow.
    let usage = &with(&["extendedKeyUsage=serverAuth,clientAuth"]);
    ca(folder, "both", "/CN=both", usage, &[]);
    let both = ["--out", "both.tgz", "--algorithm", "ecdsa-p256", "--ca", "ca=both.crt,both.key"];
    let outcome = issue(folder, &both);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("warning: ca: The CA has an extended"), "{}", outcome.stderr);
    let soon =
        ["--out", "soon.tgz", "--now", "2036-06-01T00:00:00Z", "--ca", "ca=good.crt,good.key"];
    let outcome = issue(folder, &soon);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("warning: ca: The CA ends on"), "{}", outcome.stderr);
}
