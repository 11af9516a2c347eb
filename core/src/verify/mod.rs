//! Reads a finished archive back and checks everything in it against the plan.
//!
//! Nothing here uses what the issuing code knew: the bytes of the archive are taken apart again,
//! and every chain, key pair, name, mode and kubeconfig has to be what the plan says. The download
//! is offered only after this.

mod answer;
mod archive;
mod beside;
mod certificate;
mod extra;
mod kubeconfig;
mod problem;
mod settings;
mod share;
mod signed;

pub(crate) use answer::answers;
pub use problem::{VerifyError, VerifyProblem};
pub use share::Share;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::bundle::{self, KubeconfigData};
use crate::design::Design;
use crate::hash::HashMap;
use crate::key::{KnownPairs, PrivateKey, Signed};
use crate::plan::{Content, ItemId, Kubeconfig, Plan, PlannedFile};
use archive::Files;
use certificate::Verified as VerifiedCertificate;
use certificate::public_key_of;
use signed::Signatures;

/// What was checked, for people to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Files in the archive.
    pub files: usize,
    /// Certificates whose chain, names, usages and validity are right.
    pub certificates: usize,
    /// Subject alternative names that were compared.
    pub names: usize,
    /// Private keys that belong to their certificate or public key.
    pub key_pairs: usize,
    /// Kubeconfigs whose CA, certificate, key and server are right.
    pub kubeconfigs: usize,
}

/// Checks an archive.
///
/// `now` is the moment at which it was made: certificates must be valid then.
///
/// # Errors
/// The first fault, with the file that it is in.
pub fn archive(plan: &Plan, bytes: &[u8], now: OffsetDateTime) -> Result<Verified, VerifyError> {
    archive_around(plan, &[], bytes, now)
}

/// Checks an archive around CAs that were brought along, each with its certificate in DER: those
/// have to be in it byte for byte, whatever they say.
///
/// # Errors
/// As [`archive`].
pub fn archive_around(
    plan: &Plan,
    brought: &[(ItemId, Vec<u8>)],
    bytes: &[u8],
    now: OffsetDateTime,
) -> Result<Verified, VerifyError> {
    archive_share(plan, brought, bytes, now, Share::WHOLE)
}

/// A share of the same check, for several workers side by side: the archive is what it should be
/// when all shares say so. The counts of the whole are those of the first one.
///
/// # Errors
/// As [`archive`].
pub fn archive_share(
    plan: &Plan,
    brought: &[(ItemId, Vec<u8>)],
    bytes: &[u8],
    now: OffsetDateTime,
    share: Share,
) -> Result<Verified, VerifyError> {
    let known = KnownPairs::default();
    check(plan, brought, bytes, now, share, Signatures::Here, &known).map(|(counts, _)| counts)
}

/// The same share of the check but for its signatures, each with the file that it is in. The caller
/// has to check these: a browser does it several times as fast as this library can inside of it. The
/// archive is what it should be when all of them are right. A private key that is known to belong to
/// the public half beside it is held against its certificate by that; any other is worked out.
///
/// # Errors
/// As [`archive`].
pub fn archive_but_signatures(
    plan: &Plan,
    brought: &[(ItemId, Vec<u8>)],
    bytes: &[u8],
    now: OffsetDateTime,
    share: Share,
    known: &KnownPairs,
) -> Result<(Verified, Vec<(String, Signed)>), VerifyError> {
    check(plan, brought, bytes, now, share, Signatures::Later(Vec::new()), known)
}

fn check(
    plan: &Plan,
    brought: &[(ItemId, Vec<u8>)],
    bytes: &[u8],
    now: OffsetDateTime,
    share: Share,
    signatures: Signatures,
    known: &KnownPairs,
) -> Result<(Verified, Vec<(String, Signed)>), VerifyError> {
    let files = Files::read(plan, bytes, share)?;
    if share.is_first() {
        files.check_checksums()?;
        check_design(plan, &files)?;
    }
    let mut check = Check {
        plan,
        files: &files,
        now,
        share,
        brought,
        signatures,
        known,
        certificates: HashMap::default(),
        read: HashMap::default(),
        tokens: HashMap::default(),
        counts: Verified { files: files.count(), ..Verified::default() },
    };
    // Certificates first, CAs before what they sign: everything else is held against them.
    check.certificates()?;
    if !share.is_first() {
        check.keys()?;
        return Ok(check.end());
    }
    for file in &plan.files {
        match &file.content {
            Content::Certificate(id) => check.same_certificate(&file.path, *id)?,
            Content::PrivateKey(id) => check.private_key(&file.path, *id)?,
            Content::PublicKey(id) => check.public_key(&file.path, *id)?,
            Content::Kubeconfig(kubeconfig) => check.kubeconfig(&file.path, kubeconfig)?,
            Content::Bundle(ids) => check.bundle(&file.path, ids)?,
            Content::TokenList(id) => check.token_list(&file.path, *id)?,
            Content::Serial(id) => check.serial(&file.path, *id)?,
            Content::Secret { item, name, cluster } => {
                check.secret(&file.path, *item, name, cluster)?;
            }
            Content::Settings(_) => {}
            Content::Extra(extra) => check.extra(&file.path, *extra)?,
        }
    }
    // Last, because whatever they name is then known to be right in itself.
    for file in &plan.files {
        if let Content::Settings(settings) = file.content {
            settings::check(plan, &files, file, settings)?;
        }
    }
    Ok(check.end())
}

