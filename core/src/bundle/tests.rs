//! The archive: what is in it, and that it is always the same.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use time::macros::datetime;

use super::{BundleError, Contents, EntryKind, KubeconfigData, Piece, join, read, write};
use crate::design::{Design, DesignNode};
use crate::issue::tests::made;
use crate::issue::{Material, Wires};
use crate::plan::{ItemId, Plan};

const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

fn design() -> Design {
    let mut design = Design::default();
    design.keys.algorithm = "ecdsa-p256".to_owned();
    design.keys.service_account = "ecdsa-p256".to_owned();
    design.workers = vec![DesignNode { name: "w".repeat(120), addresses: vec![] }];
    design
}

fn materials(plan: &Plan) -> Vec<Material> {
    made(plan, NOW, "bundle")
}

fn plan(design: &Design) -> Plan {
    Plan::new(design.check().0.expect("only warnings"))
}

#[test]
fn the_same_material_gives_the_same_bytes() {
    let design = design();
    let plan = plan(&design);
    let mut made = materials(&plan);
    let one = write(&plan, &design, &made, NOW, "readme", false).expect("a bundle");
    made.reverse();
    let two = write(&plan, &design, &made, NOW, "readme", false).expect("a bundle");
    assert_eq!(one.bytes, two.bytes);
    assert_eq!(one.name, "kubernetes-pki.tar.gz");
    let demo = write(&plan, &design, &made, NOW, "readme", true).expect("a bundle");
    assert_eq!(demo.name, "kubernetes-pki-DEMO.tar.gz");
}

#[test]
fn several_that_write_a_share_each_come_to_the_same_archive() {
    let mut design = design();
    let machines =
        (0..200).map(|number| DesignNode { name: format!("n{number}"), addresses: vec![] });
    design.workers.extend(machines);
    let plan = plan(&design);
    let made = materials(&plan);
    let alone = write(&plan, &design, &made, NOW, "readme", false).expect("a bundle");
    let contents = Contents::new(&plan, &design, NOW, "readme");
    assert!(contents.pieces() > 3, "{}", contents.pieces());
    let wire = |material: &Material| (material.item, material.to_wire().expect("our own key"));
    for shares in [1, 2, 3] {
        let mut pieces = BTreeMap::new();
        for share in 0..shares {
            // Each has the materials for itself, as workers do.
            let wires = Wires::new(made.iter().map(wire));
            for index in (share..contents.pieces()).step_by(shares) {
                let piece = contents.piece(index, &|id| wires.get(id)).expect("a piece");
                let bytes = piece.to_wire();
                assert!(Piece::from_wire(&bytes[..11]).is_none());
                pieces.insert(index, Piece::from_wire(&bytes).expect("our own bytes"));
            }
        }
        let joined = join(&plan, pieces.into_values().collect(), NOW, false).expect("a bundle");
        assert_eq!(joined.bytes, alone.bytes, "{shares}");
        assert_eq!(joined.name, alone.name);
    }
    assert!(contents.piece(contents.pieces(), &|_| None).is_err(), "there is no such piece");
}

#[test]
fn entries_are_of_root_with_their_modes_and_folders_come_first() {
    let design = design();
    let plan = plan(&design);
    let bundle = write(&plan, &design, &materials(&plan), NOW, "readme", false).expect("a bundle");
    let entries = read(&bundle.bytes).expect("our own archive");
    for entry in &entries {
        assert_eq!(entry.owner, (0, 0), "{}", entry.path);
        assert_eq!(entry.mtime, NOW.unix_timestamp() as u64 - 300, "{}", entry.path);
        assert!(!entry.path.starts_with(['/', '.']), "{}", entry.path);
        assert_ne!(entry.kind, EntryKind::Other);
    }
    let find = |path: &str| entries.iter().position(|entry| entry.path == path);
    for folder in ["hosts", "hosts/cp1", "hosts/cp1/etc/kubernetes/pki/etcd", "operator"] {
        let index = find(folder).unwrap_or_else(|| panic!("no {folder}"));
        assert_eq!(entries[index].kind, EntryKind::Folder);
        assert!(entries[index].mode & 0o100 != 0, "folders need x");
    }
    assert_eq!(find("hosts/cp1/etc"), None, "unpacking must leave /etc alone");
    let long = format!("hosts/{}/etc/kubernetes/kubelet.conf", "w".repeat(120));
    assert!(find(&long).is_some(), "paths beyond 100 bytes");
    for file in &plan.files {
        let index = find(&file.path).unwrap_or_else(|| panic!("no {}", file.path));
        assert_eq!(entries[index].mode, file.mode, "{}", file.path);
    }
}

#[test]
fn kubeconfigs_read_back() {
    let design = design();
    let plan = plan(&design);
    let bundle = write(&plan, &design, &materials(&plan), NOW, "readme", false).expect("a bundle");
    let entries = read(&bundle.bytes).expect("our own archive");
    let bytes = |path: &str| {
        let entry = entries.iter().find(|entry| entry.path == path).expect("a file of the plan");
        entry.bytes.to_vec()
    };
    let text = String::from_utf8(bytes("operator/admin.conf")).expect("text");
    let kubeconfig = KubeconfigData::read(&text).expect("our own kubeconfig");
    assert_eq!(kubeconfig.server, "https://10.0.0.10:6443");
    assert_eq!(kubeconfig.cluster, "kubernetes");
    assert_eq!(kubeconfig.user, "kubernetes-admin");
    assert_eq!(kubeconfig.ca, bytes("hosts/cp1/etc/kubernetes/pki/ca.crt"));
    assert_eq!(text.as_bytes(), bytes("hosts/cp1/etc/kubernetes/admin.conf"));
    assert!(!text.contains("preferences"));
}

#[test]
fn missing_material_is_named() {
    let design = design();
    let plan = plan(&design);
    let mut made = materials(&plan);
    made.remove(0);
    let error = write(&plan, &design, &made, NOW, "readme", false).err();
    assert_eq!(error, Some(BundleError::Missing(ItemId(0))));
}
