//! The script of many machines is a loop over a list, and one of odd names is still right.

use super::blocks::{Block, write};
use super::openssl;
use crate::design::{Design, DesignNode, DesignUser, LayoutName};
use crate::plan::Plan;

fn script(layout: LayoutName, workers: &str, change: impl FnOnce(&mut Design)) -> String {
    let mut design = Design { layout: layout.name().to_owned(), ..Design::default() };
    design.workers = vec![DesignNode {
        name: format!("w-[{workers}]"),
        addresses: vec!["10.1.0.1+".to_owned()],
    }];
    change(&mut design);
    let (settings, findings) = design.check();
    openssl(&Plan::new(settings.unwrap_or_else(|| panic!("{findings:?}"))))
}

/// A machine more is a line more, whatever the layout has on it.
#[test]
fn it_grows_by_a_line_a_machine() {
    for layout in LayoutName::ALL {
        let few = script(layout, "0001-0100", |_| ());
        let many = script(layout, "0001-5000", |_| ());
        let lines = |text: &str| text.lines().count();
        let more = lines(&many) - lines(&few);
        assert!(more <= 4900, "{layout:?}: {more}");
        assert!(many.len() - few.len() <= 4900 * 40, "{layout:?}: {}", many.len() - few.len());
    }
}

#[test]
fn people_are_a_list_too() {
    let people = |count: usize| {
        script(LayoutName::Kubeadm, "1-2", |design| {
            design.users = (0..count)
                .map(|index| DesignUser {
                    name: format!("person-{index:04}"),
                    groups: vec!["developers".to_owned()],
                    ttl: if index % 2 == 0 { "30d" } else { "60d" }.to_owned(),
                })
                .collect();
        })
    };
    let (few, many) = (people(2), people(1000));
    assert_eq!(many.lines().count() - few.lines().count(), 998);
    assert!(many.contains("\nperson-0998 30\nperson-0999 60\n"), "{few}");
}

/// A shell takes no loop without a command in it, which is what machines of k3s would be.
#[test]
fn machines_without_files_are_no_loop() {
    let mut script = String::new();
    write(&mut script, &["a", "b"].map(|name| Block { name, lines: Vec::new() }));
    assert_eq!(script, "");
}

fn looped(blocks: &[(&str, &[&str])]) -> String {
    let blocks: Vec<Block<'_>> = blocks
        .iter()
        .map(|(name, words)| Block {
            name,
            lines: vec![words.iter().map(|word| (*word).to_owned()).collect()],
        })
        .collect();
    let mut script = String::new();
    write(&mut script, &blocks);
    script
}

/// The letter of a name is not the name, and a shell sees nothing but words.
#[test]
fn only_what_is_the_name_becomes_the_name() {
    assert_eq!(
        looped(&[("a", &["leaf", "a/x", "IP:1"]), ("b", &["leaf", "b/x", "IP:2"])]),
        "while read -r who its_word1 <&3; do\n  leaf \"${who}/x\" \"$its_word1\"\n\
         done 3<<'/END/'\na IP:1\nb IP:2\n/END/\n"
    );
    assert_eq!(
        looped(&[("a", &["put", "a`$(id)\"\\"]), ("b", &["put", "b`$(id)\"\\"])]),
        "while read -r who <&3; do\n  put \"${who}\\`\\$(id)\\\"\\\\\"\n\
         done 3<<'/END/'\na\nb\n/END/\n"
    );
    // A list cannot hold a space: such lines stand one by one.
    assert_eq!(looped(&[("a", &["put", "x y"]), ("b", &["put", "z"])]), "put 'x y'\nput z\n");
    // What is done otherwise is not in the loop.
    assert_eq!(
        looped(&[("a", &["put", "a"]), ("b", &["put"]), ("c", &["put", "c"])]),
        "while read -r who <&3; do\n  put \"${who}\"\ndone 3<<'/END/'\na\nc\n/END/\nput\n"
    );
}
