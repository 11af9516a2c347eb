//! The terminal example: every bad input gets a message and leaves no file, and a demo run is the
//! same twice.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use pki_core::design::MAX_DOCUMENT_BYTES;
use pki_tests::process::run;
use pki_tests::scratch::Scratch;
use pki_tests::terminal::{compare_example, csr_example, example, issue};
use pki_tests::tool;

const OUT: &str = "out.tar.gz";

/// Runs with the arguments, which must be refused with exit status 2 and a message in which every
/// one of `says` stands, and without a file.
fn refused(arguments: &[&str], says: &[&str]) {
    let scratch = Scratch::new("refused");
    refused_in(&scratch, arguments, says);
}

fn refused_in(scratch: &Scratch, arguments: &[&str], says: &[&str]) {
    let arguments = [&["--out", OUT], arguments].concat();
    let outcome = issue(scratch.path(), &arguments);
    let shown = arguments.join(" ").chars().take(200).collect::<String>();
    assert_eq!(outcome.status, Some(2), "{shown}:\n{}{}", outcome.stdout, outcome.stderr);
    assert_eq!(outcome.stdout, "", "{shown}: refusals go to stderr");
    for words in says {
        assert!(outcome.stderr.contains(words), "{shown}: no {words:?} in\n{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("panicked"), "{shown}:\n{}", outcome.stderr);
    sentences(&outcome.stderr);
    assert!(!scratch.join(OUT).exists(), "{shown}: a file was left behind");
}

/// What is wrong with a design is said as place, reason and fix, the latter two in sentences.
fn sentences(stderr: &str) {
    for line in stderr.lines().filter(|l| l.starts_with("error: ") || l.starts_with("warning: ")) {
        let words: Vec<&str> = line.splitn(3, ": ").collect();
        let [_, place, text] = words[..] else { panic!("no place: {line}") };
        assert!(!place.contains(' ') && text.ends_with('.'), "{line}");
        assert!(text.trim_end_matches('.').contains(". "), "a reason without a fix: {line}");
    }
}

/// Runs with the arguments, which must work and warn.
fn warned(arguments: &[&str], says: &[&str]) {
    let scratch = Scratch::new("warned");
    warned_in(&scratch, arguments, says);
}

fn warned_in(scratch: &Scratch, arguments: &[&str], says: &[&str]) {
    let arguments = [&["--out", OUT], arguments].concat();
    let outcome = issue(scratch.path(), &arguments);
    assert_eq!(outcome.status, Some(0), "{arguments:?}:\n{}", outcome.stderr);
    sentences(&outcome.stderr);
    for words in says {
        let found = outcome.stderr.lines().any(|l| l.starts_with("warning: ") && l.contains(words));
        assert!(found, "{arguments:?}: no warning about {words:?} in\n{}", outcome.stderr);
    }
    assert!(scratch.join(OUT).exists());
}

/// A design document with these lines after its head.
fn document(lines: &str) -> String {
    format!("apiVersion: pki-workbench/v1\nkind: Design\n{lines}")
}

fn refused_document(text: &str, says: &[&str]) {
    let scratch = Scratch::new("document");
    fs::write(scratch.join("design.yaml"), text).expect("a file in the test's folder");
    refused_in(&scratch, &["--design", "design.yaml"], says);
}

#[test]
fn an_external_etcd() {
    refused(&["--etcd", "cp1=10.0.0.5"], &["etcd.members[0].name", "Control plane 1"]);
    refused(&["--etcd", "etcd1"], &["etcd.members[0].addresses", "no address"]);
    let external = ["--etcd", "etcd1=10.0.0.5"];
    refused(&[&external[..], &["--layout", "k3s"]].concat(), &["etcd.topology", "five-flows"]);
    warned(&["--etcd", "etcd[1-2]=10.0.0.[5-6]"], &["etcd.members: ", "2 bear the loss"]);
    let bad = "etcd:\n  topology: external\n  members:\n  - {name: etcd1, addresses: [10.0.0.5]}\n  \
        endpoints: [http://10.0.0.5:2379]\n";
    refused_document(&document(bad), &["etcd.endpoints[0]", "https://10.0.0.5:2379"]);
}

#[test]
fn bad_node_names() {
    refused(&["--cp", "=10.0.0.1"], &["controlPlanes[0].name", "missing"]);
    refused(&["--cp", &format!("{}=10.0.0.1", "a".repeat(300))], &["controlPlanes[0].name", "300"]);
    refused(&["--cp", "Node=10.0.0.1"], &["controlPlanes[0].name", "node"]);
    refused(&["--cp", "a_b=10.0.0.1"], &["controlPlanes[0].name", "a-b"]);
    refused(&["--cp", "a=10.0.0.1", "--cp", "a=10.0.0.2"], &["controlPlanes[1].name"]);
    refused(
        &["--worker", "w", "--worker", "w"],
        &["workers[1].name", "Worker 2, name: Worker 1 has"],
    );
    refused(&["--cp", "a=10.0.0.1", "--worker", "a"], &["workers[0].name", "Control plane 1"]);
    // system:node:<name> beyond the 64 characters of a common name: Go takes it, OpenSSL does not.
    let long = format!("{}=10.0.0.1", "a".repeat(53));
    warned(&["--cp", &long], &["controlPlanes[0].name", "at most 52 characters"]);
}

#[test]
fn bad_addresses_and_ranges() {
    refused(&["--cp", "a=10.0.0.256"], &["controlPlanes[0].addresses[0]", "0 to 255"]);
    refused(&["--cp", "a=[fd00::1]"], &["controlPlanes[0].addresses[0]", "fd00::1"]);
    refused(&["--cp", "a=10.0.0.1 10.0.0.2"], &["more than one address", "with a comma between"]);
    refused(&["--endpoint", "API.example.com:8443"], &["Write api.example.com:8443 instead"]);
    refused(&["--cp", "a"], &["controlPlanes[0].addresses"]);
    refused(&["--service-cidr", "10.96.0.1/12"], &["serviceCIDRs[0]", "10.96.0.0/12"]);
    refused(&["--service-cidr", "10.96.0.0/32"], &["serviceCIDRs[0]", "ten service addresses"]);
    refused(&["--service-cidr", "10.96.0.0"], &["serviceCIDRs[0]"]);
    refused(&["--endpoint", "two words"], &["controlPlaneEndpoint"]);
    refused(&["--endpoint", "host:99999"], &["controlPlaneEndpoint"]);
}

#[test]
fn bad_lifetimes() {
    let with = |lines: &str| document(&format!("validity:\n  {lines}\n"));
    refused_document(&with("ca: 0h"), &["validity.ca", "zero or negative"]);
    refused_document(&with("leaf: 0h"), &["validity.leaf", "zero or negative"]);
    refused_document(&with("leaf: -1h"), &["validity.leaf", "zero or negative"]);
    refused_document(&with("leaf: soon"), &["validity.leaf", "8760h"]);
    let works = |lines: &str, says: &[&str]| {
        let scratch = Scratch::new("lifetime");
        fs::write(scratch.join("design.yaml"), with(lines)).expect("a file in the test's folder");
        warned_in(&scratch, &["--design", "design.yaml"], says);
    };
    works("ca: 876000h", &["validity.ca: This is longer than kubeadm's"]);
    works("leaf: 876000h", &["validity.leaf: Certificates cannot outlive the CA"]);
}

/// A layout that does not exist, and one that cannot do without CA keys.
#[test]
fn bad_layouts() {
    refused(&["--layout", "six-flows"], &["layout: This layout is not known", "five-flows"]);
    refused(&["--layout", "k3s", "--ca-keys", "vault"], &["caKeys", "control-planes"]);
    warned(&["--layout", "hard-way", "--worker", "w1"], &["workers[0].addresses"]);
}

#[test]
fn bad_users_and_things_on_request() {
    refused(&["--user", "two words"], &["users[0].name", "a space"]);
    refused(&["--user", "../../etc/passwd"], &["users[0].name"]);
    refused(&["--user", "a", "--user", "a=b"], &["users[1].name", "User 1"]);
    refused(&["--user", "a/soon"], &["users[0].ttl", "8760h"]);
    refused(&["--make", "coffee"], &["outputs[0]", "encryption"]);
    let works = ["--user", "a=system:masters/99y", "--layout", "k3s", "--make", "encryption"];
    warned(&works, &["users[0].groups[0]", "users[0].ttl", "outputs[0]"]);
}

/// What of kubeadm's configuration has no place in a design is said, and the rest is taken.
#[test]
fn kubeadm_configuration_is_a_design() {
    let text = "apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n\
                clusterName: prod\napiServer: {certSans: [x]}\nencryptionAlgorithm: ECDSA-P256\n";
    let scratch = Scratch::new("kubeadm-config");
    fs::write(scratch.join("kubeadm.yaml"), text).expect("a file in the test's folder");
    let says = ["kubeadm.yaml: ClusterConfiguration.apiServer.certSans", "controlPlanes[0].name"];
    warned_in(&scratch, &["--design", "kubeadm.yaml"], &says);
    let bad = text.replace("{certSans", "[certSans");
    refused_document(&bad, &["design.yaml", "Line 4"]);
}

#[test]
fn bad_authorities() {
    let with = |lines: &str| document(&format!("authorities:\n{lines}"));
    let circle = with("- {name: ca, below: etcd-ca}\n- {name: etcd-ca, below: ca}\n");
    refused_document(&circle, &["authorities[0].below", "circle"]);
    refused_document(&with("- {name: x, into: nobody}\n"), &["authorities[0].into", "“nobody”"]);
    refused_document(&with("- {name: x, sings: [y]}\n"), &["sings", "Line 4"]);
    let gone =
        with("- {name: etcd-ca, into: ca}\ncertificates:\n- {name: a, authority: etcd-ca}\n");
    refused_document(&gone, &["certificates[0].authority", "certificates[0].usages"]);
}

#[test]
fn bad_documents() {
    refused_document(
        &document("clustername: misspelt\n"),
        &["clustername", "Line 3", "Did you mean clusterName?"],
    );
    // Before the fields, which may mean something else there.
    refused_document(
        "apiVersion: pki-workbench/v2\nkind: Design\nshape: round\n",
        &["design.yaml: Line 1, column 13", "pki-workbench/v2", "pki-workbench/v1"],
    );
    refused_document(
        "apiVersion: pki-workbench/v1\nkind: Cluster\n",
        &["design.yaml: Line 2, column 7", "`kind: Cluster`", "`kind: Design`"],
    );
    refused_document("-----BEGIN RSA PRIVATE KEY-----\n", &["certificate or a key"]);
    refused_document(
        &document("keys:\n\talgorithm: rsa-2048\n"),
        &["tab", "line 4", "Replace it by spaces"],
    );
    refused_document(&document("kubernetesVersion: \"1.19\"\n"), &["kubernetesVersion"]);
    refused_document("", &["design.yaml"]);
    refused_document("\u{0}\u{1}", &["design.yaml"]);
    refused_document("{\"apiVersion\": ", &["design.yaml", "ine 1"]);
    // 10 MB: refused for its length, before a parser sees it.
    let large = document(&format!("# {}\n", "x".repeat(10_000_000)));
    assert!(large.len() > MAX_DOCUMENT_BYTES);
    refused_document(&large, &["at most 4194304"]);
    // A billion laughs.
    let mut bomb = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..10 {
        let last = level - 1;
        let list = vec![format!("*a{last}"); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{list}]\n");
    }
    bomb += "clusterName: *a9\n";
    refused_document(&document(&bomb), &["design.yaml"]);
    let deep = format!("controlPlanes: {}\n", "[".repeat(100_000));
    refused_document(&document(&deep), &["design.yaml"]);
}

#[test]
fn bad_command_lines() {
    refused(&["--nonsense", "x"], &["--nonsense", "usage"]);
    refused(&["--bogus"], &["unknown option --bogus", "usage"]);
    refused(&["--cp"], &["--cp has no value", "usage"]);
    refused(&["--algorithm", "ed448"], &["keys.algorithm"]);
    refused(&["--now", "tomorrow"], &["--now"]);
    // What is asked for is what works, from the first moment on.
    refused(&["--now", "1970-12-31T00:00:00Z"], &["a year from 1971 to 9900"]);
    warned(&["--now", "1971-01-01T00:00:00Z", "--user", "a/1m"], &["users[0].ttl"]);
    let beyond = ["--now", "9900-01-01T00:00:00Z", "--design", "long.yaml"];
    let scratch = Scratch::new("beyond");
    fs::write(scratch.join("long.yaml"), document("validity: {ca: 200y}\n")).expect("a file");
    refused_in(&scratch, &beyond, &["issue: ca: validity outside the years"]);
    refused(&["--kubernetes-version", "1.19"], &["kubernetesVersion"]);
    refused(&["--design", "missing.yaml"], &["missing.yaml"]);
    let scratch = Scratch::new("no-out");
    let outcome = issue(scratch.path(), &["--cp", "a=10.0.0.1"]);
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.contains("--out"), "{}", outcome.stderr);
    let outcome = issue(scratch.path(), &["--out", "missing/out.tar.gz"]);
    assert_eq!(outcome.status, Some(2));
    assert!(outcome.stderr.contains("missing/out.tar.gz"), "{}", outcome.stderr);
}

#[test]
fn a_demo_is_the_same_twice_and_real_runs_never() {
    let scratch = Scratch::new("demo");
    let make = |out: &str, more: &[&str]| {
        let arguments = [&["--out", out, "--worker", "w1=10.0.0.20"], more].concat();
        issue(scratch.path(), &arguments).expect_ok(out);
        fs::read(scratch.join(out)).expect("the archive")
    };
    let demo = ["--demo-seed", "a workshop"];
    let first = make("first.tar.gz", &demo);
    assert!(first == make("second.tar.gz", &demo), "the same text, other bytes");
    assert!(first != make("third.tar.gz", &["--demo-seed", "another"]), "another text, same bytes");
    let now = ["--now", "2026-01-01T00:00:00Z"];
    assert!(make("real1.tar.gz", &now) != make("real2.tar.gz", &now), "random keys came twice");
    let mode = fs::metadata(scratch.join("first.tar.gz")).expect("the archive").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600, "an archive of private keys is its owner's alone");
}

