//! A CA whose key is elsewhere: requests go out, and certificates come back.
//!
//! Where a CA is brought as a certificate only (see [`crate::issue::bring`]), what it signs is made
//! in two runs. The first makes the keys and a request for each certificate that the CA signs by
//! itself; it ends in an archive of keys and requests, [`Pending`]. Somebody has the requests
//! signed, today or another day. The second run takes the certificates, makes what stands below
//! them, and ends as every run does.

mod archive;
mod script;

pub use archive::PendingError;

use chacha20::ChaCha20Rng;
use der::{Decode, Encode};
use rand_core::SeedableRng;
use time::OffsetDateTime;
use x509_cert::Certificate;

use crate::decode;
use crate::design::Design;
use crate::detect::pem_blocks;
use crate::issue::{self, Entropy, IssueError, Material, RunError, Seed};
use crate::plan::{ItemId, Plan};
use crate::verify::{self, VerifyProblem};

/// The items that CAs among `brought` sign which stay outside.
pub fn waiting(plan: &Plan, brought: &[Material]) -> Vec<ItemId> {
    let outside = |id: ItemId| brought.iter().any(|ca| ca.item == id && ca.key.is_none());
    let items = (0..).map(ItemId).zip(&plan.items);
    items.filter(|(_, item)| item.issuer().is_some_and(outside)).map(|(id, _)| id).collect()
}

/// The CAs among materials that stay outside.
pub fn authorities(materials: &[Material]) -> Vec<ItemId> {
    materials.iter().filter(|ca| ca.is_outside()).map(|ca| ca.item).collect()
}

/// Keys that wait for their certificates, and the CAs that will sign them.
pub struct Pending {
    /// What is being made.
    pub design: Design,
    /// Its plan.
    pub plan: Plan,
    /// Every CA that was brought, with its certificate; those that stay outside have no key.
    pub brought: Vec<Material>,
    /// What the CAs outside sign.
    pub items: Vec<Asked>,
}

/// Something that a CA outside is asked for.
pub struct Asked {
    /// The key, and the certificate once it is there.
    pub material: Material,
    /// The request for it: PKCS#10 in DER.
    pub request: Vec<u8>,
}

/// A certificate that came back and is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A PEM block that is no certificate.
    Malformed,
    /// A certificate for none of the keys; its subject.
    Stranger(String),
    /// A certificate for the key of this item, which components would not take for it.
    Unfit {
        /// The item's name.
        item: String,
        /// What is wrong.
        problem: VerifyProblem,
    },
}

impl Pending {
    /// Makes the keys, one after the other, and the requests; `entropy` gives each its seed.
    ///
    /// # Errors
    /// As [`issue::make_all`].
    pub fn make(
        design: Design,
        plan: Plan,
        brought: Vec<Material>,
        now: OffsetDateTime,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, RunError> {
        let mut made = Vec::new();
        for id in waiting(&plan, &brought) {
            let item = plan.item(id);
            let name = item.map(|item| item.name.as_str()).unwrap_or_default();
            let seed = entropy.seed(name).map_err(RunError::Entropy)?;
            let issuer = item.and_then(|item| item.issuer());
            let issuer = brought.iter().find(|ca| Some(ca.item) == issuer);
            let material = issue::make(&plan, id, issuer, now, &seed);
            made.push(material.map_err(|error| RunError::Issue(id, error))?);
        }
        let seed = entropy.seed("requests").map_err(RunError::Entropy)?;
        Self::new(design, plan, brought, made, &seed)
    }

    /// Takes keys that are made, and signs the requests for their certificates.
    ///
    /// # Errors
    /// [`RunError::Issue`] if a key cannot sign.
    pub fn new(
        design: Design,
        plan: Plan,
        brought: Vec<Material>,
        made: Vec<Material>,
        seed: &Seed,
    ) -> Result<Self, RunError> {
        let mut rng = ChaCha20Rng::from_seed(**seed);
        let mut items = Vec::with_capacity(made.len());
        for material in made {
            let id = material.item;
            let key = material.key.as_ref().ok_or(IssueError::NoSuchItem(id));
            let request = key.and_then(|key| issue::request(&plan, id, key, &mut rng));
            let request = request.map_err(|error| RunError::Issue(id, error))?;
            items.push(Asked { material, request });
        }
        Ok(Self { design, plan, brought, items })
    }

    /// Takes every certificate of a text in PEM that fits one of the keys, in any order. CAs that
    /// stand in the text as part of a chain are passed over.
    pub fn take(&mut self, text: &str, now: OffsetDateTime) -> Vec<Refusal> {
        let blocks = pem_blocks(text).filter(|block| block.label.ends_with("CERTIFICATE"));
        blocks.filter_map(|block| self.take_one(block.bytes.to_vec(), now).err()).collect()
    }

    fn take_one(&mut self, der: Vec<u8>, now: OffsetDateTime) -> Result<(), Refusal> {
        let certificate = Certificate::from_der(&der).map_err(|_| Refusal::Malformed)?;
        let tbs = certificate.tbs_certificate();
        let spki = tbs.subject_public_key_info().to_der().map_err(|_| Refusal::Malformed)?;
        let of = |asked: &&mut Asked| {
            asked.material.key.as_ref().is_some_and(|key| key.public_key().spki_der() == spki)
        };
        let Some(Asked { material, .. }) = self.items.iter_mut().find(of) else {
            let is_known = self.brought.iter().any(|ca| ca.certificate.as_ref() == Some(&der));
            // Not by `Display` of x509-cert, which brings a table of names for all known attributes.
            let subject = decode::Certificate::read(&der).map(|read| read.subject.rfc4514());
            let stranger = || Err(Refusal::Stranger(subject.unwrap_or_default()));
            return if is_known { Ok(()) } else { stranger() };
        };
        let Some(item) = self.plan.item(material.item) else { return Ok(()) };
        let issuer = self.brought.iter().find(|ca| Some(ca.item) == item.issuer());
        let issuer = issuer.and_then(|ca| ca.certificate.as_deref()).unwrap_or_default();
        verify::answers(item, &self.plan.settings.subject, &der, issuer, now)
            .map_err(|problem| Refusal::Unfit { item: item.name.clone(), problem })?;
        material.certificate = Some(der);
        Ok(())
    }

    /// The names of the items that have no certificate yet.
    pub fn missing(&self) -> Vec<&str> {
        let open = self.items.iter().filter(|asked| asked.material.certificate.is_none());
        let items = open.filter_map(|asked| self.plan.item(asked.material.item));
        items.map(|item| item.name.as_str()).collect()
    }

    /// What the second run starts from, once nothing is missing: the plan without the keys that are
    /// elsewhere, and all that is there already, as [`issue::make_rest`] takes it.
    pub fn into_parts(self) -> (Design, Plan, Vec<Material>) {
        let plan = self.plan.without_keys_of(&authorities(&self.brought));
        let mut there = self.brought;
        there.extend(self.items.into_iter().map(|asked| asked.material));
        (self.design, plan, there)
    }
}
