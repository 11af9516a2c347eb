//! A picture of the page as a file of its own.

use web_sys::wasm_bindgen::JsCast as _;
use web_sys::{CssStyleSheet, XmlSerializer};

/// The SVG element of this id, with those rules of the page's style whose selectors have one of
/// these beginnings, in the colours that it has now.
pub(crate) fn picture(id: &str, beginnings: &[&str]) -> Option<String> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let element = document.get_element_by_id(id)?;
    let text = XmlSerializer::new().ok()?.serialize_to_string(&element).ok()?;
    let mut rules = String::new();
    let sheets = document.style_sheets();
    for index in 0..sheets.length() {
        let Some(sheet) = sheets.item(index).and_then(|s| s.dyn_into::<CssStyleSheet>().ok())
        else {
            continue;
        };
        let Ok(list) = sheet.css_rules() else { continue };
        for index in 0..list.length() {
            let rule = list.item(index).map(|rule| rule.css_text()).unwrap_or_default();
            if beginnings.iter().any(|start| rule.starts_with(start)) {
                rules += &rule;
            }
        }
    }
    let root = document.document_element()?;
    let computed = window.get_computed_style(&root).ok()??;
    let mut colours = String::new();
    for name in rules.split("var(").skip(1).filter_map(|rest| rest.split([')', ',']).next()) {
        let value = computed.get_property_value(name).unwrap_or_default();
        if !value.is_empty() && !colours.contains(&format!("{name}:")) {
            colours += &format!("{name}:{value};");
        }
    }
    // The end of the first tag: no attribute of ours contains the sign.
    let (tag, rest) = text.split_once('>')?;
    Some(format!("{tag}><style>svg{{{colours}}}{rules}</style>{rest}"))
}
