//! `csr review` and `csr sign`: what a cluster would say, and what its signer would make.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::IpAddr;

use pki_core::request::approver_commands;
use pki_core::review::{
    self, Access, Authority, Cluster, DEFAULT_SIGNING_DURATION, Decision, Identity,
    KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING, KnownNode, Outcome,
    PolicyFault, Review, Right, Rule, SYSTEM_MASTERS, ServingPolicy, Severity, SigningAuthority,
    Surroundings,
};
use pki_core::sign::{Issuer, replace_status_command, sign, with_status};
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
        Some(path) => Authority::from_pem(&read_text(path)?)
            .map_err(|error| Failure::Input(format!("{path}: {error:?}")))?,
        None => endless(),
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
        refused += usize::from(!passes(&review));
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
    let cluster = cluster(&options, object, issuer.authority().clone())?;
    let now = options.now()?;
    let review = review::review(object, &cluster, &requestor(&options), now);
    eprint!("{}", report(object, &review, &cluster));
    let Some(content) = review.content() else {
        return Err(Failure::Refused("not signed".to_owned()));
    };
    let unusable = review.findings.iter().any(|finding| finding.rule == Rule::CaMayNotSign);
    if unusable && options.one("--anyway").is_none() {
        return Err(Failure::Refused("not signed: the CA is none (--anyway signs)".to_owned()));
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

/// The nodes given by `--known-node NAME=ADDRESS-OR-NAME,…`; `None` without any.
fn policy(options: &Options) -> Result<Option<ServingPolicy>, Failure> {
    let nodes = options.all("--known-node");
    if nodes.is_empty() {
        return Ok(None);
    }
    let node = |text: &String| {
        let (name, rest) = text.split_once('=').unwrap_or((text, ""));
        let parts = rest.split(',').filter(|part| !part.is_empty());
        let (addresses, dns): (Vec<&str>, Vec<&str>) =
            parts.partition(|part| part.parse::<IpAddr>().is_ok());
        KnownNode {
            name: name.to_owned(),
            dns: dns.into_iter().map(str::to_owned).collect(),
            addresses: addresses.into_iter().filter_map(|part| part.parse().ok()).collect(),
        }
    };
    let max_lifetime = options.number("--max-lifetime")?;
    Ok(Some(ServingPolicy { nodes: nodes.iter().map(node).collect(), max_lifetime }))
}

/// Whether nobody on the way says no.
fn passes(review: &Review) -> bool {
    review.is_created() && !review.findings.iter().any(|f| f.rule.severity() == Severity::Error)
}

fn objects(options: &Options) -> Result<Vec<Value>, Failure> {
    let around = Surroundings {
        name: options.one("--name").unwrap_or("request").to_owned(),
        signer_name: options.one("--signer").unwrap_or(KUBE_APISERVER_CLIENT).to_owned(),
        usages: match options.all("--usage") {
            usages if usages.is_empty() => usual_usages(options.one("--signer")),
            usages => usages,
        },
        expiration_seconds: options.number("--expiration")?,
    };
    let objects = review::read_objects(&options.input()?, &around)
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

fn usual_usages(signer: Option<&str>) -> Vec<String> {
    let purpose = match signer {
        None | Some(KUBE_APISERVER_CLIENT | KUBE_APISERVER_CLIENT_KUBELET) => "client auth",
        Some(_) => "server auth",
    };
    vec!["digital signature".to_owned(), purpose.to_owned()]
}

/// Somebody who may create requests; an administrator unless it is said otherwise.
fn requestor(options: &Options) -> Identity {
    let mut groups = options.all("--as-group");
    match options.one("--as") {
        None => Identity {
            username: "kubernetes-admin".to_owned(),
            groups: vec!["kubeadm:cluster-admins".to_owned()],
        },
        Some(user) => {
            groups.push("system:authenticated".to_owned());
            Identity { username: user.to_owned(), groups }
        }
    }
}

/// A cluster of kubeadm in which everybody may ask, and whose CA signs for the built-in signers
/// and for the one that the object names.
fn cluster(options: &Options, object: &Value, authority: Authority) -> Result<Cluster, Failure> {
    let mut access = Access::kubeadm();
    access.grant_group("system:authenticated", Right::Create);
    let duration = match options.one("--duration") {
        None => DEFAULT_SIGNING_DURATION,
        Some(text) => pki_core::design::parse_duration(text)
            .map_err(|_| Failure::Input(format!("--duration {text}: write it as 8760h")))?,
    };
    let asked = object.pointer("/spec/signerName").and_then(Value::as_str);
    let built_in = [KUBE_APISERVER_CLIENT, KUBE_APISERVER_CLIENT_KUBELET, KUBELET_SERVING];
    // A signer of one's own is only signed for by the CA that was brought along.
    let own = asked.filter(|_| options.one("--ca").is_some());
    let authorities: BTreeMap<String, SigningAuthority> = built_in
        .into_iter()
        .chain(own)
        .map(|signer| {
            let authority = SigningAuthority { authority: Some(authority.clone()), duration };
            (signer.to_owned(), authority)
        })
        .collect();
    Ok(Cluster { access, authorities, ..Cluster::default() })
}

/// Stands in for a CA that nobody named: it never ends and has a key identifier.
fn endless() -> Authority {
    Authority {
        subject: Vec::new(),
        key_identifier: Some(vec![0]),
        spki: Vec::new(),
        not_before: 0,
        not_after: i64::MAX,
        is_ca: Some(true),
        may_sign: Some(true),
    }
}

fn report(object: &Value, review: &Review, cluster: &Cluster) -> String {
    let approver = Identity { username: String::new(), groups: vec![SYSTEM_MASTERS.to_owned()] };
    let outcome = review.settle(cluster, &[(Decision::Approve, approver)]);
    let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let mut out = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(out, "{}: {}", name.escape_debug(), text::outcome(outcome));
    let _ = writeln!(out, "  create: {} {}", review.code, review.reason.unwrap_or_default());
    if !review.signer_name.is_empty() {
        let _ = writeln!(out, "  signer: {}", review.signer_name.escape_debug());
    }
    if let Some(request) = &review.request {
        let subject = request.subject.to_rfc4514();
        let _ = writeln!(out, "  asks: {} [{}]", subject.escape_debug(), request.key.name());
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
        let _ = writeln!(out, "  subject: {}", content.subject().to_rfc4514().escape_debug());
        let _ = writeln!(out, "  names: {}", names.escape_debug());
        let _ = writeln!(out, "  keyUsage: {}", content.key_usage().join(", "));
        let _ = writeln!(out, "  extKeyUsage: {}", content.ext_key_usage().join(", "));
        let _ = writeln!(out, "  valid until: {}", text::moment(content.not_after()));
    }
    out
}
