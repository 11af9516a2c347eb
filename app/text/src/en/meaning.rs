//! The report of a paste as text for a terminal: what each object is, and what it means.

use std::fmt::Write;

use pki_core::decode::Finding;
use pki_core::detect::{Foreign, Kubeconfig, SigningRequest};
use pki_core::explain::relations::Signature;
use pki_core::explain::{
    BootstrapTokenReport, CertificateReport, Identity, KeyReport, NameReport, Note, Object,
    ObjectReport, Report, RequestReport, RevocationListReport, TokenReport, ValidityReport,
};

use super::explain as say;
use super::sheet::{condition_state, without_conditions};

/// A finding with its place.
pub fn finding(finding: &Finding) -> String {
    let mut text = say::problem(&finding.problem);
    match (finding.line, finding.column, finding.offset) {
        (Some(line), Some(column), _) => {
            let _ = write!(text, " (line {line}, column {column})");
        }
        (Some(line), None, _) => {
            let _ = write!(text, " (line {line})");
        }
        (None, _, Some(offset)) => {
            let _ = write!(text, " (at octet {offset})");
        }
        _ => {}
    }
    text
}

/// Everything that a report says, a block of lines for each object.
pub fn meaning(report: &Report) -> String {
    let mut out = String::new();
    for (index, entry) in report.objects.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let of_token = report.relations.tokens.iter().find(|link| link.token == index);
        object(&mut out, entry, of_token.map(|link| link.signature));
    }
    let related = super::relations::relations(report);
    if !related.is_empty() {
        let _ = write!(out, "\n{related}");
    }
    for entry in &report.findings {
        let _ = writeln!(out, "{}: {}", say::severity(entry.severity), finding(entry));
    }
    out
}

fn object(out: &mut String, entry: &ObjectReport, signature: Option<Signature>) {
    // Writing to a String does not fail; the results are dropped for that reason throughout.
    let _ = writeln!(out, "{}", say::kind(&entry.object));
    line(out, "found in", &say::path(&entry.path));
    match &entry.object {
        Object::Certificate(report) => certificate(out, report),
        Object::CertificateRequest(report) => request(out, report),
        Object::PublicKey(key) => {
            line(out, "key", &key_line(key));
            line(out, "kid", &key.kid);
            line(out, "SPKI SHA-256", &key.spki_sha256);
        }
        Object::PrivateKey(key) => line(out, "what", &say::private_key(key)),
        Object::SigningRequest(request) => signing_request(out, request),
        Object::Kubeconfig(kubeconfig) => self::kubeconfig(out, kubeconfig),
        Object::RevocationList(list) => revocation_list(out, list),
        Object::Token(token) => self::token(out, token, signature),
        Object::BootstrapToken(token) => bootstrap_token(out, token),
        Object::Foreign(foreign) => self::foreign(out, foreign),
        Object::Unknown(unknown) => {
            line(out, "length", &format!("{} octets", unknown.length));
            line(out, "begins", &unknown.head);
            if let Some(start) = &unknown.certificate {
                let name = |name: &Option<NameReport>| {
                    name.as_ref().map_or(say::NOT_WHOLE.to_owned(), |name| name.rfc4514.clone())
                };
                line(out, "serial", &start.serial.hex);
                line(out, "issuer", &name(&start.issuer));
                line(
                    out,
                    "validity",
                    &start.validity.as_ref().map_or(say::NOT_WHOLE.to_owned(), validity),
                );
                line(out, "subject", &name(&start.subject));
                line(out, "note", say::READ_SO_FAR);
            }
        }
        _ => {}
    }
    for entry in &entry.findings {
        line(out, say::severity(entry.severity), &finding(entry));
    }
    for refusal in &entry.refusals {
        line(out, "refused by", &format!("{}: {}", say::refusal(refusal), refusal.message));
    }
}

fn line(out: &mut String, label: &str, value: &str) {
    if !value.is_empty() {
        // Values come out of the input: a name must not turn the line around.
        let _ = writeln!(out, "  {label:<14} {}", say::shown(value));
    }
}

