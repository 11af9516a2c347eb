//! Keys: SubjectPublicKeyInfo, and what kind of private key some bytes are.

use der::Encode;
use der::asn1::{AnyRef, BitStringRef};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::extension::{bit_string, small_integer};
use super::name::read_oid;
use super::{Fault, Oid, Problem, Reader, Tlv, magnitude, oid, tag};

/// An AlgorithmIdentifier (RFC 5280 §4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub struct AlgorithmIdentifier<'a> {
    /// Which algorithm.
    pub oid: Oid<'a>,
    /// Its parameters.
    pub parameters: Option<Tlv<'a>>,
    /// The bytes of the whole.
    pub der: &'a [u8],
}

impl<'a> AlgorithmIdentifier<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// Where the bytes are not of that shape.
    pub fn read(reader: &mut Reader<'a>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let whole = reader.expect(tag::SEQUENCE)?;
        let mut fields = whole.reader();
        let oid = read_oid(&mut fields, faults)?;
        let parameters = if fields.is_empty() { None } else { Some(fields.any()?) };
        faults.extend(fields.end());
        Ok(Self { oid, parameters, der: whole.bytes })
    }
}

/// What kind of key it is, with the numbers that say so.
#[derive(Clone, Copy, Debug)]
pub enum KeyKind<'a> {
    /// RSA (also with an identifier that demands PSS).
    Rsa {
        /// Contents of the INTEGER.
        modulus: &'a [u8],
        /// Contents of the INTEGER.
        exponent: &'a [u8],
    },
    /// A point on a named curve.
    Ec {
        /// The curve.
        curve: Oid<'a>,
        /// The point as it is encoded.
        point: &'a [u8],
    },
    /// A point on a curve whose parameters are written out, which Go refuses.
    EcExplicit,
    /// Any other key, known by its algorithm alone.
    Other {
        /// The bits of the key.
        bits: &'a [u8],
    },
}

impl KeyKind<'_> {
    /// Its size in bits as people give it; `None` where it is not known.
    pub fn bits(&self, algorithm: Oid<'_>) -> Option<usize> {
        match self {
            Self::Rsa { modulus, .. } => Some(bit_length(modulus)),
            Self::Ec { curve, .. } => curve_bits(*curve),
            Self::EcExplicit => None,
            Self::Other { .. } => algorithm.is(oid::ED25519).then_some(256),
        }
    }
}

/// Bits of a number without its leading zeros.
pub(crate) fn bit_length(integer: &[u8]) -> usize {
    let octets = magnitude(integer);
    let leading = octets.first().map_or(0, |octet| octet.leading_zeros() as usize);
    octets.len().saturating_mul(8).saturating_sub(leading)
}

/// The size of a curve's field.
pub(crate) fn curve_bits(curve: Oid<'_>) -> Option<usize> {
    Some(match curve.name().as_str() {
        "secp192r1" => 192,
        "secp224r1" => 224,
        "secp256r1" | "secp256k1" | "SM2" => 256,
        "secp384r1" => 384,
        "secp521r1" => 521,
        // `r1` by their own parameters, `t1` their twists.
        name => return name.strip_prefix("brainpoolP")?.split_once(['r', 't'])?.0.parse().ok(),
    })
}

/// A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
#[derive(Clone, Copy, Debug)]
pub struct PublicKeyInfo<'a> {
    /// The bytes of the whole: what pins and `kid` are hashes of.
    pub der: &'a [u8],
    /// Its algorithm.
    pub algorithm: AlgorithmIdentifier<'a>,
    /// Contents of the BIT STRING without the count of unused bits.
    pub subject_public_key: &'a [u8],
    /// What kind of key it is.
    pub kind: KeyKind<'a>,
}

