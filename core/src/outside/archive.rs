//! Keys and requests as archives: one to keep, one to send.

use std::fmt;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{Asked, Pending, script};
use crate::bundle::{
    self, ArchiveError, ArchiveWriter, ArchivedFile, Bundle, BundleError, DESIGN, README,
};
use crate::design::Design;
use crate::issue::Material;
use crate::key::{KeyError, PrivateKey};
use crate::plan::{ItemId, Plan};
use crate::request;

/// The folder of the archive to keep that may be sent.
const REQUESTS: &str = "requests";
/// Its folder of what may not.
const KEYS: &str = "keys";
/// Its folder of certificates that are back.
const SIGNED: &str = "signed";
/// Its folder of the CAs.
const AUTHORITIES: &str = "authorities";
/// Keys are for their owner alone.
const SECRET: u32 = 0o600;
const OPEN: u32 = 0o644;

/// An archive that is none of pending keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingError {
    /// It cannot be unpacked.
    Archive(ArchiveError),
    /// It has no design, or one with errors.
    Design,
    /// A key or a CA's certificate cannot be read, or is missing; the path.
    File(String),
    /// A key cannot be read; the path and the reason.
    Key(String, KeyError),
}

impl fmt::Display for PendingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Archive(error) => error.fmt(f),
            Self::Design => write!(f, "no valid {DESIGN} in the archive"),
            Self::File(path) => write!(f, "{path} is missing or unreadable"),
            Self::Key(path, error) => write!(f, "{path}: {error}"),
        }
    }
}

impl std::error::Error for PendingError {}

impl Pending {
    /// The requests alone, with the script that signs them: what may be sent to whoever has the CA.
    ///
    /// # Errors
    /// [`BundleError`] if the archive cannot be written.
    pub fn requests(&self, now: OffsetDateTime, readme: &str) -> Result<Bundle, BundleError> {
        let mut files = self.request_files();
        files.push((README.to_owned(), OPEN, text(readme)));
        pack(format!("{}-requests.tar.gz", self.plan.settings.cluster_name), files, now)
    }

    /// Everything that the second run needs: keys, CAs, design, the certificates that are back; and
    /// the requests.
    ///
    /// # Errors
    /// [`BundleError`] if a key or the archive cannot be written.
    pub fn write(&self, now: OffsetDateTime, readme: &str) -> Result<Bundle, BundleError> {
        let mut files = self.request_files();
        for file in &mut files {
            file.0 = format!("{REQUESTS}/{}", file.0);
        }
        files.push((README.to_owned(), OPEN, text(readme)));
        files.push((DESIGN.to_owned(), OPEN, text(&self.design.to_yaml())));
        for ca in &self.brought {
            let name = self.name(ca.item);
            let der = ca.certificate.as_deref().unwrap_or_default();
            let pem = bundle::certificate_pem(der);
            files.push((format!("{AUTHORITIES}/{name}.crt"), OPEN, text(&pem)));
            if let Some(key) = &ca.key {
                files.push((format!("{AUTHORITIES}/{name}.key"), SECRET, pem_of(key)?));
            }
        }
        for Asked { material, .. } in &self.items {
            let key = material.key.as_ref().ok_or(BundleError::Missing(material.item))?;
            let path = format!("{KEYS}/{}.key", self.name(material.item));
            files.push((path, SECRET, pem_of(key)?));
            if let Some(der) = &material.certificate {
                let path = format!("{SIGNED}/{}.crt", self.name(material.item));
                files.push((path, OPEN, text(&bundle::certificate_pem(der))));
            }
        }
        pack(format!("{}-pending.tar.gz", self.plan.settings.cluster_name), files, now)
    }

    fn request_files(&self) -> Vec<Entry> {
        let mut files = Vec::with_capacity(self.items.len() + 4);
        for Asked { material, request } in &self.items {
            let path = format!("{}.csr", self.name(material.item));
            files.push((path, OPEN, text(&request::to_pem(request))));
        }
        files.push(("extensions.cnf".to_owned(), OPEN, text(&script::extensions(self))));
        files.push(("sign.sh".to_owned(), 0o755, text(&script::sign(self))));
        files
    }