/// Whatever was there before, nobody else may read the keys, and half an archive does not stay.
#[test]
fn an_archive_is_whole_and_private() {
    let scratch = Scratch::new("private");
    let archive = scratch.join(OUT);
    fs::write(&archive, "old").expect("a file in the test's folder");
    fs::set_permissions(&archive, fs::Permissions::from_mode(0o644)).expect("its mode");
    issue(scratch.path(), &["--out", OUT]).expect_ok("over an older file");
    let mode = fs::metadata(&archive).expect("the archive").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "an older file's mode outlived it");
    // A limit of one block plays the full disk; without its signal, the write fails in the middle.
    // Keys that were made before are not lost for that.
    fs::write(scratch.join("half.tar.gz"), "old").expect("a file in the test's folder");
    let line = format!("trap '' XFSZ; ulimit -f 1; exec {} --out half.tar.gz", example().display());
    let mut command = Command::new("sh");
    let full = run(command.args(["-c", &line]).current_dir(scratch.path()));
    assert_eq!(full.status, Some(2), "{}{}", full.stdout, full.stderr);
    assert!(full.stderr.contains("half.tar.gz"), "{}", full.stderr);
    let kept = fs::read_to_string(scratch.join("half.tar.gz"));
    assert_eq!(kept.expect("the older file"), "old", "half an archive stands over an older one");
    assert!(!scratch.join("half.tar.gz.partial").exists(), "half an archive was left behind");
}