impl<'a> PublicKeyInfo<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// Where the bytes are not of that shape; a key of an unknown algorithm is no error.
    pub fn read(reader: &mut Reader<'a>, faults: &mut Vec<Fault>) -> Result<Self, Fault> {
        let whole = reader.expect(tag::SEQUENCE)?;
        faults.extend(whole.der_fault());
        let mut fields = whole.reader();
        let algorithm = AlgorithmIdentifier::read(&mut fields, faults)?;
        let bits = fields.expect(tag::BIT_STRING)?;
        faults.extend(fields.end());
        let subject_public_key = bit_string(&bits, faults)?;
        let start = bits.content_offset().saturating_add(1);
        let other = KeyKind::Other { bits: subject_public_key };
        let kind = if algorithm.oid.is(oid::RSA_ENCRYPTION) || algorithm.oid.is(oid::RSASSA_PSS) {
            match rsa_numbers(Reader::at(subject_public_key, start), faults) {
                Ok((modulus, exponent)) => KeyKind::Rsa { modulus, exponent },
                Err(fault) => {
                    faults.push(fault);
                    other
                }
            }
        } else if algorithm.oid.is(oid::EC_PUBLIC_KEY) {
            match algorithm.parameters {
                Some(curve) if curve.identifier == tag::OID => {
                    KeyKind::Ec { curve: Oid(curve.content), point: subject_public_key }
                }
                Some(explicit) if explicit.identifier == tag::SEQUENCE => KeyKind::EcExplicit,
                _ => {
                    faults.push(Problem::Missing { expected: tag::OID }.at(whole.content_offset()));
                    other
                }
            }
        } else {
            other
        };
        Ok(Self { der: whole.bytes, algorithm, subject_public_key, kind })
    }
}

/// The modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1).
pub(super) fn rsa_numbers<'a>(
    mut reader: Reader<'a>,
    faults: &mut Vec<Fault>,
) -> Result<(&'a [u8], &'a [u8]), Fault> {
    let mut fields = reader.expect(tag::SEQUENCE)?.reader();
    let (modulus, exponent) = (fields.expect(tag::INTEGER)?, fields.expect(tag::INTEGER)?);
    faults.extend(fields.end());
    faults.extend(reader.end());
    Ok((modulus.content, exponent.content))
}

/// An RSAPublicKey, as `RSA PUBLIC KEY` blocks hold it, put into a SubjectPublicKeyInfo, so that
/// it has a pin and a `kid`; `None` for anything else.
pub fn public_key_from_pkcs1(der: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader::new(der);
    let mut fields = outer.expect(tag::SEQUENCE).ok()?.reader();
    fields.expect(tag::INTEGER).ok()?;
    fields.expect(tag::INTEGER).ok()?;
    if !fields.is_empty() || !outer.is_empty() {
        return None;
    }
    let parameters = Some(AnyRef::NULL);
    let algorithm = AlgorithmIdentifierRef { oid: oid::RSA_ENCRYPTION, parameters };
    let subject_public_key = BitStringRef::from_bytes(der).ok()?;
    SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
}

/// Whether bytes begin as every private key does that is not encrypted: a SEQUENCE that begins
/// with an INTEGER. It holds for keys that are cut short, too.
pub fn may_be_private_key(der: &[u8]) -> bool {
    let length_octets = match der.get(1) {
        Some(length @ 0x80..) => usize::from(length & 0x7f),
        _ => 0,
    };
    der.first() == Some(&tag::SEQUENCE)
        && der.get(length_octets.saturating_add(2)) == Some(&tag::INTEGER)
}

/// What some private key is, without any of its secret numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateKeyInfo {
    /// `PKCS#1`, `SEC1`, `PKCS#8` or `encrypted PKCS#8`.
    pub form: &'static str,
    /// Name of the algorithm of the key, or of the encryption of an encrypted key.
    pub algorithm: String,
    /// Name of the curve.
    pub curve: Option<String>,
    /// Its size.
    pub bits: Option<usize>,
    /// It is encrypted: only the encryption is known.
    pub encrypted: bool,
}

