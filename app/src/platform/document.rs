//! The document, its address and its timers.

use std::cell::Cell;
use std::time::Duration;

use leptos::ev;
use leptos::prelude::{set_timeout, window_event_listener};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The part of the address after `#`, without it.
pub(crate) fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Goes to another view, by the part of the address after `#`.
pub(crate) fn go(hash: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().set_hash(hash);
    }
}

thread_local! {
    /// Where the keyboard goes with the next change of view.
    static LANDING: Cell<&'static str> = const { Cell::new(MAIN) };
}

/// Where it goes otherwise.
const MAIN: &str = "main";

/// Goes to another view, or stays, and takes the keyboard to an element of it.
pub(crate) fn go_to(there: &str, id: &'static str) {
    if there.strip_prefix('#') == Some(hash().as_str()) {
        focus(id);
    } else {
        LANDING.set(id);
        go(there);
    }
}

/// Where the keyboard goes now that another view is there.
pub(crate) fn landing() -> &'static str {
    LANDING.replace(MAIN)
}

/// Puts another part after `#` in the place of the one there, so that neither "back" nor a reload
/// leads to it again.
pub(crate) fn go_instead(hash: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().replace(hash);
    }
}

/// The address without the part after `#`.
pub(crate) fn address() -> String {
    let whole = web_sys::window().and_then(|window| window.location().href().ok());
    whole.unwrap_or_default().split('#').next().unwrap_or_default().to_owned()
}

/// Lives as long as the page.
pub(crate) fn on_hash_change(changed: impl Fn(String) + 'static) {
    let _ = window_event_listener(ev::hashchange, move |_| changed(hash()));
}

/// The keys for undo (`false`) and redo (`true`), where no field takes them. Lives as long as the
/// page.
pub(crate) fn on_step_keys(step: impl Fn(bool) + 'static) {
    let _ = window_event_listener(ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) || is_typing_place() {
            return;
        }
        let forward = match event.key().as_str() {
            "z" => false,
            "Z" | "y" => true,
            _ => return,
        };
        event.prevent_default();
        step(forward);
    });
}

/// Asks before the page is left, while `must_ask` says so. Lives as long as the page.
pub(crate) fn on_leave(must_ask: impl Fn() -> bool + 'static) {
    let _ = window_event_listener(ev::beforeunload, move |event| {
        if must_ask() {
            event.prevent_default();
            // What older browsers look at.
            event.set_return_value("leave");
        }
    });
}

/// Calls whenever the page is left, closed or put aside. Lives as long as the page.
pub(crate) fn on_hide(act: impl Fn() + 'static) {
    let _ = window_event_listener(ev::pagehide, move |_| act());
}

/// Asks a question that is answered by yes or no.
pub(crate) fn confirm(question: &str) -> bool {
    web_sys::window().is_some_and(|w| w.confirm_with_message(question).unwrap_or(false))
}

/// `light`, `dark`, or whatever the system wants.
pub(crate) fn set_theme(theme: Option<&str>) {
    let Some(root) = document().and_then(|document| document.document_element()) else { return };
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", theme),
        None => root.remove_attribute("data-theme"),
    };
}

pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// How many workers can run side by side.
pub(crate) fn processors() -> usize {
    let count = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    // Whole and small; the cast saturates.
    count as usize
}

/// Calls once, after some milliseconds.
pub(crate) fn after(milliseconds: u64, act: impl FnOnce() + 'static) {
    set_timeout(act, Duration::from_millis(milliseconds));
}

/// Calls once, when what is on the way to the screen has been drawn.
pub(crate) fn at_next_idle(act: impl FnOnce() + 'static) {
    leptos::prelude::request_animation_frame(move || after(0, act));
}

/// Moves the keyboard to an element, once it is there.
pub(crate) fn focus(id: &str) {
    with_element(id, |element| {
        let _ = element.focus();
    });
}

