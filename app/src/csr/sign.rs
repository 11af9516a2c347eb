//! Signing: what is reviewed is what is signed.

use pki_core::bundle;
use pki_core::key::PrivateKey;
use pki_core::review::{Authority, Outcome, Rule, Stage, UntrustedRequest, usual_usages};
use pki_core::sign::{Issuer, replace_status_command, sign as sign_content, with_status};
use pki_text::en::{csr as words, review as text};
use serde_json::{Value, json};

use super::card::{findings, signed_content};
use super::circumstances::Circumstances;
use super::message::{Made, ReviewAsk, SignAsk, remark};
use super::review::Reviewed;
use super::work::rng;
use crate::platform::Bytes;
use crate::sheet::rows::{rows, text as data};
use crate::sheet::{Sheet, Status, Tone};

/// The signer of what kubeadm or people sign outside of the cluster: no rules but the profile's.
const OWN_SIGNER: &str = "pki-workbench.invalid/own";
/// kubeadm's certificates live for a year.
const KUBEADM_DURATION: &str = "8760h";

/// A CA that is kept in mind.
pub(super) struct Kept {
    certificate: String,
    key: Bytes,
}

/// Takes a CA out of an archive of this page.
pub(super) fn take(
    archive: &[u8],
    certificate: &str,
    key: Option<&str>,
    kept: &mut Option<Kept>,
) -> Result<Made, String> {
    let files = bundle::read(archive).map_err(|error| error.to_string())?;
    let find = |path: &str| files.iter().find(|file| file.path == path);
    let certificate = find(certificate).ok_or(words::NO_CA)?;
    let certificate = String::from_utf8_lossy(&certificate.bytes).into_owned();
    let mut made = Made::fine();
    made.file("ca.crt", words::CA_FILE, &certificate);
    if let Some(key) = key.and_then(find) {
        *kept = Some(Kept { certificate, key: Bytes::new(key.bytes.to_vec()) });
    }
    Ok(made)
}

/// `ca` is certificate and key.
pub(super) fn sign(
    ask: &SignAsk,
    input: &[u8],
    ca: (&str, &str),
    kept: Option<&Kept>,
    now: i64,
) -> Result<Made, String> {
    if ca.0.trim().is_empty() {
        return Err(words::CA_MISSING.to_owned());
    }
    // One file often holds both.
    let key = match (ca.1.trim(), kept) {
        ("", _) if ca.0.contains("PRIVATE KEY-----") => Some(ca.0),
        ("", Some(kept)) if kept.certificate.trim() == ca.0.trim() => {
            std::str::from_utf8(&kept.key).ok()
        }
        ("", _) => None,
        _ => Some(ca.1),
    };
    let certificate = pki_core::sign::find_certificates(ca.0.as_bytes());
    let certificate = certificate.ok_or(words::CA_UNREADABLE)?;
    let issuer = match key {
        None => None,
        Some(key) => {
            let key = PrivateKey::find_in_pem(key, "").map_err(|e| words::ca_key(&e))?;
            let issuer = Issuer::new(&certificate, key);
            Some(issuer.map_err(|error| text::issuer_error(&error))?)
        }
    };
    Authority::from_pem(&certificate).map_err(|_| words::CA_UNREADABLE)?;
    let circumstances = Circumstances::read(
        &ReviewAsk {
            ca: certificate.clone(),
            duration: match ask.duration.trim() {
                "" => KUBEADM_DURATION.to_owned(),
                typed => typed.to_owned(),
            },
            ..ReviewAsk::default()
        },
        now,
    )?;
    let objects = circumstances.objects(input)?;
    let [object] = objects.as_slice() else {
        return Err(words::one_at_a_time(objects.len()));
    };
    let judged = circumstances.judge(profiled(ask, object));
    let mut made = Made::fine();
    made.told.sheets.push(outlook(&judged));
    let Some(content) = judged.review.content() else {
        made.told.fine = false;
        made.told.remarks.push(remark(Tone::Bad, words::NOT_SIGNABLE));
        return Ok(made);
    };
    let no_ca = lacks_ca(&judged);
    if no_ca && !ask.anyway {
        made.told.fine = false;
        made.told.remarks.push(remark(Tone::Bad, words::NO_CA_NOT_SIGNED));
        return Ok(made);
    }
    let Some(issuer) = issuer else {
        made.told.fine = false;
        made.told.remarks.push(remark(Tone::Note, words::CA_KEY_MISSING));
        return Ok(made);
    };
    if !ask.really {
        return Ok(made);
    }
    let signed = sign_content(content, &issuer, &mut rng()?);
    let signed = signed.map_err(|error| text::sign_error(&error))?;
    let pem = signed.to_pem();
    let name = judged.name();
    let mut card = Sheet::empty(words::SIGNED_CARD, name.clone());
    let tone = if no_ca { Tone::Warning } else { Tone::Good };
    card.status = Some(Status { tone, text: words::SIGNED_STATUS.to_owned(), percent: None });
    let serial: String = signed.serial.iter().map(|octet| format!("{octet:02x}")).collect();
    card.add(
        words::SIGNED_CARD,
        true,
        [
            rows(words::CREDENTIAL, [data(signed.credential_id())]),
            rows(words::SERIAL, [data(serial)]),
        ],
    );
    made.told.sheets.insert(0, card);
    made.file("cert.pem", words::CERTIFICATE_FILE, &pem);
    made.file("chain.pem", words::CHAIN_FILE, &format!("{pem}{certificate}"));
    let filled = with_status(object, &pem, &rfc3339(now));
    let blob = filled.pointer("/status/certificate").and_then(Value::as_str);
    made.file("status.certificate", words::STATUS_FILE, blob.unwrap_or_default());
    let file = format!("{}-signed.json", name.replace('/', "-"));
    // Texts and numbers always have a JSON form.
    let json = serde_json::to_string_pretty(&filled).unwrap_or_default() + "\n";
    made.file(&file, words::SIGNED_OBJECT, &json);
    let command = replace_status_command(&name, &file) + "\n";
    made.file("replace.sh", words::REPLACE_SCRIPT, &command);
    Ok(made)
}

