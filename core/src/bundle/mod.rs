//! Material to files with modes to one deterministic `tar.gz`.
//!
//! The archive holds `hosts/<node>/etc/kubernetes/…` for each machine, so that one `tar` line per
//! host installs it; `operator/` for people; `vault/` for CA keys that go on no host;
//! `manifests/`; the design; checksums; and a README.
//! The same material gives the same bytes everywhere.

mod archive;
mod extra;
mod kubeconfig;
mod openssl;
mod piece;
mod settings;
mod token;

pub use archive::{ArchiveError, ArchivedFile, EntryKind, read};
pub(crate) use archive::{Writer as ArchiveWriter, read_some};
pub use kubeconfig::{
    Credential, KubeconfigData, KubeconfigDocument, KubeconfigError, KubeconfigServer, Login,
};

pub(crate) use extra::{bootstrap_token, discovery, encryption, issuer, key_set, step, vault};
pub(crate) use kubeconfig::write_by_files;
pub(crate) use openssl::openssl;
pub use piece::{Contents, Piece, join};
pub(crate) use settings::write as settings_text;

use std::fmt;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::decode::hex;
use crate::design::Design;
use crate::issue::Material;
use crate::key::{KeyError, PrivateKey};
use crate::plan::{Content, Extra, ItemId, Kubeconfig, Plan, aggregation};

/// Path of the README.
pub const README: &str = "README.md";
/// Path of the design document.
pub const DESIGN: &str = "design.yaml";
/// Path of the RBAC manifests.
pub const RBAC: &str = "manifests/rbac.yaml";
/// Path of the checksums of all other files.
pub const CHECKSUMS: &str = "SHA256SUMS";

/// The files that are in every archive beside those of the plan, with their modes.
pub const EXTRAS: [(&str, u32); 4] =
    [(README, 0o644), (DESIGN, 0o644), (RBAC, 0o644), (CHECKSUMS, 0o644)];

/// A finished archive.
pub struct Bundle {
    /// File name for the download.
    pub name: String,
    /// The `tar.gz`. It contains private keys.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// The archive could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BundleError {
    /// An item of the plan has no material.
    Missing(ItemId),
    /// An item that should have a certificate has none.
    NoCertificate(ItemId),
    /// A key could not be written.
    Key(KeyError),
    /// The tar or gzip writer failed; the text is its reason.
    Archive(String),
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(id) => write!(f, "no material for item {}", id.0),
            Self::NoCertificate(id) => write!(f, "no certificate for item {}", id.0),
            Self::Key(error) => error.fmt(f),
            Self::Archive(reason) => write!(f, "writing the archive failed: {reason}"),
        }
    }
}

impl std::error::Error for BundleError {}

/// Writes the archive.
///
/// `materials` holds every item of the plan, in any order. `now` must be the moment at which they
/// were made: the files carry the start of validity as their time, which is in the past even on
/// hosts whose clock is a little behind. `readme` is the text for [`README`]; `demo` marks the
/// archive's name.
///
/// # Errors
/// A [`BundleError`]; there is no partial archive.
pub fn write(
    plan: &Plan,
    design: &Design,
    materials: &[Material],
    now: OffsetDateTime,
    readme: &str,
    demo: bool,
) -> Result<Bundle, BundleError> {
    let mut by_item = vec![None; plan.items.len()];
    for material in materials {
        if let Some(slot) = by_item.get_mut(material.item.0) {
            *slot = Some(material);
        }
    }
    let find = |id: ItemId| by_item.get(id.0).copied().flatten();
    let contents = Contents::new(plan, design, now, readme);
    let pieces = (0..contents.pieces()).map(|piece| contents.piece(piece, &find));
    join(plan, pieces.collect::<Result<_, _>>()?, now, demo)
}

/// A line that `sha256sum -c` reads: hash, two spaces, path.
pub(crate) fn checksum(path: &str, bytes: &[u8]) -> String {
    format!("{}  {path}\n", hex(&Sha256::digest(bytes)))
}

/// A certificate in DER as its PEM block.
pub fn certificate_pem(der: &[u8]) -> String {
    pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, der)
        // The label is a constant in the alphabet of RFC 7468, and the length fits memory.
        .unwrap_or_default()
}

struct ByItem<'m> {
    find: &'m dyn Fn(ItemId) -> Option<&'m Material>,
}

