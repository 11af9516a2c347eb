//! Which key signed a token.

use serde::{Deserialize, Serialize};

use super::Signature;
use crate::decode::{Certificate, PublicKeyInfo, Reader};
use crate::detect::token_parts;
use crate::explain::{Object, Report, TokenReport};
use crate::key::{KeyError, PublicKey};

/// The most signatures of tokens that are checked for one report.
const MOST_TOKENS: usize = 50;
/// The most keys that are tried for a token that names none.
const MOST_KEYS: usize = 8;

/// A token and a key that it names, or that made its signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenLink {
    /// Index of the token.
    pub token: usize,
    /// Index of the public key, or of the certificate that holds it.
    pub key: usize,
    /// Whether the key made the signature.
    pub signature: Signature,
}

pub(super) fn links(report: &Report) -> Vec<TokenLink> {
    let objects = || report.objects.iter().enumerate();
    let tokens = objects().filter_map(|(index, entry)| match &entry.object {
        Object::Token(token) => Some((index, token.as_ref())),
        _ => None,
    });
    tokens.take(MOST_TOKENS).filter_map(|(index, token)| link(report, index, token)).collect()
}

fn link(report: &Report, index: usize, token: &TokenReport) -> Option<TokenLink> {
    let key_id = token.token.key_id.as_deref();
    let keys = report.objects.iter().enumerate().filter_map(|(place, entry)| {
        let (kid, is_certificate) = match &entry.object {
            Object::PublicKey(key) => (&key.kid, false),
            Object::Certificate(certificate) => (&certificate.key.kid, true),
            _ => return None,
        };
        Some((place, kid, is_certificate, entry.pem.as_deref()?))
    });
    let mut named = None;
    for (place, _, is_certificate, pem) in keys
        // A certificate that the token does not name is not tried: it is of another key.
        .filter(|(_, kid, is_certificate, _)| {
            key_id.map_or(!is_certificate, |wanted| wanted == kid.as_str())
        })
        .take(MOST_KEYS)
    {
        let signature = check(token, pem, is_certificate);
        let link = TokenLink { token: index, key: place, signature };
        if signature == Signature::Valid {
            return Some(link);
        }
        named.get_or_insert(link);
    }
    // Of keys that were only tried, those that do not fit say nothing.
    named.filter(|_| key_id.is_some())
}

fn check(token: &TokenReport, pem: &str, is_certificate: bool) -> Signature {
    let Ok((_, der)) = pem_rfc7468::decode_vec(pem.as_bytes()) else { return Signature::Unchecked };
    let spki = if is_certificate {
        Certificate::read(&der).map(|certificate| certificate.public_key.der)
    } else {
        PublicKeyInfo::read(&mut Reader::new(&der), &mut Vec::new()).map(|key| key.der)
    };
    let (Ok(spki), Some((signed, signature))) = (spki, token_parts(&token.compact.0)) else {
        return Signature::Unchecked;
    };
    let Ok(key) = PublicKey::from_spki_der(spki) else { return Signature::Unsupported };
    match key.verify_token(&token.token.algorithm, signed, &signature) {
        Ok(()) => Signature::Valid,
        Err(KeyError::Unsupported(_)) => Signature::Unsupported,
        Err(_) => Signature::Invalid,
    }
}
