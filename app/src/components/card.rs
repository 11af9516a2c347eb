//! The card of an object that a reader holds: the sheet, and its other forms behind tabs.

use std::sync::Arc;

use super::live::live;
use leptos::prelude::*;
use pki_text::en::sheet as words;

use super::asn1::asn1_view;
use super::copy::Copy;
use super::sheet::{class_of, fields_view, head_view, meaning_view, sheet_card};
use crate::platform;
use crate::sheet::{Part, Sheet, Tab, Tree, sheet_text};
use crate::worker::{Ask, Desk, Reader, Told};

/// A form of an object as far as it has come.
#[derive(Clone)]
enum Form {
    Coming,
    Text(Arc<String>),
    Tree(Arc<Tree>),
    /// There is none.
    Nothing,
    Failed,
}

/// A desk, and the number of the input that an object is of.
type Input = (Desk, u32);

/// Draws a sheet with its tabs. Only the open tab is there; what it shows is made when it is
/// opened.
pub(crate) fn object_card(sheet: Sheet, desk: Desk) -> AnyView {
    if sheet.tabs.is_empty() {
        return sheet_card(sheet);
    }
    let reader = expect_context::<StoredValue<Reader, LocalStorage>>();
    let desk = (desk, reader.with_value(|reader| reader.input(desk)));
    let sheet = Arc::new(sheet);
    let open = RwSignal::new(Tab::Meaning);
    let id = format!("{}-{}", if desk.0 == Desk::Paste { "object" } else { "file" }, sheet.index);
    let panel_id = format!("{id}-panel");
    let tab_id = move |id: &str, tab: Tab| format!("{id}-{}", tab as usize);
    let labelled = {
        let id = id.clone();
        move || tab_id(&id, open.get())
    };
    let panel = {
        let (sheet, id) = (Arc::clone(&sheet), id.clone());
        move || panel_view(&sheet, desk, open.get(), &id)
    };
    view! {
        <article class=class_of(sheet.ca)>
            {head_view(&sheet)}
            {tab_list(sheet.tabs.clone(), open, id, panel_id.clone())}
            <div class="panel-of-tab" role="tabpanel" id=panel_id aria-labelledby=labelled tabindex="0">
                {panel}
            </div>
        </article>
    }
    .into_any()
}

/// The tabs by the pattern of ARIA: one stop of the keyboard, arrow keys between them.
fn tab_list(tabs: Vec<Tab>, open: RwSignal<Tab>, id: String, panel: String) -> AnyView {
    let count = tabs.len();
    let (order, name) = (tabs.clone(), id.clone());
    let key = move |event: leptos::ev::KeyboardEvent| {
        let now = order.iter().position(|tab| *tab == open.get_untracked()).unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowRight" => (now + 1) % count,
            "ArrowLeft" => (now + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = order.get(next) {
            open.set(*tab);
            platform::focus(&format!("{name}-{}", *tab as usize));
        }
    };
    let buttons: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            let selected = move || open.get() == tab;
            view! {
                <button
                    type="button"
                    class="tab"
                    role="tab"
                    id=format!("{id}-{}", tab as usize)
                    aria-controls=panel.clone()
                    aria-selected=move || if selected() { "true" } else { "false" }
                    tabindex=move || if selected() { "0" } else { "-1" }
                    on:click=move |_| open.set(tab)
                >
                    {tab.name()}
                </button>
            }
        })
        .collect();
    view! {
        <div class="tabs" role="tablist" aria-label=words::TABS on:keydown=key>{buttons}</div>
    }
    .into_any()
}

fn panel_view(sheet: &Arc<Sheet>, desk: Input, tab: Tab, id: &str) -> AnyView {
    match tab {
        Tab::Meaning => {
            let text = sheet_text(sheet, Part::Meaning);
            view! { {copy_row(tab, text)} {meaning_view(sheet)} }.into_any()
        }
        Tab::Fields => {
            let text = sheet_text(sheet, Part::Fields);
            view! { {copy_row(tab, text)} {fields_view(sheet)} }.into_any()
        }
        Tab::Text | Tab::Json => asked_view(sheet.index, desk, tab, false, id),
        Tab::Asn1 | Tab::Pem if !sheet.secret => asked_view(sheet.index, desk, tab, false, id),
        Tab::Asn1 | Tab::Pem => hidden_view(sheet, desk, tab, id),
    }
}

/// Stands before a private key until somebody asks for it; closing the tab hides it again.
fn hidden_view(sheet: &Sheet, desk: Input, tab: Tab, id: &str) -> AnyView {
    let shown = RwSignal::new(false);
    let (index, id) = (sheet.index, id.to_owned());
    let (why, press) = if sheet.kind == words::UNKNOWN {
        (words::HIDDEN_UNKNOWN, words::REVEAL_UNKNOWN)
    } else {
        (words::HIDDEN, words::REVEAL)
    };
    live(move || {
        if shown.get() {
            return asked_view(index, desk, tab, true, &id);
        }
        view! {
            <div class="hidden-key">
                <p>{why}</p>
                <button type="button" on:click=move |_| shown.set(true)>{press}</button>
            </div>
        }
        .into_any()
    })
}

/// A form that the worker makes.
fn asked_view(object: usize, (desk, input): Input, tab: Tab, secret: bool, id: &str) -> AnyView {
    let reader = expect_context::<StoredValue<Reader, LocalStorage>>();
    let form = RwSignal::new(Form::Coming);
    let ask = Ask::Form { object, tab, secret };
    reader.with_value(|reader| {
        if reader.input(desk) != input {
            // Something newer is being read, and takes the place of this card.
            return;
        }
        // The time does not matter here: what is asked about was judged already.
        reader.ask((desk, 0), ask, None, move |told| {
            let come = match told {
                Ok((Told::Text(text), _)) => Form::Text(Arc::new(text)),
                Ok((Told::Tree(tree), _)) => Form::Tree(Arc::from(tree)),
                Ok(_) => Form::Nothing,
                Err(_) => Form::Failed,
            };
            // Another tab may be open by then.
            let _ = form.try_set(come);
        });
    });
    let id = id.to_owned();
    live(move || match form.get() {
        Form::Coming => view! { <p class="hint panel-note">{words::WAIT}</p> }.into_any(),
        Form::Text(text) => text_view(tab, &text),
        Form::Tree(tree) => asn1_view(tree, &id),
        Form::Nothing => view! { <p class="panel-note">{words::NO_FORM}</p> }.into_any(),
        Form::Failed => view! { <p class="panel-note error">{words::FORM_FAILED}</p> }.into_any(),
    })
}

fn text_view(tab: Tab, text: &str) -> AnyView {
    let hint = (tab == Tab::Text).then(|| view! { <p class="hint">{words::TEXT_HINT}</p> });
    view! {
        {copy_row(tab, text.to_owned())}
        {hint}
        <pre class="form" tabindex="0" aria-label=tab.name()>{text.to_owned()}</pre>
    }
    .into_any()
}

pub(super) fn copy_row(tab: Tab, text: String) -> AnyView {
    view! {
        <div class="panel-tools"><Copy what=tab.name() text=Signal::stored(text) /></div>
    }
    .into_any()
}
