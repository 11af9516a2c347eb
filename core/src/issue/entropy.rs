//! Where the randomness of an item comes from.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// 256 random bits, from which one item draws everything random about it.
pub type Seed = Zeroizing<[u8; 32]>;

/// The source of randomness failed. Nothing may be made then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntropyError {
    /// What the source said.
    pub reason: String,
}

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the source of randomness failed: {}", self.reason)
    }
}

impl std::error::Error for EntropyError {}

/// A source of seeds.
pub trait Entropy {
    /// A seed for the item of this name.
    ///
    /// # Errors
    /// [`EntropyError`] when the source fails; there is no second-best source.
    fn seed(&mut self, item_name: &str) -> Result<Seed, EntropyError>;
}

/// Seeds from the operating system or the browser, through a function that fills a buffer.
pub struct SystemEntropy<F>(pub F);

impl<F, E> Entropy for SystemEntropy<F>
where
    F: FnMut(&mut [u8]) -> Result<(), E>,
    E: fmt::Display,
{
    fn seed(&mut self, _: &str) -> Result<Seed, EntropyError> {
        let mut seed = Seed::default();
        (self.0)(seed.as_mut()).map_err(|error| EntropyError { reason: error.to_string() })?;
        // A source that leaves the buffer as it was is broken, whatever it returns; the chance
        // of an honest all-zero seed is 2^-256.
        if seed.iter().all(|byte| *byte == 0) {
            return Err(EntropyError { reason: "it gave only zeros".to_owned() });
        }
        Ok(seed)
    }
}

/// Seeds from a text, for documentation and workshops: the same text gives the same files on every
/// machine, so the keys are as secret as the text, that is, not at all.
#[derive(Clone, Debug)]
pub struct DemoEntropy {
    text: String,
}

impl DemoEntropy {
    /// Takes the text as it is; an empty one works too.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// Keeps seeds of this purpose apart from any other use of the same text.
const DEMO_CONTEXT: &[u8] = b"pki-workbench/v1 demo seed\0";

impl Entropy for DemoEntropy {
    /// HMAC-SHA-256 with the text as key, over a fixed context and the item's name.
    fn seed(&mut self, item_name: &str) -> Result<Seed, EntropyError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.text.as_bytes())
            .map_err(|error| EntropyError { reason: error.to_string() })?;
        mac.update(DEMO_CONTEXT);
        mac.update(item_name.as_bytes());
        Ok(Seed::new(mac.finalize().into_bytes().into()))
    }
}
