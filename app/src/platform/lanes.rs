//! The small wasm module of vector arithmetic (`core/lanes`) that the application's own carries.

use js_sys::WebAssembly::{Instance, Module};
use js_sys::{Function, Object, Reflect, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

/// The module's instance, and what it exports.
struct Lanes {
    memory: JsValue,
    buffer: u32,
    fermat: Function,
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
    let buffer: Function = export("buffer")?.dyn_into().ok()?;
    Some(Lanes {
        memory: export("memory")?,
        buffer: buffer.call0(&JsValue::UNDEFINED).ok()?.as_f64()? as u32,
        fermat: export("fermat")?.dyn_into().ok()?,
    })
}

/// Whether 2^(n-1) is 1 modulo each of two numbers; `None` where nothing can tell so fast.
pub(crate) fn passes_base_two(words: &[[u32; 2]]) -> Option<[bool; 2]> {
    LANES.with(|lanes| {
        let lanes = lanes.as_ref()?;
        let memory = Reflect::get(&lanes.memory, &"buffer".into()).ok()?;
        let words = words.as_flattened();
        let length = u32::try_from(words.len()).ok().filter(|length| *length <= MOST_WORDS)?;
        Uint32Array::new_with_byte_offset_and_length(&memory, lanes.buffer, length)
            .copy_from(words);
        let count = JsValue::from(length / 2);
        let passed = lanes.fermat.call1(&JsValue::UNDEFINED, &count).ok()?.as_f64()? as u32;
        (passed < 4).then_some([passed & 1 == 1, passed & 2 == 2])
    })
}

/// Two numbers of 2048 bits.
const MOST_WORDS: u32 = 128;