    pub(super) fn name(&self, id: ItemId) -> &str {
        self.plan.item(id).map(|item| item.name.as_str()).unwrap_or_default()
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// A [`PendingError`] for anything else.
    pub fn read(bytes: &[u8]) -> Result<Self, PendingError> {
        let files = bundle::read(bytes).map_err(PendingError::Archive)?;
        let file = |path: &str| files.iter().find(|file| file.path == path);
        let design = file(DESIGN).and_then(content).and_then(|t| Design::from_document(t).ok());
        let design = design.ok_or(PendingError::Design)?;
        let plan = Plan::new(design.check().0.ok_or(PendingError::Design)?);
        let mut brought = Vec::new();
        for (index, row) in plan.layout.authorities.iter().enumerate() {
            let path = format!("{AUTHORITIES}/{}.crt", row.name);
            let Some(found) = file(&path) else { continue };
            let pem = pem_rfc7468::decode_vec(&found.bytes);
            let (_, der) = pem.map_err(|_| PendingError::File(path))?;
            let path = format!("{AUTHORITIES}/{}.key", row.name);
            let key = file(&path).map(|found| key(&path, found)).transpose()?;
            let item = ItemId(index);
            brought.push(Material { item, key, certificate: Some(der), token: None });
        }
        let mut items = Vec::new();
        for id in super::waiting(&plan, &brought) {
            let name = plan.item(id).map(|item| item.name.as_str()).unwrap_or_default();
            let path = format!("{KEYS}/{name}.key");
            let found = file(&path).ok_or_else(|| PendingError::File(path.clone()))?;
            let key = Some(key(&path, found)?);
            let back = file(&format!("{SIGNED}/{name}.crt"));
            let back = back.and_then(|found| pem_rfc7468::decode_vec(&found.bytes).ok());
            let certificate = back.map(|(_, der)| der);
            let material = Material { item: id, key, certificate, token: None };
            let path = format!("{REQUESTS}/{name}.csr");
            let request = file(&path).and_then(|found| pem_rfc7468::decode_vec(&found.bytes).ok());
            let (_, request) = request.ok_or(PendingError::File(path))?;
            items.push(Asked { material, request });
        }
        if items.is_empty() {
            return Err(PendingError::File(format!("{KEYS}/")));
        }
        Ok(Self { design, plan, brought, items })
    }
}

type Entry = (String, u32, Zeroizing<Vec<u8>>);

fn text(text: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(text.as_bytes().to_vec())
}

fn content(file: &ArchivedFile) -> Option<&str> {
    std::str::from_utf8(&file.bytes).ok()
}

fn key(path: &str, file: &ArchivedFile) -> Result<PrivateKey, PendingError> {
    let pem = content(file).ok_or_else(|| PendingError::File(path.to_owned()))?;
    PrivateKey::from_pem(pem).map_err(|error| PendingError::Key(path.to_owned(), error))
}

fn pem_of(key: &PrivateKey) -> Result<Zeroizing<Vec<u8>>, BundleError> {
    let pem = key.kubernetes_pem().map_err(BundleError::Key)?;
    Ok(Zeroizing::new(pem.as_bytes().to_vec()))
}

fn pack(name: String, mut files: Vec<Entry>, now: OffsetDateTime) -> Result<Bundle, BundleError> {
    crate::order::sort_by(&mut files, |a, b| a.0.cmp(&b.0));
    let failed = |error: std::io::Error| BundleError::Archive(error.to_string());
    let mut writer = ArchiveWriter::new(now.unix_timestamp());
    for (path, mode, bytes) in &files {
        writer.file(path, *mode, bytes).map_err(failed)?;
    }
    Ok(Bundle { name, bytes: writer.finish().map_err(failed)? })
}
