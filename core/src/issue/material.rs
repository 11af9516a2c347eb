//! What was made: a key and the certificate over it, and its form on the way between workers.

use std::fmt;

use zeroize::Zeroizing;

use crate::key::{KeyError, KeyFormat, KnownPairs, PairDigest, PrivateKey};
use crate::plan::ItemId;

/// Where a token has the length of its key, which it does not have.
const TOKEN: u32 = u32::MAX;

/// A finished item.
#[derive(Debug)]
pub struct Material {
    /// The item of the plan.
    pub item: ItemId,
    /// Its key; `None` for tokens, and for CAs that stay outside.
    pub key: Option<PrivateKey>,
    /// Its certificate in DER; `None` for bare key pairs and tokens, and while a CA that stays
    /// outside has not signed it.
    pub certificate: Option<Vec<u8>>,
    /// The token that it is, or the secret in base64.
    pub token: Option<Zeroizing<String>>,
}

/// Bytes that are no [`Material`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// They end too early or too late.
    Length,
    /// The key inside is none.
    Key(KeyError),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => f.write_str("the bytes have the wrong length"),
            Self::Key(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WireError {}

impl Material {
    /// Whether it is a CA that stays outside: of such alone there is a certificate and no key.
    pub fn is_outside(&self) -> bool {
        self.key.is_none() && self.certificate.is_some()
    }

    /// The item as bytes for another worker: item number, length of the key, digest of its pair, key
    /// in PKCS#8, certificate. A token stands in the certificate's place, with the largest number for
    /// the length of a key. Numbers are 32 bits, big-endian.
    ///
    /// # Errors
    /// [`KeyError`] if the key cannot be written.
    pub fn to_wire(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let key = match &self.key {
            Some(key) => key.to_der(KeyFormat::Pkcs8)?,
            None => Zeroizing::default(),
        };
        let token = self.token.as_ref().map(|token| token.as_bytes());
        let certificate = token.or(self.certificate.as_deref()).unwrap_or_default();
        // Sized beforehand, so that growing leaves no copy of the key behind.
        let pair = self.key.as_ref().and_then(PrivateKey::pair_digest).unwrap_or_default();
        let pair = if token.is_some() { &[][..] } else { &pair[..] };
        let length = 8 + pair.len() + key.len() + certificate.len();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes();
        bytes.extend_from_slice(&number(self.item.0));
        bytes.extend_from_slice(&match token {
            Some(_) => TOKEN.to_be_bytes(),
            None => number(key.len()),
        });
        bytes.extend_from_slice(pair);
        bytes.extend_from_slice(&key);
        bytes.extend_from_slice(certificate);
        Ok(bytes)
    }

    /// The digest of the pair in what [`Self::to_wire`] wrote, if there is one.
    pub(super) fn pair_on_wire(bytes: &[u8]) -> Option<PairDigest> {
        let (_, rest) = bytes.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let has_key = ![0, TOKEN].contains(&u32::from_be_bytes(*length));
        rest.first_chunk().filter(|pair| has_key && **pair != PairDigest::default()).copied()
    }

    /// Reads what [`Self::to_wire`] wrote.
    ///
    /// # Errors
    /// [`WireError`] for anything else.
    pub fn from_wire(bytes: &[u8]) -> Result<Self, WireError> {
        let (item, rest) = bytes.split_first_chunk::<4>().ok_or(WireError::Length)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(WireError::Length)?;
        let length = u32::from_be_bytes(*length);
        let item = ItemId(u32::from_be_bytes(*item) as usize);
        if length == TOKEN {
            let token = std::str::from_utf8(rest).ok().filter(|token| !token.is_empty());
            let token = Zeroizing::new(token.ok_or(WireError::Length)?.to_owned());
            return Ok(Self { item, key: None, certificate: None, token: Some(token) });
        }
        let (pair, rest) = rest.split_first_chunk::<32>().ok_or(WireError::Length)?;
        let (key, certificate) = rest.split_at_checked(length as usize).ok_or(WireError::Length)?;
        if key.is_empty() && certificate.is_empty() {
            return Err(WireError::Length);
        }
        let known = KnownPairs::from_iter([*pair]);
        let key = (!key.is_empty())
            .then(|| PrivateKey::from_der_knowing(KeyFormat::Pkcs8, key, &known))
            .transpose()
            .map_err(WireError::Key)?;
        let certificate = (!certificate.is_empty()).then(|| certificate.to_vec());
        Ok(Self { item, key, certificate, token: None })
    }
}
