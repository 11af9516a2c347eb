//! A decoded object on the page: the same card in Decode and in the file inspector.

use leptos::prelude::*;
use pki_text::en::decode_view as words;
use pki_text::en::sheet as labels;

use super::authority::Mark;
use super::copy::copy_button;
use crate::sheet::{Remark, Row, Section, Sheet, Status, Value};

/// Draws a sheet. Nothing in it changes, so nothing in it is reactive.
pub(crate) fn sheet_card(sheet: Sheet) -> AnyView {
    let Sheet { number, kind, title, path, ca, place, status, remarks, sections, pem } = sheet;
    let class = match ca {
        Some(letter) => format!("sheet of-{}", letter.to_ascii_lowercase()),
        None => "sheet".to_owned(),
    };
    let kind = match number {
        Some(number) => words::numbered(number, &kind),
        None => kind,
    };
    view! {
        <article class=class>
            <header class="sheet-head">
                {ca.map(|letter| view! { <Mark authority=Some(letter) /> })}
                <div class="sheet-name">
                    <p class="sheet-kind">{kind}</p>
                    <h3>{title}</h3>
                    {place.map(|place| view! { <p class="sheet-place">{place}</p> })}
                </div>
                {status.map(status_bar)}
            </header>
            {remark_list(remarks)}
            <div class="sheet-sections">
                {sections.into_iter().map(section_view).collect::<Vec<_>>()}
            </div>
            {pem.map(pem_view)}
            {(!path.is_empty())
                .then(|| view! { <p class="sheet-path">{words::PATH} ": " {path}</p> })}
        </article>
    }
    .into_any()
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
    let meter = status.percent.map(|percent| {
        view! {
            <meter min="0" max="100" value=percent.to_string() aria-label=labels::life(percent)>
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
    let Value { kind, text, data } = value;
    let kind = kind.map(|kind| view! { <span class="value-kind">{kind}</span> });
    if !data {
        return view! { <dd>{kind} {text}</dd> }.into_any();
    }
    let shown = text.clone();
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
