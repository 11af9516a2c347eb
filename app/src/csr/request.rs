//! Key and request, with everything around them.

use std::net::IpAddr;

use pki_core::key::{Algorithm, PrivateKey};
use pki_core::request::{
    self, Kind, RbacNames, Template, Wish, WishError, approver_commands, asker_commands,
    openssl_commands, rbac_for_one_person,
};
use pki_core::review::UntrustedRequest;
use pki_text::en::{csr as words, review as text};

use super::circumstances::{Circumstances, list, seconds};
use super::message::{Made, MakeAsk, ReviewAsk, remark};
use super::work::rng;
use crate::sheet::Tone;

/// What was asked for last.
pub(super) struct Held {
    pub(super) key: PrivateKey,
    pub(super) request: UntrustedRequest,
    pem: String,
    wish: Wish,
}

/// Names and addresses, with commas or blanks between.
fn words_of(typed: &str) -> Vec<String> {
    let parts = typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn or<'a>(typed: &'a str, usual: &'a str) -> &'a str {
    match typed.trim() {
        "" => usual,
        typed => typed,
    }
}

pub(super) fn algorithm(typed: &str) -> Algorithm {
    typed.parse().unwrap_or(Algorithm::EcdsaP256)
}

pub(super) fn expiration(typed: &str) -> Result<Option<i32>, String> {
    let seconds = seconds(typed, words::EXPIRATION)?;
    Ok(seconds.map(|seconds| seconds.try_into().unwrap_or(i32::MAX)))
}

fn wish(ask: &MakeAsk) -> Result<Wish, WishError> {
    let name = ask.name.trim();
    match ask.kind.as_str() {
        "node-client" => Wish::node_client(name),
        "node-serving" => {
            let (addresses, dns): (Vec<String>, Vec<String>) =
                words_of(&ask.names).into_iter().partition(|part| part.parse::<IpAddr>().is_ok());
            let addresses: Vec<IpAddr> =
                addresses.iter().filter_map(|part| part.parse().ok()).collect();
            Wish::node_serving(name, &dns, &addresses)
        }
        "service" => {
            let (namespace, domain) =
                (or(&ask.namespace, "default"), or(&ask.domain, "cluster.local"));
            Wish::service(name, namespace, domain, ask.signer.trim())?
                .with_names(&words_of(&ask.names))
        }
        "other" => Wish::other(
            name,
            &list(&ask.groups),
            &words_of(&ask.names),
            ask.signer.trim(),
            &list(&ask.usages),
        ),
        _ => Wish::user(name, &list(&ask.groups)),
    }
}

pub(super) fn make(ask: &MakeAsk, now: i64, held: &mut Option<Held>) -> Result<Made, String> {
    let refused = |error: WishError| text::wish_error(&error);
    let expiration = expiration(&ask.expiration)?;
    let mut wish = wish(ask).and_then(|wish| wish.with_expiration(expiration)).map_err(refused)?;
    if !ask.object.trim().is_empty() {
        wish = wish.with_name(ask.object.trim()).map_err(refused)?;
    }
    let mut rng = rng()?;
    let algorithm = algorithm(&ask.algorithm);
    let failed = |error| words::key_failed(&error);
    let key = PrivateKey::generate(algorithm, &mut rng).map_err(failed)?;
    let der = request::encode(&wish, &key, &mut rng).map_err(failed)?;
    let pem = request::to_pem(&der);
    let parsed = UntrustedRequest::from_der(&der).map_err(|_| words::NOT_READ_BACK.to_owned())?;
    parsed.prove_possession().map_err(|_| words::NOT_READ_BACK.to_owned())?;
    let secret = key.kubernetes_pem().map_err(failed)?;

    let mut made = Made::fine();
    let object = request::to_value(&wish, algorithm, &pem);
    let judged = Circumstances::read(&ReviewAsk::default(), now)?.judge(object);
    made.told.sheets.push(judged.sheet(now));
    made.secret("key.pem", words::KEY_FILE, &secret);
    made.file("csr.pem", words::CSR_FILE, &pem);
    made.file("csr.yaml", words::OBJECT_FILE, &request::to_yaml(&wish, algorithm, &pem));
    let cluster = or(&ask.cluster, "kubernetes");
    let asker = asker_commands(&wish, cluster);
    let commands = format!("{}{}{}", asker.create, asker.fetch, asker.configure);
    made.file("asker.sh", words::ASKER_SCRIPT, &commands);
    let approver = approver_commands(&wish.name);
    let commands = format!("{}{}{}", approver.describe, approver.inspect, approver.approve);
    made.file("approver.sh", words::APPROVER_SCRIPT, &commands);
    made.file("openssl.sh", words::OPENSSL_SCRIPT, &openssl_commands(&wish, algorithm));
    if ask.kind == "user" {
        let names = RbacNames {
            namespace: or(&ask.accounts, "users").to_owned(),
            service_account: wish.common_name.to_lowercase(),
            request: wish.name.clone(),
        };
        match rbac_for_one_person(&names) {
            Ok((rbac, token)) => {
                made.file("rbac.yaml", words::RBAC_FILE, &rbac);
                made.file("token.sh", words::TOKEN_SCRIPT, &token);
            }
            // The request is fine without.
            Err(error) => {
                let reason = words::no_account(&text::wish_error(&error));
                made.told.remarks.push(remark(Tone::Note, reason));
            }
        }
    }
    *held = Some(Held { key, request: parsed, pem, wish });
    Ok(made)
}

pub(super) fn park(held: Option<&Held>, passphrase: &str) -> Result<Made, String> {
    let held = held.ok_or(words::NOTHING_HELD)?;
    let file = request::park(&held.wish, &held.key, &held.pem, passphrase, &mut rng()?);
    let file = file.map_err(|error| words::key_failed(&error))?;
    let mut made = Made::fine();
    // Not secret without the passphrase.
    made.file(&format!("{}.parked.pem", held.wish.name), words::PARKED_FILE, &file);
    made.told.remarks.push(remark(Tone::Good, words::PARKED));
    Ok(made)
}

pub(super) fn template(input: &[u8]) -> Result<Made, String> {
    let found = Template::find(input).ok_or(words::NO_TEMPLATE)?;
    let mut made = Made::fine();
    made.told.template = Some(asked_like(found));
    Ok(made)
}

/// The fields of the form for a template.
pub(crate) fn asked_like(found: Template) -> MakeAsk {
    let kind = match found.kind {
        Kind::User => "user",
        Kind::NodeClient => "node-client",
        Kind::NodeServing => "node-serving",
        Kind::Other => "other",
    };
    let lifetime = found.short_lifetime();
    MakeAsk {
        kind: kind.to_owned(),
        name: found.name,
        groups: found.groups.join(", "),
        names: found.names.join(", "),
        signer: found.signer.to_owned(),
        usages: found.usages.join(", "),
        expiration: lifetime.map(|seconds| seconds.to_string()).unwrap_or_default(),
        ..MakeAsk::default()
    }
}
