//! A mouse that takes hold of what an element shows, and moves it.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// Where a mouse took hold: its place, and how far the element was scrolled.
pub(crate) type Grip = Option<(i32, i32, i32, i32)>;

/// Less is a click that trembles.
const LEAST: i32 = 4;

/// Takes `pointerdown`, `pointermove` and what ends them, of the element that is scrolled. A finger
/// scrolls by itself.
pub(crate) fn pan(event: &PointerEvent, grip: &mut Grip) {
    let Some(frame) = event.current_target().and_then(|it| it.dyn_into::<Element>().ok()) else {
        return;
    };
    let (x, y) = (event.client_x(), event.client_y());
    let held = event.buttons() & 1 == 1 && event.pointer_type() == "mouse";
    match (event.type_().as_str(), *grip) {
        ("pointerdown", _) if held => {
            *grip = Some((x, y, frame.scroll_left(), frame.scroll_top()));
        }
        ("pointermove", Some((from_x, from_y, left, top))) if held => {
            let (by_x, by_y) = (x - from_x, y - from_y);
            if frame.has_pointer_capture(event.pointer_id()) || by_x.abs().max(by_y.abs()) > LEAST {
                // The click at the end is then the element's, and chooses nothing in it.
                let _ = frame.set_pointer_capture(event.pointer_id());
                frame.set_scroll_left(left - by_x);
                frame.set_scroll_top(top - by_y);
            }
        }
        _ => *grip = None,
    }
}