impl<'m> ByItem<'m> {
    fn get(&self, id: ItemId) -> Result<&'m Material, BundleError> {
        (self.find)(id).ok_or(BundleError::Missing(id))
    }

    fn key(&self, id: ItemId) -> Result<&'m PrivateKey, BundleError> {
        self.get(id)?.key.as_ref().ok_or(BundleError::Missing(id))
    }

    fn token(&self, id: ItemId) -> Result<&'m str, BundleError> {
        Ok(self.get(id)?.token.as_ref().ok_or(BundleError::Missing(id))?)
    }

    fn certificate_der(&self, id: ItemId) -> Result<&'m [u8], BundleError> {
        self.get(id)?.certificate.as_deref().ok_or(BundleError::NoCertificate(id))
    }

    fn certificate(&self, id: ItemId) -> Result<String, BundleError> {
        Ok(certificate_pem(self.certificate_der(id)?))
    }

    /// Several, one behind the other.
    fn certificates(&self, ids: impl Iterator<Item = ItemId>) -> Result<String, BundleError> {
        ids.map(|id| self.certificate(id)).collect()
    }

    fn kubeconfig(&self, plan: &Plan, kubeconfig: &Kubeconfig) -> Result<Vec<u8>, BundleError> {
        let (version, client) = (plan.settings.version, kubeconfig.client);
        if let Some(text) = write_by_files(kubeconfig, version) {
            return Ok(text);
        }
        let ca = self.certificates(kubeconfig.trusted())?;
        let ca = Credential::Data(&ca);
        if self.get(client)?.token.is_some() {
            let login = Login::Token(self.token(client)?);
            return Ok(kubeconfig::write(kubeconfig, version, ca, login));
        }
        let (certificate, key) = (self.certificate(client)?, self.private_key(client)?);
        let login = Login::Certificate {
            certificate: Credential::Data(&certificate),
            key: Credential::Data(&key),
        };
        Ok(kubeconfig::write(kubeconfig, version, ca, login))
    }

    fn private_key(&self, id: ItemId) -> Result<Zeroizing<String>, BundleError> {
        self.key(id)?.kubernetes_pem().map_err(BundleError::Key)
    }

    fn extra(&self, plan: &Plan, extra: Extra, now: OffsetDateTime) -> Result<String, BundleError> {
        Ok(match extra {
            Extra::KeySet(id) => key_set(self.key(id)?.public_key()).map_err(BundleError::Key)?,
            Extra::Discovery => discovery(plan),
            Extra::BootstrapToken(id) => bootstrap_token(self.token(id)?, now),
            Extra::Aggregation => aggregation(&plan.settings),
            Extra::Encryption(id) => encryption(self.token(id)?),
            Extra::Issuer(id) => {
                let name = plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
                issuer(plan, name, &self.certificate(id)?, &self.private_key(id)?)
            }
            Extra::PemBundle(id) => {
                self.private_key(id)?.as_str().to_owned() + &self.certificate(id)?
            }
            Extra::VaultCommands => vault(plan),
            Extra::StepCommands => step(plan),
            Extra::Script => openssl(plan),
        })
    }

    fn content(
        &self,
        plan: &Plan,
        content: &Content,
        now: OffsetDateTime,
    ) -> Result<Zeroizing<Vec<u8>>, BundleError> {
        let bytes = match content {
            Content::Certificate(id) => {
                let above = plan.intermediates(*id);
                self.certificates(std::iter::once(*id).chain(above))?.into_bytes()
            }
            Content::PublicKey(id) => self.key(*id)?.public_key().to_pem().into_bytes(),
            Content::PrivateKey(id) => self.private_key(*id)?.as_bytes().to_vec(),
            Content::Kubeconfig(kubeconfig) => self.kubeconfig(plan, kubeconfig)?,
            Content::Bundle(ids) => self.certificates(ids.iter().copied())?.into_bytes(),
            Content::TokenList(id) => token::line(self.token(*id)?),
            Content::Serial(id) => token::serial(self.certificate_der(*id)?)?,
            Content::Secret { item, name, cluster } => {
                let public = match self.get(*item)?.certificate {
                    Some(_) => self.certificate(*item)?,
                    // Cluster API reads the public key of service accounts from there.
                    None => self.key(*item)?.public_key().to_pem(),
                };
                token::secret(name, cluster, &public, &self.private_key(*item)?)
            }
            Content::Settings(file) => settings::write(plan, *file).into_bytes(),
            Content::Extra(extra) => self.extra(plan, *extra, now)?.into_bytes(),
        };
        Ok(Zeroizing::new(bytes))
    }
}

#[cfg(test)]
mod extra_tests;
#[cfg(test)]
mod settings_tests;
#[cfg(test)]
mod tests;
