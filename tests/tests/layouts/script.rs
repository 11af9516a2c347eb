//! The script that makes the same layout with openssl gives the same files and profiles.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use pki_core::bundle::KubeconfigData;
use pki_core::design::{DesignAuthority, DesignSubject, DesignUser, LayoutName, Output};
use pki_core::plan::Content;
use pki_tests::certificate_text::fields;
use pki_tests::cluster::{Cluster, design, node, read};
use pki_tests::openssl;
use pki_tests::process::run_for;
use pki_tests::tool;

/// Several of each, so that what the script does in loops is done in loops.
#[test]
fn the_openssl_script_makes_every_layout_with_ecdsa_p256() {
    if tool::openssl().is_none() {
        return;
    }
    LayoutName::ALL.into_iter().for_each(|layout| check(layout, "ecdsa-p256", "ecdsa-p384", 3));
}

/// What the script says of keys is the same in every layout, and openssl takes its time for them.
#[test]
fn the_openssl_script_makes_two_layouts_with_rsa_2048() {
    if tool::openssl().is_none() {
        return;
    }
    let layouts = [LayoutName::Kubeadm, LayoutName::MasterEtc];
    layouts.into_iter().for_each(|layout| check(layout, "rsa-2048", "rsa-2048", 1));
}

#[test]
fn the_openssl_script_makes_kubeadms_layout_with_ecdsa_p384() {
    if tool::openssl().is_none() {
        return;
    }
    check(LayoutName::Kubeadm, "ecdsa-p384", "rsa-3072", 2);
}

