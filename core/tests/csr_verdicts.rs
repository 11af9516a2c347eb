//! Every recorded verdict of a real control plane, against the prediction.

use std::collections::BTreeMap;

use serde_json::Value;

#[allow(dead_code, reason = "the test makes none of the failures that the commands make")]
#[path = "../examples/csr/failure.rs"]
mod failure;
#[path = "../examples/csr/verdicts.rs"]
mod verdicts;

const CASES: &str = include_str!("../../tests/fixtures/csr/verdicts.json");
const RUNS: &str = include_str!("../../tests/fixtures/csr/runs.json");

/// The case `name-taken` posts a name that a request outside the file has taken before.
const EXISTING: &str = "Jean-Doe";

fn predictions(cases: &str) -> BTreeMap<String, Value> {
    let mut out = Vec::new();
    verdicts::predict(cases, RUNS, None, &[EXISTING.to_owned()], &mut out).expect("predictions");
    String::from_utf8(out)
        .expect("text")
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("a line of JSON");
            (line["id"].as_str().expect("id").to_owned(), line)
        })
        .collect()
}

/// What a prediction is held to, out of a recorded verdict.
fn recorded(verdict: &Value) -> Value {
    let failed = verdict["conditions"].as_array().into_iter().flatten();
    let failed = failed.filter(|condition| condition["type"] == "Failed");
    let certificate = &verdict["certificate"];
    let fields =
        ["subjectString", "sans", "keyUsage", "extKeyUsage", "basicConstraints", "extensions"];
    let pick = |name: &&str| ((*name).to_owned(), certificate[*name].clone());
    let mut picked = Value::Null;
    if certificate.is_object() {
        picked = Value::Object(fields.iter().map(pick).collect());
        let validity = &certificate["validity"];
        // Otherwise it depends on the second of the approval.
        if validity["notAfterIsCaNotAfter"] == false {
            picked["lifetimeSeconds"] = validity["lifetimeSeconds"].clone();
        }
    }
    serde_json::json!({
        "outcome": verdict["outcome"],
        "code": verdict["create"]["code"],
        "reason": verdict["create"]["reason"],
        "autoApproved": verdict["autoApproved"],
        "failed": failed.map(|condition| condition["reason"].clone()).collect::<Vec<_>>(),
        "certificate": picked,
    })
}

/// The same fields of a prediction.
fn predicted(line: &Value, recorded: &Value) -> Value {
    let failed = line["failedReason"].as_str().into_iter().collect::<Vec<_>>();
    let mut certificate = line["certificate"].clone();
    if let Some(fields) = certificate.as_object_mut() {
        let validity = fields.remove("validity").expect("validity");
        if recorded["certificate"].get("lifetimeSeconds").is_some() {
            fields.insert("lifetimeSeconds".to_owned(), validity["lifetimeSeconds"].clone());
        }
    }
    serde_json::json!({
        "outcome": line["outcome"],
        "code": line["create"]["code"],
        "reason": line["create"]["reason"],
        "autoApproved": line["autoApproved"],
        "failed": failed,
        "certificate": certificate,
    })
}

#[test]
fn every_recorded_case_is_predicted_in_every_field() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let lines = predictions(CASES);
    let mut differences = Vec::new();
    for case in &cases {
        let id = case["id"].as_str().expect("id");
        let recorded = recorded(&case["verdict"]);
        let predicted = predicted(&lines[id], &recorded);
        if recorded != predicted {
            differences.push(format!("{id}\n  recorded  {recorded}\n  predicted {predicted}"));
        }
    }
    assert_eq!(cases.len(), 229);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_recorded_verdicts_are_not_looked_at() {
    let mut cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    for case in &mut cases {
        case.as_object_mut().expect("a case").remove("verdict");
    }
    let blind = serde_json::to_string(&cases).expect("JSON");
    assert_eq!(predictions(&blind), predictions(CASES));
}

/// Where the recording says which field is wrong, the findings name the same ones.
#[test]
fn the_fields_of_refusals_are_those_of_the_server() {
    let cases: Vec<Value> = serde_json::from_str(CASES).expect("the recording");
    let lines = predictions(CASES);
    for case in &cases {
        let create = &case["verdict"]["create"];
        if create["code"] != 422 {
            continue;
        }
        let id = case["id"].as_str().expect("id");
        let mut server: Vec<&str> = create["causes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|cause| cause["field"].as_str())
            .collect();
        let mut ours: Vec<&str> = lines[id]["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["field"].as_str())
            .collect();
        for fields in [&mut server, &mut ours] {
            fields.sort_unstable();
            fields.dedup();
        }
        assert_eq!(ours, server, "{id}");
    }
}