/// The design in the archive leads to the very same plan.
fn check_design(plan: &Plan, files: &Files) -> Result<(), VerifyError> {
    let text = files.text(bundle::DESIGN)?;
    let settings = Design::from_document(text).ok().and_then(|design| design.check().0);
    if settings.as_ref() == Some(&plan.settings) {
        Ok(())
    } else {
        Err(VerifyProblem::DesignDiffers.at(bundle::DESIGN))
    }
}

struct Check<'a> {
    plan: &'a Plan,
    files: &'a Files,
    now: OffsetDateTime,
    share: Share,
    /// The CAs that are not ours.
    brought: &'a [(ItemId, Vec<u8>)],
    signatures: Signatures,
    known: &'a KnownPairs,
    /// What each item's certificate turned out to be.
    certificates: HashMap<ItemId, VerifiedCertificate>,
    /// What kubeconfigs say that were read for their certificates, until they are looked at for the
    /// rest: of thousands, to read them twice is a fifth of the check.
    read: HashMap<&'a str, KubeconfigData>,
    /// What each token turned out to be.
    tokens: HashMap<ItemId, Zeroizing<String>>,
    counts: Verified,
}

impl<'a> Check<'a> {
    /// The counts, and the signatures that are left to others.
    fn end(self) -> (Verified, Vec<(String, Signed)>) {
        match self.signatures {
            Signatures::Here => (self.counts, Vec::new()),
            Signatures::Later(signed) => (self.counts, signed),
        }
    }

    /// The first file in which an item's certificate stands, for each item in order.
    fn certificates(&mut self) -> Result<(), VerifyError> {
        let mut places: HashMap<ItemId, &str> = HashMap::default();
        for file in &self.plan.files {
            match &file.content {
                Content::Certificate(id) => places.entry(*id).or_insert(&file.path),
                Content::Kubeconfig(kubeconfig) if kubeconfig.files.is_none() => {
                    places.entry(kubeconfig.client).or_insert(&file.path)
                }
                Content::Secret { item, .. } => places.entry(*item).or_insert(&file.path),
                _ => continue,
            };
        }
        for (index, item) in self.plan.items.iter().enumerate() {
            let id = ItemId(index);
            if item.subject().is_none() || !self.share.reads(self.plan, id) {
                continue;
            }
            let Some(path) = places.get(&id) else {
                return Err(VerifyProblem::NoCertificate.at(&item.name));
            };
            let whole = self.certificate_pem(path)?;
            let pem = self.without_intermediates(path, id, &whole)?;
            let issuer = item.issuer().and_then(|issuer| self.certificates.get(&issuer));
            let brought = self.brought.iter().find(|(brought, _)| *brought == id);
            let verified = match brought {
                Some((_, der)) => certificate::brought(pem, der),
                None => certificate::verify(self.plan, item, pem, issuer, self.now),
            };
            let (verified, certificate) = verified.map_err(|problem| problem.at(path))?;
            if brought.is_none() && self.share.takes(self.plan, id) {
                let signer = issuer.unwrap_or(&verified);
                let signed = signed::signed(&certificate, signer);
                self.signatures.take(path, signed.map_err(|problem| problem.at(path))?)?;
            }
            self.counts.certificates += 1;
            self.counts.names += verified.names;
            self.certificates.insert(id, verified);
        }
        Ok(())
    }

