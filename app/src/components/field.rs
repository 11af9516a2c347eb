//! A labelled field of the design, with its findings beside it.

use super::live::live;
use leptos::prelude::*;
use pki_core::design::{Finding, Severity};
use pki_text::en::findings;

use crate::platform;
use crate::state::{DEMO_SEED, Editor};

/// The id of the field at a place of the design, so that a finding can lead there.
pub(crate) fn field_id(place: &str) -> String {
    if place == DEMO_SEED {
        return "demo-seed".to_owned();
    }
    let mut id = String::from("field-");
    id.extend(place.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }));
    id.trim_end_matches('-').to_owned()
}

/// The findings at a place, again only when they change.
pub(crate) fn findings_at(place: String) -> Memo<Vec<Finding>> {
    let editor = expect_context::<Editor>();
    Memo::new(move |_| editor.checked.with(|checked| checked.at(&place)))
}

/// Whether any of them is an error.
pub(crate) fn has_error(found: &[Finding]) -> bool {
    found.iter().any(|finding| finding.severity() == Severity::Error)
}

/// Something that is on or off.
pub(crate) fn check(
    label: &str,
    is_on: impl Fn() -> bool + Send + Sync + 'static,
    switch: impl Fn(bool) + 'static,
) -> AnyView {
    check_box(label.to_owned(), Signal::derive(is_on), UnsyncCallback::from(switch))
}

fn check_box(label: String, is_on: Signal<bool>, switch: UnsyncCallback<(bool,)>) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=is_on
                on:change=move |event| switch.run((platform::event_checked(&event),)) />
            {label}
        </label>
    }
    .into_any()
}

/// One line of text.
#[component]
pub(crate) fn TextField(
    #[prop(into)] place: String,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_input: UnsyncCallback<(String,)>,
) -> impl IntoView {
    let id = field_id(&place);
    let found = findings_at(place);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input type="text" id=id.clone() autocomplete="off" autocapitalize="none"
                spellcheck="false"
                aria-describedby=described_by(&id) aria-invalid=invalid(found)
                prop:value=value
                on:input=move |event| on_input.run((platform::event_value(&event),)) />
            <Hint id=id.clone() text=hint />
            <Found id=id found=found />
        </div>
    }
}

/// One of several choices, each with the text that the design has for it.
#[component]
pub(crate) fn Choice(
    place: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    options: Vec<(String, String)>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choice: UnsyncCallback<(String,)>,
) -> impl IntoView {
    let id = field_id(place);
    let found = findings_at(place.to_owned());
    // A value from an imported document that is none of the choices must be seen, to be mended.
    let other = {
        let known: Vec<String> = options.iter().map(|(value, _)| value.clone()).collect();
        move || {
            let value = value.get();
            (!known.contains(&value))
                .then(|| view! { <option value=value.clone()>{value.clone()}</option> })
        }
    };
    let options = options
        .into_iter()
        .map(|(value, text)| view! { <option value=value>{text}</option> })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id.clone() aria-describedby=described_by(&id) aria-invalid=invalid(found)
                prop:value=value
                on:change=move |event| on_choice.run((platform::event_value(&event),))>
                {options}
                {other}
            </select>
            <Hint id=id.clone() text=hint />
            <Found id=id found=found />
        </div>
    }
}

pub(crate) fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-found")
}

pub(crate) fn invalid(found: Memo<Vec<Finding>>) -> impl Fn() -> Option<&'static str> {
    move || found.with(|found| has_error(found)).then_some("true")
}

#[component]
pub(crate) fn Hint(id: String, text: &'static str) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{text}</p> })
}

/// The findings of a field, in words.
#[component]
pub(crate) fn Found(id: String, found: Memo<Vec<Finding>>) -> impl IntoView {
    let editor = expect_context::<Editor>();
    let lines = live(move || {
        found.with(|found| {
            let first = found.iter().take(3);
            first.map(|one| finding_line(editor, one, None)).collect::<Vec<_>>()
        })
    });
    view! { <div class="found" id=format!("{id}-found")>{lines}</div> }
}

/// A finding in words, and the entry of a list that it is about.
pub(crate) fn finding_line(editor: Editor, finding: &Finding, entry: Option<String>) -> AnyView {
    let severity = finding.severity();
    let sentence = findings::finding(finding);
    view! {
        <p class=severity_class(severity)>
            <strong>{findings::severity(severity)}": "</strong>
            {entry.map(|entry| view! { <code>{entry}</code>" " })}
            {sentence.what}" "{sentence.fix}
            {repair_button(editor, finding.clone())}
        </p>
    }
    .into_any()
}

/// A button that mends it, where there is one obvious right thing.
fn repair_button(editor: Editor, finding: Finding) -> Option<AnyView> {
    let (repair, _) = editor.design.with_untracked(|design| design.repair(&finding))?;
    let mend = move |_| {
        // The design may have changed since the button was drawn.
        let mended = editor.design.with_untracked(|design| design.repair(&finding));
        if let Some((_, mended)) = mended {
            editor.choose(|design| *design = mended);
        }
    };
    let text = findings::repair(&repair);
    Some(view! { " "<button type="button" class="small" on:click=mend>{text}</button> }.into_any())
}

pub(crate) fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
