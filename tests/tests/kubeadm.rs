//! kubeadm's own output against ours, file by file and field by field.
//!
//! Every difference stands in [`DIFFERENCES`] with its reason. The test fails on a difference that
//! is not there, and on a row that no longer occurs.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use pki_core::bundle::KubeconfigData;
use pki_core::design::Design;
use pki_tests::certificate_text::{fields, key_ids};
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::{openssl, tool};

/// A difference that we want: where, what kubeadm has, what we have, why.
struct Difference {
    /// Folder of the reference, up to here.
    reference: &'static str,
    /// Name of the certificate, `leaf`, or `CA`.
    subject: &'static str,
    field: &'static str,
    theirs: &'static str,
    ours: &'static str,
    /// Read by people.
    #[allow(dead_code, reason = "the table is the documentation")]
    reason: &'static str,
}

const EC: &str = "kubeadm#3328: keyEncipherment has a meaning for RSA only";
const OLD: &str = "kubeadm 1.20 predates it; every version of Kubernetes takes the newer profile";
const SIGNED_CA: &str = "Key Usage critical, Basic Constraints critical, Subject Key Identifier";

const DIFFERENCES: &[Difference] = &[
    Difference {
        reference: "v1.36.2-ECDSA-P256",
        subject: "CA",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment, Certificate Sign",
        ours: "Digital Signature, Certificate Sign",
        reason: EC,
    },
    Difference {
        reference: "v1.36.2-ECDSA-P256",
        subject: "leaf",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment",
        ours: "Digital Signature",
        reason: EC,
    },
    Difference {
        reference: "v1.36.2-ha-custom",
        subject: "CA",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment, Certificate Sign",
        ours: "Digital Signature, Certificate Sign",
        reason: EC,
    },
    Difference {
        reference: "v1.36.2-ha-custom",
        subject: "leaf",
        field: "Key Usage critical",
        theirs: "Digital Signature, Key Encipherment",
        ours: "Digital Signature",
        reason: EC,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "CA",
        field: "Lifetime",
        theirs: "87600h0m",
        ours: "87600h5m",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "CA",
        field: "Extensions",
        theirs: SIGNED_CA,
        ours: "Key Usage critical, Basic Constraints critical, Subject Key Identifier, \
               Subject Alternative Name",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "leaf",
        field: "Lifetime",
        theirs: "8760h0m",
        ours: "8760h5m",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "leaf",
        field: "Basic Constraints critical",
        theirs: "",
        ours: "CA:FALSE",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "leaf",
        field: "Extensions",
        theirs: "Key Usage critical, Extended Key Usage, Authority Key Identifier",
        ours: "Key Usage critical, Extended Key Usage, Basic Constraints critical, \
               Authority Key Identifier",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "leaf",
        field: "Extensions",
        theirs: "Key Usage critical, Extended Key Usage, Authority Key Identifier, \
                 Subject Alternative Name",
        ours: "Key Usage critical, Extended Key Usage, Basic Constraints critical, \
               Authority Key Identifier, Subject Alternative Name",
        reason: OLD,
    },
    Difference {
        reference: "v1.20.2-RSA",
        subject: "CA",
        field: "Subject Alternative Name",
        theirs: "",
        ours: "its CN",
        reason: OLD,
    },
];

type Found = BTreeSet<(String, String, String, String)>;

fn fixture(reference: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kubeadm").join(reference)
}