fn certificate(out: &mut String, report: &CertificateReport) {
    line(out, "subject", &report.subject.rfc4514);
    line(out, "issuer", &report.issuer.rfc4514);
    line(out, "serial", &report.serial.hex);
    line(out, "validity", &validity(&report.validity));
    line(out, "key", &key_line(&report.key));
    line(out, "signed with", &report.signature_algorithm.name);
    line(out, "SHA-256", &report.fingerprints.sha256);
    line(out, "CA cert hash", report.discovery_token_ca_cert_hash.as_deref().unwrap_or_default());
    line(out, "credential-id", &report.credential_id);
    extensions(out, &report.extensions);
    identity(out, &report.meaning);
}

fn request(out: &mut String, report: &RequestReport) {
    line(out, "subject", &report.subject.rfc4514);
    line(out, "key", &key_line(&report.key));
    let proof = match report.signature_valid {
        Some(true) => "valid: the requestor holds the key",
        Some(false) => "not valid",
        None => "not checked: the algorithm is unknown here",
    };
    line(out, "signature", proof);
    extensions(out, &report.extensions);
    identity(out, &report.meaning);
}

fn signing_request(out: &mut String, request: &SigningRequest) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    line(out, "signer", &text(&request.signer_name));
    line(out, "usages", &request.usages.join(", "));
    line(out, "asked by", &text(&request.username));
    line(out, "of groups", &request.groups.join(", "));
    line(out, "created", &text(&request.created));
    if let Some(seconds) = request.expiration_seconds {
        line(out, "asks for", &format!("{seconds} s"));
    }
    if request.conditions.is_empty() {
        line(out, "condition", without_conditions(request));
    }
    for condition in &request.conditions {
        let (reason, message) = (text(&condition.reason), text(&condition.message));
        let state = condition_state(condition);
        line(out, "condition", format!("{state} {reason}: {message}").trim());
    }
    for (field, value) in &request.more {
        line(out, field, value);
    }
}

fn kubeconfig(out: &mut String, kubeconfig: &Kubeconfig) {
    line(out, "current", kubeconfig.current_context.as_deref().unwrap_or_default());
    for cluster in &kubeconfig.clusters {
        let server = cluster.server.as_deref().unwrap_or("no server");
        line(out, "cluster", &format!("{} at {server}", cluster.name));
        if cluster.insecure {
            line(out, "warning", "insecure-skip-tls-verify: the server may be anybody.");
        }
        if let Some(path) = &cluster.ca_file {
            line(out, "names a file", path);
        }
    }
    for user in &kubeconfig.users {
        let means = [
            (user.certificate_data || user.certificate_file.is_some(), "client certificate"),
            (user.token, "token"),
            (user.exec.is_some(), "exec"),
        ];
        let means: Vec<_> = means.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        line(out, "user", &format!("{} by {}", user.name, means.join(", ")));
        for path in [&user.certificate_file, &user.key_file].into_iter().flatten() {
            line(out, "names a file", path);
        }
    }
}

/// Revoked certificates that are listed here; the JSON form has more.
const MOST_REVOKED: usize = 20;

fn revocation_list(out: &mut String, list: &RevocationListReport) {
    line(out, "issuer", &list.issuer.rfc4514);
    line(out, "number", list.number.as_deref().unwrap_or_default());
    line(out, "validity", &validity(&list.validity));
    line(out, "signed with", &list.signature_algorithm.name);
    line(out, "SHA-256", &list.sha256);
    line(out, "revoked", &format!("{} certificates", list.count));
    for revoked in list.revoked.iter().take(MOST_REVOKED) {
        let date = revoked.date.as_ref().map_or("", |date| date.rfc3339.as_str());
        let reason = revoked.reason.as_deref().unwrap_or("no reason given");
        line(out, "  serial", &format!("{} since {date}, {reason}", revoked.serial.hex));
    }
    if list.count > MOST_REVOKED {
        line(out, "  and", &format!("{} more", list.count.saturating_sub(MOST_REVOKED)));
    }
    line(out, "note", say::REVOCATION);
}

fn token(out: &mut String, report: &TokenReport, signature: Option<Signature>) {
    let token = &report.token;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    line(out, "user", &text(&report.user));
    line(out, "groups", &report.groups.join(", "));
    line(out, "issuer", &text(&token.issuer));
    line(out, "subject", &text(&token.subject));
    line(out, "audiences", &token.audiences.join(", "));
    line(out, "validity", &token_validity(&report.validity));
    line(out, "algorithm", &token.algorithm);
    line(out, "kid", &text(&token.key_id));
    line(out, "Pod", &text(&token.pod));
    line(out, "node", &text(&token.node));
    line(out, "Secret", &text(&token.secret));
    line(out, "claims", &token.claims);
    line(out, "signature", say::token_signature(signature));
}

