//! The small wasm module of vector arithmetic (`core/lanes`) that the application's own carries.

use js_sys::WebAssembly::{Instance, Module};
use js_sys::{Function, Object, Reflect, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

/// The module's instance, and what it exports.
struct Lanes {
    memory: JsValue,
    buffer: u32,
    fermat: Function,
    power: Function,
}

thread_local! {
    /// `None` where the browser refuses the module.
    static LANES: Option<Lanes> = start();
}

/// Compiled here and now: allowed in workers, and for so small a module over in a millisecond.
fn start() -> Option<Lanes> {
    let own: Module = wasm_bindgen::module().dyn_into().ok()?;
    let section = Module::custom_sections(&own, "pki-lanes").get(0);
    let module = Module::new(&section).ok()?;
    let instance = Instance::new(&module, &Object::new()).ok()?;
    let export = |name: &str| Reflect::get(&instance.exports(), &name.into()).ok();
    let function = |name: &str| export(name)?.dyn_into::<Function>().ok();
    Some(Lanes {
        memory: export("memory")?,
        buffer: function("buffer")?.call0(&JsValue::UNDEFINED).ok()?.as_f64()? as u32,
        fermat: function("fermat")?,
        power: function("power")?,
    })
}

impl Lanes {
    /// So many words of the module's buffer, from `start` on.
    fn view(&self, start: usize, words: usize) -> Option<Uint32Array> {
        let memory = Reflect::get(&self.memory, &"buffer".into()).ok()?;
        let start = self.buffer + u32::try_from(4 * start).ok()?;
        let words = u32::try_from(words).ok()?;
        (words <= MOST_WORDS)
            .then(|| Uint32Array::new_with_byte_offset_and_length(&memory, start, words))
    }

    /// Writes numbers one behind the other, and calls a function with the words of one.
    fn call(&self, function: &Function, numbers: &[&[[u32; 2]]]) -> Option<u32> {
        let mut start = 0;
        for number in numbers {
            let words = number.as_flattened();
            self.view(start, words.len())?.copy_from(words);
            start += words.len();
        }
        let count = JsValue::from(numbers.first()?.len() as u32);
        Some(function.call1(&JsValue::UNDEFINED, &count).ok()?.as_f64()? as u32)
    }
}

/// Whether 2^(n-1) is 1 modulo each of two numbers; `None` where nothing can tell so fast.
pub(crate) fn passes_base_two(words: &[[u32; 2]]) -> Option<[bool; 2]> {
    LANES.with(|lanes| {
        let lanes = lanes.as_ref()?;
        let passed = lanes.call(&lanes.fermat, &[words])?;
        (passed < 4).then_some([passed & 1 == 1, passed & 2 == 2])
    })
}

/// Two powers at once, as [`pki_prime::PairPower`] has it; `None` where nothing computes so fast.
pub(crate) fn power(
    base: &[[u32; 2]],
    exponent: &[[u32; 2]],
    modulus: &[[u32; 2]],
    square: &[[u32; 2]],
    result: &mut [[u32; 2]],
) -> Option<()> {
    LANES.with(|lanes| {
        let lanes = lanes.as_ref()?;
        let done = lanes.call(&lanes.power, &[base, exponent, modulus, square])?;
        let words = result.as_flattened_mut();
        let view = lanes.view(0, words.len())?;
        if done == 1 {
            view.copy_to(words);
        }
        // Half of a signature, from which one could tell the key.
        view.fill(0, 0, view.length());
        (done == 1).then_some(())
    })
}

/// Two numbers of 2048 bits, and a word more for each.
const MOST_WORDS: u32 = 130;
