//! Proof of possession: the request's signature by its own key, as Go's `CheckSignature` takes it.
//!
//! SHA-1 is accepted here, unlike in certificates; MD5, DSA and everything newer than Ed25519 are
//! not.

use const_oid::AssociatedOid;
use const_oid::ObjectIdentifier;
use const_oid::db::{rfc5912, rfc8410};
use rsa::traits::SignatureScheme;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss, RsaPublicKey};
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier;

use super::asn1::{CONTEXT, Oid, Reader};
use super::key::{Curve, RequestKey};

/// Why the signature does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofFault {
    /// The signature is not by this key over this content.
    Signature,
    /// An algorithm or parameters that Go does not check; the object identifier.
    Algorithm(String),
    /// MD5 is broken, and Go refuses it.
    Md5,
    /// The signature algorithm is for another kind of key.
    KeyKind,
    /// An RSA key below 1,024 bits; the length.
    RsaTooShort(usize),
    /// An RSA key with an even modulus, or an exponent that is even, 1, or above 2³¹ − 1.
    RsaNumbers,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

enum Scheme {
    RsaPkcs1(Hash),
    RsaPss(Hash),
    Ecdsa(Hash),
    Ed25519,
}

/// The least length of an RSA modulus (golang/go#68762), in bits.
const MIN_RSA_BITS: usize = 1024;
/// Longer keys are not checked, so that a paste cannot keep a browser busy for minutes.
const MAX_RSA_BITS: usize = 16_384;

pub(super) fn check(
    key: &RequestKey,
    algorithm: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), ProofFault> {
    let scheme = scheme(algorithm)?;
    match (key, scheme) {
        (RequestKey::Rsa { modulus, exponent }, Scheme::RsaPkcs1(hash)) => {
            let rsa = rsa_key(key, modulus, *exponent)?;
            let digest = hash.digest(message);
            let verified = match hash {
                Hash::Sha1 => Pkcs1v15Sign::new::<Sha1>().verify(&rsa, &digest, signature),
                Hash::Sha256 => Pkcs1v15Sign::new::<Sha256>().verify(&rsa, &digest, signature),
                Hash::Sha384 => Pkcs1v15Sign::new::<Sha384>().verify(&rsa, &digest, signature),
                Hash::Sha512 => Pkcs1v15Sign::new::<Sha512>().verify(&rsa, &digest, signature),
            };
            verified.map_err(|_| ProofFault::Signature)
        }
        (RequestKey::Rsa { modulus, exponent }, Scheme::RsaPss(hash)) => {
            let rsa = rsa_key(key, modulus, *exponent)?;
            let digest = hash.digest(message);
            let verified = match hash {
                Hash::Sha1 => Pss::<Sha1>::new().verify(&rsa, &digest, signature),
                Hash::Sha256 => Pss::<Sha256>::new().verify(&rsa, &digest, signature),
                Hash::Sha384 => Pss::<Sha384>::new().verify(&rsa, &digest, signature),
                Hash::Sha512 => Pss::<Sha512>::new().verify(&rsa, &digest, signature),
            };
            verified.map_err(|_| ProofFault::Signature)
        }
        (RequestKey::Ec { curve, point }, Scheme::Ecdsa(hash)) => {
            ecdsa(*curve, point, &hash.digest(message), signature).ok_or(ProofFault::Signature)
        }
        (RequestKey::Ed25519(key), Scheme::Ed25519) => ed25519_dalek::VerifyingKey::from_bytes(key)
            .and_then(|key| {
                let signature = ed25519_dalek::Signature::from_slice(signature)?;
                signature::Verifier::verify(&key, message, &signature)
            })
            .map_err(|_| ProofFault::Signature),
        (RequestKey::Other(oid), _) => Err(ProofFault::Algorithm(oid.clone())),
        _ => Err(ProofFault::KeyKind),
    }
}

fn rsa_key(key: &RequestKey, modulus: &[u8], exponent: u64) -> Result<RsaPublicKey, ProofFault> {
    let bits = key.rsa_bits().unwrap_or_default();
    if bits < MIN_RSA_BITS {
        return Err(ProofFault::RsaTooShort(bits));
    }
    let odd = modulus.last().is_some_and(|last| last & 1 == 1);
    if !odd || exponent < 2 || exponent & 1 == 0 || exponent > i32::MAX as u64 {
        return Err(ProofFault::RsaNumbers);
    }
    let number = BoxedUint::from_be_slice_vartime(modulus);
    RsaPublicKey::new_with_size_limits(
        number,
        BoxedUint::from(exponent),
        MIN_RSA_BITS..=MAX_RSA_BITS,
    )
    .map_err(|_| ProofFault::RsaNumbers)
}

fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Option<()> {
    // The library wants at least half a field of digest; zeros in front do not change the number.
    let mut padded = vec![0; curve.coordinate_octets().saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    macro_rules! verify {
        ($library:ident) => {{
            let key = $library::ecdsa::VerifyingKey::from_sec1_bytes(point).ok()?;
            let signature = $library::ecdsa::Signature::from_der(signature).ok()?;
            key.verify_prehash(&padded, &signature).ok()
        }};
    }
    match curve {
        Curve::P224 => verify!(p224),
        Curve::P256 => verify!(p256),
        Curve::P384 => verify!(p384),
        Curve::P521 => verify!(p521),
    }
}

impl Hash {
    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Octets, which are also those of a PSS salt.
    fn octets(self) -> i64 {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }
}

/// sha-1WithRSAEncryption of OIW, which some old tools write.
const OIW_SHA_1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.29");

/// ecdsa-with-SHA1 (RFC 3279 §2.2.3).
const ECDSA_WITH_SHA_1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");

fn scheme(identifier: &[u8]) -> Result<Scheme, ProofFault> {
    let (oid, parameters) = super::algorithm(&mut Reader::new(identifier))
        .map_err(|_| ProofFault::Algorithm(String::new()))?;
    let unknown = || ProofFault::Algorithm(oid.to_string());
    let known: [(ObjectIdentifier, Scheme); 10] = [
        (rfc5912::SHA_1_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1(Hash::Sha1)),
        (OIW_SHA_1_WITH_RSA, Scheme::RsaPkcs1(Hash::Sha1)),
        (rfc5912::SHA_256_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1(Hash::Sha256)),
        (rfc5912::SHA_384_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1(Hash::Sha384)),
        (rfc5912::SHA_512_WITH_RSA_ENCRYPTION, Scheme::RsaPkcs1(Hash::Sha512)),
        (ECDSA_WITH_SHA_1, Scheme::Ecdsa(Hash::Sha1)),
        (rfc5912::ECDSA_WITH_SHA_256, Scheme::Ecdsa(Hash::Sha256)),
        (rfc5912::ECDSA_WITH_SHA_384, Scheme::Ecdsa(Hash::Sha384)),
        (rfc5912::ECDSA_WITH_SHA_512, Scheme::Ecdsa(Hash::Sha512)),
        (rfc8410::ID_ED_25519, Scheme::Ed25519),
    ];
    if oid.is(rfc5912::MD_5_WITH_RSA_ENCRYPTION) {
        return Err(ProofFault::Md5);
    }
    if oid.is(rfc5912::ID_RSASSA_PSS) {
        return pss(parameters.unwrap_or_default()).map(Scheme::RsaPss).ok_or_else(unknown);
    }
    let (_, scheme) =
        known.into_iter().find(|(candidate, _)| oid.is(*candidate)).ok_or_else(unknown)?;
    // RFC 8410 §3: no parameters. The others' are not looked at.
    if matches!(scheme, Scheme::Ed25519) && parameters.is_some() {
        return Err(unknown());
    }
    Ok(scheme)
}

/// The hash of RSASSA-PSS parameters in one of the three forms that Go takes: MGF1 with the same
/// hash, a salt as long as the hash, trailer field 1.
fn pss(parameters: &[u8]) -> Option<Hash> {
    let mut fields = Reader::new(parameters).sequence().ok()?;
    let mut explicit =
        |number| Some(Reader::new(fields.expect(CONTEXT, number, true).ok()?.content));
    let (hash, hash_parameters) = super::algorithm(&mut explicit(0)?).ok()?;
    let (generator, inner) = super::algorithm(&mut explicit(1)?).ok()?;
    let salt = explicit(2)?.small_integer().ok()?;
    let trailer = match fields.is_empty() {
        true => 1,
        false => {
            let field = fields.expect(CONTEXT, 3, true).ok()?;
            Reader::new(field.content).small_integer().ok()?
        }
    };
    let (inner, inner_parameters) = super::algorithm(&mut Reader::new(inner?)).ok()?;
    let empty = |parameters: Option<&[u8]>| matches!(parameters, None | Some([0x05, 0x00]));
    let found = hash_of(&hash)?;
    let fine = empty(hash_parameters)
        && empty(inner_parameters)
        && generator.is(rfc5912::ID_MGF_1)
        && inner == hash
        && salt == found.octets()
        && trailer == 1;
    fine.then_some(found)
}

fn hash_of(oid: &Oid) -> Option<Hash> {
    [(Sha256::OID, Hash::Sha256), (Sha384::OID, Hash::Sha384), (Sha512::OID, Hash::Sha512)]
        .into_iter()
        .find_map(|(known, hash)| oid.is(known).then_some(hash))
}