#[test]
fn checksums_are_right_by_the_readmes_line() {
    let hint = "Debian: coreutils and tar";
    if tool::find("sha256sum", hint).is_none() || tool::find("tar", hint).is_none() {
        return;
    }
    let scratch = Scratch::new("checksums");
    issue(scratch.path(), &["--out", "kubernetes-pki.tar.gz", "--worker", "w1"]).expect_ok("issue");
    let sh = |line: &str| run(Command::new("sh").args(["-c", line]).current_dir(scratch.path()));
    let line = "tar -xzf kubernetes-pki.tar.gz && sha256sum --quiet -c SHA256SUMS";
    assert_eq!(sh(line).expect_ok(line), "");
    let readme = fs::read_to_string(scratch.join("README.md")).expect("the README");
    assert!(readme.contains(line), "the README says another line");
    let sums = fs::read_to_string(scratch.join("SHA256SUMS")).expect("the checksums");
    let files =
        sh("find . -type f ! -name SHA256SUMS ! -name '*.tar.gz' | wc -l").expect_ok("find");
    assert_eq!(files.trim(), sums.lines().count().to_string(), "every file has its line");
    // A changed byte is seen.
    fs::write(scratch.join("hosts/cp1/etc/kubernetes/pki/ca.crt"), "x").expect("ca.crt is there");
    sh("sha256sum --quiet -c SHA256SUMS").expect_refused("a changed file");
}

