//! Revocation lists, as `openssl crl -noout -text` prints them.

use std::fmt::Write;

use crate::decode::{Extension, RevocationList, joined, magnitude};

use super::name::oneline;
use super::signature::signature;
use super::{extension, line, moment};

pub(super) fn revocation_list(list: &RevocationList<'_>) -> String {
    let mut text = String::from("Certificate Revocation List (CRL):\n");
    let encoded = list.version.saturating_sub(1);
    if list.version <= 2 {
        line(&mut text, 8, &format!("Version {} (0x{encoded:x})", list.version));
    } else {
        line(&mut text, 8, &format!("Version unknown ({encoded})"));
    }
    text.push_str("    ");
    signature(&mut text, &list.algorithm, None);
    line(&mut text, 8, &format!("Issuer: {}", oneline(&list.issuer)));
    line(&mut text, 8, &format!("Last Update: {}", moment(list.this_update)));
    let next = list.next_update.map_or_else(|| "NONE".to_owned(), |next| moment(Some(next)));
    line(&mut text, 8, &format!("Next Update: {next}"));
    extensions(&mut text, "CRL extensions:", &list.extensions);
    let none = list.revoked.is_empty();
    text.push_str(if none { "No Revoked Certificates.\n" } else { "Revoked Certificates:\n" });
    for revoked in &list.revoked {
        let negative = revoked.serial.first().is_some_and(|octet| octet & 0x80 != 0);
        let octets = magnitude(revoked.serial);
        let digits = if octets.is_empty() { "00".to_owned() } else { joined(&octets, "") };
        let sign = if negative { "-" } else { "" };
        let _ = writeln!(text, "    Serial Number: {sign}{}", digits.to_uppercase());
        line(&mut text, 8, &format!("Revocation Date: {}", moment(revoked.date)));
        extensions(&mut text, "CRL entry extensions:", &revoked.extensions);
    }
    signature(&mut text, &list.algorithm, Some(list.signature));
    text
}

fn extensions(text: &mut String, title: &str, list: &[Extension<'_>]) {
    if list.is_empty() {
        return;
    }
    line(text, 8, title);
    for one in list {
        extension::extension(text, one, 12);
    }
}
