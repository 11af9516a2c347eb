//! What every table must hold, whatever the layout.

use std::collections::BTreeSet;

use super::{Credential, FileContent, Layout, On, Value, of};
use crate::design::{Design, LayoutName};
use crate::plan::{Content, Owner, Plan};

fn all() -> impl Iterator<Item = &'static Layout> {
    LayoutName::ALL.into_iter().map(of)
}

/// Plans of a layout that together use every row: old and new, keys here and there.
fn plans(name: LayoutName) -> Vec<Plan> {
    let mut plans = Vec::new();
    for version in ["1.20", "1.30", "1.36"] {
        for ca_keys in ["control-planes", "vault"] {
            if ca_keys == "vault" && name.needs_ca_keys() {
                continue;
            }
            let mut design = Design {
                layout: name.name().to_owned(),
                kubernetes_version: version.to_owned(),
                ca_keys: ca_keys.to_owned(),
                control_plane_endpoint: "api.example.com".to_owned(),
                ..Design::default()
            };
            design.control_planes.push(crate::design::DesignNode {
                name: "cp2".to_owned(),
                addresses: vec!["10.0.0.11".to_owned()],
            });
            design.workers.push(crate::design::DesignNode {
                name: "w1".to_owned(),
                addresses: vec!["10.0.0.20".to_owned()],
            });
            let mut designs = vec![design.clone()];
            if name.can_have_external_etcd() {
                design.etcd.topology = "external".to_owned();
                design.etcd.members = vec![crate::design::DesignNode {
                    name: "etcd[1-3]".to_owned(),
                    addresses: vec!["10.0.0.[5-7]".to_owned()],
                }];
                designs.push(design);
            }
            for design in designs {
                let (settings, findings) = design.check();
                plans.push(Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}"))));
            }
        }
    }
    plans
}

#[test]
fn every_row_names_a_ca_of_its_table() {
    for layout in all() {
        let mut names: Vec<&str> = layout.certificates.iter().map(|row| row.issuer).collect();
        for row in layout.kubeconfigs.iter() {
            names.push(row.ca);
            if let Credential::Certificate { issuer, .. } = row.credential {
                names.push(issuer);
            }
        }
        for row in layout.files.iter() {
            match row.content {
                FileContent::Authority(name)
                | FileContent::AuthorityKey(name)
                | FileContent::Serial(name)
                | FileContent::AuthoritySecret(name, _) => names.push(name),
                FileContent::Bundle(all) => names.extend(all),
                _ => {}
            }
        }
        for name in names {
            assert!(layout.authority(name).is_some(), "{:?}: {name}", layout.name);
        }
    }
}

#[test]
fn letters_and_names_of_cas_are_unique() {
    for layout in all() {
        let letters: BTreeSet<char> = layout.authorities.iter().map(|row| row.letter).collect();
        let names: BTreeSet<&str> = layout.authorities.iter().map(|row| row.common_name).collect();
        assert_eq!(letters.len(), layout.authorities.len(), "{:?}", layout.name);
        assert_eq!(names.len(), layout.authorities.len(), "{:?}: two CAs, one DN", layout.name);
    }
}

#[test]
fn every_certificate_has_a_usage() {
    for layout in all() {
        assert!(layout.certificates.iter().all(|row| !row.usages.is_empty()));
    }
}

#[test]
fn flags_stand_in_order_and_once() {
    for name in LayoutName::ALL {
        for plan in plans(name) {
            for component in plan.layout.components.iter().map(|row| row.component) {
                let flags = plan.settings_of(component);
                let order = flags.windows(2).all(|pair| pair[0].name < pair[1].name);
                assert!(order, "{name:?} {component:?}: {flags:?}");
            }
        }
    }
}

#[test]
fn every_file_of_a_flag_is_planned_where_the_component_runs() {
    for name in LayoutName::ALL {
        for plan in plans(name) {
            let owners: BTreeSet<String> =
                plan.files.iter().map(|file| format!("{:?}", file.owner)).collect();
            assert!(!owners.is_empty());
            for owner in [
                Owner::ControlPlane(0),
                Owner::ControlPlane(1),
                Owner::Worker(0),
                Owner::Etcd(0),
                Owner::Etcd(2),
            ] {
                for component in plan.components(&owner) {
                    for setting in plan.settings_of(component) {
                        let there = plan.installed(&owner, &setting.value).is_some();
                        assert!(
                            there == setting.is_file,
                            "{name:?} {owner:?} {component:?} --{}={}",
                            setting.name,
                            setting.value
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn paths_are_absolute_on_machines_and_plain_for_people() {
    for layout in all() {
        for row in layout.kubeconfigs.iter() {
            assert_eq!(row.path.starts_with('/'), row.on != On::Operator, "{}", row.path);
        }
        let files = layout.files.iter().map(|row| row.path);
        let flags = layout.components.iter().flat_map(|row| row.flags.iter());
        let flags = flags.filter_map(|flag| match flag.value {
            Value::File(path) => Some(path),
            _ => None,
        });
        let certificates = layout.certificates.iter().map(|row| row.path);
        for path in files.chain(flags).chain(certificates) {
            let for_people = layout.name == LayoutName::ClusterApi;
            assert!(path.starts_with('/') != for_people && !path.contains("//"), "{path}");
        }
    }
}

#[test]
fn no_worker_gets_a_ca_key() {
    for name in LayoutName::ALL {
        for plan in plans(name) {
            for file in plan.files.iter().filter(|file| file.owner == Owner::Worker(0)) {
                let Content::PrivateKey(id) = file.content else { continue };
                assert!(plan.item(id).is_some_and(|item| item.issuer().is_some()), "{}", file.path);
            }
        }
    }
}
