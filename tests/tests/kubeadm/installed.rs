//! What stands on a host after the archive was unpacked there.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use pki_core::bundle::KubeconfigData;
use pki_tests::cluster::read;

/// Every file and folder below a root as path → `mode label,label` or `mode folder`; the root
/// itself has the empty path.
///
/// Where the tests run as root, everything must be root's too.
pub(crate) fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let we = fs::metadata("/proc/self").expect("Linux has /proc").uid();
    let mode = fs::metadata(root).expect("the root").mode() & 0o7777;
    found.insert(String::new(), format!("{mode:o} folder"));
    list(root, root, we == 0, &mut found);
    found
}

fn list(root: &Path, folder: &Path, as_root: bool, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("a folder that tar made") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("a file that tar made");
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        if as_root {
            assert_eq!((metadata.uid(), metadata.gid()), (0, 0), "{name} belongs to root");
        }
        let mode = metadata.mode() & 0o7777;
        if metadata.is_dir() {
            found.insert(name, format!("{mode:o} folder"));
            list(root, &path, as_root, found);
        } else {
            assert!(metadata.is_file(), "{name} is a plain file");
            let labels = labels(&read(&path)).join(",");
            found.insert(name, format!("{mode:o} {labels}").trim().to_owned());
        }
    }
}

/// The labels of the PEM blocks of a text.
pub(crate) fn labels(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("-----BEGIN ")?.strip_suffix("-----"))
        .collect()
}

/// A certificate in PEM by the name of the fixtures: `etcd_ca` is `pki/etcd/ca.crt`, and
/// `kubeconfig_admin` is the one inside `admin.conf`.
pub(crate) fn certificate(installed: &Path, name: &str) -> String {
    if let Some(name) = name.strip_prefix("kubeconfig_") {
        let text = read(&installed.join(format!("{name}.conf")));
        let data = KubeconfigData::read(&text).expect("our own kubeconfig");
        return String::from_utf8(data.certificate).expect("PEM is text");
    }
    read(&installed.join(format!("pki/{}.crt", name.replacen('_', "/", 1))))
}
