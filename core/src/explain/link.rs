//! The public objects of a report as text for a link, and back.
//!
//! The text is base64url of a gzip stream of the objects' DER, one after the other.
//! gzip ends with a checksum and the length, so that a link that was cut on its way is told from a
//! whole one.
//! Nothing but the objects is in it: neither the text that was around them nor the names of files.

use std::io::Read;

use base64ct::{Base64UrlUnpadded, Encoding};
use flate2::Compression;
use flate2::read::GzDecoder;

use super::{Object, Report};
use crate::gzip;

/// The most octets that a link may hold, unpacked.
const MOST_OCTETS: usize = 1 << 20;

/// Why there is no link to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// It holds a private key.
    PrivateKey,
    /// It holds something that carries credentials, or may: a kubeconfig, a token.
    Credentials,
    /// It holds something that we cannot name, which may be secret.
    Unknown,
    /// It holds nothing.
    Empty,
    /// It is larger than a link may be.
    TooLarge,
}

/// What is wrong with the text of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Broken {
    /// It ends too early.
    Cut,
    /// It is not what [`write()`] makes, or was changed.
    Damaged,
    /// What it holds is larger than a link may be.
    TooLarge,
}

/// Writes the objects of a report as the text of a link.
///
/// # Errors
///
/// [`Refused`] when anything in the report is not public.
pub fn write(report: &Report) -> Result<String, Refused> {
    let mut der = Vec::new();
    for object in &report.objects {
        match &object.object {
            Object::PrivateKey(_) => return Err(Refused::PrivateKey),
            // What it says beside its request and its certificate is left out.
            Object::SigningRequest(_) => continue,
            Object::Certificate(_) | Object::CertificateRequest(_) | Object::PublicKey(_) => {}
            Object::Unknown(_) => return Err(Refused::Unknown),
            _ if object.pem.is_some() => {}
            _ => return Err(Refused::Credentials),
        }
        der.extend(object.der().ok_or(Refused::Unknown)?);
        if der.len() > MOST_OCTETS {
            return Err(Refused::TooLarge);
        }
    }
    if der.is_empty() {
        return Err(Refused::Empty);
    }
    // Writing to memory does not fail; if it did, there would be nothing to link to.
    let packed = gzip::pack(&der, Compression::best()).map_err(|_| Refused::Empty)?;
    Ok(Base64UrlUnpadded::encode_string(&packed))
}

/// Reads the DER back from the text of a link.
///
/// # Errors
///
/// [`Broken`] when the text is not whole.
pub fn read(text: &str) -> Result<Vec<u8>, Broken> {
    // A cut may leave one letter too many, or bits of an octet that is gone; both are cuts.
    let whole = text.len().saturating_sub(text.len() % 4);
    let packed = Base64UrlUnpadded::decode_vec(text).or_else(|_| {
        let start = text.get(..whole).ok_or(Broken::Damaged)?;
        Base64UrlUnpadded::decode_vec(start).map_err(|_| Broken::Damaged)
    })?;
    let mut der = Vec::new();
    let mut gzip = GzDecoder::new(packed.as_slice()).take(MOST_OCTETS as u64 + 1);
    match gzip.read_to_end(&mut der) {
        Ok(_) if der.len() > MOST_OCTETS => Err(Broken::TooLarge),
        Ok(_) => Ok(der),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err(Broken::Cut),
        Err(_) => Err(Broken::Damaged),
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::{Broken, Refused, read, write};
    use crate::explain::read as decode;

    const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        -----END PRIVATE KEY-----\n";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----\n\
        MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PUBLIC KEY-----\n";

    fn link(text: &str) -> Result<String, Refused> {
        write(&decode(text.as_bytes(), OffsetDateTime::UNIX_EPOCH))
    }

    #[test]
    fn public_objects_come_back() {
        let text = link(&PUBLIC.repeat(2)).expect("public keys are public");
        assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        let der = read(&text).expect("the link is whole");
        let report = decode(&der, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(report.objects.len(), 2);
        assert_eq!(report.objects[1].pem.as_deref(), Some(PUBLIC));
    }

    #[test]
    fn nothing_secret_gets_a_link() {
        assert_eq!(link(KEY), Err(Refused::PrivateKey));
        assert_eq!(link(&format!("{PUBLIC}{KEY}")), Err(Refused::PrivateKey));
        assert_eq!(link("apiVersion: v1\nkind: Config\nusers: []\n"), Err(Refused::Credentials));
        assert_eq!(link("nothing at all"), Err(Refused::Empty));
    }

    #[test]
    fn every_cut_and_every_changed_letter_is_noticed() {
        let text = link(PUBLIC).expect("a public key is public");
        for end in 0..text.len() {
            assert_eq!(read(&text[..end]), Err(Broken::Cut), "cut at {end} of {}", text.len());
        }
        for at in 0..text.len() {
            let other = if text.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut changed = text.clone();
            changed.replace_range(at..=at, other);
            // Of the header, only the time and the system may differ.
            let der = read(&changed);
            assert!(der.is_err() || (4..=14).contains(&at), "changed at {at}: {der:?}");
        }
        assert_eq!(read("%%%%"), Err(Broken::Damaged));
    }
}
