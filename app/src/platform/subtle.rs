//! The browser's own check of signatures (Web Cryptography API): several times as fast as wasm can
//! be, and by a library of which nothing is in this program.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use pki_core::key::{Algorithm, SignatureAlgorithm, Signed};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// So many are handed over at a time: enough for all threads of the browser, and little memory.
const AT_ONCE: usize = 512;

/// The places of those that the browser does not call right: because they are not, because it does
/// not know the algorithm, or because the page is one of those to which it lends no cryptography
/// (neither from a file nor from localhost, nor by TLS). So it is for the caller to look into these.
pub(crate) async fn not_right(signed: &[Signed]) -> Vec<usize> {
    let Some(subtle) = Subtle::of_browser() else { return (0..signed.len()).collect() };
    let mut keys: Vec<Key> = Vec::new();
    for one in signed {
        if !keys.iter().any(|key| key.is_of(one)) {
            keys.push(subtle.import(one).await);
        }
    }
    let ask = |one: &Signed| subtle.verify(one, keys.iter().find(|key| key.is_of(one))?);
    let mut right = Vec::with_capacity(signed.len());
    for some in signed.chunks(AT_ONCE) {
        let asked: Array = some.iter().map(|one| ask(one).unwrap_or(JsValue::FALSE)).collect();
        // A promise that fails would take the others' answers with it.
        match JsFuture::from(Promise::all_settled(&asked)).await {
            Ok(answers) => right.extend(Array::from(&answers).iter().map(|answer| {
                Reflect::get(&answer, &"value".into()).is_ok_and(|value| value == JsValue::TRUE)
            })),
            Err(_) => right.extend(some.iter().map(|_| false)),
        }
    }
    right.iter().enumerate().filter(|(_, right)| !**right).map(|(place, _)| place).collect()
}

/// A public key as the browser has it, with the algorithm that it verifies by.
struct Key {
    spki: Vec<u8>,
    algorithm: SignatureAlgorithm,
    object: JsValue,
    /// `None` if the browser does not take it.
    key: Option<JsValue>,
}

impl Key {
    fn is_of(&self, signed: &Signed) -> bool {
        self.algorithm == signed.algorithm && self.spki == signed.key.spki_der()
    }
}

struct Subtle {
    subtle: JsValue,
    import: Function,
    verify: Function,
}

impl Subtle {
    fn of_browser() -> Option<Self> {
        let get = |from: &JsValue, name: &str| Reflect::get(from, &name.into()).ok();
        let subtle = get(&get(&js_sys::global(), "crypto")?, "subtle")?;
        let function = |name| get(&subtle, name)?.dyn_into().ok();
        Some(Self { import: function("importKey")?, verify: function("verify")?, subtle })
    }

    async fn import(&self, signed: &Signed) -> Key {
        let object = algorithm(signed);
        let spki = signed.key.spki_der().to_vec();
        let arguments = Array::of5(
            &"spki".into(),
            &Uint8Array::from(spki.as_slice()),
            &object,
            &JsValue::FALSE,
            &Array::of1(&"verify".into()),
        );
        let promise = self.import.apply(&self.subtle, &arguments);
        let key = match promise.ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) {
            Some(promise) => JsFuture::from(promise).await.ok(),
            None => None,
        };
        Key { spki, algorithm: signed.algorithm, object, key }
    }

    /// The promise of an answer.
    fn verify(&self, signed: &Signed, key: &Key) -> Option<JsValue> {
        let arguments = Array::of4(
            &key.object,
            key.key.as_ref()?,
            &Uint8Array::from(signed.signature_in_a_row()?.as_slice()),
            &Uint8Array::from(signed.message.as_slice()),
        );
        self.verify.apply(&self.subtle, &arguments).ok()
    }
}

/// For import and verification alike: each takes of it what it wants.
fn algorithm(signed: &Signed) -> JsValue {
    use SignatureAlgorithm as S;
    let (name, hash) = match signed.algorithm {
        S::RsaSha256 => ("RSASSA-PKCS1-v1_5", "SHA-256"),
        S::RsaSha384 => ("RSASSA-PKCS1-v1_5", "SHA-384"),
        S::RsaSha512 => ("RSASSA-PKCS1-v1_5", "SHA-512"),
        S::EcdsaSha256 => ("ECDSA", "SHA-256"),
        S::EcdsaSha384 => ("ECDSA", "SHA-384"),
        S::EcdsaSha512 => ("ECDSA", "SHA-512"),
        _ => ("Ed25519", ""),
    };
    let curve = match signed.key.algorithm() {
        Algorithm::EcdsaP256 => "P-256",
        _ => "P-384",
    };
    let object = Object::new();
    for (field, value) in [("name", name), ("hash", hash), ("namedCurve", curve)] {
        // Fails only for objects that are closed.
        let _ = Reflect::set(&object, &field.into(), &value.into());
    }
    object.into()
}
