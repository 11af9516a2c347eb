//! Over all pairs of layouts: the order changes only the sides, and nothing differs from itself.

use super::*;
use crate::design::{Design, DesignAuthority, DesignCertificate, DesignNode, LayoutName};
use crate::plan::ExtendedKeyUsage;

fn plan_of(change: impl FnOnce(&mut Design)) -> Plan {
    let node = |name: &str, address: &str| DesignNode {
        name: name.to_owned(),
        addresses: vec![address.to_owned()],
    };
    let mut design = Design {
        control_planes: vec![node("cp1", "10.0.0.10"), node("cp2", "10.0.0.11")],
        workers: vec![node("w1", "10.0.0.20")],
        control_plane_endpoint: "k8s.example.test:6443".to_owned(),
        ..Design::default()
    };
    change(&mut design);
    Plan::new(design.check().0.expect("a design without errors"))
}

fn plan(layout: LayoutName) -> Plan {
    plan_of(|design| layout.name().clone_into(&mut design.layout))
}

fn mirrored(comparison: Comparison) -> Comparison {
    fn turn<K, V>(pairs: Vec<Pair<K, V>>) -> Vec<Pair<K, V>> {
        pairs
            .into_iter()
            .map(|Pair { what, left, right }| Pair { what, left: right, right: left })
            .collect()
    }
    Comparison {
        choices: turn(comparison.choices),
        authorities: turn(comparison.authorities),
        powers: turn(comparison.powers),
        files: turn(comparison.files),
        flags: turn(comparison.flags),
        lines: turn(comparison.lines),
        risks: turn(comparison.risks),
        same: comparison.same,
    }
}