/// Recognises a private key in any of its four forms.
pub fn private_key(der: &[u8]) -> Option<PrivateKeyInfo> {
    let mut fields = Reader::new(der).expect(tag::SEQUENCE).ok()?.reader();
    let first = fields.any().ok()?;
    if first.identifier == tag::SEQUENCE {
        return encrypted(&first, fields);
    }
    if first.identifier != tag::INTEGER {
        return None;
    }
    match fields.peek()? {
        tag::INTEGER => pkcs1(fields),
        tag::OCTET_STRING => {
            fields.any().ok()?;
            let parameters = fields.optional(tag::context_constructed(0)).ok()??;
            Some(ec("SEC1", parameters.reader().any().ok()?))
        }
        tag::SEQUENCE => pkcs8(fields),
        _ => None,
    }
}

fn pkcs1(mut fields: Reader<'_>) -> Option<PrivateKeyInfo> {
    let modulus = fields.any().ok()?;
    // Two INTEGERs alone are an RSAPublicKey, and three the numbers of something else.
    let others = fields.filter_map(Result::ok).filter(|tlv| tlv.identifier == tag::INTEGER);
    (others.count() >= 7).then(|| PrivateKeyInfo {
        form: "PKCS#1",
        algorithm: "rsaEncryption".to_owned(),
        curve: None,
        bits: Some(bit_length(modulus.content)),
        encrypted: false,
    })
}

fn ec(form: &'static str, curve: Tlv<'_>) -> PrivateKeyInfo {
    let oid = Oid(curve.content);
    let named = curve.identifier == tag::OID;
    PrivateKeyInfo {
        form,
        algorithm: "id-ecPublicKey".to_owned(),
        curve: named.then(|| oid.name()),
        bits: if named { curve_bits(oid) } else { None },
        encrypted: false,
    }
}

fn pkcs8(mut fields: Reader<'_>) -> Option<PrivateKeyInfo> {
    let algorithm = AlgorithmIdentifier::read(&mut fields, &mut Vec::new()).ok()?;
    let key = fields.expect(tag::OCTET_STRING).ok()?;
    if let (true, Some(curve)) = (algorithm.oid.is(oid::EC_PUBLIC_KEY), algorithm.parameters) {
        return Some(ec("PKCS#8", curve));
    }
    let is_rsa = algorithm.oid.is(oid::RSA_ENCRYPTION) || algorithm.oid.is(oid::RSASSA_PSS);
    let bits = if is_rsa {
        private_key(key.content).and_then(|inner| inner.bits)
    } else {
        algorithm.oid.is(oid::ED25519).then_some(256)
    };
    let algorithm = algorithm.oid.name();
    Some(PrivateKeyInfo { form: "PKCS#8", algorithm, curve: None, bits, encrypted: false })
}

/// EncryptedPrivateKeyInfo (RFC 5958 §3) has the shape of other structures too, so the algorithm
/// must be one of PKCS#5 or PKCS#12.
fn encrypted(algorithm: &Tlv<'_>, mut fields: Reader<'_>) -> Option<PrivateKeyInfo> {
    let oid = read_oid(&mut algorithm.reader(), &mut Vec::new()).ok()?;
    fields.expect(tag::OCTET_STRING).ok()?;
    let dotted = oid.to_string();
    let known =
        dotted.starts_with("1.2.840.113549.1.5.") || dotted.starts_with("1.2.840.113549.1.12.1.");
    known.then(|| PrivateKeyInfo {
        form: "encrypted PKCS#8",
        algorithm: oid.name(),
        curve: None,
        bits: None,
        encrypted: true,
    })
}

/// The number in a version field.
pub(super) fn version(tlv: &Tlv<'_>, faults: &mut Vec<Fault>) -> u64 {
    small_integer(tlv).unwrap_or_else(|fault| {
        faults.push(fault);
        0
    })
}
