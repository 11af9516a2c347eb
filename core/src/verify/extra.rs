//! What was made on request: it reads back, and it is of the keys in the archive.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::{Check, VerifyError, VerifyProblem};
use crate::bundle;
use crate::plan::{Extra, ItemId, aggregation};
use crate::yaml;

impl Check<'_> {
    pub(super) fn extra(&mut self, path: &str, extra: Extra) -> Result<(), VerifyError> {
        let text = self.files.text(path)?;
        let expected = match extra {
            Extra::KeySet(id) => {
                let key = bundle::key_set(&self.public_half(path, id)?);
                key.map_err(|error| VerifyProblem::Key(error).at(path))?
            }
            Extra::Discovery => bundle::discovery(self.plan),
            Extra::Aggregation => aggregation(&self.plan.settings),
            Extra::VaultCommands => bundle::vault(self.plan),
            Extra::StepCommands => bundle::step(self.plan),
            Extra::Script => bundle::openssl(self.plan),
            Extra::BootstrapToken(id) => self.bootstrap_token(path, id)?,
            Extra::Encryption(id) => self.encryption(path, id)?,
            Extra::Issuer(id) => self.issuer(path, id)?,
            Extra::PemBundle(id) => self.pem_bundle(path, id)?,
        };
        if text == expected { Ok(()) } else { Err(VerifyProblem::Extra.at(path)) }
    }

    /// The first document of a file, as far as it is one.
    fn document(&self, path: &str) -> Result<yaml::Node, VerifyError> {
        let documents = yaml::read_all(self.files.text(path)?);
        let first = documents.ok().and_then(|documents| documents.into_iter().next());
        first.ok_or_else(|| VerifyProblem::Extra.at(path))
    }

    /// The token is the one in the kubeconfig.
    fn bootstrap_token(&mut self, path: &str, id: ItemId) -> Result<String, VerifyError> {
        let document = self.document(path)?;
        let part = |key| document.text(&["stringData", key]).unwrap_or_default();
        let token = format!("{}.{}", part("token-id"), part("token-secret"));
        let token = Zeroizing::new(token);
        self.same_token(path, id, Some(&token))?;
        Ok(bundle::bootstrap_token(&token, self.now))
    }

    /// A key of 32 bytes, the same on every control plane.
    fn encryption(&mut self, path: &str, id: ItemId) -> Result<String, VerifyError> {
        let fault = || VerifyProblem::Extra.at(path);
        let document = self.document(path)?;
        let key = document
            .items(&["resources"])
            .first()
            .and_then(|resource| resource.items(&["providers"]).first())
            .and_then(|provider| provider.items(&["secretbox", "keys"]).first())
            .and_then(|key| key.text(&["secret"]))
            .ok_or_else(fault)?;
        let bytes = Zeroizing::new(Base64::decode_vec(key).map_err(|_| fault())?);
        let key = Zeroizing::new(key.to_owned());
        let known = self.tokens.entry(id).or_insert_with(|| key.clone());
        if bytes.len() != 32 || *known != key {
            return Err(fault());
        }
        Ok(bundle::encryption(&key))
    }

    /// The certificate and key of the CA, and no others.
    fn issuer(&mut self, path: &str, id: ItemId) -> Result<String, VerifyError> {
        let fault = || VerifyProblem::Extra.at(path);
        let document = self.document(path)?;
        let data = |key| {
            let text = document.text(&["data", key]).ok_or_else(fault)?;
            let bytes = Base64::decode_vec(text).map_err(|_| fault())?;
            String::from_utf8(bytes).map(Zeroizing::new).map_err(|_| fault())
        };
        let (certificate, key) = (data("tls.crt")?, data("tls.key")?);
        self.authority_pair(path, id, &certificate, &key)?;
        let name = self.plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
        Ok(bundle::issuer(self.plan, name, &certificate, &key))
    }

    fn pem_bundle(&mut self, path: &str, id: ItemId) -> Result<String, VerifyError> {
        let text = self.files.text(path)?;
        let middle = text.find("-----BEGIN CERTIFICATE-----");
        let (key, certificate) = text.split_at(middle.unwrap_or_default());
        self.authority_pair(path, id, certificate, key)?;
        Ok(text.to_owned())
    }

    fn authority_pair(
        &mut self,
        path: &str,
        id: ItemId,
        certificate: &str,
        key: &str,
    ) -> Result<(), VerifyError> {
        if self.expected(path, id)?.pem != certificate.as_bytes() {
            return Err(VerifyProblem::CopyDiffers.at(path));
        }
        self.key_matches(path, id, key.as_bytes())?;
        self.counts.key_pairs += 1;
        Ok(())
    }
}
