//! Both ways, and each against serde-saphyr.

use serde::Deserialize;
use serde_json::Value as Json;

use super::{Yaml, YamlError, YamlReason, document_of, from_str, read, values};

#[test]
fn any_object_reads_back_as_itself() {
    let object = serde_json::json!({
        "apiVersion": "certificates.k8s.io/v1",
        "metadata": {
            "annotations": { "a/b: c": "yes", "x": "line\nline" },
            "finalizers": [], "labels": {}, "name": "user=jane",
        },
        "spec": { "expirationSeconds": 600, "usages": ["client auth", "digital signature"] },
        "status": {
            "conditions": [
                { "type": "Approved", "nested": [{ "a": 1, "b": [1, [2]] }, { "c": null }] },
                { "type": "Failed", "status": true },
            ],
        },
    });
    for value in [object.clone(), serde_json::json!([object, "text"]), "a: b".into()] {
        let written = document_of(&value);
        let read: serde_json::Value = serde_saphyr::from_str(&written).expect("our own YAML");
        assert_eq!(read, value, "{written}");
    }
}

#[test]
fn every_awkward_string_reads_back_as_itself() {
    for text in [
        "",
        " ",
        "a",
        "yes",
        "No",
        "null",
        "~",
        "1",
        "1.36",
        "0x1f",
        "1e3",
        "12:30:45",
        "- a",
        "a: b",
        "a #b",
        "#",
        "10.96.0.0/12",
        "fd00::/108",
        "::1",
        "10.0.0.1",
        "2026-01-01",
        "system:node:cp1@prod",
        "kubernetes-admin",
        "https://[fd00::1]:6443",
        "é",
        "\u{85}",
        "a\nb",
        "\t",
        "\"",
        "\\",
        "'",
        "*",
        "&a",
        "!t",
        "%",
        "@a",
        "`",
        "{",
        "[",
        "a:",
        "=",
        "true",
        ".5",
        "+1",
        "-1",
        "0o7",
        "1_000",
        "2001-12-14t21:59:43.10-05:00",
        "<<",
        "y",
    ] {
        let written = Yaml::Map(vec![("key", Yaml::text(text))]).to_document();
        let read: std::collections::BTreeMap<String, serde_json::Value> =
            serde_saphyr::from_str(&written).expect("our own YAML");
        assert_eq!(read["key"], serde_json::Value::from(text), "{written}");
        assert_eq!(values(&written).expect("our own YAML")[0]["key"], text, "{written}");
    }
}

#[test]
fn block_style_is_that_of_kubernetes() {
    let document = Yaml::Map(vec![
        (
            "clusters",
            Yaml::List(vec![Yaml::Map(vec![
                ("cluster", Yaml::Map(vec![("server", Yaml::text("https://10.0.0.10:6443"))])),
                ("name", Yaml::text("kubernetes")),
            ])]),
        ),
        ("empty", Yaml::List(vec![])),
        ("nested", Yaml::List(vec![Yaml::List(vec![Yaml::Number(1)])])),
        ("on", Yaml::Bool(true)),
    ]);
    assert_eq!(
        document.to_document(),
        "clusters:\n- cluster:\n    server: https://10.0.0.10:6443\n  name: kubernetes\n\
         empty: []\nnested:\n- \n  - 1\non: true\n"
    );
}

#[test]
fn a_stream_reads_as_another_reader_reads_it() {
    for text in [
        "a: 1\nb: -2\nc: 0x1f\nd: 0o17\ne: 1.5\nf: .5\ng: 1e3\nh: '1'\n",
        "- true\n- False\n- yes\n- ~\n- null\n-\n- ''\n- .\n- -\n- 1.36.2\n",
        "a: &x {k: [1, 2]}\nb: *x\n---\nc: |\n  one\n  two\nd: >-\n  one\n  two\n",
        "{\"a\": [1, 2.5, true, null, \"\\u00e9\\ud83d\\ude00\\/\\n\"], \"b\": {}}",
        "# only a comment\nkey: \"a\\tb\"\n...\n---\n- x: y\n  z: w\n",
        "? a\n: b\n",
    ] {
        let theirs: Vec<Json> = serde_saphyr::from_multiple(text).expect(text);
        assert_eq!(values(text).expect(text), theirs, "{text}");
    }
}

