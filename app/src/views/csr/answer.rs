//! What the desk's worker answered, drawn: remarks, cards, and files to copy or keep.

use leptos::prelude::*;
use pki_text::en::csr_view as words;

use super::CsrDesk;
use crate::components::copy::Copy;
use crate::components::{remark_list, sheet_card};
use crate::csr::{Answer, Closed, File};
use crate::platform;

/// The place of an answer; `None` while there is nothing to say.
pub(super) type Panel = RwSignal<Option<Result<Answer, Closed>>>;

pub(super) fn empty_panel() -> Panel {
    RwSignal::new(None)
}

/// An answer in a sentence or two, for those who hear it.
pub(super) fn spoken(answer: &Result<Answer, Closed>) -> String {
    let Ok(answer) = answer else { return words::FAILED.to_owned() };
    let told = &answer.told;
    let sheets = told.sheets.iter();
    let mut parts: Vec<&str> = sheets
        .flat_map(|sheet| [Some(&sheet.title), sheet.status.as_ref().map(|s| &s.text)])
        .flatten()
        .map(String::as_str)
        .collect();
    parts.extend(told.remarks.iter().map(|remark| remark.text.as_str()));
    parts.join(" ")
}

/// Everything in an answer but its table.
///
/// `unsaved` is put out once a file is kept that holds the key.
pub(super) fn answer_view(
    desk: CsrDesk,
    answer: Result<Answer, Closed>,
    unsaved: Option<RwSignal<bool>>,
) -> AnyView {
    let Ok(answer) = answer else {
        return view! { <p class="remark tone-bad">{words::FAILED}</p> }.into_any();
    };
    let remarks = remark_list(answer.told.remarks);
    let cards: Vec<_> = answer.told.sheets.into_iter().map(sheet_card).collect();
    view! {
        <h2 class="out-of-sight">{words::ANSWER}</h2>
        {remarks.map(|list| view! { <div class="card">{list}</div> })}
        {cards}
        {files_view(desk, answer.files, unsaved)}
    }
    .into_any()
}

/// The files, each with its text.
fn files_view(desk: CsrDesk, files: Vec<File>, unsaved: Option<RwSignal<bool>>) -> Option<AnyView> {
    if files.is_empty() {
        return None;
    }
    let files: Vec<_> = files.into_iter().map(|file| file_view(desk, file, unsaved)).collect();
    Some(
        view! {
            <section class="card csr-files" aria-label=words::FILES>{files}</section>
        }
        .into_any(),
    )
}

/// More lines of a text are not drawn unasked: the scripts for thousands of requests have many.
const FIRST_LINES: usize = 40;

fn file_view(desk: CsrDesk, file: File, unsaved: Option<RwSignal<bool>>) -> AnyView {
    let File { head, content } = file;
    let is_text = std::str::from_utf8(&content).is_ok();
    let count = content.iter().filter(|byte| **byte == b'\n').count();
    let long = is_text && !head.secret && count > FIRST_LINES;
    let shown = RwSignal::new(is_text && !head.secret && !long);
    let copied = content.clone();
    let text = Signal::derive(move || String::from_utf8_lossy(&copied).into_owned());
    let (name, secret) = (head.name.replace('/', "-"), head.secret);
    let title = format!("{} ({name})", head.title);
    let save = {
        let name = name.clone();
        move |_| {
            if platform::download(&name, "application/octet-stream", &content) {
                desk.announcer.say(words::downloaded(&name));
                if let Some(unsaved) = unsaved
                    && (secret || name.ends_with(".parked.pem"))
                {
                    unsaved.set(false);
                }
            }
        }
    };
    let reveal = move || match (shown.get(), long) {
        (true, false) => words::HIDE.to_owned(),
        (false, false) => words::REVEAL.to_owned(),
        (true, true) => words::LESS.to_owned(),
        (false, true) => words::all_lines(count),
    };
    let body = move || {
        (shown.get() || long).then(|| {
            let mut text = text.get();
            if !shown.get() {
                let end = text.match_indices('\n').nth(FIRST_LINES - 1);
                text.truncate(end.map_or(text.len(), |(end, _)| end));
            }
            view! { <pre tabindex="0">{text}</pre> }.into_any()
        })
    };
    view! {
        <div class="csr-file">
            <h3>{head.title.clone()}" "<code>{name.clone()}</code></h3>
            <div class="actions">
                <button type="button" class="small" aria-label=words::download(&title)
                    on:click=save>{words::DOWNLOAD}</button>
                {is_text.then(|| view! { <Copy what=title.clone() text=text /> })}
                {(secret || long).then(|| view! {
                    <button type="button" class="small" aria-expanded=move || {
                        if shown.get() { "true" } else { "false" }
                    } on:click=move |_| shown.update(|on| *on = !*on)>{reveal}</button>
                })}
            </div>
            {secret.then(|| view! { <p class="hint">{words::SECRET}</p> })}
            {body}
        </div>
    }
    .into_any()
}
