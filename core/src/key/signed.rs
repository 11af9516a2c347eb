//! Signatures that may be checked by someone else than this library.

use der::Decode;
use der::asn1::UintRef;

use super::{Algorithm, KeyError, PublicKey, SignatureAlgorithm};

/// A signature, and what it has to be a signature of.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Whose signature it has to be.
    pub key: PublicKey,
    /// What it is said to be made with.
    pub algorithm: SignatureAlgorithm,
    /// What is signed, the DER of a TBSCertificate for example.
    pub message: Vec<u8>,
    /// The content of the signatureValue BIT STRING.
    pub signature: Vec<u8>,
}

impl Signed {
    /// The signature as the Web Cryptography API takes it: of ECDSA, r and s in a row with as many
    /// octets as the curve has (IEEE P1363), where certificates have a SEQUENCE of both. `None` for
    /// what is no such sequence.
    pub fn signature_in_a_row(&self) -> Option<Vec<u8>> {
        let octets = match self.key.algorithm() {
            Algorithm::EcdsaP256 => 32,
            Algorithm::EcdsaP384 => 48,
            _ => return Some(self.signature.clone()),
        };
        let numbers = Vec::<UintRef<'_>>::from_der(&self.signature).ok()?;
        let mut row = Vec::with_capacity(2 * octets);
        for number in &numbers {
            let number = number.as_bytes();
            row.extend(std::iter::repeat_n(0, octets.checked_sub(number.len())?));
            row.extend_from_slice(number);
        }
        (row.len() == 2 * octets).then_some(row)
    }

    /// Checks it here and now.
    ///
    /// # Errors
    /// As [`PublicKey::verify`].
    pub fn check(&self) -> Result<(), KeyError> {
        self.key.verify(self.algorithm, &self.message, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::Signed;
    use crate::issue::{DemoEntropy, Entropy};
    use crate::key::{Algorithm, PrivateKey};
    use chacha20::ChaCha20Rng;
    use rand_core::SeedableRng;

    /// Short numbers too: of 600 signatures some have an r or s with zeros in front.
    #[test]
    fn numbers_in_a_row_are_those_of_the_sequence() {
        let seed = DemoEntropy::new("row").seed("row").expect("a seed");
        let mut rng = ChaCha20Rng::from_seed(*seed);
        let mut short = 0;
        for algorithm in [Algorithm::EcdsaP256, Algorithm::EcdsaP384] {
            let key = PrivateKey::generate(algorithm, &mut rng).expect("a key");
            for number in 0..300_u32 {
                let message = number.to_be_bytes().to_vec();
                let mut signed = Signed {
                    key: key.public_key().clone(),
                    algorithm: key.signature_algorithm(),
                    signature: key.sign(&message, &mut rng).expect("a signature"),
                    message,
                };
                let row = signed.signature_in_a_row().expect("a signature of ECDSA");
                short += usize::from(row[0] == 0 || row[row.len() / 2] == 0);
                let library = match algorithm {
                    Algorithm::EcdsaP256 => p256::ecdsa::Signature::from_der(&signed.signature)
                        .map(|signature| signature.to_bytes().to_vec()),
                    _ => p384::ecdsa::Signature::from_der(&signed.signature)
                        .map(|signature| signature.to_bytes().to_vec()),
                };
                assert_eq!(row, library.expect("a signature"));
                assert_eq!(signed.check(), Ok(()));
                signed.signature.pop();
                assert_eq!(signed.signature_in_a_row(), None);
            }
        }
        assert!(short > 0);
    }
}