#[test]
fn a_parked_request_is_attached_another_day_and_a_workshop_is_one_archive() {
    let scratch = Scratch::new("csr");
    let csr = |arguments: &[&str]| {
        run(Command::new(csr_example()).args(arguments).current_dir(scratch.path()))
    };
    fs::write(scratch.join("ca-wish"), "geheim\n").expect("a file in the test's folder");
    fs::write(scratch.join("wrong"), "Geheim\n").expect("a file in the test's folder");
    csr(&["new", "--user", "jane", "--group", "dev", "--out", "a", "--park", "ca-wish"])
        .expect_ok("new");
    assert!(!scratch.join("a/key.pem").exists(), "the key lies there without its passphrase");
    let parked = fs::metadata(scratch.join("a/parked.pem")).expect("a parked file");
    assert_eq!(parked.permissions().mode() & 0o777, 0o600);
    csr(&["new", "--like", "a/csr.pem", "--out", "b"]).expect_ok("new --like");
    let object = fs::read_to_string(scratch.join("b/csr.yaml")).expect("an object");
    assert!(object.contains("signerName: kubernetes.io/kube-apiserver-client\n"), "{object}");

    let outcome = issue(scratch.path(), &["--out", OUT]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.stderr);
    run(Command::new("tar").args(["-xzf", OUT]).current_dir(scratch.path())).expect_ok("tar");
    let hosts = fs::read_dir(scratch.join("hosts")).expect("hosts").next().expect("one");
    let pki = hosts.expect("a folder").path().join("etc/kubernetes/pki");
    let (ca, key) = (pki.join("ca.crt"), pki.join("ca.key"));
    let (ca, key) = (ca.to_str().expect("UTF-8"), key.to_str().expect("UTF-8"));
    csr(&["sign", "a/csr.yaml", "--ca", ca, "--ca-key", key, "--out", "cert.pem"])
        .expect_ok("sign");
    let attach = |passphrase: &str| {
        let server = ["--ca", ca, "--server", "https://10.0.0.10:6443"];
        let parked = ["attach", "cert.pem", "--parked", "a/parked.pem", "--passphrase", passphrase];
        csr(&[&parked[..], &server].concat())
    };
    let config = attach("ca-wish").expect_ok("attach");
    assert!(config.contains("current-context: jane\n"), "{config}");
    let wrong = attach("wrong");
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.stderr.contains("passphrase"), "{}", wrong.stderr);

    fs::write(scratch.join("people"), "jane dev\njoe ops\n").expect("a file");
    csr(&["workshop", "people", "--out", "course.tar.gz"]).expect_ok("workshop");
    let listed =
        run(Command::new("tar").args(["-tzf", "course.tar.gz"]).current_dir(scratch.path()));
    let listed = listed.expect_ok("tar");
    for path in ["jane/key.pem", "joe/csr.yaml", "requests.yaml", "approve.sh", "rbac.yaml"] {
        assert!(listed.lines().any(|line| line == path), "no {path} in {listed}");
    }
    fs::write(scratch.join("people"), "jane system:masters\n").expect("a file");
    let refused = csr(&["workshop", "people", "--out", "no.tar.gz"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.stderr.contains("Line 1: ") && !scratch.join("no.tar.gz").exists());
}