/// The design with which each `config.yaml` agrees.
fn reference_design(reference: &str) -> Design {
    design(|design| {
        design.keys.algorithm = "rsa-2048".to_owned();
        match reference {
            "v1.20.2-RSA" => design.kubernetes_version = "1.20".to_owned(),
            "v1.36.2-RSA-2048" => {}
            // kubeadm makes sa.key of the algorithm of all others; ours is RSA-2048 unless chosen.
            _ => {
                design.keys.algorithm = "ecdsa-p256".to_owned();
                design.keys.service_account = "ecdsa-p256".to_owned();
            }
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
    let node = cluster.design.control_planes[0].name.clone();
    // Through the README's own line, as on a real host.
    let root = cluster.path("root");
    fs::create_dir_all(root.join("etc")).expect("a folder in the test's folder");
    cluster.install(&node, &root);
    let installed = root.join("etc/kubernetes");
    check_files(reference, &installed);
    check_kubeconfigs(reference, &installed);
    let found = certificate_differences(reference, &installed);
    let expected: Found = DIFFERENCES
        .iter()
        .filter(|row| row.reference == reference)
        .map(|row| (row.subject.into(), row.field.into(), row.theirs.into(), row.ours.into()))
        .collect();
    assert_eq!(found, expected, "{reference}: differences found, and differences in the table");
}

/// Mode, path and PEM labels of every file and folder.
fn check_files(reference: &str, installed: &Path) {
    let mut theirs: Vec<String> = read(&fixture(reference).join("FILES.txt"))
        .lines()
        .filter(|line| !line.starts_with('#') && !line.ends_with(" kubeconfig"))
        .map(|line| {
            let words: Vec<&str> = line.splitn(3, ' ').collect();
            let rest = words[2].trim_start_matches("kubeconfig/").trim_end_matches([' ', ':']);
            let rest = rest.trim_end_matches(',');
            if words[1] == "dir" {
                format!("{} {rest}/", words[0])
            } else {
                format!("{} {rest}", words[0])
            }
        })
        .collect();
    theirs.sort();
    let mut ours = Vec::new();
    list(installed, installed, &mut ours);
    ours.sort();
    assert_eq!(ours, theirs, "{reference}");
}

fn list(root: &Path, folder: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder that tar made") {
        let path = entry.expect("an entry").path();
        let metadata = fs::metadata(&path).expect("a file that tar made");
        let mode = metadata.permissions().mode() & 0o7777;
        let name = path.strip_prefix(root).expect("below the root").display();
        if metadata.is_dir() {
            lines.push(format!("{mode:o} {name}/"));
            list(root, &path, lines);
        } else {
            let text = read(&path);
            let labels: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----"))
                .collect();
            let labels = labels.join(",");
            let space = if labels.is_empty() { "" } else { " : " };
            lines.push(format!("{mode:o} {name}{space}{labels}"));
        }
    }
}

/// Ours with the data left out is theirs, character for character.
fn check_kubeconfigs(reference: &str, installed: &Path) {
    for entry in fs::read_dir(fixture(reference).join("kubeconfig")).expect("the fixture") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a file has a name");
        let ours: String = read(&installed.join(name))
            .lines()
            .map(|line| match line.split_once("-data: ") {
                Some((key, _)) => format!("{key}-data: <base64 of the PEM, one line>\n"),
                None => format!("{line}\n"),
            })
            .collect();
        assert_eq!(ours, read(&path), "{reference} {}", name.display());
    }
}

fn certificate_differences(reference: &str, installed: &Path) -> Found {
    let mut found = Found::new();
    let mut compared = 0;
    for entry in fs::read_dir(fixture(reference).join("certs")).expect("the fixture") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let theirs_text = read(&path);
        let ours_text = openssl::text(&our_certificate(installed, &name));
        let (theirs, ours) = (fields(&theirs_text), fields(&ours_text));
        let is_ca = ours.get("Basic Constraints critical").is_some_and(|v| v == "CA:TRUE");
        let names: BTreeSet<&String> = theirs.keys().chain(ours.keys()).collect();
        for field in names {
            let value = |side: &std::collections::BTreeMap<String, String>| {
                side.get(field).cloned().unwrap_or_default()
            };
            let (their_value, mut our_value) = (value(&theirs), value(&ours));
            if their_value == our_value {
                continue;
            }
            // One row of the table for all CAs.
            if is_ca && format!("CN = {}", our_value.replace("DNS:", "")) == ours["Subject"] {
                our_value = "its CN".to_owned();
            }
            let subject = if is_ca { "CA" } else { "leaf" };
            found.insert((subject.into(), field.clone(), their_value, our_value));
        }
        compared += 1;
    }
    assert!(compared >= 14, "{compared}");
    check_key_ids(installed);
    found
}

fn our_certificate(installed: &Path, name: &str) -> String {
    if let Some(name) = name.strip_prefix("kubeconfig_") {
        let text = read(&installed.join(format!("{name}.conf")));
        let data = KubeconfigData::read(&text).expect("our own kubeconfig");
        return String::from_utf8(data.certificate).expect("PEM is text");
    }
    read(&installed.join(format!("pki/{}.crt", name.replacen('_', "/", 1))))
}

