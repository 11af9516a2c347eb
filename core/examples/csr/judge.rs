//! `csr review` and `csr sign`: what a cluster would say, and what its signer would make.

use std::fmt::Write;

use pki_core::request::approver_commands;
use pki_core::review::{
    self, Authority, Cluster, DEFAULT_SIGNING_DURATION, Identity, KUBE_APISERVER_CLIENT, KnownNode,
    Outcome, PolicyFault, Review, Rule, ServingPolicy, Severity, Surroundings,
};
use pki_core::sign::{Issuer, replace_status_command, sign, with_status};
use pki_text::en::explain::shown;
use pki_text::en::review as text;
use serde_json::Value;

use crate::failure::Failure;
use crate::new::rng;
use crate::options::{Options, print, read_key, read_text, write_file};

const KNOWN: &[&str] = &[
    "--signer",
    "--usage",
    "--expiration",
    "--name",
    "--ca",
    "--ca-key",
    "--duration",
    "--as",
    "--as-group",
    "--known-node",
    "--max-lifetime",
    "--now",
    "--out",
];
const FLAGS: &[&str] = &["--repair", "--object", "--anyway"];

pub(crate) fn review(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments, KNOWN, FLAGS)?;
    let authority = match options.one("--ca") {
        Some(path) => Some(
            Authority::from_pem(&read_text(path)?)
                .map_err(|error| Failure::Input(format!("{path}: {error:?}")))?,
        ),
        None => None,
    };
    let mut refused = 0;
    let objects = objects(&options)?;
    let policy = policy(&options)?;
    let mut commands = String::new();
    for object in &objects {
        let stored = review::from_stored(object);
        let (object, requestor) = match &stored {
            Some(stored) if options.one("--as").is_none() => {
                (&stored.sent, stored.requestor.clone())
            }
            Some(stored) => (&stored.sent, requestor(&options)),
            None => (object, requestor(&options)),
        };
        let cluster = cluster(&options, object, authority.clone())?;
        let review = review::review(object, &cluster, &requestor, options.now()?);
        refused += usize::from(!review.passes());
        print(&report(object, &review, &cluster))?;
        let is_open = stored.as_ref().is_none_or(|stored| stored.conditions.is_empty());
        if let (Some(policy), true) = (&policy, is_open) {
            let faults = policy.check(&review, &requestor);
            for fault in &faults {
                print(&format!("  policy: {}\n", text::policy_fault(fault)))?;
            }
            let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            let decide = approver_commands(name);
            match faults.as_slice() {
                [] => commands.push_str(&decide.approve),
                [PolicyFault::OtherSigner] => {}
                _ => commands.push_str(&decide.deny),
            }
        }
    }
    print(&commands)?;
    match refused {
        0 => Ok(()),
        _ => Err(Failure::Refused(format!("{refused} of {} refused", objects.len()))),
    }
}

pub(crate) fn sign_command(arguments: &[String]) -> Result<(), Failure> {
    let options = Options::read(arguments, KNOWN, FLAGS)?;
    let key = read_key(options.required("--ca-key")?)?;
    let issuer = Issuer::new(&read_text(options.required("--ca")?)?, key)
        .map_err(|error| Failure::Input(text::issuer_error(&error)))?;
    let objects = objects(&options)?;
    let [object] = objects.as_slice() else {
        return Err(Failure::Input(format!("{} requests; one is signed at a time", objects.len())));
    };
    let cluster = cluster(&options, object, Some(issuer.authority().clone()))?;
    let now = options.now()?;
    let review = review::review(object, &cluster, &requestor(&options), now);
    eprint!("{}", report(object, &review, &cluster));
    let Some(content) = review.content() else {
        return Err(Failure::Refused("not signed".to_owned()));
    };
    let unusable = review.findings.iter().any(|finding| finding.rule == Rule::CaMayNotSign);
    if unusable && options.one("--anyway").is_none() {
        return Err(Failure::Refused(
            "not signed: this certificate may not sign others (--anyway signs all the same)"
                .to_owned(),
        ));
    }
    let signed = sign(content, &issuer, &mut rng()?)
        .map_err(|error| Failure::Refused(text::sign_error(&error)))?;
    let pem = signed.to_pem();
    let output = match options.one("--object") {
        None => pem,
        Some(_) => {
            let moment = time::OffsetDateTime::from_unix_timestamp(now)
                .map_err(|error| Failure::input("--now", &error))?
                .format(&time::format_description::well_known::Rfc3339)
                .map_err(|error| Failure::input("--now", &error))?;
            let object = with_status(object, &pem, &moment);
            let json = serde_json::to_string_pretty(&object);
            json.map_err(|error| Failure::input("object", &error))? + "\n"
        }
    };
    eprintln!("{}", signed.credential_id());
    if options.one("--object").is_some() {
        let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("NAME");
        eprintln!("{}", replace_status_command(name, options.one("--out").unwrap_or("-")));
    }
    match options.one("--out") {
        None => print(&output),
        Some(path) => write_file(std::path::Path::new(path), &output, false),
    }
}

