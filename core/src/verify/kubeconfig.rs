//! Kubeconfigs: whom they trust, who they are, and whose key they hold.

use super::{Check, VerifyError, VerifyProblem};
use crate::bundle::{self, KubeconfigData};
use crate::plan::{Kubeconfig, Make};

impl Check<'_> {
    pub(super) fn read_kubeconfig(&self, path: &str) -> Result<KubeconfigData, VerifyError> {
        KubeconfigData::read(self.files.text(path)?)
            .map_err(|error| VerifyProblem::Kubeconfig(error).at(path))
    }

    /// The same once more, perhaps as it was read before.
    pub(super) fn take_kubeconfig(&mut self, path: &str) -> Result<KubeconfigData, VerifyError> {
        self.read.remove(path).map_or_else(|| self.read_kubeconfig(path), Ok)
    }

    /// A kubeconfig that names files: it says what the plan says, and the files are there. What is
    /// in them is held against the plan like any other.
    fn names_files(
        &self,
        path: &str,
        text: &[u8],
        planned: &Kubeconfig,
    ) -> Result<(), VerifyError> {
        if self.files.bytes(path)? != text {
            return Err(VerifyProblem::KubeconfigFields.at(path));
        }
        let machine = path.strip_prefix("hosts/").and_then(|rest| rest.split('/').next());
        let folder = format!("hosts/{}", machine.unwrap_or_default());
        let Some(files) = &planned.files else { return Ok(()) };
        let named = [(&files.ca, planned.ca), (&files.certificate, planned.client)];
        for (name, id) in named {
            self.same_certificate(&format!("{folder}{name}"), id)?;
        }
        let key = format!("{folder}{}", files.key);
        self.key_matches(&key, planned.client, self.files.bytes(&key)?)
    }

    pub(super) fn kubeconfig(
        &mut self,
        path: &str,
        planned: &Kubeconfig,
    ) -> Result<(), VerifyError> {
        if let Some(text) = bundle::write_by_files(planned, self.plan.settings.version) {
            self.names_files(path, &text, planned)?;
            self.counts.kubeconfigs += 1;
            return Ok(());
        }
        let data = self.take_kubeconfig(path)?;
        // On machines kubeadm compares these very bytes with ca.crt.
        if data.ca != self.pem_of(path, planned.trusted())? {
            return Err(VerifyProblem::KubeconfigCa.at(path));
        }
        let said = (&data.server, &data.cluster, &data.user);
        if said != (&planned.server, &planned.cluster, &planned.user) {
            return Err(VerifyProblem::KubeconfigFields.at(path));
        }
        if self.plan.item(planned.client).is_some_and(|item| matches!(item.make, Make::Token)) {
            self.same_token(path, planned.client, data.token.as_ref())?;
            self.counts.kubeconfigs += 1;
            return Ok(());
        }
        if data.certificate != self.expected(path, planned.client)?.pem {
            return Err(VerifyProblem::CopyDiffers.at(path));
        }
        self.key_matches(path, planned.client, &data.key)?;
        self.counts.key_pairs += 1;
        self.counts.kubeconfigs += 1;
        Ok(())
    }
}
