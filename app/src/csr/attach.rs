//! A certificate that came back, and its key, to a kubeconfig.

use pki_core::bundle::KubeconfigServer;
use pki_core::request::{
    AttachedServer, Parked, Template, asker_commands, attach as attach_to, openssl_commands,
    renewal_calendar, renewal_due,
};
use pki_core::sign::find_certificates;
use pki_text::en::{csr as words, review as text, sheet};

use super::message::{AttachAsk, Made};
use super::request::Held;
use crate::sheet::rows::{rows, said, text as data};
use crate::sheet::{Sheet, Status, Tone};

/// `key` is a key or parked file and its passphrase; the CAs are the server's, and the one that
/// signs for clients if that is another.
pub(super) fn attach(
    ask: &AttachAsk,
    certificate: &[u8],
    key: (&str, &str),
    (ca, signing_ca): (&str, &str),
    held: Option<&Held>,
    now: i64,
) -> Result<Made, String> {
    let certificate = find_certificates(certificate).ok_or(words::NO_CERTIFICATE)?;
    let pasted;
    let (key, request) = if key.0.trim().is_empty() {
        let held = held.ok_or(words::NOTHING_HELD)?;
        (&held.key, Some(&held.request))
    } else {
        pasted = Parked::read(key.0, key.1).map_err(|error| words::key_failed(&error))?;
        (&pasted.key, pasted.request.as_ref())
    };
    let cluster = match ask.cluster.trim() {
        "" => "kubernetes",
        typed => typed,
    };
    let server = AttachedServer {
        cluster: cluster.to_owned(),
        server: ask.server.trim().to_owned(),
        ca: ca.to_owned(),
        signing_ca: signing_ca.to_owned(),
        by_path: ask.by_path,
    };
    let attached = attach_to(certificate.as_bytes(), key, request, &server, now)
        .map_err(|error| text::attach_error(&error))?;

    let mut made = Made::fine();
    let due = renewal_due(attached.not_before, attached.not_after);
    let mut card = Sheet::empty(words::ATTACHED, attached.user.clone());
    let left = sheet::span(attached.not_after - now);
    card.status = Some(Status { tone: Tone::Good, text: words::valid_for(&left), percent: None });
    card.add(
        words::ATTACHED,
        true,
        [
            rows(words::USER, [data(&attached.user)]),
            rows(words::GROUPS, attached.groups.iter().map(data)),
            rows(words::SERVER, [data(&server.server)]),
            rows(words::VALID_UNTIL, [said(text::moment(attached.not_after))]),
            rows(words::RENEW_AT, [said(text::moment(due))]),
            rows(words::CREDENTIAL, [data(&attached.credential_id)]),
        ],
    );
    made.told.sheets.push(card);
    if ask.by_path {
        made.file("kubeconfig", words::KUBECONFIG_FILE, &attached.kubeconfig);
        let secret = key.kubernetes_pem().map_err(|error| words::key_failed(&error))?;
        made.secret("key.pem", words::KEY_FILE, &secret);
    } else {
        made.secret("kubeconfig", words::KUBECONFIG_FILE, &attached.kubeconfig);
    }
    made.file("cert.pem", words::CERTIFICATE_FILE, &certificate);
    let renew = renewing(certificate.as_bytes(), key.algorithm(), cluster);
    let calendar = renewal_calendar(
        &attached.credential_id,
        due,
        now,
        &words::renew_summary(&attached.user, cluster),
        &words::renew_text(&text::moment(attached.not_after), renew.as_deref().unwrap_or_default()),
    );
    made.file("renew.ics", words::CALENDAR_FILE, &calendar);
    if let Some(renew) = renew {
        made.file("renew.sh", words::RENEW_SCRIPT, &renew);
    }
    Ok(made)
}

/// The commands that ask for the same again; `None` for what no built-in signer gives.
fn renewing(
    certificate: &[u8],
    algorithm: pki_core::key::Algorithm,
    cluster: &str,
) -> Option<String> {
    let wish = Template::find(certificate)?.wish(None).ok()?;
    if wish.signer_name.is_empty() {
        return None;
    }
    let asker = asker_commands(&wish, cluster);
    let make = openssl_commands(&wish, algorithm);
    Some(format!("{make}{}{}", asker.fetch, asker.configure))
}

/// Server and CA of a kubeconfig.
pub(super) fn server(kubeconfig: &str) -> Result<Made, String> {
    let found =
        KubeconfigServer::read(kubeconfig).map_err(|error| words::no_server(&error.to_string()))?;
    let mut made = Made::fine();
    made.told.server = Some((found.server, found.cluster));
    made.file("ca.crt", words::CA_FILE, found.ca.as_deref().unwrap_or_default());
    Ok(made)
}
