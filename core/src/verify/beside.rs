//! What is neither certificate, key nor kubeconfig: bundles, tokens, serial numbers, Secrets.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::{Check, VerifyError, VerifyProblem, certificate};
use crate::plan::ItemId;
use crate::yaml;

/// The certificate (or public key) and the key in a Secret, as PEM.
pub(super) struct SecretData {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Zeroizing<Vec<u8>>,
    name: String,
    cluster: String,
}

impl Check<'_> {
    /// The certificates of exactly these CAs, in their order.
    pub(super) fn bundle(&self, path: &str, ids: &[ItemId]) -> Result<(), VerifyError> {
        let mut expected = Vec::new();
        for id in ids {
            expected.extend_from_slice(&self.expected(path, *id)?.pem);
        }
        let same = self.files.bytes(path)? == expected.as_slice();
        if same { Ok(()) } else { Err(VerifyProblem::CopyDiffers.at(path)) }
    }

    /// One line of four fields, and a token of the right form.
    pub(super) fn token_list(&mut self, path: &str, id: ItemId) -> Result<(), VerifyError> {
        let text = self.files.text(path)?;
        let rest = ",system:bootstrapper,10001,\"system:bootstrappers\"\n";
        let token = text.strip_suffix(rest).map(|token| Zeroizing::new(token.to_owned()));
        self.same_token(path, id, token.as_ref())
    }

    /// The token is one, and everywhere the same.
    pub(super) fn same_token(
        &mut self,
        path: &str,
        id: ItemId,
        token: Option<&Zeroizing<String>>,
    ) -> Result<(), VerifyError> {
        let fault = || VerifyProblem::Token.at(path);
        let token = token.ok_or_else(fault)?;
        let part = |text: &str, length: usize| {
            let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            text.len() == length && text.bytes().all(fine)
        };
        let (public, secret) = token.split_once('.').ok_or_else(fault)?;
        if !part(public, 6) || !part(secret, 16) {
            return Err(fault());
        }
        let known = self.tokens.entry(id).or_insert_with(|| token.clone());
        if known == token { Ok(()) } else { Err(fault()) }
    }

    /// The CA's own serial number in hexadecimal.
    pub(super) fn serial(&self, path: &str, id: ItemId) -> Result<(), VerifyError> {
        let text = self.files.text(path)?;
        let digits = text.strip_suffix('\n').unwrap_or_default();
        let found: Option<Vec<u8>> = (0..digits.len() / 2)
            .map(|index| {
                let pair = digits.get(index * 2..index * 2 + 2)?;
                u8::from_str_radix(pair, 16).ok()
            })
            .collect();
        let same =
            digits.len() % 2 == 0 && found.as_ref() == Some(&self.expected(path, id)?.serial);
        if same { Ok(()) } else { Err(VerifyProblem::Serial.at(path)) }
    }

    pub(super) fn read_secret(&self, path: &str) -> Result<SecretData, VerifyError> {
        let fault = || VerifyProblem::Secret.at(path);
        let secret = yaml::one(self.files.text(path)?).map_err(|_| fault())?;
        let text = |path: &[&str]| secret.text(path).ok_or_else(fault);
        let data = |key| Base64::decode_vec(text(&["data", key])?).map_err(|_| fault());
        let kind = (text(&["apiVersion"])?, text(&["kind"])?, text(&["type"])?);
        if kind != ("v1", "Secret", "kubernetes.io/tls") {
            return Err(fault());
        }
        Ok(SecretData {
            certificate: data("tls.crt")?,
            key: Zeroizing::new(data("tls.key")?),
            name: text(&["metadata", "name"])?.to_owned(),
            cluster: text(&["metadata", "labels", "cluster.x-k8s.io/cluster-name"])?.to_owned(),
        })
    }

    pub(super) fn secret(
        &mut self,
        path: &str,
        item: ItemId,
        name: &str,
        cluster: &str,
    ) -> Result<(), VerifyError> {
        let data = self.read_secret(path)?;
        if data.name != name || data.cluster != cluster {
            return Err(VerifyProblem::Secret.at(path));
        }
        if self.certificates.contains_key(&item) {
            if data.certificate != self.expected(path, item)?.pem {
                return Err(VerifyProblem::CopyDiffers.at(path));
            }
            self.key_matches(path, item, &data.key)?;
        } else {
            let text = std::str::from_utf8(&data.certificate);
            let text = text.map_err(|_| VerifyProblem::NotText.at(path))?;
            let public = certificate::public_key_from_pem(text);
            let public = public.map_err(|problem| problem.at(path))?;
            let private = self.read_key(&data.key).map_err(|problem| problem.at(path))?;
            if *private.public_key() != public {
                return Err(VerifyProblem::KeyMismatch.at(path));
            }
        }
        self.counts.key_pairs += 1;
        Ok(())
    }
}