#[test]
fn the_order_of_two_layouts_changes_only_the_sides() {
    for one in LayoutName::ALL {
        for other in LayoutName::ALL {
            let (left, right) = (plan(one), plan(other));
            let there = compare(&left, &right);
            assert_eq!(mirrored(compare(&right, &left)), there, "{one:?} and {other:?}");
            assert_eq!(there.is_empty(), one == other, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn every_file_and_ca_of_two_layouts_is_counted_once() {
    for one in LayoutName::ALL {
        for other in LayoutName::ALL {
            let (left, right) = (plan(one), plan(other));
            let there = compare(&left, &right);
            let on_left = there.authorities.iter().filter(|pair| pair.left.is_some()).count();
            let cas = left.layout.authorities.len();
            assert_eq!(on_left + there.same.authorities, cas, "{one:?} and {other:?}");
            let mut places: Vec<Place> =
                files::files(&left).into_iter().map(|(place, _)| place).collect();
            crate::order::sort(&mut places);
            places.dedup();
            let on_left = there.files.iter().filter(|pair| pair.left.is_some()).count();
            assert_eq!(on_left + there.same.files, places.len(), "{one:?} and {other:?}");
        }
    }
}

#[test]
fn machines_of_other_names_and_addresses_are_no_difference_of_files() {
    let mine = plan(LayoutName::FiveFlows);
    let other = plan_of(|design| {
        design.layout = "five-flows".to_owned();
        for (index, node) in design.control_planes.iter_mut().enumerate() {
            node.name = format!("master-{index}");
            node.addresses = vec![format!("192.0.2.{index}")];
        }
        for number in 2..60 {
            let addresses = vec![format!("192.0.2.{}", number + 100)];
            design.workers.push(DesignNode { name: format!("w{number}"), addresses });
        }
    });
    let there = compare(&mine, &other);
    let names: Vec<&Pair<Place, Holding>> = there
        .files
        .iter()
        // The names of kube-apiserver and etcd are those of all machines together.
        .filter(|pair| {
            pair.left.as_ref().map(|l| &l.names) == pair.right.as_ref().map(|r| &r.names)
        })
        .collect();
    assert!(names.is_empty(), "{names:#?}");
    assert!(there.authorities.is_empty() && there.flags.is_empty() && there.powers.is_empty());
    let chosen: Vec<Choice> = there.choices.iter().map(|pair| pair.what).collect();
    assert_eq!(chosen, [Choice::Workers]);
}

#[test]
fn kubeadm_and_five_flows_differ_in_what_the_talk_is_about() {
    let there = compare(&plan(LayoutName::Kubeadm), &plan(LayoutName::FiveFlows));
    let letters = |side: fn(&Pair<AuthorityKey, Signer>) -> &Option<Signer>| -> String {
        let all = there.authorities.iter().filter_map(|pair| side(pair).as_ref());
        all.map(|signer| signer.letter).collect()
    };
    assert_eq!((letters(|p| &p.left).as_str(), letters(|p| &p.right).as_str()), ("EFK", "ACENO"));
    // Both have a CA for etcd, whose server certificate is a client's too with kubeadm alone.
    let etcd = there.authorities.iter().find(|pair| pair.what == AuthorityKey::Letter('E'));
    let etcd = etcd.expect("a difference of the etcd CAs");
    let server = |signer: &Option<Signer>| -> Vec<usize> {
        let signs = signer.iter().flat_map(|signer| &signer.signs);
        let own = signs.filter(|identity| identity.subject.common_name == "NAME");
        own.map(|identity| identity.usages.len()).collect()
    };
    assert_eq!((server(&etcd.left), server(&etcd.right)), (vec![2], vec![1, 1]));
    let users = there.powers.iter().find(|pair| pair.what == Power::AnyUser).expect("a power");
    let rows = |side: &Option<Vec<AuthorityRow>>| -> String {
        side.iter().flatten().map(|row| row.letter).collect()
    };
    assert_eq!((rows(&users.left).as_str(), rows(&users.right).as_str()), ("K", "CON"));
    let lines: Vec<(&str, Option<bool>, Option<bool>)> =
        there.lines.iter().map(|pair| (pair.what.id, pair.left, pair.right)).collect();
    let (fails, passes) = (Some(false), Some(true));
    // Only kubeadm leaves admin.conf on control planes.
    let admin = [("1.1.13", passes, None), ("1.1.14", passes, None)];
    let kubelets = [("1.2.5", fails, passes), ("4.2.9", fails, passes)];
    assert_eq!(lines, [admin, kubelets].concat());
    let apiserver = there.files.iter().find(|pair| {
        (pair.what.role, pair.what.path.as_str())
            == (Role::ControlPlane, "/etc/kubernetes/pki/apiserver.crt")
    });
    let apiserver = apiserver.expect("the same path with another CA");
    let letters = |side: &Option<Holding>| side.as_ref().map(|holding| holding.letters.clone());
    assert_eq!(letters(&apiserver.left), Some(vec!['K']));
    assert_eq!(letters(&apiserver.right), Some(vec!['C']));
    let flag = |name: &str| there.flags.iter().find(|pair| pair.what.1 == name);
    assert!(flag("kubelet-certificate-authority").is_some_and(|pair| pair.left.is_none()));
}

#[test]
fn own_cas_and_certificates_are_seen_on_one_side() {
    let own = plan_of(|design| {
        design.authorities = vec![
            DesignAuthority {
                name: "people-ca".to_owned(),
                signs: vec!["admin.conf".to_owned()],
                ..DesignAuthority::default()
            },
            DesignAuthority {
                name: "front-proxy-ca".to_owned(),
                into: "ca".to_owned(),
                ..DesignAuthority::default()
            },
        ];
        design.certificates = vec![DesignCertificate {
            name: "hook".to_owned(),
            authority: "ca".to_owned(),
            sans: vec!["hook.default.svc".to_owned()],
            usages: vec!["server".to_owned()],
            on: "w1".to_owned(),
            path: "/etc/hook/tls".to_owned(),
            ..DesignCertificate::default()
        }];
    });
    let there = compare(&plan(LayoutName::Kubeadm), &own);
    let of = |key: AuthorityKey| there.authorities.iter().find(|pair| pair.what == key);
    assert!(of(AuthorityKey::Own("people-ca")).is_some_and(|pair| pair.left.is_none()));
    assert!(of(AuthorityKey::Letter('F')).is_some_and(|pair| pair.right.is_none()));
    let hook = there.files.iter().find(|pair| pair.what.path == "/etc/hook/tls.crt");
    let hook = hook.expect("the certificate by hand");
    assert_eq!((hook.what.role, hook.left.is_none()), (Role::Worker, true));
    let identity = hook.right.as_ref().and_then(|right| right.identity.as_ref());
    assert_eq!(
        identity.map(|identity| (identity.subject.common_name.as_str(), identity.usages)),
        Some(("hook", &[ExtendedKeyUsage::ServerAuth][..]))
    );
    let headers = |risk: &Risk| matches!(risk, Risk::HeadersByNameOnly { .. });
    assert!(there.risks.iter().any(|pair| pair.right.as_ref().is_some_and(headers)));
}