fn token_validity(validity: &ValidityReport) -> String {
    let end = validity.not_after.as_ref().map_or("no end", |moment| moment.rfc3339.as_str());
    match &validity.not_before {
        Some(start) => format!("{} to {end}: {}", start.rfc3339, say::status(validity.status)),
        None => format!("until {end}: {}", say::status(validity.status)),
    }
}

fn bootstrap_token(out: &mut String, report: &BootstrapTokenReport) {
    let token = &report.token;
    line(out, "token id", &token.id);
    line(out, "user", &report.user);
    line(out, "groups", &report.groups.join(", "));
    line(out, "for", &token.usages.join(", "));
    line(out, "description", token.description.as_deref().unwrap_or_default());
    if token.from_secret {
        line(out, "validity", &token_validity(&report.validity));
    } else {
        let secret = format!("kubectl -n kube-system get secret bootstrap-token-{}", token.id);
        line(out, "see its Secret", &secret);
    }
}

fn foreign(out: &mut String, foreign: &Foreign) {
    match foreign {
        Foreign::Pkcs7 { content } => line(out, "content", content),
        Foreign::OpenSshPublicKey { algorithm, comment } => {
            line(out, "algorithm", algorithm);
            line(out, "comment", comment.as_deref().unwrap_or_default());
        }
        _ => {}
    }
    let (sentence, command) = say::foreign_help(foreign);
    line(out, "note", sentence);
    line(out, "run", command);
}

fn extensions(out: &mut String, report: &pki_core::explain::ExtensionsReport) {
    let names: Vec<_> = report.sans.iter().map(|san| san.value.as_str()).collect();
    line(out, "names", &names.join(", "));
    line(
        out,
        "key usage",
        &report.key_usages.iter().flatten().cloned().collect::<Vec<_>>().join(", "),
    );
    let purposes: Vec<_> =
        report.ext_key_usages.iter().flatten().map(|usage| usage.name.as_str()).collect();
    line(out, "purposes", &purposes.join(", "));
}

fn identity(out: &mut String, identity: &Identity) {
    line(out, "valid", say::valid_as(identity.valid_as));
    if identity.authenticates {
        line(out, "user", identity.user.as_deref().unwrap_or_default());
        line(out, "groups", &identity.groups.join(", "));
        line(out, "node", identity.node.as_deref().unwrap_or_default());
    } else if identity.notes.contains(&Note::AuthenticatesNobody) {
        line(out, "would be user", identity.user.as_deref().unwrap_or_default());
        line(out, "in groups", &identity.groups.join(", "));
    }
    line(out, "roles", &identity.cluster_roles.join(", "));
    for role in &identity.roles {
        line(out, "fits", say::role(role.role));
        for file in &role.files {
            line(out, "  file", file);
        }
        for flag in &role.flags {
            line(out, "  flag", &format!("{} {}", flag.component, flag.flag));
        }
    }
    for note in &identity.notes {
        line(out, "note", &say::note(note));
    }
}

fn key_line(key: &KeyReport) -> String {
    let mut text = key.algorithm.clone();
    if let Some(curve) = &key.curve {
        let _ = write!(text, " {curve}");
    }
    if let Some(bits) = key.bits {
        let _ = write!(text, ", {bits} bits");
    }
    text
}

fn validity(report: &ValidityReport) -> String {
    let moment = |moment: &Option<pki_core::explain::Moment>| {
        moment.as_ref().map_or_else(|| "?".to_owned(), |moment| moment.rfc3339.clone())
    };
    let (start, end) = (moment(&report.not_before), moment(&report.not_after));
    let mut text = format!("{start} to {end}, {}", say::status(report.status));
    if let Some(left) = report.seconds_left {
        let days = left.unsigned_abs() / 86_400;
        let _ = if left < 0 {
            write!(text, " {days} days ago")
        } else {
            write!(text, ", {days} days left")
        };
    }
    text
}
