//! Public keys as Go's `crypto/x509` takes them: more kinds than the workbench makes.

use const_oid::db::rfc5912::{
    ID_DSA, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_224_R_1, SECP_256_R_1, SECP_384_R_1,
    SECP_521_R_1,
};
use const_oid::db::rfc8410::ID_ED_25519;

use super::asn1::{Oid, Reader};

/// The key of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestKey {
    /// RSA: the modulus without leading zeros, big-endian, and the exponent.
    Rsa {
        /// n.
        modulus: Vec<u8>,
        /// e.
        exponent: u64,
    },
    /// A point on one of the four NIST curves, uncompressed.
    Ec {
        /// The curve.
        curve: Curve,
        /// 04, x, y (SEC1 §2.3.3).
        point: Vec<u8>,
    },
    /// Ed25519.
    Ed25519([u8; 32]),
    /// An algorithm that no signature is checked for; its object identifier.
    Other(String),
}

/// The curves that Go knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// secp224r1.
    P224,
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1.
    P521,
}

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// An RSA key whose algorithm parameters are not NULL (RFC 3279 §2.3.1).
    RsaParameters,
    /// An RSA key that is not two positive numbers.
    Rsa,
    /// EC parameters that are no named curve.
    EcParameters,
    /// A curve that Go does not know.
    Curve(String),
    /// A point that is compressed, not on the curve, or of the wrong length.
    EcPoint,
    /// An Ed25519 key with parameters, or of another length than 32 octets.
    Ed25519,
    /// A DSA key that is none; a good one is refused later.
    Dsa,
}

const NULL: &[u8] = &[0x05, 0x00];

impl RequestKey {
    pub(super) fn read(
        algorithm: &Oid,
        parameters: Option<&[u8]>,
        bits: &[u8],
    ) -> Result<Self, KeyFault> {
        if algorithm.is(RSA_ENCRYPTION) {
            if parameters != Some(NULL) {
                return Err(KeyFault::RsaParameters);
            }
            return rsa(bits);
        }
        if algorithm.is(ID_EC_PUBLIC_KEY) {
            let mut parameters = Reader::new(parameters.unwrap_or_default());
            let oid = parameters.object_identifier().map_err(|_| KeyFault::EcParameters)?;
            let curve = Curve::of(&oid).ok_or_else(|| KeyFault::Curve(oid.to_string()))?;
            if !curve.contains(bits) {
                return Err(KeyFault::EcPoint);
            }
            return Ok(Self::Ec { curve, point: bits.to_vec() });
        }
        if algorithm.is(ID_ED_25519) {
            return match (parameters, <[u8; 32]>::try_from(bits)) {
                (None, Ok(key)) => Ok(Self::Ed25519(key)),
                _ => Err(KeyFault::Ed25519),
            };
        }
        if algorithm.is(ID_DSA) && Reader::new(bits).integer().is_err() {
            return Err(KeyFault::Dsa);
        }
        Ok(Self::Other(algorithm.to_string()))
    }

    /// A name for people: `RSA 2048`, `P-256`, `Ed25519`, or the object identifier.
    pub fn name(&self) -> String {
        match self {
            Self::Rsa { .. } => format!("RSA {}", self.rsa_bits().unwrap_or_default()),
            Self::Ec { curve, .. } => curve.name().to_owned(),
            Self::Ed25519(_) => "Ed25519".to_owned(),
            Self::Other(oid) => oid.clone(),
        }
    }

    /// The length of an RSA modulus in bits.
    pub fn rsa_bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { modulus, .. } => {
                let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
                Some(modulus.len() * 8 - zeros)
            }
            _ => None,
        }
    }
}

impl Curve {
    fn of(oid: &Oid) -> Option<Self> {
        [
            (SECP_224_R_1, Self::P224),
            (SECP_256_R_1, Self::P256),
            (SECP_384_R_1, Self::P384),
            (SECP_521_R_1, Self::P521),
        ]
        .into_iter()
        .find_map(|(known, curve)| oid.is(known).then_some(curve))
    }

    /// `P-256` and its like (FIPS 186-4).
    pub fn name(self) -> &'static str {
        match self {
            Self::P224 => "P-224",
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// Octets of a coordinate.
    pub(super) fn coordinate_octets(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    fn contains(self, point: &[u8]) -> bool {
        if point.len() != 1 + 2 * self.coordinate_octets() || point.first() != Some(&4) {
            return false;
        }
        match self {
            Self::P224 => p224::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Self::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Self::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
            Self::P521 => p521::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
        }
    }
}

fn rsa(bits: &[u8]) -> Result<RequestKey, KeyFault> {
    let fault = |_| KeyFault::Rsa;
    let mut fields = Reader::new(bits).sequence().map_err(fault)?;
    let modulus = fields.integer().map_err(fault)?;
    let exponent = fields.small_integer().map_err(fault)?;
    let negative = modulus.first().is_some_and(|first| first & 0x80 != 0);
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    match u64::try_from(exponent) {
        Ok(exponent) if exponent > 0 && !negative && !modulus.is_empty() => {
            Ok(RequestKey::Rsa { modulus: modulus.to_vec(), exponent })
        }
        _ => Err(KeyFault::Rsa),
    }
}
