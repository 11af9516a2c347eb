//! Round trips of every algorithm, with keys from a fixed seed.

use chacha20::ChaCha20Rng;
use pkcs8::EncodePrivateKey;
use rand_core::SeedableRng;
use sec1::{EcParameters, EcPrivateKey};

use super::{Algorithm, KeyError, KeyFormat, PrivateKey, PublicKey, SignatureAlgorithm};

/// RSA-3072 and RSA-4096 take the same code path as RSA-2048 and are covered by the interop tests.
const QUICK: [Algorithm; 4] =
    [Algorithm::Rsa2048, Algorithm::EcdsaP256, Algorithm::EcdsaP384, Algorithm::Ed25519];

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::from_seed([7; 32])
}

fn key(algorithm: Algorithm) -> PrivateKey {
    PrivateKey::generate(algorithm, &mut rng()).expect("generation from a working generator")
}

#[test]
fn every_encoding_reads_back_as_the_same_key() {
    for algorithm in QUICK {
        let key = key(algorithm);
        assert_eq!(key.algorithm(), algorithm);
        for format in [KeyFormat::Pkcs1, KeyFormat::Sec1, KeyFormat::Pkcs8] {
            match key.to_pem(format) {
                Ok(pem) => {
                    assert!(pem.starts_with(&format!("-----BEGIN {}-----\n", format.label())));
                    let again = PrivateKey::from_pem(&pem).expect("our own PEM");
                    assert_eq!(again.public_key(), key.public_key(), "{algorithm} {format:?}");
                }
                Err(error) => assert_eq!(error, KeyError::NoSuchFormat, "{algorithm} {format:?}"),
            }
        }
        let public = PublicKey::from_spki_der(key.public_key().spki_der()).expect("our own SPKI");
        assert_eq!(&public, key.public_key());
    }
}

#[test]
fn signatures_verify_and_only_for_their_own_message_and_key() {
    for algorithm in QUICK {
        let key = key(algorithm);
        let signature = key.sign(b"message", &mut rng()).expect("signing");
        let scheme = key.signature_algorithm();
        let public = key.public_key();
        assert_eq!(public.verify(scheme, b"message", &signature), Ok(()));
        assert_eq!(public.verify(scheme, b"messagf", &signature), Err(KeyError::BadSignature));
        let mut broken = signature.clone();
        if let Some(last) = broken.last_mut() {
            *last ^= 1;
        }
        assert_eq!(public.verify(scheme, b"message", &broken), Err(KeyError::BadSignature));
        let other = PrivateKey::generate(algorithm, &mut ChaCha20Rng::from_seed([8; 32]))
            .expect("generation from a working generator");
        assert_eq!(
            other.public_key().verify(scheme, b"message", &signature),
            Err(KeyError::BadSignature)
        );
        for wrong in SignatureAlgorithm::ALL {
            if wrong != scheme {
                assert!(public.verify(wrong, b"message", &signature).is_err(), "{wrong:?}");
            }
        }
    }
}

/// ECPrivateKey is written here without computing the public half once more; the libraries write
/// the very same bytes.
#[test]
fn ecdsa_keys_are_the_bytes_that_the_libraries_write() {
    let sec1 = |key: &PrivateKey| key.to_der(KeyFormat::Sec1).expect("ECDSA has it");
    let pkcs8 = |key: &PrivateKey| key.to_der(KeyFormat::Pkcs8).expect("every key has it");
    let short = key(Algorithm::EcdsaP256);
    let library = p256::SecretKey::from_sec1_der(&sec1(&short)).expect("a key");
    assert_eq!(sec1(&short), library.to_sec1_der().expect("a key"));
    assert_eq!(*pkcs8(&short), *library.to_pkcs8_der().expect("a key").to_bytes());
    let long = key(Algorithm::EcdsaP384);
    let library = p384::SecretKey::from_sec1_der(&sec1(&long)).expect("a key");
    assert_eq!(sec1(&long), library.to_sec1_der().expect("a key"));
    assert_eq!(*pkcs8(&long), *library.to_pkcs8_der().expect("a key").to_bytes());
}

#[test]
fn a_public_half_that_is_another_keys_is_refused() {
    use der::Encode;

    for algorithm in [Algorithm::EcdsaP256, Algorithm::EcdsaP384] {
        let key = key(algorithm);
        let other = PrivateKey::generate(algorithm, &mut ChaCha20Rng::from_seed([8; 32]))
            .expect("generation from a working generator");
        let der = key.to_der(KeyFormat::Sec1).expect("ECDSA has it");
        let parts = EcPrivateKey::try_from(der.as_slice()).expect("our own");
        let read = |parameters: Option<EcParameters>, point: Option<&[u8]>| {
            let parts = EcPrivateKey { parameters, public_key: point, ..parts.clone() };
            PrivateKey::from_der(KeyFormat::Sec1, &parts.to_der().expect("it has a form"))
        };
        let point = |key: &PrivateKey| key.public_key().subject_public_key().expect("our own");
        let (own, others) = (point(&key), point(&other));
        let half = own.len() / 2;
        let compressed = [&[2 + (own[own.len() - 1] & 1)], &own[1..=half]].concat();
        let mut wrong = compressed.clone();
        wrong[0] ^= 1;
        for curve in [parts.parameters, None] {
            for fine in [Some(own.as_slice()), Some(&compressed), None] {
                let again = read(curve, fine).expect("the same key");
                assert_eq!(again.public_key(), key.public_key());
            }
            for bad in [others.as_slice(), &wrong, &own[..half], &[]] {
                assert!(read(curve, Some(bad)).is_err(), "{algorithm} {bad:02x?}");
            }
        }
        let elsewhere = Some(EcParameters::NamedCurve(const_oid::db::rfc5912::SECP_521_R_1));
        assert!(read(elsewhere, None).is_err());
    }
}

#[test]
fn debug_shows_no_secret() {
    let key = key(Algorithm::EcdsaP256);
    assert_eq!(format!("{key:?}"), "PrivateKey { algorithm: EcdsaP256, .. }");
}

#[test]
fn names_of_algorithms_read_back_in_both_spellings() {
    for algorithm in Algorithm::ALL {
        assert_eq!(algorithm.name().parse(), Ok(algorithm));
        if let Some(name) = algorithm.kubeadm_name() {
            assert_eq!(name.parse(), Ok(algorithm));
        }
    }
    assert!("rsa-1024".parse::<Algorithm>().is_err());
}