/// Moves the keyboard to a field, and opens what it is hidden in. The id may be of a part of it:
/// then the longest beginning of it that is there counts.
pub(crate) fn focus_field(id: &str) {
    let Some(document) = document() else { return };
    let mut id = id;
    while !id.is_empty() {
        if let Some(field) = document.get_element_by_id(id) {
            let mut parent = field.parent_element();
            while let Some(element) = parent {
                if element.tag_name() == "DETAILS" {
                    let _ = element.set_attribute("open", "");
                }
                parent = element.parent_element();
            }
            focus(id);
            return;
        }
        id = id.rfind('-').and_then(|end| id.get(..end)).unwrap_or_default();
    }
}

/// Brings an element into sight, if it is not.
pub(crate) fn reveal(id: &str) {
    with_element(id, |element| {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    });
}

/// Scrolls within an element, to so many CSS pixels from its top.
pub(crate) fn scroll_to(id: &str, top: usize) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
    }
}

/// Scrolls within an element as little as brings a part of it into sight.
pub(crate) fn scroll_into(id: &str, top: usize, height: usize) {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else {
        return;
    };
    let pixels = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    scroll_least(&element, pixels(top), pixels(top.saturating_add(height)));
}

/// Scrolls within the place that an element is positioned by, as little as brings it into sight.
/// The page itself stays where it is.
pub(crate) fn reveal_within(id: &str) {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else {
        return;
    };
    let Some(element) = element.dyn_ref::<HtmlElement>() else { return };
    if let Some(place) = element.offset_parent() {
        let top = element.offset_top();
        scroll_least(&place, top, top.saturating_add(element.offset_height()));
    }
}

fn scroll_least(element: &Element, start: i32, end: i32) {
    let (seen, high) = (element.scroll_top(), element.client_height());
    if start < seen {
        element.set_scroll_top(start);
    } else if end > seen.saturating_add(high) {
        element.set_scroll_top(end.saturating_sub(high));
    }
}

fn with_element(id: &str, act: impl FnOnce(&HtmlElement) + 'static) {
    let id = id.to_owned();
    at_next_idle(move || {
        let element = document().and_then(|document| document.get_element_by_id(&id));
        if let Some(element) = element.as_ref().and_then(|element| element.dyn_ref()) {
            act(element);
        }
    });
}

/// Whether the keyboard is in a place that takes text by itself.
pub(crate) fn is_typing_place() -> bool {
    let active: Option<Element> = document().and_then(|document| document.active_element());
    active.is_some_and(|element| match element.dyn_ref::<HtmlInputElement>() {
        Some(input) => {
            !matches!(input.type_().as_str(), "checkbox" | "radio" | "file" | "button" | "range")
        }
        None => element.tag_name() == "TEXTAREA",
    })
}

/// The number in an attribute of what an event comes from, or of what that is in.
pub(crate) fn event_number(event: &Event, attribute: &str) -> Option<usize> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let holder = element.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(attribute)?.parse().ok()
}

/// How far the element of an event is scrolled down, and how high it is, in CSS pixels.
pub(crate) fn event_scroll(event: &Event) -> Option<(usize, usize)> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let pixels = |length: i32| usize::try_from(length).unwrap_or_default();
    Some((pixels(element.scroll_top()), pixels(element.client_height())))
}

/// The text of the field that an event comes from.
pub(crate) fn event_value(event: &Event) -> String {
    let Some(target) = event.target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        return input.value();
    }
    if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        return area.value();
    }
    leptos::prelude::event_target_value(event)
}

/// Writes another text into the field that an event comes from.
pub(crate) fn put_event_value(event: &Event, text: &str) {
    let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(input) = input.filter(|input| input.value() != text) {
        input.set_value(text);
    }
}

/// The state of the check box that an event comes from.
pub(crate) fn event_checked(event: &Event) -> bool {
    leptos::prelude::event_target_checked(event)
}