/// The nodes given by `--known-node`; `None` without any.
fn policy(options: &Options) -> Result<Option<ServingPolicy>, Failure> {
    let lines = options.all("--known-node");
    if lines.is_empty() {
        return Ok(None);
    }
    let node = |line: &String| {
        KnownNode::parse(line).map_err(|error| {
            Failure::Input(format!("--known-node {line}: {}", text::known_node_error(&error)))
        })
    };
    let nodes = lines.iter().map(node).collect::<Result<_, _>>()?;
    Ok(Some(ServingPolicy { nodes, max_lifetime: options.number("--max-lifetime")? }))
}

fn objects(options: &Options) -> Result<Vec<Value>, Failure> {
    let around = Surroundings {
        name: options.one("--name").unwrap_or("request").to_owned(),
        signer_name: options.one("--signer").unwrap_or(KUBE_APISERVER_CLIENT).to_owned(),
        usages: match options.all("--usage") {
            usages if usages.is_empty() => {
                review::usual_usages(options.one("--signer").unwrap_or_default())
            }
            usages => usages,
        },
        expiration_seconds: options.number("--expiration")?,
    };
    let objects = review::find_objects(&options.input()?, &around)
        .map_err(|error| Failure::Input(text::input_error(&error)))?;
    if options.one("--repair").is_none() {
        return Ok(objects);
    }
    let mut mended = Vec::with_capacity(objects.len());
    for object in &objects {
        let (object, repairs) = review::repair(object);
        eprintln!("csr: repaired {repairs:?}");
        mended.push(object);
    }
    Ok(mended)
}

/// Somebody who may create requests; an administrator unless it is said otherwise.
fn requestor(options: &Options) -> Identity {
    match options.one("--as") {
        None => Identity::administrator(),
        Some(user) => Identity::authenticated(user, options.all("--as-group")),
    }
}

fn cluster(
    options: &Options,
    object: &Value,
    authority: Option<Authority>,
) -> Result<Cluster, Failure> {
    let duration = match options.one("--duration") {
        None => DEFAULT_SIGNING_DURATION,
        Some(text) => pki_core::design::parse_duration(text)
            .map_err(|_| Failure::Input(format!("--duration {text}: write it as 8760h")))?,
    };
    let asked = object.pointer("/spec/signerName").and_then(Value::as_str);
    Ok(Cluster::assumed(authority, asked, duration))
}

fn report(object: &Value, review: &Review, cluster: &Cluster) -> String {
    let outcome = review.when_approved(cluster);
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(out, "{}: {}", shown(name), text::outcome(outcome));
    let _ = writeln!(out, "  create: {} {}", review.code, review.reason.unwrap_or_default());
    if !review.signer_name.is_empty() {
        let _ = writeln!(out, "  signer: {}", shown(&review.signer_name));
    }
    if let Some(request) = &review.request {
        let subject = request.subject.to_rfc4514();
        let _ = writeln!(out, "  asks: {} [{}]", shown(&subject), request.key.name());
    }
    for finding in &review.findings {
        let kind = match finding.rule.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let (sentence, id) = (text::sentence(finding), finding.rule.id());
        let _ = writeln!(out, "  {kind}: {sentence} [{id}; {}]", finding.rule.citation());
    }
    if let (Outcome::Issued, Some(content)) = (outcome, review.content()) {
        let names = content.sans().to_texts().join(" ");
        let _ = writeln!(out, "  subject: {}", shown(&content.subject().to_rfc4514()));
        let _ = writeln!(out, "  names: {}", shown(&names));
        let _ = writeln!(out, "  keyUsage: {}", content.key_usage().join(", "));
        let _ = writeln!(out, "  extKeyUsage: {}", content.ext_key_usage().join(", "));
        let _ = writeln!(out, "  valid until: {}", text::moment(content.not_after()));
    }
    out
}