    /// The private keys of this share, wherever they stand.
    fn keys(&mut self) -> Result<(), VerifyError> {
        for file in &self.plan.files {
            match &file.content {
                Content::PrivateKey(id) if self.share.takes(self.plan, *id) => {
                    self.private_key(&file.path, *id)?;
                }
                Content::Kubeconfig(Kubeconfig { client, files: None, .. })
                    if self.share.takes(self.plan, *client) =>
                {
                    let data = self.take_kubeconfig(&file.path)?;
                    self.key_matches(&file.path, *client, &data.key)?;
                }
                Content::Secret { item, .. } if self.share.takes(self.plan, *item) => {
                    let data = self.read_secret(&file.path)?;
                    self.key_matches(&file.path, *item, &data.key)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The PEM of a certificate file, or of the certificate in a kubeconfig or Secret.
    fn certificate_pem(&mut self, path: &'a str) -> Result<Vec<u8>, VerifyError> {
        match self.plan.file(path).map(|file| &file.content) {
            Some(Content::Kubeconfig(_)) => {
                let data = self.read_kubeconfig(path)?;
                let certificate = data.certificate.clone();
                self.read.insert(path, data);
                Ok(certificate)
            }
            Some(Content::Secret { .. }) => Ok(self.read_secret(path)?.certificate),
            _ => Ok(self.files.bytes(path)?.to_vec()),
        }
    }

    fn expected(&self, path: &str, id: ItemId) -> Result<&VerifiedCertificate, VerifyError> {
        self.certificates.get(&id).ok_or_else(|| VerifyProblem::NoCertificate.at(path))
    }

    /// The certificates of these items, which are known by then, one behind the other.
    fn pem_of(
        &self,
        path: &str,
        ids: impl IntoIterator<Item = ItemId>,
    ) -> Result<Vec<u8>, VerifyError> {
        let mut all = Vec::new();
        for id in ids {
            all.extend_from_slice(&self.expected(path, id)?.pem);
        }
        Ok(all)
    }

    /// A certificate alone; in a file of its own, those of the CAs above it but for the root have to
    /// stand behind it.
    fn without_intermediates<'w>(
        &self,
        path: &str,
        id: ItemId,
        whole: &'w [u8],
    ) -> Result<&'w [u8], VerifyError> {
        let is_file =
            matches!(self.plan.file(path).map(|file| &file.content), Some(Content::Certificate(_)));
        let above = if is_file { self.plan.intermediates(id) } else { Vec::new() };
        let above = self.pem_of(path, above)?;
        whole.strip_suffix(above.as_slice()).ok_or_else(|| VerifyProblem::Intermediates.at(path))
    }

    /// Copies of a certificate are the same bytes.
    fn same_certificate(&self, path: &str, id: ItemId) -> Result<(), VerifyError> {
        let bytes = self.without_intermediates(path, id, self.files.bytes(path)?)?;
        let same = bytes == self.expected(path, id)?.pem.as_slice();
        if same { Ok(()) } else { Err(VerifyProblem::CopyDiffers.at(path)) }
    }

    fn read_key(&self, pem: &[u8]) -> Result<PrivateKey, VerifyProblem> {
        let text = std::str::from_utf8(pem).map_err(|_| VerifyProblem::NotText)?;
        PrivateKey::from_pem_knowing(text, self.known).map_err(VerifyProblem::Key)
    }

    /// The key reads, is in the form that Kubernetes wants, and is its certificate's.
    fn key_matches(&self, path: &str, id: ItemId, pem: &[u8]) -> Result<(), VerifyError> {
        if !self.share.takes(self.plan, id) {
            return Ok(());
        }
        let key = self.read_key(pem).map_err(|problem| problem.at(path))?;
        let label = format!("-----BEGIN {}-----\n", key.kubernetes_format().label());
        if !pem.starts_with(label.as_bytes()) {
            return Err(VerifyProblem::KeyForm.at(path));
        }
        let expected = match self.certificates.get(&id) {
            Some(certificate) => certificate.key.clone(),
            // A bare key pair: its public half is in a file beside it.
            None => self.public_half(path, id)?,
        };
        if *key.public_key() == expected {
            Ok(())
        } else {
            Err(VerifyProblem::KeyMismatch.at(path))
        }
    }

    fn public_half(&self, path: &str, id: ItemId) -> Result<crate::key::PublicKey, VerifyError> {
        let files = &self.plan.files;
        let is_public =
            |file: &&PlannedFile| matches!(file.content, Content::PublicKey(k) if k == id);
        if let Some(public) = files.iter().find(is_public) {
            return self.read_public(&public.path);
        }
        // Where there is none, all copies of the private key are one key.
        let is_private =
            |file: &&PlannedFile| matches!(file.content, Content::PrivateKey(k) if k == id);
        let private = files.iter().find(is_private);
        let in_secret = |file: &&PlannedFile| matches!(file.content, Content::Secret { item, .. } if item == id);
        if let (None, Some(secret)) = (private, files.iter().find(in_secret)) {
            let data = self.read_secret(&secret.path)?;
            let key = self.read_key(&data.key).map_err(|problem| problem.at(&secret.path))?;
            return Ok(key.public_key().clone());
        }
        let private = private.ok_or_else(|| VerifyProblem::NoCertificate.at(path))?;
        let key = self.read_key(self.files.bytes(&private.path)?);
        Ok(key.map_err(|problem| problem.at(&private.path))?.public_key().clone())
    }

    fn read_public(&self, path: &str) -> Result<crate::key::PublicKey, VerifyError> {
        let text = self.files.text(path)?;
        certificate::public_key_from_pem(text).map_err(|problem| problem.at(path))
    }

    fn private_key(&mut self, path: &str, id: ItemId) -> Result<(), VerifyError> {
        self.key_matches(path, id, self.files.bytes(path)?)?;
        self.counts.key_pairs += 1;
        Ok(())
    }

    /// All copies of a public key are one key, and of the planned algorithm.
    fn public_key(&self, path: &str, id: ItemId) -> Result<(), VerifyError> {
        let key = self.read_public(path)?;
        let planned = self.plan.item(id).map(|item| item.algorithm);
        if planned != Some(key.algorithm()) {
            return Err(VerifyProblem::Algorithm.at(path));
        }
        if key == self.public_half(path, id)? {
            Ok(())
        } else {
            Err(VerifyProblem::CopyDiffers.at(path))
        }
    }
}

#[cfg(test)]
mod tests;
