//! The signature algorithm and the signature.

use std::fmt::Write;

use crate::decode::{AlgorithmIdentifier, Oid, Reader, Tlv, joined, magnitude, oid, tag};

use super::key::{octets_at, signed};
use super::{line, long_name, pad};

/// Octets of a signature on one line.
const WIDTH: usize = 18;

/// The algorithm, and under it the signature where there is one.
pub(super) fn signature(
    text: &mut String,
    algorithm: &AlgorithmIdentifier<'_>,
    bits: Option<&[u8]>,
) {
    let _ = write!(text, "    Signature Algorithm: {}", long_name(algorithm.oid));
    if bits.is_some() {
        text.push_str("\n    Signature Value:");
    }
    if algorithm.oid.is(oid::RSASSA_PSS) {
        match PssParameters::read(algorithm) {
            Some(parameters) => parameters.write(text, 8),
            None => text.push_str("        (INVALID PSS PARAMETERS)\n"),
        }
    } else {
        text.push('\n');
    }
    if let Some(bits) = bits
        && !(algorithm.oid.name().starts_with("dsa") && dsa(text, bits).is_some())
    {
        dump(text, 8, bits);
    }
}

/// The two numbers of a signature of DSA; those of ECDSA are not taken apart.
fn dsa(text: &mut String, bits: &[u8]) -> Option<()> {
    let mut numbers = Reader::new(bits).expect(tag::SEQUENCE).ok()?.reader();
    let mut number = || numbers.expect(tag::INTEGER).ok();
    for (title, number) in [("r:   ", number()?), ("s:   ", number()?)] {
        line(text, 8, title);
        octets_at(text, 12, &signed(number.content));
    }
    Some(())
}

/// Octets in lines of eighteen.
pub(super) fn dump(text: &mut String, indent: usize, octets: &[u8]) {
    let mut first = true;
    for chunk in octets.chunks(WIDTH) {
        if !first {
            text.push_str(":\n");
        }
        first = false;
        pad(text, indent);
        text.push_str(&joined(chunk, ":"));
    }
    text.push('\n');
}

/// RSASSA-PSS-params (RFC 4055 §3.1); a field that is absent has its default.
pub(super) struct PssParameters<'a> {
    pub(super) hash: Option<Oid<'a>>,
    pub(super) mask: Option<(Oid<'a>, Option<Oid<'a>>)>,
    pub(super) salt_length: Option<&'a [u8]>,
    pub(super) trailer: Option<&'a [u8]>,
}

impl<'a> PssParameters<'a> {
    pub(super) fn read(algorithm: &AlgorithmIdentifier<'a>) -> Option<Self> {
        let sequence = algorithm.parameters.filter(|tlv| tlv.identifier == tag::SEQUENCE)?;
        let mut fields = sequence.reader();
        let mut field = |number| -> Option<Option<Tlv<'a>>> {
            let tlv = fields.optional(tag::context_constructed(number)).ok()?;
            Some(match tlv {
                None => None,
                Some(tlv) => Some(tlv.reader().any().ok()?),
            })
        };
        let hash = match field(0)? {
            None => None,
            Some(tlv) => Some(algorithm_of(&tlv)?.oid),
        };
        let mask = match field(1)? {
            None => None,
            Some(tlv) => {
                let mask = algorithm_of(&tlv)?;
                let inner = mask.parameters.and_then(|tlv| algorithm_of(&tlv));
                Some((mask.oid, inner.map(|inner| inner.oid)))
            }
        };
        let salt_length = field(2)?.map(|tlv| tlv.content);
        let trailer = field(3)?.map(|tlv| tlv.content);
        Some(Self { hash, mask, salt_length, trailer })
    }

    fn write(&self, text: &mut String, indent: usize) {
        pad(text, indent);
        text.push('\n');
        let hash = self.hash.map_or_else(|| "sha1 (default)".to_owned(), long_name);
        line(text, indent, &format!("Hash Algorithm: {hash}"));
        let mask = match self.mask {
            None => "mgf1 with sha1 (default)".to_owned(),
            Some((mask, hash)) => {
                let hash = hash.map_or_else(|| "INVALID".to_owned(), long_name);
                format!("{} with {hash}", long_name(mask))
            }
        };
        line(text, indent, &format!("Mask Algorithm: {mask}"));
        let salt_length = self.salt_length.map_or_else(|| "14 (default)".to_owned(), integer);
        line(text, indent, &format!(" Salt Length: 0x{salt_length}"));
        let trailer = self.trailer.map_or_else(|| "01 (default)".to_owned(), integer);
        line(text, indent, &format!("Trailer Field: 0x{trailer}"));
    }
}

fn algorithm_of<'a>(tlv: &Tlv<'a>) -> Option<AlgorithmIdentifier<'a>> {
    let mut reader = crate::decode::Reader::new(tlv.bytes);
    AlgorithmIdentifier::read(&mut reader, &mut Vec::new()).ok()
}

/// An INTEGER as OpenSSL writes it in hexadecimal: upper case, `00` for zero.
pub(super) fn integer(content: &[u8]) -> String {
    let negative = content.first().is_some_and(|octet| octet & 0x80 != 0);
    let octets = magnitude(content);
    let digits = if octets.is_empty() { "00".to_owned() } else { joined(&octets, "") };
    format!("{}{}", if negative { "-" } else { "" }, digits.to_uppercase())
}
