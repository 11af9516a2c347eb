//! A decoded object on the page: the same card in Decode and in the file inspector.

use leptos::prelude::*;
use pki_text::en::decode_view as words;
use pki_text::en::sheet as labels;

use super::authority::authority_mark;
use super::copy::copy_button;
use crate::sheet::{Part, Remark, Row, Section, Sheet, Status, Tone, Value};

/// Draws a whole sheet at once. Nothing in it changes, so nothing in it is reactive.
pub(crate) fn sheet_card(sheet: Sheet) -> AnyView {
    view! {
        <article class=class_of(sheet.ca)>
            {head_view(&sheet)}
            {remark_list(sheet.remarks.clone())}
            {sections_view(sheet.sections.iter())}
            {sheet.pem.clone().map(pem_view)}
            {path_view(&sheet)}
        </article>
    }
    .into_any()
}

/// The class of a card, in the colour of its CA.
pub(super) fn class_of(ca: Option<char>) -> String {
    match ca {
        Some(letter) => format!("sheet of-{}", letter.to_ascii_lowercase()),
        None => "sheet".to_owned(),
    }
}

/// What it is, whose it is, and how its validity stands.
pub(super) fn head_view(sheet: &Sheet) -> AnyView {
    let kind = match sheet.number {
        Some(number) => words::numbered(number, &sheet.kind),
        None => sheet.kind.clone(),
    };
    view! {
        <header class="sheet-head">
            {authority_mark(sheet.ca)}
            <div class="sheet-name">
                <p class="sheet-kind">{kind}</p>
                <h3>{sheet.title.clone()}</h3>
                {sheet.place.clone().map(|place| view! { <p class="sheet-place">{place}</p> })}
            </div>
            {sheet.status.clone().map(status_bar)}
        </header>
    }
    .into_any()
}

/// What an object means to Kubernetes, and what is wrong with it.
pub(super) fn meaning_view(sheet: &Sheet) -> AnyView {
    view! {
        {remark_list(sheet.remarks.clone())}
        {sections_view(sheet.sections.iter().filter(|section| section.is_in(Part::Meaning)))}
        {path_view(sheet)}
    }
    .into_any()
}

/// Every field of an object.
pub(super) fn fields_view(sheet: &Sheet) -> AnyView {
    sections_view(sheet.sections.iter().filter(|section| section.is_in(Part::Fields)))
}

fn sections_view<'a>(sections: impl Iterator<Item = &'a Section>) -> AnyView {
    let sections: Vec<_> = sections.cloned().map(section_view).collect();
    view! { <div class="sheet-sections">{sections}</div> }.into_any()
}

fn path_view(sheet: &Sheet) -> Option<AnyView> {
    let path = sheet.path.clone();
    (!path.is_empty())
        .then(|| view! { <p class="sheet-path">{words::PATH} ": " {path}</p> }.into_any())
}

/// Sentences on what is wrong or worth knowing.
pub(crate) fn remark_list(remarks: Vec<Remark>) -> Option<AnyView> {
    if remarks.is_empty() {
        return None;
    }
    let items: Vec<_> = remarks
        .into_iter()
        .map(|remark| {
            let place = remark.place.map(|place| {
                view! { <span class="remark-place">{place}</span> }
            });
            view! { <li class=format!("remark {}", remark.tone.class())>{remark.text} " " {place}</li> }
        })
        .collect();
    Some(view! { <ul class="remarks" aria-label=words::REMARKS>{items}</ul> }.into_any())
}

fn status_bar(status: Status) -> AnyView {
    // The browser colours what is used of the lifetime by these two bounds.
    let (low, high) = match status.tone {
        Tone::Bad => ("1", "1"),
        Tone::Warning => ("1", "100"),
        _ => ("100", "100"),
    };
    let meter = status.percent.map(|percent| {
        view! {
            <meter min="0" max="100" low=low high=high optimum="0" value=percent.to_string()
                aria-label=labels::life(percent)>
            </meter>
        }
    });
    view! {
        <div class=format!("sheet-status {}", status.tone.class())>
            <p>{status.text}</p>
            {meter}
        </div>
    }
    .into_any()
}

fn section_view(section: Section) -> AnyView {
    let Section { heading, rows, open } = section;
    let rows = view! { <dl>{rows.into_iter().map(row_view).collect::<Vec<_>>()}</dl> };
    if open {
        view! { <section class="sheet-section"><h4>{heading}</h4>{rows}</section> }.into_any()
    } else {
        view! {
            <details class="sheet-section"><summary>{heading}</summary>{rows}</details>
        }
        .into_any()
    }
}

fn row_view(row: Row) -> AnyView {
    let Row { label, values } = row;
    let values: Vec<_> = values.into_iter().map(|value| value_view(&label, value)).collect();
    view! { <div class="sheet-row"><dt>{label}</dt>{values}</div> }.into_any()
}

fn value_view(label: &str, value: Value) -> AnyView {
    let Value { kind, text, shown, data } = value;
    let shown = shown.unwrap_or_else(|| text.clone());
    let kind = kind.map(|kind| view! { <span class="value-kind">{kind}</span> });
    if !data {
        return view! { <dd>{kind} {shown}</dd> }.into_any();
    }
    view! {
        <dd class="value">
            {kind}
            <code>{shown}</code>
            {copy_button(label, text)}
        </dd>
    }
    .into_any()
}

fn pem_view(pem: String) -> AnyView {
    let shown = pem.clone();
    view! {
        <details class="sheet-pem">
            <summary>{labels::PEM}</summary>
            {copy_button(labels::PEM, pem)}
            <pre tabindex="0">{shown}</pre>
        </details>
    }
    .into_any()
}