#[test]
fn two_layouts_stand_side_by_side_as_markdown() {
    let scratch = Scratch::new("compare");
    let compare = |arguments: &[&str]| {
        run(Command::new(compare_example()).args(arguments).current_dir(scratch.path()))
    };
    let text = compare(&["kubeadm", "five-flows"]).expect_ok("compare");
    for part in [
        "# kubeadm | Five flows\n",
        "| Layout | `kubeadm` | `five-flows` |\n",
        "| 1.2.5 (v1.5.0: 1.2.6)<br>kube-apiserver has --kubelet-certificate-authority | failed | passed |",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let equal = compare(&["k3s", "k3s"]).expect_ok("compare");
    assert!(equal.contains("Nothing differs") && !equal.contains("##"), "{equal}");
    // A layout has the machines of the design beside it.
    issue(scratch.path(), &["--out", OUT, "--cp", "a=10.0.0.1", "--cp", "b=10.0.0.2"]);
    run(Command::new("tar").args(["-xzf", OUT, "design.yaml"]).current_dir(scratch.path()))
        .expect_ok("tar");
    let own = compare(&["design.yaml", "single-ca"]).expect_ok("compare");
    assert!(own.contains("## CAs\n") && !own.contains("\n| Control planes |"), "{own}");
    for (arguments, says) in [
        (&["kubeadm", "no-such.yaml"][..], "is no layout, and cannot be read"),
        (&["kubeadm"][..], "usage: compare"),
        (&["kubeadm", "x#/generate?design=H4sI"][..], "checksum"),
    ] {
        let refused = compare(arguments);
        assert_eq!((refused.status, refused.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(refused.stderr.contains(says), "{arguments:?}: {}", refused.stderr);
    }
}
