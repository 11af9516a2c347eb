//! A design in a link: compact JSON, gzip, base64url. gzip's own checksum and length tell when a
//! part of it got lost on the way.

use std::io::Read;

use base64ct::{Base64UrlUnpadded, Encoding};
use flate2::Compression;
use flate2::read::GzDecoder;

use super::{Design, DocumentError, MAX_DOCUMENT_BYTES};
use crate::gzip;

/// What the address says between its path and the design.
pub const LINK_KEY: &str = "design=";

impl Design {
    /// The design as it goes behind [`LINK_KEY`]: letters, digits, `-` and `_` alone.
    pub fn to_link(&self) -> String {
        // Strings, booleans and lists serialise, and a vector takes every write.
        let json = serde_json::to_vec(self).unwrap_or_default();
        let packed = gzip::pack(&json, Compression::best()).unwrap_or_default();
        Base64UrlUnpadded::encode_string(&packed)
    }

    /// Reads a link, or the part of it behind [`LINK_KEY`].
    ///
    /// # Errors
    /// [`DocumentError::BrokenLink`] where a part is missing or changed, and otherwise what
    /// [`Design::from_document`] gives.
    pub fn from_link(link: &str) -> Result<Self, DocumentError> {
        let data = link.split_once(LINK_KEY).map_or(link, |(_, data)| data).trim();
        let bytes = data.len();
        if bytes > MAX_DOCUMENT_BYTES {
            return Err(DocumentError::TooLarge { bytes });
        }
        let packed = Base64UrlUnpadded::decode_vec(data).map_err(|_| DocumentError::BrokenLink)?;
        let mut text = String::new();
        // One more than may be there tells what is too large from what fits.
        let read = GzDecoder::new(&packed[..])
            .take(MAX_DOCUMENT_BYTES as u64 + 1)
            .read_to_string(&mut text);
        match read {
            Ok(bytes) if bytes > MAX_DOCUMENT_BYTES => Err(DocumentError::TooLarge { bytes }),
            Ok(_) => Self::from_document(&text),
            Err(_) => Err(DocumentError::BrokenLink),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::DesignNode;

    #[test]
    fn a_link_carries_the_design() {
        let mut design = Design { hardened: true, ..Design::default() };
        for number in 1..=300 {
            let addresses = vec![format!("10.0.{}.{}", number / 200, number % 200)];
            design.workers.push(DesignNode { name: format!("worker-{number}"), addresses });
        }
        let link = design.to_link();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(link.len() < 4_000 && link.chars().all(is_plain), "{} characters", link.len());
        assert_eq!(Design::from_link(&link), Ok(design.clone()));
        let whole = format!("file:///tmp/pki-workbench.html#/generate?design={link}\n");
        assert_eq!(Design::from_link(&whole), Ok(design));
    }

    #[test]
    fn a_link_that_lost_or_changed_anything_is_noticed() {
        let link = Design::default().to_link();
        let same = Ok(Design::default());
        for end in 0..link.len() {
            assert_eq!(Design::from_link(&link[..end]), Err(DocumentError::BrokenLink), "{end}");
        }
        // A few bits mean nothing: some of gzip's header, and what fills up its last octet.
        for index in 0..link.len() {
            let mut bytes = link.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).expect("ASCII");
            let read = Design::from_link(&changed);
            assert!(read == Err(DocumentError::BrokenLink) || read == same, "{index}: {read:?}");
        }
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let blanks = vec![b' '; MAX_DOCUMENT_BYTES * 4];
        let packed = gzip::pack(&blanks, Compression::best()).expect("a vector takes it");
        let link = Base64UrlUnpadded::encode_string(&packed);
        let bytes = MAX_DOCUMENT_BYTES + 1;
        assert_eq!(Design::from_link(&link), Err(DocumentError::TooLarge { bytes }));
    }
}