fn check(layout: LayoutName, algorithm: &str, service_account: &str, planes: usize) {
    let cluster = Cluster::make(
        layout.name(),
        design(|design| {
            design.layout = layout.name().to_owned();
            design.keys.algorithm = algorithm.to_owned();
            design.keys.service_account = service_account.to_owned();
            design.control_planes = (1..=planes)
                .map(|index| node(&format!("cp{index}"), &[&format!("10.0.0.1{index}")]))
                .collect();
            design.control_plane_endpoint = "k8s.example.test:8443".to_owned();
            design.workers = vec![
                node("w1", &["10.0.0.20", "fd00::20"]),
                node("w2", &["10.0.0.21"]),
                node("w", &["10.0.0.22"]),
            ];
            let outputs = [Output::Encryption, Output::KubeletServing];
            let fitting = outputs.into_iter().filter(|output| output.fits(layout));
            design.outputs = fitting.map(|output| output.name().to_owned()).collect();
            // Whatever is not refused as a name must be nothing but a name to a shell.
            let name = "o'$HOME`id`\"+&=@x".to_owned();
            let groups = vec!["b=$(id)".to_owned(), "a+c".to_owned()];
            if layout == LayoutName::Kubeadm {
                let names =
                    ["localhost", "svc", "cp1", "cp2", "cp3", "0.0.0.0/0", "::/0", "kubernetes"];
                let names = names.map(str::to_owned).to_vec();
                let mut root = own("root", "");
                let others = ["default", "cluster.local", "k8s.example.test", "w", "w1", "w2"];
                root.permitted = [&names[..], &others.map(str::to_owned)].concat();
                root.excluded = vec!["169.254.0.0/16".to_owned(), "fe80::/10".to_owned()];
                let etcd = DesignAuthority { permitted: names, ..own("etcd-ca", "") };
                design.authorities = vec![root, own("ca", "root"), etcd];
            }
            if layout == LayoutName::FiveFlows {
                design.critical_usages = true;
                // As in the talk that this layout is from, and with what a shell would take amiss.
                design.subject = DesignSubject {
                    country: "CH".to_owned(),
                    locality: "GVA2".to_owned(),
                    organization: "Exo/scale+ $(id)".to_owned(),
                    organizational_unit: "S=K's".to_owned(),
                    ..DesignSubject::default()
                };
            }
            let person = |name: &str, ttl: &str| DesignUser {
                name: name.to_owned(),
                groups: groups.clone(),
                ttl: ttl.to_owned(),
            };
            design.users = vec![person(&name, "30d"), person("1e3", "30d"), person("END", "9d")];
        }),
    );
    let mut script = Command::new("operator/openssl.sh");
    // It makes one key after the other.
    run_for(script.arg("made").current_dir(cluster.folder()), b"", Duration::from_secs(300))
        .expect_ok("script");
    let line = "kubeadm init --config flags/cp1/kubeadm.yaml";
    let says = read(&cluster.path("README.md")).contains(line);
    assert_eq!(says, layout == LayoutName::Kubeadm, "flags that kubeadm would not choose");
    let made = |path: &str| cluster.path(&format!("made/{path}"));
    let (mut ours, mut theirs, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    let mut expected = 0;
    for file in &cluster.plan.files {
        let (one, two) = (cluster.path(&file.path), made(&file.path));
        match &file.content {
            Content::Settings(_) => continue,
            Content::Extra(_) if !file.path.ends_with("/encryption-config.yaml") => continue,
            // Its token has a Secret beside it, which is the cluster's to know.
            _ if file.path.ends_with("operator/bootstrap-kubelet.conf") => continue,
            _ => expected += 1,
        }
        assert_eq!(mode(&two), file.mode, "{}", file.path);
        assert_eq!(label(&one), label(&two), "{}", file.path);
        match &file.content {
            Content::Certificate(_) => {
                // Those of the CAs above, which stand behind it, have files of their own.
                ours.push(first_of(&read(&one)));
                theirs.push(first_of(&read(&two)));
            }
            Content::Kubeconfig(_) => {
                let (one, two) = (kubeconfig(&one), kubeconfig(&two));
                assert_eq!((&one.server, &one.user), (&two.server, &two.user));
                let trusted = |data: &KubeconfigData| {
                    String::from_utf8_lossy(&data.ca).matches("-----BEGIN").count()
                };
                assert_eq!(trusted(&one), trusted(&two), "{}", file.path);
                assert_eq!(
                    (&one.cluster, one.token.is_some()),
                    (&two.cluster, two.token.is_some())
                );
                if one.token.is_some() {
                    continue;
                }
                ours.push(String::from_utf8(one.certificate).expect("PEM"));
                theirs.push(String::from_utf8(two.certificate).expect("PEM"));
                let key = String::from_utf8(two.key.to_vec()).expect("PEM");
                let public = openssl::certificate_key(theirs.last().expect("just pushed"));
                assert_eq!(openssl::public_half(&key), public, "{}", file.path);
            }
            _ => continue,
        }
        paths.push(&file.path);
    }
    assert_eq!(count(&made("")), expected, "files that are in no archive");
    let (ours, theirs) = (openssl::texts(&ours), openssl::texts(&theirs));
    assert!(!ours.is_empty(), "nothing was compared");
    for ((one, two), path) in ours.iter().zip(&theirs).zip(paths) {
        assert_eq!(profile(one), profile(two), "{path}");
    }
    for file in &cluster.plan.files {
        let Content::Certificate(id) = file.content else { continue };
        let issuer = cluster.plan.item(id).and_then(|item| item.issuer()).unwrap_or(id);
        let is_ca = |file: &&pki_core::plan::PlannedFile| matches!(file.content, Content::Certificate(other) if other == issuer);
        let ca = cluster.plan.files.iter().find(is_ca).expect("the CA's certificate");
        // openssl wants to see the root; the components are content with the CA itself.
        let name = cluster.plan.item(issuer).map(|item| item.name.clone()).unwrap_or_default();
        let chain = made(&format!("operator/ca/{name}-chain.crt"));
        let ca = if chain.exists() { chain } else { made(&ca.path) };
        openssl::verify(&ca, &made(&file.path), "any").expect_ok(&file.path);
    }
}

fn own(name: &str, below: &str) -> DesignAuthority {
    let (name, below) = (name.to_owned(), below.to_owned());
    DesignAuthority { name, below, ..DesignAuthority::default() }
}

/// What has to be the same; the script says itself where it differs.
fn profile(text: &str) -> BTreeMap<String, String> {
    let mut fields = fields(text);
    let lifetime = fields.get_mut("Lifetime").expect("a lifetime");
    // Ours are backdated by five minutes; a CA below a root is a day shorter in the script.
    *lifetime = lifetime.replace("h5m", "h0m").replace("87576h0m", "87600h0m");
    if let Some(method) = fields.get_mut("Subject Key Identifier") {
        method.clear();
    }
    fields
}

fn kubeconfig(path: &Path) -> KubeconfigData {
    KubeconfigData::read(&read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn first_of(pem: &str) -> String {
    let end = pem.find("-----END").and_then(|at| Some(at + pem.get(at..)?.find('\n')? + 1));
    pem.get(..end.unwrap_or(pem.len())).unwrap_or_default().to_owned()
}

fn mode(path: &Path) -> u32 {
    let metadata = fs::metadata(path);
    let metadata = metadata.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    metadata.permissions().mode() & 0o777
}

/// What kind of file it is: the PEM label and how many there are, or how the first line begins.
fn label(path: &Path) -> String {
    let text = read(path);
    let first = text.lines().next().unwrap_or_default();
    match first.starts_with("-----") {
        true => format!("{} {first}", text.matches("-----BEGIN").count()),
        // A serial number or a token is another each time.
        false => first.split(':').next().filter(|_| first.contains(": ")).unwrap_or("").to_owned(),
    }
}

fn count(folder: &PathBuf) -> usize {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    entries
        .map(|entry| match entry.file_type().expect("a type").is_dir() {
            true => count(&entry.path()),
            false => 1,
        })
        .sum()
}