/// The authority key identifier is the CA's own subject key identifier.
fn check_key_ids(installed: &Path) {
    for (ca, leaves) in [
        ("pki/ca.crt", &["pki/apiserver.crt", "pki/apiserver-kubelet-client.crt"][..]),
        ("pki/front-proxy-ca.crt", &["pki/front-proxy-client.crt"][..]),
        ("pki/etcd/ca.crt", &["pki/etcd/peer.crt", "pki/apiserver-etcd-client.crt"][..]),
    ] {
        let (subject, authority) = key_ids(&openssl::text(&read(&installed.join(ca))));
        assert!(subject.is_some() && authority.is_none());
        for leaf in leaves {
            let ids = key_ids(&openssl::text(&read(&installed.join(leaf))));
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

/// What kubeadm refuses to reuse: a name or address that its own rules give and a certificate
/// lacks (k/k `validateCertificateWithConfig`). openssl plays Go's `VerifyHostname`.
#[test]
fn every_expected_name_is_accepted_as_host() {
    if tool::openssl().is_none() {
        return;
    }
    let service = "kubernetes.default.svc.cluster.local";
    for (cidrs, address, service_address) in [
        (&["10.96.0.0/12"][..], "10.0.0.10", "10.96.0.1"),
        (&["fd00:1::/112"][..], "fd00:2::10", "fd00:1::1"),
        (&["10.96.0.0/12", "fd00:1::/112"][..], "10.0.0.10", "10.96.0.1"),
    ] {
        let cluster = Cluster::make(
            "names",
            design(|design| {
                design.service_cidrs = cidrs.iter().map(|cidr| (*cidr).to_owned()).collect();
                design.control_planes =
                    (1..=3).map(|i| node(&format!("cp{i}"), &[&format!("{address}{i}")])).collect();
                design.control_plane_endpoint = "k8s.example.test".to_owned();
            }),
        );
        for i in 1..=3 {
            let (node, address) = (format!("cp{i}"), format!("{address}{i}"));
            let accepts = |certificate: &str, ca: &str, option: &str, name: &str| {
                openssl::openssl(&[
                    "verify",
                    "-CAfile",
                    &cluster.host(&node, ca).to_string_lossy(),
                    option,
                    name,
                    &cluster.host(&node, certificate).to_string_lossy(),
                ])
                .ok
            };
            let apiserver =
                |option: &str, name: &str| accepts("pki/apiserver.crt", "pki/ca.crt", option, name);
            for name in [&node, "kubernetes", "kubernetes.default.svc", service, "k8s.example.test"]
            {
                assert!(apiserver("-verify_hostname", name), "{node}: {name}");
            }
            for name in [&address, service_address] {
                assert!(apiserver("-verify_ip", name), "{node}: {name}");
            }
            // kubeadm adds the first family only, and no localhost.
            assert!(!apiserver("-verify_hostname", "localhost"));
            assert_eq!(apiserver("-verify_ip", "fd00:1::1"), service_address == "fd00:1::1");
            for file in ["pki/etcd/server.crt", "pki/etcd/peer.crt"] {
                for (option, name) in [
                    ("-verify_hostname", node.as_str()),
                    ("-verify_hostname", "localhost"),
                    ("-verify_ip", "127.0.0.1"),
                    ("-verify_ip", "::1"),
                    ("-verify_ip", &address),
                ] {
                    assert!(accepts(file, "pki/etcd/ca.crt", option, name), "{node} {file} {name}");
                }
            }
        }
    }
}

/// What `kubeadm join --control-plane` leaves on the second and third machine: the same CAs and
/// service-account keys, own leaves, no super-admin.conf.
#[test]
fn three_control_planes_share_what_they_must() {
    let cluster = Cluster::make(
        "three",
        design(|design| {
            design.control_planes =
                (1..=3).map(|i| node(&format!("cp{i}"), &[&format!("10.0.0.{i}")])).collect();
            design.control_plane_endpoint = "10.0.0.100".to_owned();
        }),
    );
    let files = |node: &str| {
        let mut lines = Vec::new();
        let root = cluster.host(node, "");
        list(&root, &root, &mut lines);
        lines.sort();
        lines
    };
    let without_super: Vec<String> =
        files("cp1").into_iter().filter(|line| !line.contains("super-admin")).collect();
    for other in ["cp2", "cp3"] {
        assert_eq!(files(other), without_super);
        for name in [
            "pki/ca.crt",
            "pki/ca.key",
            "pki/front-proxy-ca.crt",
            "pki/front-proxy-ca.key",
            "pki/etcd/ca.crt",
            "pki/etcd/ca.key",
            "pki/sa.key",
            "pki/sa.pub",
        ] {
            assert_eq!(
                read(&cluster.host("cp1", name)),
                read(&cluster.host(other, name)),
                "{name}"
            );
        }
        for name in ["pki/apiserver.key", "pki/etcd/peer.key", "admin.conf"] {
            assert_ne!(
                read(&cluster.host("cp1", name)),
                read(&cluster.host(other, name)),
                "{name}"
            );
        }
    }
}

/// Releases without recorded output, from k/k's history: the subjects that changed.
#[test]
fn subjects_of_the_releases_between() {
    if tool::openssl().is_none() {
        return;
    }
    for (version, kubelet_client, admin, etcd_client) in [
        ("1.28", "O = system:masters, ", "O = system:masters, ", "O = system:masters, "),
        ("1.32", "O = kubeadm:cluster-admins, ", "O = kubeadm:cluster-admins, ", ""),
        ("1.33", "", "O = kubeadm:cluster-admins, ", ""),
    ] {
        let cluster = Cluster::make(
            "between",
            design(|design| design.kubernetes_version = version.to_owned()),
        );
        let subject = |name: &str| {
            let installed = cluster.host("cp1", "");
            fields(&openssl::text(&our_certificate(&installed, name)))["Subject"].clone()
        };
        assert_eq!(
            subject("apiserver-kubelet-client"),
            format!("{kubelet_client}CN = kube-apiserver-kubelet-client")
        );
        assert_eq!(subject("kubeconfig_admin"), format!("{admin}CN = kubernetes-admin"));
        for (name, common_name) in [
            ("apiserver-etcd-client", "kube-apiserver-etcd-client"),
            ("etcd_healthcheck-client", "kube-etcd-healthcheck-client"),
        ] {
            assert_eq!(subject(name), format!("{etcd_client}CN = {common_name}"), "{version}");
        }
        let super_admin = cluster.host("cp1", "super-admin.conf").exists();
        assert_eq!(super_admin, version != "1.28");
    }
}
