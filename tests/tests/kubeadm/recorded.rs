//! kubeadm's recorded output against ours, file by file and field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pki_core::design::Design;
use pki_tests::certificate_text::{fields, key_ids};
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

use crate::differences::DIFFERENCES;
use crate::installed::{certificate, files};

/// One thing that was compared.
struct Compared {
    /// The certificate or file itself, for messages.
    name: String,
    /// What rows of the table call it.
    place: String,
    field: String,
    theirs: String,
    ours: String,
}

pub(crate) fn fixture(reference: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeadm").join(reference)
}

/// The design with which each `config.yaml` agrees.
pub(crate) fn reference_design(reference: &str) -> Design {
    design(|design| {
        if !reference.contains("RSA") {
            design.keys.algorithm = "ecdsa-p256".to_owned();
        } else {
            design.keys.algorithm = "rsa-2048".to_owned();
        }
        if reference.starts_with("v1.20") {
            design.kubernetes_version = "1.20".to_owned();
        }
        if reference == "v1.36.2-ha-custom" {
            design.cluster_name = "prod-west".to_owned();
            design.control_planes = vec![node("cp-a.example.test", &["10.20.0.11"])];
            design.control_plane_endpoint = "k8s.example.test:8443".to_owned();
            design.service_cidrs = vec!["172.30.0.0/16".to_owned()];
            design.dns_domain = "prod.internal".to_owned();
            design.extra_sans.apiserver =
                ["10.20.0.100", "api.example.test", "127.0.0.1"].map(str::to_owned).to_vec();
            design.extra_sans.etcd_server = vec!["etcd.example.test".to_owned()];
            design.extra_sans.etcd_peer = vec!["etcd.example.test".to_owned()];
            design.validity.leaf = "4380h0m0s".to_owned();
            design.validity.ca = "43800h0m0s".to_owned();
        }
    })
}

fn check(reference: &str) {
    if tool::openssl().is_none() {
        return;
    }
    let cluster = Cluster::make("kubeadm", reference_design(reference));
    // Through the README's own line, as on a real host.
    let root = cluster.path("root");
    fs::create_dir_all(root.join("etc")).expect("a folder in the test's folder");
    cluster.install(&cluster.design.control_planes[0].name, &root);
    let installed = root.join("etc/kubernetes");
    let mut compared = compare_files(reference, &installed);
    compared.extend(compare_kubeconfigs(reference, &installed));
    compared.extend(compare_certificates(reference, &installed));
    check_key_ids(&installed);
    hold_against_the_table(reference, &compared);
}

/// Every difference has its row, and every row still says the truth wherever it applies.
fn hold_against_the_table(reference: &str, compared: &[Compared]) {
    let mut faults = Vec::new();
    let rows = || DIFFERENCES.iter().filter(|row| row.references.contains(&reference));
    for item in compared.iter().filter(|item| item.theirs != item.ours) {
        let listed = rows().any(|row| {
            (row.place, row.field, row.theirs, row.ours)
                == (&*item.place, &*item.field, &*item.theirs, &*item.ours)
        });
        if !listed {
            let Compared { name, field, theirs, ours, .. } = item;
            faults.push(format!("not in the table: {name}, {field}:\n  {theirs:?}\n  {ours:?}"));
        }
    }
    for row in rows() {
        let mut applies = compared.iter().filter(|item| {
            (row.place, row.field, row.theirs) == (&*item.place, &*item.field, &*item.theirs)
        });
        let (place, field, reason) = (row.place, row.field, row.reason);
        match applies.next() {
            None => faults.push(format!("occurs no longer: {place}, {field} ({reason})")),
            Some(first) => {
                let unlike = std::iter::once(first).chain(applies).find(|i| i.ours != row.ours);
                faults.extend(unlike.map(|item| {
                    let Compared { name, ours, .. } = item;
                    format!("{name}, {field} is {ours:?}, unlike its row ({reason})")
                }));
            }
        }
    }
    assert!(faults.is_empty(), "{reference}:\n{}", faults.join("\n"));
}

