//! The private operation of RSA by both primes at once, where the browser has vectors for it.
//!
//! As the library does it (RFC 8017 §5.1.2, with the Chinese remainder theorem, on a blinded
//! number), but for the two powers, which [`pki_prime::powers`] computes side by side. Whoever calls
//! this has the library verify the signature before anything else sees it, because a fault in one
//! half would give the key away (Boneh, DeMillo and Lipton, EUROCRYPT '97), and takes the library's
//! own way when there is none.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul, Odd, RandomMod, Resize};
use rand_core::CryptoRng;
use rsa::RsaPrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What PKCS#1 v1.5 puts before a digest of SHA-256 (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// As [`pki_prime::powers`].
pub(super) type Powers =
    fn([&BoxedUint; 2], [&BoxedUint; 2], [&Odd<BoxedUint>; 2]) -> Option<[BoxedUint; 2]>;

/// A signature by sha256WithRSAEncryption, which nobody has verified yet. `None` where no fast
/// arithmetic is to be had.
pub(super) fn sign<R: CryptoRng>(
    key: &RsaPrivateKey,
    message: &[u8],
    rng: &mut R,
    powers: Powers,
) -> Option<Vec<u8>> {
    let (n, bits) = (key.n(), key.n().bits_precision());
    let encoded = encoded(message, key.size())?;
    let encoded = BoxedUint::from_be_slice(&encoded, bits).ok()?;
    // Blinded by a random number to the public exponent, which comes out as that number.
    let blind = Zeroizing::new(BoxedUint::random_mod_vartime(rng, n));
    let unblind = Zeroizing::new(blind.invert_mod(n).into_option()?);
    let factor = Zeroizing::new(rsa::hazmat::rsa_encrypt(key, &blind).ok()?);
    let blinded = Zeroizing::new(encoded.mul_mod(&factor, n));
    let result = Zeroizing::new(private(key, &blinded, powers)?);
    Some(result.mul_mod(&unblind, n).to_be_bytes().into_vec())
}

/// `number` to the private exponent.
fn private(key: &RsaPrivateKey, number: &BoxedUint, powers: Powers) -> Option<BoxedUint> {
    let [p, q] = key.primes() else { return None };
    let powers = powers([number, number], [key.dp()?, key.dq()?], [p, q])?;
    let [by_p, by_q] = powers.map(Zeroizing::new);
    // by_q + q ((by_p - by_q) / q modulo p)
    let params = BoxedMontyParams::new(p.clone());
    let form = |half: &BoxedUint| BoxedMontyForm::new(half.rem(p.as_nz_ref()), &params);
    let times = (key.qinv()? * (form(&by_p) - form(&by_q))).retrieve();
    let above = Zeroizing::new(times.concatenating_mul(q.as_ref()));
    let bits = number.bits_precision();
    let by_q = Zeroizing::new((&*by_q).try_resize(bits)?);
    Some((&*above).try_resize(bits)?.wrapping_add(&*by_q))
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2) of so many octets.
fn encoded(message: &[u8], length: usize) -> Option<Vec<u8>> {
    let digest = Sha256::digest(message);
    let padding = length.checked_sub(DIGEST_INFO.len() + digest.len() + 3).filter(|p| *p >= 8)?;
    let mut encoded = vec![0x00, 0x01];
    encoded.resize(2 + padding, 0xff);
    encoded.push(0x00);
    encoded.extend_from_slice(&DIGEST_INFO);
    encoded.extend_from_slice(&digest);
    Some(encoded)
}

#[cfg(test)]
mod tests {
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng;

    use super::super::{Algorithm, PrivateKey, Secret};
    use super::*;

    /// What the lanes do, by the library.
    fn by_the_library(
        base: [&BoxedUint; 2],
        exponent: [&BoxedUint; 2],
        modulus: [&Odd<BoxedUint>; 2],
    ) -> Option<[BoxedUint; 2]> {
        Some([0, 1].map(|lane| {
            let params = BoxedMontyParams::new(modulus[lane].clone());
            let base = base[lane].rem(modulus[lane].as_nz_ref());
            BoxedMontyForm::new(base, &params).pow(exponent[lane]).retrieve()
        }))
    }

    /// What the wasm module of vectors does, from the same source.
    fn in_the_lanes(
        base: [&BoxedUint; 2],
        exponent: [&BoxedUint; 2],
        modulus: [&Odd<BoxedUint>; 2],
    ) -> Option<[BoxedUint; 2]> {
        pki_prime::powers_with(pki_lanes::power, base, exponent, modulus)
    }

    /// With a fault in one half, which gives away the key where it gets out.
    fn with_a_fault(
        base: [&BoxedUint; 2],
        exponent: [&BoxedUint; 2],
        modulus: [&Odd<BoxedUint>; 2],
    ) -> Option<[BoxedUint; 2]> {
        let [by_p, by_q] = by_the_library(base, exponent, modulus)?;
        let one = BoxedUint::one_with_precision(by_q.bits_precision());
        Some([by_p, by_q.bitxor(&one)])
    }

    /// What is asked here is [`sign`], which has no other way to a signature than the powers that it
    /// is given: one that the library had to make in their place would be `None`, or wrong.
    #[test]
    fn signatures_by_both_primes_are_the_library_s_or_are_not_used() {
        let mut rng = ChaCha20Rng::from_seed([3; 32]);
        let messages = [&b""[..], b"kube-apiserver", &[0xff; 300]];
        let lengths = [(Algorithm::Rsa2048, 3), (Algorithm::Rsa3072, 1), (Algorithm::Rsa4096, 1)];
        for (algorithm, count) in lengths {
            let key = PrivateKey::generate(algorithm, &mut rng).expect("a key");
            let Secret::Rsa(rsa) = &key.secret else { panic!("an RSA key") };
            for message in &messages[..count] {
                let signature = key.sign_rsa(rsa, message, &mut rng, None).expect("the library's");
                assert_eq!(sign(rsa, message, &mut rng, |_, _, _| None), None);
                for powers in [by_the_library, in_the_lanes] {
                    let fast = sign(rsa, message, &mut rng, powers);
                    assert_eq!(fast.as_ref(), Some(&signature), "{algorithm}");
                }
                let faulty = sign(rsa, message, &mut rng, with_a_fault);
                assert!(faulty.is_some_and(|faulty| faulty != signature));
                let used = key.sign_rsa(rsa, message, &mut rng, Some(with_a_fault));
                assert_eq!(used, Ok(signature));
            }
        }
    }
}