/// The object as the profile reads it. kube-controller-manager's rules are the review itself; the
/// others take the usages from the profile and ask no built-in signer.
fn profiled(ask: &SignAsk, object: &Value) -> Value {
    let mut object = object.clone();
    let request = object.pointer("/spec/request").and_then(Value::as_str);
    let request = request.and_then(pki_core::detect::decode_base64);
    let request = request.and_then(|request| UntrustedRequest::from_pem(&request.bytes).ok());
    let mut usages = match ask.profile.as_str() {
        "own" => super::circumstances::list(&ask.usages),
        "kubeadm" => {
            let server = request.as_ref().is_some_and(|request| !request.sans.is_empty());
            usual_usages(if server { OWN_SIGNER } else { "" })
        }
        _ => return object,
    };
    let is_rsa = request.is_some_and(|request| request.key.rsa_bits().is_some());
    if is_rsa && ask.profile == "kubeadm" {
        usages.insert(1, "key encipherment".to_owned());
    }
    if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
        spec.insert("signerName".to_owned(), json!(OWN_SIGNER));
        spec.insert("usages".to_owned(), json!(usages));
        spec.remove("expirationSeconds");
    }
    object
}

/// Whether the certificate that shall sign is no CA's.
fn lacks_ca(judged: &Reviewed) -> bool {
    judged.review.findings.iter().any(|finding| finding.rule == Rule::CaMayNotSign)
}

/// What will be signed, and what of the request will not.
fn outlook(judged: &Reviewed) -> Sheet {
    let mut card = Sheet::empty(words::OUTLOOK, judged.name());
    // Nobody approves at this desk.
    let (tone, status) = match judged.outcome {
        Outcome::Issued if lacks_ca(judged) => (Tone::Warning, words::READY_ANYWAY),
        Outcome::Issued => (Tone::Good, words::READY),
        other => (judged.tone(), text::outcome(other)),
    };
    card.status = Some(Status { tone, text: status.to_owned(), percent: None });
    card.remarks = findings(&judged.review, |rule| rule.stage() != Stage::Approval);
    if let Some(content) = judged.review.content() {
        signed_content(&mut card, content);
    }
    card
}

fn rfc3339(seconds: i64) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds)
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = moment.to_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", moment.date())
}