#[test]
fn fractions_are_the_numbers_that_rust_reads() {
    let numbers = [
        "1.5",
        ".5",
        "1.",
        "+1.5",
        "-.5",
        "01.5",
        "000.25",
        "1e3",
        "1E3",
        "1e-3",
        "-2.5e+2",
        "0.1",
        "0e0",
        "18446744073709551616",
        "-123456789012345678901234567890",
        "99.999e12",
    ];
    for text in numbers {
        let expected: f64 = text.parse().expect(text);
        assert_eq!(values(text).expect(text), [Json::from(expected)], "{text}");
    }
    let words =
        ["inf", "nan", "-inf", ".", "-.", "+", "1.36.2", "1.5e", "e5", "1e400", "1.5f", "0x.5"];
    for text in words {
        assert_eq!(values(text).expect(text), [Json::from(text)], "{text}");
    }
}

#[test]
fn json_reads_as_serde_json_reads_it() {
    let text = include_str!("../../../tests/fixtures/csr/verdicts.json");
    let theirs: Json = serde_json::from_str(text).expect("a fixture");
    assert_eq!(values(text).expect("a fixture"), [theirs]);
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Machine {
    name: String,
    #[serde(default)]
    addresses: Vec<String>,
    #[serde(default)]
    hardened: bool,
    #[serde(default)]
    inner: Option<Box<Machine>>,
}

#[test]
fn a_field_of_text_takes_any_scalar_as_written() {
    let read: Machine =
        from_str("name: 1.30\naddresses: [0x10, true]\ninner:\n").expect("a machine");
    assert_eq!(read.name, "1.30");
    assert_eq!(read.addresses, ["0x10", "true"]);
    assert_eq!(read.inner, None);
    assert_eq!(from_str::<Machine>("name:\naddresses:\n").expect("a machine").name, "");
}

#[test]
fn every_fault_has_its_place() {
    let fault = |text: &str| {
        let YamlError { line, column, reason } = from_str::<Machine>(text).expect_err("a fault");
        (line, column, reason)
    };
    let expected =
        |found, expected: &str| YamlReason::Unexpected { found, expected: expected.into() };
    assert_eq!(fault("").2, YamlReason::Empty);
    assert_eq!(fault("name: a\n---\nname: b\n"), (3, 1, YamlReason::Several));
    assert_eq!(
        fault("name: a\ninner:\n  name: b\n  nmae:\n    x: y\n"),
        (
            4,
            3,
            YamlReason::UnknownField {
                name: "nmae".into(),
                known: &["name", "addresses", "hardened", "inner"],
            }
        )
    );
    assert_eq!(fault("name: a\nname: b\n"), (2, 1, YamlReason::DuplicateField("name".into())));
    assert_eq!(fault("inner:\n  hardened: true\n").2, YamlReason::MissingField("name"));
    assert_eq!(fault("name: [a]\n"), (1, 7, expected("a list", "a string")));
    assert_eq!(fault("name: a\naddresses: b\n"), (2, 12, expected("text", "a list")));
    assert_eq!(fault("name: a\nhardened: 1\n"), (2, 11, expected("a number", "true or false")));
    assert_eq!(fault("- a\n"), (1, 1, expected("a list", "a mapping")));
    let (line, column, reason) = fault("name: 'a\n");
    assert!(matches!(reason, YamlReason::Unclosed { line: 1, column: 8, .. }), "{reason:?}");
    assert_eq!((line, column), (1, 7), "{reason:?}");
    assert!(matches!(
        values("a: 1\na: 2\n").expect_err("a fault").reason,
        YamlReason::DuplicateField(_)
    ));
}

#[test]
fn bombs_end_early() {
    let deep = format!("a: {}x{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(values(&deep).expect_err("a fault").reason, YamlReason::TooDeep);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for step in 1..100 {
        let alias = format!("*a{}, ", step - 1).repeat(10);
        bomb += &format!("a{step}: &a{step} [{alias}]\n");
    }
    assert!(matches!(values(&bomb).expect_err("a fault").reason, YamlReason::TooMany { .. }));
    let mut tower = "a0: &a0 [x]\n".to_owned();
    for step in 1..5_000 {
        tower += &format!("a{step}: &a{step} [*a{}]\n", step - 1);
    }
    assert!(matches!(values(&tower).expect_err("a fault").reason, YamlReason::TooMany { .. }));
}

#[test]
fn a_reader_that_goes_on_keeps_what_it_read() {
    let (documents, faults) = read("a: 1\n---\nb: 'x\n");
    assert_eq!(documents[0].text(&["a"]), Some("1"));
    assert_eq!(faults.len(), 1);
}