/// Mode and PEM labels of every file and folder that either side has.
fn compare_files(reference: &str, installed: &Path) -> Vec<Compared> {
    let mut theirs = BTreeMap::new();
    for line in read(&fixture(reference).join("FILES.txt")).lines() {
        // `600 1679 pki/ca.key : RSA PRIVATE KEY,` or `755 dir pki`
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        let [mode, size, rest] = words[..] else { panic!("{line}") };
        if mode == "#" {
            continue;
        }
        let (path, labels) = rest.split_once(" :").unwrap_or((rest, ""));
        // The folder of the kubeconfigs is /etc/kubernetes itself.
        let path = path.trim_start_matches("kubeconfig").trim_start_matches('/').to_owned();
        let kind = if size == "dir" { "folder" } else { labels.trim_matches([' ', ',']) };
        theirs.insert(path, format!("{mode} {kind}").trim().to_owned());
    }
    let ours = files(installed);
    let paths: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
    paths
        .into_iter()
        .map(|path| Compared {
            name: path.clone(),
            place: path.clone(),
            field: "mode and labels".to_owned(),
            theirs: theirs.get(path).cloned().unwrap_or_default(),
            ours: ours.get(path).cloned().unwrap_or_default(),
        })
        .collect()
}

/// Kubeconfigs with the data left out, character for character.
fn compare_kubeconfigs(reference: &str, installed: &Path) -> Vec<Compared> {
    let folder = fs::read_dir(fixture(reference).join("kubeconfig")).expect("the fixture");
    folder
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            let ours = read(&installed.join(&name))
                .lines()
                .map(|line| match line.split_once("-data: ") {
                    Some((key, _)) => format!("{key}-data: <base64 of the PEM, one line>\n"),
                    None => format!("{line}\n"),
                })
                .collect();
            let (place, field) = (name.clone(), "text".to_owned());
            Compared { name, place, field, theirs: read(&path), ours }
        })
        .collect()
}

fn compare_certificates(reference: &str, installed: &Path) -> Vec<Compared> {
    let mut compared = Vec::new();
    let mut names = 0;
    for entry in fs::read_dir(fixture(reference).join("certs")).expect("the fixture") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let theirs = fields(&read(&path));
        let ours = fields(&openssl::text(&certificate(installed, &name)));
        let is_ca = theirs.get("Basic Constraints critical").is_some_and(|v| v == "CA:TRUE");
        let all: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
        for field in all {
            let their_value = theirs.get(field).cloned().unwrap_or_default();
            let mut our_value = ours.get(field).cloned().unwrap_or_default();
            // One row of the table for all CAs.
            if is_ca && their_value.is_empty() {
                let common_name = ours["Subject"].trim_start_matches("CN = ");
                if our_value == format!("DNS:{common_name}") {
                    our_value = "its CN".to_owned();
                }
            }
            compared.push(Compared {
                name: name.clone(),
                place: if is_ca { "CA" } else { "leaf" }.to_owned(),
                field: field.clone(),
                theirs: their_value,
                ours: our_value,
            });
        }
        names += 1;
    }
    // Three CAs, seven leaves, and a certificate in each of four or five kubeconfigs.
    assert_eq!(names, if reference.starts_with("v1.20") { 14 } else { 15 }, "{reference}");
    compared
}

/// The authority key identifier of every leaf is its CA's own subject key identifier.
fn check_key_ids(installed: &Path) {
    for (ca, leaves) in [
        ("ca", &["apiserver", "apiserver-kubelet-client", "kubeconfig_admin"][..]),
        ("front-proxy-ca", &["front-proxy-client"][..]),
        ("etcd_ca", &["etcd_peer", "etcd_server", "etcd_healthcheck-client"][..]),
    ] {
        let (subject, authority) = key_ids(&openssl::text(&certificate(installed, ca)));
        assert!(subject.is_some() && authority.is_none());
        for leaf in leaves {
            let ids = key_ids(&openssl::text(&certificate(installed, leaf)));
            assert_eq!(ids, (None, subject.clone()), "{leaf}");
        }
    }
}

#[test]
fn kubeadm_1_36_rsa_2048() {
    check("v1.36.2-RSA-2048");
}

#[test]
fn kubeadm_1_36_ecdsa_p256() {
    check("v1.36.2-ECDSA-P256");
}

#[test]
fn kubeadm_1_36_custom() {
    check("v1.36.2-ha-custom");
}

#[test]
fn kubeadm_1_20_rsa() {
    check("v1.20.2-RSA");
}
